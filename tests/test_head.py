"""Promise: every page says in its head, once and correctly, what it is, in which language, and where its twin is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tools.finding import At, Expect, Problem
from tools.site.built import Document, Site

ONCE = {
    "title": "//head/title/text()",
    "description": "//head/meta[@name='description']/@content",
    "canonical address": "//head/link[@rel='canonical']/@href",
    "og:title": "//head/meta[@property='og:title']/@content",
    "og:description": "//head/meta[@property='og:description']/@content",
    "og:url": "//head/meta[@property='og:url']/@content",
    "og:site_name": "//head/meta[@property='og:site_name']/@content",
    "twitter:card": "//head/meta[@name='twitter:card']/@content",
    "twitter:title": "//head/meta[@name='twitter:title']/@content",
    "twitter:description": "//head/meta[@name='twitter:description']/@content",
    "theme colour": "//head/meta[@name='theme-color']/@content",
}
ALTERNATES = "//head/link[contains(concat(' ', normalize-space(@rel), ' '), ' alternate ')][@hreflang]"
FIX = "correct overrides/main.html or the page's front matter"


def check_once(site: Site) -> Iterator[Problem]:
    """Each of the elements is there once, with text."""
    for page in site.pages:
        for name, path in ONCE.items():
            found = [text for text in page.tree.xpath(path) if text.strip()]
            if len(found) != 1:
                yield Problem(page.shown, 0, f"the head has {len(found)} x {name}", FIX, "head-element-count")


def check_unique(site: Site) -> Iterator[Problem]:
    """No two pages share a title or a description."""
    for name in ("title", "description"):
        seen: dict[str, Document] = {}
        for page in site.pages:
            text = page.one(ONCE[name])
            first = seen.setdefault(text, page)
            if first is not page:
                yield Problem(page.shown, 0, f"its {name} is also that of {first.shown}", "make one of the two different", "head-not-unique")


def check_addresses(site: Site) -> Iterator[Problem]:
    """The canonical address and og:url are the page's own, absolute."""
    for page in site.pages:
        wanted = urljoin(site.url, page.url)
        for name in ("canonical address", "og:url"):
            if page.one(ONCE[name]) != wanted:
                yield Problem(page.shown, 0, f"its {name} is '{page.one(ONCE[name])}', not '{wanted}'", FIX, "head-address")


def check_languages(site: Site) -> Iterator[Problem]:
    """<html lang> is right, and hreflang names both languages and x-default with absolute addresses of built pages."""
    for page in site.pages:
        if page.one("/html/@lang") != page.lang:
            yield Problem(page.shown, 0, f"its language is '{page.one('/html/@lang')}', not '{page.lang}'", "check theme.language and the i18n plugin in mkdocs.yml", "head-language")
        path = page.url.removeprefix("en/")
        wanted = {"es": urljoin(site.url, path), "en": urljoin(site.url, f"en/{path}"), "x-default": urljoin(site.url, path)}
        found = {link.get("hreflang"): link.get("href") for link in page.tree.xpath(ALTERNATES)}
        if found != wanted:
            yield Problem(page.shown, 0, f"its hreflang links are {sorted(found)} and not the pair and x-default", FIX, "hreflang")


def check_switch(site: Site) -> Iterator[Problem]:
    """The language switch leads to the same page in the other language."""
    for page in site.pages:
        twin = f"en/{page.file}" if page.lang == "es" else page.file.removeprefix("en/")
        link = page.one("//header//a[@hreflang]/@href")
        if not link or site.path(page, link) != twin:
            yield Problem(page.shown, 0, f"the language switch leads to '{link}'", "correct overrides/partials/alternate.html", "language-switch")


def check_found(site: Site) -> Iterator[Problem]:
    """Search engines may show every page, and follow its links."""
    for page in site.pages:
        if said := page.one("//meta[@name='robots' or @name='googlebot']/@content"):
            yield Problem(page.shown, 0, f"it asks search engines for '{said}'", "correct the block site_meta of overrides/main.html", "noindex")


def check_notices(site: Site) -> Iterator[Problem]:
    """«Not official», the date of the last check, a link to correct the page and sources are on every page."""
    says = {"es": "No es del IESS", "en": "not run by the IESS"}
    for page in site.pages:
        checks = {
            "the line that the guide is not official": says[page.lang] in " ".join(page.tree.xpath("//aside[contains(@class, 'md-banner')]//text()")),
            "the date of its last check": bool(page.one("//footer//time/@datetime")),
            "a link to correct it": "#corregir" in " ".join(page.tree.xpath("//footer//a/@href")) or "/edit/" in " ".join(page.tree.xpath("//footer//a/@href")),
            "sources": bool(page.tree.xpath("//*[@id='fuentes']")),
        }
        for name, there in checks.items():
            if not there:
                yield Problem(page.shown, 0, f"it lacks {name}", "correct overrides/main.html or the page", "notice-missing")


def check_faq(site: Site) -> Iterator[Problem]:
    """The FAQ's structured data holds every question of the page, with an answer and its address."""
    for page in site.pages:
        if not page.file.endswith("preguntas/index.html"):
            continue
        try:
            data = json.loads(page.one("//script[@type='application/ld+json']/text()") or "{}")
        except json.JSONDecodeError:
            yield Problem(page.shown, 0, "its FAQPage data is not JSON", "correct the block extrahead of overrides/main.html", "faq-data-invalid")
            continue
        entries = data.get("mainEntity", [])
        questions = [heading.get("id") for heading in page.tree.xpath("//article//h3[@id]")]
        if [entry["url"].split("#")[-1] for entry in entries] != questions or not all(entry["acceptedAnswer"]["text"] for entry in entries):
            yield Problem(page.shown, 0, "its FAQPage data is not the page's own questions and answers", "correct faq() in overrides/hooks/guia/page/context.py", "faq-data-differs")


CHECKS = (check_once, check_unique, check_addresses, check_languages, check_switch, check_found, check_notices, check_faq)


@pytest.mark.parametrize("check", CHECKS)
def test_head(check: Callable[[Site], Iterator[Problem]], site: Site, expect_none: Expect) -> None:
    expect_none(check(site))


URL = "http://127.0.0.1:8000/"


def make(tmp_path: Path, **files: str) -> Site:
    for name, text in files.items():
        file = tmp_path / name.replace("__", "/") / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Site(tmp_path, URL)


HEAD = f"<html lang='es'><head><title>A</title><meta name='description' content='D'><link rel='canonical' href='{URL}x/'></head><body></body></html>"


@pytest.mark.parametrize(("check", "files", "at"), [
    (check_once, {"x": "<html><head></head><body></body></html>"}, ("head-element-count", "site/x/index.html", 0)),
    (check_unique, {"x": HEAD, "y": HEAD}, ("head-not-unique", "site/y/index.html", 0)),
    (check_addresses, {"x": HEAD.replace("/x/", "/z/")}, ("head-address", "site/x/index.html", 0)),
    (check_languages, {"en__x": HEAD}, ("head-language", "site/en/x/index.html", 0)),
    (check_languages, {"x": HEAD}, ("hreflang", "site/x/index.html", 0)),
    (check_switch, {"x": HEAD}, ("language-switch", "site/x/index.html", 0)),
    (check_notices, {"x": HEAD}, ("notice-missing", "site/x/index.html", 0)),
    (check_found, {"x": HEAD.replace("<title>", "<meta name='robots' content='noindex'><title>")},
     ("noindex", "site/x/index.html", 0)),
    (check_faq, {"preguntas": "<html><body><script type='application/ld+json'>{},</script></body></html>"},
     ("faq-data-invalid", "site/preguntas/index.html", 0)),
    (check_faq, {"preguntas": "<html><body><article><h3 id='a'>A</h3></article></body></html>"},
     ("faq-data-differs", "site/preguntas/index.html", 0)),
])
def test_a_bad_head_is_named(check: Callable[..., Iterator[Problem]], files: dict[str, str], at: At, tmp_path: Path) -> None:
    assert at in [problem.at for problem in check(make(tmp_path, **files))]
