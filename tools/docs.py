"""The docs/ tree as frozen data with line numbers: pages, their headings, blocks and citations, and the ledger's entries."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tools.finding import Problem

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("es", "en")
HEADING = re.compile(r"^(#{1,6}) +(.*?)(?: *\{ *#([\w-]+)[^}]*\})? *$")
CITATION = re.compile(r"\[\^([^\]\s]+)\]")
ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+")
BLOCK_NAME = re.compile(r"^\{\{ *\w+ *\}\}$")
PAGE_LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s:]+\.md)(?:#[^)]*)?\)")
NAV_PAGE = re.compile(r"^ +- ([\w/-]+)\.md\n", re.MULTILINE)
EMPTY_GROUP = re.compile(r"^  - [\w ]+:\n(?!      )", re.MULTILINE)
ROW_RULE = re.compile(r"^\|[\s:|-]+\|?$")


class PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """SafeLoader that leaves dates as strings."""


PlainLoader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    id: str
    line: int


@dataclass(frozen=True)
class Block:
    """A paragraph, list item, table row or heading: `section` is the id of the heading it stands under."""

    line: int
    text: str
    section: str
    kind: str

    @property
    def citations(self) -> list[str]:
        return CITATION.findall(self.text)


@dataclass(frozen=True)
class Page:
    """One Markdown file. `path` is relative to its language folder, without suffix; `lines` are those of the whole file."""

    lang: str
    path: str
    text: str
    meta: dict[str, Any]
    body_at: int

    @property
    def shown(self) -> str:
        return f"docs/{self.lang}/{self.path}.md"

    @property
    def type(self) -> str:
        return str(self.meta.get("type", ""))

    @cached_property
    def blocks(self) -> list[Block]:
        return list(_blocks(self.text.splitlines()[self.body_at:], self.body_at + 1))

    @cached_property
    def headings(self) -> list[Heading]:
        found = [(block.line, HEADING.match(block.text)) for block in self.blocks if block.kind == "heading"]
        return [Heading(len(match[1]), match[2], match[3] or "", line) for line, match in found if match]

    @cached_property
    def citations(self) -> list[str]:
        """Every fact the page cites, in its text or for a message in its front matter."""
        messages = [str(message.get("fact", "")) for message in self.meta.get("messages") or [] if isinstance(message, dict)]
        return [fact for block in self.blocks for fact in block.citations] + messages

    def line_of(self, text: str) -> int:
        """First line that holds `text`, else 1."""
        return next((number for number, line in enumerate(self.text.splitlines(), 1) if text in line), 1)

    def key_line(self, key: str) -> int:
        """Line of a front matter key, else 1."""
        head = self.text.splitlines()[:self.body_at]
        return next((number for number, line in enumerate(head, 1) if line.startswith(f"{key}:")), 1)


@dataclass(frozen=True)
class Entry:
    """One entry of a ledger file."""

    id: str
    line: int
    data: dict[str, Any]


@dataclass(frozen=True)
class Docs:
    """What a check reads. `broken` holds the findings of files that could not be read."""

    root: Path
    pages: list[Page] = field(default_factory=list)
    facts: dict[str, Entry] = field(default_factory=dict)
    sources: dict[str, Entry] = field(default_factory=dict)
    broken: list[Problem] = field(default_factory=list)

    def find(self, lang: str, path: str) -> Page | None:
        return next((page for page in self.pages if (page.lang, page.path) == (lang, path)), None)

    def pairs(self) -> Iterator[tuple[Page, Page]]:
        """Each Spanish page with its English one, where both exist."""
        for page in self.pages:
            other = self.find("en", page.path) if page.lang == "es" else None
            if other:
                yield page, other


def copy_sources(folder: Path) -> None:
    """Put into a folder, made when it is missing, all that a build reads."""
    for name in ("docs", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)


# Enough for a build to come to its end: a page of most types.
SMALL = ("index", "acerca", "evidencia", "problemas/index", "problemas/clave-bloqueada", "afiliado/desbloquear-clave")


def copy_small(folder: Path) -> None:
    """Put into a folder all that a build reads, with a few of the pages, which lose their links to the others."""
    copy_sources(folder)
    for lang in LANGUAGES:
        pages = folder / "docs" / lang
        kept = {(pages / f"{name}.md").resolve() for name in SMALL}
        for file in pages.rglob("*.md"):
            if file.resolve() not in kept:
                file.unlink()
                continue
            text = file.read_text(encoding="utf-8")
            file.write_text(PAGE_LINK.sub(lambda link: link[0] if (file.parent / link[2]).resolve() in kept else link[1], text), encoding="utf-8")  # noqa: B023
    config = folder / "mkdocs.yml"
    text = NAV_PAGE.sub(lambda entry: entry[0] if entry[1] in SMALL else "", config.read_text(encoding="utf-8"))
    config.write_text(EMPTY_GROUP.sub("", text), encoding="utf-8")


def read_docs(root: Path = ROOT) -> Docs:
    """Read docs/ below `root`. Files that cannot be read become findings, not exceptions."""
    broken: list[Problem] = []
    pages = [page for lang in LANGUAGES for file in sorted((root / "docs" / lang).rglob("*.md")) if (page := _page(root, lang, file, broken))]
    facts = _entries(root, "docs/data/facts.yml", broken)
    sources = _entries(root, "docs/data/sources.yml", broken)
    return Docs(root, pages, facts, sources, broken)


def _page(root: Path, lang: str, file: Path, broken: list[Problem]) -> Page | None:
    shown = file.relative_to(root).as_posix()
    text = file.read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    fences = [number for number, line in enumerate(lines) if line.strip() == "---"][:2]
    if len(fences) < 2 or fences[0] != 0:
        broken.append(Problem(shown, 1, "the front matter is missing or not closed", "put it between two lines of three hyphens", "front-matter-open"))
        return None
    meta = load_yaml("\n".join(lines[1:fences[1]]), shown, broken, first_line=2)
    if not isinstance(meta, dict):
        if meta is not None:
            broken.append(Problem(shown, 2, "the front matter is not a list of keys and values", "write one `key: value` per line", "front-matter-not-mapping"))
        return None
    return Page(lang, file.relative_to(root / "docs" / lang).with_suffix("").as_posix(), text, meta, fences[1] + 1)


def load_yaml(text: str, shown: str, broken: list[Problem], first_line: int = 1) -> Any:
    """Parse YAML; an error becomes a finding and None."""
    try:
        return yaml.load(text, PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        broken.append(Problem(shown, line, "this is not valid YAML", "correct this line or the one above it", "yaml-invalid"))
        return None


def _entries(root: Path, name: str, broken: list[Problem]) -> dict[str, Entry]:
    if not (root / name).exists():
        broken.append(Problem(name, 0, "this file is missing", f"restore it, for example with git checkout {name}", "file-missing"))
        return {}
    text = (root / name).read_text(encoding="utf-8")
    loaded = load_yaml(text, name, broken)
    if not isinstance(loaded, dict):
        return {}
    entries: dict[str, Entry] = {}
    for key, _ in (yaml.compose(text, PlainLoader) or yaml.MappingNode("", [])).value:
        line = key.start_mark.line + 1
        if key.value in entries:
            broken.append(Problem(name, line, f"the id '{key.value}' is already used on line {entries[key.value].line}", "give this entry another id", "ledger-id-twice"))
            continue
        entries[key.value] = Entry(key.value, line, loaded[key.value] or {})
    return entries


def _blocks(lines: list[str], first: int) -> Iterator[Block]:
    held: list[str] = []
    section, start, kind = "", 0, ""
    for number, line in enumerate([*lines, ""], first):
        new = _kind(line)
        if held and (new or not line.strip()):
            yield Block(start, "\n".join(held), section, kind)
            held = []
        if new == "heading":
            match = HEADING.match(line)
            section = (match[3] or "") if match and len(match[1]) == 2 else section
            yield Block(number, line, section, "heading")
        elif line.strip() and not BLOCK_NAME.match(line) and not ROW_RULE.match(line):
            if not held:
                start, kind = number, new or "text"
            held.append(line.strip())


def _kind(line: str) -> str:
    """`heading`, `item` or `row` when the line starts a block of its own, else nothing."""
    if HEADING.match(line):
        return "heading"
    if ITEM.match(line):
        return "item"
    return "row" if line.lstrip().startswith("|") else ""


WriteDocs = Callable[[dict[str, str]], Docs]  # the fixture write_docs
