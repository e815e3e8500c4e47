"""Compares our search with the theme's own, Pagefind and MiniSearch: same pages, same queries. `make bench-search`; with --failures, our misses."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.bench.compared import HOMES, Engine, build_both, engines
from tools.docs import ROOT
from tools.site import browser as chrome
from tools.site.browser import PHONE
from tools.site.search import addresses, read_queries, score, through_dialog

HERE = Path(__file__).parent
START, END = "<!-- bench-search -->", "<!-- /bench-search -->"
TYPED, VISITS, SLOWER = 12, 4, 6  # queries typed letter by letter (40 would take a quarter of an hour), fresh pages they are shared among, slow-down
# The theme's own script names its worker and sends it its index; noted, to run the same code elsewhere.
SPY = """window.Worker = class extends Worker {
  constructor(url, ...rest) { super(url, ...rest); window.script = new URL(url, document.baseURI).href }
  postMessage(message, ...rest) { if (message.type === 0) window.setup = JSON.stringify(message.data); super.postMessage(message, ...rest) }
}"""
# A page at the worker's own address stands in for the worker: same code, same messages, but on a thread that can be slowed down.
WORKER = """({ script, setup }) => {
  let done
  const load = url => new Promise((good, bad) => document.head.append(Object.assign(document.createElement('script'), { src: url, charset: 'utf-8', onload: good, onerror: bad })))
  const send = (type, data) => new Promise((good, bad) => { done = good; onerror = onunhandledrejection = bad; dispatchEvent(new MessageEvent('message', { data: { type, data } })) })
  window.importScripts = async (...urls) => { for (const url of urls) await load(url) }
  window.postMessage = ({ data }) => done(data)
  window.start = async () => { await load(script); await send(0, JSON.parse(setup)) }
  window.ask = async query => (await send(2, query)).items.map(([{ location }]) => location)
}"""
ANSWER = "async queries => { const all = []; for (const query of queries) all.push(await window.ask(query)); return all }"
TIME = """async queries => {
  const from = performance.now(), keys = []
  await window.start()
  await window.ask('c')
  const ready = performance.now() - from
  for (const query of queries)
    for (let end = 1; end <= query.length; end++) {
      await new Promise(done => setTimeout(done))
      const key = performance.now()
      await window.ask(query.slice(0, end))
      keys.push(performance.now() - key)
    }
  return { ready, keys }
}"""
BROTLI = "const fs = require('fs'), zlib = require('zlib'); console.log(process.argv.slice(1).reduce((sum, name) => sum + zlib.brotliCompressSync(fs.readFileSync(name)).length, 0))"


def fresh(chromium: Browser, engine: Engine) -> BrowserContext:
    """A phone without anything kept. Engines with a script of their own are not bound by our pages' policy, which forbids Pagefind's wasm."""
    return chromium.new_context(viewport=PHONE, bypass_csp=bool(engine.script))


def answers(chromium: Browser, engine: Engine, rows: list[dict[str, Any]]) -> list[list[str]]:
    """Addresses found for each query, best first: through the dialog, or by the engine's own script."""
    if not engine.script:
        return through_dialog(chromium, engine.address, rows)
    context = fresh(chromium, engine)
    found: dict[str, list[str]] = {}
    for lang, home in HOMES.items():
        page = context.new_page()
        page.goto(urljoin(engine.address, home))
        page.evaluate(engine.script, {"base": engine.address, "lang": lang, "options": {}})
        page.evaluate("window.start()")
        queries = [row["q"] for row in rows if row["lang"] == lang]
        found |= dict(zip(queries, page.evaluate(ANSWER, queries)))
    context.close()
    return [[url.removeprefix(engine.address) for url in found[row["q"]]] for row in rows]


def quality(rows: list[dict[str, Any]], results: list[list[str]], where: dict[tuple[str, str], str]) -> dict[str, float]:
    """The shares of tests/test_search.py, and that of the queries whose first row is in the other language."""
    other = [row for row, found in zip(rows, results) if found and found[0].startswith("en/") != (row["lang"] == "en")]
    return {**score(rows, results, where), "wrong language": 100 * len(other) / len(rows)}


def loaded(chromium: Browser, engine: Engine) -> tuple[int, int, int]:
    """Brotli bytes that the engine loads with the page, in addition when the search is opened, and in addition at the first key."""
    context, asked = fresh(chromium, engine), []
    context.on("request", lambda request: asked.append(urlsplit(request.url.removeprefix(engine.address)).path))
    page = context.new_page()
    chrome.visit(page, engine.address)
    before = set() if engine.script else own_files(engine, asked)
    if engine.script:
        page.evaluate(engine.script, {"base": engine.address, "lang": "es", "options": {}})
    else:
        page.locator("[data-search]").click()
        page.wait_for_timeout(2000)
    opened = before if engine.script else own_files(engine, asked)
    page.evaluate("window.start().then(() => window.ask('c'))") if engine.script else page.keyboard.type("c")
    page.wait_for_timeout(2000)
    context.close()
    return brotli(engine, before), brotli(engine, opened - before), brotli(engine, own_files(engine, asked) - opened)


def own_files(engine: Engine, asked: list[str]) -> set[str]:
    """Those of the requested files that belong to the engine."""
    return {unquote(name) for name in asked if re.search(engine.own, name)}


def brotli(engine: Engine, names: set[str]) -> int:
    """Sum of the files' sizes, each compressed as hosts do."""
    command = ["node", "-e", BROTLI, *(str(engine.site.root / name) for name in sorted(names))]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def typed_queries() -> list[str]:
    """Spanish held queries that people type, evenly spread over the list."""
    rows = [row["q"] for row in read_queries() if row["set"] == "held" and row["lang"] == "es" and row["ids"] and "paste" not in row["tags"]]
    return [rows[at * len(rows) // TYPED] for at in range(TYPED)]


def worker_of(chromium: Browser, engine: Engine) -> dict[str, str]:
    """Address of the worker that the site's own script starts, and what it is told first."""
    page = chromium.new_page()
    page.add_init_script(SPY)
    chrome.visit(page, engine.address)
    # Ours waits for the first use of the search.
    page.keyboard.press("/")
    page.wait_for_function("() => window.setup")
    found: dict[str, str] = page.evaluate("({ script: window.script, setup: window.setup })")
    page.close()
    return found


def visit(chromium: Browser, engine: Engine, worker: dict[str, str], queries: list[str]) -> dict[str, Any]:
    """Milliseconds to the first answer and of each key, in a fresh page on a slow processor: {ready, keys}."""
    context = fresh(chromium, engine)
    page = context.new_page()
    page.goto(worker.get("script", urljoin(engine.address, "404.html")), wait_until="networkidle")
    page.evaluate(engine.script or WORKER, worker or {"base": engine.address, "lang": "es", "options": {"noWorker": True}})
    slow_down(page)
    times: dict[str, Any] = page.evaluate(TIME, queries)
    context.close()
    return times


def slow_down(page: Page) -> None:
    """Slow the page's thread down; workers are not slowed by this."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def times(chromium: Browser, compared: list[Engine]) -> list[tuple[float, float]]:
    """Of each engine the median time to the first answer and the 95th percentile per key; engines take turns, so that a busy machine is one for all."""
    workers = [{} if engine.script else worker_of(chromium, engine) for engine in compared]
    queries = typed_queries()
    visits: list[list[dict[str, Any]]] = [[] for _ in compared]
    for turn in range(VISITS):
        for engine, worker, mine in zip(compared, workers, visits):
            mine.append(visit(chromium, engine, worker, queries[turn::VISITS]))
    return [(median(one["ready"] for one in mine), quantiles([key for one in mine for key in one["keys"]], n=20)[18]) for mine in visits]


def table(compared: list[Engine], shares: list[dict[str, float]], sizes: list[tuple[int, int, int]], spent: list[tuple[float, float]], asked: str) -> Iterator[str]:
    """The comparison in Markdown."""
    yield "| search | right page first | among the first three | no result | wrong language first | false answer | kB with every page | kB when opened | kB at the first key | time to the first answer | time per key |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for engine, share, size, spend in zip(compared, shares, sizes, spent):
        percents = [f"{share[name]:.1f} %" for name in ("first", "among three", "lost", "wrong language", "wrong answers")]
        yield f"| {' | '.join([engine.name, *percents, *(f'{part / 1000:.1f}' for part in size), *(f'{mine / stock:.2f}' for mine, stock in zip(spend, spent[1]))])} |"
    yield ""
    yield f"{asked} No result: of the queries that a page answers. False answer: of those that none answers, first row another page than `otros-servicios`."
    yield f"kB: brotli, Spanish. Times: stock = 1, on a processor {SLOWER} times slower; first answer is the median of {VISITS} fresh pages, per key the 95th percentile"
    yield f"over every prefix of {TYPED} Spanish queries. All engines run on the page's thread, the only one that can be slowed down; Pagefind without its worker, its WebAssembly"
    yield "compiled wherever the browser does, its files fetched from this machine. Pagefind indexes what is inside `.md-content`; MiniSearch (prefix, fuzzy 0.2, boost 3 for title,"
    yield "messages and phrases) has the rows of our index, its comments not counted; ours and MiniSearch are not minified."


def publish(text: str) -> None:
    """Put the table between the markers of the README, or print it when there are none."""
    readme = ROOT / "tools/bench/README.md"
    page = readme.read_text(encoding="utf-8")
    if START in page and END in page:
        before, rest = page.split(START, 1)
        readme.write_text(f"{before}{START}\n\n{text}\n\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")
    print(text)


def compare(chromium: Browser, compared: list[Engine]) -> None:
    """Ask every engine the held queries, weigh it, time it."""
    rows = [row for row in read_queries() if row["set"] == "held"]
    without = sum(not row["ids"] or row["ids"] == ["otros-servicios"] for row in rows)
    where = addresses(compared[0].site)
    shares = [quality(rows, answers(chromium, engine, rows), where) for engine in compared]
    sizes = [loaded(chromium, engine) for engine in compared]
    asked = f"{len(rows)} held-out queries, {without} of them without an answer on the site."
    publish("\n".join(table(compared, shares, sizes, times(chromium, compared), asked)))


def list_failures(chromium: Browser, ours: Engine) -> None:
    """Print our misses: set, query, wanted, got."""
    rows, where = read_queries(), addresses(ours.site)
    for row, found in zip(rows, answers(chromium, ours, rows)):
        wanted = [where[name, row["lang"]] for name in row["ids"]]
        none = not row["ids"] or row["ids"] == ["otros-servicios"]
        got = found[0] if found else "nothing"
        if got not in wanted and not (none and (not found or "otros-servicios" in got)):
            print(row["set"], repr(row["q"]), f"wanted {' or '.join(wanted) or 'nothing'}", f"got {got}", sep=" | ")


def main() -> None:
    """Build both sites in a temporary folder, serve them, compare."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        sites = build_both(Path(folder))
        served = [stack.enter_context(chrome.serve(site.root, site.url)) for site in sites]
        path = chrome.find() or sys.exit(chrome.ADVICE)
        chromium = stack.enter_context(sync_playwright()).chromium.launch(executable_path=path, args=chrome.FLAGS)
        compared = engines(sites, *served)
        list_failures(chromium, compared[0]) if "--failures" in sys.argv else compare(chromium, compared)
        chromium.close()


if __name__ == "__main__":
    main()
