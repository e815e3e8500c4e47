"""Writes one search index per language and puts our search worker in the place of the theme's."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

from guia.lib import data, stems, wording
from guia.lib.build import Build
from guia.lib.site import Site

CONFIG = re.compile(r'(<script id="__config" type="application/json">)(.*?)(</script>)', re.DOTALL)
THEMES_WORKER = re.compile(r"assets/javascripts/workers/search\.[0-9a-f]+\.min\.js$")
OUR_WORKER = "assets/javascripts/search/worker.js"
# The theme's script asks for this file on every page and gives up the search when it is missing.
STUB = {"config": {"lang": ["es"], "separator": " ", "pipeline": [], "fields": {}}, "docs": []}
HEADING = re.compile(r"^(#{2,3}) (.*?) \{#([\w-]+)[^}]*\}$", re.MULTILINE)
# Kinds: 0 page, 1 other services, 2 section.
COLUMNS = ("url", "title", "code", "step", "messages", "phrases", "kind")
# Pages that list or show what others answer.
NOT_FOUND = ("home", "index", "evidence", "retired")


def name_worker(html: str, page: Page, build: Build) -> str:
    """Name our worker, the index of the page's language and the words of the dialog in the page's configuration."""
    return with_our_search(html, data.language(page), build)


def with_our_search(html: str, lang: str, build: Build) -> str:
    found = CONFIG.search(html)
    if not found or not THEMES_WORKER.search(json.loads(found[2]).get("search", "")):
        raise PluginError("overrides/hooks/guia/files/search.py:1: the theme no longer names its search worker as it did. Fix: compare CONFIG with the built page.")
    settings = configured(json.loads(found[2]), build.docs, lang, index_name(lang, build.indexes[lang]))
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return html[:found.start()] + found[1] + text + found[3] + html[found.end():]


def configured(settings: dict[str, Any], docs: Path, lang: str, index: str) -> dict[str, Any]:
    """The theme's settings with our worker and our words for «no page answers this»."""
    strings = data.load_strings(docs, lang)["search"]
    said = {key: strings[key] for key in ("other", "failed", "list")}
    given = {"index": f"../../../search/{index}", "list": data.page_url(lang, "problemas/index"), "words": json.dumps(said, ensure_ascii=False)}
    worker = THEMES_WORKER.sub(OUR_WORKER, settings["search"]) + "?" + urlencode(given, quote_via=quote)
    counts = {f"search.result.{name}": strings[name] for name in ("none", "one", "more", "placeholder")}
    counts["search.result.other"] = counts.pop("search.result.more")
    return {**settings, "search": worker, "translations": {**settings["translations"], **counts}}


def publish(site: Site, build: Build) -> None:
    """Add both indexes, and empty the theme's, which mixes both languages."""
    site.put("search/search_index.json", json.dumps(STUB))
    for lang, text in build.indexes.items():
        site.put(f"search/{index_name(lang, text)}", text)


def index_name(lang: str, text: str) -> str:
    """`es.1a2b3c4d.json`: another text has another name, so that no browser keeps an old one."""
    return f"{lang}.{hashlib.sha256(text.encode('utf-8')).hexdigest()[:8]}.json"


def index_text(docs: Path, lang: str) -> str:
    """The index as JSON: a list for each of COLUMNS with one entry a row, because alike things together make a smaller file; the terms, and the synonyms."""
    codes, synonyms = data.load_codes(docs), data.load_yaml(docs, "data/synonyms.yml")
    pages = [page for page in data.pages_of(docs, lang).values() if page.meta["type"] not in NOT_FOUND]
    ordered = sorted(pages, key=lambda page: (page.meta["type"] not in ("problem", "procedure"), page.path))
    rows = [row for page in ordered for row in rows_of(page, codes)]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(COLUMNS)}
    columns["phrases"], terms = coded(columns["phrases"], stems.lexicon(synonyms))
    return json.dumps({**columns, "terms": " ".join(terms), **synonyms}, ensure_ascii=False, separators=(",", ":"))


def rows_of(page: data.PageMeta, codes: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    """A problem or procedure is one row; the questions of the FAQ and the sections of guides are rows of their own, with a title alone."""
    meta = page.meta
    if meta["type"] in ("problem", "procedure", "outside"):
        code, step = codes.get(meta.get("problem", ""), ""), (wording.first_step(page.body) or meta["description"]).replace("**", "")
        yield page.url, meta["title"], code, step, [message["text"] for message in meta.get("messages", [])], meta["phrases"], int(meta["type"] == "outside")
        return
    level = "###" if meta["type"] == "faq" else "##"
    for match in HEADING.finditer(page.body):
        if match[1] == level and match[3] != "fuentes":
            yield f"{page.url}#{match[3]}", match[2], "", "", [], [], 2


def coded(phrases: list[list[str]], known: stems.Lexicon) -> tuple[list[str], list[str]]:
    """Phrases are for matching alone: each becomes a word with a sign for each of its terms, which halves the file. Returns the rows' words and all terms."""
    rows = [[stems.terms(phrase, known) for phrase in row] for row in phrases]
    counts = Counter(term for row in rows for phrase in row for term in phrase)
    terms = sorted(counts, key=lambda term: (-counts[term], term))
    signs = {term: sign(at) for at, term in enumerate(terms)}
    return [" ".join(sorted("".join(signs[term] for term in phrase) for phrase in row)) for row in rows], terms


def sign(at: int) -> str:
    """The sign of a term by its place, as engine.js reads it: from # to ~, then letters with accents, then Greek and what follows."""
    return chr(at + 35 if at < 92 else at + 69 if at < 699 else at + 181)
