"""Promise: `make fact` and `make source` write an entry that only needs its words, and refuse what cannot be one with a sentence."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from tools.author.entry import create
from tools.docs import ROOT, read_docs
from tools.rules.front_matter import check_finished
from tools.rules.ledger import check_dates, check_schema, check_sources

DAY = date(2026, 11, 20)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "docs/data", tmp_path / "docs/data")
    return tmp_path


def test_a_new_fact_only_needs_writing(root: Path) -> None:
    where = create("fact", "correo-nuevo-dato", "", root, DAY)
    docs = read_docs(root)
    fact = docs.facts["correo-nuevo-dato"]
    assert where == f"docs/data/facts.yml:{fact.line}" and not docs.broken
    assert list(docs.facts)[list(docs.facts).index(fact.id) + 1].startswith("exterior") and fact.data["topic"] == "correo"
    assert [problem for check in (check_schema, check_sources) for problem in check(docs) if fact.id in problem.what] == []
    assert [problem for problem in check_dates(docs, DAY) if fact.id in problem.what] == []
    assert [problem.sentence for problem in check_finished(docs)] == [
        f"docs/data/facts.yml:{fact.line + number}: '{mark}' is still to be written. Fix: write this line, or delete it." for number, mark in ((3, "PENDIENTE"), (4, "PENDING"))]


def test_a_new_source_only_needs_writing(root: Path) -> None:
    where = create("source", "diario-nuevo", "press", root, DAY)
    source = read_docs(root).sources["diario-nuevo"]
    assert where == f"docs/data/sources.yml:{source.line}" and source.data["class"] == "press" and source.data["seen"] == "2026-11-20"
    assert [problem.sentence for problem in check_schema(read_docs(root))] == []


def test_the_last_section_and_a_missing_one_work_too(root: Path) -> None:
    create("fact", "cifras-nueva", "", root, DAY)
    (root / "docs/data/sources.yml").write_text("# Sources\n", encoding="utf-8")
    create("source", "a", "blog", root, DAY)
    assert list(read_docs(root).facts)[-1] == "cifras-nueva"
    assert (root / "docs/data/sources.yml").read_text(encoding="utf-8").startswith("# Sources\n\n# --- blog ---\n\na:\n  class: blog\n")


@pytest.mark.parametrize(("kind", "name", "section", "sentence"), [
    ("fact", "Mi Dato", "", "'Mi Dato' is not an id. Fix: use small letters, digits and hyphens, as in make fact ID=iess-fact."),
    ("fact", "nada-nuevo", "", "'nada' is not a topic. Fix: make fact ID=nada-nuevo TOPIC=…, one of recuperar, "),
    ("source", "diario-nuevo", "", "'' is not a class. Fix: make source ID=diario-nuevo CLASS=…, one of official, institution, vendor, press, blog, unreliable."),
    ("fact", "recuperar-menu", "", "'recuperar-menu' already exists. Fix: edit it in docs/data/facts.yml, or choose another id."),
])
def test_bad_input_gets_one_sentence_and_writes_nothing(kind: str, name: str, section: str, sentence: str, root: Path) -> None:
    before = (root / "docs/data/facts.yml").read_text(encoding="utf-8")
    with pytest.raises(ValueError) as error:
        create(kind, name, section, root, DAY)
    assert str(error.value).startswith(sentence)
    assert (root / "docs/data/facts.yml").read_text(encoding="utf-8") == before
