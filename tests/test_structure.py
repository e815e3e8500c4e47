"""Promise: who hears a page instead of seeing it gets its outline, its parts, its languages, its notes and its tables."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
import yaml
from lxml import html

from tools.docs import ROOT, PlainLoader
from tools.finding import Expect, Problem
from tools.site.built import Document, Site

HOOK = "correct overrides/hooks/guia/page/context.py"
TEMPLATE = "correct the template, or the heading in the page"
WORDS = {lang: yaml.load((ROOT / f"docs/data/strings/{lang}.yml").read_text(encoding="utf-8"), PlainLoader) for lang in ("es", "en")}
LANDMARKS = {"main": "//main", "banner": "//header[not(ancestor::main)]", "contentinfo": "//footer[not(ancestor::main)]", "way past the menu": "//a[@class='md-skip']"}


def check_headings(page: Document) -> Iterator[Problem]:
    """One h1, which comes first, and no level that is skipped on the way down."""
    levels = [(int(heading.tag[1]), " ".join(heading.text_content().split())) for heading in page.tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    if [level for level, _ in levels][:1] != [1] or len([level for level, _ in levels if level == 1]) != 1:
        yield Problem(page.shown, 0, "it does not start with its one h1", TEMPLATE, "h1-not-first")
    for (before, _), (level, text) in itertools.pairwise(levels):
        if level > before + 1:
            yield Problem(page.shown, 0, f"the heading '{text}' is an h{level} below an h{before}", TEMPLATE, "outline-skipped")


def check_landmarks(page: Document) -> Iterator[Problem]:
    """One main, banner, contentinfo and link past the menu; each nav has a name of its own."""
    for name, path in LANDMARKS.items():
        if (count := len(page.tree.xpath(path))) != 1:
            yield Problem(page.shown, 0, f"it has {count} times a {name}", "correct overrides/main.html or overrides/partials/header.html", "landmark-count")
    for nav in page.tree.xpath("//nav[not(@aria-label) and not(@aria-labelledby)]"):
        yield Problem(page.shown, 0, f"a nav of class '{nav.get('class')}' has no name", "give it an aria-label", "nav-unnamed")


def check_languages(page: Document) -> Iterator[Problem]:
    """In English the portal's labels, the messages people see and the Spanish words between «» say that they are Spanish."""
    if page.one("/html/@lang") != page.lang:
        yield Problem(page.shown, 0, f"its language is '{page.one('/html/@lang')}', not '{page.lang}'", "correct mkdocs.yml", "page-language")
    if page.lang == "es":
        return
    for part in page.tree.xpath("//article//*[self::strong or self::q][not(ancestor-or-self::*[@lang='es'])]"):
        yield Problem(page.shown, 0, f"«{part.text_content()}» is Spanish and does not say so", HOOK, "label-not-spanish")
    for text in page.tree.xpath("//body//text()[contains(., '«')][not(ancestor::script)]"):
        if (after := re.search(r"«[^»]+", text)) and not text.getparent().xpath("ancestor-or-self::*[@lang='es']"):
            yield Problem(page.shown, 0, f"{after[0]}» is Spanish and does not say so", HOOK, "quote-not-spanish")


def check_language_said(document: Document) -> Iterator[Problem]:
    """Every HTML file, short addresses and copies of the guide too, says its language."""
    if document.one("/html/@lang") not in WORDS:
        yield Problem(document.shown, 0, "it does not say its language", "write lang in the <html> of its template", "language-unsaid")


def check_notes(page: Document) -> Iterator[Problem]:
    """Each reference leads to its note and the note back to it; both say so in the page's language."""
    words = {name: WORDS[page.lang][name].partition("{")[0] for name in ("note", "note_back")}
    for link in page.tree.xpath("//a[@class='footnote-ref']"):
        target, place = link.get("href", "")[1:], link.getparent().get("id")
        ways = [back.get("href") for back in page.tree.xpath("//li[@id=$id]//a[@class='footnote-backref']", id=target)]
        if f"#{place}" not in ways:
            yield Problem(page.shown, 0, f"the note '{target}' does not lead back to '{place}'", HOOK, "note-no-way-back")
    for kind, name in (("footnote-ref", "note"), ("footnote-backref", "note_back")):
        for link in page.tree.xpath("//a[@class=$kind]", kind=kind):
            if not link.get("aria-label", "").startswith(words[name]):
                yield Problem(page.shown, 0, f"the link to '{link.get('href')}' does not start with '{words[name]}'", HOOK, "note-unnamed")
                break


def check_note_sources(page: Document) -> Iterator[Problem]:
    """Each note says of what kind its source is, which also says that there is none, and how sure the claim is."""
    label = WORDS[page.lang]["status_label"]
    for note in page.tree.xpath("//div[@class='footnote']//li"):
        if not note.xpath(".//*[contains(@class, 'badge')]") or label not in note.text_content():
            yield Problem(page.shown, 0, f"the note '{note.get('id')}' does not say who says so, and how sure it is", "correct footnote() in overrides/hooks/guia/markdown/footnotes.py", "note-without-source")
    notes = page.tree.xpath("//a[@class='footnote-ref']")
    if not notes and re.search(r"\[\^[\w-]+\]", page.tree.text_content()):
        yield Problem(page.shown, 0, "its notes were not made", "correct overrides/hooks/guia/markdown/footnotes.py", "notes-not-made")


def check_pictures(page: Document) -> Iterator[Problem]:
    """A picture in the text has words for those who do not see it."""
    for picture in page.tree.xpath("//article//img"):
        if not picture.get("alt", "").strip():
            yield Problem(page.shown, 0, f"the picture '{picture.get('src')}' has no words", "say in a few words between the square brackets what it shows", "picture-without-words")


def check_tables(page: Document) -> Iterator[Problem]:
    """Each table has column headers, none of them empty, and a name: a caption, or a heading that is there."""
    for number, table in enumerate(page.tree.xpath("//article//table"), 1):
        heads = [cell.text_content().strip() for cell in table.xpath("./thead//th")]
        if not heads or not all(heads):
            yield Problem(page.shown, 0, f"table {number} has a column without a header", "name each column in its first row", "table-header-missing")
        if table.find("caption") is None and table.get("aria-labelledby") not in page.ids:
            yield Problem(page.shown, 0, f"table {number} has no name", "put it below a heading", "table-unnamed")


CHECKS = (check_headings, check_landmarks, check_languages, check_notes, check_note_sources, check_pictures, check_tables)


@pytest.mark.parametrize("check", CHECKS)
def test_every_page(check: Callable[[Document], Iterator[Problem]], site: Site, expect_none: Expect) -> None:
    expect_none(problem for page in site.pages for problem in check(page))


def test_every_file_says_its_language(site: Site, expect_none: Expect) -> None:
    expect_none(problem for document in site.documents for problem in check_language_said(document))


def test_there_is_something_to_check(site: Site) -> None:
    """The site has the tables, notes and Spanish words in English pages that the checks are about."""
    trees: list[html.HtmlElement] = [page.tree for page in site.pages if page.lang == "en"]
    for path in ("//article//table", "//a[@class='footnote-backref']", "//article//strong[@lang='es']", "//article//q[@lang='es']", "//h1//*[@lang='es']"):
        assert any(tree.xpath(path) for tree in trees), path


FIX, NAV = f" Fix: {TEMPLATE}.", " Fix: correct overrides/main.html or overrides/partials/header.html."


@pytest.mark.parametrize(("check", "body", "sentence"), [
    (check_headings, "<h2>A</h2>", "it does not start with its one h1." + FIX),
    (check_headings, "<h1>A</h1><h1>B</h1>", "it does not start with its one h1." + FIX),
    (check_headings, "<h1>A</h1><h3>B</h3>", "the heading 'B' is an h3 below an h1." + FIX),
    (check_landmarks, "<a class='md-skip'></a><header></header><footer></footer>", "it has 0 times a main." + NAV),
    (check_landmarks, "<a class='md-skip'></a><header></header><main></main><footer></footer><nav class='x'></nav>",
     "a nav of class 'x' has no name. Fix: give it an aria-label."),
    (check_languages, "<article><strong>Salir</strong></article>", f"«Salir» is Spanish and does not say so. Fix: {HOOK}."),
    (check_languages, "<p>It says «Clave bloqueada».</p>", f"«Clave bloqueada» is Spanish and does not say so. Fix: {HOOK}."),
    (check_notes, "<sup id='r'><a class='footnote-ref' href='#n' aria-label='Note 1'>1</a></sup><li id='n'></li>", f"the note 'n' does not lead back to 'r'. Fix: {HOOK}."),
    (check_notes, "<a class='footnote-backref' href='#r' aria-label='Jump'>x</a>", f"the link to '#r' does not start with 'Back from note '. Fix: {HOOK}."),
    (check_note_sources, "<div class='footnote'><ol><li id='fn:x'>Status: confirmed.</li></ol></div>",
     "the note 'fn:x' does not say who says so, and how sure it is. Fix: correct footnote() in overrides/hooks/guia/markdown/footnotes.py."),
    (check_note_sources, "<p>It lasts[^x].</p>", "its notes were not made. Fix: correct overrides/hooks/guia/markdown/footnotes.py."),
    (check_pictures, "<article><img src='a.png' alt=''></article>",
     "the picture 'a.png' has no words. Fix: say in a few words between the square brackets what it shows."),
    (check_tables, "<article><h2 id=a>A</h2><table aria-labelledby=a><thead><tr><th></th></tr></thead></table></article>",
     "table 1 has a column without a header. Fix: name each column in its first row."),
    (check_tables, "<article><table><thead><tr><th>A</th></tr></thead></table></article>", "table 1 has no name. Fix: put it below a heading."),
])
def test_a_bad_page_is_named(check: Callable[..., Iterator[Problem]], body: str, sentence: str) -> None:
    page = Document("en/a/index.html", f'<!doctype html><html lang="en"><body>{body}</body></html>')
    assert [problem.sentence for problem in check(page)] == [f"site/en/a/index.html: {sentence}"]


def test_no_language_is_named() -> None:
    assert [problem.at for problem in check_language_said(Document("e/01/index.html", "<html></html>"))] == [
        ("language-unsaid", "site/e/01/index.html", 0)]


def test_the_wrong_language_is_named() -> None:
    assert [problem.at for problem in check_languages(Document("a/index.html", '<html lang="en"></html>'))] == [
        ("page-language", "site/a/index.html", 0)]
