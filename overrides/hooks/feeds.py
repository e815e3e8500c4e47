"""Writes an Atom feed per language, /cambios.xml and /en/changes.xml, from the `changed` notes of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files

import data
import output

TEMPLATE = "changes.xml"
MOST = 50


@dataclass(frozen=True)
class Entry:
    """One note of one page; `url` is the page's absolute address."""

    url: str
    title: str
    date: str
    note: str


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Keep the template itself off the site: MkDocs publishes every theme file that is not HTML."""
    files.remove(files.src_uris[TEMPLATE])


# After static-i18n's own last step.
@event_priority(-101)
def on_post_build(config: MkDocsConfig) -> None:
    """Write both feeds."""
    if not output.is_last(config):
        return
    docs, site_url = Path(config.docs_dir), config.site_url or "/"
    for lang in data.LANGUAGES:
        words = data.load_strings(docs, lang)
        address, home = urljoin(site_url, words["feed"]["file"]), urljoin(site_url, data.page_url(lang, "index"))
        text = output.template(TEMPLATE).render(t=words, address=address, home=home, entries=entries(docs, lang, site_url))
        (Path(config.site_dir) / words["feed"]["file"]).write_text(text, encoding="utf-8")


def entries(docs: Path, lang: str, site_url: str) -> list[Entry]:
    """The latest notes of a language, newest first; those of one day in the order of their addresses."""
    found = [Entry(urljoin(site_url, page.url), page.meta["title"], note["date"], note["note"])
             for page in data.pages_of(docs, lang).values() for note in page.meta.get("changed", [])]
    return sorted(sorted(found, key=lambda entry: entry.url), key=lambda entry: entry.date, reverse=True)[:MOST]
