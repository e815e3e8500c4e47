"""Promise: each page speaks its own language throughout, without words that hurt or slow readers, and English keeps the portal's labels verbatim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from typing import Any

import pytest
import yaml

from tests.kit.reading import prose, words
from tools.docs import ROOT, Docs, Page, WriteDocs
from tools.finding import At, Expect, Problem

AVOID: dict[str, list[dict[str, str]]] = yaml.safe_load((ROOT / "tests/data/avoid.yml").read_text(encoding="utf-8"))
COMMON: dict[str, list[str]] = yaml.safe_load((ROOT / "tests/data/wording.yml").read_text(encoding="utf-8"))["common"]
FRONT = ("title", "description", "reply")
# What other people wrote: labels and messages of the portal, quotes, code, addresses.
QUOTED = re.compile(r"\*\*[^*]+\*\*|«[^»]*»|“[^”]*”|\"[^\"]*\"|`[^`]*`|\[\^[^\]]*\]|\]\([^)]*\)|\{[^}]*\}|https?:\S+|\S+@\S+")
LABEL = re.compile(r"\*\*([^*]+)\*\*|«([^»]+)»|“([^”]+)”(?= \()")
GLOSS = re.compile(r"\([^)]*\)")
KEY = re.compile(r"[\w-]+:(?= |$)|^ *#.*")
TRIM = ".,… "
FEWEST_WORDS = 4
SENTENCE_END = re.compile(r"(?<=[.?!:;])\s+")


def texts(page: Page) -> Iterator[tuple[int, str]]:
    """Line and text of everything in the page that readers see, as it is written."""
    for key in FRONT:
        yield page.key_line(key), str(page.meta.get(key, ""))
    for block in page.blocks:
        yield from enumerate(block.text.split("\n"), block.line)


@cache
def _patterns(lang: str) -> list[tuple[re.Pattern[str], dict[str, str]]]:
    return [(re.compile(rf"(?<![\w-])(?:{rule['words']})(?![\w-])", re.IGNORECASE), rule) for rule in AVOID[lang]]


def frame(docs: Docs) -> Iterator[tuple[str, str, int, str]]:
    """Path, language, line and text of the words that stand around every page."""
    for lang in AVOID:
        file = docs.root / f"docs/data/strings/{lang}.yml"
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines() if file.exists() else [], 1):
            yield f"docs/data/strings/{lang}.yml", lang, number, KEY.sub(" ", text)


def check_avoided(docs: Docs) -> Iterator[Problem]:
    """No word of tests/data/avoid.yml outside quotes, labels and code."""
    pages = ((page.shown, page.lang, *found) for page in docs.pages for found in texts(page))
    for path, lang, line, text in chain(pages, frame(docs)):
        own = QUOTED.sub(" ", text)
        for pattern, rule in _patterns(lang):
            for match in pattern.finditer(own):
                yield Problem(path, line, f"'{match[0]}' is a word to avoid: {rule['reason']}", f"write {rule['instead']} instead", "word-to-avoid")


def check_labels(docs: Docs) -> Iterator[Problem]:
    """Every Spanish label and quote of an English page stands on the Spanish page too, letter by letter; titles may shorten theirs."""
    for spanish, english in docs.pairs():
        have = " ".join(spanish.text.replace("*", "").split())
        for line, text in texts(english):
            for match in LABEL.finditer(text) if line != english.key_line("title") else []:
                label = " ".join((match[1] or match[2] or match[3]).split())
                if label.strip(TRIM) not in have:
                    yield Problem(english.shown, line, f"the label «{label}» is not on the Spanish page", f"copy it from {spanish.shown}, or say it there too", "label-changed")


def common(text: str, lang: str) -> tuple[int, int, int]:
    """How many words the text has, and how many of them are common only in its own language, and only in the other one."""
    other = "en" if lang == "es" else "es"
    found = [word.casefold() for word in words(text)]
    return len(found), sum(word in COMMON[lang] for word in found), sum(word in COMMON[other] for word in found)


def check_right_language(docs: Docs) -> Iterator[Problem]:
    """No text, nor a sentence of it, has more common words of the other language than of its own; a sentence needs two, as «El Diario» has one."""
    for page in docs.pages:
        front = ((page.key_line(key), str(page.meta.get(key, ""))) for key in FRONT)
        for line, text in chain(front, ((block.line, block.text) for block in page.blocks)):
            plain = prose(GLOSS.sub(" ", QUOTED.sub(" ", text.lstrip("#"))))
            for least, part in ((1, plain), *((2, sentence) for sentence in SENTENCE_END.split(plain))):
                count, own, other = common(part, page.lang)
                if count >= FEWEST_WORDS and other > own and other >= least:
                    name = {"es": "English", "en": "Spanish"}[page.lang]
                    yield Problem(page.shown, line, f"this text is in {name}: \"{part.strip()[:40].rstrip()}…\"", "translate it", "wrong-language")
                    break


CHECKS = (check_avoided, check_labels, check_right_language)


@pytest.mark.parametrize("check", CHECKS)
def test_language(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


def page(body: str, title: str = "Una guía") -> str:
    return f"---\ntype: guide\ntitle: {title}\nphrases: [mi contraseña]\n---\n{body}\n"


@pytest.mark.parametrize(("check", "files", "at"), [
    (check_avoided, {"es/a.md": page("Escriba su contraseña, clave (contraseña) o «contraseña».")},
     ("word-to-avoid", "docs/es/a.md", 6)),
    (check_avoided, {"es/a.md": page("Pulse.\nSolo tiene que esperar.")},
     ("word-to-avoid", "docs/es/a.md", 7)),
    (check_avoided, {"es/a.md": page("Texto.", title="Abra tu correo")}, ("word-to-avoid", "docs/es/a.md", 3)),
    (check_avoided, {"en/a.md": page("Just wait; **just** is a label.")}, ("word-to-avoid", "docs/en/a.md", 6)),
    (check_avoided, {"data/strings/es.yml": "mail: Haga clic.\n"},
     ("word-to-avoid", "docs/data/strings/es.yml", 1)),
    (check_labels, {"es/a.md": page("Pulse **Desbloqueo de Clave**."), "en/a.md": page("Press **Desbloqueo de clave** (unlock).")},
     ("label-changed", "docs/en/a.md", 6)),
    (check_right_language, {"es/a.md": page("## A {#a}\n\nAsk them to unlock it for you.")},
     ("wrong-language", "docs/es/a.md", 8)),
    (check_right_language, {"en/a.md": page("## Cómo saber si se hizo en la oficina {#a}")},
     ("wrong-language", "docs/en/a.md", 6)),
])
def test_a_bad_page_is_named(check: Callable[[Docs], Iterator[Problem]], files: dict[str, str], at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check(write_docs(files))] == [at]


def test_every_rule_can_fail() -> None:
    """Each rule says what to write and why, and its pattern compiles to something that does not match nothing."""
    rules: list[Any] = [rule for lang in AVOID for rule in _patterns(lang)]
    assert all(set(rule) == {"words", "instead", "reason"} and not pattern.search("") for pattern, rule in rules)
