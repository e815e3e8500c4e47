"""The one reader of docs/: the ledger, the frame's words and every page's front matter, as frozen data."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

LANGUAGES = ("es", "en")
FENCE = "---"
CITATION = re.compile(r"\[\^([a-z0-9-]+)\]")
BLOCK = re.compile(r"^\{\{ *([a-z_]+) *\}\}$", re.MULTILINE)
PAGE_LINK = re.compile(r"\]\(([^)#\s:]+)\.md[#)]")
BLOCKS = Path(__file__).resolve().parents[3] / "blocks"


class DataError(Exception):
    """A finding about one file: `path:line: what. Fix: how.`"""


class _PlainDates(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """SafeLoader that leaves dates as strings, as they are in JSON."""


_PlainDates.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Source:
    id: str
    kind: str
    publisher: str
    title: str
    url: str | None
    published: str | None
    seen: str
    note: dict[str, str] | None


@dataclass(frozen=True)
class Fact:
    id: str
    topic: str
    status: str
    text: dict[str, str]
    values: dict[str, list[Any]]
    sources: tuple[Source, ...]
    note: dict[str, str] | None
    checked: str
    review: str


@dataclass(frozen=True)
class Ledger:
    sources: dict[str, Source]
    facts: dict[str, Fact]
    document: dict[str, Any]


@dataclass(frozen=True)
class PageMeta:
    """One Markdown file: `path` is relative to its language folder and has no suffix; `url` is relative to the site's root."""

    lang: str
    path: str
    url: str
    meta: dict[str, Any]
    body: str

    @cached_property
    def links(self) -> set[str]:
        """The paths of the pages that its text leads to."""
        return {normpath(f"{self.path}/../{target}") for target in PAGE_LINK.findall(self.body)}


def read_yaml(text: str, shown: str, first_line: int = 1) -> Any:
    """Parse YAML; `shown` names the file and `first_line` is where the text starts in it. Raises DataError."""
    try:
        return yaml.load(text, _PlainDates)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise DataError(f"{shown}:{line}: this is not valid YAML. Fix: correct this line or the one above it.") from None


def read_file(docs: Path, name: str) -> str:
    """Text of docs/`name`. Raises DataError when the file is missing or is not UTF-8."""
    try:
        return (docs / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"docs/{name}:1: this file is missing. Fix: restore it, for example with git checkout docs/{name}.") from None
    except UnicodeDecodeError:
        raise DataError(f"docs/{name}:1: this file is not UTF-8 text. Fix: save it as UTF-8.") from None


@cache
def load_yaml(docs: Path, name: str) -> dict[str, Any]:
    """The mapping in docs/`name`. Raises DataError when it is anything else."""
    loaded = read_yaml(read_file(docs, name), f"docs/{name}")
    if not isinstance(loaded, dict):
        raise DataError(f"docs/{name}:1: this file must hold one mapping. Fix: start each entry with its id and a colon.")
    return loaded


@cache
def load_ledger(docs: Path) -> Ledger:
    """Sources and facts, checked against the published schema. Raises DataError at the first defect."""
    document: dict[str, Any] = {"version": 1, "sources": load_yaml(docs, "data/sources.yml"), "facts": load_yaml(docs, "data/facts.yml")}
    _check_schema(docs, document)
    sources = {key: _source(key, value) for key, value in document["sources"].items()}
    facts = {key: _fact(docs, key, value, sources) for key, value in document["facts"].items()}
    return Ledger(sources, facts, document)


def _check_schema(docs: Path, document: dict[str, Any]) -> None:
    schema = json.loads(read_file(docs, "data/facts.schema.json"))
    for error in Draft202012Validator(schema).iter_errors(document):
        part, *path = [str(step) for step in error.absolute_path] or ["facts"]
        where = f"docs/data/{part}.yml:{_line(docs, f'data/{part}.yml', path[:1])}"
        raise DataError(f"{where}: {'.'.join(path)}: {error.message}. Fix: follow docs/data/facts.schema.json.")


def _line(docs: Path, name: str, keys: list[str]) -> int:
    """Line on which the first of `keys` stands as a top-level key, else 1."""
    lines = read_file(docs, name).splitlines()
    return next((number for number, line in enumerate(lines, 1) if keys and line.startswith(f"{keys[0]}:")), 1)


def _source(key: str, value: dict[str, Any]) -> Source:
    rest = {name: value[name] for name in ("publisher", "title", "url", "published", "seen")}
    return Source(id=key, kind=value["class"], note=value.get("note"), **rest)


def _fact(docs: Path, key: str, value: dict[str, Any], sources: dict[str, Source]) -> Fact:
    missing = [name for name in value["sources"] if name not in sources]
    if missing:
        line = _line(docs, "data/facts.yml", [key])
        raise DataError(f"docs/data/facts.yml:{line}: fact '{key}' names the unknown source '{missing[0]}'. Fix: add it to docs/data/sources.yml.")
    return Fact(
        id=key, topic=value["topic"], status=value["status"], text={lang: value[lang] for lang in LANGUAGES}, values=value["values"],
        sources=tuple(sources[name] for name in value["sources"]), note=value.get("note"), checked=value["checked"], review=value["review"],
    )


def today() -> str:
    """The day the build speaks of: TODAY (2026-11-20), else SOURCE_DATE_EPOCH (seconds since 1970), else today. Raises DataError."""
    given, epoch = os.environ.get("TODAY"), os.environ.get("SOURCE_DATE_EPOCH")
    try:
        if given:
            return date.fromisoformat(given).isoformat()
        return (datetime.fromtimestamp(int(epoch), UTC).date() if epoch else date.today()).isoformat()
    except ValueError:
        raise DataError(f"Makefile:1: '{given or epoch}' is not a day. Fix: write TODAY=2026-11-20, or unset it.") from None


def load_strings(docs: Path, lang: str) -> dict[str, Any]:
    """The words of the frame in one language."""
    return load_yaml(docs, f"data/strings/{lang}.yml")


def load_codes(docs: Path) -> dict[str, str]:
    """Code of each problem, by its id, in the order of the codes."""
    return {problem: code for code, problem in load_yaml(docs, "data/codes.yml").items()}


def split_front_matter(text: str, shown: str) -> tuple[dict[str, Any], str]:
    """Front matter and body of a page. Raises DataError when there is none or it is broken."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        raise DataError(f"{shown}:1: the front matter is missing or not closed. Fix: put it between two lines of three hyphens.")
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == FENCE)
    meta = read_yaml("\n".join(lines[1:end]), shown, first_line=2)
    if not isinstance(meta, dict):
        raise DataError(f"{shown}:2: the front matter is not a list of keys and values. Fix: write one `key: value` per line.")
    return meta, "\n".join(lines[end + 1:])


def language(page: Page) -> str:
    """The language of a page, as static-i18n found it."""
    return page.file.locale  # type: ignore[attr-defined, no-any-return]


def page_path(page: Page) -> str:
    """Its path below the folder of its language, without ending: `problemas/clave-bloqueada`."""
    return page.file.norm_src_uri.removesuffix(".md")  # type: ignore[attr-defined, no-any-return]


@cache
def read_pages(docs: Path) -> tuple[PageMeta, ...]:
    """Every page of every language, sorted by language and path. Raises DataError at the first broken front matter."""
    return tuple(_page(docs, lang, file) for lang in LANGUAGES for file in sorted((docs / lang).rglob("*.md")))


def _page(docs: Path, lang: str, file: Path) -> PageMeta:
    path = file.relative_to(docs / lang).with_suffix("").as_posix()
    name = f"{lang}/{path}.md"
    return PageMeta(lang, path, page_url(lang, path), *split_front_matter(read_file(docs, name), f"docs/{name}"))


@cache
def pages_of(docs: Path, lang: str) -> dict[str, PageMeta]:
    """The pages of one language by path: `problemas/clave-bloqueada`."""
    return {page.path: page for page in read_pages(docs) if page.lang == lang}


@cache
def codes_by_url(docs: Path) -> dict[str, str]:
    """Code of each problem's page, by its address from the site's root."""
    codes = load_codes(docs)
    return {page.url: codes[page.meta["problem"]] for page in read_pages(docs) if page.meta.get("problem") in codes}


def forget() -> None:
    """Let each build read everything anew, because files change while `mkdocs serve` runs."""
    for read in (load_yaml, load_ledger, read_pages, pages_of, codes_by_url):
        read.cache_clear()


def page_url(lang: str, path: str) -> str:
    """Address from the site's root: `problemas/x` in English is `en/problemas/x/`."""
    prefix = "" if lang == LANGUAGES[0] else f"{lang}/"
    folder = path.removesuffix("index").rstrip("/")
    return f"{prefix}{folder}/" if folder else prefix
