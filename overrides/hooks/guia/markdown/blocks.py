"""Fills the lines `{{ name }}` of a page with a block made from the data: overrides/blocks/<name>.html."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from posixpath import relpath
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from mkdocs.structure.pages import Page

from guia.lib import data, wording
from guia.lib.build import Build

STATUSES = ("confirmed", "reported", "disputed", "unknown")


def fill(markdown: str, page: Page, build: Build) -> str:
    """Replace every block of the page; guard.py has made sure that each exists."""
    if not data.BLOCK.search(markdown):
        return markdown
    env, context = _environment(), _context(build.docs, page, build)

    def block(match: re.Match[str]) -> str:
        return env.get_template(f"{match.group(1)}.html").render(context).strip()

    return data.BLOCK.sub(block, markdown)


def _environment() -> Environment:
    # Heading ids are written {#so}, which would start a Jinja comment.
    return Environment(loader=FileSystemLoader(data.BLOCKS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                       comment_start_string="{##", comment_end_string="##}")


def _context(docs: Path, page: Page, build: Build) -> dict[str, Any]:
    """What a block may use: the ledger, the words, the pages of this language and a way to the site's root."""
    lang = data.language(page)
    ledger, words, codes = data.load_ledger(docs), data.load_strings(docs, lang), data.load_codes(docs)
    here = PurePosixPath(data.page_path(page)).parent
    return {
        "lang": lang, "t": words, "page": page.meta, "ledger": ledger, "statuses": STATUSES,
        "groups": data.load_yaml(docs, "data/groups.yml"),
        # By code: the most frequent problems have the lowest.
        "pages": sorted(data.pages_of(docs, lang).values(), key=lambda meta: codes.get(meta.meta.get("problem"), "")),
        "questions": data.load_yaml(docs, "data/diagnosis.yml"),
        "first_step": lambda meta: wording.first_step(meta.body),
        "link": lambda path: relpath(f"{path}.md", here),
        "root": relpath(".", PurePosixPath(page.file.dest_uri).parent),
        "cite": lambda source: wording.cite(source, words),
        "day": lambda value: wording.day(value, words),
        "today": data.today(),
        "counts": topic_counts(ledger),
        "replies": list(build.replies[lang].values()),
    }


def topic_counts(ledger: data.Ledger) -> list[dict[str, Any]]:
    """Facts per topic and status, the topics in the order of the ledger: [{topic, total, facts, by_status, confirmed, …}]."""
    topics = dict.fromkeys(fact.topic for fact in ledger.facts.values())
    return [_topic_row(topic, [fact for fact in ledger.facts.values() if fact.topic == topic]) for topic in topics]


def _topic_row(topic: str, facts: list[data.Fact]) -> dict[str, Any]:
    row = {status: sum(fact.status == status for fact in facts) for status in STATUSES}
    return {"topic": topic, "total": len(facts), "facts": facts, "by_status": row, **row}

