"""How sources, dates and classes of evidence are worded in a page's language: pure functions over data.py's objects."""

from __future__ import annotations

import re
from typing import Any

from guia.lib import data

STEPS = re.compile(r"^## .*\{#(?:que-hacer|pasos)\}.*?^1\. (.*?)$", re.MULTILINE | re.DOTALL)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡])")


def first_step(body: str) -> str:
    """First sentence of a page's first step, without citations and links; empty when the page has no steps."""
    step = STEPS.search(body)
    return SENTENCE_END.split(plain(step[1]))[0] if step else ""


def plain(markdown: str) -> str:
    """Markdown without citations, links, attribute lists and HTML tags; bold stays."""
    without = re.sub(r"\[\^[^\]]+\]|\{[^{}]*\}", "", markdown)
    return re.sub(r"<[^>]+>", "", re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", without)).strip()


def cite(source: data.Source, words: dict[str, Any]) -> str:
    """One source in one sentence; an unreliable page gets no link, so that nobody is sent there."""
    title = f"«{source.title}»" if words["lang"] == "es" else f"“{source.title}”"
    linked = f"[{title}]({source.url})" if source.url and source.kind != "unreliable" else title
    return f"{badge(source.kind, words)} {source.publisher}, {day(source.published, words)}: {linked}."


def badge(kind: str, words: dict[str, Any]) -> str:
    """The class of evidence in words; its colour only repeats them."""
    return f'<span class="badge badge--{kind}">{words["class"][kind]}</span>'


def day(value: str | None, words: dict[str, Any]) -> str:
    """`2024-11-15`, `2024-11` or `2024` as people of that language write it; undated sources say so."""
    if not value:
        return str(words["undated"])
    year, *rest = value.split("-")
    month = words["months"][int(rest[0]) - 1] if rest else ""
    return str(words["date_forms"][len(rest)]).format(day=int(rest[1]) if len(rest) > 1 else 0, month=month, year=year)
