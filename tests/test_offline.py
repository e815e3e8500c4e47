"""Promise: what was read opens without a connection, with the date of its copy, and no copy is broken or about the reader."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.kit.offline import WORKER, Spoiled, cut, file_of, number, read_list, until, visit
from tools.docs import ROOT
from tools.finding import At, Expect, Problem
from tools.site import browser as chrome
from tools.site.built import Site

HOOK = "correct overrides/hooks/guia/ship/offline.py"
WORKER_LIMIT = 3000
ASKED_FOR = "//link[@rel='stylesheet']/@href | //script/@src | //script/@data-site | //img/@src"
PART_OF_A_PAGE = re.compile(r"(^|/)$|\.(css|js|svg)$|^search/.*\.json$|^offline\.html$")
SPANISH = re.compile(r"Copia guardada el \d{1,2} de [a-z]+ de \d{4}, sin conexión\.")
ENGLISH = re.compile(r"Copy saved on \d{1,2} [A-Z][a-z]+ \d{4}, offline\.")
# Where each copy is stored, and the address that the stored answer remembers.
STORED = """async () => {
  const found = []
  for (const name of await caches.keys()) {
    const box = await caches.open(name)
    for (const key of await box.keys()) found.push(key.url, (await box.match(key)).url)
  }
  return found.filter(Boolean)
}"""
# The last bound that the worker's source names.
MOST = re.compile(r"^const MOST = (\d+)$", re.MULTILINE)
# What a navigation makes the browser do by itself a while later.
LET_GO = "navigator.serviceWorker.getRegistration().then(found => found?.update()).then(() => true)"
WORKERS = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
BEFORE_LOAD = """performance.getEntriesByType("resource").map(entry => [entry.startTime, new URL(entry.name).pathname])
  .filter(([start]) => start < performance.getEntriesByType("navigation")[0].loadEventStart).map(([, path]) => path)"""


def check_list(site: Site) -> Iterator[Problem]:
    """The list has every page of each language and what pages ask for, each as published, and nothing large besides."""
    listed = read_list(site.root)
    for lang in ("es", "en"):
        files = {**listed["shared"], **listed[lang]}
        pages = [page for page in site.pages if page.lang == lang and page.one("//link[@rel='canonical']/@href")]
        assets = {site.path(page, str(link)) or "" for page in pages for link in page.tree.xpath(ASKED_FOR)} - {""}
        for name in sorted(({page.url for page in pages} | assets) - set(files)):
            yield Problem("site/offline.json", 0, f"'{name}' is not in the list of '{lang}'", HOOK, "offline-list-lacks")
        for name, wanted in files.items():
            file = file_of(site.root, name)
            if not file.exists() or number(file.read_bytes()) != wanted:
                yield Problem("site/offline.json", 0, f"'{name}' is not the published file", f"{HOOK}, which must run last", "offline-list-stale")
            elif not PART_OF_A_PAGE.search(name):
                yield Problem("site/offline.json", 0, f"'{name}' is no part of a page", HOOK, "offline-list-foreign")


def check_worker(site: Site) -> Iterator[Problem]:
    """The worker is small and its source is not published twice."""
    size = (site.root / "sw.js").stat().st_size
    if size > WORKER_LIMIT:
        yield Problem("site/sw.js", 0, f"it has {size} bytes, more than {WORKER_LIMIT}", "make docs/assets/javascripts/offline/sw.js smaller", "worker-too-large")
    if "assets/javascripts/offline/sw.js" in site.files:
        yield Problem("site/assets/javascripts/offline/sw.js", 0, "the source of the worker is published", HOOK, "worker-source-published")


@pytest.mark.parametrize("check", [check_list, check_worker])
def test_offline(check: Callable[[Site], Iterator[Problem]], site: Site, expect_none: Expect) -> None:
    expect_none(check(site))


LISTED = '{"shared": %s, "es": {}, "en": {}}'
BARE = {"offline.json": LISTED % "{}", "sw.js": "", "index.html": "<html><head><link rel='canonical' href='/'></head><body></body></html>"}


@pytest.mark.parametrize(("check", "files", "at"), [
    (check_list, {}, ("offline-list-lacks", "site/offline.json", 0)),
    (check_list, {"offline.json": LISTED % '{"": 1}'}, ("offline-list-stale", "site/offline.json", 0)),
    (check_list, {"a.png": "x", "offline.json": LISTED % f'{{"a.png": {number(b"x")}}}'}, ("offline-list-foreign", "site/offline.json", 0)),
    (check_worker, {"sw.js": "x" * 3001}, ("worker-too-large", "site/sw.js", 0)),
    (check_worker, {"assets/javascripts/offline/sw.js": ""}, ("worker-source-published", "site/assets/javascripts/offline/sw.js", 0)),
])
def test_a_bad_site_is_named(check: Callable[..., Iterator[Problem]], files: dict[str, str], at: At, tmp_path: Path) -> None:
    for name, text in {**BARE, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert at in [problem.at for problem in check(Site(tmp_path, "http://127.0.0.1:8000/"))]


@pytest.mark.browser
def test_visited_pages_open_without_a_connection(phone: BrowserContext, host: Spoiled) -> None:
    """Each shows the date of its copy in its language, with its style; what was searched for is nowhere."""
    home, _, kind = host
    page = phone.new_page()
    for path in ("", "problemas/clave-bloqueada/", "en/problemas/clave-bloqueada/"):
        visit(page, urljoin(home, path))
    chrome.visit(page, f"{home}?q=secreto")
    cut(phone, kind)
    for path, date in (("problemas/clave-bloqueada/", SPANISH), ("?q=secreto", SPANISH), ("en/problemas/clave-bloqueada/", ENGLISH), ("", SPANISH)):
        chrome.visit(page, urljoin(home, path))
        assert date.fullmatch(page.locator("article > .offline-copy").inner_text()) and page.url == urljoin(home, path)
        assert page.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length)")
    assert "secreto" not in json.dumps(page.evaluate(STORED))
    no_copy(page, home)
    cut(phone, kind, False)
    page.locator("section[lang=es] a").click()
    page.wait_for_selector("article h1")
    assert page.locator(".offline-copy").count() == 0


def no_copy(page: Page, home: str) -> None:
    """A page that was not visited gives the page that says so in both languages and lists those that were."""
    chrome.visit(page, f"{home}acerca/")
    assert page.locator("section[lang=es] h1").is_visible() and page.locator("section[lang=en] h1").is_visible()
    links = page.locator("main ul a").evaluate_all("links => links.map(link => link.href)")
    assert sorted(links) == sorted(urljoin(home, path) for path in ("", "problemas/clave-bloqueada/", "en/problemas/clave-bloqueada/"))


@pytest.mark.browser
def test_only_whole_answers_are_kept(phone: BrowserContext, host: Spoiled) -> None:
    """No redirect, part or error, no other method or host, no data file; only addresses of the guide, without a query."""
    home, _, kind = host
    page = phone.new_page()
    visit(page, home)
    kind.trouble.update({"problemas/": "302", "seguridad/": "206", "metricas/": "404", "preguntas/": "500"})
    for path in (*kind.trouble, "ayudar/?q=secreto"):
        chrome.visit(page, urljoin(home, path))
    page.evaluate("""async ([home, other]) => {
      for (const path of ["problemas/", "seguridad/", "preguntas/", "data/facts.json"]) await fetch(home + path)
      await fetch(home + "evidencia/", { method: "POST" })
      await fetch(other + "evidencia/", { mode: "no-cors" }).catch(() => {})
    }""", [home, home.replace("127.0.0.1", "localhost")])
    visit(page, f"{home}acerca/")
    stored = {address.removeprefix(home) for address in page.evaluate(STORED)}
    wrong = {"problemas/", "seguridad/", "metricas/", "preguntas/", "data/facts.json", "evidencia/"} & stored | {address for address in stored if "?" in address or ":" in address}
    assert not wrong, f"{WORKER}: it keeps {', '.join(sorted(wrong))}. Fix: store whole answers of this site alone, without a query."
    lacking = {"", "acerca/", "ayudar/"} - stored
    assert not lacking, f"{WORKER}: it does not keep {', '.join(sorted(lacking))}. Fix: store each page visited, at its address without a query."


@pytest.mark.browser
def test_a_page_that_is_not_ours_is_never_kept(phone: BrowserContext, host: Spoiled) -> None:
    """A hotel's sign-in page, answered with 200 in the place of any page, is shown while it is answered and never again."""
    home, _, kind = host
    page = phone.new_page()
    visit(page, home)
    visit(page, f"{home}acerca/")
    kind.trouble["*"] = "hotel"
    for path in ("acerca/", "seguridad/"):
        page.goto(f"{home}{path}")
        assert page.locator("h1").inner_text() == "Hotel"
    cut(phone, kind)
    chrome.visit(page, f"{home}acerca/")
    assert SPANISH.fullmatch(page.locator(".offline-copy").inner_text())
    chrome.visit(page, f"{home}seguridad/")
    assert page.locator("section[lang=es] h1").is_visible(), f"{WORKER}: it keeps what somebody else answered. Fix: store pages that name the guide alone."


@pytest.mark.browser
def test_the_oldest_copies_go(phone: BrowserContext, host: Spoiled, site: Site) -> None:
    """No more pages are kept than the page about the guide says, and what was opened again stays."""
    home, _, _ = host
    most = int(MOST.findall((ROOT / WORKER).read_text(encoding="utf-8"))[0])
    said = {lang: next(page.text for page in site.pages if page.url == f"{prefix}acerca/") for lang, prefix in (("es", ""), ("en", "en/"))}
    assert f"las {most} últimas" in said["es"] and f"the last {most}" in said["en"]
    page = phone.new_page()
    visit(page, home)
    addresses = [urljoin(home, document.url) for document in site.pages if document.url not in ("", "acerca/")][:most + 5]
    until(page, "async addresses => { for (const url of addresses) (await caches.open((await caches.keys())[0])).put(url, new Response('')); return true }", addresses)
    visit(page, f"{home}acerca/")
    until(page, f"""async ([last, first]) => {{
      const kept = (await (await caches.open((await caches.keys())[0])).keys()).map(({{ url }}) => url).filter(url => url.endsWith("/") || url.endsWith(".html"))
      return kept.length <= {most} && kept.includes(location.href) && kept.includes(last) && !kept.includes(first)
    }}""", [addresses[-1], addresses[0]])


@pytest.mark.browser
def test_a_bad_worker_is_withdrawn(phone: BrowserContext, host: Spoiled) -> None:
    """A build with WORKER=off takes worker and copies from every phone at its next visit, and its pages start no other."""
    home, root, kind = host
    page = phone.new_page()
    visit(page, home)
    (root / "sw.js").write_text((ROOT / "docs/assets/javascripts/offline/recall.js").read_text(encoding="utf-8"), encoding="utf-8")
    for file in root.rglob("index.html"):
        file.write_text(file.read_text(encoding="utf-8").replace("<script data-site=", "<script data-recalled data-site="), encoding="utf-8")
    page.goto(f"{home}acerca/")
    page.evaluate(LET_GO)
    until(page, "async () => !(await navigator.serviceWorker.getRegistrations()).length && !(await caches.keys()).length", None)
    chrome.visit(page, home)
    assert page.evaluate(WORKERS) == 0 and page.evaluate("caches.keys()") == []
    assert "sw.js" not in kind.asked[kind.asked.index("acerca/") + 3:]


@pytest.mark.browser
def test_a_slow_network_gives_the_copy(phone: BrowserContext, host: Spoiled) -> None:
    home, _, kind = host
    page = phone.new_page()
    visit(page, home)
    visit(page, f"{home}acerca/")
    kind.trouble["acerca/"] = "held"
    start = time.monotonic()
    page.goto(f"{home}acerca/", wait_until="commit")
    # The host has not answered yet: what is here is the copy, and not too soon.
    assert "lenta" in page.locator(".offline-copy").inner_text() and time.monotonic() - start > 2.5 and not kind.go.is_set()


@pytest.mark.browser
def test_the_first_view_asks_for_nothing_more(phone: BrowserContext, host: Spoiled) -> None:
    """The worker comes after the page is whole, and never on the error page."""
    home, _, kind = host
    page = phone.new_page()
    chrome.visit(page, urljoin(home, "no/existe/"))
    assert page.evaluate(WORKERS) == 0
    kind.asked.clear()
    visit(page, home)
    first = [path.removeprefix(urlsplit(home).path) for path in page.evaluate(BEFORE_LOAD)]
    assert first and not [path for path in first if "offline" in path or path.endswith((".png", ".webmanifest"))]
    assert max(map(kind.asked.index, first)) < kind.asked.index("sw.js")
