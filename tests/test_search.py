"""Promise: whoever types, pastes or mumbles a message lands on the right page, in their language, and nothing personal leaves the box."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from pathlib import Path
from typing import Any, Callable, Iterator
from urllib.parse import quote, urljoin

import pytest
import yaml
from playwright.sync_api import Browser, Page

from tests.kit.problem import Problem
from tests.kit.site import Site
from tests.kit.source import ROOT, Docs

QUERIES = "tests/search/queries.yml"
OUTSIDE = "otros-servicios"
# What the search reached on the held queries, so that it never gets worse; the goal for the first two is 92 and 97.
FLOORS = {"first": 88.0, "among three": 95.0, "wrong answers": 25.0, "lost": 2.0}
PHONE = {"width": 360, "height": 640}
# One engine for all generated queries; the dialog itself is measured by test_the_dialog.
LOAD = """async ([engine, index]) => {
  const module = await import(engine)
  window.found = module.prepare(await (await fetch(index)).json())
  window.first = queries => queries.map(query => module.search(query, window.found).map(row => row.page.url))
}"""


def read_queries() -> list[dict[str, Any]]:
    """The labelled queries: {q, lang, ids, set: tune | held, tags}."""
    return yaml.safe_load((ROOT / QUERIES).read_text(encoding="utf-8"))


def index_file(site: Site, lang: str) -> str:
    return next(name for name in site.files if re.fullmatch(rf"search/{lang}\.[0-9a-f]{{8}}\.json", name))


def engine_file(site: Site) -> str:
    return next(name for name in site.files if name.endswith("/search/engine.js"))


def addresses(site: Site) -> dict[tuple[str, str], str]:
    """Address of each problem id in each language, from the published catalogue, and of each page by its path."""
    problems = json.loads((site.root / "data/problems.json").read_text(encoding="utf-8"))["problems"]
    paths = {(page.url.removeprefix("en/").rstrip("/"), page.lang): page.url for page in site.pages}
    return {**paths, **{(entry["id"], lang): entry[lang]["url"][1:] for entry in problems for lang in ("es", "en")}}


@pytest.fixture(scope="module")
def engine(chromium: Browser, site: Site, served: str) -> Iterator[Callable[[str, list[str]], list[list[str]]]]:
    """search(lang, queries): the addresses found for each query, best first."""
    context = chromium.new_context(viewport=PHONE)
    pages: dict[str, Page] = {}
    for lang in ("es", "en"):
        pages[lang] = context.new_page()
        pages[lang].goto(urljoin(served, "404.html"))
        pages[lang].evaluate(LOAD, [urljoin(served, engine_file(site)), urljoin(served, index_file(site, lang))])
    yield lambda lang, queries: pages[lang].evaluate("queries => window.first(queries)", queries)
    context.close()


def score(rows: list[dict[str, Any]], results: list[list[str]], where: dict[tuple[str, str], str]) -> dict[str, float]:
    """Percentages over labelled queries: right page first and among three; of those without answer, how many got a page that pretends to be one; answers lost."""
    right = [(row, found) for row, found in zip(rows, results) if row["ids"] and row["ids"] != [OUTSIDE]]
    without = [(row, found) for row, found in zip(rows, results) if not row["ids"] or row["ids"] == [OUTSIDE]]
    wanted = lambda row: {where[name, row["lang"]] for name in row["ids"]}
    pretends = [found for _, found in without if found and OUTSIDE not in found[0]]
    return {
        "first": 100 * sum(bool(found) and found[0] in wanted(row) for row, found in right) / len(right),
        "among three": 100 * sum(bool(wanted(row) & set(found[:3])) for row, found in right) / len(right),
        "wrong answers": 100 * len(pretends) / len(without),
        "lost": 100 * sum(not found for _, found in right) / len(right),
    }


def check_floors(scores: dict[str, float]) -> Iterator[Problem]:
    """The measured shares against their limits."""
    for name, floor in FLOORS.items():
        too_low = name in ("first", "among three") and scores[name] < floor
        too_high = name in ("wrong answers", "lost") and scores[name] > floor
        if too_low or too_high:
            yield Problem(QUERIES, 0, f"'{name}' is {scores[name]:.1f} %, the limit is {floor:.0f} %", "see the queries with tests/test_search.py, then mend synonyms, phrases or weights on the tune set only")


def check_queries(docs: Docs, rows: list[dict[str, Any]]) -> Iterator[Problem]:
    """Each problem has at least 3 queries, in both sets; no query stands twice or wants a problem that does not exist."""
    ids = {page.meta["problem"] for page in docs.pages if page.meta.get("problem")}
    for name in sorted(ids):
        mine = [row for row in rows if name in row["ids"]]
        if len(mine) < 3 or {row["set"] for row in mine} != {"tune", "held"}:
            yield Problem(QUERIES, 0, f"'{name}' has {len(mine)} queries in {len({row['set'] for row in mine})} of the two sets", "add some as people type them, in both sets and without looking at its phrases")
    for name in sorted({name for row in rows for name in row["ids"]} - ids - {page.path for page in docs.pages}):
        yield Problem(QUERIES, 0, f"a query wants '{name}', which is no problem or page", "correct its id")
    texts = [row["q"].casefold() for row in rows]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        yield Problem(QUERIES, 0, f"the query '{text}' stands twice", "remove one")


def test_queries(docs: Docs, expect_none: Callable) -> None:
    rows = read_queries()
    assert len(rows) >= 300 and sum(not row["ids"] or row["ids"] == [OUTSIDE] for row in rows) >= 30 and {row["lang"] for row in rows} == {"es", "en"}
    expect_none(check_queries(docs, rows))


def test_bad_queries_get_one_sentence_each(write_docs: Callable) -> None:
    docs = write_docs({"es/problemas/a.md": "---\nproblem: a\n---\n"})
    rows = [{"q": "x", "ids": ["b"], "set": "tune"}, {"q": "X", "ids": ["a"], "set": "held"}]
    assert [str(found) for found in check_queries(docs, rows)] == [
        f"{QUERIES}: 'a' has 1 queries in 1 of the two sets. Fix: add some as people type them, in both sets and without looking at its phrases.",
        f"{QUERIES}: a query wants 'b', which is no problem or page. Fix: correct its id.",
        f"{QUERIES}: the query 'x' stands twice. Fix: remove one."]


@pytest.mark.browser
def test_the_dialog(chromium: Browser, site: Site, served: str, expect_none: Callable, record_property: Callable) -> None:
    """Every query that nobody tuned on, through the real dialog: the floors hold, no row is in the wrong language."""
    rows = [row for row in read_queries() if row["set"] == "held"]
    results = through_dialog(chromium, served, rows)
    assert not [row["q"] for row, found in zip(rows, results) for url in found if url.startswith("en/") != (row["lang"] == "en")]
    scores = score(rows, results, addresses(site))
    record_property("held", scores)
    expect_none(check_floors(scores))


def through_dialog(chromium: Browser, served: str, rows: list[dict[str, Any]]) -> list[list[str]]:
    """Paste each query into the dialog of its language and read the addresses of the rows."""
    context = chromium.new_context(viewport=PHONE)
    pages = {}
    for lang, home in (("es", ""), ("en", "en/")):
        pages[lang] = context.new_page()
        pages[lang].goto(urljoin(served, home), wait_until="networkidle")
        pages[lang].locator("[data-search]").click()
        pages[lang].evaluate(WATCH)
    results = [[url.removeprefix(served) for url in pages[row["lang"]].evaluate("query => window.ask(query)", row["q"])] for row in rows]
    context.close()
    return results


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


def variants(text: str, chance: random.Random) -> dict[str, str]:
    """The text as it is, without accents, in capitals, and with one typo in a word of five letters or more."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return {"exact": text, "unaccented": plain, "capitals": text.upper(), "typo": typo(text, chance)}


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


@pytest.mark.browser
def test_every_title_message_and_phrase_finds_its_page(docs: Docs, site: Site, engine: Callable) -> None:
    """Exact, unaccented, in capitals and with one typo; at most 1 % may fail, and none of the exact ones but those named."""
    chance = random.Random(20261121)
    exceptions = yaml.safe_load((ROOT / "tests/search/exceptions.yml").read_text(encoding="utf-8")) or {}
    asked, failed = 0, []
    for lang in ("es", "en"):
        cases = [(page, kind, text) for page in docs.pages if page.lang == lang and page.meta.get("phrases")
                 for source in _own_words(page.meta) for kind, text in variants(source, chance).items()]
        results = engine(lang, [text for _, _, text in cases])
        asked += len(cases)
        failed += [(lang, kind, text, found[:1]) for (page, kind, text), found in zip(cases, results)
                   if (found or [""])[0].removeprefix("en/").rstrip("/") != page.path and text not in exceptions]
    stolen = [f"docs/data/synonyms.yml: «{text}» ({lang}, {kind}) finds {', '.join(found) or 'nothing'} first. Fix: take the word that does it out of the synonyms or of that page's phrases."
              for lang, kind, text, found in failed if kind != "typo"]
    assert not stolen, stolen[0]
    assert len(failed) + len(exceptions) <= asked / 100, failed


def _own_words(meta: dict[str, Any]) -> list[str]:
    return [meta["title"], *(message["text"] for message in meta.get("messages", [])), *meta["phrases"]]


SCRUB = "docs/assets/javascripts/search/privacy.js"
PERSONAL = ["1712345678", "171234567-8", "1712345678001", "0991234567", "099 123 4567", "+593 99 123 4567", "022345678", "maria.perez@correo.ec", "juan@gmail.com",
            "12/03/1958", "12-3-58", "12 de marzo de 1958", "3 marzo 1960", "clave: Juanito1958", "mi clave es perro2024x", "Quito$2019", "abc123XYZ", "password: S3creto!",
            "https://app.iess.gob.ec/x?cedula=1712345678", "P@lomita77"]
AROUND = ["se me bloqueó la clave {}", "{} no llega el correo", "ayuda {} clave incorrecta", "mi cédula {} no consta", "Error {} en la página", "{}",
          "my password is locked {}", "{} the e-mail does not arrive", "hola soy {} y no puedo entrar", "captcha {} no aparece"]


@pytest.mark.browser
def test_nothing_personal_leaves_the_box(chromium: Browser, served: str) -> None:
    """200 queries with personal data, typed, submitted and left: none of it in a request, an address, the history, a cookie or a storage."""
    context = chromium.new_context(viewport=PHONE)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''} {request.headers.get('referer', '')}"))
    page.goto(served, wait_until="networkidle")
    page.locator("[data-search]").click()
    page.evaluate(WATCH)
    for around in AROUND:
        for personal in PERSONAL:
            page.evaluate("query => window.ask(query)", around.format(personal))
            assert page.locator("[data-scrubbed]").is_visible(), f"{SCRUB}: '{around.format(personal)}' is searched as it is. Fix: add a pattern for it."
            page.evaluate("document.forms.search.requestSubmit()")
            seen = page.evaluate("[location.href, JSON.stringify(history.state), document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage), "
                                 "document.querySelector('.md-search-result__list').innerHTML].join(' ')")
            assert personal not in seen and quote(personal) not in seen, f"{SCRUB}: '{personal}' leaves the box. Fix: add a pattern for it."
    assert page.url == served and not [url for url in asked for personal in PERSONAL if personal in url or quote(personal) in url]
    context.close()


@pytest.mark.browser
def test_a_link_with_a_query_searches_and_is_scrubbed(chromium: Browser, served: str) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{served}?q=clave+bloqueada", wait_until="networkidle")
    page.wait_for_selector(".md-search-result__item")
    page.goto(f"{served}?q={quote('clave bloqueada 1712345678 maria@correo.ec')}", wait_until="networkidle")
    page.wait_for_selector(".md-search-result__item")
    assert "1712345678" not in page.url and "maria" not in page.url, f"docs/assets/javascripts/site.js: '{page.url}' keeps what is personal. Fix: replace the address with the scrubbed words."
    assert page.locator("[data-scrubbed]").is_visible()
    assert page.locator("[data-md-component=search-query]").input_value() == "clave bloqueada"
    context.close()


@pytest.mark.browser
def test_nothing_is_loaded_before_the_first_key(chromium: Browser, site: Site, served: str) -> None:
    """Engine and index come with the first key; when the index fails the dialog says so and works at the next key."""
    context = chromium.new_context(viewport=PHONE)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url.removeprefix(served)))
    page.goto(served, wait_until="networkidle")
    assert not {engine_file(site), index_file(site, "es")} & set(asked)
    broken = [True]
    context.route("**/search/es.*.json", lambda route: route.abort() if broken[0] else route.continue_())
    page.locator("[data-search]").click()
    page.keyboard.type("clave")
    page.wait_for_selector(".md-search-result__item >> text=no se pudo cargar")
    assert page.locator(".md-search-result__item a").first.get_attribute("href").endswith("problemas/")
    broken[0] = False
    page.keyboard.type(" bloqueada")
    page.wait_for_selector(".md-search-result__item a[href*='clave-bloqueada']")
    context.close()


@pytest.mark.browser
def test_the_keyboard_and_the_code(chromium: Browser, served: str) -> None:
    """The code of a problem opens its page with Enter; the count is announced; Escape closes; nonsense is answered honestly."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(served, wait_until="networkidle")
    page.keyboard.press("/")
    page.keyboard.type("wxqj kzpt")
    page.wait_for_function("() => document.querySelector('.md-search-result__meta').textContent.includes('Ninguna página')")
    assert page.locator(".search-help a").count() == 3 and page.locator(".md-search-result__meta[role=status]").count() == 1
    page.keyboard.press("Escape")
    assert not page.locator("#__search").is_checked()
    # The theme takes a focus that follows a blur at once for the same one.
    page.wait_for_timeout(300)
    page.keyboard.press("/")
    page.locator("[data-md-component=search-query]").fill("")
    page.keyboard.type("código 07")
    page.wait_for_selector(".md-search-result__item a[href*='enlace-caducado']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/problemas/enlace-caducado/**")
    context.close()


FOCUSED = """() => Object.entries({ row: '.md-search-result__link', help: '.search-help a', box: '.md-search__input' })
  .find(([, selector]) => document.activeElement.matches(selector))?.[0]"""


@pytest.mark.browser
def test_the_keyboard_stays_in_the_dialog(chromium: Browser, served: str) -> None:
    """The arrow keys walk the rows, Tab the box and the links below, round and round; nothing overflows at 200 % zoom on a phone."""
    context = chromium.new_context(viewport={"width": 180, "height": 320}, device_scale_factor=2)
    page = context.new_page()
    page.goto(served, wait_until="networkidle")
    page.locator("[data-search]").click()
    page.evaluate(WATCH)
    page.evaluate("window.ask('clave bloqueada')")
    pressed: dict[str, list[str]] = {}
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "Tab", "Tab", "Tab", "Tab", "Shift+Tab"):
        page.keyboard.press(key)
        pressed.setdefault(key, []).append(page.evaluate(FOCUSED))
    assert pressed == {"ArrowDown": ["row", "row"], "ArrowUp": ["row", "box"], "Tab": ["help", "help", "help", "box"], "Shift+Tab": ["help"]}
    assert page.locator("#__search").is_checked()
    assert page.evaluate("document.querySelector('.md-search__scrollwrap').scrollWidth <= innerWidth")
    context.close()


def test_a_score_below_its_floor_gets_one_sentence() -> None:
    bad = {"first": 85.0, "among three": 99.0, "wrong answers": 10.0, "lost": 0.0}
    assert [str(found) for found in check_floors(bad)] == [
        f"{QUERIES}: 'first' is 85.0 %, the limit is 88 %. Fix: see the queries with tests/test_search.py, then mend synonyms, phrases or weights on the tune set only."]


def test_scores() -> None:
    rows = [{"ids": ["a"], "lang": "es"}, {"ids": ["a"], "lang": "es"}, {"ids": [], "lang": "es"}, {"ids": [OUTSIDE], "lang": "es"}]
    assert score(rows, [["a/"], ["b/", "a/"], ["b/"], [f"{OUTSIDE}/"]], {("a", "es"): "a/", (OUTSIDE, "es"): f"{OUTSIDE}/"}) == {
        "first": 50.0, "among three": 100.0, "wrong answers": 50.0, "lost": 0.0}
