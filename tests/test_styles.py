"""Promise: the one small stylesheet looks, in every state of a page, as the theme's whole ones do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

import brotli
import material
import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize

from tests.kit.chosen import everything
from tools.docs import ROOT
from tools.site import browser as chrome
from tools.site.built import Site

PAGES = ("", "problemas/clave-bloqueada/", "metricas/", *(("en/afiliado/recuperar-clave/", "diagnostico/", "404.html") if everything() else ()))
LIMIT = 10_500  # bytes, brotli
STILL = "*, ::before, ::after, ::placeholder { transition: none !important; animation: none !important; caret-color: transparent !important; }"


def whole() -> str:
    """The theme's stylesheets and ours, as they were before the build merged them."""
    theme = Path(material.__file__).parent / "templates/assets/stylesheets"
    files = [next(theme.glob("main.*.min.css")), next(theme.glob("palette.*.min.css")), ROOT / "docs/assets/stylesheets/site.css"]
    return "".join(file.read_text(encoding="utf-8") for file in files)


def states(page: Page, width: int) -> Iterator[tuple[str, bytes]]:
    """The page at rest, printed, focused, with the drawer open and with the search open, empty and answered."""
    yield "at rest", page.screenshot(full_page=True)
    page.emulate_media(media="print")
    yield "printed", page.screenshot(full_page=True)
    page.emulate_media(media="screen")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    yield "focused", page.screenshot()
    if page.locator("[data-drawer]").first.is_visible() and width < 1000:
        page.locator("[data-drawer]").first.click()
        yield "drawer", page.screenshot()
        page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.evaluate("document.getElementById('__search').click()")
    chrome.rest(page)
    yield "search", page.screenshot()
    page.locator("[data-md-component=search-query]").fill("clave")
    page.wait_for_selector(".md-search-result__item mark", state="attached")
    chrome.rest(page)
    yield "answered", page.screenshot()


def pictures(browser: Browser, served: str, width: int, scheme: Literal["light", "dark"], css: str | None) -> dict[tuple[str, str], bytes]:
    """Screenshots of every page in every state; with `css` in the place of the site's stylesheet when given."""
    context = browser.new_context(viewport=ViewportSize(width=width, height=800), color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    if css:
        def answer(route: Route) -> None:
            route.fulfill(body=css, content_type="text/css")
        context.route("**/assets/stylesheets/site.*.css", answer)
    found = {}
    for name in PAGES:
        page = context.new_page()
        chrome.visit(page, urljoin(served, name))
        page.add_style_tag(content=STILL)
        found.update({(name, state): picture for state, picture in states(page, width)})
        page.close()
    context.close()
    return found


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), *([(1280, "dark")] if everything() else [])])
def test_no_state_loses_a_style(chromium: Browser, served: str, width: int, scheme: Literal["light", "dark"]) -> None:
    """The same pictures with the whole stylesheets as with the small one."""
    ours, theirs = (pictures(chromium, served, width, scheme, css) for css in (None, whole()))
    assert len(ours) >= 5 * len(PAGES)
    assert not [key for key in ours if ours[key] != theirs[key]]


def test_one_small_stylesheet(site: Site) -> None:
    """Every page names one stylesheet, that of its depth."""
    names = [name for name in site.files if name.endswith(".css") and "/site." in name]
    assert len(names) == 1 and len(brotli.compress((site.root / names[0]).read_bytes())) < LIMIT
    assert {site.path(page, page.one("//link[@rel='stylesheet']/@href")) for page in site.pages} == set(names)
    assert {len(page.tree.xpath("//link[@rel='stylesheet']")) for page in site.pages} == {1}
