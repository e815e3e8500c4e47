"""Promise: people who use a keyboard, a screen reader, large text or a small screen get everything that others get."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page

from tests.kit.problem import Problem
from tests.kit.source import ROOT

AXE = (ROOT / "tests/node_modules/axe-core/axe.min.js")
WIDTHS = (320, 360, 768, 1280)
SCHEMES = ("light", "dark")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NOTHING = "wxqj kzpt"


def axe(page: Page) -> list[dict[str, Any]]:
    """What axe finds on the page as it stands, of any impact."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate("async rules => (await axe.run(document, rules)).violations", RULES)


def check_axe(shown: str, state: str, violations: list[dict[str, Any]]) -> Iterator[Problem]:
    """One finding for each rule that axe reports, with the first element that breaks it."""
    for rule in violations:
        first = rule["nodes"][0]["html"]
        yield Problem(shown, 0, f"{state}: {rule['id']}: {rule['help']} ({len(rule['nodes'])} x, first {first[:120]})", f"see axe's rule {rule['id']}")



@pytest.mark.browser
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_open_dialog(chromium: Browser, served: str, expect_none: Callable, width: int, scheme: str) -> None:
    """axe on the dialog with rows, with none and with personal data dropped, in both languages."""
    found: list[Problem] = []
    context = chromium.new_context(viewport={"width": width, "height": 640}, color_scheme=scheme)
    for home, query in (("", "clave bloqueada 1712345678"), ("en/", "locked password 1712345678")):
        page = context.new_page()
        page.goto(urljoin(served, home), wait_until="networkidle")
        page.locator("[data-search]").click()
        for text, wanted in ((query, ".md-search-result__item mark"), (NOTHING, ".md-search-result__list:empty")):
            page.locator("[data-md-component=search-query]").fill(text)
            page.wait_for_selector(wanted, state="attached")
            found += check_axe(f"site/{home}index.html", f"dialog, {scheme}, {width} px, «{text}»", axe(page))
        page.close()
    context.close()
    expect_none(found)


def test_a_finding_of_axe_gets_one_sentence() -> None:
    rule = {"id": "label", "help": "Form elements must have labels", "nodes": [{"html": "<input>"}, {"html": "<input>"}]}
    assert [str(found) for found in check_axe("site/a.html", "page, dark, 320 px", [rule])] == [
        "site/a.html: page, dark, 320 px: label: Form elements must have labels (2 x, first <input>). Fix: see axe's rule label."]
