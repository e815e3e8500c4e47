"""Promise: the frame speaks both languages in full: the same words in each strings file, and a label for everything the data names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.docs import ROOT, PlainLoader
from tools.finding import Expect, Problem

FOLDER = "docs/data/strings"
PLACE = re.compile(r"\{\w+\}|#")


def check_same_keys(root: Path) -> Iterator[Problem]:
    """Both files have the same keys, to the last level."""
    keys = {lang: _keys(_read(root, lang)) for lang in ("es", "en")}
    for lang, other in (("es", "en"), ("en", "es")):
        for key in sorted(keys[other] - keys[lang]):
            yield Problem(f"{FOLDER}/{lang}.yml", 0, f"the key '{key}' is missing", f"add it in this language; {FOLDER}/{other}.yml has it", "string-missing")


def check_same_places(root: Path) -> Iterator[Problem]:
    """Each sentence has the same {places} to fill in in both languages."""
    spanish, english = (_texts(_read(root, lang)) for lang in ("es", "en"))
    for key in sorted(spanish.keys() & english.keys()):
        wanted, found = (sorted(set(PLACE.findall(texts[key]))) for texts in (spanish, english))
        if wanted != found:
            yield Problem(f"{FOLDER}/en.yml", 0, f"'{key}' fills in {', '.join(found) or 'nothing'}, the Spanish one {', '.join(wanted) or 'nothing'}", "write the same in both", "string-places")


def _texts(value: Any, path: str = "") -> dict[str, str]:
    if not isinstance(value, dict):
        return {path: str(value)}
    return {key: text for name, inner in value.items() for key, text in _texts(inner, f"{path}.{name}".lstrip(".")).items()}


def _read(root: Path, lang: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((root / FOLDER / f"{lang}.yml").read_text(encoding="utf-8"), PlainLoader)
    return found


def _keys(value: Any, path: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {path}
    return {found for key, inner in value.items() for found in _keys(inner, f"{path}.{key}".lstrip("."))}


@pytest.mark.parametrize("check", [check_same_keys, check_same_places])
def test_both_languages(check: Callable[[Path], Iterator[Problem]], expect_none: Expect) -> None:
    expect_none(check(ROOT))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_everything_has_a_label(lang: str) -> None:
    """Classes, statuses, topics and readers that the schemas allow are worded."""
    words = _read(ROOT, lang)
    ledger = json.loads((ROOT / "docs/data/facts.schema.json").read_text(encoding="utf-8"))["$defs"]
    page = json.loads((ROOT / "docs/data/page.schema.json").read_text(encoding="utf-8"))
    assert set(ledger["source"]["properties"]["class"]["enum"]) <= set(words["class"])
    assert set(ledger["fact"]["properties"]["status"]["enum"]) == set(words["status"])
    assert set(ledger["fact"]["properties"]["topic"]["enum"]) == set(words["topics"])
    assert set(page["properties"]["who"]["items"]["enum"]) == set(words["who"])


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "es.yml").write_text("who: {a: x, b: y}", encoding="utf-8")
    (tmp_path / FOLDER / "en.yml").write_text("who: {a: x}", encoding="utf-8")
    assert [problem.at for problem in check_same_keys(tmp_path)] == [
        ("string-missing", "docs/data/strings/en.yml", 0)]


def test_a_missing_place_is_named(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "es.yml").write_text("who: {a: '{count} de {total}'}", encoding="utf-8")
    (tmp_path / FOLDER / "en.yml").write_text("who: {a: '{total} in all'}", encoding="utf-8")
    assert [problem.at for problem in check_same_places(tmp_path)] == [
        ("string-places", "docs/data/strings/en.yml", 0)]
