"""Rules: an anxious reader on a small phone understands each page at the first read, and the answer stands first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.docs import Docs, Page
from tools.finding import Problem
from tools.text.readability import inflesz, prose, sentences, words

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
