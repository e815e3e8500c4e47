"""Rules: both languages say the same: same pages, sections, steps, rows and facts, and nobody forgot the other one."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator

from tools.docs import Block, Docs, Page
from tools.finding import Problem

TRANSLATES = re.compile(r"^translates:.*$", re.MULTILINE)
SHARED = ("type", "problem", "group", "who", "messages", "procedure", "related")
COUNTED = {"item": "list items", "row": "table rows", "text": "paragraphs"}
# What is the same in both languages, wherever it stands: the portal's labels stay in Spanish.
MARKS: dict[str, Callable[[Block], list[str]]] = {
    "citations": lambda block: block.citations,
    "links": lambda block: re.findall(r"\]\(([^)\s]+)", block.text),
    "labels": lambda block: re.findall(r"\*\*([^*]+)\*\*", block.text),
}


def fingerprint(text: str) -> str:
    """First 8 hex digits of the sha256 of a Spanish file without its `checked` line."""
    lines = [line for line in text.splitlines() if not line.startswith("checked:")]
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()[:8]


def confirmed(english: str, spanish: str) -> str:
    """The English file, which says from now on that it translates this Spanish one."""
    return TRANSLATES.sub(f'translates: "{fingerprint(spanish)}"', english, count=1)


def check_pairs(docs: Docs) -> Iterator[Problem]:
    """Every page exists in both languages."""
    for page in docs.pages:
        other, name = ("en", "English") if page.lang == "es" else ("es", "Spanish")
        if not docs.find(other, page.path):
            yield Problem(page.shown, 0, f"there is no {name} page", f"create docs/{other}/{page.path}.md", "page-without-pair")


def check_headings(docs: Docs) -> Iterator[Problem]:
    """Same heading ids at the same levels, in the same order."""
    for spanish, english in docs.pairs():
        wanted = [(heading.level, heading.id) for heading in spanish.headings]
        found = [(heading.level, heading.id) for heading in english.headings]
        for level, name in wanted:
            if (level, name) not in found:
                yield Problem(english.shown, 0, f"the Spanish page has a level {level} heading {{#{name}}}, this one does not", "add it, or remove it from the Spanish page", "heading-missing")
        for heading in english.headings:
            if (heading.level, heading.id) not in wanted:
                yield Problem(english.shown, heading.line, f"the heading {{#{heading.id}}} is not on the Spanish page", "remove it, or add it there", "heading-extra")
        if sorted(wanted) == sorted(found) and wanted != found:
            yield Problem(english.shown, 0, "the headings are in another order than on the Spanish page", "put them in the same order", "heading-order")


def check_facts(docs: Docs) -> Iterator[Problem]:
    """Same facts cited in the same sections."""
    for spanish, english in docs.pairs():
        wanted, found = _in_both(_cited(spanish), _cited(english), spanish, english)
        for section, fact in sorted(wanted - found):
            yield Problem(english.shown, english.line_of(f"#{section}}}"), f"the Spanish page cites [^{fact}] in {{#{section}}}, this one does not", "say it here too, with the citation", "fact-missing")
        for section, fact in sorted(found - wanted):
            yield Problem(english.shown, english.line_of(fact), f"[^{fact}] in {{#{section}}} is not cited there on the Spanish page", "say it there too, or remove it here", "fact-extra")


def _in_both(wanted: set[tuple[str, str]], found: set[tuple[str, str]], spanish: Page, english: Page) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Only what stands in sections that both pages have: a missing section is a finding of check_headings."""
    both = {"", *(heading.id for heading in spanish.headings)} & {"", *(heading.id for heading in english.headings)}
    return {pair for pair in wanted if pair[0] in both}, {pair for pair in found if pair[0] in both}


def _cited(page: Page) -> set[tuple[str, str]]:
    return {(block.section, fact) for block in page.blocks for fact in block.citations}


def check_counts(docs: Docs) -> Iterator[Problem]:
    """Same number of list items (steps among them) and table rows in each section."""
    for spanish, english in docs.pairs():
        wanted, found = _counts(spanish), _counts(english)
        for section, kind in sorted(set().union(*_in_both(set(wanted), set(found), spanish, english))):
            if wanted[section, kind] != found[section, kind]:
                what = f"{{#{section}}} has {found[section, kind]} {COUNTED[kind]}, the Spanish page {wanted[section, kind]}"
                yield Problem(english.shown, english.line_of(f"#{section}}}"), what, "make them the same", "count-differs")


def _counts(page: Page) -> Counter[tuple[str, str]]:
    return Counter((block.section, block.kind) for block in page.blocks if block.kind in COUNTED)


def check_places(docs: Docs) -> Iterator[Problem]:
    """Each step, row and paragraph has the citations, links and labels of the one in its place on the Spanish page: nothing has moved."""
    for spanish, english in docs.pairs():
        wanted, found = _places(spanish), _places(english)
        for place in wanted:
            # Another number of blocks is a finding of check_counts, and facts that are cited in one language only one of check_facts.
            if len(wanted[place]) != len(found.get(place, [])):
                continue
            same_facts = _all_cited(wanted[place]) == _all_cited(found[place])
            for first, second in zip(wanted[place], found[place]):
                names = [name for name, take in MARKS.items() if sorted(take(first)) != sorted(take(second)) and (same_facts or name != "citations")]
                if names:
                    what = f"the {names[0]} here are {_list(MARKS[names[0]](second))}, on the Spanish page {_list(MARKS[names[0]](first))}"
                    yield Problem(english.shown, second.line, what, "put the same ones in the same place; labels of the portal stay in Spanish", "places-differ")


def _places(page: Page) -> dict[tuple[str, str], list[Block]]:
    found: dict[tuple[str, str], list[Block]] = {}
    for block in page.blocks:
        if block.kind in COUNTED:
            found.setdefault((block.section, block.kind), []).append(block)
    return found


def _all_cited(blocks: list[Block]) -> set[str]:
    return {fact for block in blocks for fact in block.citations}


def _list(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "none"


def check_shared_keys(docs: Docs) -> Iterator[Problem]:
    """What is not language is the same in both front matters."""
    for spanish, english in docs.pairs():
        for key in SHARED:
            if spanish.meta.get(key) != english.meta.get(key):
                yield Problem(english.shown, english.key_line(key), f"'{key}' is not the same as on the Spanish page", f"copy it from {spanish.shown}", "key-differs")


def check_changes(docs: Docs) -> Iterator[Problem]:
    """Both languages announce the same changes: the feeds have the same days."""
    for spanish, english in docs.pairs():
        wanted, found = ([str(note.get("date", "")) for note in page.meta.get("changed") or []] for page in (spanish, english))
        if wanted != found:
            yield Problem(english.shown, english.key_line("changed"), "the days of 'changed' are not those of the Spanish page", f"write the notes of {spanish.shown} in English", "changed-days-differ")


def check_fresh(docs: Docs) -> Iterator[Problem]:
    """Somebody looked at the English page after the Spanish one changed."""
    for spanish, english in docs.pairs():
        wanted = fingerprint(spanish.text)
        if english.meta.get("translates", wanted) != wanted:
            yield Problem(english.shown, english.key_line("translates"), "the Spanish page changed after this translation",
                          f'update the English text, then run make fix, which sets translates: "{wanted}"', "translation-stale")


CHECKS = (check_pairs, check_headings, check_facts, check_counts, check_places, check_shared_keys, check_changes, check_fresh)
