"""Promise: text is set with care: Spanish signs in pairs, numbers beside their units, and nothing that an editor, a merge or an encoding left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.author.format import run
from tools.docs import ROOT, Docs, WriteDocs
from tools.finding import At, Expect, Problem
from tools.rules.typography import check_left_behind, check_pairs, check_set
from tools.text.typesetting import formatted


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
    (tmp_path / "tools/rules/data/words").mkdir(parents=True)
    (tmp_path / "tools/rules/data/words/es.txt").write_text("b\na\nb", encoding="utf-8")
    assert run(tmp_path) == ["tools/rules/data/words/es.txt"]
    assert (tmp_path / "tools/rules/data/words/es.txt").read_text(encoding="utf-8") == "a\nb\n"


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
