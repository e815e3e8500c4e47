"""Promise: the checks notice what would hurt a reader; those that read docs alone prove it in every run, all others every week."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from tests.mutants import WEEKLY, Mutant, Outcome, check_fits, injure, injured, read_mutants
from tools.docs import ROOT, read_docs
from tools.finding import At, Expect

LEAST, LEAST_IN_MEMORY = 60, 40


def test_enough() -> None:
    assert len(in_memory()) >= LEAST_IN_MEMORY


def test_the_list(expect_none: Expect) -> None:
    """Enough injuries, each with a name of its own, whose texts are there."""
    mutants = read_mutants()
    assert len(mutants) >= LEAST and len({mutant.name for mutant in mutants}) == len(mutants)
    expect_none(check_fits(mutants))


def in_memory() -> list[Mutant]:
    """Injuries of docs/ alone whose checks are functions of the docs: they need neither a build nor a process of their own."""
    modules = {path.name for path in (ROOT / "tests").glob("test_*.py") if "check(docs)" in path.read_text(encoding="utf-8")}
    return [mutant for mutant in read_mutants() if mutant.level == "source" and set(mutant.checks) <= modules and not list(check_fits([mutant]))]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "docs", folder / "docs")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("mutant", in_memory(), ids=lambda mutant: mutant.name)
def test_the_checks_of_the_sources_notice(mutant: Mutant, copy: Path, expect_none: Expect) -> None:
    modules = [import_module(f"tests.{name.removesuffix('.py')}") for name in mutant.checks]
    with injured(copy, mutant):
        docs = read_docs(copy)
        found = [problem.sentence for module in modules for check in getattr(module, "CHECKS", ()) for problem in check(docs)]
    sentences = [sentence for sentence in found if any(name in sentence for name in mutant.named)]
    problem = Outcome(mutant, mutant.checks if found else [], sentences[0] if sentences else "").problem
    expect_none([problem] if problem else [])


def mutant(**changes: object) -> Mutant:
    edit = {"file": "docs/es/a/index.md", "old": "3 minutos", "new": "30 minutos", **changes}
    return Mutant("más minutos", 7, "source", ["test_mutants.py::test_the_list"], [edit], [])


@pytest.mark.parametrize(("tests", "sentence", "expected"), [
    ([], "", ("injury-survives", "tests/mutants.yml", 7)),
    (["test_a.py"], "", ("injury-unnamed", "tests/mutants.yml", 7)),
    (["test_a.py"], "docs/es/a/index.md:2: no. Fix: yes.", None),
])
def test_an_outcome_is_named(tests: list[str], sentence: str, expected: At | None) -> None:
    problem = Outcome(mutant(), tests, sentence).problem
    assert (problem and problem.at) == expected


def test_an_injury_that_waits_a_week_is_named() -> None:
    late = Outcome(mutant(), ["test_a.py"], "docs/es/a/index.md:2: no. Fix: yes.", WEEKLY).problem
    assert late and late.at == ("injury-weekly", "tests/mutants.yml", 7)


def test_an_injury_without_its_text_is_named(tmp_path: Path) -> None:
    assert [problem.at for problem in check_fits([mutant()], tmp_path)] == [
        ("injury-file-missing", "tests/mutants.yml", 7),
        ("injury-test-missing", "tests/mutants.yml", 7)]
    (tmp_path / "docs/es/a").mkdir(parents=True)
    (tmp_path / "docs/es/a/index.md").write_text("Dura 4 minutos.", encoding="utf-8")
    assert next(check_fits([mutant()], tmp_path)).at == ("injury-text-missing", "tests/mutants.yml", 7)


def test_an_injury_is_healed(tmp_path: Path) -> None:
    """The page is injured, its translation renewed, and both are as they were afterwards."""
    pages = {lang: tmp_path / f"docs/{lang}/a/index.md" for lang in ("es", "en")}
    for lang, text in (("es", "Dura 3 minutos."), ("en", 'translates: "00000000"')):
        pages[lang].parent.mkdir(parents=True)
        pages[lang].write_text(text, encoding="utf-8")
    with injured(tmp_path, mutant()):
        assert "30 minutos" in pages["es"].read_text(encoding="utf-8") and "00000000" not in pages["en"].read_text(encoding="utf-8")
    assert [page.read_text(encoding="utf-8") for page in pages.values()] == ["Dura 3 minutos.", 'translates: "00000000"']


def test_what_an_injured_page_becomes() -> None:
    assert mutant().named == ["docs/es/a/index.md", "docs/en/a/index.md", "site/a/index.html"]
    assert mutant(file="docs/en/index.md").named[-1] == "site/en/index.html"


def test_a_file_of_a_size(tmp_path: Path) -> None:
    injure(tmp_path / "a.png", {"bytes": 9})
    assert (tmp_path / "a.png").stat().st_size == 9
