"""Rules: no link is broken, none leaves the reader's language by surprise, and no address of an institution is misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath
from urllib.parse import urlsplit

import yaml

from tools.docs import ROOT, Docs, Page
from tools.finding import Problem

HOSTS = yaml.safe_load((ROOT / "tools/rules/data/hosts.yml").read_text(encoding="utf-8"))
ALLOWED = {*HOSTS["official"], *HOSTS["other"]}
LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
LOOKS_OFFICIAL = re.compile(HOSTS["looks_official"], re.IGNORECASE)
NAMED = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
CODE = re.compile(r"`[^`]*`")


def check_inner_links(docs: Docs) -> Iterator[Problem]:
    """Links between pages stay in their language, and page and section exist in the source."""
    for page in docs.pages:
        for line, target in _links(page):
            parts = urlsplit(target)
            if parts.netloc or parts.scheme in ("mailto", "tel"):
                continue
            if parts.scheme:
                yield Problem(page.shown, line, f"the link '{target}' is no address of a page", "link to a .md file, or to https://", "link-not-a-page")
                continue
            path = normpath(f"{page.path}/../{parts.path}") if parts.path else f"{page.path}.md"
            other = docs.find(page.lang, path.removesuffix(".md"))
            if path.startswith("..") or not path.endswith(".md"):
                yield Problem(page.shown, line, f"the link '{target}' leaves the pages of its language", "link to the page's .md file in the same language folder", "link-other-language")
            elif not other and not _only_translated(docs, page, path):
                yield Problem(page.shown, line, f"the link '{target}' leads to no page", "correct the path", "link-broken")
            elif other and parts.fragment and not _has_anchor(docs, other, parts.fragment):
                yield Problem(page.shown, line, f"{other.shown} has no section {{#{parts.fragment}}}", "correct the anchor, or add the id to that heading", "anchor-broken")


def _only_translated(docs: Docs, page: Page, path: str) -> bool:
    """The page exists in the other language only: that is one finding of test_translations.py, not one for each link."""
    return docs.find("en" if page.lang == "es" else "es", path.removesuffix(".md")) is not None


def _has_anchor(docs: Docs, page: Page, fragment: str) -> bool:
    """The evidence page has a section for each fact, source and topic, made by the build."""
    made = page.type == "evidence" and (fragment in docs.facts or fragment in docs.sources)
    return made or fragment in {heading.id for heading in page.headings} or "{{ " in page.text and page.type == "index"


def check_outer_links(docs: Docs) -> Iterator[Problem]:
    """Links off the site go to known hosts, by https."""
    for page in docs.pages:
        for line, target in _links(page):
            parts = urlsplit(target)
            if parts.netloc and parts.netloc not in ALLOWED:
                yield Problem(page.shown, line, f"'{parts.netloc}' is not a host that pages may link to", "cite a fact instead, or add the host to tools/rules/data/hosts.yml", "host-unknown")
            elif parts.netloc and parts.scheme != "https":
                yield Problem(page.shown, line, f"the link '{target}' is not https", "write https://", "link-not-https")


def check_names_of_links(docs: Docs) -> Iterator[Problem]:
    """A link whose text is an address leads to that very host: who reads one and gets another is deceived."""
    for page in docs.pages:
        for number, line in enumerate(page.text.splitlines(), 1):
            for text, target in NAMED.findall(CODE.sub("", line)):
                if HOST.fullmatch(text.strip()) and urlsplit(f"//{text.strip()}").netloc != urlsplit(target).netloc:
                    yield Problem(page.shown, number, f"the link says '{text}' and leads to '{urlsplit(target).netloc}'", "write the address that it leads to", "link-text-lies")


def check_official_names(docs: Docs) -> Iterator[Problem]:
    """An address that looks official is spelled exactly; a wrong one appears only as code, as a warning."""
    for page in docs.pages:
        for number, line in enumerate(page.text.splitlines(), 1):
            for match in LOOKS_OFFICIAL.finditer(CODE.sub("", line)):
                host = match[1].lower().rstrip(".")
                if host not in HOSTS["official"]:
                    yield Problem(page.shown, number, f"'{host}' is not an official address", f"write one of {', '.join(HOSTS['official'])}; a wrong address only as `code`", "address-not-official")


def _links(page: Page) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(page.text.splitlines(), 1):
        for target in LINK.findall(CODE.sub("", line)):
            yield number, target


CHECKS = (check_inner_links, check_outer_links, check_names_of_links, check_official_names)
