"""Promise: the ledger is whole: every fact has its sources, both languages, a day to be checked again, and a page that uses it."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from tests.due import due
from tests.kit import day
from tests.kit.claims import claims, holds
from tools.docs import ROOT, Docs, WriteDocs, read_docs
from tools.finding import At, Expect, Problem

FACTS, SOURCES = "docs/data/facts.yml", "docs/data/sources.yml"
SCHEMA = json.loads((ROOT / "docs/data/facts.schema.json").read_text(encoding="utf-8"))
WORDING = yaml.safe_load((ROOT / "tests/data/wording.yml").read_text(encoding="utf-8"))
OFFICIAL = set(yaml.safe_load((ROOT / "tests/data/hosts.yml").read_text(encoding="utf-8"))["official"])
# How long a claim may go unchecked, by its best source.
REVIEW_DAYS = {"official": 366, "institution": 366, "vendor": 183, "press": 183, "blog": 93, "unreliable": 93}
UNSOURCED_DAYS = 93
# How long a fact may be overdue before nothing else may be changed without it.
GRACE_DAYS = 30


def check_schema(docs: Docs) -> Iterator[Problem]:
    """Known keys, required keys, both languages, known statuses, classes and units."""
    for name, kind, entries in ((FACTS, "fact", docs.facts), (SOURCES, "source", docs.sources)):
        validator = Draft202012Validator({**SCHEMA["$defs"][kind], "$defs": SCHEMA["$defs"]})
        for entry in entries.values():
            for error in validator.iter_errors(entry.data):
                yield Problem(name, entry.line, f"{kind} '{entry.id}': {_worded(error)}", "correct it after docs/data/facts.schema.json", "ledger-schema")


def _worded(error: ValidationError) -> str:
    if error.validator == "additionalProperties":
        known = set(error.schema.get("properties", {})) or set(error.schema.get("patternProperties", {}))
        extra = next((key for key in error.instance if key in str(error.message) and key not in known), "")
        return f"unknown key '{extra}'"
    if error.validator == "required":
        return f"the key {error.message.split(' is ')[0]} is missing"
    return f"{'.'.join(map(str, error.absolute_path))}: {error.message}"


def check_sources(docs: Docs) -> Iterator[Problem]:
    """Every named source exists, every source is used, a confirmed fact has an official one, a reported one has any."""
    used = {name for fact in docs.facts.values() for name in fact.data.get("sources", [])}
    for fact in docs.facts.values():
        names, status = fact.data.get("sources", []), fact.data.get("status")
        for name in names:
            if name not in docs.sources:
                yield Problem(FACTS, fact.line, f"fact '{fact.id}' names the unknown source '{name}'", f"add it to {SOURCES}, or correct its id", "source-unknown")
        classes = {docs.sources[name].data.get("class") for name in names if name in docs.sources}
        if status == "confirmed" and "official" not in classes:
            yield Problem(FACTS, fact.line, f"fact '{fact.id}' is confirmed without an official source", "add the official source, or set the status to reported", "confirmed-unofficial")
        if status in ("reported", "disputed") and not classes - {"unreliable"}:
            yield Problem(FACTS, fact.line, f"fact '{fact.id}' is {status}, but no source that can be relied on says it", "add one, or set the status to unknown", "reported-unbacked")
    for source in docs.sources.values():
        if source.id not in used:
            yield Problem(SOURCES, source.line, f"source '{source.id}' is used by no fact", "remove it, or name it in a fact", "source-unused")


def check_official_hosts(docs: Docs) -> Iterator[Problem]:
    """A source is official only on a host of the institution or the state."""
    for source in docs.sources.values():
        host = urlsplit(str(source.data.get("url") or "")).netloc
        if source.data.get("class") == "official" and host and host not in OFFICIAL:
            yield Problem(SOURCES, source.line, f"source '{source.id}' is official, but '{host}' is not an official host", "correct its class or address, or add the host to tests/data/hosts.yml", "official-host")


def check_cited(docs: Docs) -> Iterator[Problem]:
    """Every fact is cited on some page; that both languages cite it is for test_translations.py."""
    cited = {fact for page in docs.pages for fact in page.citations}
    for fact in docs.facts.values():
        if fact.id not in cited:
            yield Problem(FACTS, fact.line, f"fact '{fact.id}' is cited on no page", "cite it where a reader needs it, or remove it", "fact-uncited")


def check_dates(docs: Docs, today: date | None = None) -> Iterator[Problem]:
    """Nothing was seen or checked in the future, and no day to check again is before the last one or too late for its sources."""
    now = today or day.today()
    for source in docs.sources.values():
        if _day(source.data.get("seen")) > now:
            yield Problem(SOURCES, source.line, f"source '{source.id}' was seen in the future ({source.data['seen']})", "write the day you saw it", "seen-in-future")
    for fact in docs.facts.values():
        checked, review = _day(fact.data.get("checked")), _day(fact.data.get("review"))
        if checked > now:
            yield Problem(FACTS, fact.line, f"fact '{fact.id}' was checked in the future ({checked})", "write the day you checked it", "fact-checked-in-future")
        latest = checked + timedelta(days=_longest(docs, fact.data))
        if review <= checked:
            yield Problem(FACTS, fact.line, f"fact '{fact.id}' is to be checked on {review}, but was checked on {checked}", f"set 'review' to {latest} or earlier", "review-before-check")
        if review > latest:
            yield Problem(FACTS, fact.line, f"fact '{fact.id}' is to be checked on {review}, too late for its sources", f"set 'review' to {latest} or earlier", "review-too-late")


def check_overdue(docs: Docs, today: date | None = None, late: int = 0) -> Iterator[Problem]:
    """Every fact is checked again at most `late` days after its day."""
    for fact in due(docs, (today or day.today()) - timedelta(days=late + 1)):
        yield Problem(FACTS, fact.line, f"fact '{fact.id}' had to be checked by {fact.data['review']}", "open its source, then update 'checked' and 'review'", "fact-overdue")


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return date.min


def _longest(docs: Docs, fact: dict[str, Any]) -> int:
    classes = [docs.sources[name].data.get("class", "") for name in fact.get("sources", []) if name in docs.sources]
    return max((REVIEW_DAYS.get(name, UNSOURCED_DAYS) for name in classes), default=UNSOURCED_DAYS)


def check_values(docs: Docs) -> Iterator[Problem]:
    """The numbers in a fact's own sentences are in its values, the same in both languages."""
    phones = {phone for fact in docs.facts.values() for phone in fact.data.get("values", {}).get("phone", [])}
    sources = {name: entry.data for name, entry in docs.sources.items()}
    for fact in docs.facts.values():
        for lang in ("es", "en"):
            for text in (fact.data.get(lang, ""), (fact.data.get("note") or {}).get(lang, "")):
                for claim in claims(text, lang, phones, WORDING["names"]):
                    if claim.unit != "date" and not holds(fact.data, sources, claim, lang):
                        yield Problem(FACTS, fact.line, f"fact '{fact.id}' says \"{claim.text}\" ({lang}), which is not in its values", "add it to 'values', or correct the sentence", "value-missing")


CHECKS = (check_schema, check_sources, check_official_hosts, check_cited, check_dates, check_values)


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
