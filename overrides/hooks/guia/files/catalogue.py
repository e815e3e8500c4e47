"""Publishes the catalogue: /data/problems.json for programs, and a short address /e/07/ for each problem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guia.lib import data, templates
from guia.lib.build import Build
from guia.lib.site import Site

OFFICE = "office"
Pair = dict[str, data.PageMeta]


def publish(site: Site, build: Build) -> None:
    """Write the JSON, its schema and the short addresses."""
    docs = build.docs
    codes, pairs = data.load_codes(docs), pages_by_id(docs)
    live = [entry(problem, code, pairs[problem]) for problem, code in codes.items() if _is_live(pairs.get(problem))]
    document = {"version": 1, "problems": live}
    site.put("data/problems.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    site.put("data/problems.schema.json", data.read_file(docs, "data/problems.schema.json"))
    template = templates.template("short.html")
    words = {lang: data.load_strings(docs, lang) for lang in data.LANGUAGES}
    for problem, code in codes.items():
        if problem in pairs:
            text = template.render(code=code, pages=pairs[problem], words=words, site_url=build.site_url, cards=build.cards)
            site.put(f"e/{code}/index.html", text)


def pages_by_id(docs: Path) -> dict[str, Pair]:
    """The pages that carry a problem's id, by id and language; only ids that have both."""
    found: dict[str, Pair] = {}
    for page in data.read_pages(docs):
        if "problem" in page.meta:
            found.setdefault(page.meta["problem"], {})[page.lang] = page
    return {problem: pair for problem, pair in found.items() if len(pair) == len(data.LANGUAGES)}


def _is_live(pair: Pair | None) -> bool:
    return pair is not None and pair[data.LANGUAGES[0]].meta["type"] != "retired"


def entry(problem: str, code: str, pair: Pair) -> dict[str, Any]:
    """One problem as problems.schema.json describes it."""
    meta = pair[data.LANGUAGES[0]].meta
    texts = {lang: _text(page, code) for lang, page in pair.items()}
    return {"id": problem, "code": code, "kind": meta["type"], "who": meta["who"], "group": meta["group"], **texts}


def _text(page: data.PageMeta, code: str) -> dict[str, Any]:
    meta = page.meta
    return {
        "title": meta["title"], "description": meta["description"], "url": f"/{page.url}", "short_url": f"/e/{code}/",
        "messages": [message["text"] for message in meta["messages"]], "phrases": meta["phrases"], "reply": meta["reply"],
        "procedure": _procedure(page), "related": [_address(page.lang, path) for path in meta["related"]], "checked": str(meta["checked"]),
    }


def _procedure(page: data.PageMeta) -> str:
    """Address of the procedure that solves the problem, `office`, or the page itself when it is a procedure."""
    path = page.meta.get("procedure", page.path)
    return path if path == OFFICE else _address(page.lang, path)


def _address(lang: str, path: str) -> str:
    return f"/{data.page_url(lang, path)}"
