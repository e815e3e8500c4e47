"""What the tests of copies need: a host that can be spoiled, a network that can be cut, and another build of the same site."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

from tools.site.browser import Handler

WORKER = "docs/assets/javascripts/offline/sw.js"
HAS = "async url => Boolean(await caches.match(url))"
UPDATE = "navigator.serviceWorker.getRegistration().then(found => found.update()).then(() => true)"
SETTLED = """async () => {
  const { installing, waiting, active } = await navigator.serviceWorker.getRegistration()
  return !installing && !waiting && active.state === "activated"
}"""


class Host(Handler):
    """A host whose answers a test can spoil, one class a test (`spoilable`): `trouble` holds what befalls a path (`*`: every path), `asked` the paths asked for."""

    trouble: dict[str, str]
    asked: list[str]
    # What is held answers once this is set.
    go: Event

    def do_GET(self) -> None:
        path = urlsplit(self.path).path[len(self.base):]
        self.asked.append(path)
        what = self.trouble.get("*") or self.trouble.get(path, "")
        if what == "held":
            self.go.wait(60)
        if what == "hotel":
            self.answer(200, b"<!doctype html><title>Hotel</title><h1>Hotel</h1>")
        elif what.isdigit():
            self.answer(int(what))
        elif what != "cut":
            super().do_GET()

    def answer(self, status: int, body: bytes = b"<title>x</title>") -> None:
        """A redirect, a part of a page, an error, or what somebody else puts in the place of a page."""
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Location", f"{self.base}acerca/")
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        # So that the browser's own store never stands in for a copy.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


class Spoiled(NamedTuple):
    """A site on a host of its own: its address, its folder, and what the host does wrong and was asked for."""

    home: str
    root: Path
    host: type[Host]


def spoilable() -> type[Host]:
    """A host for one test, which shares its troubles with no other."""
    return type("Host", (Host,), {"trouble": {}, "asked": [], "go": Event()})


def comes_true(page: Page, test: str, given: Any, seconds: int = 30) -> bool:
    """Whether an asynchronous test in the page comes true in time; Playwright's own waiting takes a promise for a yes."""
    loop = f"for (let turn = 0; turn < {seconds * 20}; turn++) {{ if (await test(given)) return true; await new Promise(done => setTimeout(done, 50)) }} return false"
    return bool(page.evaluate(f"async given => {{ const test = {test}; {loop} }}", given))


def until(page: Page, test: str, given: Any) -> None:
    """Wait half a minute at most for an asynchronous test in the page."""
    met = comes_true(page, test, given)
    assert met, f"{WORKER}: half a minute later '{' '.join(test.split())}' is still not true of '{given}'. Fix: let the worker start and keep what is visited."


def visit(page: Page, address: str) -> None:
    """Open a page and wait until a copy of it lies in the browser."""
    page.goto(address)
    until(page, HAS, address)


def update(page: Page) -> None:
    """Let the browser look for a newer worker now, and wait until it has taken over: a navigation in that instant can hang when workers are debugged."""
    page.evaluate(UPDATE)
    # A phone ends an idle worker, and the new one starts. Where DevTools is attached, as here, Chromium does not, once the page has asked
    # the old one for something while it was ending. Not sooner: to stop a worker that is installing fails its installation.
    if not comes_true(page, SETTLED, None, seconds=3):
        session = page.context.new_cdp_session(page)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        session.detach()
    until(page, SETTLED, None)


def cut(context: BrowserContext, host: type[Host], off: bool = True) -> None:
    """Take the network away, or give it back."""
    context.set_offline(off)
    host.trouble.clear()
    if off:
        host.trouble["*"] = "cut"


def number(content: bytes) -> int:
    """What the list holds for a file: the first 4 bytes of its SHA-256."""
    return int.from_bytes(hashlib.sha256(content).digest()[:4], "big")


def read_list(root: Path) -> dict[str, Any]:
    """The published list of the files that may be kept."""
    found: dict[str, Any] = json.loads((root / "offline.json").read_text(encoding="utf-8"))
    return found


def file_of(root: Path, address: str) -> Path:
    """The file of an address below the root."""
    return root / address / "index.html" if address == "" or address.endswith("/") else root / address


def publish(root: Path, *names: str) -> None:
    """Publish another build in which these files differ, with the list and the worker that go with it."""
    listed = read_list(root)
    made = {key: listed[key] for key in ("build", "shell")}
    for name in names:
        file = file_of(root, name)
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
