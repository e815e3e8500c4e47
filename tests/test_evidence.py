"""Promise: every claim in the text is covered by a fact that says the same, and its wording is as sure as its source."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tools.docs import Docs, WriteDocs
from tools.finding import At, Expect, Problem
from tools.rules.evidence import CHECKS, check_citations, check_claims, check_every_page_cites, check_hedges
from tools.text.claims import claims


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
