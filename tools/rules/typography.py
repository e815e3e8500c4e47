"""Rules: text is set with care: Spanish signs in pairs, numbers beside their units, and nothing that an editor, a merge or an encoding left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tools.docs import Docs
from tools.finding import Problem
from tools.text.readability import LINK
from tools.text.typesetting import PROTECTED, RULES, files, lines, mended

CLOSED = {"?": "¿", "!": "¡"}
SENTENCE_SIGNS = re.compile(r"[¿?¡!]")
CITED = re.compile(r"\[\^[^\]]*\]")
FRAME = "docs/data/strings/es.yml"
LEFT_BEHIND = (
    (re.compile(r"Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]|â€|\ufffd"), "letters were lost between two encodings", "write the letters again and save the file as UTF-8"),
    (re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)|^={7}$"), "a merge was not finished here", "choose one of the two versions and remove the mark"),
    (re.compile(r"(?i:lorem ipsum)|\b(?:TODO|FIXME|XXX|TBD)\b"), "this text is still to be written", "write it, or remove it"),
)


def read(root: Path) -> Iterator[tuple[str, str]]:
    """Path and text of every file that people read; what is not UTF-8 is replaced by U+FFFD."""
    for file in files(root):
        yield file.relative_to(root).as_posix(), file.read_bytes().decode("utf-8", errors="replace")


def check_set(root: Path) -> Iterator[Problem]:
    """Nothing is left that `make format` would mend."""
    for path, text in read(root):
        if "\r" in text or text != text.rstrip("\n") + "\n":
            yield Problem(path, 0, "its lines do not end as they should", "run make format", "line-ends")
        for line in lines(path, text.replace("\r", "")):
            for rule in RULES:
                if rule.applies(line) and mended(rule, line.text) != line.text:
                    yield Problem(path, line.number, rule.what, "run make format", "typography")


def check_left_behind(root: Path) -> Iterator[Problem]:
    """No broken encoding, no marks of a merge, no text still to be written."""
    for path, text in read(root):
        for number, line in enumerate(text.split("\n"), 1):
            for pattern, what, fix in LEFT_BEHIND:
                if pattern.search(line):
                    yield Problem(path, number, what, fix, "left-behind")


def check_pairs(docs: Docs) -> Iterator[Problem]:
    """In Spanish every ? and ! has its opening sign before it, and the other way round."""
    frame = (docs.root / FRAME).read_text(encoding="utf-8") if (docs.root / FRAME).exists() else ""
    texts = [(FRAME, number, line) for number, line in enumerate(frame.splitlines(), 1)]
    for page in docs.pages:
        front = [(page.key_line(key), str(page.meta.get(key, ""))) for key in ("title", "description", "reply")]
        blocks = [(block.line, block.text) for block in page.blocks]
        texts += [(page.shown, line, text) for line, text in [*front, *blocks] if page.lang == "es"]
    for path, line, text in texts:
        if sign := unpaired(text):
            yield Problem(path, line, f"a '{sign}' has no other half", f"write {' … '.join(_pair(sign))} around the question or the call", "sign-unpaired")


def unpaired(text: str) -> str:
    """The first sign without its other half, or nothing. Signs may close one level up, as in ¿…¡…!…?"""
    open_signs: list[str] = []
    for match in SENTENCE_SIGNS.finditer(PROTECTED.sub("", CITED.sub("", LINK.sub(r"\1", text)))):
        sign = match[0]
        if sign in CLOSED.values():
            open_signs.append(sign)
        elif CLOSED[sign] in open_signs:
            open_signs.remove(CLOSED[sign])
        else:
            return sign
    return open_signs[0] if open_signs else ""


def _pair(sign: str) -> tuple[str, str]:
    return next((first, last) for last, first in CLOSED.items() if sign in (first, last))
