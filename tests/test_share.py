"""Promise: any section, page or ready answer is copied or sent in one press, by keyboard too, is announced, and is there without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, Page

from tools.docs import ROOT, PlainLoader
from tools.finding import At, Expect, Problem
from tools.site import browser as chrome
from tools.site.browser import PHONE
from tools.site.built import Site

WORDS = {lang: yaml.load((ROOT / f"docs/data/strings/{lang}.yml").read_text(encoding="utf-8"), PlainLoader) for lang in ("es", "en")}
SHARED = "//*[@id='compartir']"
PROBLEM, FAQ, HELP = "problemas/clave-bloqueada/", "preguntas/", "ayudar/"
TEMPLATE = "correct overrides/answer.html"


def check_whatsapp(site: Site) -> Iterator[Problem]:
    """Every problem and procedure has a wa.me link that opens with its title and its short address and tells WhatsApp nothing else."""
    for page in site.pages:
        if not page.tree.xpath(SHARED):
            continue
        links = page.tree.xpath("//a[starts-with(@href, 'https://wa.me/')]")
        address = page.one(f"{SHARED}/following-sibling::div[1]//a[@data-text]/text()")
        wanted = {"text": [f"{''.join(page.tree.xpath('//h1//text()'))} {address}"]}
        if len(links) != 1 or parse_qs(urlsplit(links[0].get("href")).query) != wanted:
            yield Problem(page.shown, 0, "its WhatsApp link does not hold its title and its address", TEMPLATE, "whatsapp-text")
        elif links[0].get("rel") != "noopener noreferrer":
            yield Problem(page.shown, 0, "its WhatsApp link lacks rel=\"noopener noreferrer\"", TEMPLATE, "whatsapp-rel")


def check_permalinks(site: Site) -> Iterator[Problem]:
    """Every section of every page has a link to itself, named in the page's language."""
    for page in site.pages:
        for heading in page.tree.xpath("//article//*[self::h2 or self::h3][@id][not(ancestor::section[@class='after'])]"):
            links = [link.get("href") for link in heading.xpath("a[@class='headerlink'][@aria-label=$name]", name=WORDS[page.lang]["share"]["section"])]
            if links != [f"#{heading.get('id')}"]:
                yield Problem(page.shown, 0, f"its section '{heading.get('id')}' has no link to itself", "see mark() in overrides/hooks/guia/page/context.py", "permalink-missing")


def check_every_page_shares(site: Site) -> Iterator[Problem]:
    """Problems and procedures, which are the pages with steps, can be shared."""
    for page in site.pages:
        if page.tree.xpath("//*[@id='que-hacer' or @id='pasos']") and not page.tree.xpath(SHARED):
            yield Problem(page.shown, 0, "it cannot be shared", TEMPLATE, "page-not-shared")


def check_filter(site: Site) -> Iterator[Problem]:
    """The filter box is no form, has no name to be sent or filled in under, and says that what is typed stays."""
    for page in site.pages:
        for box in page.tree.xpath("//input[@data-filter]"):
            note = page.one(f"//*[@id='{box.get('aria-describedby')}']/text()")
            if box.xpath("ancestor::form") or box.get("name") or box.get("autocomplete") != "off" or note != WORDS[page.lang]["replies"]["filter_note"]:
                yield Problem(page.shown, 0, "its filter box could send or keep what is typed, or does not say otherwise", "correct overrides/blocks/replies.html", "filter-leaks")


CHECKS = (check_whatsapp, check_permalinks, check_every_page_shares, check_filter)


@pytest.mark.parametrize("check", CHECKS)
def test_share(check: Callable[[Site], Iterator[Problem]], site: Site, expect_none: Expect) -> None:
    expect_none(check(site))


BOX = "<html><body><h1>Clave</h1><h2 id='compartir'>C</h2><div><a data-text href='x'>http://x/e/01/</a>{}</div></body></html>"


@pytest.mark.parametrize(("check", "text", "at"), [
    (check_whatsapp, BOX.format(""), ("whatsapp-text", "site/a/index.html", 0)),
    (check_whatsapp, BOX.format("<a href='https://wa.me/?text=Clave'>W</a>"), ("whatsapp-text", "site/a/index.html", 0)),
    (check_whatsapp, BOX.format("<a href='https://wa.me/?text=Clave%20http%3A//x/e/01/'>W</a>"),
     ("whatsapp-rel", "site/a/index.html", 0)),
    (check_permalinks, "<html><body><article><h2 id='b'>B<a class='headerlink' href='#b'>¶</a></h2></article></body></html>",
     ("permalink-missing", "site/a/index.html", 0)),
    (check_every_page_shares, "<html><body><h2 id='pasos'>P</h2></body></html>", ("page-not-shared", "site/a/index.html", 0)),
    (check_filter, "<html><body><form><input data-filter autocomplete='off'></form></body></html>",
     ("filter-leaks", "site/a/index.html", 0)),
])
def test_a_bad_page_is_named(check: Callable[..., Iterator[Problem]], text: str, at: At, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.html").write_text(text, encoding="utf-8")
    assert [problem.at for problem in check(Site(tmp_path, "http://127.0.0.1:8000/"))] == [at]


@contextmanager
def opened(browser: Browser, address: str, clipboard: bool = True, script: str = "", **options: Any) -> Iterator[Page]:
    """A page in a context of its own, which may use the clipboard or is denied it; `script` runs before the page's own."""
    context = browser.new_context(viewport=PHONE, **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"] if clipboard else [])
    context.add_init_script(script)
    page = context.new_page()
    chrome.visit(page, address)
    yield page
    context.close()


def announced(page: Page, words: str) -> bool:
    """Whether the live region comes to hold exactly these words."""
    page.wait_for_function("words => document.querySelector('[data-copied]').textContent === words", arg=words, timeout=5000)
    return page.locator("[data-copied]").get_attribute("role") == "status"


def clipboard(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def replies(site: Site) -> dict[str, dict[str, Any]]:
    """The published answers by path."""
    return {entry["id"]: entry for entry in json.loads((site.root / "data/replies.json").read_text(encoding="utf-8"))["replies"]}


@pytest.mark.browser
@pytest.mark.parametrize(("url", "section"), [(PROBLEM, "que-hacer"), (FAQ, "cuantos-intentos"), ("en/afiliado/recuperar-clave/", "pasos")])
def test_copy_a_section(chromium: Browser, site: Site, served: str, url: str, section: str) -> None:
    """Pressing a section's sign copies its published address, without what this visit's address carries, and offers to send it."""
    with opened(chromium, urljoin(served, url) + "?from=chat") as page:
        page.locator(f"#{section} .headerlink").click()
        assert announced(page, WORDS["en" if url.startswith("en/") else "es"]["share"]["copied"])
        address = f"{site.url}{url}#{section}"
        assert clipboard(page) == address
        heading = page.locator(f"#{section}").inner_text().removesuffix("¶").strip()
        link = page.locator(f"#{section} + .share a")
        assert parse_qs(urlsplit(link.get_attribute("href") or "").query) == {"text": [f"{page.locator('h1').inner_text()}: {heading} {address}"]}
        assert link.get_attribute("rel") == "noopener noreferrer" and page.locator(f"#{section} + .share [data-text]").inner_text() == address


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["chat", "sms", "mail"])
def test_copy_an_answer_by_keyboard(chromium: Browser, site: Site, served: str, kind: str) -> None:
    """Tab reaches each button with a visible focus, Enter copies the whole text, and the focus stays."""
    entry = replies(site)["problemas/clave-bloqueada"]["es"]
    wanted = {"chat": entry["chat"], "sms": entry["sms"], "mail": entry["mail"]["body"]}[kind]
    name = WORDS["es"]["replies"][f"copy_{kind}"]
    with opened(chromium, urljoin(served, PROBLEM)) as page:
        page.locator(f"{SHARED}/following::a[1]").focus()
        for _ in range(12):
            page.keyboard.press("Tab")
            focused = page.evaluate("[document.activeElement.tagName, document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineStyle]")
            if focused[0] == "SUMMARY":
                page.keyboard.press("Enter")
            if focused[1] == name:
                break
        assert focused[1] == name and focused[2] != "none"
        page.keyboard.press("Enter")
        assert announced(page, WORDS["es"]["share"]["copied"])
        assert clipboard(page).replace("\r\n", "\n") == wanted
        assert page.evaluate("document.activeElement.textContent") == name


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "url", "typed"), [("es", HELP, "bloqueáda TRAMITES"), ("en", "en/ayudar/", "locked tramites")])
def test_two_actions_from_the_help_page_to_the_clipboard(chromium: Browser, site: Site, served: str, lang: str, url: str, typed: str) -> None:
    """Typing into the filter (accents and capitals do not matter) and pressing a button: the answer is on the clipboard."""
    entry = replies(site)["problemas/clave-bloqueada"]
    with opened(chromium, urljoin(served, url)) as page:
        page.locator("[data-filter]").fill(typed)
        page.wait_for_function("() => document.querySelector('[data-list] [hidden]')")
        found = page.locator("[data-list] li:visible").count()
        assert 0 < found < len(replies(site)) and announced(page, WORDS[lang]["replies"]["found"].replace("#", str(found)))
        page.get_by_role("button", name=f"{WORDS[lang]['share']['copy_this']}: {entry[lang]['title']}").click()
        assert announced(page, WORDS[lang]["share"]["copied"])
        assert clipboard(page).replace("\r\n", "\n") == entry[lang]["chat"]


@pytest.mark.browser
def test_the_filter_by_keyboard(chromium: Browser, site: Site, served: str) -> None:
    """What nobody answers is counted as none; an emptied box shows all; Enter goes nowhere; nothing typed leaves the page."""
    with opened(chromium, urljoin(served, HELP)) as page:
        asked: list[str] = []
        page.locator("[data-filter]").focus()
        page.keyboard.type("zzzz")
        assert announced(page, WORDS["es"]["replies"]["found"].replace("#", "0"))
        page.on("request", lambda request: asked.append(request.url))
        page.keyboard.press("Enter")
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        assert announced(page, WORDS["es"]["replies"]["found"].replace("#", str(len(replies(site)))))
        assert page.url == urljoin(served, HELP) and not asked
        assert page.evaluate("Object.keys(localStorage).concat(document.cookie).join().includes('zzzz')") is False


@pytest.mark.browser
@pytest.mark.parametrize(("allowed", "script"), [(False, ""), (True, "Object.defineProperty(navigator, 'clipboard', { value: undefined })")])
def test_a_clipboard_that_is_denied(chromium: Browser, site: Site, served: str, allowed: bool, script: str) -> None:
    """Without permission, or without https, the text is selected and the announcement says how to copy it."""
    with opened(chromium, urljoin(served, PROBLEM), clipboard=allowed, script=script) as page:
        page.locator("[data-copy]", has_text=WORDS["es"]["replies"]["copy_chat"]).click()
        assert announced(page, WORDS["es"]["share"]["not_copied"])
        assert page.evaluate("getSelection().toString().trim()") == replies(site)["problemas/clave-bloqueada"]["es"]["chat"]
        page.locator("#que-hacer .headerlink").click()
        page.wait_for_function("address => getSelection().toString().trim() === address", arg=f"{site.url}{PROBLEM}#que-hacer", timeout=5000)
        assert announced(page, WORDS["es"]["share"]["not_copied"])


@pytest.mark.browser
def test_the_phones_own_share_button(chromium: Browser, site: Site, served: str) -> None:
    """Where the phone can share, the button is there and gives it title and address; elsewhere it is not."""
    with opened(chromium, urljoin(served, PROBLEM), script="delete Navigator.prototype.share") as page:
        assert page.locator("[data-share]:visible").count() == 0
    stub = "navigator.share = given => { window.given = given; return Promise.reject(new DOMException('', 'AbortError')) }"
    with opened(chromium, urljoin(served, PROBLEM), script=stub) as page:
        page.locator("[data-share]:visible").click()
        page.wait_for_function("() => window.given")
        assert page.evaluate("given") == {"title": page.locator("h1").inner_text(), "url": f"{site.url}e/02/"}
        page.locator("#que-hacer .headerlink").click()
        page.locator("#que-hacer + .share [data-share]").click()
        page.wait_for_function("() => given.url.includes('#')")
        assert page.evaluate("given") == {"title": f"{page.locator('h1').inner_text()}: Qué hacer", "url": f"{site.url}{PROBLEM}#que-hacer"}


@pytest.mark.browser
def test_the_mail_opens_with_subject_and_text(chromium: Browser, site: Site, served: str) -> None:
    mail = replies(site)["problemas/clave-bloqueada"]["es"]["mail"]
    with opened(chromium, urljoin(served, PROBLEM)) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.locator("details.share summary").click()
        with page.expect_event("request", lambda request: request.url.startswith("mailto:")):
            page.locator("[data-mail]").click()
        assert parse_qs(urlsplit(next(url for url in asked if url.startswith("mailto:"))).query) == {"subject": [mail["subject"]], "body": [mail["body"].replace("\n", "\r\n")]}


@pytest.mark.browser
def test_the_script_waits_for_its_first_use(chromium: Browser, served: str) -> None:
    """Opening and reading a page does not ask for share.js; the first focus does, once."""
    with opened(chromium, urljoin(served, HELP)) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        chrome.visit(page, page.url)
        page.locator("h1").click()
        assert not [url for url in asked if "share.js" in url]
        for _ in range(3):
            page.locator("[data-filter]").focus()
            page.locator("h1").click()
        chrome.rest(page)
        assert len([url for url in asked if "share.js" in url]) == 1


@pytest.mark.browser
def test_big_enough_for_a_thumb(chromium: Browser, served: str) -> None:
    """Buttons, links that look like buttons, the box and what unfolds are 44 px high and wide; a section's sign is 24."""
    for url in (PROBLEM, HELP, FAQ):
        with opened(chromium, urljoin(served, url)) as page:
            page.locator("article .headerlink").first.click()
            page.wait_for_selector(".share:visible")
            for element in page.locator(":is(.share, .ready, .filter) :is(button, .act, input, summary):visible").all():
                box = element.bounding_box()
                assert box and box["height"] >= 44 and box["width"] >= 44, (url, element.inner_text(), box)
            for element in page.locator("article .headerlink").all():
                box = element.bounding_box()
                assert box and box["height"] >= 24 and box["width"] >= 24, (url, box)


@pytest.mark.browser
def test_without_javascript(chromium: Browser, site: Site, served: str) -> None:
    """Address, texts, list and WhatsApp are there; what needs a script is not; a section's sign is a plain link."""
    with opened(chromium, urljoin(served, PROBLEM), java_script_enabled=False) as page:
        entry = replies(site)["problemas/clave-bloqueada"]["es"]
        assert page.locator(".after pre:visible").all_inner_texts() == [entry["chat"], entry["sms"]]
        assert page.locator(".share a[data-text]").inner_text() == entry["address"] and page.locator("a[href^='https://wa.me/']").is_visible()
        assert page.locator("button:is([data-copy], [data-share], [data-mail]):visible").count() == 0
        page.locator("details.share summary").click()
        assert page.locator("details.share pre").inner_text() == entry["mail"]["body"]
        page.locator("#que-hacer .headerlink").click()
        assert page.url == urljoin(served, PROBLEM) + "#que-hacer"
        page.goto(urljoin(served, HELP))
        assert not page.locator("[data-filter]").is_visible()
        page.locator("[data-list] summary").click()
        assert page.locator("[data-list] li:visible").count() == len(replies(site))
