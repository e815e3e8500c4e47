"""Promise: whatever stops a person has one page, one code for ever, a way out, and an entry that programs can read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from posixpath import normpath
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.new_problem import create
from tests.test_front_matter import check_finished, check_schema
from tests.test_sections import check_headings, check_sections, check_steps
from tools.docs import ROOT, Docs, Page, PlainLoader, WriteDocs, read_docs
from tools.finding import At, Expect, Problem
from tools.site.built import Document, Site

CODES, DIAGNOSIS = "docs/data/codes.yml", "docs/data/diagnosis.yml"
LINK = re.compile(r"\]\(([^)\s]+)\)")
OFFICE = "office"
DEEPEST = 3


def read(name: str, root: Path = ROOT) -> dict[str, Any]:
    """A mapping of docs/data."""
    found: dict[str, Any] = yaml.load((root / name).read_text(encoding="utf-8"), PlainLoader)
    return found


def check_codes(docs: Docs, codes: dict[str, str]) -> Iterator[Problem]:
    """Two digits, one for each id, and each id has its page."""
    ids = {page.meta["problem"]: page for page in docs.pages if page.lang == "es" and page.meta.get("problem")}
    for code, problem in codes.items():
        if not re.fullmatch(r"\d{2}", str(code)):
            yield Problem(CODES, 0, f"the code '{code}' has not two digits", 'write it quoted, as "07"', "code-digits")
        if problem not in ids:
            yield Problem(CODES, 0, f"the code {code} has no page: '{problem}'", "restore the page, or give it the type 'retired'; a code is never removed", "code-without-page")
    for problem in sorted({name for name in codes.values() if list(codes.values()).count(name) > 1}):
        yield Problem(CODES, 0, f"'{problem}' has two codes", "keep the first", "code-twice")
    for problem, page in ids.items():
        if problem not in codes.values():
            yield Problem(page.shown, page.key_line("problem"), f"'{problem}' has no code", f"add the next free one to {CODES}", "code-missing")


def check_messages(docs: Docs) -> Iterator[Problem]:
    """A documented wording stands word for word in its fact, and on one page of a language only."""
    seen: dict[tuple[str, str], Page] = {}
    for page in docs.pages:
        for message in page.meta.get("messages") or []:
            text, fact = message["text"], docs.facts.get(message["fact"])
            said = " ".join(_texts(fact.data)) if fact else ""
            if fact and _plain(text) not in _plain(said):
                yield Problem(page.shown, page.line_of(text[:30]), f"fact '{fact.id}' does not hold the message \"{text}\"", "quote the fact word for word, or correct the fact", "message-not-in-fact")
            first = seen.setdefault((page.lang, _plain(text)), page)
            if first is not page:
                yield Problem(page.shown, page.line_of(text[:30]), f"the message \"{text}\" is also on {first.shown}", "keep it on the page that answers it", "message-twice")


def _texts(fact: dict[str, Any]) -> list[str]:
    return [fact["es"], fact["en"], *(fact.get("note") or {}).values()]


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.casefold()).strip()


def check_relations(docs: Docs) -> Iterator[Problem]:
    """A problem's text leads to its procedure; a procedure's text leads to at least one problem that its steps can meet."""
    for page in docs.pages:
        wanted = page.meta.get("procedure")
        if page.type == "problem" and wanted != OFFICE and wanted not in links(page):
            yield Problem(page.shown, page.key_line("procedure"), f"the text does not link to its procedure '{wanted}'", "link to it where the reader needs it", "procedure-not-linked")
        if page.type == "procedure" and not any(path.startswith("problemas/") for path in links(page)):
            yield Problem(page.shown, page.line_of("{#pasos}"), "no step links to a problem that may appear there", "link to it where the step can fail", "procedure-without-problems")


def check_returns(docs: Docs, site: Site) -> Iterator[Problem]:
    """A problem page that a procedure sends readers to leads back to that procedure's steps."""
    built = {document.url: document for document in site.pages}
    for page in (page for page in docs.pages if page.type == "procedure"):
        for target in sorted(links(page)):
            other = docs.find(page.lang, target)
            document = built.get(_url(page.lang, target))
            if other and other.type == "problem" and document and not _leads_to(site, document, _url(page.lang, page.path)):
                yield Problem(document.shown, 0, f"{page.shown} sends readers here, but nothing leads back to it", "correct returns() in overrides/hooks/guia/page/context.py", "no-way-back")


def _url(lang: str, path: str) -> str:
    return f"{'' if lang == 'es' else 'en/'}{path}/"


def _leads_to(site: Site, document: Document, url: str) -> bool:
    return f"{url}index.html" in {site.path(document, link) for link in document.tree.xpath("//article//a/@href")}


def links(page: Page) -> set[str]:
    """Paths of the pages that a page's text links to."""
    targets = [target for block in page.blocks for target in LINK.findall(block.text)]
    return {normpath(f"{page.path}/../{urlsplit(target).path}").removesuffix(".md") for target in targets if urlsplit(target).path.endswith(".md")}


def check_no_dead_end(docs: Docs) -> Iterator[Problem]:
    """From each problem the links of the text lead to «done» (a procedure) or to an office."""
    for page in docs.pages:
        if page.type == "problem" and not _ways_out(docs, page):
            yield Problem(page.shown, 0, "no link leads from here to a procedure or to an office", "link to a procedure, or to a section {#en-persona}", "dead-end")


def _ways_out(docs: Docs, page: Page) -> bool:
    reached, ahead = {page.path}, [page]
    while ahead:
        here = ahead.pop()
        if here.type == "procedure" or any("#en-persona" in target for block in here.blocks for target in LINK.findall(block.text)):
            return True
        found = [docs.find(page.lang, path) for path in links(here) - reached]
        ahead += [other for other in found if other and other.type in ("problem", "procedure")]
        reached |= links(here)
    return False


def check_diagnosis(docs: Docs, questions: dict[str, Any]) -> Iterator[Problem]:
    """At most three questions deep, no question nobody reaches, every problem is a leaf, every leaf is a page."""
    first = next(iter(questions))
    depth, ahead, leaves = {first: 1}, [first], set()
    while ahead:
        here = ahead.pop(0)
        for answer in questions[here]["answers"]:
            if answer["go"] in questions and answer["go"] not in depth:
                depth[answer["go"]] = depth[here] + 1
                ahead.append(answer["go"])
            elif answer["go"] not in questions:
                leaves.add(answer["go"])
    for name, question in questions.items():
        if name not in depth:
            yield Problem(DIAGNOSIS, 0, f"no answer leads to the question '{name}'", "add an answer with `go: " + name + "`, or remove it", "diagnosis-unreachable")
        elif depth[name] > DEEPEST:
            yield Problem(DIAGNOSIS, 0, f"the question '{name}' is the {depth[name]}th in a row", f"ask at most {DEEPEST}", "diagnosis-too-deep")
        if missing := {"es", "en"} - set(question):
            yield Problem(DIAGNOSIS, 0, f"the question '{name}' lacks {', '.join(sorted(missing))}", "word it in both languages", "diagnosis-language-missing")
    for leaf in sorted(leaves):
        page = docs.find("es", leaf)
        if not page or page.type not in ("problem", "procedure", "guide"):
            yield Problem(DIAGNOSIS, 0, f"'{leaf}' is neither a question nor a problem or procedure", "correct `go`", "diagnosis-leaf-unknown")
    for page in docs.pages:
        if page.lang == "es" and page.meta.get("problem") and page.type != "retired" and page.path not in leaves:
            yield Problem(DIAGNOSIS, 0, f"no answer leads to '{page.path}'", "add an answer with `go: " + page.path + "`", "diagnosis-page-missing")


CHECKS = (check_messages, check_relations, check_no_dead_end)


@pytest.mark.parametrize("check", CHECKS)
def test_catalogue(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


def test_codes(docs: Docs, expect_none: Expect) -> None:
    expect_none(check_codes(docs, read(CODES)))


def test_diagnosis(docs: Docs, expect_none: Expect) -> None:
    expect_none(check_diagnosis(docs, read(DIAGNOSIS)))


def test_problems_json(site: Site, docs: Docs) -> None:
    """The published catalogue is valid, complete and in both languages, and its addresses exist."""
    document = json.loads((site.root / "data/problems.json").read_text(encoding="utf-8"))
    Draft202012Validator(json.loads((site.root / "data/problems.schema.json").read_text(encoding="utf-8"))).validate(document)
    entries = {entry["id"]: entry for entry in document["problems"]}
    live = {page.meta["problem"] for page in docs.pages if page.meta.get("problem") and page.type != "retired"}
    assert set(entries) == live and len(entries) == len(document["problems"])
    for entry in entries.values():
        for lang in ("es", "en"):
            text = entry[lang]
            addresses = [text["url"], text["short_url"], *text["related"], *({text["procedure"]} - {OFFICE})]
            assert all(f"{address[1:]}index.html" in site.files for address in addresses), entry["id"]


def test_returns(docs: Docs, site: Site, expect_none: Expect) -> None:
    expect_none(check_returns(docs, site))


def test_a_missing_way_back_is_named(tmp_path: Path, write_docs: WriteDocs) -> None:
    docs = write_docs({"es/problemas/a.md": problem(""), "es/afiliado/p.md": problem("[a](../problemas/a.md)", "p", "procedure")})
    (tmp_path / "problemas/a").mkdir(parents=True)
    (tmp_path / "problemas/a/index.html").write_text("<html><body><article></article></body></html>", encoding="utf-8")
    assert [found.at for found in check_returns(docs, Site(tmp_path, "http://127.0.0.1:8000/"))] == [
        ("no-way-back", "site/problemas/a/index.html", 0)]


def test_short_addresses(site: Site) -> None:
    """Each leads to both languages without JavaScript, keeps the fragment with it, and is not for search engines."""
    short = [document for document in site.documents if document.url.startswith("e/")]
    assert len(short) == len(read(CODES))
    for document in short:
        assert document.one("//meta[@name='robots']/@content") == "noindex"
        assert {section.get("lang") for section in document.tree.xpath("//section[.//a/@href]")} == {"es", "en"}
        assert "location.hash" in document.one("//script/text()")


def test_twins(site: Site) -> None:
    """Each page has its Markdown beside it, dated, with absolute links and no markup of the build; llms.txt lists them all."""
    index = (site.root / "llms.txt").read_text(encoding="utf-8")
    for page in site.pages:
        text = (site.root / page.file).with_suffix(".md").read_text(encoding="utf-8")
        assert f"{site.url}{page.url}index.md" in index and text.startswith("# "), page.file
        assert not re.search(r"\{ ?[#.:]|<(?:span|div|svg|q)\b|\]\((?!https?://)", text), (page.file, re.search(r"\{ ?[#.:]|<(?:span|div|svg|q)\b|\]\((?!https?://)", text))


HEAD = "---\ntype: {kind}\nproblem: {name}\nprocedure: {procedure}\n---\n"


def problem(body: str, name: str = "a", kind: str = "problem", procedure: str = "afiliado/p") -> str:
    return HEAD.format(kind=kind, name=name, procedure=procedure) + body


@pytest.mark.parametrize(("check", "files", "at"), [
    (lambda docs: check_codes(docs, {"1": "a"}), {"es/problemas/a.md": problem("")}, ("code-digits", "docs/data/codes.yml", 0)),
    (lambda docs: check_codes(docs, {"01": "a", "02": "b"}), {"es/problemas/a.md": problem("")},
     ("code-without-page", "docs/data/codes.yml", 0)),
    (lambda docs: check_codes(docs, {"01": "a", "02": "a"}), {"es/problemas/a.md": problem("")}, ("code-twice", "docs/data/codes.yml", 0)),
    (lambda docs: check_codes(docs, {}), {"es/problemas/a.md": problem("")}, ("code-missing", "docs/es/problemas/a.md", 3)),
    (check_relations, {"es/problemas/a.md": problem("Texto."), "es/afiliado/p.md": problem("[a](../problemas/a.md)", "p", "procedure")},
     ("procedure-not-linked", "docs/es/problemas/a.md", 4)),
    (check_relations, {"es/afiliado/p.md": problem("## P {#pasos}\n\n1. Entre.", "p", "procedure")},
     ("procedure-without-problems", "docs/es/afiliado/p.md", 6)),
    (check_no_dead_end, {"es/problemas/a.md": problem("[b](b.md)"), "es/problemas/b.md": problem("[p](../afiliado/p.md)", "b"), "es/problemas/c.md": problem("", "c"),
                         "es/afiliado/p.md": problem("", "p", "procedure")},
     ("dead-end", "docs/es/problemas/c.md", 0)),
    (lambda docs: check_diagnosis(docs, {"inicio": {"es": "¿?", "en": "?", "answers": []}}), {"es/problemas/a.md": problem("")},
     ("diagnosis-page-missing", "docs/data/diagnosis.yml", 0)),
    (lambda docs: check_diagnosis(docs, {"inicio": {"es": "¿?", "en": "?", "answers": []}, "b": {"es": "¿?", "en": "?", "answers": []}}), {},
     ("diagnosis-unreachable", "docs/data/diagnosis.yml", 0)),
    (lambda docs: check_diagnosis(docs, {"inicio": {"es": "¿?", "en": "?", "answers": [{"go": "nada"}]}}), {},
     ("diagnosis-leaf-unknown", "docs/data/diagnosis.yml", 0)),
])
def test_a_bad_catalogue_is_named(check: Callable[..., Iterator[Problem]], files: dict[str, str], at: At, write_docs: WriteDocs) -> None:
    assert [found.at for found in check(write_docs(files))] == [at]


def test_a_message_must_be_the_facts(write_docs: WriteDocs) -> None:
    fact = "f: {es: 'Google muestra «No se puede».', en: 'Google shows it.', sources: []}"
    meta = "---\ntype: problem\nmessages: [{text: 'No se pudo', fact: f}]\n---\n"
    assert [found.sentence for found in check_messages(write_docs({"data/facts.yml": fact, "es/a.md": meta}))] == [
        "docs/es/a.md:3: fact 'f' does not hold the message \"No se pudo\". Fix: quote the fact word for word, or correct the fact."]
    good = meta.replace("pudo", "puede")
    assert [found.sentence for found in check_messages(write_docs({"data/facts.yml": fact, "es/a.md": good, "es/b.md": good}))] == [
        "docs/es/b.md:3: the message \"No se puede\" is also on docs/es/a.md. Fix: keep it on the page that answers it."]


def test_a_new_problem_only_needs_writing(tmp_path: Path, write_docs: WriteDocs) -> None:
    """`make problem` makes both pages, the code and the addresses; what the checks then ask for is writing."""
    write_docs({"data/codes.yml": '"01": viejo\n', "es/problemas/x.md": "", "en/problemas/x.md": ""})
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/published.txt").write_text("e/01/ -> problemas/viejo/\n", encoding="utf-8")
    create("mi-problema", tmp_path, date(2026, 11, 21))
    docs = read_docs(tmp_path)
    assert (tmp_path / "tests/published.txt").read_text(encoding="utf-8").splitlines() == [
        "e/01/ -> problemas/viejo/", "e/02/ -> problemas/mi-problema/", "en/problemas/mi-problema/", "problemas/mi-problema/"]
    assert read(CODES, tmp_path) == {"01": "viejo", "02": "mi-problema"}
    assert {found.what for found in check_finished(docs)} == {"'PENDIENTE' is still to be written", "'PENDING' is still to be written"}
    assert not [found.sentence for check in (check_schema, check_sections, check_steps, check_headings) for found in check(docs) if "mi-problema" in found.path]
    with pytest.raises(ValueError, match="already exists"):
        create("mi-problema", tmp_path)
    with pytest.raises(ValueError, match="is not an id"):
        create("Mi Problema", tmp_path)
