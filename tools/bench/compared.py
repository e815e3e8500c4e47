"""The searches that bench.py compares: our site, the same pages with the theme's own search, Pagefind and MiniSearch."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import material

from tools.docs import ROOT, copy_sources, read_docs
from tools.site.built import Site, site_url
from tools.site.search import index_file, phrases_of

MODULES = ROOT / "tools/bench/node_modules"
HOMES = {"es": "", "en": "en/"}
HOOK = "  - overrides/hooks/guia/files/search.py\n"
COMMENT = re.compile(r"/\*\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
# Five rows are what Pagefind's own dialog shows first.
PAGEFIND = """({ base, options }) => {
  let found
  window.start = async () => { found = await import(base + 'pagefind/pagefind.js'); await found.options(options); await found.init() }
  window.ask = async query => {
    const rows = await Promise.all((await found.search(query)).results.slice(0, 5).map(row => row.data()))
    return rows.map(row => new URL(row.url, location).href)
  }
}"""
MINISEARCH = """({ base, lang }) => {
  const options = { prefix: true, fuzzy: 0.2, boost: { title: 3, messages: 3, phrases: 3 } }
  let found
  window.start = async () => {
    const [{ default: MiniSearch }, rows] = await Promise.all([import(base + 'minisearch/index.js'), fetch(`${base}minisearch/${lang}.json`).then(rows => rows.json())])
    found = new MiniSearch({ fields: ['title', 'messages', 'phrases', 'step'], storeFields: ['url'] })
    found.addAll(rows.url.map((url, id) => ({ id, url, title: rows.title[id], messages: rows.messages[id].join('\\n'), phrases: rows.phrases[id].join('\\n'), step: rows.step[id] })))
  }
  window.ask = async query => found.search(query, options).slice(0, 8).map(row => base + row.url)
}"""


@dataclass(frozen=True)
class Engine:
    """One search: the site it is asked on, which of the site's files are its own, and the script that asks it without a dialog."""

    name: str
    site: Site
    address: str
    own: str
    script: str = ""


def build(folder: Path, stock: bool) -> Site:
    """Build a copy of the sources in `folder`; `stock` with the theme's own search."""
    copy_sources(folder)
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    if stock:
        assert HOOK in config, "compared.py: mkdocs.yml no longer names the search hook as HOOK does"
        config = config.replace(HOOK, "")
        theirs = (Path(material.__file__).parent / "templates/partials/search.html").read_text(encoding="utf-8")
        # site.js, which passes on what is pasted, expects this element.
        (folder / "overrides/partials/search.html").write_text(theirs + "<i data-scrubbed hidden></i>", encoding="utf-8")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    # The theme's own search does not meet what ours takes for granted when it makes the site small.
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **({"DRAFT": "1"} if stock else {})}
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", "out"], cwd=folder, check=True, env=env)
    return Site(folder / "out", site_url())


def build_both(folder: Path) -> list[Site]:
    """Ours with the files of Pagefind and MiniSearch beside it, and the stock one."""
    with ThreadPoolExecutor() as pool:
        ours, stock = pool.map(lambda name: build(folder / name, name == "stock"), ("ours", "stock"))
    run: list[str | Path] = [MODULES / ".bin/pagefind", "--silent", "--site", ours.root, "--glob", "**/index.html", "--root-selector", ".md-content"]
    subprocess.run(run, check=True)
    mini = ours.root / "minisearch"
    mini.mkdir()
    code = (MODULES / "minisearch/dist/es/index.js").read_text(encoding="utf-8")
    (mini / "index.js").write_text(COMMENT.sub("", code), encoding="utf-8")
    for lang in HOMES:
        rows = json.loads((ours.root / index_file(ours, lang)).read_text(encoding="utf-8"))
        phrases = phrases_of(read_docs(), lang)
        rows["phrases"] = [phrases.get(url, []) for url in rows["url"]]
        (mini / f"{lang}.json").write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return [ours, stock]


def engines(sites: list[Site], ours: str, stock: str) -> list[Engine]:
    """What is compared; the stock search comes second and is the measure of times."""
    return [
        Engine("ours", sites[0], ours, r"^(assets/[0-9a-f]+/)?search/"),
        Engine("Material, stock", sites[1], stock, r"^assets/javascripts/(workers|lunr)/|^search/"),
        Engine(f"Pagefind {version('pagefind')}", sites[0], ours, r"^pagefind/", PAGEFIND),
        Engine(f"MiniSearch {version('minisearch')}", sites[0], ours, r"^minisearch/", MINISEARCH),
    ]


def version(package: str) -> str:
    """Version of an installed npm package."""
    return str(json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))["version"])
