"""Promise: the guide installs on a phone, in the language of the page, with an icon of its own."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser

from tools.docs import ROOT
from tools.finding import At, Expect, Problem
from tools.site import browser as chrome
from tools.site.built import Site

HOOK = "correct overrides/hooks/guia/ship/offline.py"


def check_manifests(site: Site) -> Iterator[Problem]:
    """Every page names an icon for phones; each manifest is of its folder's language and has what an installed app needs, icons of the stated size too."""
    for page in site.pages:
        if not site.path(page, page.one("//link[@rel='apple-touch-icon']/@href") or "none") in site.files:
            yield Problem(page.shown, 0, "it names no icon for phones", "correct overrides/main.html", "manifest-no-icon")
    for name in sorted(name for name in site.files if name.endswith(".webmanifest")):
        yield from _manifest(site, name)


def _manifest(site: Site, name: str) -> Iterator[Problem]:
    manifest = json.loads((site.root / name).read_text(encoding="utf-8"))
    if manifest.get("lang") != ("en" if name.startswith("en/") else "es"):
        yield Problem(f"site/{name}", 0, f"it is in '{manifest.get('lang')}'", HOOK, "manifest-language")
    for key in ("name", "short_name", "start_url", "scope", "display", "theme_color", "background_color", "icons"):
        if not manifest.get(key):
            yield Problem(f"site/{name}", 0, f"it has no '{key}'", HOOK, "manifest-key-missing")
    if {(icon["sizes"], icon["purpose"]) for icon in manifest.get("icons", [])} < {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}:
        yield Problem(f"site/{name}", 0, "it lacks an icon of 192, of 512 or a maskable one", HOOK, "manifest-sizes")
    for icon in manifest.get("icons", []):
        file = (site.root / name).parent / icon["src"]
        size = struct.unpack(">II", file.read_bytes()[16:24]) if file.exists() else (0, 0)
        if icon["sizes"] != f"{size[0]}x{size[1]}":
            yield Problem(f"site/{name}", 0, f"'{icon['src']}' is not {icon['sizes']}", "draw it again from docs/assets/images/favicon.svg", "manifest-icon-size")


def test_manifests(site: Site, expect_none: Expect) -> None:
    expect_none(check_manifests(site))


def test_the_tab_has_the_same_icon() -> None:
    """Our script draws it, so that no page asks for it."""
    icon, script = "docs/assets/images/favicon.svg", "docs/assets/javascripts/site.js"
    drawing = (ROOT / icon).read_text(encoding="utf-8").strip()
    assert f"`{drawing}`" in (ROOT / script).read_text(encoding="utf-8"), f"{script}: ICON is not {icon}. Fix: copy the drawing."


PLAIN = "<html><body></body></html>"
MANIFEST = '{"lang": "en", "icons": [{"src": "a.png", "sizes": "192x192", "purpose": "any"}]}'


@pytest.mark.parametrize(("files", "at"), [
    ({"index.html": PLAIN}, ("manifest-no-icon", "site/index.html", 0)),
    ({"m.webmanifest": MANIFEST}, ("manifest-language", "site/m.webmanifest", 0)),
    ({"m.webmanifest": MANIFEST}, ("manifest-key-missing", "site/m.webmanifest", 0)),
    ({"m.webmanifest": MANIFEST}, ("manifest-sizes", "site/m.webmanifest", 0)),
    ({"m.webmanifest": MANIFEST}, ("manifest-icon-size", "site/m.webmanifest", 0)),
])
def test_a_bad_manifest_is_named(files: dict[str, str], at: At, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert at in [problem.at for problem in check_manifests(Site(tmp_path, "http://127.0.0.1:8000/"))]


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "en/", "problemas/clave-bloqueada/", "en/ayudar/"])
def test_the_browser_would_install_it(path: str, chromium: Browser, served: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    chrome.visit(page, urljoin(served, path))
    browser = context.new_cdp_session(page)
    manifest = browser.send("Page.getAppManifest")
    assert manifest["url"] == urljoin(served, "en/manifest.webmanifest" if path.startswith("en/") else "manifest.webmanifest") and manifest["errors"] == []
    # A window without a profile of its own never installs anything.
    assert {error["errorId"] for error in browser.send("Page.getInstallabilityErrors")["installabilityErrors"]} <= {"in-incognito"}
    context.close()
