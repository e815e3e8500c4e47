"""Promise: who helps others hears of every change: one valid Atom feed per language, with the same days, found from every page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from jinja2 import Environment, FileSystemLoader
from lxml import etree

from tools.docs import ROOT, Docs, WriteDocs
from tools.finding import Expect, Problem
from tools.site.built import Site

FILES = {"es": "cambios.xml", "en": "en/changes.xml"}
HOMES = {"es": "", "en": "en/"}
ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 4287, 4.1.1 and 4.1.2: once each. A summary is ours: it is the note.
ONCE = {"feed": ("the feed", ("id", "title", "updated", "author", "rights", "subtitle")), "entry": ("an entry", ("id", "title", "updated", "summary"))}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}T00:00:00Z")
MOST = 50
HOOK, TEMPLATE = "correct overrides/hooks/guia/files/feeds.py", "correct overrides/changes.xml"


def feeds(site: Site) -> Iterator[tuple[str, str, etree._Element]]:
    """Language, name for findings and root of each feed that can be read."""
    for lang, file in FILES.items():
        try:
            yield lang, f"site/{file}", etree.parse(site.root / file).getroot()
        except (OSError, etree.XMLSyntaxError):
            continue


def check_readable(site: Site) -> Iterator[Problem]:
    """Both files are there and well formed; the template is not."""
    readable = {shown for _, shown, _ in feeds(site)}
    for file in FILES.values():
        if f"site/{file}" not in readable:
            yield Problem(f"site/{file}", 0, "the feed is missing or is not XML", HOOK, "feed-unreadable")
    if "changes.xml" in site.files:
        yield Problem("site/changes.xml", 0, "the template of the feeds is published", HOOK, "feed-template-published")


def check_required(site: Site) -> Iterator[Problem]:
    """Each element that RFC 4287 asks for is there once, with text; dates are whole, each id is an absolute address of its own."""
    for _, shown, feed in feeds(site):
        ids = [text(element) for element in feed.iter(f"{ATOM}id")]
        for element in (feed, *feed.iter(f"{ATOM}entry")):
            kind, names = ONCE[str(element.tag).removeprefix(ATOM)]
            for name in names:
                found = ["".join(part.itertext()).strip() for part in element.iterfind(f"{ATOM}{name}")]
                if len(found) != 1 or not found[0]:
                    yield Problem(shown, 0, f"{kind} has {len(found)} x {name}", TEMPLATE, "feed-element-count")
            if not DAY.fullmatch(element.findtext(f"{ATOM}updated", "")):
                yield Problem(shown, 0, f"{kind} has the date '{element.findtext(f'{ATOM}updated')}'", TEMPLATE, "feed-date")
        for name in sorted({name for name in ids if ids.count(name) > 1 or not name.startswith(site.url)}):
            yield Problem(shown, 0, f"the id '{name}' is there twice or is not an address of the site", HOOK, "feed-id")


def text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def check_links(site: Site) -> Iterator[Problem]:
    """The feed names itself and its home page; each entry leads to a page of its language, and its id starts with that page's address."""
    for lang, shown, feed in feeds(site):
        pages = {urljoin(site.url, page.url) for page in site.pages if page.lang == lang}
        found = {link.get("rel"): link.get("href") for link in feed.iterfind(f"{ATOM}link")}
        if found != {"self": urljoin(site.url, shown.removeprefix("site/")), "alternate": urljoin(site.url, HOMES[lang])}:
            yield Problem(shown, 0, "it does not name its own address and its home page", TEMPLATE, "feed-own-links")
        for entry in feed.iter(f"{ATOM}entry"):
            links = [str(link.get("href")) for link in entry.iterfind(f"{ATOM}link")]
            if len(links) != 1 or links[0] not in pages:
                yield Problem(shown, 0, f"an entry leads to {links}, not to one page of its language", HOOK, "feed-entry-link")
            elif entry.findtext(f"{ATOM}id") != f"{links[0]}#{entry.findtext(f'{ATOM}updated', '')[:10]}":
                yield Problem(shown, 0, f"the id '{entry.findtext(f'{ATOM}id')}' is not its page's address and day", HOOK, "feed-entry-id")


def check_order(site: Site) -> Iterator[Problem]:
    """Newest first, at most 50, and the feed is as new as its newest entry."""
    for _, shown, feed in feeds(site):
        days = [entry.findtext(f"{ATOM}updated", "") for entry in feed.iter(f"{ATOM}entry")]
        if days != sorted(days, reverse=True) or not 0 < len(days) <= MOST:
            yield Problem(shown, 0, f"its {len(days)} entries are not 1 to {MOST} with the newest first", HOOK, "feed-order")
        elif feed.findtext(f"{ATOM}updated") != days[0]:
            yield Problem(shown, 0, f"it was updated '{feed.findtext(f'{ATOM}updated')}', its newest entry '{days[0]}'", TEMPLATE, "feed-updated")


def check_same_days(site: Site) -> Iterator[Problem]:
    """The same pages on the same days in both languages."""
    found = {lang: {text(name).replace(f"{site.url}en/", site.url, 1) for name in feed.iterfind(f".//{ATOM}entry/{ATOM}id")} for lang, _, feed in feeds(site)}
    for name in sorted(found.get("es", set()) ^ found.get("en", set())):
        yield Problem(f"site/{FILES['es']}", 0, f"'{name}' is announced in one language only", "write 'changed' with the same days in both languages", "feed-one-language")


def check_discovery(site: Site) -> Iterator[Problem]:
    """Every page names the feed of its language in its head; the page about the guide shows it."""
    for page in site.pages:
        links = page.tree.xpath("//head/link[@type='application/atom+xml']")
        if [(link.get("rel").split(), site.path(page, link.get("href"))) for link in links] != [(["alternate"], FILES[page.lang])]:
            yield Problem(page.shown, 0, f"its head does not name /{FILES[page.lang]}", "correct overrides/main.html", "feed-not-in-head")
        if page.url == f"{HOMES[page.lang]}acerca/" and FILES[page.lang] not in {site.path(page, str(link)) for link in page.tree.xpath("//article//a/@href")}:
            yield Problem(page.shown, 0, f"no link leads to /{FILES[page.lang]}", "put a line `{{ changes }}` on the page", "feed-not-linked")


def check_notes(site: Site, docs: Docs) -> Iterator[Problem]:
    """Every note of the pages is there word for word under its page's title, unless the feed is full of newer ones."""
    for lang, shown, feed in feeds(site):
        entries = list(feed.iter(f"{ATOM}entry"))
        found = {(text(entry.find(f"{ATOM}title")), text(entry.find(f"{ATOM}summary"))) for entry in entries}
        oldest = entries[-1].findtext(f"{ATOM}updated", "")[:10] if len(entries) == MOST else ""
        for page in (page for page in docs.pages if page.lang == lang):
            for note in page.meta.get("changed") or []:
                if note["date"] > oldest and (page.meta["title"], note["note"]) not in found:
                    yield Problem(shown, 0, f"the note \"{note['note']}\" of '{page.meta['title']}' is missing", HOOK, "feed-note-missing")


CHECKS = (check_readable, check_required, check_links, check_order, check_same_days, check_discovery)


@pytest.mark.parametrize("check", CHECKS)
def test_feeds(check: Callable[[Site], Iterator[Problem]], site: Site, expect_none: Expect) -> None:
    expect_none(check(site))


def test_notes(site: Site, docs: Docs, expect_none: Expect) -> None:
    expect_none(check_notes(site, docs))


def test_every_text_is_escaped() -> None:
    """A title with « & < stays a title."""
    said = "«Clave» & <correo>"
    template = Environment(loader=FileSystemLoader(ROOT / "overrides"), autoescape=True).get_template("changes.xml")
    words = {"lang": "es", "not_official": said, "feed": {"title": said, "author": said, "rights": said}}
    entry = {"url": f"{URL}?a=1&b=2", "title": said, "date": "2026-11-20", "note": said}
    feed = etree.fromstring(template.render(t=words, address=URL, home=URL, entries=[entry]).encode("utf-8"))
    assert [text(part) for name in ("title", "subtitle", "rights", "name", "summary") for part in feed.iter(f"{ATOM}{name}")] == [said] * 6
    assert [link.get("href") for link in feed.iter(f"{ATOM}link")][-1] == f"{URL}?a=1&b=2"


URL = "http://127.0.0.1:8000/"
ENTRY = f"<entry><id>{URL}a/#2026-11-20</id><title>A</title><updated>2026-11-20T00:00:00Z</updated><link rel='alternate' href='{URL}a/'/><summary>B</summary></entry>"
FEED = (f"<feed xmlns='http://www.w3.org/2005/Atom'><id>{URL}cambios.xml</id><title>A</title><subtitle>B</subtitle><updated>2026-11-20T00:00:00Z</updated>"
        f"<author><name>A</name></author><rights>B</rights><link rel='self' href='{URL}cambios.xml'/><link rel='alternate' href='{URL}'/>{ENTRY}</feed>")
OLD = ENTRY.replace("2026-11-20", "2026-11-19")


def write(tmp_path: Path, feed: str, page: str = "") -> Site:
    (tmp_path / "a").mkdir(parents=True)
    (tmp_path / "cambios.xml").write_text(feed, encoding="utf-8")
    (tmp_path / "a/index.html").write_text(page or "<html><head></head><body></body></html>", encoding="utf-8")
    return Site(tmp_path, URL)


@pytest.mark.parametrize(("check", "feed", "sentence"), [
    (check_readable, "<feed>", f"the feed is missing or is not XML. Fix: {HOOK}."),
    (check_required, FEED.replace("<title>A</title>", "", 1), f"the feed has 0 x title. Fix: {TEMPLATE}."),
    (check_required, FEED.replace("<summary>B</summary>", "<summary> </summary>"), f"an entry has 1 x summary. Fix: {TEMPLATE}."),
    (check_required, FEED.replace("T00:00:00Z", "", 1), f"the feed has the date '2026-11-20'. Fix: {TEMPLATE}."),
    (check_required, FEED.replace("</feed>", f"{ENTRY}</feed>"), f"the id '{URL}a/#2026-11-20' is there twice or is not an address of the site. Fix: {HOOK}."),
    (check_links, FEED.replace("'self'", "'via'"), f"it does not name its own address and its home page. Fix: {TEMPLATE}."),
    (check_links, FEED.replace(f"href='{URL}a/'", f"href='{URL}b/'"), f"an entry leads to ['{URL}b/'], not to one page of its language. Fix: {HOOK}."),
    (check_links, FEED.replace("a/#2026-11-20", "a/#1"), f"the id '{URL}a/#1' is not its page's address and day. Fix: {HOOK}."),
    (check_order, FEED.replace(ENTRY, OLD + ENTRY), f"its 2 entries are not 1 to {MOST} with the newest first. Fix: {HOOK}."),
    (check_order, FEED.replace(ENTRY, OLD), f"it was updated '2026-11-20T00:00:00Z', its newest entry '2026-11-19T00:00:00Z'. Fix: {TEMPLATE}."),
    (check_same_days, FEED, f"'{URL}a/#2026-11-20' is announced in one language only. Fix: write 'changed' with the same days in both languages."),
])
def test_a_bad_feed_is_named(check: Callable[..., Iterator[Problem]], feed: str, sentence: str, tmp_path: Path) -> None:
    assert f"site/cambios.xml: {sentence}" in [problem.sentence for problem in check(write(tmp_path, feed))]


def test_a_page_without_its_feed_is_named(tmp_path: Path) -> None:
    assert [problem.at for problem in check_discovery(write(tmp_path, FEED))] == [
        ("feed-not-in-head", "site/a/index.html", 0)]


def test_a_missing_note_is_named(tmp_path: Path, write_docs: WriteDocs) -> None:
    docs = write_docs({"es/a.md": "---\ntitle: A\nchanged:\n  - {date: 2026-11-20, note: Otra}\n---\n"})
    assert [problem.at for problem in check_notes(write(tmp_path / "site", FEED), docs)] == [
        ("feed-note-missing", "site/cambios.xml", 0)]
