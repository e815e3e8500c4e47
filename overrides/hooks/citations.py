"""Turns `[^fact-id]` into a footnote written from the ledger, and says when the page's facts were last checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from posixpath import relpath
from typing import Any

import data
import wording
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

SOURCES_HEADING = re.compile(r"^(#+ .*\{#fuentes\}.*)$", re.MULTILINE)


# After blocks.py, whose blocks cite facts too.
@event_priority(-50)
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Append one definition per cited fact, in the page's language."""
    docs = Path(config.docs_dir)
    ledger, words = data.load_ledger(docs), data.load_strings(docs, data.language(page))
    facts = [ledger.facts[fact_id] for fact_id in dict.fromkeys(data.CITATION.findall(markdown))]
    page.update_date = page.meta["checked"]
    evidence = relpath("evidencia.md", PurePosixPath(data.page_path(page)).parent)
    notes = [footnote(fact, data.language(page), words, evidence) for fact in facts]
    return SOURCES_HEADING.sub(rf"\1\n\n{reviewed(page.meta, facts, words)}", markdown) + "\n\n" + "\n".join(notes) + "\n"


def footnote(fact: data.Fact, lang: str, words: dict[str, Any], evidence: str) -> str:
    """Markdown definition: class badge, publisher, date and link of each source, status, and a link to the ledger."""
    sources = " ".join(wording.cite(source, words) for source in fact.sources) or f"{wording.badge('none', words)} {words['no_source']}"
    status = f"{words['status_label']}: {words['status'][fact.status]}."
    return f"[^{fact.id}]: {sources} {status} [{words['ledger_entry']}]({evidence}#{fact.id}){{ .ledger }}"


def reviewed(meta: Mapping[str, Any], facts: list[data.Fact], words: dict[str, Any]) -> str:
    """The line under «Fuentes»: when the page was checked and when its first fact is due."""
    line = f"{words['last_checked']}: {wording.day(meta['checked'], words)}."
    if facts:
        line += f" {words['next_check']}: {wording.day(min(fact.review for fact in facts), words)}."
    return line + f" {words['badge_help']}"
