"""Promise: every claim in the text is covered by a fact that says the same, and its wording is as sure as its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import yaml

from tests.kit.claims import SPELLED, Claim, claims, holds
from tools.docs import ROOT, Block, Docs, Page, WriteDocs
from tools.finding import At, Expect, Problem

WORDING = yaml.safe_load((ROOT / "tests/data/wording.yml").read_text(encoding="utf-8"))
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


@pytest.mark.parametrize("check", CHECKS)
def test_evidence(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


LEDGER = {
    "data/sources.yml": "nota: {class: official, publisher: IESS, title: Nota, url: 'https://www.iess.gob.ec/', published: '2024-11-15', seen: '2026-11-20'}\n"
                        "blog: {class: blog, publisher: Ejemplo, title: Blog, url: null, published: null, seen: '2026-11-20'}\n",
    "data/facts.yml": "tres-minutos: {topic: desbloqueo, status: confirmed, es: Dura 3 minutos., en: It lasts 3 minutes., values: {minutes: [3]}, sources: [nota]}\n"
                      "quince: {topic: recuperar, status: reported, es: Dura 15., en: It lasts 15., values: {minutes: [15]}, sources: [blog]}\n",
}


def page(body: str) -> str:
    return f"---\ntype: guide\ntitle: Una guía\ndescription: Qué hacer con la clave.\nchecked: 2026-11-20\n---\n{body}\n"


@pytest.mark.parametrize(("check", "body", "at"), [
    (check_citations, "Dura 3 minutos[^tres-minuto].",
     ("fact-unknown", "docs/es/a.md", 7)),
    (check_citations, "Dura 3 minutos[^tres-minutos].\n\n[^tres-minutos]: IESS.",
     ("footnote-by-hand", "docs/es/a.md", 9)),
    (check_claims, "Texto.\n\nDura 30 minutos[^tres-minutos].",
     ("claim-without-fact", "docs/es/a.md", 9)),
    (check_claims, "Dura 3 minutos.",
     ("claim-without-fact", "docs/es/a.md", 7)),
    (check_claims, "Siga **Inicio > Clave**[^tres-minutos].",
     ("claim-without-fact", "docs/es/a.md", 7)),
    (check_claims, "Dura tres minutos[^tres-minutos].",
     ("number-spelled-out", "docs/es/a.md", 7)),
    (check_hedges, "Dura 15 minutos[^quince].",
     ("sounds-certain", "docs/es/a.md", 7)),
    (check_every_page_cites, "Texto sin fuentes.",
     ("page-without-facts", "docs/es/a.md", 0)),
])
def test_a_bad_page_is_named(check: Callable[..., Iterator[Problem]], body: str, at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check(write_docs({**LEDGER, "es/a.md": page(body)}))] == [at]


@pytest.mark.parametrize("body", [
    "Dura 3 minutos[^tres-minutos].", "Según un blog, dura 15 minutos[^quince].", "Lo dice Ejemplo: 15 minutos[^quince].",
    "La nota del 15 de noviembre de 2024 lo dice[^tres-minutos].", "1. Pulse **Buscar**.\n2. Espere.", "El error 503 no dice más[^tres-minutos].",
])
def test_a_good_page_gets_none(body: str, write_docs: WriteDocs) -> None:
    docs = write_docs({**LEDGER, "es/a.md": page(body)})
    assert [problem.sentence for check in (check_citations, check_claims, check_hedges) for problem in check(docs)] == []


@pytest.mark.parametrize(("text", "lang", "expected"), [
    ("de 5 a 15 minutos", "es", [("5", "minutes"), ("15", "minutes")]), ("24-48 hours", "en", [("24", "hours"), ("48", "hours")]),
    ("11 425 personas", "es", [("11425", "people")]), ("11,425 people", "en", [("11425", "people")]), ("el 14 % de usuarios", "es", [("14", "percent")]),
    ("de 0,50 a 1 dólar", "es", [("0.5", "usd"), ("1", "usd")]), ("llame al 140", "es", [("140", "phone")]), ("a las 07:00", "es", [("07:00", "clock")]),
    ("el 13 de mayo de 2022", "es", [("2022-05-13", "date")]), ("on 13 May 2022", "en", [("2022-05-13", "date")]), ("la clave ERR_404", "es", []),
    ("escriba `000` al final", "es", []), ("cédula más 000", "es", [("000", "")]), ("3 times in a row", "en", [("3", "attempts")]),
])
def test_claims_are_found(text: str, lang: str, expected: list[tuple[str, str]]) -> None:
    assert [(claim.value, claim.unit) for claim in claims(text, lang, {"140"}, [])] == expected
