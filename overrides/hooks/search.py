"""Writes one search index per language and puts our search worker in the place of the theme's."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import unicodedata
from pathlib import Path
from textwrap import shorten
from typing import Any, Iterator
from urllib.parse import quote, urlencode

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

import data
import wording

CONFIG = re.compile(r'(<script id="__config" type="application/json">)(.*?)(</script>)', re.DOTALL)
THEMES_WORKER = re.compile(r"assets/javascripts/workers/search\.[0-9a-f]+\.min\.js$")
OUR_WORKER = "assets/javascripts/search/worker.js"
# The theme's script asks for this file on every page and gives up the search when it is missing.
STUB = {"config": {"lang": ["es"], "separator": " ", "pipeline": [], "fields": {}}, "docs": []}
HEADING = re.compile(r"^(#{2,3}) (.*?) \{#([\w-]+)[^}]*\}$", re.MULTILINE)
FIRST_CELL = re.compile(r"^\| *([^|\n]+?) *\|", re.MULTILINE)
BAG_WORDS = 14
# Pages that list or show what others answer.
NOT_FOUND = ("home", "index", "evidence", "retired")


def on_env(env: Any, config: MkDocsConfig, files: Any) -> None:
    """Make both indexes before the pages, which name them."""
    config.extra["indexes"] = {lang: index_text(Path(config.docs_dir), lang) for lang in data.LANGUAGES}


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Name our worker, the index of the page's language and the words of the dialog in the page's configuration."""
    docs, lang = Path(config.docs_dir), page.file.locale
    found = CONFIG.search(output)
    if not found or not THEMES_WORKER.search(json.loads(found[2]).get("search", "")):
        raise PluginError("overrides/hooks/search.py:1: the theme no longer names its search worker as it did. Fix: compare CONFIG with the built page.")
    settings = configured(json.loads(found[2]), docs, lang, index_name(lang, config.extra["indexes"][lang]))
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return output[:found.start()] + found[1] + text + found[3] + output[found.end():]


def configured(settings: dict[str, Any], docs: Path, lang: str, index: str) -> dict[str, Any]:
    """The theme's settings with our worker and our words for «no page answers this»."""
    words = data.load_strings(docs, lang)["search"]
    said = {key: words[key] for key in ("other", "failed", "list")}
    given = {"index": f"../../../search/{index}", "list": data.page_url(lang, "problemas/index"), "words": json.dumps(said, ensure_ascii=False)}
    worker = THEMES_WORKER.sub(OUR_WORKER, settings["search"]) + "?" + urlencode(given, quote_via=quote)
    counts = {f"search.result.{name}": words[name] for name in ("none", "one", "more", "placeholder")}
    counts["search.result.other"] = counts.pop("search.result.more")
    return {**settings, "search": worker, "translations": {**settings["translations"], **counts}}


# After static-i18n has written the theme's index, which mixes both languages.
@event_priority(-102)
def on_post_build(config: MkDocsConfig) -> None:
    """Write both indexes; empty the theme's and drop its stemmers and worker."""
    folder = Path(config.site_dir) / "search"
    folder.mkdir(exist_ok=True)
    (folder / "search_index.json").write_text(json.dumps(STUB), encoding="utf-8")
    for lang, text in config.extra["indexes"].items():
        (folder / index_name(lang, text)).write_text(text, encoding="utf-8")
    for unused in ("lunr", "workers"):
        shutil.rmtree(Path(config.site_dir) / "assets/javascripts" / unused, ignore_errors=True)


def index_name(lang: str, text: str) -> str:
    """`es.1a2b3c4d.json`: another text has another name, so that no browser keeps an old one."""
    return f"{lang}.{hashlib.sha256(text.encode('utf-8')).hexdigest()[:8]}.json"


def index_text(docs: Path, lang: str) -> str:
    """The index as JSON: {pages: [[url, title, code, step, messages, phrases, bag, kind]], synonyms: {same, ignore}}."""
    codes = data.load_codes(docs)
    pages = [page for page in data.read_pages(docs) if page.lang == lang and page.meta["type"] not in NOT_FOUND]
    rows = [row for page in sorted(pages, key=lambda page: (page.meta["type"] not in ("problem", "procedure"), page.path)) for row in rows_of(page, codes)]
    return json.dumps({"pages": rows, "synonyms": data.load_yaml(docs, "data/synonyms.yml")}, ensure_ascii=False, separators=(",", ":"))


def rows_of(page: data.PageMeta, codes: dict[str, str]) -> Iterator[list[Any]]:
    """A problem or procedure is one row; the questions of the FAQ and the sections of guides are rows of their own."""
    meta = page.meta
    if meta["type"] in ("problem", "procedure", "outside"):
        messages = [message["text"] for message in meta.get("messages", [])]
        kind = "page" if meta["type"] != "outside" else "other"
        yield [page.url, meta["title"], codes.get(meta.get("problem", ""), ""), wording.first_step(page.body) or meta["description"], messages, meta["phrases"], bag(page), kind]
        return
    level = "###" if meta["type"] == "faq" else "##"
    found = [match for match in HEADING.finditer(page.body)]
    for match, following in zip(found, [*found[1:], None]):
        if match[1] == level and match[3] != "fuentes":
            text = wording.plain(page.body[match.end():following.start() if following else None])
            first = wording.SENTENCE_END.split(" ".join(text.split()))[0]
            yield [f"{page.url}#{match[3]}", match[2], "", shorten(first, 90, placeholder="…"), [], [], "", "section"]


def bag(page: data.PageMeta) -> str:
    """Words of the page's description, short answer and causes that its other fields lack: folded, each once, the first few."""
    brief = re.search(r"\{#en-breve\}\n+(.*?)\n\n##", page.body, re.DOTALL)
    causes = [cell for cell in FIRST_CELL.findall(page.body) if not set(cell) <= set("-: ")][1:]
    spoken = fold(" ".join([page.meta["title"], *page.meta["phrases"], wording.first_step(page.body)]))
    text = fold(wording.plain(" ".join([*causes, page.meta["description"], brief[1] if brief else ""])))
    words = dict.fromkeys(word for word in text.split() if len(word) > 3 and word[:5] not in spoken)
    return " ".join(list(words)[:BAG_WORDS])


def fold(text: str) -> str:
    """Lower case without accents or punctuation, as text.js folds what people type."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", " ", plain)
