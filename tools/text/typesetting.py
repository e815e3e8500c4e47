"""How text is set: rules that mend a line by themselves, used by `make format` and by the check that asks for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

FILES = ("docs/e[sn]/**/*.md", "docs/data/**/*.yml", "tools/*/*.yml", "tools/*/*.md", "tools/rules/data/*.yml", "*.md", ".github/*.md")
# Words in code, addresses, HTML and attribute lists are not prose, nor are the titles of admonitions.
PROTECTED = re.compile(r"`[^`]*`|\]\([^)]*\)|https?:\S+|<[^<>]+>|\{[^{}]*\}|^!!! .*| +#.*$")
LINE_LANGUAGE = re.compile(r"^ *(?:- )?\{?(es|en): ")
MARK = 0xE000  # the first private character: no text holds one


@dataclass(frozen=True)
class Line:
    """A line of a file: `lang` is es, en, code, or nothing when it is not known; `yaml` says whether it is data."""

    number: int
    text: str
    lang: str
    yaml: bool


@dataclass(frozen=True)
class Rule:
    """What is wrong, in which languages, and the line as it should be; `whole` rules see code and addresses too, `body` rules no YAML."""

    what: str
    langs: frozenset[str]
    mend: Callable[[str], str]
    whole: bool = False
    body: bool = False

    def applies(self, line: Line) -> bool:
        return line.lang in self.langs and not (self.body and line.yaml)


def _sub(pattern: str, text: str) -> Callable[[str], str]:
    return partial(re.compile(pattern).sub, text)


ANY, SPANISH = frozenset({"es", "en", ""}), frozenset({"es"})
RULES = (
    Rule("blanks stand at the end of the line", ANY, str.rstrip, whole=True),
    Rule("accents are written as signs of their own", ANY, partial(unicodedata.normalize, "NFC"), whole=True),
    Rule("two spaces stand between words", frozenset({"es", "en"}), _sub(r"(?<=[^\s|]) {2,}(?=[^\s|])", " ")),
    Rule("English quotation marks stand in a Spanish text", SPANISH, _sub("“([^“”]+)”", r"«\1»")),
    Rule("straight quotation marks stand in a Spanish text", SPANISH, _sub('"([^"]+)"', r"«\1»"), body=True),
    Rule("a number can be parted from its sign", SPANISH, _sub(r"(?<=\d) ?%", "\u00a0%")),
    Rule("a number can be parted from its unit", frozenset({"es", "en"}), _sub(r"(?<=\d) (?=[kM]B\b)", "\u00a0")),
    Rule("a number can be parted between its thousands", SPANISH, _sub(r"(?<![\d.,])(?<!\d )([1-9]\d{0,2}) (\d{3})(?![\d-]| \d)", "\\1\u00a0\\2")),
)


def files(root: Path) -> list[Path]:
    """The files whose text people read."""
    return sorted({file for pattern in FILES for file in root.glob(pattern)})


def lines(path: str, text: str) -> Iterator[Line]:
    """Every line, with its language: the file's, in bilingual data the key's."""
    known = next((part for part in re.split(r"[/.]", path) if part in ("es", "en")), "")
    fenced, fences = False, 0
    for number, line in enumerate(text.split("\n"), 1):
        fenced ^= line.startswith("```")
        fences += line == "---"
        own = LINE_LANGUAGE.match(line)
        lang = "code" if fenced else own[1] if own and not known else known
        yield Line(number, line, lang, path.endswith(".yml") or text.startswith("---") and fences < 2)


def mended(rule: Rule, line: str) -> str:
    """The line as the rule wants it."""
    if rule.whole:
        return rule.mend(line)
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return chr(MARK + len(held) - 1)

    text = rule.mend(PROTECTED.sub(hold, line))
    return "".join(held[ord(sign) - MARK] if MARK <= ord(sign) < MARK + len(held) else sign for sign in text)


def formatted(path: str, text: str) -> str:
    """The whole text after every rule, with lines that end alike and one line end at its end; formatting it again changes nothing."""
    done = []
    for line in lines(path, text.replace("\r\n", "\n").replace("\r", "\n")):
        wanted = line.text
        for rule in RULES:
            if rule.applies(line):
                wanted = mended(rule, wanted)
        done.append(wanted)
    return "\n".join(done).rstrip("\n") + "\n"
