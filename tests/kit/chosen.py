"""Which pages the slow checks look at: with EVERY=1 all of them (weekly, and before publishing), else one of each kind and those that the change touches."""

from __future__ import annotations

import os
import re
import subprocess
from functools import cache

from tools.docs import ROOT
from tools.site.built import Document, Site
from tools.site.weight import budgets, held_by

PAGE = re.compile(r"^docs/(es|en)/(.*?)(?:index)?\.md$")


def everything() -> bool:
    """Whether every page is looked at, in every state."""
    return os.environ.get("EVERY") == "1"


def chosen(site: Site) -> list[Document]:
    """The documents to look at: the largest of each kind in either language, and the pages whose text changed."""
    if everything():
        return site.documents
    kinds: dict[str, Document] = {}
    for document in sorted(site.documents, key=lambda document: len(document.text)):
        if budget := held_by(document, budgets()):
            kinds[budget.name] = document
    return [document for document in site.documents if document in kinds.values() or document.url in changed()]


@cache
def changed() -> frozenset[str]:
    """Addresses of the pages whose Markdown differs from where the work began: BASE, the default branch, else the commit before; none when git cannot say."""
    bases = [os.environ.get("BASE", ""), _git("merge-base", "HEAD", "origin/main"), _git("rev-parse", "--verify", "HEAD~1")]
    head = _git("rev-parse", "HEAD")
    base = next((base for base in bases if base and base != head), "HEAD")
    names = f"{_git('diff', '--name-only', base)}\n{_git('ls-files', '--others', '--exclude-standard', 'docs')}".splitlines()
    found = [PAGE.match(name) for name in names]
    return frozenset(("en/" if page[1] == "en" else "") + (page[2] if page[2].endswith("/") or not page[2] else f"{page[2]}/") for page in found if page)


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
