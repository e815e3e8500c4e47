"""Promise: published below a path, as on https://example.org/guia/, all of it works: pages, search, worker, manifest, short addresses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.kit.offline import Spoiled, cut, spoilable, visit
from tools.docs import copy_small
from tools.site import browser as chrome
from tools.site.browser import PHONE

SITE_URL = "https://example.org/guia/"
CODE = "02"


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoiled]:
    """A few pages, built for an address with a path and served there."""
    folder = tmp_path_factory.mktemp("below")
    copy_small(folder)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", "out"]
    run = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, env={**os.environ, "SITE_URL": SITE_URL})
    assert run.returncode == 0, f"mkdocs.yml: it does not build for {SITE_URL}: {run.stderr[-300:]}. Fix: see SITE_URL in mkdocs.yml and the hooks."
    kind = spoilable()
    with chrome.serve(folder / "out", SITE_URL, kind) as home:
        yield Spoiled(home, folder / "out", kind)


@pytest.mark.slow
def test_no_address_leaves_the_path(below: Spoiled) -> None:
    """What pages and the manifest link to, and ask for, lies below it."""
    _, root, _ = below
    manifest = json.loads((root / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert not [icon["src"] for icon in manifest["icons"] if icon["src"].startswith("/")] and manifest["start_url"] == "./"
    page = (root / "problemas/clave-bloqueada/index.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{SITE_URL}problemas/clave-bloqueada/">' in page and 'href="/' not in page and 'src="/' not in page


@pytest.mark.browser
def test_pages_search_short_addresses_and_copies(chromium: Browser, below: Spoiled) -> None:
    home, _, kind = below
    assert urlsplit(home).path == "/guia/"
    context = chromium.new_context(viewport=PHONE, locale="es-EC")
    page = context.new_page()
    visit(page, home)
    page.locator("[data-search]").click()
    page.keyboard.type("clave bloqueada")
    page.locator(".md-search-result__item a[href*='clave-bloqueada']").first.click()
    page.wait_for_url("**/guia/problemas/clave-bloqueada/**")
    visit(page, f"{home}problemas/clave-bloqueada/")
    page.goto(urljoin(home, f"e/{CODE}/"))
    page.wait_for_url("**/guia/problemas/clave-bloqueada/")
    assert page.evaluate("navigator.serviceWorker.ready.then(found => found.scope)") == home
    cut(context, kind)
    page.goto(f"{home}problemas/clave-bloqueada/")
    assert "sin conexión" in page.locator(".offline-copy").inner_text()
    context.close()
