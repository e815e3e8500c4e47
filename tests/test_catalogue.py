"""Promise: whatever stops a person has one page, one code for ever, a way out, and an entry that programs can read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tools.author.problem import create
from tools.docs import ROOT, Docs, PlainLoader, WriteDocs, read_docs
from tools.finding import At, Expect, Problem
from tools.rules.catalogue import CHECKS, CODES, DIAGNOSIS, OFFICE, check_codes, check_diagnosis, check_messages, check_no_dead_end, check_relations, links
from tools.rules.front_matter import check_finished, check_schema
from tools.rules.sections import check_headings, check_sections, check_steps
from tools.site.built import Document, Site


def read(name: str, root: Path = ROOT) -> dict[str, Any]:
    """A mapping of docs/data."""
    found: dict[str, Any] = yaml.load((root / name).read_text(encoding="utf-8"), PlainLoader)
    return found


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
    (tmp_path / "docs/data/addresses.txt").write_text("e/01/ -> problemas/viejo/\n", encoding="utf-8")
    create("mi-problema", tmp_path, date(2026, 11, 21))
    docs = read_docs(tmp_path)
    assert (tmp_path / "docs/data/addresses.txt").read_text(encoding="utf-8").splitlines() == [
        "e/01/ -> problemas/viejo/", "e/02/ -> problemas/mi-problema/", "en/problemas/mi-problema/", "problemas/mi-problema/"]
    assert read(CODES, tmp_path) == {"01": "viejo", "02": "mi-problema"}
    assert {found.what for found in check_finished(docs)} == {"'PENDIENTE' is still to be written", "'PENDING' is still to be written"}
    assert not [found.sentence for check in (check_schema, check_sections, check_steps, check_headings) for found in check(docs) if "mi-problema" in found.path]
    with pytest.raises(ValueError, match="already exists"):
        create("mi-problema", tmp_path)
    with pytest.raises(ValueError, match="is not an id"):
        create("Mi Problema", tmp_path)
