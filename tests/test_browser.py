"""Promise: in a real browser every page is quiet, fits a small phone, and shows its first step without scrolling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.kit.chosen import chosen
from tools.finding import At, Expect, Problem
from tools.site import browser as chrome
from tools.site.browser import DESK, PHONE
from tools.site.built import Document, Site

pytestmark = pytest.mark.browser

WIDTH_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Where the first numbered step ends, in pixels from the top of the window.
FIRST_STEP = "(id) => { const h = document.getElementById(id); let e = h; while (e && e.tagName !== 'OL') e = e.nextElementSibling; return e ? e.querySelector('li').getBoundingClientRect().bottom : 1e6 }"


def listen(page: Page, home: str) -> list[str]:
    """What a page does wrong, as it happens: console errors, failed or refused requests, requests to any other host."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"the console says '{message.text}'") if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(f"a script fails with '{error}'"))
    # A request is aborted when the next page is opened before it ends; a file that is missing answers 404.
    page.on("requestfailed", lambda request: heard.append(f"the request for {request.url} fails") if "ERR_ABORTED" not in (request.failure or "") else None)
    page.on("response", lambda response: heard.append(f"{response.url} answers {response.status}") if response.status >= 400 else None)
    page.on("request", lambda request: heard.append(f"it asks {request.url}, off the site") if not request.url.startswith((home, "data:", "blob:")) else None)
    return heard


def visit(context: BrowserContext, address: str) -> Page:
    """Open a page and wait until its scripts have asked for everything."""
    page = context.new_page()
    chrome.visit(page, address)
    return page


def check_quiet_and_narrow(browser: Browser, documents: list[Document], home: str) -> Iterator[Problem]:
    """No noise, no sideways scrolling at 360 and 1280 pixels; on problem pages the first step is in view on a phone."""
    for size in (PHONE, DESK):
        context = browser.new_context(viewport=size)
        page = context.new_page()
        heard = listen(page, home)
        seen: set[str] = set()
        for document in documents:
            # Pages of one folder share their frame: only the first is watched until its scripts have asked for everything.
            folder = document.url.rstrip("/").rpartition("/")[0]
            page.goto(urljoin(home, document.url), wait_until="load") if folder in seen else chrome.visit(page, urljoin(home, document.url))
            if folder not in seen:
                page.wait_for_load_state("networkidle")
            seen.add(folder)
            yield from _seen(page, document, size)
            for noise in dict.fromkeys(heard):
                yield Problem(document.shown, 0, noise, "correct the page, template or script that causes it", "page-noisy")
            heard.clear()
        context.close()


def _seen(page: Page, document: Document, size: ViewportSize) -> Iterator[Problem]:
    over = page.evaluate(WIDTH_OVERFLOW)
    if over > 0:
        yield Problem(document.shown, 0, f"at {size['width']} px it scrolls sideways by {over} px", "let the widest element wrap or scroll by itself", "scrolls-sideways")
    if size is PHONE and page.locator("#que-hacer").count() and (bottom := page.evaluate(FIRST_STEP, "que-hacer")) > size["height"]:
        yield Problem(document.shown, 0, f"its first step ends at {bottom:.0f} px on a phone of {size['height']} px", "shorten the title or {#en-breve}", "first-step-below-fold")


def test_every_page(chromium: Browser, site: Site, served: str, expect_none: Expect) -> None:
    expect_none(check_quiet_and_narrow(chromium, [document for document in chosen(site) if document in site.pages], served))


@pytest.mark.parametrize(("body", "at"), [
    ("<p>x</p><script>console.error('roto')</script>", ("page-noisy", "site/a.html", 0)),
    ("<p style='width:2000px;height:9px'>x</p>", ("scrolls-sideways", "site/a.html", 0)),
    ("<h2 id='que-hacer'>Q</h2><p style='height:700px'></p><ol><li style='height:20px'>1</li></ol>",
     ("first-step-below-fold", "site/a.html", 0)),
])
def test_a_bad_page_is_named(body: str, at: At, chromium: Browser, tmp_path: Path) -> None:
    head = "<!doctype html><html><head><meta name=viewport content='width=device-width'><link rel=icon href='data:,'><style>*{margin:0;font-size:0}</style></head>"
    (tmp_path / "a.html").write_text(f"{head}<body>{body}</body></html>", encoding="utf-8")
    with chrome.serve(tmp_path, "http://127.0.0.1/") as home:
        found = [problem.at for problem in check_quiet_and_narrow(chromium, [Document("a.html", "")], home)]
    assert at in found


def test_search_is_in_reach_of_a_thumb(chromium: Browser, site: Site, served: str) -> None:
    """On the home page the search box is in the lower half of a phone, and opens the search with the cursor in it."""
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    for home in ("", "en/"):
        page = visit(context, urljoin(served, home))
        box = page.locator("[data-search]").bounding_box()
        assert box and box["y"] > PHONE["height"] / 3 and box["y"] + box["height"] <= PHONE["height"] and box["height"] >= 44
        page.locator("[data-search]").tap()
        page.wait_for_function("() => document.activeElement.name === 'query'")
        page.keyboard.type("bloqueada" if not home else "locked")
        page.wait_for_selector(".md-search-result__item")
        page.close()
    context.close()


def test_pasting_searches_at_once(chromium: Browser, served: str) -> None:
    """Text that arrives without a key, as from a phone's paste menu, finds results; submitting never navigates."""
    context = chromium.new_context(viewport=PHONE)
    page = visit(context, served)
    page.locator("[data-search]").click()
    page.evaluate("""() => { const box = document.querySelector('[data-md-component=search-query]'); box.value = 'clave bloqueada'; box.dispatchEvent(new Event('input', {bubbles: true})) }""")
    page.wait_for_selector(".md-search-result__item")
    page.evaluate("document.forms.search.requestSubmit()")
    chrome.rest(page)
    assert page.url == served
    context.close()


def test_without_javascript(chromium: Browser, site: Site, served: str) -> None:
    """The text, the navigation and the way to the list of problems are there without any script."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = visit(context, served)
    page.locator("[data-search]").click()
    page.wait_for_url(urljoin(served, "problemas/"))
    assert page.locator("article a.problem").count() >= 10
    context.close()


def test_the_error_page(chromium: Browser, served: str) -> None:
    """A wrong address shows both languages, styled, with working links."""
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    chrome.visit(page, urljoin(served, "no/existe/"))
    assert page.locator("section[lang=es] h1").is_visible() and page.locator("section[lang=en] h1").count() == 1
    assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).position") == "sticky"
    page.locator("section[lang=en] li a").first.click()
    assert "/en/problemas/" in page.url
    context.close()
