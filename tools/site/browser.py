"""Finds or installs a Chrome or Chromium, serves the built site on 127.0.0.1 and opens pages in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, ViewportSize
from playwright.sync_api import TimeoutError as PlaywrightTimeout

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
)
PHONE, DESK = ViewportSize(width=360, height=640), ViewportSize(width=1280, height=800)
# Needed as root, and so that the browser itself asks nothing of the network.
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SCRIPT = "docs/assets/javascripts/site.js"
AT_WORK = "() => document.documentElement.matches('.js') || !document.querySelector('[data-site]') || matchMedia('(scripting: none)').matches"
# Two frames and an idle moment later, what the page starts by itself has been started. Without scripts there is nothing to wait for.
AT_REST = ("() => matchMedia('(scripting: none)').matches || new Promise(done => "
           "requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(() => done(true), { timeout: 2000 }))))")
ADVICE = "No Chrome or Chromium was found and none could be installed. Fix: install one, or set CHROME to its path, then run make test again."


def find() -> str | None:
    """Path of an installed browser: $CHROME, one on PATH, one in its usual place, or Playwright's own."""
    return next((path for path in _candidates() if path and Path(path).exists()), None)


def _candidates() -> Iterator[str | None]:
    if os.environ.get("CHROME"):
        yield os.environ["CHROME"]
        return
    yield from (shutil.which(name) for name in NAMES)
    yield from PLACES
    yield _playwrights_own()


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install() -> str | None:
    """Install one: Debian's package as root, else Playwright's download. Returns its path, or None."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        commands = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]]
    else:
        commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    for command in commands:
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode != 0:
            break
    return find()


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder as a static host does: below the site's base path, with 404.html for what is missing."""

    base = "/"

    def translate_path(self, path: str) -> str:
        inside = path[len(self.base):] if path.startswith(self.base) else "missing"
        return super().translate_path("/" + inside)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.exists():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serve(folder: Path, site_url: str, kind: type[Handler] = Handler) -> Iterator[str]:
    """Serve `folder` on a free port under the path of `site_url`; yields the address, with a trailing slash."""
    base = urlsplit(site_url).path or "/"
    handler = type("Handler", (kind,), {"base": base})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base}"
    finally:
        server.shutdown()
        server.server_close()


def visit(page: Page, address: str) -> None:
    """Open a page and wait until its script is at work, which starts once the page is painted, and has begun what can wait."""
    page.goto(address, wait_until="load")
    try:
        page.wait_for_function(AT_WORK)
    except PlaywrightTimeout as error:
        raise AssertionError(f"site/{urlsplit(address).path[1:]}: its script does not get to work. Fix: correct {SCRIPT}; the browser's console says where.") from error
    rest(page)


def rest(page: Page) -> None:
    """Wait until the page has begun all that it does by itself after what was done to it last."""
    page.wait_for_function(AT_REST)


if __name__ == "__main__":
    sys.exit(None if find() or install() else ADVICE)
