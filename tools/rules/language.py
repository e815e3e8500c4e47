"""Rules: each page speaks its own language throughout, without words that hurt or slow readers, and English keeps the portal's labels verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

import yaml

from tools.docs import ROOT, Docs, Page
from tools.finding import Problem
from tools.text.readability import prose, words

AVOID: dict[str, list[dict[str, str]]] = yaml.safe_load((ROOT / "tools/rules/data/avoid.yml").read_text(encoding="utf-8"))
COMMON: dict[str, list[str]] = yaml.safe_load((ROOT / "tools/rules/data/wording.yml").read_text(encoding="utf-8"))["common"]
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
    """No word of tools/rules/data/avoid.yml outside quotes, labels and code."""
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
