"""Writes the whole guide of each language into one file that opens without a connection: /guia-es.html and /guide-en.html."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import html
from markupsafe import Markup
from mkdocs.structure.pages import Page

from guia.lib import data, templates, wording
from guia.lib.build import Build
from guia.lib.site import Site

PROBLEMS = "problemas"
# The contents take the place of the home page; the evidence alone would fill a third of the file.
LEFT_OUT = ("home", "evidence")
# A page's title is the h2 of its chapter; a drawing is worth its description.
HEADINGS = {"h2": "h3", "h3": "h4", "h4": "h5"}
RENAMED = {**HEADINGS, "desc": "p", "figcaption": "p"}
# What only works on the site, and the words in drawings; of other tags outside KEPT the text stays.
DROPPED = ("button", "form", "script", "style", "template", "text", "title")
DROPPED_CLASSES = ("filter", "footnote", "headerlink", "legend", "ready", "to-sheet")
KEPT = {"a", "abbr", "aside", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h3", "h4", "h5", "li", "ol", "p", "q", "strong", "sup", "table", "tbody", "td",
        "th", "thead", "tr", "ul"}
ATTRIBUTES = {"class", "data-label", "href", "id", "lang", "rel", "role"}
CLASSES = ("problem",)
ID, ANCHOR = re.compile(r' id="([^"]+)"'), re.compile(r'href="#([^"]+)"')


@dataclass(frozen=True)
class Note:
    """A footnote; `returns` are the ids of the places in the text that cite it."""

    id: str
    fact: data.Fact
    returns: list[str]


@dataclass(frozen=True)
class Chapter:
    """One page of the guide; `key` starts the ids of its sections."""

    key: str
    page: data.PageMeta
    code: str
    body: Markup
    notes: list[Note]


def remember(content: str, page: Page, build: Build) -> str:
    """Keep each page's text, as the other hooks leave it, for the end of the build."""
    build.texts[page.file.src_uri] = content
    return content


def publish(site: Site, build: Build) -> None:
    """Write both files."""
    for lang in data.LANGUAGES:
        context = guide(build, lang)
        text = without_unused_ids(templates.template("guide.html").render(context))
        site.put(context["t"]["guide"]["file"], templates.smallest(text))


def guide(build: Build, lang: str) -> dict[str, Any]:
    """What the template asks for: contents, chapters, the sources that they cite, and the day of the newest check."""
    docs, site_url = build.docs, build.site_url
    words, found = data.load_strings(docs, lang), chapters(build, lang)
    cited = {source.id for chapter in found for note in chapter.notes for source in note.fact.sources}
    return {
        "t": words, "day": lambda value: wording.day(value, words), "copied": max(chapter.page.meta["checked"] for chapter in found),
        "site_url": site_url, "home": urljoin(site_url, data.page_url(lang, "index")), "evidence": urljoin(site_url, data.page_url(lang, "evidencia")),
        "contents": contents(found, data.load_yaml(docs, "data/groups.yml"), lang),
        "chapters": found, "by_path": {chapter.page.path: chapter for chapter in found},
        "sources": [source for source in data.load_ledger(docs).sources.values() if source.id in cited],
    }


def contents(found: list[Chapter], groups: dict[str, Any], lang: str) -> list[tuple[Chapter, dict[str, list[Chapter]]]]:
    """The chapters of the first level, each with those below it: problems by group and code, others by folder."""
    coded = sorted((chapter for chapter in found if chapter.code), key=lambda chapter: chapter.code)
    problems = {group[lang]: [chapter for chapter in coded if chapter.page.meta.get("group") == name] for name, group in groups.items()}
    # A retired problem has no group any more, and still its code.
    problems[""] = [chapter for chapter in coded if "group" not in chapter.page.meta]
    first = [chapter for chapter in found if "/" not in chapter.page.path.removesuffix("/index")]
    return [(chapter, problems if chapter.key == PROBLEMS else {"": below(chapter, found)}) for chapter in first]


def below(chapter: Chapter, found: list[Chapter]) -> list[Chapter]:
    """The other chapters of an index's folder."""
    return [other for other in found if other.page.path.startswith(f"{chapter.key}/") and other is not chapter]


def chapters(build: Build, lang: str) -> list[Chapter]:
    """Every page of a language that is not left out, in the order of the navigation; its links stay inside the file wherever they can."""
    docs = build.docs
    ledger, codes = data.load_ledger(docs), data.load_codes(docs)
    pages = [page for page in ordered(docs, lang, list(paths(build.nav))) if page.meta["type"] not in LEFT_OUT]
    keys = {page.url: key_of(page.path) for page in pages}
    found = []
    for number, page in enumerate(pages, 1):
        tree = html.fragment_fromstring(build.texts[f"{lang}/{page.path}.md"], create_parent="div")
        for link in tree.iter("a"):
            link.set("href", leads_to(link.get("href", ""), page.url, build.site_url, keys))
        notes = take_notes(tree, number, ledger)
        found.append(Chapter(keys[page.url], page, codes.get(page.meta.get("problem", ""), ""), clean(tree, keys[page.url]), notes))
    return found


def ordered(docs: Path, lang: str, listed: list[str]) -> list[data.PageMeta]:
    """The pages of a language as the navigation lists them; those it leaves to an index come behind that index, by code."""
    codes, places = data.load_codes(docs), {path: place for place, path in enumerate(listed)}

    def place(page: data.PageMeta) -> tuple[int, str]:
        index = places.get(f"{page.path.rpartition('/')[0]}/index", len(places))
        return places.get(page.path, index), codes.get(page.meta.get("problem", ""), "")

    return sorted(data.pages_of(docs, lang).values(), key=place)


def paths(nav: list[Any]) -> Iterator[str]:
    """The pages of `nav` in mkdocs.yml, flat and without suffix."""
    for entry in nav:
        if isinstance(entry, dict):
            yield from paths(next(iter(entry.values())))
        else:
            yield entry.removesuffix(".md")


def key_of(path: str) -> str:
    """`problemas/x` is `x`, `afiliado/x` is `afiliado-x`, and an index has the name of its folder."""
    folder, _, name = path.rpartition("/")
    if name == "index":
        return folder
    return name if folder == PROBLEMS else path.replace("/", "-")


def leads_to(link: str, url: str, site_url: str, keys: dict[str, str]) -> str:
    """A place in the file when the page is in it, else the absolute address."""
    address = urljoin(f"{site_url}{url}", link)
    path, _, section = address.removeprefix(site_url).partition("#")
    if not address.startswith(site_url) or path not in keys:
        return address
    return f"#{keys[path]}-{section}" if section else f"#{keys[path]}"


def take_notes(tree: html.HtmlElement, number: int, ledger: data.Ledger) -> list[Note]:
    """The footnotes of page `number`; the places that cite them get ids that no other page of the file has."""
    names = [str(name).removeprefix("fn:") for name in tree.xpath(".//div[@class='footnote']/ol/li/@id")]
    notes = {name: Note(f"n{number}-{place}", ledger.facts[name], []) for place, name in enumerate(names, 1)}
    for place, link in enumerate(tree.find_class("footnote-ref"), 1):
        note = notes[link.get("href", "").rpartition("fn:")[2]]
        note.returns.append(f"r{number}-{place}")
        link.text = f"[{link.text}]"
        link.attrib.update({"id": note.returns[-1], "href": f"#{note.id}"})
        raised = link.getparent()
        assert raised is not None
        raised.attrib.clear()
    return list(notes.values())


def clean(tree: html.HtmlElement, key: str) -> Markup:
    """The page's text alone: headings one level down with ids of this page; no permalinks, drawings or classes."""
    # A narrow screen shows a table as cards: with two columns the heads are not missed, and 800 labels are saved.
    for cell in tree.xpath(".//tr[count(td) = 2]/td"):
        cell.attrib.pop("data-label", None)
    for element in list(tree.iterdescendants("*")):
        name = element.get("class", "")
        if element.tag in DROPPED or name in DROPPED_CLASSES:
            element.drop_tree()
            continue
        if element.tag in HEADINGS:
            element.set("id", f"{key}-{element.get('id')}")
        element.tag = RENAMED.get(str(element.tag), element.tag)
        # A note, not a landmark: several without a name could not be told apart.
        if name.startswith("admonition "):
            element.tag, element.attrib["role"] = "aside", "note"
        if name not in CLASSES:
            element.attrib.pop("class", None)
        for attribute in set(element.attrib) - ATTRIBUTES:
            del element.attrib[attribute]
        if element.tag not in KEPT:
            element.drop_tag()
    return Markup("".join(html.tostring(child, encoding="unicode") for child in tree))


def without_unused_ids(text: str) -> str:
    """The file without the ids to which nothing in it leads: they would be a thirtieth of its size."""
    used = set(ANCHOR.findall(text))
    return ID.sub(lambda match: match[0] if match[1] in used else "", text)
