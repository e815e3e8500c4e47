"""Promise: an anxious reader on a small phone understands each page at the first read, and the answer stands first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from tests.kit.reading import inflesz, prose, sentences, syllables, words
from tools.docs import Docs, Page, WriteDocs
from tools.finding import At, Expect, Problem

LENGTH = {"problem": (150, 400), "procedure": (250, 660)}
AVERAGE, EASY, ANSWER = 14, 60, 60
# Words in bold are labels of the portal: a menu path may make a sentence long, but no harder.
LABEL = re.compile(r"\*\*[^*]+\*\*")


def check_length(docs: Docs) -> Iterator[Problem]:
    """Problem pages have 150 to 400 words, procedures 250 to 660 (tables and labels counted)."""
    for page in docs.pages:
        fewest, most = LENGTH.get(page.type, (0, 10**6))
        count = len(words(prose(_body(page))))
        if not fewest <= count <= most:
            yield Problem(page.shown, 0, f"the page has {count} words", f"a {page.type} page has {fewest} to {most}", "page-length")


def check_sentences(docs: Docs) -> Iterator[Problem]:
    """Sentences have 14 words on average; the longest are named when they are too many."""
    for page in docs.pages:
        found = sentences(prose(LABEL.sub("X", _body(page))))
        average = sum(len(words(sentence)) for sentence in found) / max(1, len(found))
        if average > AVERAGE:
            worst = max(found, key=lambda sentence: len(words(sentence)))
            yield Problem(page.shown, 0, f"its sentences have {average:.1f} words on average", f"split the longest: \"{worst[:90]}…\"", "sentences-long")


def check_easy(docs: Docs) -> Iterator[Problem]:
    """Spanish pages reach 60 on the INFLESZ scale."""
    for page in docs.pages:
        text = prose(LABEL.sub("X", _body(page)))
        if page.lang == "es" and inflesz(text) < EASY:
            worst = min((sentence for sentence in sentences(text) if len(words(sentence)) > 5), key=inflesz, default=text)
            yield Problem(page.shown, 0, f"its readability is {inflesz(text):.0f} of {EASY} (INFLESZ)", f"use shorter words and sentences, first in \"{worst[:90]}…\"", "hard-to-read")


def check_answer_first(docs: Docs) -> Iterator[Problem]:
    """On problem pages the first step begins within the first 60 words."""
    for page in docs.pages:
        if page.type == "problem" and (section := _section(page, "en-breve")):
            count = len(words(prose(section)))
            if count >= ANSWER - 1:
                yield Problem(page.shown, page.line_of("{#en-breve}"), f"{count} words stand before the first step", f"shorten {{#en-breve}} to fewer than {ANSWER - 1}", "answer-too-late")


def check_long_sentences(docs: Docs) -> Iterator[Problem]:
    """No sentence of a problem page is longer than 30 words; 20 is the rule for what we write, a quoted message may take more."""
    for page in docs.pages:
        for block in page.blocks if page.type == "problem" else []:
            for sentence in sentences(prose(LABEL.sub("X", block.text))):
                if len(words(sentence)) > 30:
                    yield Problem(page.shown, block.line, f"a sentence has {len(words(sentence))} words", f"split it: \"{sentence[:60]}…\"", "sentence-too-long")


def _body(page: Page) -> str:
    return "\n".join(block.text + "\n" for block in page.blocks if block.kind != "heading")


def _section(page: Page, name: str) -> str:
    return "\n".join(block.text for block in page.blocks if block.section == name and block.kind != "heading")


CHECKS = (check_length, check_sentences, check_easy, check_answer_first, check_long_sentences)


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
