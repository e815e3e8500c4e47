"""Promise: no page of any kind outgrows its budget, so that on a slow prepaid connection the answer comes with the first round trips."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import brotli
import pytest
from lxml import html
from playwright.sync_api import Browser

from tools.finding import At, Expect, Problem
from tools.site import browser as chrome
from tools.site.built import Document, Site
from tools.site.weight import BUDGETS, PARTS, Budget, View, budgets, held_by, table

SAID = {"requests": "its first view takes {} requests", "first": "its first view weighs {:.1f} kB", "second": "as a second page it weighs {:.1f} kB", "nodes": "it has {} elements"}
MAY = {"requests": "{}", "first": "{:.1f} kB", "second": "{:.1f} kB", "nodes": "{}"}
# kB of a first view above which a kind of page must say why.
LIMIT = 20.0
# What comes after the page: the offer to keep the guide, and what a browser takes in its own time.
LATER = ("/offline/keep.js", "/offline/fill.js", "manifest.webmanifest")


def check_budgets(site: Site, known: list[Budget]) -> Iterator[Problem]:
    """Each page keeps the four limits of its kind; a finding names the part that costs most."""
    for document in site.documents:
        budget = held_by(document, known)
        if budget is None:
            yield Problem(document.shown, 0, "no budget holds for it", f"name it in {BUDGETS}", "budget-missing")
            continue
        view = View(site, document)
        for name, actual in view.actual.items():
            may = getattr(budget, name)
            if actual > may:
                what = f"{SAID[name].format(actual)}; the budget of '{budget.name}' is {MAY[name].format(may)}"
                yield Problem(document.shown, 0, what, f"make it smaller: the biggest part is {biggest(view, name)}", "budget-exceeded")


def biggest(view: View, measure: str) -> str:
    """The file that weighs most; of the page itself, the part of it."""
    others = {name: size for name, size in view.files.items() if name != view.document.file or measure == "first"}
    file = max(others, key=lambda name: others[name], default="")
    if measure in ("requests", "first") and file != view.document.file:
        return f"{file}, {view.files[file] / 1000:.1f} kB"
    found = {name: view.document.tree.xpath(path) for name, path in PARTS.items()}
    if measure == "nodes":
        counts = {name: sum(len(element.xpath("descendant-or-self::*")) for element in elements) for name, elements in found.items()}
        name = max(counts, key=lambda name: counts[name])
        return f"{name}, {counts[name]} elements"
    sizes = {name: len(brotli.compress(b"".join(html.tostring(element) for element in elements))) / 1000 for name, elements in found.items()}
    name = max(sizes, key=lambda name: sizes[name])
    return f"{name}, {sizes[name]:.1f} kB"


def check_reasons(known: list[Budget]) -> Iterator[Problem]:
    """A kind of page that may weigh more than 20 kB says why; one that may not needs no reason."""
    for budget in known:
        if (budget.first > LIMIT) != bool(budget.why):
            yield Problem(BUDGETS, 0, f"'{budget.name}' may weigh {budget.first:.1f} kB {'and does not say why' if not budget.why else 'and says why it weighs more than others'}",
                          "add `why`, or lower `first`" if not budget.why else "remove `why`", "budget-without-reason")


def test_every_page_keeps_its_budget(site: Site, expect_none: Expect) -> None:
    expect_none(check_budgets(site, budgets()))


def test_what_is_heavy_says_why(expect_none: Expect) -> None:
    expect_none(check_reasons(budgets()))


def test_the_hard_limits_of_a_problem() -> None:
    """Whatever the data file says of them: 3 requests and 20 kB, then 9 kB."""
    problem = next(budget for budget in budgets() if budget.name == "problem")
    assert problem.requests <= 3 and problem.first <= 20 and problem.second <= 9


def test_the_table_has_every_kind(site: Site) -> None:
    assert [row[:18].strip() for row in table(site, budgets())[2:]] == [budget.name for budget in budgets()]


def asked(chromium: Browser, address: str, scripts: bool) -> tuple[set[str], int]:
    """Paths that Chromium asks for to show a page, and how many elements it reads in its HTML."""
    context = chromium.new_context(service_workers="block", java_script_enabled=scripts)
    page, found = context.new_page(), set[str]()
    page.on("request", lambda request: found.add(unquote(urlsplit(request.url).path)))
    # On a busy machine the network also rests between two parts of a page.
    chrome.visit(page, address)
    paths = set(found)
    count = page.evaluate("fetch(location).then(answer => answer.text()).then(text => new DOMParser().parseFromString(text, 'text/html').querySelectorAll('*').length)") if scripts else 0
    context.close()
    return paths, int(count)


@pytest.mark.browser
@pytest.mark.parametrize("budget", budgets(), ids=lambda budget: budget.name)
def test_a_browser_asks_for_no_more(budget: Budget, chromium: Browser, site: Site, served: str) -> None:
    """What is counted without a browser is what Chromium asks for; of each kind the page with most elements."""
    kind: list[Document] = [document for document in site.documents if held_by(document, budgets()) == budget]
    view = View(site, max(kind, key=lambda document: len(document.text)))
    # A short address leads on to its page as soon as a script may run.
    scripts = "location.replace" not in view.document.text
    paths, count = asked(chromium, urljoin(served, view.document.url), scripts)
    wanted = {urlsplit(served).path + name.removesuffix("index.html") for name in view.files}
    # Our script draws the icon of its pages.
    later = LATER if "data-site" in view.document.text else (*LATER, "/assets/images/favicon.")
    assert wanted <= paths and {path for path in paths - wanted if not any(part in path for part in later)} == set()
    assert not scripts or count == view.actual["nodes"]


NUMBERS = " ".join(map(str, range(140)))
SMALL = Budget("problem", ["*"], requests=2, first=1.0, second=0.5, nodes=10)
PAGE = '<!doctype html><html><head><link rel="stylesheet" href="a.css"></head><body><div><main><article><p>{}</p></article></main></div><footer>f</footer>{}</body></html>'


@pytest.mark.parametrize(("text", "extra", "css", "at"), [
    ("a", "", 10, []),
    ("a", "", 2000, [("budget-exceeded", "site/index.html", 0)]),
    (NUMBERS, "", 10, [("budget-exceeded", "site/index.html", 0)]),
    ("<b>a</b>" * 3, "", 10, [("budget-exceeded", "site/index.html", 0)]),
    ("a", '<script src="b.js"></script>', 10, [("budget-exceeded", "site/index.html", 0)]),
])
def test_a_heavy_page_is_named(text: str, extra: str, css: int, at: list[At], tmp_path: Path) -> None:
    """The copies are not compressed here, so that sizes are easy to read."""
    page = PAGE.format(text, extra)
    for name, content in {"index.html": page, "index.html.br": page, "a.css": "a", "a.css.br": "a" * css, "b.js": "", "b.js.br": ""}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert [problem.at for problem in check_budgets(Site(tmp_path, "http://127.0.0.1:8000/"), [SMALL])] == at


def test_imports_of_a_module_count(tmp_path: Path) -> None:
    """Those at its head and theirs, but not what is imported when it is used."""
    files = {"index.html": '<html><body><script type="module" src="s/a.js"></script></body></html>', "s/a.js": 'import{b}from"./b.js";import("./c.js")', "s/b.js": 'import"../d.js"', "d.js": ""}
    for name, content in {**files, **{f"{name}.br": "" for name in files}}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    site = Site(tmp_path, "http://127.0.0.1:8000/")
    assert list(View(site, site.documents[0]).files) == ["index.html", "s/a.js", "s/b.js", "d.js"]


def test_a_page_without_a_budget_and_a_budget_without_a_reason(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<html><body></body></html>", encoding="utf-8")
    assert [problem.sentence for problem in check_budgets(Site(tmp_path, "http://127.0.0.1:8000/"), [])] == [f"site/index.html: no budget holds for it. Fix: name it in {BUDGETS}."]
    heavy, light = Budget("a", [], 1, 21.0, 1, 1), Budget("b", [], 1, 1.0, 1, 1, "because")
    assert [problem.sentence for problem in check_reasons([heavy, light])] == [f"{BUDGETS}: 'a' may weigh 21.0 kB and does not say why. Fix: add `why`, or lower `first`.",
                                                                          f"{BUDGETS}: 'b' may weigh 1.0 kB and says why it weighs more than others. Fix: remove `why`."]
