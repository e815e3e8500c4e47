"""Rules: every page says what it is, in the same form; nothing unknown, nothing twice."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import date

import yaml
from jsonschema import Draft202012Validator, ValidationError

from tools import day
from tools.docs import ROOT, Docs, Page
from tools.finding import Problem

SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/data/page.schema.json").read_text(encoding="utf-8")))
GROUPS = set(yaml.safe_load((ROOT / "docs/data/groups.yml").read_text(encoding="utf-8")))
OFFICE = "office"


def check_readable(docs: Docs) -> Iterator[Problem]:
    """Files that could not be read at all."""
    yield from docs.broken


def check_schema(docs: Docs) -> Iterator[Problem]:
    """Known keys only, required keys present, values of the right shape and length."""
    for page in docs.pages:
        for error in SCHEMA.iter_errors(page.meta):
            key = str(error.absolute_path[0]) if error.absolute_path else ""
            yield Problem(page.shown, page.key_line(key), *_worded(error, key, page.type), "front-matter-schema")
        if page.lang == "en" and "translates" not in page.meta:
            yield Problem(page.shown, 1, "the front matter has no 'translates'", "add it; make check then says the value", "translates-missing")
        if page.lang == "es" and "translates" in page.meta:
            yield Problem(page.shown, page.key_line("translates"), "a Spanish page translates nothing", "remove 'translates'", "translates-on-spanish")


def _worded(error: ValidationError, key: str, kind: str) -> tuple[str, str]:
    """What is wrong and what to do, in our words for the mistakes people make."""
    if error.validator == "additionalProperties":
        extra = min(set(error.instance) - set(error.schema["properties"]))
        return f"the front matter has the unknown key '{extra}'", "remove it, or correct its spelling"
    if error.validator in ("required", "dependentRequired"):
        return f"the front matter lacks a key: {error.message}", "add it; .github/CONTRIBUTING.md lists the keys of each page type"
    if error.validator == "maxLength":
        limit = error.validator_value
        return f"'{key}' has {len(error.instance)} characters", f"shorten it to {limit} or fewer"
    if error.validator == "maxItems":
        return f"'{key}' has {len(error.instance)} entries", f"keep {error.validator_value} or fewer"
    if error.validator == "not":
        return f"a page of type '{kind}' has keys of another type", "remove them, or change 'type'"
    return f"'{key}' is not valid: {error.message}", "correct it after docs/data/page.schema.json"


def check_order(docs: Docs) -> Iterator[Problem]:
    """Keys stand in the order of the schema, so that the same key is always at the same place."""
    order = list(SCHEMA.schema["properties"])
    for page in docs.pages:
        known = [key for key in page.meta if key in order]
        wanted = sorted(known, key=order.index)
        for key, right in zip(known, wanted):
            if key != right:
                yield Problem(page.shown, page.key_line(key), f"'{key}' stands before '{right}'", "run make fix, which puts the keys in order", "front-matter-order")
                break


def check_names(docs: Docs) -> Iterator[Problem]:
    """Ids, groups and the pages that a page names exist."""
    for page in docs.pages:
        problem, group = page.meta.get("problem"), page.meta.get("group")
        if page.type == "problem" and problem != page.path.rsplit("/", 1)[-1]:
            yield Problem(page.shown, page.key_line("problem"), f"the id '{problem}' is not the file's name", f"write {page.path.rsplit('/', 1)[-1]}", "problem-id-not-file")
        if group is not None and group not in GROUPS:
            yield Problem(page.shown, page.key_line("group"), f"there is no group '{group}'", f"use one of {', '.join(sorted(GROUPS))}", "group-unknown")
        named = [("related", path) for path in page.meta.get("related") or []] + [("procedure", page.meta.get("procedure")), ("moved", page.meta.get("moved"))]
        for key, path in named:
            if path and path != OFFICE and not any(docs.find(lang, str(path)) for lang in ("es", "en")):
                yield Problem(page.shown, page.key_line(key), f"'{key}' names '{path}', which is not a page", "write the path of a page below the language folder, without .md", "path-unknown")
        if page.path in (page.meta.get("related") or []):
            yield Problem(page.shown, page.key_line("related"), "the page is related to itself", "remove it from 'related'", "related-to-itself")


def check_unique(docs: Docs) -> Iterator[Problem]:
    """Titles, descriptions and phrases belong to one page of a language; ids to one page in each."""
    seen: dict[tuple[str, str, str], Page] = {}
    for page in docs.pages:
        values = [(key, page.meta.get(key)) for key in ("title", "description", "problem")]
        for key, value in values + [("phrases", phrase) for phrase in page.meta.get("phrases") or []]:
            if not value:
                continue
            first = seen.setdefault((page.lang, key, str(value).casefold()), page)
            if first is not page:
                yield Problem(page.shown, page.line_of(str(value)), f"{key} \"{value}\" is also on {first.shown}", "make one of the two different", "value-twice")


def check_dates(docs: Docs, today: date | None = None) -> Iterator[Problem]:
    """No page was checked in the future."""
    now = (today or day.today()).isoformat()
    for page in docs.pages:
        if str(page.meta.get("checked", "")) > now:
            yield Problem(page.shown, page.key_line("checked"), f"'checked' is in the future ({page.meta['checked']})", "write the day you checked the page", "checked-in-future")


def check_changes(docs: Docs) -> Iterator[Problem]:
    """Each note of `changed` has a real day, not after the page was last checked; the newest comes first, one for a day."""
    for page in docs.pages:
        line, days = page.key_line("changed"), [str(note.get("date", "")) for note in page.meta.get("changed") or []]
        for noted in days:
            if not _is_day(noted):
                yield Problem(page.shown, line, f"'changed' has a day that does not exist ({noted})", "write it as 2026-11-20", "changed-day-invalid")
            elif noted > str(page.meta.get("checked", "")):
                yield Problem(page.shown, line, f"'changed' has a day after 'checked' ({noted})", "set 'checked' to the day you changed the page", "changed-after-checked")
        if days != sorted(set(days), reverse=True):
            yield Problem(page.shown, line, "the notes of 'changed' are out of order or share a day", "put the newest first, and join those of one day", "changed-order")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_finished(docs: Docs) -> Iterator[Problem]:
    """Nothing of a template is left to be written, on a page or in the ledger."""
    texts = [(page.shown, page.text) for page in docs.pages]
    texts += [(name, (docs.root / name).read_text(encoding="utf-8")) for name in ("docs/data/facts.yml", "docs/data/sources.yml") if (docs.root / name).exists()]
    for path, text in texts:
        for number, line in enumerate(text.splitlines(), 1):
            if mark := next((word for word in ("PENDIENTE", "PENDING") if word in line), ""):
                yield Problem(path, number, f"'{mark}' is still to be written", "write this line, or delete it", "unfinished")


def check_letters(docs: Docs) -> Iterator[Problem]:
    """Letters and signs that every phone shows and every screen reader reads: no emoji, nothing invisible, nothing that was read in the wrong encoding."""
    for page in docs.pages:
        for number, line in enumerate(page.text.splitlines(), 1):
            if sign := next((sign for sign in line if unicodedata.category(sign) in ("So", "Cc", "Cf", "Cn", "Co", "Cs")), ""):
                name = unicodedata.name(sign, f"U+{ord(sign):04X}")
                yield Problem(page.shown, number, f"the sign «{name}» is not read by everybody", "remove it, or write the word for it", "sign-unreadable")


CHECKS = (check_readable, check_schema, check_order, check_names, check_unique, check_dates, check_changes, check_finished, check_letters)
