"""Rules: every claim in the text is covered by a fact that says the same, and its wording is as sure as its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from tools.docs import ROOT, Block, Docs, Page
from tools.finding import Problem
from tools.text.claims import SPELLED, Claim, claims, holds

WORDING = yaml.safe_load((ROOT / "tools/rules/data/wording.yml").read_text(encoding="utf-8"))
FRONT = ("title", "description", "reply")


def check_citations(docs: Docs) -> Iterator[Problem]:
    """Every cited fact exists, and nobody writes a footnote by hand."""
    for page in docs.pages:
        for fact in dict.fromkeys(page.citations):
            if fact not in docs.facts:
                yield Problem(page.shown, page.line_of(fact), f"there is no fact '{fact}'", "cite a fact of docs/data/facts.yml, or add it there", "fact-unknown")
        for number, line in enumerate(page.text.splitlines(), 1):
            if line.startswith("[^") and "]:" in line:
                yield Problem(page.shown, number, "this footnote is written by hand", "delete it: the build writes it from docs/data/facts.yml", "footnote-by-hand")


def check_claims(docs: Docs) -> Iterator[Problem]:
    """Numbers, dates, phones and menu paths match a fact cited in the same block (in the front matter: on the page)."""
    phones = {phone for fact in docs.facts.values() for phone in fact.data.get("values", {}).get("phone", [])}
    for page in docs.pages:
        for block in page.blocks:
            yield from _uncovered(docs, page, block.line, block.text, block.citations, phones)
            for match in SPELLED[page.lang].finditer(block.text):
                yield Problem(page.shown, block.line, f'"{match[0]}" is spelled out', "write the number in figures, so that it can be checked", "number-spelled-out")
        for key in FRONT:
            yield from _uncovered(docs, page, page.key_line(key), str(page.meta.get(key, "")), page.citations, phones)


def _uncovered(docs: Docs, page: Page, line: int, text: str, cited: Iterable[str], phones: set[str]) -> Iterator[Problem]:
    # A cited fact that does not exist is a finding of check_citations; what it would hold cannot be said.
    facts = [docs.facts[fact].data for fact in cited if fact in docs.facts]
    if len(facts) < len(list(cited)):
        return
    sources = {name: entry.data for name, entry in docs.sources.items()}
    for claim in claims(text, page.lang, phones, WORDING["names"]):
        if not any(holds(fact, sources, claim, page.lang) for fact in facts):
            yield Problem(page.shown, line, f'"{claim.text}" is a claim without a fact', _advice(docs, claim, page.lang), "claim-without-fact")


def _advice(docs: Docs, claim: Claim, lang: str) -> str:
    sources = {name: entry.data for name, entry in docs.sources.items()}
    surest = sorted(docs.facts.values(), key=lambda entry: ("confirmed", "reported", "disputed", "unknown").index(entry.data["status"]))
    fits = next((entry.id for entry in surest if holds(entry.data, sources, claim, lang)), "")
    return f"cite one beside it, for example [^{fits}], or correct the claim" if fits else "no fact holds it: correct it, or add a fact with its source"


def check_hedges(docs: Docs) -> Iterator[Problem]:
    """A block that cites a claim no official source confirms says so in its own words."""
    for page in docs.pages:
        for block in page.blocks:
            for fact in block.citations:
                entry = docs.facts.get(fact)
                if entry and not _hedged(docs, page, block, entry.data):
                    yield Problem(page.shown, block.line, f"'{fact}' is {entry.data['status']}, but the sentence sounds certain",
                                  "say who claims it, or that nobody confirms it", "sounds-certain")


def _hedged(docs: Docs, page: Page, block: Block, fact: dict[str, Any]) -> bool:
    words = WORDING["hedges"].get(fact["status"])
    publishers = [docs.sources[name].data["publisher"] for name in fact["sources"] if name in docs.sources]
    text = block.text.casefold()
    return words is None or any(word.casefold() in text for word in [*words[page.lang], *publishers])


def check_every_page_cites(docs: Docs) -> Iterator[Problem]:
    """No page without sources."""
    for page in docs.pages:
        if not page.citations and page.type not in ("evidence", "retired"):
            yield Problem(page.shown, 0, "this page cites no fact", "cite at least one, for example [^desbloqueo-menu]", "page-without-facts")


CHECKS = (check_citations, check_claims, check_hedges, check_every_page_cites)
