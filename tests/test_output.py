"""Promise: the published folder holds what readers need and nothing else, and asks nothing of anybody else's server."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from tools.docs import Docs
from tools.finding import At, Expect, Problem
from tools.site.built import Document, Site

TYPES = {".html", ".css", ".js", ".json", ".xml", ".svg", ".csv", ".txt", ".md", ".webmanifest", ".png"}
SUBRESOURCES = "//script/@src | //script/@data-site | //img/@src | //iframe/@src | //link[not(contains(@rel, 'alternate')) and @rel!='canonical']/@href | //source/@src | //form/@action"
OFF_SITE_CSS = re.compile(r"""(?:url\(\s*['"]?|@import\s+['"])(?:https?:)?//[^'")]+""")
XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def check_files(site: Site) -> Iterator[Problem]:
    """Known file types only, no source maps, no sources of the build."""
    for name in sorted(site.files):
        if name.endswith(".map"):
            yield Problem(f"site/{name}", 0, "a source map is published", "remove it in overrides/hooks/guia/files/ledger_json.py", "source-map-published")
        elif Path(name).suffix not in TYPES and name != "_headers":
            yield Problem(f"site/{name}", 0, f"a file of type '{Path(name).suffix}' is published", "exclude it, or add its type to tests/test_output.py", "file-type-published")


def check_no_third_party(site: Site) -> Iterator[Problem]:
    """No page and no stylesheet loads anything from another host."""
    for document in site.documents:
        for link in document.tree.xpath(SUBRESOURCES):
            if site.path(document, str(link)) is None and not str(link).startswith("data:"):
                yield Problem(document.shown, 0, f"it loads '{link}' from another host", "serve the file from docs/assets, or remove it", "third-party-link")
    for name in sorted(site.files):
        if name.endswith(".css"):
            for match in OFF_SITE_CSS.findall((site.root / name).read_text(encoding="utf-8")):
                yield Problem(f"site/{name}", 0, f"it loads '{match}' from another host", "serve the file from docs/assets, or remove it", "third-party-style")


def check_sitemap(site: Site) -> Iterator[Problem]:
    """The sitemap lists every page once, with its real date and its pair."""
    tree = etree.parse(site.root / "sitemap.xml")
    listed = [element.text or "" for element in tree.iterfind(".//s:loc", XML)]
    wanted = {urljoin(site.url, page.url) for page in site.pages}
    for address in sorted(wanted.symmetric_difference(listed)):
        yield Problem("site/sitemap.xml", 0, f"'{address}' is in the sitemap or on the site, but not in both", "correct overrides/sitemap.xml", "sitemap-address")
    days = {urljoin(site.url, page.url): page.one("//footer//time/@datetime") for page in site.pages}
    for entry in tree.iterfind(".//s:url", XML):
        address, day = entry.findtext("s:loc", "", XML), entry.findtext("s:lastmod", "", XML)
        codes = [link.get("hreflang") for link in entry.iterfind("x:link", XML)]
        if day != days.get(address) or codes != ["en", "es", "x-default"]:
            yield Problem("site/sitemap.xml", 0, f"the entry of '{address}' has the date '{day}' and the languages {codes}", "correct overrides/sitemap.xml", "sitemap-entry")


def check_error_page(site: Site) -> Iterator[Problem]:
    """404.html speaks both languages, offers search and lists every problem; it is not for search engines."""
    page = next((document for document in site.documents if document.file == "404.html"), None)
    if page is None:
        yield Problem("site/404.html", 0, "there is no error page", "restore overrides/404.html", "error-page-missing")
        return
    problems = {f"{prefix}{page.url}" for page in site.pages if page.url.startswith("problemas/") for prefix in ("", "en/")} - {"problemas/", "en/problemas/"}
    linked = {(site.path(page, str(link)) or "").removesuffix("index.html") for link in page.tree.xpath("//a/@href")}
    needs = {
        "a part in each language": {"es", "en"} <= set(page.tree.xpath("//section/@lang")),
        "a link to search": bool(page.tree.xpath("//a[@data-search]")),
        "a link to each problem in both languages": problems <= linked,
        "the request not to be indexed": page.one("//meta[@name='robots']/@content") == "noindex",
        "absolute paths": not [link for link in page.tree.xpath("//link/@href | //script/@src") if not str(link).startswith(("/", "data:"))],
    }
    for name, there in needs.items():
        if not there:
            yield Problem("site/404.html", 0, f"it lacks {name}", "correct overrides/404.html", "error-page-lacks")


def check_navigation(site: Site) -> Iterator[Problem]:
    """Every page is reached from the home page of its language by links of that language alone."""
    for lang, home in (("es", "index.html"), ("en", "en/index.html")):
        pages = {page.file: page for page in site.pages if page.lang == lang}
        reached, ahead = {home}, [home]
        while ahead:
            page = pages[ahead.pop()]
            found = {site.path(page, str(link)) or "" for link in page.tree.xpath("//a/@href")} & set(pages)
            ahead += sorted(found - reached)
            reached |= found
        for file in sorted(set(pages) - reached):
            yield Problem(f"site/{file}", 0, "no link of its language leads there from the home page", "link to it, or add it to nav in mkdocs.yml", "page-unreachable")


def check_labels(site: Site) -> Iterator[Problem]:
    """Navigation labels are in the page's language: none is shared by both, but names."""
    labels = {lang: {text for page in site.pages if page.lang == lang for text in _labels(page)} for lang in ("es", "en")}
    for label in sorted(labels["es"] & labels["en"]):
        yield Problem("mkdocs.yml", 0, f"the navigation label '{label}' is the same in both languages", "add it to nav_translations, or translate the page's title", "nav-label-untranslated")


def _labels(page: Document) -> list[str]:
    found = page.tree.xpath("//nav[contains(@class, 'md-nav--primary')]//span[contains(@class, 'md-ellipsis')][not(ancestor::*[contains(@class, 'md-nav--secondary')])]")
    return [" ".join(element.text_content().split()) for element in found]


def check_search_index(site: Site) -> Iterator[Problem]:
    """One index per language holds its problems, procedures and questions; the theme's mixed one and its worker are not published."""
    stub = json.loads((site.root / "search/search_index.json").read_text(encoding="utf-8"))
    for name in sorted(name for name in site.files if "/lunr/" in name or "/workers/" in name):
        yield Problem(f"site/{name}", 0, "the theme's own search is published", "remove it in overrides/hooks/guia/files/search.py", "theme-search-published")
    if stub["docs"]:
        yield Problem("site/search/search_index.json", 0, "the theme's mixed index is published", "empty it in overrides/hooks/guia/files/search.py", "theme-index-published")
    for lang in ("es", "en"):
        indexes = [name for name in site.files if re.fullmatch(rf"search/{lang}\.[0-9a-f]{{8}}\.json", name)]
        found = {url.split("#")[0] for name in indexes for url in json.loads((site.root / name).read_text(encoding="utf-8"))["url"]}
        wanted = {page.url for page in site.pages if page.lang == lang and page.tree.xpath("//*[@id='que-hacer' or @id='pasos' or @id='otro-mensaje']")}
        for url in sorted(wanted - found):
            yield Problem(f"site/search/{lang}.json", 0, f"'{url}' cannot be found by search", "see rows_of() in overrides/hooks/guia/files/search.py", "page-not-searchable")
        for url in sorted(found - {page.url for page in site.pages if page.lang == lang}):
            yield Problem(f"site/search/{lang}.json", 0, f"'{url}' is no page of this language", "see rows_of() in overrides/hooks/guia/files/search.py", "search-other-language")


CHECKS = (check_files, check_no_third_party, check_sitemap, check_error_page, check_navigation, check_labels, check_search_index)


@pytest.mark.parametrize("check", CHECKS)
def test_output(check: Callable[[Site], Iterator[Problem]], site: Site, expect_none: Expect) -> None:
    expect_none(check(site))


def test_ledger_is_published(site: Site, docs: Docs) -> None:
    data = site.root / "data"
    ledger = json.loads((data / "facts.json").read_text(encoding="utf-8"))
    Draft202012Validator(json.loads((data / "facts.schema.json").read_text(encoding="utf-8"))).validate(ledger)
    rows = list(csv.DictReader((data / "figures.csv").open(encoding="utf-8")))
    assert set(ledger["facts"]) == set(docs.facts) and set(ledger["sources"]) == set(docs.sources)
    assert {"cau-desbloqueo-11425", "cifras-14-por-ciento-filtros"} <= {row["id"] for row in rows}


def test_the_chart_has_words_and_no_script(site: Site) -> None:
    for page in (page for page in site.pages if page.file.endswith("metricas/index.html")):
        assert page.one("//figure//svg[@role='img']/desc/text()") and not page.tree.xpath("//svg//script")


def write(tmp_path: Path, files: dict[str, str]) -> Site:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Site(tmp_path, "http://127.0.0.1:8000/")


EMPTY = "<html><body></body></html>"
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'
LABEL = '<html><body><nav class="md-nav--primary"><span class="md-ellipsis">Inicio</span></nav></body></html>'


@pytest.mark.parametrize(("check", "files", "at"), [
    (check_files, {"a.js.map": "{}"}, ("source-map-published", "site/a.js.map", 0)),
    (check_files, {"a.py": ""}, ("file-type-published", "site/a.py", 0)),
    (check_no_third_party, {"index.html": '<html><body><script src="https://cdn.example/x.js"></script></body></html>'},
     ("third-party-link", "site/index.html", 0)),
    (check_no_third_party, {"a.css": "@import 'https://fonts.example/x.css'"},
     ("third-party-style", "site/a.css", 0)),
    (check_sitemap, {"index.html": EMPTY, "sitemap.xml": SITEMAP},
     ("sitemap-address", "site/sitemap.xml", 0)),
    (check_error_page, {"index.html": EMPTY}, ("error-page-missing", "site/404.html", 0)),
    (check_error_page, {"404.html": EMPTY}, ("error-page-lacks", "site/404.html", 0)),
    (check_navigation, {"index.html": EMPTY, "en/index.html": EMPTY, "b/index.html": EMPTY},
     ("page-unreachable", "site/b/index.html", 0)),
    (check_labels, {"index.html": LABEL, "en/index.html": LABEL},
     ("nav-label-untranslated", "mkdocs.yml", 0)),
    (check_search_index, {"a/index.html": '<html><body><h2 id="pasos">P</h2></body></html>', "search/search_index.json": '{"docs": []}'},
     ("page-not-searchable", "site/search/es.json", 0)),
    (check_search_index, {"index.html": EMPTY, "search/search_index.json": '{"docs": [1]}'},
     ("theme-index-published", "site/search/search_index.json", 0)),
])
def test_a_bad_site_is_named(check: Callable[..., Iterator[Problem]], files: dict[str, str], at: At, tmp_path: Path) -> None:
    assert at in [problem.at for problem in check(write(tmp_path, files))]
