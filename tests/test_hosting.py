"""Promise: a server of one's own, with a file of hosting/, answers as the hosts do that read /_headers, and shows nothing outside the site."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import brotli
import pytest
from playwright.sync_api import Browser

from tests.kit.headers import Headers, directives, read_headers
from tests.test_security import check_walk
from tools.finding import Expect, Problem
from tools.site import hosting
from tools.site.built import Site

FILES = {"caddy": "hosting/Caddyfile", "nginx": "hosting/nginx.conf"}
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json", ".md": "text/markdown; charset=utf-8",
         ".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".xml": "application/xml; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
         ".webmanifest": "application/manifest+json"}
# nginx as Debian and others pack it has no Brotli.
CODINGS = {"caddy": ("br", "gzip"), "nginx": ("gzip",)}
FEEDS = ("cambios.xml", "en/changes.xml")
# Named in each page with the hashes of its own scripts, which no file of hosting/ can know.
IN_PAGES = {"default-src", "script-src", "style-src", "upgrade-insecure-requests"}
SECRET = "nobody may read this"
OUTSIDE = ("/../secret.txt", "/%2e%2e/secret.txt", "/a/../../secret.txt", "/a/%2e%2e/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "/%5c..%5csecret.txt", "/..\\secret.txt",
           "/%252e%252e/secret.txt", "//etc/passwd", "/etc/passwd", "/../../../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/%00", "/_headers")


def expected(headers: Headers, name: str) -> dict[str, str]:
    """What hosting/ must say of a file: what /_headers says, without what stands in the pages, and the file's type."""
    wanted = headers.of(name)
    kept = [f"{key} {' '.join(sorted(values))}" for key, values in directives(wanted["content-security-policy"]).items() if key not in IN_PAGES]
    kind = "application/atom+xml; charset=utf-8" if name in FEEDS else TYPES.get(Path(name).suffix)
    return {**wanted, "content-security-policy": "; ".join(sorted(kept)), **({"content-type": kind} if kind else {})}


def check_headers(server: str, port: int, site: Site) -> Iterator[Problem]:
    """Every file comes whole, with the headers that /_headers gives it and its type."""
    headers = read_headers((site.root / "_headers").read_text(encoding="utf-8"))
    for name in sorted(site.files - {"_headers"}):
        response, body = hosting.ask(port, "/" + quote(name.removesuffix("index.html")))
        if response.status != 200 or body != (site.root / name).read_bytes():
            yield Problem(FILES[server], 0, f"it answers {response.status} for '{name}', or not with the file", "correct the file", "host-answer")
        found = {key.lower(): value for key, value in response.getheaders()}
        found["content-security-policy"] = "; ".join(sorted(f"{key} {' '.join(sorted(values))}" for key, values in directives(found.get("content-security-policy", "")).items()))
        for key, value in expected(headers, name).items():
            if found.get(key) != value:
                yield Problem(FILES[server], 0, f"'{name}' has {key} '{found.get(key)}', not '{value}'", "compare it with site/_headers", "host-header")


def check_copies(server: str, port: int, site: Site) -> Iterator[Problem]:
    """Who reads compressed files gets the copy that lies beside the file, byte for byte, and caches are told that there are two."""
    for name in sorted(site.copies):
        coding = {".br": "br", ".gz": "gzip"}[name[-3:]]
        if coding not in CODINGS[server]:
            continue
        response, body = hosting.ask(port, "/" + quote(name[:-3].removesuffix("index.html")), accept_encoding=coding)
        found = (response.getheader("Content-Encoding"), response.getheader("Vary"))
        if body != (site.root / name).read_bytes() or found != (coding, "Accept-Encoding"):
            yield Problem(FILES[server], 0, f"it answers for '{name[:-3]}' in {coding} with Content-Encoding {found[0]}, Vary {found[1]}, or not with '{name}'", "serve the copies", "host-coding")


@pytest.fixture(params=hosting.NAMES)
def server(request: pytest.FixtureRequest) -> str:
    """Each server that is installed; in CI both must be."""
    if not hosting.find(request.param):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{request.param} is not installed. Fix: apt-get install --no-install-recommends nginx-light caddy.")
    name: str = request.param
    return name


def check_server(server: str, site: Site) -> list[Problem]:
    with hosting.serve(server, site.root) as port:
        return [*check_headers(server, port, site), *check_copies(server, port, site)]


@pytest.fixture
def small(server: str, tmp_path: Path) -> Iterator[int]:
    """Port of a small site with compressed copies, next to a file that is not part of it."""
    root = tmp_path / "site con espacio"
    (root / "a").mkdir(parents=True)
    (root / ".well-known").mkdir()
    page = b"<!doctype html><title>A</title>" + b"<p>clave</p>" * 100
    files = {"index.html": page, "index.html.gz": gzip.compress(page), "index.html.br": brotli.compress(page), "a/index.html": b"a", "404.html": b"missing",
             ".well-known/security.txt": b"Contact", "a.webmanifest": b"{}", "sw.js": b"x", "_headers": SECRET.encode(), "../secret.txt": SECRET.encode()}
    for name, text in files.items():
        (root / name).write_bytes(text)
    with hosting.serve(server, root) as port:
        yield port


def test_the_same_headers_and_the_copies(server: str, site: Site, expect_none: Expect) -> None:
    expect_none(check_server(server, site))


@pytest.mark.browser
def test_a_browser_is_content(server: str, chromium: Browser, site: Site, expect_none: Expect) -> None:
    """With the server's headers beside the page's own policy everything works, and the browser knows every name in them."""
    with hosting.serve(server, site.root) as port:
        expect_none(check_walk(chromium, f"http://127.0.0.1:{port}/", ["", "en/problemas/clave-bloqueada/", "guia-es.html"]))


def test_other_headers_is_named(server: str, tmp_path: Path) -> None:
    policy = "base-uri 'none'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; worker-src 'self'"
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    for rule, sentences in (("no-referrer", []), ("origin", [f"{FILES[server]}: 'a.txt' has referrer-policy 'no-referrer', not 'origin'. Fix: compare it with site/_headers."])):
        (tmp_path / "_headers").write_text(f"/*\n  Content-Security-Policy: default-src 'none'; {policy}\n  Referrer-Policy: {rule}\n", encoding="utf-8")
        assert [problem.sentence for problem in check_server(server, Site(tmp_path, "http://127.0.0.1:8000/"))] == sentences


def test_a_copy_that_is_not_served_is_named(server: str, tmp_path: Path) -> None:
    """The server hides /_headers, so that it has no copy to give either."""
    for name in ("_headers", "_headers.gz", "404.html"):
        (tmp_path / name).write_text("a", encoding="utf-8")
    with hosting.serve(server, tmp_path) as port:
        found = [problem.sentence for problem in check_copies(server, port, Site(tmp_path, "http://127.0.0.1:8000/"))]
    assert found == [f"{FILES[server]}: it answers for '_headers' in gzip with Content-Encoding None, Vary None, or not with '_headers.gz'. Fix: serve the copies."]


def test_compressed_copies(server: str, small: int) -> None:
    """The smallest copy that the browser reads; both are the page."""
    plain = hosting.ask(small, "/")[1]
    for asked, got, read in (("gzip", "gzip", gzip.decompress), ("gzip, br", "br" if server == "caddy" else "gzip", brotli.decompress if server == "caddy" else gzip.decompress)):
        response, body = hosting.ask(small, "/", accept_encoding=asked)
        assert response.getheader("Content-Encoding") == got and len(body) < len(plain) and read(body) == plain
        assert response.getheader("Vary") == "Accept-Encoding" and response.getheader("Content-Type") == "text/html; charset=utf-8"


def test_what_is_missing(small: int) -> None:
    """404.html with its status and the headers of a page; a folder without its slash leads to the one with it, on the same host."""
    for path in ("/no/existe/", "/no.css", "/a/no"):
        response, body = hosting.ask(small, path)
        assert (response.status, body, response.getheader("Content-Type")) == (404, b"missing", "text/html; charset=utf-8")
        assert response.getheader("X-Content-Type-Options") == "nosniff" and "frame-ancestors 'none'" in response.getheader("Content-Security-Policy", "")
    response, _ = hosting.ask(small, "/a")
    assert response.status in (301, 308) and response.getheader("Location") == "/a/"


def test_what_is_always_asked_for(small: int) -> None:
    """The worker and the manifest, and security.txt although its folder is hidden."""
    assert [hosting.ask(small, path)[0].getheader("Cache-Control") for path in ("/sw.js", "/a.webmanifest")] == ["no-cache"] * 2
    assert hosting.ask(small, "/a.webmanifest")[0].getheader("Content-Type") == TYPES[".webmanifest"]
    assert hosting.ask(small, "/.well-known/security.txt")[1] == b"Contact"


def test_parts_and_what_is_known(small: int) -> None:
    """A part of a file is 206; a file that the browser has is 304."""
    response, body = hosting.ask(small, "/", range="bytes=0-13")
    assert (response.status, body) == (206, b"<!doctype html")
    assert hosting.ask(small, "/", if_none_match=hosting.ask(small, "/")[0].getheader("ETag", ""))[0].status == 304


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_the_site(path: str, small: int) -> None:
    response, body = hosting.ask(small, path)
    assert response.status in (400, 404) and SECRET.encode() not in body and b"root:" not in body
