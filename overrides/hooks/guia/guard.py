"""Stops the build before anything is written when the sources cannot be published: one finding, exit 1, no traceback."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from guia.lib import data
from guia.lib.build import Build

FOLDERS = {*data.LANGUAGES, "data", "assets"}
REQUIRED = ("type", "title", "description", "checked")


def check(build: Build) -> None:
    """Check everything that the steps take for granted. Raises DataError with the first finding."""
    docs = build.docs
    data.forget()
    _check_addresses()
    data.today()
    _check_folders(docs)
    ledger = data.load_ledger(docs)
    for name in ("data/groups.yml", "data/codes.yml", "data/diagnosis.yml", "data/synonyms.yml", *(f"data/strings/{lang}.yml" for lang in data.LANGUAGES)):
        data.load_yaml(docs, name)
    for page in data.read_pages(docs):
        _check_required(page)
        _check_names(page, data.read_file(docs, f"{page.lang}/{page.path}.md"), ledger)


def _check_addresses() -> None:
    if not os.environ.get("PUBLISH"):
        return
    for name in ("SITE_URL", "REPO_URL"):
        if urlsplit(os.environ.get(name, "")).scheme != "https":
            raise data.DataError(f"mkdocs.yml:1: {name} is not set to an https address. Fix: {name}=https://… make publish.")


def _check_folders(docs: Path) -> None:
    for folder in sorted(path.name for path in docs.iterdir() if path.is_dir()):
        if folder not in FOLDERS:
            raise data.DataError(
                f"docs/{folder}:1: this is not a folder of the site. Fix: move its pages into docs/es or docs/en, "
                "or add the language to mkdocs.yml and overrides/hooks/guia/lib/data.py.")


def _check_required(page: data.PageMeta) -> None:
    missing = [key for key in REQUIRED if not page.meta.get(key)]
    if missing:
        raise data.DataError(f"docs/{page.lang}/{page.path}.md:2: the front matter has no '{missing[0]}'. Fix: add `{missing[0]}: …`.")


def _check_names(page: data.PageMeta, text: str, ledger: data.Ledger) -> None:
    """Every fact the page cites and every block it asks for exists."""
    blocks = {file.stem for file in data.BLOCKS.glob("*.html")}
    messages = [str(message.get("fact")) for message in page.meta.get("messages") or []]
    for number, line in enumerate(text.splitlines(), 1):
        where = f"docs/{page.lang}/{page.path}.md:{number}"
        for fact in (*data.CITATION.findall(line), *(fact for fact in messages if fact in line)):
            if fact not in ledger.facts:
                near = get_close_matches(fact, ledger.facts, n=1, cutoff=0.0)[0]
                raise data.DataError(f"{where}: there is no fact '{fact}'. Fix: write [^{near}], the nearest id, or add the fact to docs/data/facts.yml.")
        for name in data.BLOCK.findall(line):
            if name not in blocks:
                raise data.DataError(f"{where}: there is no block '{name}'. Fix: use one of {', '.join(sorted(blocks))}.")
