"""Promise: the theme's script, a third of a megabyte of somebody's data, comes only when a reader uses something of it, and then all works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize

from tools.site import browser as chrome
from tools.site.browser import DESK, PHONE
from tools.site.built import Site

THEME = "assets/javascripts/bundle."


@pytest.fixture
def visit(chromium: Browser, served: str) -> Iterator[tuple[Page, list[str]]]:
    """A wide page at rest, and what it has asked for."""
    # A worker would answer in the place of the routes of these tests.
    context = chromium.new_context(viewport=DESK, color_scheme="light", service_workers="block")
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url.removeprefix(served)))
    chrome.visit(page, urljoin(served, "problemas/clave-bloqueada/"))
    yield page, asked
    context.close()


def loads(asked: list[str]) -> bool:
    return any(name.startswith(THEME) for name in asked)


@pytest.mark.browser
def test_reading_and_scrolling_ask_for_three_files(visit: tuple[Page, list[str]]) -> None:
    page, asked = visit
    page.mouse.wheel(0, 2000)
    page.locator("h1").click()
    chrome.rest(page)
    first = [name for name in asked if not name.endswith((".webmanifest", ".svg", ".png")) and "sw.js" not in name]
    assert len(first) == 3 and not loads(asked), asked


@pytest.mark.browser
def test_the_scheme_changes_at_the_first_press_and_is_kept(visit: tuple[Page, list[str]]) -> None:
    page, asked = visit
    page.locator("label[for^=__palette]:visible").click()
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    assert loads(asked)
    page.reload()
    page.wait_for_function("() => document.body.dataset.mdColorScheme === 'slate'")
    page.locator("label[for^=__palette]:visible").click()
    page.wait_for_selector("body[data-md-color-scheme=default]")


@pytest.mark.browser
@pytest.mark.parametrize(("system", "scheme"), [("dark", "slate"), ("light", "default")])
def test_the_first_visit_has_the_scheme_of_the_system(chromium: Browser, served: str, system: Literal["dark", "light"], scheme: str) -> None:
    context = chromium.new_context(color_scheme=system)
    for name in ("", "en/ayudar/", "404.html"):
        page = context.new_page()
        chrome.visit(page, urljoin(served, name))
        assert page.locator("body").get_attribute("data-md-color-scheme") == scheme
        assert not page.evaluate("performance.getEntriesByType('resource').some(({ name }) => name.includes('bundle'))")
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("key", ["/", "s", "f"])
def test_a_key_opens_the_search(visit: tuple[Page, list[str]], key: str) -> None:
    page, asked = visit
    page.keyboard.press(key)
    page.wait_for_function("() => document.activeElement.matches('.md-search__input')")
    page.keyboard.type("clave bloqueada")
    page.wait_for_selector(".md-search-result__item mark")
    assert loads(asked) and page.locator("[data-md-component=search-query]").input_value() == "clave bloqueada"


@pytest.mark.browser
@pytest.mark.parametrize("key", [None, "/"])
def test_what_is_typed_before_the_script_is_there_is_searched(visit: tuple[Page, list[str]], key: str | None) -> None:
    """A slow connection: the box opens at once, and the first letters are not lost."""
    page, _ = visit
    held: list[Route] = []
    page.route(f"**/{THEME}*", lambda route: held.append(route))
    if key:
        page.keyboard.press(key)
    else:
        page.locator("[data-md-component=search-query]").click()
    page.keyboard.type("no llega el correo")
    page.wait_for_function("() => document.querySelector('[data-md-component=search-query]').value.length > 10")
    for route in held:
        route.continue_()
    page.wait_for_selector(".md-search-result__item mark")
    assert page.locator("[data-md-component=search-query]").input_value() == "no llega el correo"


@pytest.mark.browser
def test_a_script_that_failed_is_tried_again(visit: tuple[Page, list[str]]) -> None:
    """What was typed before the failure is searched without another key."""
    page, _ = visit
    held: list[Route] = []
    page.route(f"**/{THEME}*", lambda route: held.append(route), times=1)
    page.keyboard.press("/")
    page.keyboard.type("clave bloqueada")
    held[0].abort()
    page.wait_for_selector(".md-search-result__item mark")
    assert page.locator("[data-lost]").is_hidden()


@pytest.mark.browser
@pytest.mark.parametrize(("path", "said"), [("", "La búsqueda no se pudo cargar"), ("en/", "The search could not be loaded")])
def test_a_script_that_is_lost_says_so(chromium: Browser, served: str, path: str, said: str) -> None:
    """After three tries the dialog says it, with the way to the list; the next key tries again."""
    context = chromium.new_context(viewport=PHONE, service_workers="block")
    page = context.new_page()
    chrome.visit(page, urljoin(served, path))
    page.route(f"**/{THEME}*", lambda route: route.abort())
    page.locator("[data-search]").click()
    page.keyboard.type("clave bloqueada")
    page.wait_for_selector("[data-lost]:visible")
    assert page.locator("[data-lost]").inner_text().startswith(said)
    assert (page.locator("[data-lost] a").get_attribute("href") or "").endswith("problemas/")
    page.unroute(f"**/{THEME}*")
    page.keyboard.type(" ya")
    page.wait_for_selector(".md-search-result__item mark")
    assert page.locator("[data-lost]").is_hidden()
    context.close()


def test_nothing_is_published_that_no_page_uses(site: Site) -> None:
    """Our scripts lie in one folder named by their content; no source, map, stemmer or worker of the theme is left."""
    scripts = sorted(name for name in site.files if name.endswith(".js") and name != "sw.js")
    folders = {name.split("/")[1] for name in scripts if not name.startswith(THEME)}
    assert len(folders) == 1 and len(folders.pop()) == 8, scripts
    assert [name for name in scripts if name.startswith("assets/javascripts/")] == [name for name in scripts if name.startswith(THEME)]
    assert not [page.file for page in site.pages if page.tree.xpath("//script[contains(@src, 'bundle')]")]


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_when_the_script_comes(chromium: Browser, served: str, width: int) -> None:
    """What is in sight stands where it stood on the page without JavaScript."""
    places = []
    for scripts in (False, True):
        context = chromium.new_context(viewport=ViewportSize(width=width, height=640), java_script_enabled=scripts, service_workers="block")
        page = context.new_page()
        chrome.visit(page, urljoin(served, "problemas/clave-bloqueada/"))
        places.append([page.locator(part).first.bounding_box() for part in (".md-header__title", ".language", "h1", "article li")])
        context.close()
    assert places[0] == places[1], "docs/assets/stylesheets/site.css: keep the room of what the script shows"
