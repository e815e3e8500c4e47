"""Rules: a reader finds the same sections in the same order on every page of a type, each with an id that links can use."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from tools.docs import ROOT, Docs, Page
from tools.finding import Problem

SECTIONS: dict[str, list[str]] = yaml.safe_load((ROOT / "tools/rules/data/sections.yml").read_text(encoding="utf-8"))
STEPS = {"problem": ("que-hacer", 3, 7), "procedure": ("pasos", 3, 10)}


def check_sections(docs: Docs) -> Iterator[Problem]:
    """Required sections are there, in order; «Fuentes» is the last."""
    for page in docs.pages:
        wanted = SECTIONS.get(page.type, [])
        ids = [heading.id for heading in page.headings if heading.level == 2]
        missing = [name for name in wanted if name not in ids]
        for name in missing:
            yield Problem(page.shown, 0, f"the section {{#{name}}} is missing", f"add the heading `## … {{#{name}}}`; a {page.type} page has {', '.join(wanted)}", "section-missing")
        if not missing and [name for name in ids if name in wanted] != wanted:
            yield Problem(page.shown, 0, "the sections are out of order", f"put them in this order: {', '.join(wanted)}", "section-order")
        if not missing and ids and ids[-1] != "fuentes":
            yield Problem(page.shown, page.line_of(f"#{ids[-1]}"), "a section stands after {#fuentes}", "move it before, so that the notes come last", "section-after-sources")


def check_headings(docs: Docs) -> Iterator[Problem]:
    """Every heading has an id of its own; none is an H1 (the title is); no level is skipped."""
    for page in docs.pages:
        seen: set[str] = set()
        level = 1
        for heading in page.headings:
            if heading.level == 1:
                yield Problem(page.shown, heading.line, "the page has a second title", "remove this heading: the H1 is made from 'title'", "second-title")
            elif heading.level > level + 1:
                yield Problem(page.shown, heading.line, f"a heading level is skipped (from {level} to {heading.level})", f"use {'#' * (level + 1)}", "heading-level-skipped")
            if not heading.id:
                yield Problem(page.shown, heading.line, f"the heading \"{heading.text}\" has no id", "add one, the same in both languages: {#mi-seccion}", "heading-without-id")
            elif heading.id in seen:
                yield Problem(page.shown, heading.line, f"the id {{#{heading.id}}} is used twice", "give this heading another id", "heading-id-twice")
            seen.add(heading.id)
            level = heading.level


def check_steps(docs: Docs) -> Iterator[Problem]:
    """Problems have 3 to 7 steps, procedures 3 to 10; longer ones are split."""
    for page in docs.pages:
        section, fewest, most = STEPS.get(page.type, ("", 0, 0))
        steps = count_steps(page, section)
        if section and not fewest <= steps <= most:
            line = page.line_of(f"{{#{section}}}")
            yield Problem(page.shown, line, f"{{#{section}}} has {steps} numbered steps", f"write {fewest} to {most}, one action each", "steps-count")


def count_steps(page: Page, section: str) -> int:
    """Numbered items in a section."""
    return sum(block.section == section and block.kind == "item" and block.text[:1].isdigit() for block in page.blocks)


def check_blocks(docs: Docs) -> Iterator[Problem]:
    """Problem pages show their documented wordings, which the build writes."""
    for page in docs.pages:
        if page.type == "problem" and "{{ messages }}" not in page.text:
            yield Problem(page.shown, page.line_of("{#tambien-aparece}"), "the documented wordings are not shown",
                          "put a line `{{ messages }}` at the end of {#tambien-aparece}", "messages-not-shown")


CHECKS = (check_sections, check_headings, check_steps, check_blocks)
