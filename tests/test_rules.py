"""Promise: every finding names a rule that CONTRIBUTING lists, by which it can be searched, and reads as one sentence with its mend."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.docs import ROOT
from tools.finding import Problem
from tools.rules.listed import PAGE, rules, written

RULE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
CALLS = [(file, node) for folder in ("tests", "tools") for file in sorted((ROOT / folder).rglob("*.py")) if "node_modules" not in file.parts
         for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
         if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem"]


def literal(node: ast.expr) -> str:
    """The text of a string as it is written, what is filled in as an X; nothing when it is no string."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_the_list_in_contributing_is_that_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == written(text), ".github/CONTRIBUTING.md:1: its list of rules is old. Fix: run make format."


def test_the_marks_are_missed() -> None:
    with pytest.raises(ValueError, match="the marks of the list of rules are gone"):
        written("# Contributing")


def wrong(call: ast.Call) -> Iterator[str]:
    """What is wrong with the form of one finding: no rule, no sentence that goes on in small letters, no mend, a full stop of its own."""
    if any(isinstance(argument, ast.Starred) for argument in call.args) or not call.args:
        return
    what, fix, rule = call.args[2:5]
    if not RULE.fullmatch(literal(rule)):
        yield "it names no rule"
    for name, text in (("what is wrong", literal(what)), ("the mend", literal(fix))):
        if text.endswith(".") or text[:1] in (" ", "\n"):
            yield f"{name} ends or begins as it should not"
    if literal(fix)[:1].isupper() and not literal(fix).startswith("X"):
        yield "the mend does not go on in small letters"


def test_every_finding_has_that_form() -> None:
    assert len(CALLS) > 200
    found = [f"{file.relative_to(ROOT).as_posix()}:{call.lineno}: {text}" for file, call in CALLS for text in wrong(call)]
    assert not found, found[0]


@pytest.mark.parametrize(("code", "said"), [
    ('Problem("a.md", 1, "it is old", "make it new", "old-thing")', []), ('Problem("a.md", 1, "it is old", "make it new", "Old Thing")', ["it names no rule"]),
    ('Problem("a.md", 1, "it is old.", "Make it new", "old-thing")', ["what is wrong ends or begins as it should not", "the mend does not go on in small letters"]),
])
def test_another_form_is_found(code: str, said: list[str]) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call) and list(wrong(call)) == said


def test_a_finding_says_its_rule() -> None:
    assert str(Problem("a.md", 3, "it is old", "make it new", "old-thing")) == "a.md:3: it is old. Fix: make it new. [old-thing]"


def test_the_rules_are_found_in_code(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tools/a.py").write_text('def check_a(page):\n    """A page has a title."""\n    yield Problem(page, 0, "x", "y", "title-missing")\n', encoding="utf-8")
    assert rules(tmp_path) == {"title-missing": ("tools/a.py", "A page has a title.")}
