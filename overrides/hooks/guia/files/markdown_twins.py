"""Writes each page's Markdown beside it, and /llms.txt, so that programs quote the same dated text as people read."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import urljoin

from mkdocs.structure.pages import Page

from guia.lib import data, wording
from guia.lib.build import Build
from guia.lib.site import Site

PAGE_LINK = re.compile(r"\]\((?:([^)#\s:]+)\.md)?(#[^)\s]*)?\)")
ATTRIBUTES = re.compile(r" ?\{ ?[#.:][^{}]*\}")
BADGE = re.compile(r'<span class="badge[^>]*>([^<]*)</span>')
DRAWING = re.compile(r"<svg.*?</svg>|<button.*?</button>|<p class=\"filter\">.*?</p>", re.DOTALL)
TAG = re.compile(r"</?(?:div|figure|figcaption|ul|li|p|q|a|span|svg|rect|pre|details|summary)\b[^>]*>")


def remember(output: str, page: Page, build: Build) -> str:
    """Word index.md, which will lie beside the page's index.html."""
    words = data.load_strings(build.docs, data.language(page))
    prefix = "" if data.language(page) == data.LANGUAGES[0] else f"{data.language(page)}/"
    build.twins[f"{prefix}{page.file.dest_uri.removeprefix(prefix).removesuffix('.html')}.md"] = twin(page, words, build.site_url)
    return output


def twin(page: Page, words: dict[str, Any], site_url: str) -> str:
    """The page as plain Markdown: title, address, date, text and notes; links absolute."""
    folder = PurePosixPath(data.page_path(page)).parent

    def absolute(match: re.Match[str]) -> str:
        path = normpath(str(folder / match[1])) if match[1] else data.page_path(page)
        return f"]({urljoin(site_url, data.page_url(data.language(page), path))}{match[2] or ''})"

    text = DRAWING.sub("", PAGE_LINK.sub(absolute, page.markdown or ""))
    text = TAG.sub("", BADGE.sub(r"[\1]", ATTRIBUTES.sub("", text)))
    dated = f"{words['last_checked']}: {wording.day(page.meta['checked'], words)}."
    head = f"# {page.title}\n\n> {page.meta['description']}\n\n<{page.canonical_url}>\n\n{words['not_official']} {dated}\n\n"
    return head + re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def publish(site: Site, build: Build) -> None:
    """Add every page's Markdown, and /llms.txt: what the site is, and every page's Markdown in both languages."""
    for name, text in build.twins.items():
        site.put(name, text)
    site.put("llms.txt", "\n".join(_language(build.docs, lang, build.site_url) for lang in data.LANGUAGES))


def _language(docs: Path, lang: str, site_url: str) -> str:
    words = data.load_strings(docs, lang)
    lines = [f"- [{page.meta['title']}]({urljoin(site_url, page.url)}index.md): {page.meta['description']}" for page in data.pages_of(docs, lang).values()]
    return f"# {words['llms_title']}\n\n> {words['not_official']} {words['llms_text']}\n\n" + "\n".join(lines) + "\n"
