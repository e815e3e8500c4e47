"""Turns `[^fact-id]` into a footnote written from the ledger, and says when the page's facts were last checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from posixpath import relpath
from typing import Any

from mkdocs.structure.pages import Page

from guia.lib import data, wording
from guia.lib.build import Build

SOURCES_HEADING = re.compile(r"^(#+ .*\{#fuentes\}.*)$", re.MULTILINE)


def write(markdown: str, page: Page, build: Build) -> str:
    """Append one definition per cited fact, in the page's language."""
    docs = build.docs
    ledger, words = data.load_ledger(docs), data.load_strings(docs, data.language(page))
    facts = [ledger.facts[fact_id] for fact_id in dict.fromkeys(data.CITATION.findall(markdown))]
    page.update_date = page.meta["checked"]
    evidence = relpath("evidencia.md", PurePosixPath(data.page_path(page)).parent)
    notes = [footnote(fact, data.language(page), words, evidence) for fact in facts]
    text = SOURCES_HEADING.sub(rf"\1\n\n{reviewed(page.meta, facts, words)}", markdown)
    return overdue(facts, words) + text + "\n\n" + "\n".join(notes) + "\n"


def footnote(fact: data.Fact, lang: str, words: dict[str, Any], evidence: str) -> str:
    """Markdown definition: class badge, publisher, date and link of each source, status, and a link to the ledger."""
    sources = " ".join(wording.cite(source, words) for source in fact.sources) or f"{wording.badge('none', words)} {words['no_source']}"
    status = f"{words['status_label']}: {words['status'][fact.status]}."
    return f"[^{fact.id}]: {sources} {status} [{words['ledger_entry']}]({evidence}#{fact.id}){{ .ledger }}"


def overdue(facts: list[data.Fact], words: dict[str, Any]) -> str:
    """The line before the text of a page that cites a fact past its day; nothing when none is."""
    late = [fact.checked for fact in facts if fact.review < data.today()]
    return f"{words['overdue'].format(day=wording.day(min(late), words))}\n{{ .overdue }}\n\n" if late else ""


def reviewed(meta: Mapping[str, Any], facts: list[data.Fact], words: dict[str, Any]) -> str:
    """The line under «Fuentes»: when the page was checked and when its first fact is due, unless that day has passed."""
    line = f"{words['last_checked']}: {wording.day(meta['checked'], words)}."
    if facts and not overdue(facts, words):
        line += f" {words['next_check']}: {wording.day(min(fact.review for fact in facts), words)}."
    return line + f" {words['badge_help']}"
