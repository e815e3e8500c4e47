"""Promise: whoever types, pastes or mumbles a message lands on the right page, in their language."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
import yaml
from playwright.sync_api import Browser

from tests.kit.chosen import everything
from tools.docs import ROOT, Docs, WriteDocs
from tools.finding import Expect, Problem
from tools.site.built import Site
from tools.site.search import OUTSIDE, QUERIES, addresses, engine_file, index_file, phrases_of, read_queries, score, through_dialog

# Of the held queries, which nobody tuned on.
FLOORS = {"first": 92.0, "among three": 97.0, "wrong answers": 25.0, "lost": 2.0}
# Brotli bytes of one language's index, and of the worker with the engine.
INDEX_LIMIT, ENGINE_LIMIT = 20_000, 6_000
# Phrases of {address: phrases} whose terms the index does not hold beside that address.
MISSING = """async ([engine, text, index, phrases]) => {
  const { sign } = await import(engine), { lexicon, terms } = await import(text), { url, phrases: coded, terms: all, ...rest } = await (await fetch(index)).json()
  const lex = lexicon(rest)
  const signs = new Map(all.split(' ').map((term, at) => [term, sign(at)]))
  return Object.entries(phrases).flatMap(([address, texts]) => {
    const here = new Set(coded[url.indexOf(address)].split(' '))
    return texts.filter(phrase => !here.has([...new Set(terms(phrase, lex))].map(term => signs.get(term)).join('')))
  })
}"""


@pytest.fixture(scope="module")
def engine(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, list[list[str]]]]:
    """search({lang: queries}, typing=True): the addresses found for each query, best first, by the published engine in Node."""
    folder = tmp_path_factory.mktemp("engine")
    shutil.copytree((site.root / engine_file(site)).parent, folder / "search")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    files = {lang: str(site.root / index_file(site, lang)) for lang in ("es", "en")}

    def search(queries: dict[str, list[str]], typing: bool = True) -> dict[str, list[list[str]]]:
        asked = {"engine": str(folder / "search/engine.js"), "typing": typing, "queries": {files[lang]: texts for lang, texts in queries.items()}}
        done = subprocess.run(["node", str(ROOT / "tests/search/ask.mjs")], input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, f"docs/assets/javascripts/search/engine.js: it fails in Node: {done.stderr.strip()[-300:]}. Fix: let it need neither network nor document."
        found = json.loads(done.stdout)
        return {lang: found[files[lang]] for lang in queries}

    return search


def check_floors(scores: dict[str, float]) -> Iterator[Problem]:
    """The measured shares against their limits."""
    for name, floor in FLOORS.items():
        too_low = name in ("first", "among three") and scores[name] < floor
        too_high = name in ("wrong answers", "lost") and scores[name] > floor
        if too_low or too_high:
            yield Problem(QUERIES, 0, f"'{name}' is {scores[name]:.1f} %, the limit is {floor:.0f} %", "see the queries with tests/test_search.py, then mend synonyms, phrases or weights on the tune set only", "search-floor")


def check_queries(docs: Docs, rows: list[dict[str, Any]]) -> Iterator[Problem]:
    """Each problem has at least 3 queries, in both sets; no query stands twice or wants a problem that does not exist."""
    ids = {page.meta["problem"] for page in docs.pages if page.meta.get("problem")}
    for name in sorted(ids):
        mine = [row for row in rows if name in row["ids"]]
        if len(mine) < 3 or {row["set"] for row in mine} != {"tune", "held"}:
            yield Problem(QUERIES, 0, f"'{name}' has {len(mine)} queries in {len({row['set'] for row in mine})} of the two sets", "add some as people type them, in both sets and without looking at its phrases", "queries-few")
    for name in sorted({name for row in rows for name in row["ids"]} - ids - {page.path for page in docs.pages}):
        yield Problem(QUERIES, 0, f"a query wants '{name}', which is no problem or page", "correct its id", "query-id-unknown")
    for text in sorted(text for text, count in Counter(row["q"].casefold() for row in rows).items() if count > 1):
        yield Problem(QUERIES, 0, f"the query '{text}' stands twice", "remove one", "query-twice")


def test_queries(docs: Docs, expect_none: Expect) -> None:
    rows = read_queries()
    assert len(rows) >= 300 and sum(not row["ids"] or row["ids"] == [OUTSIDE] for row in rows) >= 30 and {row["lang"] for row in rows} == {"es", "en"}
    expect_none(check_queries(docs, rows))


def test_bad_queries_is_named(write_docs: WriteDocs) -> None:
    docs = write_docs({"es/problemas/a.md": "---\nproblem: a\n---\n"})
    rows = [{"q": "x", "ids": ["b"], "set": "tune"}, {"q": "X", "ids": ["a"], "set": "held"}]
    assert [found.at for found in check_queries(docs, rows)] == [
        ("queries-few", "tests/search/queries.yml", 0),
        ("query-id-unknown", "tests/search/queries.yml", 0),
        ("query-twice", "tests/search/queries.yml", 0)]


Engine = Callable[..., dict[str, list[list[str]]]]


def asked(engine: Engine, rows: list[dict[str, Any]]) -> list[list[str]]:
    """The addresses found for each labelled query."""
    found = {lang: iter(results) for lang, results in engine({lang: [row["q"] for row in rows if row["lang"] == lang] for lang in ("es", "en")}).items()}
    return [next(found[row["lang"]]) for row in rows]


@pytest.mark.browser
def test_the_dialog(chromium: Browser, site: Site, served: str, engine: Engine) -> None:
    """The dialog shows what the engine finds, and nothing in the wrong language: a query in sixty."""
    rows = [row for row in read_queries() if row["set"] == "held"][::60]
    results = through_dialog(chromium, served, rows)
    assert not [row["q"] for row, found in zip(rows, results) for url in found if url.startswith("en/") != (row["lang"] == "en")]
    assert [found[:1] for found in results] == [found[:1] for found in asked(engine, rows)]


def test_the_floors(site: Site, engine: Engine, expect_none: Expect, record_property: Callable[[str, object], None]) -> None:
    """Every query that nobody tuned on: the floors hold."""
    rows = [row for row in read_queries() if row["set"] == "held"]
    results = asked(engine, rows)
    scores = score(rows, results, addresses(site))
    record_property("held", scores)
    expect_none(check_floors(scores))


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_index_holds_every_phrase_as_the_engine_reads_it(docs: Docs, site: Site, chromium: Browser, served: str, lang: str) -> None:
    """overrides/hooks/guia/lib/stems.py and docs/assets/javascripts/search/text.js make the same terms."""
    page = chromium.new_page()
    page.goto(urljoin(served, "404.html"))
    engine = urljoin(served, engine_file(site))
    missing = page.evaluate(MISSING, [engine, engine.replace("engine.js", "text.js"), urljoin(served, index_file(site, lang)), phrases_of(docs, lang)])
    assert missing == [], f"overrides/hooks/guia/lib/stems.py: it reads «{missing[0]}» differently from docs/assets/javascripts/search/text.js. Fix: let both make the same terms."
    page.close()


def test_the_search_is_light(site: Site) -> None:
    """What comes when the search is opened, and what comes at the first key for the whole of one language."""
    folder = (site.root / engine_file(site)).parent
    size = sum((folder / f"{name}.js.br").stat().st_size for name in ("worker", "engine", "text", "privacy"))
    assert size <= ENGINE_LIMIT, f"docs/assets/javascripts/search: it weighs {size} bytes, more than {ENGINE_LIMIT}. Fix: make the biggest script smaller."
    for lang in ("es", "en"):
        size = (site.root / f"{index_file(site, lang)}.br").stat().st_size
        assert size <= INDEX_LIMIT, f"docs/{lang}: the index weighs {size} bytes, more than {INDEX_LIMIT}. Fix: shorten titles or phrases, or drop phrases that no query needs."


def variants(text: str, chance: random.Random) -> dict[str, str]:
    """The text as it is, without accents, in capitals, and with one typo in a word of five letters or more."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return {"exact": text, "unaccented": plain, "capitals": text.upper(), "typo": typo(text, chance)}


def asked_as(text: str, chance: random.Random) -> dict[str, str]:
    """The text as it is, of one text in three one of its variants too, or all of them of every text."""
    found = variants(text, chance)
    other = chance.choice([kind for kind in found if kind != "exact"])
    return found if everything() else {"exact": text, **({other: found[other]} if chance.random() < 1 / 3 else {})}


def typo(text: str, chance: random.Random) -> str:
    """One letter dropped, doubled, changed or swapped inside a long word; the text itself when it has none."""
    words = [match for match in re.finditer(r"[^\W\d_]{5,}", text)]
    if not words:
        return text
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 1)
    letters = {"drop": "", "double": text[at] * 2, "change": chance.choice("aeinrst"), "swap": text[at + 1] + text[at]}
    kind = chance.choice(sorted(letters))
    return text[:at] + letters[kind] + text[at + (2 if kind == "swap" else 1):]


@pytest.mark.slow
def test_every_title_message_and_phrase_finds_its_page(docs: Docs, engine: Engine) -> None:
    """Exact, and of some unaccented, in capitals or with one typo (with EVERY=1 all of these of each); at most 1 % may fail, and of the others than typos none but those named."""
    chance = random.Random(20261121)
    exceptions = yaml.safe_load((ROOT / "tests/search/exceptions.yml").read_text(encoding="utf-8")) or {}
    asked, failed = 0, []
    for lang in ("es", "en"):
        cases = [(page, kind, text) for page in docs.pages if page.lang == lang and page.meta.get("phrases")
                 for source in _own_words(page.meta) for kind, text in asked_as(source, chance).items()]
        results = engine({lang: [text for _, _, text in cases]}, typing=False)[lang]
        asked += len(cases)
        failed += [(lang, kind, text, found[:1]) for (page, kind, text), found in zip(cases, results)
                   if (found or [""])[0].removeprefix("en/").rstrip("/") != page.path and text not in exceptions]
    stolen = [f"docs/data/synonyms.yml: «{text}» ({lang}, {kind}) finds {', '.join(found) or 'nothing'} first. Fix: take the word that does it out of the synonyms or of that page's phrases."
              for lang, kind, text, found in failed if kind != "typo"]
    assert not stolen, stolen[0]
    assert len(failed) + len(exceptions) <= asked / 100, failed


def _own_words(meta: dict[str, Any]) -> list[str]:
    return [meta["title"], *(message["text"] for message in meta.get("messages", [])), *meta["phrases"]]


def test_a_score_below_its_floor_is_named() -> None:
    bad = {"first": 85.0, "among three": 99.0, "wrong answers": 10.0, "lost": 0.0}
    assert [found.at for found in check_floors(bad)] == [
        ("search-floor", "tests/search/queries.yml", 0)]


def test_scores() -> None:
    rows = [{"ids": ["a"], "lang": "es"}, {"ids": ["a"], "lang": "es"}, {"ids": [], "lang": "es"}, {"ids": [OUTSIDE], "lang": "es"}]
    assert score(rows, [["a/"], ["b/", "a/"], ["b/"], [f"{OUTSIDE}/"]], {("a", "es"): "a/", (OUTSIDE, "es"): f"{OUTSIDE}/"}) == {
        "first": 50.0, "among three": 100.0, "wrong answers": 50.0, "lost": 0.0}
