"""Adds what a page needs on paper: its address as a QR code, the codes of the pages it links to, and a sheet to take to the office."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import segno
from markdown import markdown
from mkdocs.structure.pages import Page

from guia.lib import data, wording
from guia.lib.build import Build

# Where a reader thinks of going to the office: the link to the sheet ends this section.
LINK_AFTER = {"problem": "si-no-funciona", "procedure": "en-persona"}
SAY = re.compile(r"(?:Diga|Say): [«“](?P<words>[^»”]+)[»”](?: \((?P<gloss>[^)]+)\))?\. ?")
EMPTY_ITEM = re.compile(r"^(?:-|\d+\.) *\n", re.MULTILINE)
INNER_LINK = re.compile(r'(<a (?:class="problem" )?href="([^"#:]+)(?:#[^"]*)?")')
OUTER_LINK = re.compile(r'<a href="(https?:[^"]*)"')


@dataclass(frozen=True)
class Sheet:
    """What to say, with its meaning on English pages; what to bring and know, as HTML; who says so; whose text it is, and its date; the Spanish title."""

    say: str
    gloss: str
    html: str
    sources: str
    giver: str
    checked: str
    title: str


def mark(content: str, page: Page, build: Build) -> str:
    """Give each link its page's code, which CSS prints beside it, and end the section about the office with a link to the sheet."""
    docs = build.docs
    by_url = data.codes_by_url(docs)

    def coded(match: re.Match[str]) -> str:
        code = by_url.get(urljoin(f"/{page.url}", match[2]).lstrip("/"))
        return f'{match[1]} data-e="{code}"' if code else match[1]

    text, notes, listed = content.partition('<div class="footnote">')
    content = text + notes + OUTER_LINK.sub(_first_only(), listed)
    label = data.load_strings(docs, data.language(page))["paper"]["link"]
    return _with_link(INNER_LINK.sub(coded, content), LINK_AFTER.get(page.meta["type"]), label)


def _first_only() -> Callable[[re.Match[str]], str]:
    """Marks an outside link whose address the page has given before, so that paper gives it once."""
    seen: set[str] = set()

    def mark(match: re.Match[str]) -> str:
        again = match[1] in seen
        seen.add(match[1])
        return f'{match[0]} class="again"' if again else match[0]

    return mark


def _with_link(content: str, section: str | None, label: str) -> str:
    """The page with the link at the end of one section; unchanged when it has no such section."""
    link = f'<p class="to-sheet" id="oficina"><a href="#hoja">{label}</a></p>\n'
    return re.sub(rf'<h2 id="{section}".*?(?=<h2 )', lambda match: match[0] + link, content, count=1, flags=re.DOTALL)


def sheet_of(context: dict[str, Any], page: Page, build: Build) -> None:
    """Add the address to print and, on problems and procedures, its QR code and the sheet."""
    docs = build.docs
    code = data.load_codes(docs).get(page.meta.get("problem", ""))
    context["address"] = urljoin(build.site_url, f"e/{code}/") if code else page.canonical_url
    if page.meta["type"] in LINK_AFTER:
        context["qr"] = qr(context["address"])
        context["sheet"] = sheet(page, docs)
        context["es"] = data.load_strings(docs, data.LANGUAGES[0])


@cache
def qr(address: str) -> str:
    """The address as a small SVG: one path, with the quiet zone that readers need. Both languages of a problem have the same."""
    return segno.make(address, micro=False, error="l", boost_error=False).svg_inline(svgclass="qr", lineclass=None, omitsize=True)


def sheet(page: Page, docs: Path) -> Sheet | None:
    """The sheet of a problem or procedure, made from the text of the pages; None while that text is not written."""
    lang, path = data.language(page), data.page_path(page)
    pages = data.pages_of(docs, lang)
    giver, section = office_text(pages[path], pages)
    if not section:
        return None
    text = wording.plain(section)
    said = SAY.search(wording.plain(pages[path].body)) or SAY.search(text)
    html = markdown(EMPTY_ITEM.sub("", SAY.sub("", text) + "\n"))
    return Sheet(
        say=said["words"] if said else "", gloss=said["gloss"] or "" if said else "",
        html=html if lang == data.LANGUAGES[0] else html.replace("<strong>", f'<strong lang="{data.LANGUAGES[0]}">'),
        sources=sources(section, docs, lang), giver=giver.meta["title"], checked=wording.day(giver.meta["checked"], data.load_strings(docs, lang)),
        title=data.pages_of(docs, data.LANGUAGES[0])[path].meta["title"],
    )


def office_text(page: data.PageMeta, pages: dict[str, data.PageMeta]) -> tuple[data.PageMeta, str]:
    """The page that says what to do at the office, and its Markdown there: the procedure's, or the steps of a problem that only the office solves."""
    target = page.meta.get("procedure", page.path)
    giver, name = (page, "que-hacer") if target == "office" else (pages.get(target, page), "en-persona")
    found = re.search(rf"^## .*\{{#{name}\}}\n(.*?)(?=^## |\Z)", giver.body, re.MULTILINE | re.DOTALL)
    return giver, found[1] if found else ""


def sources(section: str, docs: Path, lang: str) -> str:
    """Who says what a section claims, each once with its date; unreliable pages are not named."""
    ledger, words = data.load_ledger(docs), data.load_strings(docs, lang)
    said = [source for fact in data.CITATION.findall(section) for source in ledger.facts[fact].sources if source.kind != "unreliable"]
    return "; ".join(dict.fromkeys(f"{source.publisher} ({wording.day(source.published, words)})" for source in said))
