"""Promise: the pages bear what readers set: contrast, spacing, zoom, no motion, their own colours, big fingers, no JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.kit.chosen import everything
from tools.finding import Expect, Problem
from tools.site import browser as chrome
from tools.site.built import Site

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 640}
Check = Callable[[Page, str], Iterator[Problem]]
STYLE = "correct docs/assets/stylesheets/site.css"
SAMPLES = ("", "problemas/clave-bloqueada/", "afiliado/recuperar-clave/", "metricas/", "404.html", "en/preguntas/", "evidencia/", "en/acerca/")
SCHEMES: dict[Literal["light", "dark"], str] = {"light": "default", "dark": "slate"}
SWITCH = "scheme => { document.body.dataset.mdColorScheme = scheme }"
# Text with too little contrast to the nearest ground that is painted: 7 for what is read, 4.5 for the rest.
FAINT = """() => {
  const parse = color => color.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
  const ground = element => { for (; element; element = element.parentElement) { const [r, g, b, a = 1] = parse(getComputedStyle(element).backgroundColor); if (a > 0.9) return [r, g, b] } return [255, 255, 255] }
  const found = []
  for (const element of document.querySelectorAll('article :is(p, li, td, th, a, h1, h2, h3), .md-banner :is(p, .md-banner__inner), footer :is(p, a)')) {
    if (!element.checkVisibility() || !element.innerText.trim() || element.matches('.headerlink')) continue
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05)
    const wanted = element.matches('article :is(p, li, td)') ? 7 : 4.5
    if (ratio < wanted) found.push([element.tagName.toLowerCase(), element.innerText.trim().slice(0, 30), ratio.toFixed(2), wanted])
  }
  return found
}"""
# WCAG 1.4.12, in an adopted stylesheet, which a policy against inline styles lets pass.
SPACED = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }')
  document.adoptedStyleSheets = [sheet]
}"""
# Text that its own box cuts off; an ellipsis in the header only repeats the title of the page.
CUT = """() => [...document.querySelectorAll('article *, .md-banner *, footer *')].filter(e => e.checkVisibility() && e.clientWidth && getComputedStyle(e).overflowX !== 'visible' &&
  !e.closest('.eyebrow, thead, svg') && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)).map(e => e.innerText.trim().slice(0, 30))"""
SIDEWAYS = "() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"
MOVING = """() => [...document.querySelectorAll('*')].filter(e => [null, '::before', '::after'].some(part => {
  const style = getComputedStyle(e, part)
  return [style.transitionDuration, style.animationDuration].some(time => time.split(',').some(t => parseFloat(t) > 0.01)) && style.transitionProperty !== 'none'
})).map(e => e.tagName.toLowerCase() + '.' + e.className)"""


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    found = chromium.new_context(viewport=PHONE, reduced_motion="reduce", service_workers="block")
    yield found
    found.close()


def visit(context: BrowserContext, served: str) -> Iterator[tuple[Page, str]]:
    """A page of each type, one after the other, with the name of its file."""
    for name in SAMPLES if everything() else SAMPLES[:5]:
        page = context.new_page()
        page.goto(urljoin(served, name), wait_until="load")
        yield page, f"site/{name}" if name.endswith(".html") else f"site/{name}index.html"
        page.close()


def check_contrast(page: Page, shown: str) -> Iterator[Problem]:
    """Text stands out from its ground in light and in dark."""
    for scheme, name in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SWITCH, name)
        for tag, text, ratio, wanted in page.evaluate(FAINT):
            yield Problem(shown, 0, f"in {scheme} the {tag} '{text}' has a contrast of {ratio}, less than {wanted}", STYLE, "contrast-low")


def check_space(page: Page, shown: str) -> Iterator[Problem]:
    """At 320 px, which is 400 % of 1280, and at 640 px nothing scrolls sideways or is cut off, with more space between letters and lines too."""
    for width in (320, 640):
        page.set_viewport_size({"width": width, "height": 640})
        for state in ("", " with wide spacing"):
            if state:
                page.evaluate(SPACED)
            if over := page.evaluate(SIDEWAYS):
                yield Problem(shown, 0, f"at {width} px{state} it scrolls sideways by {over} px", STYLE, "scrolls-sideways-zoomed")
            for text in page.evaluate(CUT):
                yield Problem(shown, 0, f"at {width} px{state} '{text}' is cut off", STYLE, "text-cut-off")
        page.evaluate("document.adoptedStyleSheets = []")


def check_still(page: Page, shown: str) -> Iterator[Problem]:
    """Nothing moves for people who ask for less motion."""
    for name in dict.fromkeys(page.evaluate(MOVING)):
        yield Problem(shown, 0, f"'{name}' still moves", STYLE, "still-moves")


CHECKS = (check_contrast, check_space, check_still)


@pytest.mark.parametrize("check", CHECKS)
def test_a_page_of_each_type(check: Check, context: BrowserContext, served: str, expect_none: Expect) -> None:
    expect_none([problem for page, shown in visit(context, served) for problem in check(page, shown)])


@pytest.mark.parametrize(("check", "body", "sentences"), [
    (check_contrast, "<article><p style='color: #767676'>Gris</p></article>", ["in light the p 'Gris' has a contrast of 4.54, less than 7", "in dark the p 'Gris' has a contrast of 4.54, less than 7"]),
    (check_space, "<article><p style='width: 600px'>Ancho</p></article>", ["at 320 px it scrolls sideways by 280 px", "at 320 px with wide spacing it scrolls sideways by 280 px"]),
    (check_space, "<article><p style='overflow: hidden; height: 20px; line-height: 20px'>Alto</p></article>",
     ["at 320 px with wide spacing 'Alto' is cut off", "at 640 px with wide spacing 'Alto' is cut off"]),
    (check_still, "<p class='x' style='transition: color 1s'>Va</p>", ["'p.x' still moves"]),
])
def test_a_bad_page_is_named(check: Check, body: str, sentences: list[str], context: BrowserContext, tmp_path: Path) -> None:
    head = "<!doctype html><meta name=viewport content='width=device-width'><style>* { margin: 0; font: 16px/1 sans-serif }</style>"
    (tmp_path / "a.html").write_text(head + body, encoding="utf-8")
    with chrome.serve(tmp_path, "http://127.0.0.1/") as home:
        page = context.new_page()
        page.goto(urljoin(home, "a.html"))
        assert [problem.sentence for problem in check(page, "site/a.html")] == [f"site/a.html: {sentence}. Fix: {STYLE}." for sentence in sentences]


def small(page: Page, selector: str, least: int = 44) -> list[tuple[str, Any]]:
    """What a finger could miss: visible elements of that selector lower than `least` pixels."""
    boxes = [(element.inner_text(), element.bounding_box()) for element in page.locator(selector).all() if element.is_visible()]
    return [(text, box) for text, box in boxes if box and box["height"] < least - 0.5] if boxes else [("there is none", selector)]


def test_main_actions_are_big(context: BrowserContext, served: str) -> None:
    """Header, search box, list of problems on the home page, menu, the links below the search, and what copies, shares and opens are 44 px high."""
    page = context.new_page()
    page.goto(urljoin(served, "problemas/clave-bloqueada/"), wait_until="load")
    for selector in ("article .act", "article summary"):
        assert not small(page, selector), selector
    page.goto(served, wait_until="load")
    for selector in (".md-header__button", "[data-search]", ".home #que-le-pasa + ul a"):
        assert not small(page, selector), selector
    page.locator("[data-drawer]").click()
    assert not small(page, "#menu .md-nav__link")
    page.keyboard.press("Escape")
    page.locator("[data-search]").click()
    assert not small(page, ".search-help:not([hidden]) a")


def test_own_colours(context: BrowserContext, served: str) -> None:
    """With forced colours the search box, badges and the focus keep an edge, links their line, and the signs of the header are not lost."""
    page = context.new_page()
    page.emulate_media(forced_colors="active")
    page.goto(served, wait_until="load")
    edge = "(e, side) => parseFloat(getComputedStyle(e).borderTopWidth) >= 1 && getComputedStyle(e).borderTopStyle !== 'none'"
    assert page.locator("[data-search]").evaluate(edge)
    page.locator("[data-drawer]").focus()
    ring = page.locator("[data-drawer]").evaluate("e => { e.focus(); return getComputedStyle(e).outlineStyle + ' ' + getComputedStyle(e.querySelector('svg')).fill }")
    assert ring.startswith("solid") and page.evaluate("getComputedStyle(document.querySelector('.md-header')).backgroundColor") not in ring
    page.goto(urljoin(served, "problemas/clave-bloqueada/"), wait_until="load")
    assert page.locator(".badge").first.evaluate(edge)
    assert "underline" in page.locator("article p a[href^='http']").first.evaluate("e => getComputedStyle(e).textDecorationLine")


def test_without_javascript_nothing_is_missing(chromium: Browser, site: Site, served: str) -> None:
    """On every kind of page all text of the article is there, the search leads to the list, and the menu opens and leads on."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    for page, shown in visit(context, served):
        document = next(document for document in site.documents if document.shown == shown)
        for element in document.tree.xpath("//article//*[self::h2 or self::p or self::li][@id]"):
            assert page.locator(f"[id='{element.get('id')}']").is_visible() or element.xpath("ancestor-or-self::*[@id='hoja' or @hidden]"), (shown, element.get("id"))
        assert page.locator(".list-link").is_visible() and not page.locator("[data-drawer]").is_visible(), shown
    page = context.new_page()
    page.goto(urljoin(served, "problemas/clave-bloqueada/"))
    page.locator("label.md-header__button[for=__drawer]").click()
    page.locator("#menu a[href$='/preguntas/']").click()
    page.wait_for_url(urljoin(served, "preguntas/"))
    page.locator(".list-link").click()
    page.wait_for_url(urljoin(served, "problemas/"))
    context.close()
