"""Promise: the ledger is whole: every fact has its sources, both languages, a day to be checked again, and a page that uses it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import yaml

from tools.docs import Docs, WriteDocs, read_docs
from tools.finding import At, Expect, Problem
from tools.rules.ledger import CHECKS, check_cited, check_dates, check_official_hosts, check_overdue, check_schema, check_sources, check_values

# How long a fact may be overdue before nothing else may be changed without it.
GRACE_DAYS = 30


@pytest.mark.parametrize("check", CHECKS)
def test_ledger(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


def test_overdue(docs: Docs, expect_none: Expect) -> None:
    """A month late is a failure for contributors; before, and for a site to publish, a warning: readers keep the dated page, which says so."""
    grave = [] if os.environ.get("PUBLISH") else list(check_overdue(docs, late=GRACE_DAYS))
    if late := [problem.sentence for problem in check_overdue(docs) if problem not in grave]:
        warnings.warn("\n".join(late), stacklevel=1)
    expect_none(grave)


def test_size(docs: Docs) -> None:
    assert len(docs.sources) >= 45 and len(docs.facts) >= 110


SOURCE = "a: {class: official, publisher: IESS, title: Nota, url: 'https://www.iess.gob.ec/', published: null, seen: '2026-11-20'}\n"
FACT = {"topic": "clave", "status": "confirmed", "es": "Dura 3 minutos.", "en": "It lasts 3 minutes.", "values": {"minutes": [3]},
        "sources": ["a"], "checked": "2026-11-20", "review": "2027-11-20"}


def ledger(listed: str = SOURCE, **changes: Any) -> dict[str, str]:
    fact = {key: value for key, value in {**FACT, **changes}.items() if value is not None}
    return {"data/facts.yml": yaml.safe_dump({"f": fact}, allow_unicode=True), "data/sources.yml": listed}


def dates_on(now: date) -> Callable[[Docs], Iterator[Problem]]:
    return lambda docs: check_dates(docs, now)


def overdue_on(now: date, late: int) -> Callable[[Docs], Iterator[Problem]]:
    return lambda docs: check_overdue(docs, now, late)


@pytest.mark.parametrize(("check", "files", "at"), [
    (check_schema, ledger(autor="Ana"), ("ledger-schema", "docs/data/facts.yml", 1)),
    (check_schema, ledger(en=None), ("ledger-schema", "docs/data/facts.yml", 1)),
    (check_schema, ledger(SOURCE.replace("official", "rumour")),
     ("ledger-schema", "docs/data/sources.yml", 1)),
    (check_sources, ledger(sources=["a", "b"]),
     ("source-unknown", "docs/data/facts.yml", 1)),
    (check_sources, ledger(SOURCE.replace("official", "press")),
     ("confirmed-unofficial", "docs/data/facts.yml", 1)),
    (check_sources, ledger(SOURCE.replace("official", "unreliable"), status="reported"),
     ("reported-unbacked", "docs/data/facts.yml", 1)),
    (check_sources, ledger(SOURCE + SOURCE.replace("a:", "b:", 1)), ("source-unused", "docs/data/sources.yml", 2)),
    (dates_on(date(2026, 11, 19)), ledger(SOURCE.replace("11-20", "11-01")),
     ("fact-checked-in-future", "docs/data/facts.yml", 1)),
    (dates_on(date(2026, 11, 19)), ledger(checked="2026-11-19"),
     ("seen-in-future", "docs/data/sources.yml", 1)),
    (overdue_on(date(2027, 11, 21), 0), ledger(),
     ("fact-overdue", "docs/data/facts.yml", 1)),
    (overdue_on(date(2027, 12, 21), 30), ledger(),
     ("fact-overdue", "docs/data/facts.yml", 1)),
    (dates_on(date(2026, 11, 21)), ledger(review="2026-11-20"),
     ("review-before-check", "docs/data/facts.yml", 1)),
    (dates_on(date(2026, 11, 21)), ledger(review="2028-01-01"),
     ("review-too-late", "docs/data/facts.yml", 1)),
    (check_official_hosts, ledger(SOURCE.replace("www.iess.gob.ec", "iess.net.ec")),
     ("official-host", "docs/data/sources.yml", 1)),
    (check_values, ledger(en="It lasts 30 minutes."),
     ("value-missing", "docs/data/facts.yml", 1)),
])
def test_a_bad_ledger_is_named(check: Callable[..., Iterator[Problem]], files: dict[str, str], at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check(write_docs(files))] == [at]


def test_a_fact_nobody_cites_is_found(write_docs: WriteDocs) -> None:
    page = "---\ntype: guide\n---\nTexto.\n"
    assert [problem.sentence for problem in check_cited(write_docs({**ledger(), "es/a.md": page}))] == [
        "docs/data/facts.yml:1: fact 'f' is cited on no page. Fix: cite it where a reader needs it, or remove it."]


def test_a_repeated_id_is_found(write_docs: WriteDocs) -> None:
    docs = write_docs({"data/sources.yml": SOURCE + SOURCE})
    assert [problem.sentence for problem in docs.broken] == ["docs/data/sources.yml:2: the id 'a' is already used on line 1. Fix: give this entry another id."]


def test_a_missing_file_is_found(write_docs: WriteDocs) -> None:
    docs = write_docs({})
    (docs.root / "docs/data/facts.yml").unlink()

    assert [problem.at for problem in read_docs(docs.root).broken] == [
        ("file-missing", "docs/data/facts.yml", 0)]
