"""Turns phrases into the terms that the search compares, as docs/assets/javascripts/search/text.js does with what people type; tests/test_search.py compares both."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

SOUNDS = [(re.compile(pattern), by) for pattern, by in (
    ("ph", "f"), ("ch", "C"), ("sh", "C"), ("h", ""), ("ll", "y"), ("v", "b"), ("w", "u"), ("qu", "k"), ("q", "k"), ("c(?=[ei])", "s"), ("c", "k"), ("[zx]", "s"),
    ("gu(?=[ei])", "g"), ("g(?=[ei])", "j"), ("y$", "i"), ("^y(?=[aeou])", "y"), (r"(.)\1+", r"\1"))]
ENDINGS = re.compile(r"(?:iendo|ando|amos|imos|aron|ieron|adas|ados|idas|idos|aste|iste|ada|ado|ida|ido|aba|ion|ing|ed|ar|er|ir|an|en|es|s)$")
DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Lexicon:
    """docs/data/synonyms.yml, ready to apply: phrases that stand for a word, stems that stand for another, and words that say nothing."""

    phrases: list[tuple[str, str]]
    words: dict[str, str]
    ignored: set[str]


def fold(text: str) -> str:
    """Lower case without accents or punctuation."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not "\u0300" <= letter <= "\u036f")
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()


def stem(word: str) -> str:
    """How a folded word sounds in Ecuador, without the ending that number, gender or tense gives; at least three letters stay."""
    if DIGIT.search(word):
        return word
    for pattern, by in SOUNDS:
        word = pattern.sub(by, word)
    if len(word) < 4:
        return word
    cut = ENDINGS.sub("", word)
    base = cut if len(cut) >= 3 else word
    return re.sub("[aeiou]$", "", base) if len(base) > 3 else base


def lexicon(synonyms: dict[str, Any]) -> Lexicon:
    """The data as a Lexicon; where a word stands on two lines, the first one counts."""
    phrases: list[tuple[str, str]] = []
    words: dict[str, str] = {}
    for first, *others in synonyms["same"]:
        for other in map(fold, others):
            if " " in other:
                phrases.append((f" {other} ", f" {first} "))
            else:
                words.setdefault(stem(other), stem(first))
    return Lexicon(sorted(phrases, key=lambda pair: -len(pair[0])), words, {*synonyms["ignore"].split(), *synonyms["names"].split()})


def terms(text: str, known: Lexicon) -> list[str]:
    """Terms of a text in their order, each once, the words that say nothing left out."""
    folded = f" {fold(text)} "
    for words, first in known.phrases:
        folded = folded.replace(words, first)
    stems = (stem(word) for word in folded.split() if word not in known.ignored)
    return list(dict.fromkeys(known.words.get(term, term) for term in stems))
