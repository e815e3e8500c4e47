"""Rules: the ledger is whole: every fact has its sources, both languages, a day to be checked again, and a page that uses it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import yaml
from jsonschema import Draft202012Validator, ValidationError

from tools import day
from tools.author.due import due
from tools.docs import ROOT, Docs
from tools.finding import Problem
from tools.text.claims import claims, holds

FACTS, SOURCES = "docs/data/facts.yml", "docs/data/sources.yml"
SCHEMA = json.loads((ROOT / "docs/data/facts.schema.json").read_text(encoding="utf-8"))
WORDING = yaml.safe_load((ROOT / "tools/rules/data/wording.yml").read_text(encoding="utf-8"))
OFFICIAL = set(yaml.safe_load((ROOT / "tools/rules/data/hosts.yml").read_text(encoding="utf-8"))["official"])
# How long a claim may go unchecked, by its best source.
REVIEW_DAYS = {"official": 366, "institution": 366, "vendor": 183, "press": 183, "blog": 93, "unreliable": 93}
UNSOURCED_DAYS = 93


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
            yield Problem(SOURCES, source.line, f"source '{source.id}' is official, but '{host}' is not an official host", "correct its class or address, or add the host to tools/rules/data/hosts.yml", "official-host")


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
