"""Writes an Atom feed per language, /cambios.xml and /en/changes.xml, from the `changed` notes of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from guia.lib import data, templates
from guia.lib.build import Build
from guia.lib.site import Site

TEMPLATE = "changes.xml"
MOST = 50


@dataclass(frozen=True)
class Entry:
    """One note of one page; `url` is the page's absolute address."""

    url: str
    title: str
    date: str
    note: str


def publish(site: Site, build: Build) -> None:
    """Write both feeds."""
    docs, site_url = build.docs, build.site_url
    for lang in data.LANGUAGES:
        words = data.load_strings(docs, lang)
        address, home = urljoin(site_url, words["feed"]["file"]), urljoin(site_url, data.page_url(lang, "index"))
        text = templates.template(TEMPLATE).render(t=words, address=address, home=home, entries=entries(docs, lang, site_url))
        site.put(words["feed"]["file"], text)


def entries(docs: Path, lang: str, site_url: str) -> list[Entry]:
    """The latest notes of a language, newest first; those of one day in the order of their addresses."""
    found = [Entry(urljoin(site_url, page.url), page.meta["title"], note["date"], note["note"])
             for page in data.pages_of(docs, lang).values() for note in page.meta.get("changed", [])]
    return sorted(sorted(found, key=lambda entry: entry.url), key=lambda entry: entry.date, reverse=True)[:MOST]
