"""Our site beside the same pages in Material as most people set it up: `make bench` builds both, serves both alike and prints two tables."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin

import brotli
import yaml
from playwright.sync_api import Browser, Request, sync_playwright

from tools.bench import webfonts
from tools.docs import ROOT, copy_sources
from tools.site import browser as chrome
from tools.site import hosting
from tools.site.browser import PHONE

LIGHTHOUSE = ROOT / "tools/bench/node_modules/.bin/lighthouse"
PACKED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".webmanifest"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {"first paint": "first-contentful-paint", "largest paint": "largest-contentful-paint", "blocked": "total-blocking-time"}
Settings = dict[str, Any]


@dataclass(frozen=True)
class Built:
    """A built folder and the seconds that its build took, pictures for chats already drawn."""

    root: Path
    seconds: float


class _Loader(yaml.SafeLoader):
    """Keeps what MkDocs' own tags say, such as !ENV."""


class _Tagged(dict[str, Any]):
    """A value with its tag."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: _Tagged(tag=tag, value=loader.construct_sequence(node)))
yaml.SafeDumper.add_representer(_Tagged, lambda dumper, value: dumper.represent_sequence(f"!{value['tag']}", value["value"]))


def build(folder: Path, stock: Settings | None) -> Built:
    """Build a copy of the sources, with `stock` in the place of those keys of mkdocs.yml; compress beforehand what is not yet."""
    copy_sources(folder)
    config = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), _Loader)
    (folder / "mkdocs.yml").write_text(yaml.safe_dump({**config, **(stock or {})}, allow_unicode=True), encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", "out"]
    for _ in range(2):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    seconds = time.perf_counter() - start
    for file in (folder / "out").rglob("*"):
        packed = file.with_name(f"{file.name}.br")
        if file.suffix in PACKED and not packed.exists():
            packed.write_bytes(brotli.compress(file.read_bytes()))
    return Built(folder / "out", seconds)


def weigh(browser: Browser, home: str, paths: list[str]) -> list[tuple[int, int]]:
    """Requests and bytes of bodies as sent, for each page in turn, opened one after the other with what the first ones left in the cache."""
    context = browser.new_context(viewport=PHONE, service_workers="block")
    page, views = context.new_page(), []
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    for path in paths:
        asked.clear()
        page.goto(urljoin(home, path), wait_until="networkidle")
        # What comes from the cache has a size below zero.
        sizes = [size for request in asked if (size := request.sizes()["responseBodySize"]) > 0]
        views.append((len(sizes), sum(sizes)))
    context.close()
    return views


def lighthouse(address: str, flags: list[str], options: list[str]) -> dict[str, Any]:
    """Lighthouse's report on one page, on its simulated phone; its browser may fail once. Raises RuntimeError with what it says the second time."""
    quoted = " ".join(re.sub(r"=(.* .*)", r'="\1"', flag) for flag in flags)
    command = [str(LIGHTHOUSE), address, "--quiet", "--output=json", "--output-path=stdout", f"--chrome-flags=--headless=new {quoted}", *options]
    for _ in range(2):
        run = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "CHROME_PATH": chrome.find() or ""})
        if run.returncode == 0:
            report: dict[str, Any] = json.loads(run.stdout)
            return report
    raise RuntimeError(f"Lighthouse fails on {address}: {run.stderr.strip()[-500:]}")


def scores(report: dict[str, Any]) -> dict[str, int]:
    """Lighthouse's scores of 100."""
    return {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES if name in report["categories"]}


def timed(address: str, flags: list[str], options: list[str], runs: int) -> dict[str, float]:
    """Medians of the times in milliseconds and of the performance score."""
    reports = [lighthouse(address, flags, ["--only-categories=performance", *options]) for _ in range(runs)]
    found = {name: median(report["audits"][audit]["numericValue"] for report in reports) for name, audit in TIMES.items()}
    return {**found, "performance": median(scores(report)["performance"] for report in reports)}


def compare(settings: Settings, both: dict[str, Built], homes: dict[str, str], flags: list[str]) -> dict[str, tuple[float, float]]:
    """Every row of the first table: ours, stock."""
    rows: dict[str, tuple[float, float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome.find(), args=flags)
        ours, stock = (weigh(browser, home, [settings["page"], settings["second"]]) for home in homes.values())
        browser.close()
    for view, mine, theirs in zip(("first view", "second page"), ours, stock, strict=True):
        rows |= {f"{view}, requests": (mine[0], theirs[0]), f"{view}, bytes": (mine[1], theirs[1])}
    for profile, options in settings["profiles"].items():
        mine_, theirs_ = (timed(urljoin(home, settings["page"]), flags, options, settings["runs"]) for home in homes.values())
        rows |= {f"{profile}: {name}": (mine_[name], theirs_[name]) for name in mine_}
    return rows | {"build, seconds": (both["ours"].seconds, both["stock"].seconds)}


def table(rows: dict[str, tuple[float, float]]) -> str:
    """Both values and their ratio."""
    lines = [f"| {name} | {ours:.0f} | {stock:.0f} | {ours / stock if stock else 1:.2f} |" for name, (ours, stock) in rows.items()]
    return "| what | ours | Material, stock | ratio |\n|---|--:|--:|--:|\n" + "\n".join(lines)


def judge(settings: Settings, rows: dict[str, tuple[float, float]], others: dict[str, dict[str, int]]) -> list[str]:
    """What misses its limit."""
    limits, harsh = settings["limits"], list(settings["profiles"])[-1]
    wanted = {"first view, bytes": limits["bytes"], f"{harsh}: largest paint": limits["largest paint"]}
    missed = [f"{name}: {rows[name][0] / rows[name][1]:.2f} of the stock value, more than {limit}" for name, limit in wanted.items() if rows[name][0] > limit * rows[name][1]]
    if rows[f"{harsh}: performance"][0] < limits["performance"]:
        missed.append(f"{harsh}: performance {rows[f'{harsh}: performance'][0]:.0f}, less than {limits['performance']}")
    return missed + [f"/{page}: {name} {score}, less than {limits['others']}" for page, found in others.items() for name, score in found.items() if score < limits["others"]]


def main() -> str | None:
    """Print both tables. Returns what misses its limit."""
    settings: Settings = yaml.safe_load((ROOT / "tools/bench/bench.yml").read_text(encoding="utf-8"))
    pages = [f"{lang}{page}" for page in settings["types"] for lang in ("", "en/")]
    with TemporaryDirectory() as name, ExitStack() as stack:
        both = {kind: build(Path(name) / kind, settings["stock"] if kind == "stock" else None) for kind in ("ours", "stock")}
        homes = {kind: f"http://127.0.0.1:{stack.enter_context(hosting.serve('caddy', built.root))}/" for kind, built in both.items()}
        flags = [*chrome.FLAGS, *stack.enter_context(webfonts.serve())]
        rows = compare(settings, both, homes, flags)
        print(f"Page /{settings['page']}, medians of {settings['runs']}, times in milliseconds:\n\n{table(rows)}\n", flush=True)
        others = {page: scores(lighthouse(urljoin(homes["ours"], page), flags, ["--only-categories=accessibility,best-practices,seo"])) for page in pages}
    print("| page | " + " | ".join(CATEGORIES[1:]) + " |\n|---|--:|--:|--:|")
    print("\n".join(f"| /{page} | " + " | ".join(str(found[name]) for name in CATEGORIES[1:]) + " |" for page, found in others.items()))
    return "\n".join(judge(settings, rows, others)) or None


if __name__ == "__main__":
    sys.exit(main())
