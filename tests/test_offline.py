"""Promise: what was read or kept opens without a connection, with its date, and no copy is broken, stale for ever or about the reader."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import time
from pathlib import Path
from typing import Any, Callable, Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.kit import browser as chrome
from tests.kit.problem import Problem
from tests.kit.site import Site

HOOK = "correct overrides/hooks/offline.py"
WORKER = "docs/assets/javascripts/offline/sw.js"
WORKER_LIMIT = 3000
ASKED_FOR = "//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src"
PHONE = {"width": 360, "height": 640}
SPANISH = re.compile(r"Copia guardada el \d{1,2} de [a-z]+ de \d{4}, sin conexión\.")
ENGLISH = re.compile(r"Copy saved on \d{1,2} [A-Z][a-z]+ \d{4}, offline\.")
STORED = """async () => {
  const found = {}
  for (const name of await caches.keys()) {
    const box = await caches.open(name), keys = await box.keys()
    found[name] = await Promise.all(keys.map(async key => [key.url, (await box.match(key)).url]))
  }
  return found
}"""
HAS = "async url => Boolean(await caches.match(url))"
GONE = "async old => !(await caches.keys()).some(name => old.includes(name))"
SAID = "text => document.querySelector('.keep p')?.textContent.includes(text)"


def read_list(site: Site) -> dict[str, Any]:
    return json.loads((site.root / "offline.json").read_text(encoding="utf-8"))


def number(content: bytes) -> int:
    """What the list holds for a file: the first 4 bytes of its SHA-256."""
    return int.from_bytes(hashlib.sha256(content).digest()[:4], "big")


def check_list(site: Site) -> Iterator[Problem]:
    """The list has every page of each language and what pages ask for, each as published, and nothing large besides."""
    listed = read_list(site)
    for lang in ("es", "en"):
        files = {**listed["shared"], **listed[lang]}
        pages = [page for page in site.pages if page.lang == lang and page.tree.xpath("//link[@rel='canonical']")]
        assets = {site.path(page, str(link)) for page in pages for link in page.tree.xpath(ASKED_FOR)}
        for name in sorted({page.url for page in pages} | {urlsplit(path).path for path in assets if path}):
            if name not in files:
                yield Problem("site/offline.json", 0, f"'{name}' is not in the list of '{lang}'", HOOK)
        for name, wanted in files.items():
            file = site.root / (f"{name}index.html" if name == "" or name.endswith("/") else name)
            if not file.exists() or number(file.read_bytes()) != wanted:
                yield Problem("site/offline.json", 0, f"'{name}' is not the published file", f"{HOOK}: it must run last")
            elif not re.search(r"(^|/)$|\.(css|js|svg)$|^search/|^offline\.html$", name):
                yield Problem("site/offline.json", 0, f"'{name}' is no part of a page", HOOK)


def check_size(site: Site) -> Iterator[Problem]:
    """The size told before keeping is what the files weigh compressed, to a tenth, and the number of pages is right."""
    listed = read_list(site)
    for page in site.pages:
        for box in page.tree.xpath("//*[@data-keep]"):
            names = {**listed["shared"], **listed[page.lang]}
            files = [site.root / (f"{name}index.html" if name == "" or name.endswith("/") else name) for name in names]
            real = sum(len(gzip.compress(file.read_bytes())) for file in files) / 1000
            if abs(int(box.get("data-kb")) - real) > real / 10 + 10:
                yield Problem(page.shown, 0, f"it says that the guide weighs {box.get('data-kb')} kB, not {real:.0f}", HOOK)
            if int(box.get("data-pages")) != sum(name == "" or name.endswith("/") for name in names):
                yield Problem(page.shown, 0, f"it says that the guide has {box.get('data-pages')} pages", "correct overrides/blocks/keep.html")


def check_worker(site: Site) -> Iterator[Problem]:
    """The worker is small and its source is not published twice."""
    size = (site.root / "sw.js").stat().st_size
    if size > WORKER_LIMIT:
        yield Problem("site/sw.js", 0, f"it has {size} bytes, more than {WORKER_LIMIT}", "make docs/assets/javascripts/offline/sw.js smaller")
    if "assets/javascripts/offline/sw.js" in site.files:
        yield Problem("site/assets/javascripts/offline/sw.js", 0, "the source of the worker is published", HOOK)


@pytest.mark.parametrize("check", [check_list, check_size, check_worker])
def test_offline(check: Callable[[Site], Iterator[Problem]], site: Site, expect_none: Callable) -> None:
    expect_none(check(site))


BARE = {"offline.json": '{"shared": {}, "es": {}, "en": {}}', "sw.js": "", "index.html": "<html><head><link rel='canonical' href='/'></head><body></body></html>"}


@pytest.mark.parametrize(("check", "files", "sentence"), [
    (check_list, {}, f"site/offline.json: '' is not in the list of 'es'. Fix: {HOOK}."),
    (check_list, {"offline.json": '{"shared": {"": 1}, "es": {}, "en": {}}'}, f"site/offline.json: '' is not the published file. Fix: {HOOK}: it must run last."),
    (check_list, {"a.png": "x", "offline.json": f'{{"shared": {{"a.png": {number(b"x")}}}, "es": {{}}, "en": {{}}}}'},
     f"site/offline.json: 'a.png' is no part of a page. Fix: {HOOK}."),
    (check_size, {"index.html": "<html><body><p data-keep data-kb='90' data-pages='0'></p></body></html>"},
     f"site/index.html: it says that the guide weighs 90 kB, not 0. Fix: {HOOK}."),
    (check_size, {"index.html": "<html><body><p data-keep data-kb='0' data-pages='7'></p></body></html>"},
     "site/index.html: it says that the guide has 7 pages. Fix: correct overrides/blocks/keep.html."),
    (check_worker, {"sw.js": "x" * 3001}, "site/sw.js: it has 3001 bytes, more than 3000. Fix: make docs/assets/javascripts/offline/sw.js smaller."),
    (check_worker, {"assets/javascripts/offline/sw.js": ""}, f"site/assets/javascripts/offline/sw.js: the source of the worker is published. Fix: {HOOK}."),
])
def test_a_bad_site_gets_this_sentence(check: Callable, files: dict[str, str], sentence: str, tmp_path: Path) -> None:
    for name, text in {**BARE, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert sentence in [str(problem) for problem in check(Site(tmp_path, "http://127.0.0.1:8000/"))]


class Host(chrome.Handler):
    """A host whose answers a test can spoil: `trouble` holds what befalls a path; `asked` what was asked for."""

    trouble: dict[str, str] = {}
    asked: list[str] = []

    def do_GET(self) -> None:
        path = urlsplit(self.path).path[len(self.base):]
        self.asked.append(path)
        what = self.trouble.get(path) or self.trouble.get("*")
        if what == "slow":
            time.sleep(12)
        if what == "redirect":
            self.send_response(302)
            self.send_header("Location", f"{self.base}acerca/")
            self.end_headers()
        elif what in ("404", "500"):
            self.send_error(int(what))
        elif what == "part":
            self.send_response(206)
            self.end_headers()
            self.wfile.write(b"<title>x</title>")
        elif what != "cut":
            super().do_GET()

    def end_headers(self) -> None:
        # So that the browser's own store never stands in for a copy.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


@pytest.fixture
def host(site: Site, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The built site on a host that a test may spoil: its address, and its folder, which a test may change."""
    root = tmp_path / "site"
    shutil.copytree(site.root, root, ignore=shutil.ignore_patterns("*.md"))
    Host.trouble.clear()
    with chrome.serve(root, site.url, Host) as home:
        yield home, root


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE)
    yield context
    context.close()


def until(page: Page, test: str, given: Any) -> None:
    """Wait for an asynchronous test in the page; Playwright's own waiting takes a promise for a yes."""
    loop = "for (let turn = 0; turn < 400; turn++) { if (await test(given)) return; await new Promise(done => setTimeout(done, 50)) } throw Error(`never: ${test}`)"
    page.evaluate(f"async given => {{ const test = {test}; {loop} }}", given)


def visit(page: Page, address: str) -> None:
    """Open a page and wait until a copy of it lies in the browser."""
    page.goto(address)
    until(page, HAS, address)


def cut(context: BrowserContext, off: bool = True) -> None:
    """Take the network away, or give it back."""
    context.set_offline(off)
    Host.trouble.pop("*", None)
    if off:
        Host.trouble["*"] = "cut"


def press(page: Page, said: str) -> None:
    """Press the first button of the block and wait until it says so."""
    page.locator(".keep button").first.click()
    page.wait_for_function(SAID, arg=said)


def publish(root: Path, *names: str) -> None:
    """Publish another build in which these files differ, with the list and the worker that go with it."""
    listed = json.loads((root / "offline.json").read_text(encoding="utf-8"))
    made = {key: listed[key] for key in ("build", "shell")}
    for name in names:
        file = root / name / "index.html" if name.endswith("/") else root / name
        file.write_text(file.read_text(encoding="utf-8").replace("</h1>", " (nuevo)</h1>") + "\n", encoding="utf-8")
        part = "es" if name in listed["es"] else "shared"
        listed[part][name] = number(file.read_bytes())
        listed["build"] = f"{listed[part][name]:08x}"
        listed["shell"] = listed["build"] if part == "shared" else listed["shell"]
    worker = (root / "sw.js").read_text(encoding="utf-8")
    for key, old in made.items():
        worker = worker.replace(f'"{key}":"{old}"', f'"{key}":"{listed[key]}"')
    (root / "offline.json").write_text(json.dumps(listed), encoding="utf-8")
    (root / "sw.js").write_text(worker, encoding="utf-8")


@pytest.mark.browser
def test_visited_pages_open_without_a_connection(phone: BrowserContext, host: tuple[str, Path]) -> None:
    """Three pages with the date of their copies; another page gives the page that says so and lists them; what was searched for is nowhere."""
    home, _ = host
    page = phone.new_page()
    for path in ("", "problemas/clave-bloqueada/", "en/problemas/clave-bloqueada/"):
        visit(page, urljoin(home, path))
    page.goto(f"{home}?q=secreto", wait_until="networkidle")
    cut(phone)
    for path, date in (("problemas/clave-bloqueada/", SPANISH), ("?q=secreto", SPANISH), ("en/problemas/clave-bloqueada/", ENGLISH), ("", SPANISH)):
        page.goto(urljoin(home, path), wait_until="networkidle")
        assert date.fullmatch(page.locator("article > .offline-copy").inner_text()) and page.url == urljoin(home, path)
        assert page.evaluate("document.styleSheets.length") == 1
    page.goto(f"{home}acerca/", wait_until="networkidle")
    assert page.locator("section[lang=es] h1").is_visible() and page.locator("section[lang=en] h1").is_visible() and page.locator("main ul a").count() == 3
    assert "secreto" not in json.dumps(page.evaluate(STORED))
    cut(phone, False)
    page.locator("section[lang=es] a").click()
    page.wait_for_selector("h1#acerca-de-esta-guia, article h1")
    assert page.locator(".offline-copy").count() == 0


@pytest.mark.browser
def test_only_whole_answers_are_kept(phone: BrowserContext, host: tuple[str, Path]) -> None:
    """No redirect, error, part, other method or other host; only addresses of the guide, without a query."""
    home, _ = host
    page = phone.new_page()
    visit(page, home)
    Host.trouble.update({"problemas/": "redirect", "preguntas/": "500", "metricas/": "404", "seguridad/": "part"})
    for path in ("problemas/", "preguntas/", "metricas/", "seguridad/", "ayudar/?q=1792060346"):
        page.goto(urljoin(home, path), wait_until="networkidle")
    other = home.replace("127.0.0.1", "localhost")
    page.evaluate("async ([home, other]) => { await fetch(home + 'evidencia/', { method: 'POST' }); await fetch(other + 'evidencia/', { mode: 'no-cors' }).catch(() => {}); await fetch(home + 'data/facts.json') }", [home, other])
    visit(page, f"{home}acerca/")
    stored = {url[len(home):] for keys in page.evaluate(STORED).values() for pair in keys for url in pair if url.startswith(home)}
    assert all(url.startswith(home) or not url for keys in page.evaluate(STORED).values() for pair in keys for url in pair)
    wrong = {"problemas/", "preguntas/", "metricas/", "seguridad/", "evidencia/", "data/facts.json"} & stored | {url for url in stored if "?" in url}
    assert not wrong, f"{WORKER}: it keeps {', '.join(sorted(wrong))}. Fix: store whole answers of this site alone, without a query."
    assert {"", "acerca/", "ayudar/"} <= stored


@pytest.mark.browser
def test_a_slow_network_gives_the_copy(phone: BrowserContext, host: tuple[str, Path]) -> None:
    home, _ = host
    page = phone.new_page()
    visit(page, home)
    visit(page, f"{home}acerca/")
    Host.trouble["acerca/"] = "slow"
    start = time.monotonic()
    page.goto(f"{home}acerca/", wait_until="commit")
    page.wait_for_selector(".offline-copy")
    assert 2.5 < time.monotonic() - start < 11 and "lenta" in page.locator(".offline-copy").inner_text()


@pytest.mark.browser
def test_the_whole_guide_opens_without_a_connection(phone: BrowserContext, host: tuple[str, Path], site: Site) -> None:
    """The size is told before, the progress after; then every page of the language opens, quietly, search included, until the copies are removed."""
    home, _ = host
    page = phone.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    visit(page, home)
    page.wait_for_function(SAID, arg=" kB")
    page.evaluate("said = []; new MutationObserver(() => said.push(document.querySelector('.keep [role=status]').textContent)).observe(document.querySelector('.keep p'), { childList: true })")
    press(page, "Guardada el")
    assert [text for text in page.evaluate("said") if re.match(r"\d+ de 80 páginas", text)]
    cut(phone)
    seen: set[str] = set()
    for document in (document for document in site.pages if document.lang == "es"):
        folder = document.url.rstrip("/").rpartition("/")[0]
        page.goto(urljoin(home, document.url), wait_until="commit" if folder in seen else "networkidle")
        seen.add(folder)
        assert SPANISH.fullmatch(page.locator(".offline-copy").inner_text()), document.url
    page.goto(f"{home}preguntas/", wait_until="networkidle")
    page.locator(".list-link").click()
    page.keyboard.type("bloqueada")
    page.wait_for_selector(".md-search-result__item a[href*=bloqueada]")
    assert noise == []
    page.goto(f"{home}acerca/")
    page.locator(".keep button").nth(1).click()
    page.wait_for_function(SAID, arg="Ya no hay copias")
    assert page.evaluate("caches.keys()") == []


@pytest.mark.browser
def test_a_new_build_takes_the_place_of_the_old_one(phone: BrowserContext, host: tuple[str, Path]) -> None:
    """Online the new page shows at once; the kept guide and visited pages follow, asking only for what changed; the old caches go."""
    home, root = host
    page = phone.new_page()
    visit(page, f"{home}en/acerca/")
    visit(page, home)
    press(page, "Guardada el")
    old = set(page.evaluate("caches.keys()"))
    publish(root, "assets/images/favicon.svg", "problemas/clave-bloqueada/")
    Host.asked.clear()
    with phone.expect_event("serviceworker"):
        visit(page, f"{home}acerca/")
    page.goto(home)
    until(page, GONE, sorted(old))
    assert {path for path in Host.asked if path.endswith("/")} == {"acerca/", "problemas/clave-bloqueada/"}
    cut(phone)
    page.goto(f"{home}problemas/clave-bloqueada/")
    assert "(nuevo)" in page.locator("h1").inner_text()
    page.goto(f"{home}en/acerca/")
    assert ENGLISH.fullmatch(page.locator(".offline-copy").inner_text())


@pytest.mark.browser
@pytest.mark.parametrize("disk", [False, True])
def test_a_broken_download_leaves_the_last_good_copy(disk: bool, phone: BrowserContext, host: tuple[str, Path]) -> None:
    """A file that fails, or a full disk, is told; the old copy and its search still work; the next try goes on from there."""
    home, root = host
    page = phone.new_page()
    visit(page, home)
    press(page, "Guardada el")
    publish(root, "acerca/", "preguntas/")
    quota = phone.new_cdp_session(page)
    if disk:
        quota.send("Storage.overrideQuotaForOrigin", {"origin": home.rstrip("/"), "quotaSize": 1000})
    else:
        Host.trouble["preguntas/"] = "500"
    press(page, "No hay espacio" if disk else "No se pudo terminar")
    cut(phone)
    page.goto(f"{home}preguntas/", wait_until="networkidle")
    assert "(nuevo)" not in page.locator("h1").inner_text() and SPANISH.fullmatch(page.locator(".offline-copy").inner_text())
    page.locator(".list-link").click()
    page.keyboard.type("bloqueada")
    page.wait_for_selector(".md-search-result__item")
    cut(phone, False)
    Host.trouble.clear()
    quota.send("Storage.overrideQuotaForOrigin", {"origin": home.rstrip("/")})
    page.goto(home)
    Host.asked.clear()
    press(page, "Guardada el")
    assert disk or "acerca/" not in Host.asked
    cut(phone)
    page.goto(f"{home}preguntas/")
    assert "(nuevo)" in page.locator("h1").inner_text()


@pytest.mark.browser
def test_the_worker_stays_out_of_the_way(chromium: Browser, host: tuple[str, Path]) -> None:
    """Nothing is asked for before the page is whole, nothing for the error page, and where data is saved only what is asked for."""
    home, _ = host
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(urljoin(home, "no/existe/"), wait_until="networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    Host.asked.clear()
    visit(page, home)
    first = page.evaluate("performance.getEntriesByType('resource').filter(e => e.startTime < performance.getEntriesByType('navigation')[0].loadEventStart).map(e => new URL(e.name).pathname)")
    assert first and not [path for path in first if "offline" in path or path.endswith(("sw.js", ".png", ".webmanifest"))]
    assert max(Host.asked.index(path.removeprefix(urlsplit(home).path)) for path in first) < Host.asked.index("sw.js")
    context.close()
    context = chromium.new_context(viewport=PHONE)
    context.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    page = context.new_page()
    page.goto(home, wait_until="networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0 and page.evaluate("caches.keys()") == []
    press(page, "Guardada el")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 1
    context.close()
