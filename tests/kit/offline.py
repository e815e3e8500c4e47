"""What the tests of copies need: a host that can be spoiled, a network that can be cut, and another build of the same site."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

from tests.kit.browser import Handler

WORKER = "docs/assets/javascripts/offline/sw.js"
HAS = "async url => Boolean(await caches.match(url))"
UPDATE = "navigator.serviceWorker.getRegistration().then(found => found.update()).then(() => true)"
SETTLED = """async () => {
  const { installing, waiting, active } = await navigator.serviceWorker.getRegistration()
  return !installing && !waiting && active.state === "activated"
}"""


class Host(Handler):
    """A host whose answers a test can spoil: `trouble` holds what befalls a path (`*`: every path), `asked` the paths asked for."""

    trouble: ClassVar[dict[str, str]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        path = urlsplit(self.path).path[len(self.base):]
        self.asked.append(path)
        what = self.trouble.get("*") or self.trouble.get(path, "")
        if what == "slow":
            time.sleep(12)
        if what.isdigit():
            self.answer(int(what))
        elif what != "cut":
            super().do_GET()

    def answer(self, status: int) -> None:
        """A redirect, a part of a page, or an error."""
        self.send_response(status)
        self.send_header("Location", f"{self.base}acerca/")
        self.end_headers()
        self.wfile.write(b"<title>x</title>")

    def end_headers(self) -> None:
        # So that the browser's own store never stands in for a copy.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


def until(page: Page, test: str, given: Any) -> None:
    """Wait for an asynchronous test in the page; Playwright's own waiting takes a promise for a yes."""
    loop = "for (let turn = 0; turn < 600; turn++) { if (await test(given)) return true; await new Promise(done => setTimeout(done, 50)) } return false"
    met = page.evaluate(f"async given => {{ const test = {test}; {loop} }}", given)
    assert met, f"{WORKER}: half a minute later '{' '.join(test.split())}' is still not true of '{given}'. Fix: let the worker start and keep what is visited."


def visit(page: Page, address: str) -> None:
    """Open a page and wait until a copy of it lies in the browser."""
    page.goto(address)
    until(page, HAS, address)


def update(page: Page) -> None:
    """Let the browser look for a newer worker now, and wait until it has taken over: a navigation in that instant can hang when workers are debugged."""
    page.evaluate(UPDATE)
    until(page, SETTLED, None)


def cut(context: BrowserContext, off: bool = True) -> None:
    """Take the network away, or give it back."""
    context.set_offline(off)
    Host.trouble.clear()
    if off:
        Host.trouble["*"] = "cut"


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
