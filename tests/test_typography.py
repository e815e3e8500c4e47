"""Promise: text is set with care: Spanish signs in pairs, numbers beside their units, and nothing that an editor, a merge or an encoding left behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.format import run
from tests.kit.reading import LINK
from tests.kit.typography import PROTECTED, RULES, files, formatted, lines, mended
from tools.docs import ROOT, Docs, WriteDocs
from tools.finding import At, Expect, Problem

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


@pytest.mark.parametrize("check", [check_set, check_left_behind])
def test_typography(check: Callable[[Path], Iterator[Problem]], expect_none: Expect) -> None:
    expect_none(check(ROOT))


def test_pairs(docs: Docs, expect_none: Expect) -> None:
    expect_none(check_pairs(docs))


SET = [
    ("Una  clave.", "Una clave.", "two spaces stand between words"), ("Una clave. ", "Una clave.", "blanks stand at the end of the line"),
    ("Dice “clave”.", "Dice «clave».", "English quotation marks stand in a Spanish text"),
    ('Dice "clave" y `a "b"`.', 'Dice «clave» y `a "b"`.', "straight quotation marks stand in a Spanish text"),
    ("El 14 %.", "El 14\u00a0%.", "a number can be parted from its sign"), ("El 14%.", "El 14\u00a0%.", "a number can be parted from its sign"),
    ("Unos 90 kB.", "Unos 90\u00a0kB.", "a number can be parted from its unit"),
    ("A 11 425 personas.", "A 11\u00a0425 personas.", "a number can be parted between its thousands"),
    ("Cafe\u0301.", "Café.", "accents are written as signs of their own"),
]


@pytest.mark.parametrize(("bad", "good", "what"), SET)
def test_badly_set_text_gets_one_sentence_and_is_mended(bad: str, good: str, what: str, tmp_path: Path) -> None:
    file = tmp_path / "docs/es/a.md"
    file.parent.mkdir(parents=True)
    file.write_text(f'---\ntitle: "A"\n---\n{bad}\n', encoding="utf-8")
    assert [problem.sentence for problem in check_set(tmp_path)] == [f"docs/es/a.md:4: {what}. Fix: run make format."]
    assert run(tmp_path) == ["docs/es/a.md"]
    assert file.read_text(encoding="utf-8") == f'---\ntitle: "A"\n---\n{good}\n'
    assert run(tmp_path) == []


@pytest.mark.parametrize("text", [
    "Llame al 096 253 2338 o al 593 2 394 5666.", "[A](a%20b.md) `14%`", '!!! warning "Nunca"', "```\na  b\n```", "De 2024 a 2025, 3 300-400.", "| a | b |\n|---|---|"])
def test_well_set_text_stays(text: str) -> None:
    assert formatted("docs/es/a.md", f"{text}\n") == f"{text}\n"


def test_english_keeps_its_own_signs() -> None:
    assert formatted("docs/en/a.md", 'It says "14%".\r\n\n\n') == 'It says "14%".\n'


def test_word_lists_are_sorted(tmp_path: Path) -> None:
    (tmp_path / "tests/data/words").mkdir(parents=True)
    (tmp_path / "tests/data/words/es.txt").write_text("b\na\nb", encoding="utf-8")
    assert run(tmp_path) == ["tests/data/words/es.txt"]
    assert (tmp_path / "tests/data/words/es.txt").read_text(encoding="utf-8") == "a\nb\n"


@pytest.mark.parametrize(("text", "at"), [
    ("Su contraseÃ±a.", ("left-behind", "docs/es/a.md", 1)),
    ("<<<<<<< HEAD", ("left-behind", "docs/es/a.md", 1)),
    ("Lorem Ipsum dolor.", ("left-behind", "docs/es/a.md", 1)),
    ("Pasos: TODO", ("left-behind", "docs/es/a.md", 1)),
])
def test_what_was_left_behind_is_named(text: str, at: At, tmp_path: Path) -> None:
    (tmp_path / "docs/es").mkdir(parents=True)
    (tmp_path / "docs/es/a.md").write_text(f"{text}\nTodo bien. A = 7 XXXL.\n", encoding="utf-8")
    assert [problem.at for problem in check_left_behind(tmp_path)] == [at]


@pytest.mark.parametrize(("text", "at"), [
    ("Olvidó su clave? Espere.", ("sign-unpaired", "docs/es/a.md", 4)),
    ("¡Espere. ¿Ya?", ("sign-unpaired", "docs/es/a.md", 4)),
])
def test_a_lone_sign_is_named(text: str, at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check_pairs(write_docs({"es/a.md": f"---\ntype: guide\n---\n{text}\n"}))] == [at]
