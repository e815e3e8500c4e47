"""How the build grows: `make growth` builds the site with 1, 4 and 16 times its pages and prints times, our hooks' share and the fitted exponent."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory

from tools.docs import ROOT, copy_sources

TIMES = (1, 4, 16)
LIMIT_EXPONENT, LIMIT_SHARE = 1.1, 0.25
# A copy is a guide: codes, ready answers and addresses of problems belong to one page each.
ONCE = re.compile(r"^(?:problem|changed): .*\n(?:[ -].*\n)*", re.MULTILINE)
TYPE = re.compile(r"^type: .*$", re.MULTILINE)
HEAD = "| pages | seconds, as multiple of the first row | our hooks' share | slowest hooks |\n|--:|--:|--:|---|"


def grow(docs: Path, times: int) -> int:
    """Copy every page below docs/es and docs/en into `copia-2`, `copia-3` … until there are `times` as many. Returns how many there are."""
    for lang in ("es", "en"):
        originals = [file for file in (docs / lang).rglob("*.md") if "copia-" not in file.as_posix()]
        for number in range(2, times + 1):
            for file in originals:
                copy = docs / lang / f"copia-{number}" / file.relative_to(docs / lang)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text(TYPE.sub("type: guide", ONCE.sub("", file.read_text(encoding="utf-8")), count=1), encoding="utf-8")
    return len(list(docs.glob("*/**/*.md")))


def build(folder: Path) -> dict[str, float]:
    """Seconds by hook or plugin, and `all`. Raises CalledProcessError when the build fails."""
    clock = folder / "clock.json"
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", "out"]
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, "CLOCK": str(clock), "NO_MKDOCS_2_WARNING": "1"})
    spent: dict[str, float] = json.loads(clock.read_text(encoding="utf-8"))
    return spent


def prepare(folder: Path) -> None:
    """The sources, with the clock as first hook and the copies left out of the navigation."""
    copy_sources(folder)
    shutil.copy(Path(__file__).parent / "clock.py", folder / "overrides/clock.py")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = config.replace("hooks:\n", "hooks:\n  - overrides/clock.py\n", 1).replace("not_in_nav: |\n", "not_in_nav: |\n  copia-*\n", 1).replace("strict: true", "strict: false")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")


def main() -> str | None:
    """Print the table. Returns what is over its limit."""
    pages, seconds, share = [], [], 0.0
    print(HEAD)
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        for times in TIMES:
            pages.append(grow(folder / "docs", times))
            # The pictures of new pages are drawn once and kept, so they are no part of the growth of a build.
            build(folder)
            spent = build(folder)
            seconds.append(spent.pop("all"))
            ours = {module: time for module, time in spent.items() if "overrides/hooks" in module}
            share = sum(ours.values()) / seconds[-1]
            slowest = ", ".join(f"{Path(module).stem} {ours[module] / seconds[-1]:.0%}" for module in sorted(ours, key=lambda key: -ours[key])[:4])
            print(f"| {pages[-1]} | {seconds[-1] / seconds[0]:.2f} ({seconds[-1]:.1f} s) | {share:.0%} | {slowest} |", flush=True)
    exponent = linear_regression([math.log(count) for count in pages], [math.log(time) for time in seconds]).slope
    print(f"\nTime grows with the number of pages to the power of {exponent:.2f}; at most {LIMIT_EXPONENT}.")
    return f"the build grows too fast or the hooks take {share:.0%}, over {LIMIT_SHARE:.0%}" if exponent > LIMIT_EXPONENT or share > LIMIT_SHARE else None


if __name__ == "__main__":
    sys.exit(main())
