"""Promise: the whole guide is kept when asked, with its size told before, and only what is complete takes the place of what is complete."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.kit.chosen import chosen
from tests.kit.offline import Spoiled, cut, file_of, publish, read_list, until, update, visit
from tools.finding import At, Expect, Problem
from tools.site import browser as chrome
from tools.site.browser import PHONE
from tools.site.built import Site

GONE = "async old => !(await caches.keys()).some(name => old.includes(name))"
SAID = "text => document.querySelector('.keep p')?.textContent.includes(text)"
LISTEN = """() => {
  window.said = []
  const line = document.querySelector(".keep p")
  new MutationObserver(() => line.role === "status" && said.push(line.textContent)).observe(line, { childList: true })
}"""


def check_size(site: Site) -> Iterator[Problem]:
    """The size told before keeping is what the files weigh compressed, to a tenth, and the number of pages is right."""
    listed = read_list(site.root)
    for page in site.pages:
        for box in page.tree.xpath("//*[@data-keep]"):
            names = {**listed["shared"], **listed[page.lang]}
            real = sum(len(gzip.compress(file_of(site.root, name).read_bytes())) for name in names) / 1000
            if abs(int(box.get("data-kb")) - real) > real / 10 + 10:
                yield Problem(page.shown, 0, f"it says that the guide weighs {box.get('data-kb')} kB, not {real:.0f}", "correct overrides/hooks/guia/ship/offline.py", "kept-size-told")
            if int(box.get("data-pages")) != sum(name == "" or name.endswith("/") for name in names):
                yield Problem(page.shown, 0, f"it says that the guide has {box.get('data-pages')} pages", "correct overrides/blocks/keep.html", "kept-pages-told")


def test_size(site: Site, expect_none: Expect) -> None:
    expect_none(check_size(site))
    assert {page.url for page in site.pages if page.tree.xpath("//*[@data-keep]")} == {"", "en/", "acerca/", "en/acerca/"}


@pytest.mark.parametrize(("told", "at"), [
    ("data-kb='90' data-pages='1'", ("kept-size-told", "site/index.html", 0)),
    ("data-kb='0' data-pages='7'", ("kept-pages-told", "site/index.html", 0)),
])
def test_a_wrong_size_is_named(told: str, at: At, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f"<html><body><p data-keep {told}></p></body></html>", encoding="utf-8")
    (tmp_path / "offline.json").write_text('{"shared": {}, "es": {"": 0}, "en": {}}', encoding="utf-8")
    assert [problem.at for problem in check_size(Site(tmp_path, "http://127.0.0.1:8000/"))] == [at]


def press(page: Page, said: str) -> None:
    """Press the first button and wait until the line below says so."""
    page.locator(".keep button").first.click()
    page.wait_for_function(SAID, arg=said)


def search(page: Page) -> None:
    """Find the page of the locked password in the dialog."""
    page.locator(".list-link").click()
    page.keyboard.type("bloqueada")
    page.wait_for_selector(".md-search-result__item a[href*=bloqueada]")


@pytest.mark.browser
def test_every_page_opens_without_a_connection(phone: BrowserContext, host: Spoiled, site: Site) -> None:
    """The size is told before and the progress after; then the pages of the language open, quietly, search included."""
    home, _, kind = host
    page = phone.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    visit(page, home)
    page.wait_for_function(SAID, arg=" kB")
    page.evaluate(LISTEN)
    press(page, "Guardada el")
    assert [text for text in page.evaluate("said") if re.match(r"\d+ de \d+ páginas", text)]
    cut(phone, kind)
    seen: set[str] = set()
    for document in (document for document in chosen(site) if document in site.pages and document.lang == "es"):
        folder = document.url.rstrip("/").rpartition("/")[0]
        page.goto(urljoin(home, document.url), wait_until="commit") if folder in seen else chrome.visit(page, urljoin(home, document.url))
        seen.add(folder)
        assert "sin conexión" in page.locator(".offline-copy").inner_text(), document.url
    chrome.visit(page, f"{home}preguntas/")
    search(page)
    assert noise == []


@pytest.mark.browser
def test_copies_are_removed(phone: BrowserContext, host: Spoiled) -> None:
    """On the page about the guide, also those of pages that were only visited."""
    home, _, _ = host
    page = phone.new_page()
    visit(page, f"{home}acerca/")
    page.reload()
    page.locator(".keep button").nth(1).click()
    page.wait_for_function(SAID, arg="Ya no hay copias")
    assert page.evaluate("caches.keys()") == []


@pytest.mark.browser
def test_with_data_saving_only_what_is_asked_for(chromium: Browser, host: Spoiled) -> None:
    home, _, _ = host
    context = chromium.new_context(viewport=PHONE)
    context.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    page = context.new_page()
    chrome.visit(page, home)
    workers = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
    assert page.evaluate(workers) == 0 and page.evaluate("caches.keys()") == []
    press(page, "Guardada el")
    assert page.evaluate(workers) == 1
    context.close()


@pytest.mark.browser
def test_a_new_build_takes_the_place_of_the_old_one(phone: BrowserContext, host: Spoiled) -> None:
    """The kept guide and the visited pages follow, asking only for what changed; the old caches go."""
    home, root, kind = host
    page = phone.new_page()
    visit(page, f"{home}en/acerca/")
    visit(page, home)
    press(page, "Guardada el")
    old = page.evaluate("caches.keys()")
    publish(root, next(root.glob("assets/images/favicon.*.svg")).relative_to(root).as_posix(), "problemas/clave-bloqueada/")
    kind.asked.clear()
    visit(page, f"{home}acerca/")
    update(page)
    until(page, GONE, old)
    assert {path for path in kind.asked if path.endswith("/")} == {"acerca/", "problemas/clave-bloqueada/"}
    cut(phone, kind)
    page.goto(f"{home}problemas/clave-bloqueada/")
    assert "(nuevo)" in page.locator("h1").inner_text()
    page.goto(f"{home}en/acerca/")
    assert "offline" in page.locator(".offline-copy").inner_text()


@pytest.mark.browser
def test_an_older_build_takes_the_place_of_a_newer_one(phone: BrowserContext, host: Spoiled) -> None:
    """Who publishes a mistake goes back to the build before: phones follow."""
    home, root, kind = host
    page = phone.new_page()
    visit(page, home)
    press(page, "Guardada el")
    older = {name: (root / name).read_bytes() for name in ("sw.js", "offline.json", "seguridad/index.html")}
    publish(root, "seguridad/")
    update(page)
    press(page, "Guardada el")
    newer = page.evaluate("caches.keys()")
    for name, content in older.items():
        (root / name).write_bytes(content)
    visit(page, f"{home}acerca/")
    update(page)
    visit(page, home)
    press(page, "Guardada el")
    until(page, GONE, [name for name in newer if " es " in name])
    cut(phone, kind)
    page.goto(f"{home}seguridad/")
    assert page.locator("h1").count() and "(nuevo)" not in page.locator("h1").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("full", [False, True])
def test_a_broken_download_leaves_the_last_good_copy(full: bool, phone: BrowserContext, host: Spoiled) -> None:
    """A file that fails, or a full disk, is told; the old copy and its search still work; the next try goes on from there."""
    home, root, kind = host
    page = phone.new_page()
    visit(page, home)
    press(page, "Guardada el")
    disk, origin = phone.new_cdp_session(page), {"origin": home.rstrip("/")}
    if full:
        disk.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": 1000})
    else:
        kind.trouble["preguntas/"] = "500"
    publish(root, "acerca/", "preguntas/")
    update(page)
    press(page, "No hay espacio" if full else "No se pudo terminar")
    cut(phone, kind)
    chrome.visit(page, f"{home}preguntas/")
    assert "(nuevo)" not in page.locator("h1").inner_text() and page.locator(".offline-copy").count() == 1
    search(page)
    cut(phone, kind, False)
    disk.send("Storage.overrideQuotaForOrigin", origin)
    page.goto(home)
    kind.asked.clear()
    press(page, "Guardada el")
    assert full or "acerca/" not in kind.asked
    cut(phone, kind)
    page.goto(f"{home}preguntas/")
    assert "(nuevo)" in page.locator("h1").inner_text()
