"""What checks and comparisons of the search share: the labelled queries, the published files, the real dialog and the scores."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urljoin

import yaml
from playwright.sync_api import Browser

from tools.site import browser as chrome
from tools.site.browser import PHONE
from tools.site.built import Site
from tools.docs import ROOT, Docs, PlainLoader

QUERIES = "tests/search/queries.yml"
OUTSIDE = "otros-servicios"
# Resolves with the rows of the answer to the very query that was put in.
WATCH = """() => {
  const box = document.querySelector('[data-md-component=search-query]'), list = document.querySelector('.md-search-result__list')
  const meta = document.querySelector('.md-search-result__meta')
  window.ask = query => new Promise(done => {
    meta.textContent = '…'
    const watch = new MutationObserver(() => {
      if (meta.textContent === '…') return
      watch.disconnect()
      setTimeout(() => done([...list.querySelectorAll(':scope > li > a:first-child')].map(link => link.href)), 0)
    })
    watch.observe(meta, { childList: true, characterData: true, subtree: true })
    box.value = query
    box.dispatchEvent(new Event('input', { bubbles: true }))
  })
}"""


def read_queries() -> list[dict[str, Any]]:
    """The labelled queries: {q, lang, ids, set: tune | held, tags}."""
    rows: list[dict[str, Any]] = yaml.load((ROOT / QUERIES).read_text(encoding="utf-8"), PlainLoader)
    return rows


def index_file(site: Site, lang: str) -> str:
    return next(name for name in site.files if re.fullmatch(rf"search/{lang}\.[0-9a-f]{{8}}\.json", name))


def engine_file(site: Site) -> str:
    return next(name for name in site.files if name.endswith("/search/engine.js"))


def phrases_of(docs: Docs, lang: str) -> dict[str, list[str]]:
    """The phrases of each page of a language that has some, by its address."""
    return {f"{'en/' if lang == 'en' else ''}{page.path}/": page.meta["phrases"] for page in docs.pages if page.lang == lang and page.meta.get("phrases")}


def addresses(site: Site) -> dict[tuple[str, str], str]:
    """Address of each problem id in each language, from the published catalogue, and of each page by its path."""
    problems = json.loads((site.root / "data/problems.json").read_text(encoding="utf-8"))["problems"]
    paths = {(page.url.removeprefix("en/").rstrip("/"), page.lang): page.url for page in site.pages}
    return {**paths, **{(entry["id"], lang): entry[lang]["url"][1:] for entry in problems for lang in ("es", "en")}}


def score(rows: list[dict[str, Any]], results: list[list[str]], where: dict[tuple[str, str], str]) -> dict[str, float]:
    """Percentages over labelled queries: right page first and among three; of those without answer, how many got a page that pretends to be one; answers lost."""
    right = [(row, found) for row, found in zip(rows, results) if row["ids"] and row["ids"] != [OUTSIDE]]
    without = [(row, found) for row, found in zip(rows, results) if not row["ids"] or row["ids"] == [OUTSIDE]]

    def wanted(row: dict[str, Any]) -> set[str]:
        return {where[name, row["lang"]] for name in row["ids"]}

    pretends = [found for _, found in without if found and OUTSIDE not in found[0]]
    return {
        "first": 100 * sum(bool(found) and found[0] in wanted(row) for row, found in right) / len(right),
        "among three": 100 * sum(bool(wanted(row) & set(found[:3])) for row, found in right) / len(right),
        "wrong answers": 100 * len(pretends) / len(without),
        "lost": 100 * sum(not found for _, found in right) / len(right),
    }


def through_dialog(chromium: Browser, served: str, rows: list[dict[str, Any]]) -> list[list[str]]:
    """Paste each query into the dialog of its language and read the addresses of the rows."""
    context = chromium.new_context(viewport=PHONE)
    pages = {}
    for lang, home in (("es", ""), ("en", "en/")):
        pages[lang] = context.new_page()
        chrome.visit(pages[lang], urljoin(served, home))
        pages[lang].locator("[data-search]").click()
        pages[lang].evaluate(WATCH)
    results = [[url.removeprefix(served) for url in pages[row["lang"]].evaluate("query => window.ask(query)", row["q"])] for row in rows]
    context.close()
    return results
