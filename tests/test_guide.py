"""Promise: the whole guide of a language is one small file that says its date, holds every page, and works without a connection or a server."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from lxml import html
from playwright.sync_api import Browser

from tests.test_browser import WIDTH_OVERFLOW, listen
from tools.docs import ROOT, Docs, WriteDocs
from tools.finding import Expect, Problem
from tools.site.browser import PHONE
from tools.site.built import Document, Site
from tools.text.claims import MONTHS

FILES = {"es": "guia-es.html", "en": "guide-en.html"}
HOMES = {"es": "", "en": "en/"}
LIMIT = 600_000
LEFT_OUT = ("index.html", "evidencia/index.html")
CODES: dict[str, str] = yaml.safe_load((ROOT / "docs/data/codes.yml").read_text(encoding="utf-8"))
HOOK, TEMPLATE = "correct overrides/hooks/guia/files/guide.py", "correct overrides/guide.html"
# All that could ask for a file, run, or take data from the reader.
LOADS = "//@src | //@srcset | //@poster | //@background | //@style | //@*[starts-with(name(), 'on')] | //link[not(@rel='canonical')]/@href[not(starts-with(., 'data:'))]"
ACTS = "//script | //form | //input | //textarea | //select | //button | //iframe | //object | //embed | //img | //svg | //base | //meta[@http-equiv='refresh']"


def guides(site: Site) -> dict[str, Document]:
    """The guide in one file of each language."""
    return {lang: document for lang, file in FILES.items() for document in site.documents if document.file == file}


def check_there(site: Site) -> Iterator[Problem]:
    """Both files are there, and the pages that offer them name their size."""
    for lang, file in FILES.items():
        if file not in site.files:
            yield Problem(f"site/{file}", 0, "the guide in one file is missing", HOOK, "guide-missing")
        for page in (page for page in site.pages if page.url in (f"{HOMES[lang]}acerca/", f"{HOMES[lang]}ayudar/")):
            said = [link.text_content() for link in page.tree.xpath("//article//a[@download]") if site.path(page, link.get("href")) == file]
            if len(said) != 1 or f"{LIMIT // 1000}\u00a0kB" not in said[0]:
                yield Problem(page.shown, 0, f"no link to /{file} says that it has less than {LIMIT // 1000} kB", "put a line `{{ guide }}` on the page", "guide-size-untold")


def check_size(site: Site) -> Iterator[Problem]:
    """A file that is cheap to send and to store."""
    for guide in guides(site).values():
        size = (site.root / guide.file).stat().st_size
        if size >= LIMIT:
            yield Problem(guide.shown, 0, f"it has {size / 1000:.0f} kB, more than {LIMIT // 1000}", "leave something out in overrides/guide.html", "guide-too-large")


def check_alone(site: Site) -> Iterator[Problem]:
    """Nothing is asked for, nothing runs, nothing can be typed; one style element and one icon, both inside."""
    for guide in guides(site).values():
        styles = guide.tree.xpath("//style")
        css = "".join(style.text or "" for style in styles)
        found = [str(link) for link in guide.tree.xpath(LOADS)] + re.findall(r"@import|url\([^)]*", css) + [f"<{element.tag}>" for element in guide.tree.xpath(ACTS)]
        for what in dict.fromkeys(found):
            yield Problem(guide.shown, 0, f"it holds '{what}', which loads, runs or asks for something", HOOK, "guide-not-alone")
        if len(styles) != 1:
            yield Problem(guide.shown, 0, f"it has {len(styles)} style elements", TEMPLATE, "guide-styles")


def check_links(site: Site) -> Iterator[Problem]:
    """Each id once; each link leads to an id of the file or has a whole address; each note leads back to where it is cited."""
    for guide in guides(site).values():
        ids = [str(name) for name in guide.tree.xpath("//@id")]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            yield Problem(guide.shown, 0, f"the id '{name}' is there twice", HOOK, "guide-id-twice")
        for link in dict.fromkeys(str(link) for link in guide.tree.xpath("//a/@href")):
            if not link.startswith(("#", "https://", "http://", "mailto:")):
                yield Problem(guide.shown, 0, f"the link '{link}' leads nowhere from a file", HOOK, "guide-link-lost")
            elif link.startswith("#") and link[1:] not in set(ids):
                yield Problem(guide.shown, 0, f"the link '{link}' leads to no section", HOOK, "guide-anchor-broken")
        backs = {(item.get("id"), link) for item in guide.tree.xpath("//li[@id]") for link in item.xpath(".//a/@href")}
        for link in guide.tree.xpath("//sup/a"):
            if (link.get("href").removeprefix("#"), f"#{link.get('id')}") not in backs:
                yield Problem(guide.shown, 0, f"no note leads back to '{link.get('id')}'", HOOK, "guide-note-back")


def check_pages(site: Site) -> Iterator[Problem]:
    """Every page but the home page and the evidence is a chapter with all its sentences, and its ready answer."""
    for lang, guide in guides(site).items():
        held = chapters(guide)
        for page in (page for page in site.pages if page.lang == lang and page.file.removeprefix(HOMES[lang]) not in LEFT_OUT):
            title = plain(page.tree.xpath("//article//h1")[0])
            if title not in held:
                yield Problem(guide.shown, 0, f"the page '{title}' is not in it", HOOK, "guide-page-missing")
                continue
            for sentence in sentences(page):
                if sentence not in held[title]:
                    yield Problem(guide.shown, 0, f"'{title}' lacks \"{sentence[:60]}\"", HOOK, "guide-sentence-missing")


def chapters(guide: Document) -> dict[str, set[str]]:
    """Title of each chapter, with the text of its paragraphs, items, cells and headings."""
    found: dict[str, set[str]] = {}
    title = ""
    for element in guide.tree.xpath("//main/*"):
        title = plain(element) if element.tag == "h2" else title
        found.setdefault(title, set()).update(plain(part) for part in element.iter("p", "li", "td", "th", "h3", "h4", "h5"))
    return found


def sentences(page: Document) -> list[str]:
    """What a page says between its title and its notes, and its ready answer."""
    tree = html.fromstring(html.tostring(page.tree.xpath("//article")[0]))
    # The chat text ends with two lines of its own: the address, and the date with the notice.
    answer = [" ".join(reply.text_content().split("\n")[:-2]) for reply in tree.xpath("(//section[@class='after']//pre[@class='reply'])[1]")]
    for other in tree.xpath("//*[@class='footnote' or contains(@class, 'share') or @class='after' or @class='eyebrow' or @class='legend' or @class='filter' or @class='ready' or @class='to-sheet' or @id='hoja']"):
        other.drop_tree()
    return [plain(part) for part in tree.iter("p", "li", "td", "th", "h2", "h3", "h4", "figcaption")] + answer


def plain(element: html.HtmlElement) -> str:
    """Text without references to notes and permalinks, and without odd spaces."""
    return " ".join("".join(element.xpath(".//text()[not(ancestor::sup) and not(ancestor::a[@class='headerlink'])]")).split())


def check_contents(site: Site) -> Iterator[Problem]:
    """The contents lead to every chapter; problems are found by their code."""
    for guide in guides(site).values():
        listed = {str(link.get("href")): plain(link) for link in guide.tree.xpath("//nav//a")}
        for heading in guide.tree.xpath("//main/h2"):
            if f"#{heading.get('id')}" not in listed:
                yield Problem(guide.shown, 0, f"the contents do not lead to '{plain(heading)}'", TEMPLATE, "guide-contents")
        for code in CODES:
            if not any(text.startswith(f"{code} · ") for text in listed.values()):
                yield Problem(guide.shown, 0, f"the contents do not name the code {code}", TEMPLATE, "guide-contents-code")


def check_outline(site: Site) -> Iterator[Problem]:
    """One title, and no heading level is skipped."""
    for guide in guides(site).values():
        levels = [int(str(heading.tag)[1]) for heading in guide.tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        if levels.count(1) != 1:
            yield Problem(guide.shown, 0, f"it has {levels.count(1)} titles", TEMPLATE, "guide-titles")
        for before, level in itertools.pairwise(levels):
            if level > before + 1:
                yield Problem(guide.shown, 0, f"a heading level is skipped (from {before} to {level})", HOOK, "guide-heading-skipped")
                break


def check_languages(site: Site) -> Iterator[Problem]:
    """One language only: its own pages and addresses; in English the portal's labels are marked as Spanish."""
    for lang, guide in guides(site).items():
        home, other = urljoin(site.url, HOMES[lang]), next(name for name in FILES if name != lang)
        if (guide.one("/html/@lang"), guide.one("//link[@rel='canonical']/@href"), guide.one("//meta[@name='robots']/@content")) != (lang, home, "noindex"):
            yield Problem(guide.shown, 0, "its language, its canonical address or its 'noindex' is wrong", TEMPLATE, "guide-head")
        foreign = {urljoin(site.url, page.url) for page in site.pages if page.lang == other}
        for link in sorted({str(link).partition("#")[0] for link in guide.tree.xpath("//a/@href")} & foreign):
            yield Problem(guide.shown, 0, f"it leads to '{link}', in the other language", HOOK, "guide-link-language")
        titles = {plain(page.tree.xpath("//article//h1")[0]) for page in site.pages if page.lang == other}
        for title in sorted(titles & {plain(heading) for heading in guide.tree.xpath("//h2")}):
            yield Problem(guide.shown, 0, f"the chapter '{title}' is in the other language", HOOK, "guide-chapter-language")
        for label in guide.tree.xpath("//strong[not(@lang='es')]") if lang == "en" else []:
            yield Problem(guide.shown, 0, f"the label '{plain(label)}' is not marked as Spanish", HOOK, "guide-label-language")


def check_first_line(site: Site, docs: Docs) -> Iterator[Problem]:
    """The first line says the day of the newest check, that the guide is not official, and where the current one is."""
    for lang, guide in guides(site).items():
        day = copied(docs, lang)
        first = plain(guide.tree.xpath("//p | //h1 | //nav")[0])
        for what in (day, {"es": "No es del IESS", "en": "not run by the IESS"}[lang], urljoin(site.url, HOMES[lang])):
            if what not in first:
                yield Problem(guide.shown, 0, f"its first line does not say '{what}'", TEMPLATE, "guide-first-line")


def copied(docs: Docs, lang: str) -> str:
    """`Copia del 20 de noviembre de 2026`: the newest `checked` of the pages that the guide holds."""
    held = [page.meta["checked"] for page in docs.pages if page.lang == lang and page.type not in ("home", "evidence")]
    year, month, day = max(held).split("-")
    name = MONTHS[lang][int(month) - 1]
    return f"Copia del {int(day)} de {name} de {year}." if lang == "es" else f"Copy of {int(day)} {name} {year}."


CHECKS = (check_there, check_size, check_alone, check_links, check_pages, check_contents, check_outline, check_languages)


@pytest.mark.parametrize("check", CHECKS)
def test_guide(check: Callable[[Site], Iterator[Problem]], site: Site, expect_none: Expect) -> None:
    expect_none(check(site))


def test_first_line(site: Site, docs: Docs, expect_none: Expect) -> None:
    expect_none(check_first_line(site, docs))


def check_opens(browser: Browser, file: Path, shown: str) -> Iterator[Problem]:
    """From a folder, without a server: quiet, narrow enough for a phone, and printable."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    heard = listen(page, file.as_uri())
    page.goto(file.as_uri(), wait_until="networkidle")
    if over := page.evaluate(WIDTH_OVERFLOW):
        yield Problem(shown, 0, f"at {PHONE['width']} px it scrolls sideways by {over} px", TEMPLATE, "guide-scrolls-sideways")
    if not page.pdf(prefer_css_page_size=True).startswith(b"%PDF"):
        yield Problem(shown, 0, "it cannot be printed", TEMPLATE, "guide-unprintable")
    for noise in dict.fromkeys(heard):
        yield Problem(shown, 0, noise, TEMPLATE, "guide-noisy")
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("file", FILES.values())
def test_it_opens_from_a_folder(file: str, chromium: Browser, site: Site, expect_none: Expect) -> None:
    expect_none(check_opens(chromium, site.root / file, f"site/{file}"))


@pytest.mark.browser
def test_a_noisy_wide_file_is_named(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "guia.html"
    file.write_text("<meta name=viewport content='width=device-width'><p style='width:400px;margin:0'>x<script>console.error('roto')</script>", encoding="utf-8")
    assert {problem.at for problem in check_opens(chromium, file, "site/guia.html")} >= {
        ("guide-noisy", "site/guia.html", 0), ("guide-scrolls-sideways", "site/guia.html", 0)}


URL = "http://127.0.0.1:8000/"
HEAD = f"<html lang='en'><head><link rel='canonical' href='{URL}en/'><meta name='robots' content='noindex'></head>"
PAGE = "<html><body><article><h1>Clave</h1><h2 id='a'>Pasos</h2><p>Uno.</p></article></body></html>"


def write(tmp_path: Path, files: dict[str, str]) -> Site:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Site(tmp_path, URL)


@pytest.mark.parametrize(("check", "body", "sentence"), [
    (check_size, "x" * LIMIT, "it has 600 kB, more than 600. Fix: leave something out in overrides/guide.html."),
    (check_alone, "<img src='https://x.example/a.png'>", f"it holds 'https://x.example/a.png', which loads, runs or asks for something. Fix: {HOOK}."),
    (check_alone, "<script>1</script>", f"it holds '<script>', which loads, runs or asks for something. Fix: {HOOK}."),
    (check_alone, "<p onclick='x()'>x", f"it holds 'x()', which loads, runs or asks for something. Fix: {HOOK}."),
    (check_alone, "<input name='cedula'>", f"it holds '<input>', which loads, runs or asks for something. Fix: {HOOK}."),
    (check_alone, "<style>a{background:url(x.png)}</style>", f"it holds 'url(x.png', which loads, runs or asks for something. Fix: {HOOK}."),
    (check_alone, "<p>x", f"it has 0 style elements. Fix: {TEMPLATE}."),
    (check_links, "<p id='a'>x<p id='a'>y", f"the id 'a' is there twice. Fix: {HOOK}."),
    (check_links, "<a href='../b/'>x</a>", f"the link '../b/' leads nowhere from a file. Fix: {HOOK}."),
    (check_links, "<a href='#b'>x</a>", f"the link '#b' leads to no section. Fix: {HOOK}."),
    (check_links, "<sup><a id='r1' href='#n1'>1</a></sup><ol><li id='n1'>x</ol>", f"no note leads back to 'r1'. Fix: {HOOK}."),
    (check_pages, "<main><h2>Otra</h2></main>", f"the page 'Clave' is not in it. Fix: {HOOK}."),
    (check_pages, "<main><h2>Clave</h2><h3>Pasos</h3><p>Dos.</p></main>", f"'Clave' lacks \"Uno.\". Fix: {HOOK}."),
    (check_pages, "<main><h2>Clave</h2><h3>Pasos</h3><h2>Otra</h2><p>Uno.</p></main>", f"'Clave' lacks \"Uno.\". Fix: {HOOK}."),
    (check_contents, "<main><h2 id='a'>Clave</h2></main>", f"the contents do not lead to 'Clave'. Fix: {TEMPLATE}."),
    (check_contents, "<nav><a href='#a'>Clave</a></nav>", f"the contents do not name the code 01. Fix: {TEMPLATE}."),
    (check_outline, "<h2>x</h2>", f"it has 0 titles. Fix: {TEMPLATE}."),
    (check_outline, "<h1>x</h1><h3>y</h3>", f"a heading level is skipped (from 1 to 3). Fix: {HOOK}."),
    (check_languages, "<p>x", f"its language, its canonical address or its 'noindex' is wrong. Fix: {TEMPLATE}."),
])
def test_a_bad_guide_is_named(check: Callable[..., Iterator[Problem]], body: str, sentence: str, tmp_path: Path) -> None:
    site = write(tmp_path, {"guia-es.html": f"<html><body>{body}</body></html>", "problemas/a/index.html": PAGE})
    assert f"site/guia-es.html: {sentence}" in [problem.sentence for problem in check(site)]


@pytest.mark.parametrize(("body", "sentence"), [
    (f"<a href='{URL}problemas/a/#a'>x</a>", f"it leads to '{URL}problemas/a/', in the other language. Fix: {HOOK}."),
    ("<h2>Clave</h2>", f"the chapter 'Clave' is in the other language. Fix: {HOOK}."),
    ("<strong>Desbloqueo</strong>", f"the label 'Desbloqueo' is not marked as Spanish. Fix: {HOOK}."),
])
def test_mixed_languages_is_named(body: str, sentence: str, tmp_path: Path) -> None:
    site = write(tmp_path, {"guide-en.html": f"{HEAD}<body>{body}</body></html>", "problemas/a/index.html": PAGE})
    assert [problem.sentence for problem in check_languages(site)] == [f"site/guide-en.html: {sentence}"]


def test_a_guide_that_nobody_offers_is_named(tmp_path: Path) -> None:
    site = write(tmp_path, {"guide-en.html": HEAD, "acerca/index.html": "<article><a download href='../guia-es.html'>Guía (900 kB)</a></article>"})
    assert [problem.at for problem in check_there(site)] == [
        ("guide-missing", "site/guia-es.html", 0),
        ("guide-size-untold", "site/acerca/index.html", 0)]


def test_a_copy_with_the_wrong_day_is_named(tmp_path: Path, write_docs: WriteDocs) -> None:
    docs = write_docs({"es/a.md": "---\ntype: guide\nchecked: 2026-11-20\n---\n", "es/index.md": "---\ntype: home\nchecked: 2026-12-01\n---\n"})
    site = write(tmp_path, {"guia-es.html": f"<p>Copia del 1 de diciembre de 2026. No es del IESS. {URL}<p>Copia del 20 de noviembre de 2026."})
    assert [problem.at for problem in check_first_line(site, docs)] == [
        ("guide-first-line", "site/guia-es.html", 0)]
