"""Promise: every page prints whole on A4, black on white and without what only works on a screen, and says where it is from."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from tests.kit.chosen import everything
from tests.kit.pdf import Paper, printed, squash
from tools.docs import LANGUAGES, Docs
from tools.finding import At, Expect, Problem
from tools.site import browser as chrome
from tools.site.built import Document, Site

pytestmark = pytest.mark.browser

LIMIT, LIMITS = 12, {"evidencia/": 60}
INNER_WIDTH = 680   # pixels between the margins of A4
FRAME = "header nav, form, button, input:not([hidden]), footer, .md-skip, .md-sidebar, .headerlink, .search-box, .footnote-backref, .to-sheet, .after"
CSS = "correct @media print in docs/assets/stylesheets/site.css"
# What only works or only matters on a screen.
SCREEN = f"{FRAME}, .search-help, .keep, .eyebrow span, .screen, .ledger, .downloads, .filter, .said"
SHOWN = """
  const shown = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0
  const article = document.querySelector("article")
  const texts = (element, without) => {
    const found = [], walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode
      if (data.trim() && shown(parentElement) && !(without && parentElement.closest(without))) found.push(data)
    }
    return found
  }
"""
# What a reader sees of the article on the screen and expects on paper.
READ = f"(screen) => {{ {SHOWN} return texts(article, screen) }}"
# What a reader would see of the article on paper, block by block: text, headings, rows, links; and what should not be there.
LOOK = f"(frame) => {{ {SHOWN}" + """
  const all = name => [...article.querySelectorAll(name)].filter(shown)
  return {
    texts: [...texts(article), ...all("ol > li").map(item => [...item.parentElement.children].indexOf(item) + 1 + ". " + texts(item)[0])],
    headings: all("h1, h2, h3, h4").map(heading => heading.innerText),
    rows: all("tr").map(row => texts(row)),
    outside: all("a[href^=http]").map(link => link.getAttribute("href")),
    codes: all("a[data-e]").map(link => link.dataset.e),
    frame: [...document.querySelectorAll(frame)].filter(shown).map(element => element.className || element.localName),
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }
}"""
# Elements that are not black on white, as `tag: colour on background`.
TINTED = """() => [...document.querySelectorAll("body *")].filter(element => element.checkVisibility() && element.getClientRects().length).flatMap(element => {
  const style = getComputedStyle(element)
  const black = style.color === "rgb(0, 0, 0)"
  const clear = ["rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"].includes(style.backgroundColor) && style.backgroundImage === "none"
  return black && clear ? [] : [`${element.localName}: ${style.color} on ${style.backgroundColor}`]
})"""


@dataclass(frozen=True)
class Print:
    """A page, what the browser prints of it, and what it shows when it lays it out for paper."""

    document: Document
    paper: Paper
    seen: dict[str, Any]


def prints(browser: Browser, documents: list[Document], home: str) -> Iterator[Print]:
    """Print each page as a reader would."""
    context = browser.new_context(viewport=ViewportSize(width=INNER_WIDTH, height=900))
    page = context.new_page()
    for document in documents:
        page.goto(urljoin(home, document.url), wait_until="load")
        read = page.evaluate(READ, SCREEN)
        page.emulate_media(media="print")
        seen = page.evaluate(LOOK, FRAME)
        yield Print(document, printed(page), {**seen, "texts": read + seen["texts"]})
        page.emulate_media(media="null")
    context.close()


def check_length(one: Print) -> Iterator[Problem]:
    """A page of the site takes a few sheets of paper; the ledger takes more."""
    limit = next((most for name, most in LIMITS.items() if one.document.url.endswith(name)), LIMIT)
    if len(one.paper.sheets) > limit:
        yield Problem(one.document.shown, 0, f"it prints on {len(one.paper.sheets)} sheets of paper", f"let it take {limit} at most: {CSS}", "paper-too-long")


def check_whole(one: Print) -> Iterator[Problem]:
    """Every piece of text of the article, but what only works on a screen, is on the paper."""
    missing = [text for text in dict.fromkeys(one.seen["texts"]) if squash(text) not in one.paper.text]
    if missing:
        yield Problem(one.document.shown, 0, f"paper lacks {len(missing)} of its texts, first '{missing[0].strip()[:60]}'", CSS, "paper-lacks-text")


def check_width(one: Print) -> Iterator[Problem]:
    """Nothing is wider than the paper."""
    if one.seen["over"] > 0:
        yield Problem(one.document.shown, 0, f"it is {one.seen['over']} px wider than the paper", f"let the widest element wrap: {CSS}", "paper-too-wide")


def check_breaks(one: Print) -> Iterator[Problem]:
    """No heading ends a sheet of paper, and no table row is cut."""
    sheets = [squash(sheet) for sheet in one.paper.sheets]
    for number, sheet in enumerate(sheets[:-1], 1):
        for heading in one.seen["headings"]:
            if sheet.endswith(squash(heading)):
                yield Problem(one.document.shown, 0, f"the heading '{heading}' ends sheet {number}", f"keep it with its text: {CSS}", "paper-heading-alone")
    for row in one.seen["rows"]:
        if not any(all(squash(text) in sheet for text in row) for sheet in sheets):
            yield Problem(one.document.shown, 0, f"the table row '{' '.join(' '.join(row).split())[:40]}' is cut", f"keep it on one sheet: {CSS}", "paper-row-cut")


def check_frame(one: Print) -> Iterator[Problem]:
    """Navigation, search, buttons and marks for the mouse stay on the screen."""
    for name in dict.fromkeys(one.seen["frame"]):
        yield Problem(one.document.shown, 0, f"it prints '{name}', which only works on a screen", f"hide it: {CSS}", "paper-shows-control")


def check_addresses(one: Print) -> Iterator[Problem]:
    """Links that lead off the site show their address, links to a problem its code."""
    for address in dict.fromkeys(one.seen["outside"]):
        if squash(address.removeprefix("https://").rstrip("/")) not in one.paper.text:
            yield Problem(one.document.shown, 0, f"the address '{address}' is not on the paper", f"spell it out: {CSS}", "paper-address-missing")
    for code in dict.fromkeys(one.seen["codes"]):
        if f"(e/{code})" not in one.paper.text:
            yield Problem(one.document.shown, 0, f"the code of the linked page {code} is not on the paper", f"spell it out: {CSS}", "paper-code-missing")


def check_origin(one: Print) -> Iterator[Problem]:
    """The first sheet says whose guide it is, that it is not official, when it was checked and where it is."""
    tree = one.document.tree
    wanted = [*tree.xpath("//meta[@property='og:site_name']/@content"), *tree.xpath("//footer//time/text()"),
              "No es del IESS" if one.document.lang == "es" else "not run by the IESS", *tree.xpath("//p[@class='paper']/b/text()")]
    for words in wanted:
        if squash(words) not in squash(one.paper.sheets[0]):
            yield Problem(one.document.shown, 0, f"the first sheet does not say '{words}'", "correct the block announce of overrides/main.html", "paper-origin-missing")


CHECKS = (check_length, check_whole, check_width, check_breaks, check_frame, check_addresses, check_origin)


def check_all(browser: Browser, documents: list[Document], home: str) -> Iterator[Problem]:
    """All of the above for each page."""
    for one in prints(browser, documents, home):
        for check in CHECKS:
            yield from check(one)


def longest(site: Site, docs: Docs) -> list[Document]:
    """The longest page of each type, in one of the languages but for the evidence, a book of its own (with EVERY=1 all, in both): what fits there fits elsewhere."""
    types = {(page.lang, page.path.removesuffix("index").rstrip("/")): page.type for page in docs.pages}
    by_type: dict[tuple[str, str], Document] = {}
    for page in sorted(site.pages, key=lambda page: len(page.text)):
        by_type[page.lang, types[page.lang, page.url.removeprefix("en/").rstrip("/")]] = page
    kinds = list(dict.fromkeys(kind for _, kind in by_type))
    return [by_type[lang, kind] for number, kind in enumerate(kinds) for lang in LANGUAGES
            if everything() or lang == LANGUAGES[number % 2] and kind != "evidence"]


def test_every_type_of_page(chromium: Browser, site: Site, docs: Docs, served: str, expect_none: Expect) -> None:
    documents = longest(site, docs)
    kinds = {page.type for page in docs.pages}
    assert len(documents) == (2 * len(kinds) if everything() else len(kinds) - 1)
    expect_none(check_all(chromium, documents, served))


def test_the_error_page(chromium: Browser, served: str) -> None:
    page = chromium.new_page()
    page.goto(urljoin(served, "no/existe/"), wait_until="load")
    paper = printed(page)
    assert 1 <= len(paper.sheets) <= 6 and "Estapáginanoexiste" in paper.text and "Thispagedoesnotexist" in paper.text
    page.close()


def check_black_on_white(page: Page, name: str) -> Iterator[Problem]:
    """With dark mode chosen, paper is as with light."""
    page.emulate_media(media="print", color_scheme="dark")
    for tint in dict.fromkeys(page.evaluate(TINTED)):
        yield Problem(name, 0, f"in dark mode it prints {tint}", CSS, "paper-tinted")
    if Image.open(io.BytesIO(page.screenshot())).convert("RGB").getpixel((1, 1)) != (255, 255, 255):
        yield Problem(name, 0, "in dark mode it prints on a dark ground", CSS, "paper-dark")


def test_dark_mode(chromium: Browser, served: str, expect_none: Expect) -> None:
    page = chromium.new_context(color_scheme="dark").new_page()
    for name in ("problemas/clave-bloqueada/", "metricas/", "afiliado/recuperar-clave/#hoja"):
        page.goto(urljoin(served, name), wait_until="load")
        page.wait_for_selector("body[data-md-color-scheme=slate]")
        expect_none(check_black_on_white(page, f"site/{name}"))
        page.emulate_media(media="null")
    page.context.close()


def open_page(browser: Browser, folder: Path, body: str, style: str = "") -> Iterator[tuple[list[Document], str]]:
    """A small page on this machine."""
    head = f"<meta charset=utf-8><link rel=icon href='data:,'><style>@page{{margin:15mm}}body{{margin:0}}{style}</style>"
    text = f"<!doctype html><html lang=es><head>{head}</head><body>{body}</body></html>"
    (folder / "a.html").write_text(text, encoding="utf-8")
    with chrome.serve(folder, "http://127.0.0.1/") as home:
        yield [Document("a.html", text)], home


FILL = "<p style='height:900px'>x</p>"


@pytest.mark.parametrize(("body", "at"), [
    ("<article>x<p style='height:20000px'></article>", ("paper-too-long", "site/a.html", 0)),
    ("<article>uno <b style='position:absolute;left:-900px'>perdida</b></article>", ("paper-lacks-text", "site/a.html", 0)),
    ("<article><ol style='padding-left:1px'><li>uno</article>", ("paper-lacks-text", "site/a.html", 0)),
    ("<article><p style='width:800px'>x</article>", ("paper-too-wide", "site/a.html", 0)),
    (f"<article>{FILL}<h2 style='margin:0;break-after:auto'>Título</h2><p style='break-before:page'>x</article>",
     ("paper-heading-alone", "site/a.html", 0)),
    (f"<article>{FILL}<table><tr><td style='break-inside:auto'>primera<p style='break-before:page'>segunda</table></article>",
     ("paper-row-cut", "site/a.html", 0)),
    ("<article>x</article><footer class='pie'>y</footer>", ("paper-shows-control", "site/a.html", 0)),
    ("<article><a href='https://example.org/a'>x</a></article>", ("paper-address-missing", "site/a.html", 0)),
    ("<article><a href='b/' data-e='07'>x</a></article>", ("paper-code-missing", "site/a.html", 0)),
    ("<article>x</article>", ("paper-origin-missing", "site/a.html", 0)),
])
def test_a_bad_print_is_named(body: str, at: At, chromium: Browser, tmp_path: Path) -> None:
    for documents, home in open_page(chromium, tmp_path, body):
        assert at in [problem.at for problem in check_all(chromium, documents, home)]


@pytest.mark.parametrize(("style", "at"), [
    ("p{color:#eee}", ("paper-tinted", "site/a.html", 0)),
    ("html{background:#111}", ("paper-dark", "site/a.html", 0)),
])
def test_a_dark_print_is_named(style: str, at: At, chromium: Browser, tmp_path: Path) -> None:
    for documents, home in open_page(chromium, tmp_path, "<p>x</p>", style):
        page = chromium.new_page()
        page.goto(urljoin(home, "a.html"))
        assert at in [problem.at for problem in check_black_on_white(page, documents[0].shown)]
        page.close()
