"""Promise: the whole site works with a keyboard alone: everything is reached in order, seen when reached, and let go of again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.kit.chosen import everything
from tools.finding import Expect, Problem
from tools.site import browser as chrome

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 800}
SAMPLES = ("", "problemas/clave-bloqueada/", "afiliado/recuperar-clave/", "diagnostico/", "preguntas/", "en/ayudar/", "en/evidencia/", "404.html", "guia-es.html")
MOST = 200 if everything() else 60  # stops of one page that are walked; the rest of a long page is more of the same
STYLE = "correct the end of docs/assets/stylesheets/site.css"
ORDER = "correct the order in the template, or what holds the key"
# What a reader could use, in the order of the document; a group of radio buttons is one stop, and the way back to the top comes on scrolling up.
EXPECTED = """root => {
  const chosen = radio => document.querySelector(`[name=${radio.name}]:checked`) || document.querySelector(`[name=${radio.name}]`)
  window.stops = [...document.querySelectorAll(root + ' :is(a[href], button, input, select, textarea, summary, [tabindex="0"])')].filter(stop =>
    stop.tabIndex >= 0 && !stop.disabled && !stop.matches('.md-top') && stop.checkVisibility({visibilityProperty: true}) && (stop.type !== 'radio' || stop === chosen(stop)))
  return stops.length
}"""
# Where the focus is: its number among the stops, its name, whether a ring of at least 2 pixels or the browser's own shows it, and whether any of it is in sight.
FOCUSED = """() => {
  const at = document.activeElement, shown = at.type === 'radio' ? at.nextElementSibling : at, style = getComputedStyle(shown)
  const seen = [...shown.getClientRects()].some(({x, y, width, height}) => {
    const top = document.elementFromPoint(x + width / 2, y + height / 2)
    return top && (shown.contains(top) || top.contains(shown))
  })
  return {at: stops.indexOf(at), extra: at.matches('.md-top'), name: (at.getAttribute('aria-label') || at.innerText || at.tagName).trim().slice(0, 40),
    ring: style.outlineStyle === 'auto' || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, seen}
}"""
STARTED = "() => (!document.querySelector('[data-theme]') || 'component$' in window) && !document.querySelector('[data-keep][hidden]')"


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    found = chromium.new_context(viewport=PHONE, reduced_motion="reduce", service_workers="block")
    yield found
    found.close()


def visit(context: BrowserContext, address: str, size: ViewportSize = PHONE, scripts: bool = True) -> Page:
    """A new page at that address, with the theme's script already there, which else comes with the first key; or with none, when none can come."""
    page = context.new_page()
    page.set_viewport_size(size)
    if not scripts:
        page.goto(address)
        return page
    chrome.visit(page, address)
    page.evaluate("document.querySelector('.md-header')?.dispatchEvent(new Event('pointerdown', {bubbles: true}))")
    page.wait_for_function(STARTED)
    return page


def check_stops(page: Page, shown: str, root: str = "body", first: int = 0) -> Iterator[Problem]:
    """The Tab key goes to everything in `root` that can be used, in the order of the document, shows where it is, and leaves at the end."""
    count, size = page.evaluate(EXPECTED, root), f"at {page.evaluate('innerWidth')} px"
    for number in range(first, min(count, MOST)):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUSED)
        if focus["extra"]:
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUSED)
        if focus["at"] != number:
            yield Problem(shown, 0, f"{size} the Tab key goes to '{focus['name']}' at stop {number + 1}, out of order", ORDER, "tab-order")
            return
        if not focus["ring"] or not focus["seen"]:
            yield Problem(shown, 0, f"{size} nobody sees that the focus is on '{focus['name']}'", STYLE, "focus-unseen")
    page.keyboard.press("Tab")
    if count <= MOST and page.evaluate(FOCUSED)["at"] == count - 1 > 0:
        yield Problem(shown, 0, f"{size} the Tab key does not leave '{page.evaluate(FOCUSED)['name']}'", ORDER, "focus-trapped")


@pytest.mark.parametrize(("size", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_every_stop(context: BrowserContext, served: str, expect_none: Expect, size: ViewportSize, scripts: bool) -> None:
    """On a page of each type, the error page and a copy of the whole guide; on the first few (with EVERY=1 on all) also wide and when no script arrives."""
    if not scripts:
        context.route("**/*.js", lambda route: route.abort())
    found: list[Problem] = []
    for name in SAMPLES if everything() or size is PHONE and scripts else SAMPLES[:3]:
        page = visit(context, urljoin(served, name), size, scripts)
        found += check_stops(page, f"site/{name}")
        page.close()
    expect_none(found)


@pytest.mark.parametrize(("body", "sentence"), [
    ("<a href='#x' style='outline: none'>Uno</a>", f"at 360 px nobody sees that the focus is on 'Uno'. Fix: {STYLE}."),
    ("<a href='#x' style='position: fixed; left: -900px'>Uno</a>", f"at 360 px nobody sees that the focus is on 'Uno'. Fix: {STYLE}."),
    ("<button tabindex='0'>Uno</button><a href='#x' tabindex='1'>Dos</a>",
     f"at 360 px the Tab key goes to 'Dos' at stop 1, out of order. Fix: {ORDER}."),
    ("<input aria-label='Uno' onkeydown='event.preventDefault()'><a href='#x'>Dos</a>",
     f"at 360 px the Tab key goes to 'Uno' at stop 2, out of order. Fix: {ORDER}."),
    ("<a href='#x'>Uno</a><input aria-label='Dos' onkeydown='event.preventDefault()'>",
     f"at 360 px the Tab key does not leave 'Dos'. Fix: {ORDER}."),
    ("<a href='#x'>Uno</a><p style='position: fixed; inset: 0; margin: 0; background: white'></p>", f"at 360 px nobody sees that the focus is on 'Uno'. Fix: {STYLE}."),
])
def test_a_bad_page_is_named(context: BrowserContext, tmp_path: Path, body: str, sentence: str) -> None:
    head = "<!doctype html><meta name=viewport content='width=device-width'><style>:focus-visible { outline: 3px solid }</style>"
    (tmp_path / "a.html").write_text(head + body, encoding="utf-8")
    with chrome.serve(tmp_path, "http://127.0.0.1/") as home:
        page = visit(context, urljoin(home, "a.html"))
        assert [problem.sentence for problem in check_stops(page, "site/a.html")] == [f"site/a.html: {sentence}"]


def test_the_link_past_the_menu(context: BrowserContext, served: str) -> None:
    """The first stop leads into the text: the next one is a link of the article."""
    for name in ("", "problemas/clave-bloqueada/", "en/afiliado/recuperar-clave/"):
        page = visit(context, urljoin(served, name))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className").startswith("md-skip")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('article')"), name
        page.close()


def test_the_notes(context: BrowserContext, served: str) -> None:
    """Enter on the sign of a note goes to the note, and Enter on its arrow back to the sign."""
    page = visit(context, urljoin(served, "problemas/clave-bloqueada/"))
    page.locator("a.footnote-ref").first.focus()
    sign = page.evaluate("document.activeElement.parentElement.id")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    note = page.evaluate("document.activeElement.closest('.footnote li')?.id")
    assert note and page.url.endswith(f"#{note}")
    page.locator(f"[id='{note}'] a.footnote-backref").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.endswith(f"#{sign}"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.parentElement.id") == sign


def test_the_menu(context: BrowserContext, served: str, expect_none: Expect) -> None:
    """Enter opens it at its first link, the Tab key walks it, Escape closes it and gives the focus back, leaving it closes it."""
    page = visit(context, urljoin(served, "afiliado/recuperar-clave/"))
    inside, expanded = "document.getElementById('menu').contains(document.activeElement)", "document.querySelector('[data-drawer]').ariaExpanded"
    assert not page.locator("#menu a").first.is_visible()
    page.locator("[data-drawer]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(inside) and page.evaluate(expanded) == "true"
    page.keyboard.press("Tab")
    assert page.evaluate(inside)
    page.keyboard.press("Escape")
    assert page.evaluate(expanded) == "false" and page.evaluate("document.activeElement.matches('[data-drawer]')")
    page.keyboard.press("Space")
    page.locator("#menu a").first.wait_for()
    page.keyboard.press("Shift+Tab")
    assert not page.evaluate(inside) and page.evaluate(expanded) == "false" and not page.locator("#menu a").first.is_visible()
    page.locator("[data-drawer]").press("Enter")
    expect_none(check_stops(page, "menu of site/afiliado/recuperar-clave/", "#menu", first=1))
    assert not page.evaluate(inside) and page.evaluate(expanded) == "false"


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_search(context: BrowserContext, served: str, size: ViewportSize) -> None:
    """The arrow keys walk the answers, the Tab key the box and the links below; each shows the focus. Escape gives it back to the link that opened."""
    page = visit(context, served, size)
    page.locator("[data-search]").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.name === 'query'")
    page.locator(":focus").fill("clave bloqueada")
    page.locator(".md-search-result__item mark").first.wait_for()
    page.evaluate(EXPECTED, ".md-search")
    walked = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Tab", "Tab", "Tab", "Tab", "Shift+Tab"):
        page.keyboard.press(key)
        focus = page.evaluate(FOCUSED)
        assert focus["ring"] and focus["seen"], (key, focus)
        walked.append(page.evaluate("document.activeElement.closest('.md-search-result__item, .search-help, form').className.split(' ')[0]"))
    assert walked == ["md-search-result__item"] * 3 + ["search-help"] * 3 + ["md-search__form", "search-help"]
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.matches('[data-search]')")
    assert not page.locator("#__search").is_checked()


def test_without_javascript_the_menu_opens_when_it_is_reached(chromium: Browser, served: str) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(urljoin(served, "problemas/clave-bloqueada/"))
    link, left = page.locator("#menu .md-nav__link").first, "link => link.getBoundingClientRect().x"
    assert link.evaluate(left) < 0
    link.focus()
    # The menu slides in.
    page.wait_for_function("link => link.getBoundingClientRect().x >= 0", arg=link.element_handle())
    context.close()
