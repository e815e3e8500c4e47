"""What the page templates need beyond Material's own context: words, alternates, related pages, structured data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from guia.lib import data, wording
from guia.lib.build import Build

NUMBER = re.compile(r"\d+")
TEMPLATES = {"problem": "answer.html", "procedure": "answer.html", "home": "home.html"}


def choose(markdown: str, page: Page, build: Build) -> str:
    """Choose the template by the page's type, so that no author has to."""
    if page.meta["type"] in TEMPLATES:
        page.meta["template"] = TEMPLATES[page.meta["type"]]
    return markdown


def mark(content: str, page: Page, build: Build) -> str:
    """Name links, mark the language of the portal's labels and messages, neighbouring notes, links off the site and each cell's column."""
    tree = html.fragment_fromstring(content, create_parent="div")
    if data.language(page) != data.LANGUAGES[0]:
        for label in tree.iter("strong", "q"):
            label.set("lang", data.LANGUAGES[0])
    name_links(tree, data.load_strings(build.docs, data.language(page)))
    for note in tree.iter("sup"):
        before = note.getprevious()
        if before is not None and before.tag == "sup" and not (before.tail or "").strip():
            note.set("class", "next-note")
    for link in tree.iter("a"):
        if urlsplit(link.get("href", "")).netloc not in ("", urlsplit(build.site_url).netloc):
            link.set("rel", "noopener noreferrer")
    label_tables(tree)
    return (tree.text or "") + "".join(html.tostring(child, encoding="unicode") for child in tree)


def label_tables(tree: html.HtmlElement) -> None:
    """Each table gets the name of the heading before it, each cell that of its column, which narrow screens show."""
    for table in tree.iter("table"):
        headings = table.xpath("preceding::*[self::h2 or self::h3][@id]/@id")
        if headings:
            table.set("aria-labelledby", headings[-1])
        names = [cell.text_content() for cell in table.iterfind("thead/tr/th")]
        for row in table.iterfind("tbody/tr"):
            for name, cell in zip(names, row):
                cell.set("data-label", name)


def name_links(tree: html.HtmlElement, words: dict[str, Any]) -> None:
    """Notes, the ways back from them and permanent links say in the page's language where they lead; Markdown writes signs, with English titles."""
    for link in tree.iter("a"):
        kind, title = link.get("class"), link.get("title", "")
        if kind == "footnote-ref":
            link.set("aria-label", words["note"].format(number=link.text_content()))
        elif kind == "footnote-backref":
            # The second way back from a note leads to #fnref2:…
            number, place = NUMBER.search(title), NUMBER.match(link.get("href", "").removeprefix("#fnref"))
            link.attrib.pop("title", None)
            link.set("aria-label", words["note_back"].format(number=number[0] if number else "", place=place[0] if place else 1))
        elif kind == "headerlink":
            link.set("aria-label", words["share"]["section"])
            link.set("title", words["share"]["section"])


def words(context: dict[str, Any], page: Page, build: Build) -> None:
    """Add what main.html and answer.html ask for: words, dates, addresses, other pages and structured data."""
    docs = build.docs
    strings = data.load_strings(docs, data.language(page))
    context["t"] = strings
    context["checked"] = wording.day(page.meta["checked"], strings)
    context["hreflang"] = hreflang(page, build)
    context["switch"] = switch(page)
    context["related"] = related(page, docs)
    context["returns"] = returns(page, docs) if page.meta["type"] == "problem" else []
    context["code"] = data.load_codes(docs).get(page.meta.get("problem", ""), "")
    context["correct"] = correct(page, build)
    context["faq"] = faq(page) if page.meta["type"] == "faq" else ""
    context["card"] = build.cards[page.url]


def words_of_template(context: dict[str, Any], build: Build) -> None:
    """The error page speaks both languages and lists the problems in both."""
    docs = build.docs
    context["t"] = data.load_strings(docs, data.LANGUAGES[0])
    context["words"] = {lang: data.load_strings(docs, lang) for lang in data.LANGUAGES}
    context["problems"] = [page for page in data.read_pages(docs) if page.meta["type"] == "problem"]


def alternates(page: Page) -> dict[str, File]:
    """The same page in each language."""
    return page.file.alternates  # type: ignore[attr-defined, no-any-return]


def hreflang(page: Page, build: Build) -> dict[str, str]:
    """Absolute address of the page in each language, with x-default."""
    links = {lang: urljoin(build.site_url, file.url) for lang, file in sorted(alternates(page).items())}
    return {**links, "x-default": links.get(data.LANGUAGES[0], page.canonical_url or "")}


def switch(page: Page) -> dict[str, str]:
    """Language and address (from the site's root) of the same page in the other language."""
    others = {lang: file.url for lang, file in alternates(page).items() if lang != data.language(page)}
    lang = next(iter(others), data.language(page))
    return {"lang": lang, "url": others.get(lang, page.url)}


def related(page: Page, docs: Path) -> list[data.PageMeta]:
    """The pages named in `related`, in that order."""
    found = data.pages_of(docs, data.language(page))
    return [found[path] for path in page.meta.get("related", []) if path in found]


def returns(page: Page, docs: Path) -> list[data.PageMeta]:
    """The procedures whose text sends readers to this problem, so that each finds the way back to its own."""
    here = data.page_path(page)
    others = data.pages_of(docs, data.language(page)).values()
    return [meta for meta in others if meta.meta["type"] == "procedure" and here in meta.links]


def correct(page: Page, build: Build) -> str:
    """Where to correct this page: its source in the repository, or nothing when the repository is not known."""
    return f"{build.repository}/edit/main/docs/{page.file.src_uri}" if build.repository else ""


def faq(page: Page) -> str:
    """FAQPage JSON-LD made from the rendered questions (h3 with an id) and the text that follows each."""
    tree = html.fromstring(f"<div>{page.content}</div>")
    for extra in tree.xpath("//*[@class='headerlink' or @class='footnote-ref' or @class='footnote'] | //sup"):
        extra.drop_tree()
    entries = [{"@type": "Question", "name": question.text_content().strip(), "url": f"{page.canonical_url}#{question.get('id')}",
                "acceptedAnswer": {"@type": "Answer", "text": _answer(question)}} for question in tree.xpath("//h3[@id]")]
    document = {"@context": "https://schema.org", "@type": "FAQPage", "inLanguage": data.language(page), "mainEntity": entries}
    return json.dumps(document, ensure_ascii=False, indent=None).replace("</", "<\\/")


def _answer(question: html.HtmlElement) -> str:
    parts = []
    for element in question.itersiblings():
        if element.tag in ("h1", "h2", "h3"):
            break
        parts.append(" ".join(element.text_content().split()))
    return " ".join(parts)
