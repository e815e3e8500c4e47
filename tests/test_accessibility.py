"""Promise: axe finds nothing to object to on any page, at any of four widths, in light and in dark, with the menu or the search open.

`EVERY=1 make test` sees every page in every one of these states, which takes long. Otherwise one page of each kind is seen in those that differ most, and
every page that the change touches narrow and light by every rule, wide and dark by those on colour, size and layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.kit.chosen import chosen, everything
from tools.docs import ROOT
from tools.finding import Expect, Problem
from tools.site import browser as chrome
from tools.site.built import Document, Site

AXE = ROOT / "tests/node_modules/axe-core/axe.min.js"
EVERY = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOKS = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "region", "link-name", "button-name")
# Not awaited, so that two pages are seen at the same time.
START = """([part, rules]) => {
  const options = {runOnly: rules, resultTypes: ["violations"], preload: false}
  window.axed = new Promise((done, fail) => setTimeout(() => axe.run(part, options).then(found => done(found.violations), fail)))
}"""
TOGETHER = 2
PARTS = {"page": "html", "menu": "#menu", "search": ".md-search"}
QUERY = "[data-md-component=search-query]"
# As the system and the theme's switch do, and with the menu or the dialog open or closed.
TURN = """([part, scheme]) => {
  document.body.dataset.mdColorScheme = scheme === "dark" ? "slate" : "default"
  for (const [name, id] of [["menu", "__drawer"], ["search", "__search"]]) {
    const box = document.getElementById(id)
    if (box && box.checked !== (name === part)) box.click()
  }
}"""
ASKED = {"es": "clave bloqueada", "en": "locked password"}
ANSWER = ".md-search-result__item mark"
SAMPLES = ("", "problemas/clave-bloqueada/", "afiliado/recuperar-clave/", "preguntas/", "metricas/", "en/diagnostico/", "en/acerca/", "en/ayudar/", "e/01/", "404.html")
REDIRECT = re.compile(r"<script data-es=.*?</script>", re.DOTALL)


@dataclass(frozen=True)
class State:
    """What is seen of a page: all of it at rest, or the open menu or search; in light or dark, at a width in pixels, by which rules of axe."""

    part: str
    scheme: str
    width: int
    rules: tuple[str, ...] = EVERY

    def __str__(self) -> str:
        return f"{self.part}, {self.scheme}, {self.width} px"


# So that every core has a share.
SHARES = 6
LONG = 300_000
# From 1220 px the menu stands open beside the text.
STATES = tuple(State(part, scheme, width) for part in PARTS for scheme in ("light", "dark") for width in (320, 360, 768, 1280) if (part, width) != ("menu", 1280))
BRIEF = (State("page", "light", 320), State("page", "dark", 1280, LOOKS))
# In each part both colours, the narrowest and the widest.
DIFFERENT = (State("page", "light", 320), State("page", "dark", 1280), State("menu", "dark", 320, LOOKS), State("search", "light", 1280, LOOKS), State("search", "dark", 320, LOOKS))


def check_axe(shown: str, state: str, violations: list[dict[str, Any]]) -> Iterator[Problem]:
    """One finding for each rule that axe reports, with the first element that breaks it."""
    for rule in violations:
        first = rule["nodes"][0]["html"]
        yield Problem(shown, 0, f"{state}: {rule['id']}: {rule['help']} ({len(rule['nodes'])} x, first {first[:120]})", f"see axe's rule {rule['id']}", "axe")


def turn(page: Page, state: State, lang: str) -> bool:
    """Bring the page into that state; False when it has no such part."""
    if not page.locator(PARTS[state.part]).count():
        return False
    page.set_viewport_size({"width": state.width, "height": 640})
    page.emulate_media(color_scheme="dark" if state.scheme == "dark" else "light")
    page.evaluate(TURN, [state.part, state.scheme])
    if state.part == "search" and not page.locator(ANSWER).count():
        page.locator(QUERY).fill(ASKED[lang])
        page.wait_for_selector(ANSWER, state="attached")
    return True


def check_pages(context: BrowserContext, documents: list[Document], home: str, states: tuple[State, ...]) -> Iterator[Problem]:
    """axe on each document in every state; each is opened once, together with another one of about its size."""
    documents = sorted(documents, key=lambda document: len(document.text))
    for start in range(0, len(documents), TOGETHER):
        opened = [(context.new_page(), document) for document in documents[start:start + TOGETHER]]
        for page, document in opened:
            page.goto(urljoin(home, document.file), wait_until="commit")
        for page, _ in opened:
            page.wait_for_load_state("load")
        for state in states:
            ready = [(page, document) for page, document in opened if turn(page, state, document.lang)]
            for page, _ in ready:
                page.evaluate(START, [PARTS[state.part], state.rules])
            for page, document in ready:
                yield from check_axe(document.shown, str(state), page.evaluate("axed"))
        for page, _ in opened:
            page.close()


def stay(route: Route) -> None:
    """A short address without the script that leads away from it."""
    answer = route.fetch()
    route.fulfill(response=answer, body=REDIRECT.sub("", answer.text()))


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Quiet pages with axe in them: nothing moves, so that no colour is measured half-way."""
    found = chromium.new_context(reduced_motion="reduce", service_workers="block")
    found.add_init_script(path=AXE)
    found.route("**/e/*/index.html", stay)
    yield found
    found.close()


@pytest.mark.browser
@pytest.mark.parametrize("part", range(SHARES))
def test_every_page(part: int, context: BrowserContext, site: Site, served: str, expect_none: Expect) -> None:
    """Pages, short addresses, the error page, the page for «no connection» and the copies of the whole guide: all, or those that the change touches."""
    documents = [document for document in chosen(site) if document.url not in SAMPLES][part::SHARES]
    # The evidence and the guide in one file are as long as a hundred pages.
    long = [document for document in documents if len(document.text) > LONG]
    expect_none([*check_pages(context, [document for document in documents if document not in long], served, STATES if everything() else BRIEF),
                 *check_pages(context, long, served, STATES if everything() else BRIEF[:1])])


@pytest.mark.browser
@pytest.mark.parametrize("part", range(2))
def test_a_page_of_each_type(part: int, context: BrowserContext, site: Site, served: str, expect_none: Expect) -> None:
    documents = [document for document in site.documents if document.url in SAMPLES]
    assert len(documents) == len(SAMPLES)
    expect_none(check_pages(context, documents[part::2], served, STATES if everything() else DIFFERENT))


@pytest.mark.browser
def test_a_page_of_each_type_without_scripts(context: BrowserContext, site: Site, served: str, expect_none: Expect) -> None:
    context.route("**/*.js", lambda route: route.abort())
    expect_none(check_pages(context, [document for document in site.documents if document.url in (SAMPLES if everything() else SAMPLES[:3])], served, BRIEF[:1]))


@pytest.mark.browser
@pytest.mark.parametrize("state", [state for state in (STATES if everything() else DIFFERENT) if state.part == "search"], ids=str)
def test_the_search_without_an_answer(context: BrowserContext, served: str, expect_none: Expect, state: State) -> None:
    """All of the page with the dialog open: one answer and personal data dropped, and no answer."""
    found: list[Problem] = []
    page = context.new_page()
    page.goto(served)
    turn(page, state, "es")
    for text, wanted in (("clave bloqueada 1712345678", "[data-scrubbed]:not([hidden])"), ("wxqj kzpt", ".md-search-result__list:empty")):
        page.locator(QUERY).fill(text)
        page.wait_for_selector(wanted, state="attached")
        page.evaluate(START, ["html", EVERY])
        found += check_axe("site/index.html", f"{state}, «{text}»", page.evaluate("axed"))
    expect_none(found)


@pytest.mark.browser
def test_a_bad_page_is_found(context: BrowserContext, tmp_path: Path) -> None:
    """Grey on white is found at every width in light, where it is grey, and not in dark; parts that a page lacks are left out."""
    text = ("<!doctype html><html lang=es><title>A</title><meta name=viewport content='width=device-width'><style>p { color: #aaa } "
            "@media (prefers-color-scheme: dark) { p { color: #000 } }</style><body><main><h1>A</h1><p>Texto</p></main></body></html>")
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    with chrome.serve(tmp_path, "http://127.0.0.1/") as home:
        found = [problem.sentence for problem in check_pages(context, [Document("a.html", text)], home, STATES)]
    what = "color-contrast: Elements must meet minimum color contrast ratio thresholds (1 x, first <p>Texto</p>). Fix: see axe's rule color-contrast."
    assert found == [f"site/a.html: page, light, {width} px: {what}" for width in (320, 360, 768, 1280)]


def test_a_finding_of_axe_is_named() -> None:
    rule = {"id": "label", "help": "Form elements must have labels", "nodes": [{"html": "<input>"}, {"html": "<input>"}]}
    assert [found.at for found in check_axe("site/a.html", "page, dark, 320 px", [rule])] == [
        ("axe", "site/a.html", 0)]
