"""Shared fixtures: the docs read once, the site built once, one browser, and one sorted list of findings at the end of the run."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.kit.offline import Spoiled, spoilable
from tools.docs import Docs, WriteDocs, read_docs
from tools.finding import Expect, Problem, annotated, listing, table
from tools.site import browser as chrome
from tools.site.browser import PHONE
from tools.site.built import Site, build

FOUND = "finding"


@pytest.fixture(scope="session")
def docs() -> Docs:
    """The real docs/ tree."""
    return read_docs()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> tuple[Site | None, list[Problem]]:
    """The site as `make build` leaves it, or the findings of a failed build. The first of the processes that run tests builds it for all."""
    result = tmp_path_factory.getbasetemp().parent / f"{testrun_uid}.pickle"
    with FileLock(f"{result}.lock"):
        if not result.exists():
            result.write_bytes(pickle.dumps(build()))
    built: tuple[Site | None, list[Problem]] = pickle.loads(result.read_bytes())
    return built


@pytest.fixture(scope="session")
def site(built: tuple[Site | None, list[Problem]]) -> Site:
    """The built site; tests that need it are skipped when test_build.py has failed."""
    if built[0] is None:
        pytest.skip("the site did not build")
    return built[0]


@pytest.fixture(scope="session")
def served(site: Site) -> Iterator[str]:
    """Address of the built site on this machine."""
    with chrome.serve(site.root, site.url) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One installed Chrome or Chromium for all browser tests."""
    path = chrome.find()
    if path is None:
        pytest.fail(chrome.ADVICE, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chrome.FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def expect_none(request: pytest.FixtureRequest) -> Expect:
    """Fail with a count; the findings themselves are listed together at the end of the run."""

    def check(problems: Iterable[Problem]) -> None:
        found = list(problems)
        # What a report carries comes back from other processes too.
        request.node.user_properties += [(FOUND, astuple(problem)) for problem in found]
        if found:
            pytest.fail(f"{len(found)} finding(s), listed at the end", pytrace=False)

    return check


@pytest.fixture
def write_docs(tmp_path: Path) -> WriteDocs:
    """Make a small docs/ tree from {path below docs/: text} and read it."""

    def write(files: dict[str, str]) -> Docs:
        for name, text in {"data/facts.yml": "{}", "data/sources.yml": "{}", **files}.items():
            file = tmp_path / "docs" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return read_docs(tmp_path)

    return write


@pytest.fixture
def host(site: Site, tmp_path: Path) -> Iterator[Spoiled]:
    """The built site on a host that a test may spoil, in a folder which it may change."""
    root = tmp_path / "site"
    shutil.copytree(site.root, root, ignore=shutil.ignore_patterns("*.md"))
    kind = spoilable()
    with chrome.serve(root, site.url, kind) as home:
        yield Spoiled(home, root, kind)
        kind.go.set()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone that has never seen the site."""
    context = chromium.new_context(viewport=PHONE)
    yield context
    context.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what needs no site into the middle, where the second of two processes begins, so that it does not wait for the first to build."""
    alone = [item for item in items if "site" not in getattr(item, "fixturenames", ()) and "built" not in getattr(item, "fixturenames", ())]
    others = set(alone)
    built = [item for item in items if item not in others]
    half = len(items) // 2
    items[:] = [*built[:half], *alone, *built[half:]]


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """A case of a table is called by the rule that it breaks: pytest -k link-broken."""
    first = val[0] if argname == "at" and isinstance(val, list) and val else val
    return str(first[0]) if argname == "at" and isinstance(first, tuple) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    failed = terminalreporter.stats.get("failed", [])
    problems = [Problem(*value) for report in failed for name, value in report.user_properties if name == FOUND]
    lines = listing(problems) + (annotated(problems) if os.environ.get("GITHUB_ACTIONS") else [])
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(table(problems))
    if lines:
        terminalreporter.section("Findings")
        for line in lines:
            terminalreporter.write_line(line)
