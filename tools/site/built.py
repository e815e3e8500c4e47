"""Builds the site once and reads what was built: no MkDocs here, only files and HTML."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml import html

from tools.finding import Problem
from tools.docs import ROOT

SITE = ROOT / "site"
DEFAULT_URL = "http://127.0.0.1:8000/"
COPIES = (".br", ".gz")
MESSAGE = re.compile(r"^(?:WARNING|ERROR) +- +(.*)$", re.MULTILINE)
PLACE = re.compile(r'File "[^"]*?((?:overrides/hooks|tools|tests/kit)/[\w/]+\.py)", line (\d+)')
OURS = re.compile(r"^([\w./ -]+?):(\d+): (.*)\. Fix: (.*)\.$", re.DOTALL)


@dataclass(frozen=True)
class Document:
    """One HTML file; `url` is its path from the site's root, `file` its path below the built folder."""

    file: str
    text: str

    @property
    def url(self) -> str:
        return self.file.removesuffix("index.html")

    @property
    def shown(self) -> str:
        return f"site/{self.file}"

    @property
    def lang(self) -> str:
        return "en" if self.file.startswith("en/") else "es"

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)

    @cached_property
    def ids(self) -> set[str]:
        return {*self.tree.xpath("//@id"), *self.tree.xpath("//a/@name")}

    def one(self, path: str) -> str:
        """First result of an XPath that yields strings, or nothing."""
        found = self.tree.xpath(path)
        return str(found[0]) if found else ""


@dataclass(frozen=True)
class Site:
    """The built folder. `url` is the address it is meant for, with a trailing slash."""

    root: Path
    url: str

    @cached_property
    def documents(self) -> list[Document]:
        """Every HTML file, the error page included."""
        files = sorted(file.relative_to(self.root).as_posix() for file in self.root.rglob("*.html"))
        return [Document(file, (self.root / file).read_text(encoding="utf-8")) for file in files]

    @cached_property
    def pages(self) -> list[Document]:
        """Every page a reader is meant to find: all but the error page, the short addresses and the copies of the whole guide."""
        return [document for document in self.documents if document.file.endswith("index.html") and not document.file.startswith("e/")]

    @cached_property
    def files(self) -> set[str]:
        """Every file but the compressed copies, which are no files of their own to a reader."""
        return {name for name in self._names if not (name.endswith(COPIES) and name[:-3] in self._names)}

    @cached_property
    def copies(self) -> set[str]:
        """The files compressed beforehand, each beside the one that it stands for."""
        return self._names - self.files

    @cached_property
    def _names(self) -> set[str]:
        return {file.relative_to(self.root).as_posix() for file in self.root.rglob("*") if file.is_file()}

    def path(self, document: Document, link: str) -> str | None:
        """The built file that a link of a document leads to, or None when it leaves the site."""
        target = urlsplit(urljoin(urljoin(self.url, document.url), link))
        base = urlsplit(self.url)
        if (target.scheme, target.netloc) != (base.scheme, base.netloc) or not target.path.startswith(base.path):
            return None
        path = target.path[len(base.path):]
        return f"{path}index.html" if path == "" or path.endswith("/") else path


def site_url() -> str:
    """The address the site is built for, from SITE_URL, with a trailing slash."""
    return os.environ.get("SITE_URL", DEFAULT_URL).rstrip("/") + "/"


def build() -> tuple[Site | None, list[Problem]]:
    """Run `make build`. Returns the site, or None with one finding for each message of the build."""
    run = subprocess.run(["make", "--no-print-directory", "build"], check=False, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if run.returncode == 0:
        return Site(SITE, site_url()), []
    output = run.stdout + run.stderr
    return None, list(findings(output)) or [crash(output)]


def crash(output: str) -> Problem:
    """The last words of a build that says nothing of its own, and where in our code it ended."""
    last = [line for line in output.splitlines() if line.strip() and not line.startswith("make")][-1:] or [""]
    places = PLACE.findall(output) or [("mkdocs.yml", "0")]
    return Problem(places[-1][0], int(places[-1][1]), f"the build failed: {last[0].strip().rstrip('.')}", "run make build to see all of it", "build-crash")


def findings(output: str) -> Iterator[Problem]:
    """MkDocs' messages as findings; those of our own hooks already have that form."""
    for message in MESSAGE.findall(output):
        ours = OURS.match(message)
        if ours:
            yield Problem(ours[1], int(ours[2]), ours[3], ours[4], "build-finding")
            continue
        page = re.search(r"'((?:es|en)/[^']+\.md)'", message)
        yield Problem(f"docs/{page[1]}" if page else "mkdocs.yml", 0, f"the build says: {message.rstrip('.')}", "correct it, then run make build", "build-message")
