"""Promise: a page runs only its own scripts, asks for no data, keeps nothing but the reader's own choice, and says so to the browser."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from tests.kit.headers import directives, read_headers
from tests.test_browser import listen
from tools.docs import Docs
from tools.finding import At, Expect, Problem
from tools.site import browser as chrome
from tools.site.browser import PHONE
from tools.site.built import Site

POLICY = "//head/meta[@http-equiv='Content-Security-Policy']/@content"
FIXED = {"default-src": {"'none'"}, "img-src": {"'self'", "data:"}, "connect-src": {"'self'"}, "worker-src": {"'self'"}, "manifest-src": {"'self'"},
         "base-uri": {"'none'"}, "form-action": {"'none'"}}
RUN = "//script[not(@src) and not(contains(@type, 'json'))]"
EMBEDDED = ("iframe", "frame", "object", "embed", "applet", "foreignObject", "portal", "fencedframe")
# What may be typed or pressed: the search, the filter of the answers, and the theme's own switches.
FIELDS = "self::input[@type='text' and @name='query'] or self::input[@type='search' and @data-filter] or self::input[(@type='checkbox' or @type='radio') and starts-with(@id, '__')]"
FORMS = "self::form[@name='search' and @method='dialog'] or self::form[@data-md-component='palette']"
POLICY_HOOK, HEADERS_HOOK = "correct overrides/hooks/guia/ship/policy.py", "correct overrides/hooks/guia/ship/headers.py"
MOVE = "move it to a class or a script of docs/assets"
# Cloudflare Pages reads no more.
MOST_RULES, LONGEST_LINE = 100, 2000


def sums(elements: list[etree._Element]) -> set[str]:
    return {"'sha256-" + base64.b64encode(hashlib.sha256((element.text or "").encode("utf-8")).digest()).decode("ascii") + "'" for element in elements}


def check_policy(site: Site) -> Iterator[Problem]:
    """Every HTML file names, before anything else but its charset, exactly what it needs."""
    for document in site.documents:
        head = document.tree.xpath("/html/head")[0]
        if len(document.tree.xpath(POLICY)) != 1 or head[1].get("content") != document.one(POLICY) or head[0].get("charset") is None:
            yield Problem(document.shown, 0, "its policy does not follow its charset at the start of its head", POLICY_HOOK, "policy-place")
            continue
        wanted = {**FIXED, "script-src": {"'self'", *sums(document.tree.xpath(RUN))}, "style-src": {"'self'", *sums(document.tree.xpath("//style"))}}
        if site.url.startswith("https:"):
            wanted["upgrade-insecure-requests"] = set()
        found = directives(document.one(POLICY))
        for name in sorted(wanted.keys() | found.keys()):
            if wanted.get(name) != found.get(name):
                yield Problem(document.shown, 0, f"its policy allows {name} {sorted(found.get(name, set()))}, not {sorted(wanted.get(name, set()))}", POLICY_HOOK, "policy-differs")


def check_headers(site: Site) -> Iterator[Problem]:
    """/_headers allows what the pages together need, no page to be framed, and gives each file one rule of its own."""
    rules = read_headers((site.root / "_headers").read_text(encoding="utf-8"))
    whole = directives(rules.rules["/*"].get("Content-Security-Policy", ""))
    needed: dict[str, set[str]] = {"frame-ancestors": {"'none'"}}
    for document in site.documents:
        for name, values in directives(document.one(POLICY)).items():
            needed[name] = needed.get(name, set()) | values
    if whole != needed:
        yield Problem("site/_headers", 0, "its policy is not what all pages need and frame-ancestors 'none'", HEADERS_HOOK, "headers-policy")
    if len(rules.rules) > MOST_RULES or max(map(len, rules.text.splitlines())) > LONGEST_LINE:
        yield Problem("site/_headers", 0, f"it has more than {MOST_RULES} rules or a line of more than {LONGEST_LINE} letters", HEADERS_HOOK, "headers-too-many")
    for name in sorted(site.files - {"_headers"}):
        matching = rules.matching(name)
        if len(matching) != 1:
            yield Problem(f"site/{name}", 0, f"{len(matching)} rules of /_headers hold for it beside that for all", HEADERS_HOOK, "headers-overlap")


def check_markup(site: Site) -> Iterator[Problem]:
    """No script, style or address hides in an attribute, and nothing is embedded."""
    for document in site.documents:
        for element in document.tree.iter("*"):
            for name, value in ((str(name), str(value)) for name, value in element.attrib.items()):
                if name.startswith("on") or name == "style":
                    yield Problem(document.shown, 0, f"<{element.tag!s}> has the attribute {name}", MOVE, "inline-handler")
                if re.match(r"\s*(?:javascript|vbscript|data:text/html)", value, re.IGNORECASE):
                    yield Problem(document.shown, 0, f"<{element.tag!s}> has the address '{value}'", MOVE, "script-address")
            if element.tag in {name.lower() for name in EMBEDDED}:
                yield Problem(document.shown, 0, f"it embeds something in <{element.tag!s}>", "link to it instead", "embedded")


def check_fields(site: Site) -> Iterator[Problem]:
    """Nothing on the site takes a password, a cédula, a file or any other data."""
    for document in site.documents:
        for element in document.tree.xpath(f"//input[not({FIELDS})] | //textarea | //select | //*[@contenteditable]"):
            yield Problem(document.shown, 0, f"<{element.tag} type=\"{element.get('type', '')}\"> takes data", "remove it: the guide never asks for data", "field-takes-data")
        for element in document.tree.xpath(f"//form[not({FORMS}) or @action]"):
            yield Problem(document.shown, 0, f"the form '{element.get('name', '')}' is not the search", "remove it: the guide never asks for data", "form-unknown")


def check_outer(site: Site) -> Iterator[Problem]:
    """A link to another host tells it nothing and gives it no hold on the page."""
    for document in site.documents:
        for link in document.tree.xpath("//a[@href] | //area[@href]"):
            host = urlsplit(link.get("href")).netloc
            if host not in ("", urlsplit(site.url).netloc) and not {"noopener", "noreferrer"} <= set(link.get("rel", "").split()):
                yield Problem(document.shown, 0, f"the link to '{host}' lacks rel=\"noopener noreferrer\"", "see mark() in overrides/hooks/guia/page/context.py, or its template", "outer-link-rel")


def check_drawings(site: Site) -> Iterator[Problem]:
    """An SVG file draws and does nothing else."""
    for name in sorted(name for name in site.files if name.endswith(".svg")):
        for element in etree.parse(site.root / name).iter(tag=etree.Element):
            tag = etree.QName(element).localname
            acts = [key for key, value in element.attrib.items() if key.startswith("on") or value.strip().lower().startswith("javascript:")]
            if tag in ("script", *EMBEDDED) or acts:
                yield Problem(f"site/{name}", 0, f"the drawing has {f'the attribute {acts[0]}' if acts else f'<{tag}>'}", "draw it again without", "drawing-acts")


def check_security_txt(site: Site, newest: date) -> Iterator[Problem]:
    """RFC 9116: the fields once each, and the same dates whenever it is built."""
    text = (site.root / ".well-known/security.txt").read_text(encoding="utf-8") if ".well-known/security.txt" in site.files else ""
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    wanted = {"Expires": f"{newest.replace(year=newest.year + 1)}T00:00:00Z", "Preferred-Languages": "es, en", "Canonical": urljoin(site.url, ".well-known/security.txt")}
    contact = fields.get("Contact", "")
    if {key: fields.get(key) for key in wanted} != wanted or len(text.splitlines()) != 4 or not (contact.endswith("/security") or contact == urljoin(site.url, "acerca/")):
        yield Problem("site/.well-known/security.txt", 0, "it does not say where to report, until when, and where it stands", POLICY_HOOK, "security-txt")


CHECKS = (check_policy, check_headers, check_markup, check_fields, check_outer, check_drawings)


@pytest.mark.parametrize("check", CHECKS)
def test_security(check: Callable[[Site], Iterator[Problem]], site: Site, expect_none: Expect) -> None:
    expect_none(check(site))


def test_security_txt(site: Site, docs: Docs, expect_none: Expect) -> None:
    expect_none(check_security_txt(site, max(date.fromisoformat(str(page.meta["checked"])) for page in docs.pages)))


def check_walk(browser: Browser, home: str, paths: list[str]) -> Iterator[Problem]:
    """What a reader does leaves the policy unbroken, the console silent, no cookie and no entry but the choice of colours."""
    context = browser.new_context(viewport=PHONE)
    context.add_init_script("addEventListener('securitypolicyviolation', e => console.error(`refused: ${e.violatedDirective} ${e.blockedURI}`))")
    for path in paths:
        page = context.new_page()
        heard = listen(page, home)
        chrome.visit(page, urljoin(home, path))
        missing = not (page.locator("article").count() and page.locator("footer time").count())
        # A page whose script fails cannot be used: what it says tells more than where the use stops.
        if missing or not heard:
            _use(page)
        kept = page.evaluate("[...Object.keys(localStorage).filter(key => !key.endsWith('.__palette')), ...Object.keys(sessionStorage)]")
        for noise in dict.fromkeys(sound for sound in heard if not (missing and "404" in sound)):
            yield Problem(f"site/{path}", 0, noise, "correct the page, template or script that causes it", "walk-noisy")
        for name in [*kept, *(cookie["name"] for cookie in context.cookies())]:
            yield Problem(f"site/{path}", 0, f"the browser keeps '{name}'", "keep nothing but the reader's own choice", "browser-keeps")
        page.close()
    context.close()


def _use(page: Page) -> None:
    """Search, open the drawer, change the colours: on each page that can."""
    if page.locator("[data-drawer]").count():
        page.locator("[data-drawer]").click()
        page.locator("#menu a").first.wait_for()
        page.locator(".md-overlay").click(position={"x": 340, "y": 300})
        page.locator("[data-md-component=palette] label:visible").first.click()
        page.evaluate("document.getElementById('__search').click()")
        page.locator("[data-md-component=search-query]").fill("clave bloqueada 1712345678")
        page.wait_for_selector(".md-search-result__item", state="attached")
        chrome.rest(page)


PATHS = ["", "problemas/clave-bloqueada/", "afiliado/recuperar-clave/", "ayudar/", "no/existe/"]


@pytest.mark.browser
def test_walk(chromium: Browser, site: Site, served: str, expect_none: Expect) -> None:
    expect_none(check_walk(chromium, served, [*PATHS, *(f"en/{path}" for path in PATHS[:2]), "e/01/#que-hacer", "guia-es.html", "guide-en.html"]))


CSP = '<meta http-equiv="Content-Security-Policy" content="{}">'
GOOD = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'")
URL = "http://127.0.0.1:8000/"
SELF, ALERT = "'self'", "'sha256-S8S/VNmXuUuoIR6OhqBqwIiIkuCxXq31hCCHAHnicV8='"


def write(tmp_path: Path, body: str, policy: str = GOOD, **files: str) -> Site:
    page = f'<html><head><meta charset="utf-8">{CSP.format(policy)}</head><body>{body}</body></html>'
    headers = f"/*\n  Content-Security-Policy: {policy}; frame-ancestors 'none'\n\n/index.html\n  Cache-Control: no-cache\n"
    for name, text in {"index.html": page, "_headers": headers, **files}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Site(tmp_path, URL)


@pytest.mark.parametrize(("check", "body", "at"), [
    (check_policy, "<script>alert()</script>",
     ("policy-differs", "site/index.html", 0)),
    (check_markup, '<p onclick="x()">x</p>', ("inline-handler", "site/index.html", 0)),
    (check_markup, '<p style="color:red">x</p>', ("inline-handler", "site/index.html", 0)),
    (check_markup, '<a href=" JavaScript:x()">x</a>', ("script-address", "site/index.html", 0)),
    (check_markup, "<svg><foreignObject></foreignObject></svg>", ("embedded", "site/index.html", 0)),
    (check_markup, '<iframe src="x"></iframe>', ("embedded", "site/index.html", 0)),
    (check_fields, '<input type="password">', ("field-takes-data", "site/index.html", 0)),
    (check_fields, '<input type="text" name="cedula">', ("field-takes-data", "site/index.html", 0)),
    (check_fields, "<textarea></textarea>", ("field-takes-data", "site/index.html", 0)),
    (check_fields, '<form name="datos"></form>', ("form-unknown", "site/index.html", 0)),
    (check_outer, '<a href="https://a.example/">x</a>',
     ("outer-link-rel", "site/index.html", 0)),
])
def test_a_bad_page_is_named(check: Callable[..., Iterator[Problem]], body: str, at: At, tmp_path: Path) -> None:
    assert [problem.at for problem in check(write(tmp_path, body))] == [at]


@pytest.mark.parametrize(("policy", "sentence"), [
    (GOOD.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"), "its policy allows script-src [\"'self'\", \"'unsafe-inline'\"], not [\"'self'\"]"),
    (GOOD.replace("; form-action 'none'", ""), "its policy allows form-action [], not [\"'none'\"]"),
])
def test_a_bad_policy_is_named(policy: str, sentence: str, tmp_path: Path) -> None:
    assert [problem.sentence for problem in check_policy(write(tmp_path, "", policy))] == [f"site/index.html: {sentence}. Fix: {POLICY_HOOK}."]


def test_a_late_policy_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f'<html><head><meta charset="utf-8"><title>A</title>{CSP.format(GOOD)}</head></html>', encoding="utf-8")
    assert [problem.at for problem in check_policy(Site(tmp_path, URL))] == [
        ("policy-place", "site/a.html", 0)]


RULE = "/index.html\n  Cache-Control: no-cache\n"


@pytest.mark.parametrize(("headers", "sentence"), [
    (f"/*\n  Content-Security-Policy: {GOOD}\n\n{RULE}", "site/_headers: its policy is not what all pages need and frame-ancestors 'none'"),
    (f"/*\n  Content-Security-Policy: {GOOD}; frame-ancestors 'none'\n\n{RULE}\n/index*\n  Cache-Control: no-cache\n",
     "site/index.html: 2 rules of /_headers hold for it beside that for all"),
    (f"/*\n  Content-Security-Policy: {GOOD}; frame-ancestors 'none'\n  X: {'x' * 2000}\n\n{RULE}", "site/_headers: it has more than 100 rules or a line of more than 2000 letters"),
])
def test_bad_headers_is_named(headers: str, sentence: str, tmp_path: Path) -> None:
    assert [problem.sentence for problem in check_headers(write(tmp_path, "", _headers=headers))] == [f"{sentence}. Fix: {HEADERS_HOOK}."]


@pytest.mark.parametrize(("inside", "what"), [
    ("<script/>", "<script>"), ("<foreignObject/>", "<foreignObject>"), ("<g onload='x()'/>", "the attribute onload"), ("<a href='javascript:x()'/>", "the attribute href"),
])
def test_a_bad_drawing_is_named(inside: str, what: str, tmp_path: Path) -> None:
    site = write(tmp_path, "", **{"a.svg": f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>"})
    assert [problem.sentence for problem in check_drawings(site)] == [f"site/a.svg: the drawing has {what}. Fix: draw it again without."]


def test_a_bad_security_txt_is_named(tmp_path: Path) -> None:
    at = ("security-txt", "site/.well-known/security.txt", 0)
    (tmp_path / ".well-known").mkdir()
    text = f"Contact: {URL}acerca/\nExpires: 2027-11-20T00:00:00Z\nPreferred-Languages: es, en\nCanonical: {URL}.well-known/security.txt\n"
    for said, wanted in ((text, []), (text.replace("2027", "2028"), [at])):
        (tmp_path / ".well-known/security.txt").write_text(said, encoding="utf-8")
        assert [problem.at for problem in check_security_txt(Site(tmp_path, URL), date(2026, 11, 20))] == wanted


@pytest.mark.browser
@pytest.mark.parametrize(("body", "sentence"), [
    ("<p style='color:red'>x</p>", "the console says 'refused: style-src-attr inline'"),
    ("<script src='a.js'></script>", "the browser keeps 'seguimiento'"),
    ("<script src='b.js'></script>", "the browser keeps 'visita'"),
])
def test_a_bad_walk_is_named(body: str, sentence: str, chromium: Browser, tmp_path: Path) -> None:
    body = f"<link rel=icon href='data:,'><article></article><footer><time></time></footer>{body}"
    write(tmp_path, body, **{"a.js": "sessionStorage.seguimiento = 1", "b.js": "document.cookie = 'visita=1'"})
    with chrome.serve(tmp_path, "http://127.0.0.1/") as home:
        found = [problem.sentence for problem in check_walk(chromium, home, [""])]
    assert any(sentence in problem for problem in found), found
