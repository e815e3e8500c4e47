"""Promise: each problem and procedure has one sheet of paper for the office, made of the guide's own words, and a QR code that leads back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import segno
import yaml
from lxml import html
from playwright.sync_api import Browser, FloatRect, Locator

from tests.kit.chosen import everything
from tests.kit.pdf import printed, squash
from tools.docs import ROOT, Docs, Page, WriteDocs
from tools.finding import At, Expect, Problem
from tools.site import browser as chrome
from tools.site.browser import PHONE
from tools.site.built import Document, Site

SAY = re.compile(r"(?:Diga|Say): [«“]([^»”]+)[»”](?: \(([^)]+)\))?\.")
RUN = re.compile(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?")
BORDER = 4
HOOK = "see sheet() in overrides/hooks/guia/page/paper.py"
STRINGS = {lang: yaml.safe_load((ROOT / f"docs/data/strings/{lang}.yml").read_text(encoding="utf-8"))["paper"] for lang in ("es", "en")}
# On the sheet: the code and title of the page, the address, and what to say.
WRITTEN = "//article/h1/text() | //p[@class='eyebrow']/text() | //p[@class='paper']/b/text() | //*[@id='hoja']//b/text()"
SAID_BY = "//*[@id='hoja']/p[following-sibling::*[1][self::div]]/text()"
# What a reader sees outside the sheet, its title and the line above it.
AROUND = """() => [...document.querySelectorAll("body *")].filter(element => element.checkVisibility({ opacityProperty: true }) && element.innerText?.trim()
  && !element.querySelector("#hoja") && !element.closest("#hoja, h1, .eyebrow, .md-banner")
  && !element.querySelector("h1, .md-banner")).map(element => element.className || element.localName)"""


def with_sheet(docs: Docs) -> Iterator[Page]:
    """The pages that have a sheet."""
    yield from (page for page in docs.pages if page.type in ("problem", "procedure"))


def giver(page: Page, docs: Docs) -> tuple[Page, str]:
    """The page and section that say what to do at the office: the procedure's, or the steps of a problem that only the office solves."""
    target = page.meta.get("procedure", page.path)
    return (page, "que-hacer") if target == "office" else (docs.find(page.lang, target) or page, "en-persona")


def said(page: Page, section: str = "") -> list[tuple[str, str]]:
    """The words to say and their meaning, in a section or in the whole page."""
    return [match for block in page.blocks if not section or block.section == section for match in SAY.findall(block.text)]


def check_said(docs: Docs) -> Iterator[Problem]:
    """The section that a sheet is made of says once what to say; no problem page says two things; English gives the same Spanish words."""
    for page in with_sheet(docs):
        source, section = giver(page, docs)
        if len(said(source, section)) != 1:
            yield Problem(source.shown, source.line_of(f"{{#{section}}}"), f"{{#{section}}} says {len(said(source, section))} times what to say at the office",
                          "write one sentence of its own in it, as in " + ("Diga: «…»" if page.lang == "es" else "Say: “…” (…)"), "said-count")
        if len(said(page)) > 1:
            yield Problem(page.shown, page.line_of(said(page)[1][0]), "the page gives a second thing to say at the office", "keep one, for its sheet", "said-twice")
    for spanish, english in docs.pairs():
        wanted, found = said(spanish), said(english)
        if [words for words, _ in wanted] != [words for words, _ in found]:
            yield Problem(english.shown, 0, "its words for the office are not those of the Spanish page", f"copy them: {', '.join(words for words, _ in wanted)}", "said-differs")
        for words, meaning in found:
            if not meaning:
                yield Problem(english.shown, english.line_of(words), "the words for the office have no meaning beside them", f"write Say: “{words}” (in English)", "said-without-meaning")


def address(page: Page, docs: Docs, site: Site) -> str:
    """The short address of a problem, else the page's own."""
    codes = {problem: code for code, problem in yaml.safe_load((docs.root / "docs/data/codes.yml").read_text(encoding="utf-8")).items()}
    code = codes.get(page.meta.get("problem"))
    prefix = "" if page.lang == "es" else "en/"
    return urljoin(site.url, f"e/{code}/" if code else f"{prefix}{page.path}/")


def matrix(svg: html.HtmlElement) -> list[list[int]]:
    """The dark and light squares that the path of a QR code draws, without its border."""
    size = int(svg.get("viewbox", "").split()[2])
    grid = [[0] * size for _ in range(size)]
    x = y = 0.0
    for command, first, second in RUN.findall(svg.xpath(".//path/@d")[0]):
        if command == "h":
            for column in range(int(x), int(x + float(first))):
                grid[int(y)][column] = 1
            x += float(first)
        else:
            x, y = (float(first), float(second)) if command == "M" else (x + float(first), y + float(second))
    return [row[BORDER:-BORDER] for row in grid[BORDER:-BORDER]]


def built(docs: Docs, site: Site) -> Iterator[tuple[Page, Document]]:
    """Each page that has a sheet, as it was built."""
    documents = {document.url: document for document in site.pages}
    for page in with_sheet(docs):
        yield page, documents[("" if page.lang == "es" else "en/") + page.path + "/"]


def check_qr(docs: Docs, site: Site) -> Iterator[Problem]:
    """The QR code holds the address that is printed beside it, and that is the page's short address."""
    for page, document in built(docs, site):
        wanted = address(page, docs, site)
        codes = document.tree.xpath("//*[@class='qr']")
        code = segno.make(wanted, micro=False, error="l", boost_error=False)
        if len(codes) != 1 or matrix(codes[0]) != [list(row) for row in code.matrix]:
            yield Problem(document.shown, 0, f"its QR code does not lead to {wanted}", "see qr() in overrides/hooks/guia/page/paper.py", "qr-wrong")
        if wanted not in document.one("//p[@class='paper']/b/text()"):
            yield Problem(document.shown, 0, f"the address {wanted} is not beside its QR code", "correct the block announce of overrides/main.html", "qr-address-missing")


def check_sheet(docs: Docs, site: Site) -> Iterator[Problem]:
    """The sheet is there once, is reached and left by a link, asks for nothing, and gives the page's words or else the procedure's."""
    documents = {page.shown: document for page, document in built(docs, site)}
    for page, document in built(docs, site):
        source, section = giver(page, docs)
        words = (said(page) or said(source, section) or [("", "")])[0][0]
        needs = {
            "one sheet": len(document.tree.xpath("//*[@id='hoja']")) == 1,
            "a link to the sheet": document.tree.xpath("//*[@id='oficina']/a/@href") == ["#hoja"],
            "a link back from the sheet": document.tree.xpath("//*[@id='hoja']//a/@href") == ["#oficina"],
            "a sheet without fields and note marks": not document.tree.xpath("//*[@id='hoja']//*[self::input or self::textarea or self::select or self::sup]"),
            f"the words to say, «{words}»": words and f"«{words}»" in "".join(document.tree.xpath("//*[@id='hoja']//b[@lang='es']//text()")),
            f"all that {source.shown} says of the office": office(documents[source.shown], section) == told(document) != "",
            f"who says so: {', '.join(sorted(publishers(source, section, docs)))}": all(name in document.one(SAID_BY) for name in publishers(source, section, docs)),
        }
        yield from (Problem(document.shown, 0, f"it lacks {name}", HOOK, "sheet-lacks") for name, there in needs.items() if not there)


def publishers(page: Page, section: str, docs: Docs) -> set[str]:
    """Who says what a section claims, but for unreliable pages."""
    cited = [fact for block in page.blocks if block.section == section for fact in block.citations if fact in docs.facts]
    entries = [docs.sources[name].data for fact in cited for name in docs.facts[fact].data["sources"]]
    return {entry["publisher"] for entry in entries if entry["class"] != "unreliable"}


def office(document: Document, section: str) -> str:
    """A section of a built page without its notes and the words to say."""
    inside = f"preceding-sibling::h2[1][@id='{section}'] and not(self::h2) and not(@id='oficina')"
    found = document.tree.xpath(f"//h2[@id='{section}']/following-sibling::*[{inside}]")
    text = " ".join(part for element in found for part in element.xpath(".//text()[not(ancestor::sup)]"))
    return squash(SAY.sub("", re.sub(r"\s+(?=[.,;:)»”])|(?<=[«“(])\s+", "", " ".join(text.split()))))


def told(document: Document) -> str:
    """What the sheet says under its last heading, without the line of sources and the blanks."""
    found = document.tree.xpath("//*[@id='hoja']/h3[last()]/following-sibling::*[following-sibling::p[following-sibling::div]]")
    return squash(" ".join(element.text_content() for element in found))


def test_said(docs: Docs, expect_none: Expect) -> None:
    expect_none(check_said(docs))


@pytest.mark.parametrize("check", [check_qr, check_sheet])
def test_built(check: Callable[..., Iterator[Problem]], docs: Docs, site: Site, expect_none: Expect) -> None:
    expect_none(check(docs, site))


def check_one_sheet(browser: Browser, documents: list[Document], home: str, size: str) -> Iterator[Problem]:
    """At #hoja each page prints on one sheet of paper, without any script: title, code, address, words and blanks."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for document in documents:
        page.goto(urljoin(home, f"{document.url}#hoja"), wait_until="load")
        paper = printed(page, format=size)
        if len(paper.sheets) != 1:
            yield Problem(document.shown, 0, f"its sheet for the office takes {len(paper.sheets)} sheets of {size}", "shorten the text it is made of, or see #hoja in site.css", "sheet-too-long")
        for text in (*document.tree.xpath(WRITTEN), *STRINGS[document.lang]["blanks"]):
            if squash(text) not in paper.text:
                yield Problem(document.shown, 0, f"its sheet for the office lacks '{text}' on {size}", HOOK, "sheet-lacks-text")
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("size", "most"), [("A4", None if everything() else 8), ("Letter", 4)])
def test_one_sheet(size: str, most: int | None, chromium: Browser, docs: Docs, site: Site, served: str, expect_none: Expect) -> None:
    """The longest sheets (with EVERY=1 all of them) on A4, and a few on Letter, which is shorter."""
    documents = sorted((document for _, document in built(docs, site)), key=lambda document: -len(told(document)))
    expect_none(check_one_sheet(chromium, documents[:most], served, size))


def box(locator: Locator) -> FloatRect:
    """Where something stands on the screen, which it must."""
    found = locator.bounding_box()
    assert found
    return found


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_the_sheet_takes_the_place_of_the_page(script: bool, chromium: Browser, served: str) -> None:
    """The link shows the sheet alone, from its top, and the link back returns to where the reader was; the page prints without it."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=script)
    page = context.new_page()
    page.goto(urljoin(served, "en/problemas/clave-bloqueada/"), wait_until="load")
    title = squash(STRINGS["en"]["title"])
    assert not page.locator("#hoja").is_visible() and title not in printed(page).text
    page.click("#oficina a")
    page.wait_for_url("**/#hoja")
    assert page.locator("#hoja h2").is_visible() and title in printed(page).text
    button, back = page.locator("[data-print]"), page.locator("#hoja a")
    assert button.is_visible() == script and box(back)["height"] >= 44 and box(back)["y"] < 400
    if script:
        assert page.evaluate(AROUND) == [] and box(button)["height"] >= 44
        page.evaluate("window.print = () => document.title = 'printed'")
        button.click()
        assert page.title() == "printed"
    back.click()
    page.wait_for_url("**/#oficina")
    assert page.locator("#oficina").is_visible() and not page.locator("#hoja").is_visible()
    context.close()


def page(kind: str, body: str, head: str = "") -> str:
    return f"---\ntype: {kind}\n{head}---\n{body}\n"


EN_PERSONA = "## En persona {#en-persona}\n"


@pytest.mark.parametrize(("files", "at"), [
    ({"es/a.md": page("procedure", EN_PERSONA + "Lleve su cédula.")},
     ("said-count", "docs/es/a.md", 4)),
    ({"en/a.md": page("problem", "## Q {#que-hacer}\nGo there.", "procedure: office\n")},
     ("said-count", "docs/en/a.md", 5)),
    ({"es/a.md": page("problem", "Diga: «Uno».\n\nDiga: «Dos».", "procedure: b\n"), "es/b.md": page("procedure", EN_PERSONA + "Diga: «Tres».")},
     ("said-twice", "docs/es/a.md", 7)),
    ({"es/a.md": page("procedure", EN_PERSONA + "Diga: «Uno»."), "en/a.md": page("procedure", EN_PERSONA + "Say: “Dos” (two).")},
     ("said-differs", "docs/en/a.md", 0)),
    ({"es/a.md": page("procedure", EN_PERSONA + "Diga: «Uno»."), "en/a.md": page("procedure", EN_PERSONA + "Say: “Uno”.")},
     ("said-without-meaning", "docs/en/a.md", 5)),
])
def test_bad_words_is_named(files: dict[str, str], at: At, write_docs: WriteDocs) -> None:
    assert at in [problem.at for problem in check_said(write_docs(files))]


URL = "http://127.0.0.1:8000/"
LACKS = ("sheet-lacks", "site/a/index.html", 0)
QR = segno.make(f"{URL}e/07/", micro=False, error="l", boost_error=False).svg_inline(svgclass="qr", lineclass=None, omitsize=True)
GOOD = (f"<p class='paper'>{QR}<b>{URL}e/07/</b></p><h2 id='en-persona'>En persona</h2><p>Lleve su cédula<sup>1</sup>. Diga: «Hola».</p><p id='oficina'><a href='#hoja'>x</a></p><h2>Fin</h2>"
        "<div id='hoja'><a href='#oficina'>x</a><h3>D</h3><b lang='es'>«Hola»</b><h3>Q</h3><p>Lleve su cédula.</p><p>Fuentes: IESS.</p><div><p>Nombre</p></div></div>")


@pytest.mark.parametrize(("check", "old", "new", "at"), [
    (check_qr, "", "", None),
    (check_sheet, "", "", None),
    (check_qr, "m1 0h1", "m0 0h2", ("qr-wrong", "site/a/index.html", 0)),
    (check_qr, f"<b>{URL}e/07/", f"<b>{URL}e/08/",
     ("qr-address-missing", "site/a/index.html", 0)),
    (check_sheet, "<div id='hoja'>", "<i id='hoja'></i><div id='hoja'>", LACKS),
    (check_sheet, "href='#hoja'", "href='#otra'", LACKS),
    (check_sheet, "href='#oficina'", "href='#otra'", LACKS),
    (check_sheet, "<h3>D", "<input><h3>D", LACKS),
    (check_sheet, "<b lang='es'>«Hola»", "<b>«Hola»", LACKS),
    (check_sheet, "<p>Lleve su cédula.</p>", "<p>Lleve.</p>", LACKS),
    (check_sheet, "Fuentes: IESS", "Fuentes", LACKS),
])
def test_a_bad_sheet_is_named(check: Callable[..., Iterator[Problem]], old: str, new: str, at: At | None, write_docs: WriteDocs, tmp_path: Path) -> None:
    text = page("procedure", EN_PERSONA + "Lleve su cédula[^x]. Diga: «Hola».", "problem: p\n")
    docs = write_docs({"es/a.md": text, "data/codes.yml": '"07": p\n', "data/facts.yml": "x: {sources: [s]}", "data/sources.yml": "s: {publisher: IESS, class: official}"})
    assert old in GOOD
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.html").write_text(f"<html><body>{GOOD.replace(old, new, 1) if old else GOOD}</body></html>", encoding="utf-8")
    assert [problem.at for problem in check(docs, Site(tmp_path, URL))] == [at] * bool(at)


@pytest.mark.browser
@pytest.mark.parametrize(("body", "at"), [
    ("<p style='height:1200px'>x", ("sheet-too-long", "site/a.html", 0)),
    ("<article><h1 hidden>Título", ("sheet-lacks-text", "site/a.html", 0)),
    ("x", ("sheet-lacks-text", "site/a.html", 0)),
])
def test_a_bad_paper_is_named(body: str, at: At, chromium: Browser, tmp_path: Path) -> None:
    text = f"<!doctype html><html lang=es><meta charset=utf-8><body>{body}</body></html>"
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    with chrome.serve(tmp_path, "http://127.0.0.1/") as home:
        assert at in [problem.at for problem in check_one_sheet(chromium, [Document("a.html", text)], home, "A4")]
