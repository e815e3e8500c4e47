"""Promise: a reader finds the same sections in the same order on every page of a type, each with an id that links can use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import yaml

from tools.docs import ROOT, Docs, Page, WriteDocs
from tools.finding import Expect, Problem

SECTIONS: dict[str, list[str]] = yaml.safe_load((ROOT / "tests/data/sections.yml").read_text(encoding="utf-8"))
STEPS = {"problem": ("que-hacer", 3, 7), "procedure": ("pasos", 3, 10)}


def check_sections(docs: Docs) -> Iterator[Problem]:
    """Required sections are there, in order; «Fuentes» is the last."""
    for page in docs.pages:
        wanted = SECTIONS.get(page.type, [])
        ids = [heading.id for heading in page.headings if heading.level == 2]
        missing = [name for name in wanted if name not in ids]
        for name in missing:
            yield Problem(page.shown, 0, f"the section {{#{name}}} is missing", f"add the heading `## … {{#{name}}}`; a {page.type} page has {', '.join(wanted)}")
        if not missing and [name for name in ids if name in wanted] != wanted:
            yield Problem(page.shown, 0, "the sections are out of order", f"put them in this order: {', '.join(wanted)}")
        if not missing and ids and ids[-1] != "fuentes":
            yield Problem(page.shown, page.line_of(f"#{ids[-1]}"), "a section stands after {#fuentes}", "move it before, so that the notes come last")


def check_headings(docs: Docs) -> Iterator[Problem]:
    """Every heading has an id of its own; none is an H1 (the title is); no level is skipped."""
    for page in docs.pages:
        seen: set[str] = set()
        level = 1
        for heading in page.headings:
            if heading.level == 1:
                yield Problem(page.shown, heading.line, "the page has a second title", "remove this heading: the H1 is made from 'title'")
            elif heading.level > level + 1:
                yield Problem(page.shown, heading.line, f"a heading level is skipped (from {level} to {heading.level})", f"use {'#' * (level + 1)}")
            if not heading.id:
                yield Problem(page.shown, heading.line, f"the heading \"{heading.text}\" has no id", "add one, the same in both languages: {#mi-seccion}")
            elif heading.id in seen:
                yield Problem(page.shown, heading.line, f"the id {{#{heading.id}}} is used twice", "give this heading another id")
            seen.add(heading.id)
            level = heading.level


def check_steps(docs: Docs) -> Iterator[Problem]:
    """Problems have 3 to 7 steps, procedures 3 to 10; longer ones are split."""
    for page in docs.pages:
        section, fewest, most = STEPS.get(page.type, ("", 0, 0))
        steps = count_steps(page, section)
        if section and not fewest <= steps <= most:
            line = page.line_of(f"{{#{section}}}")
            yield Problem(page.shown, line, f"{{#{section}}} has {steps} numbered steps", f"write {fewest} to {most}, one action each")


def count_steps(page: Page, section: str) -> int:
    """Numbered items in a section."""
    return sum(block.section == section and block.kind == "item" and block.text[:1].isdigit() for block in page.blocks)


def check_blocks(docs: Docs) -> Iterator[Problem]:
    """Problem pages show their documented wordings, which the build writes."""
    for page in docs.pages:
        if page.type == "problem" and "{{ messages }}" not in page.text:
            yield Problem(page.shown, page.line_of("{#tambien-aparece}"), "the documented wordings are not shown",
                          "put a line `{{ messages }}` at the end of {#tambien-aparece}")


CHECKS = (check_sections, check_headings, check_steps, check_blocks)


@pytest.mark.parametrize("check", CHECKS)
def test_sections(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


def page(kind: str, body: str) -> str:
    return f"---\ntype: {kind}\n---\n{body}\n"


ALL = "\n".join(f"## Título {{#{name}}}" for name in SECTIONS["problem"])


@pytest.mark.parametrize(("check", "text", "sentence"), [
    (check_sections, page("guide", "## Uno {#uno}"),
     "docs/es/a.md: the section {#fuentes} is missing. Fix: add the heading `## … {#fuentes}`; a guide page has fuentes."),
    (check_sections, page("problem", ALL.replace("en-breve", "x").replace("que-hacer", "en-breve").replace("#x", "#que-hacer")),
     f"docs/es/a.md: the sections are out of order. Fix: put them in this order: {', '.join(SECTIONS['problem'])}."),
    (check_sections, page("guide", "## F {#fuentes}\n## Más {#mas}"),
     "docs/es/a.md:5: a section stands after {#fuentes}. Fix: move it before, so that the notes come last."),
    (check_headings, page("guide", "# Título {#t}"), "docs/es/a.md:4: the page has a second title. Fix: remove this heading: the H1 is made from 'title'."),
    (check_headings, page("guide", "## A {#a}\n#### B {#b}"), "docs/es/a.md:5: a heading level is skipped (from 2 to 4). Fix: use ###."),
    (check_headings, page("guide", "## Sin ancla"),
     'docs/es/a.md:4: the heading "Sin ancla" has no id. Fix: add one, the same in both languages: {#mi-seccion}.'),
    (check_headings, page("guide", "## A {#a}\n## B {#a}"), "docs/es/a.md:5: the id {#a} is used twice. Fix: give this heading another id."),
    (check_steps, page("problem", "## Q {#que-hacer}\n\n1. Uno.\n2. Dos."),
     "docs/es/a.md:4: {#que-hacer} has 2 numbered steps. Fix: write 3 to 7, one action each."),
    (check_blocks, page("problem", "## T {#tambien-aparece}"),
     "docs/es/a.md:4: the documented wordings are not shown. Fix: put a line `{{ messages }}` at the end of {#tambien-aparece}."),
])
def test_a_bad_page_gets_one_sentence(check: Callable[..., Iterator[Problem]], text: str, sentence: str, write_docs: WriteDocs) -> None:
    assert [str(problem) for problem in check(write_docs({"es/a.md": text}))] == [sentence]
