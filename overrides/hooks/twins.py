"""Writes each page's Markdown beside it, and /llms.txt, so that programs quote the same dated text as people read."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

import data
import output
import wording

PAGE_LINK = re.compile(r"\]\((?:([^)#\s:]+)\.md)?(#[^)\s]*)?\)")
ATTRIBUTES = re.compile(r" ?\{ ?[#.:][^{}]*\}")
BADGE = re.compile(r'<span class="badge[^>]*>([^<]*)</span>')
DRAWING = re.compile(r"<svg.*?</svg>|<button.*?</button>|<p class=\"filter\">.*?</p>", re.DOTALL)
TAG = re.compile(r"</?(?:div|figure|figcaption|ul|li|p|q|a|span|svg|rect|pre|details|summary)\b[^>]*>")


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> None:
    """Write index.md beside the page's index.html."""
    file = (Path(config.site_dir) / page.file.dest_path).with_suffix(".md")
    file.parent.mkdir(parents=True, exist_ok=True)
    words = data.load_strings(Path(config.docs_dir), data.language(page))
    file.write_text(twin(page, words, config.site_url or "/"), encoding="utf-8")


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


# After static-i18n's own last step.
@event_priority(-101)
def on_post_build(config: MkDocsConfig) -> None:
    """Write /llms.txt: what the site is, and every page's Markdown in both languages."""
    if not output.is_last(config):
        return
    docs = Path(config.docs_dir)
    parts = [_language(docs, lang, config.site_url or "/") for lang in data.LANGUAGES]
    (Path(config.site_dir) / "llms.txt").write_text("\n".join(parts), encoding="utf-8")


def _language(docs: Path, lang: str, site_url: str) -> str:
    words = data.load_strings(docs, lang)
    lines = [f"- [{page.meta['title']}]({urljoin(site_url, page.url)}index.md): {page.meta['description']}" for page in data.pages_of(docs, lang).values()]
    return f"# {words['llms_title']}\n\n> {words['not_official']} {words['llms_text']}\n\n" + "\n".join(lines) + "\n"
