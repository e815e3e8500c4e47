"""Promise: an anxious reader on a small phone understands each page at the first read, and the answer stands first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tools.docs import Docs, WriteDocs
from tools.finding import At, Expect, Problem
from tools.rules.reading import CHECKS, check_answer_first, check_easy, check_length, check_long_sentences, check_sentences
from tools.text.readability import syllables


@pytest.mark.parametrize("check", CHECKS)
def test_reading(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


def page(body: str) -> str:
    return f"---\ntype: problem\n---\n{body}\n"


HARD = "Consecuentemente, la imposibilidad institucional del restablecimiento automatizado obstaculiza permanentemente."


@pytest.mark.parametrize(("check", "body", "at"), [
    (check_length, "Poco texto.", ("page-length", "docs/es/a.md", 0)),
    (check_sentences, "uno " * 20 + ".", ("sentences-long", "docs/es/a.md", 0)),
    (check_easy, HARD, ("hard-to-read", "docs/es/a.md", 0)),
    (check_answer_first, "## En breve {#en-breve}\n" + "uno " * 59, ("answer-too-late", "docs/es/a.md", 4)),
    (check_long_sentences, "uno " * 31, ("sentence-too-long", "docs/es/a.md", 4)),
])
def test_a_bad_page_is_named(check: Callable[..., Iterator[Problem]], body: str, at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check(write_docs({"es/a.md": page(body)}))] == [at]


@pytest.mark.parametrize(("word", "count"), [
    ("clave", 2), ("correo", 3), ("guía", 2), ("cuenta", 2), ("aquí", 2), ("seguir", 2), ("vergüenza", 3), ("día", 2), ("leer", 2), ("IESS", 1),
    ("contraseña", 4), ("número", 3), ("hoy", 1), ("ciudad", 2), ("país", 2), ("que", 1), ("averiguáis", 4), ("oiga", 2), ("trae", 2), ("caer", 2),
])
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count
