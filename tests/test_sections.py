"""Promise: a reader finds the same sections in the same order on every page of a type, each with an id that links can use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tools.docs import Docs, WriteDocs
from tools.finding import At, Expect, Problem
from tools.rules.sections import CHECKS, SECTIONS, check_blocks, check_headings, check_sections, check_steps


@pytest.mark.parametrize("check", CHECKS)
def test_sections(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


def page(kind: str, body: str) -> str:
    return f"---\ntype: {kind}\n---\n{body}\n"


ALL = "\n".join(f"## Título {{#{name}}}" for name in SECTIONS["problem"])


@pytest.mark.parametrize(("check", "text", "at"), [
    (check_sections, page("guide", "## Uno {#uno}"),
     ("section-missing", "docs/es/a.md", 0)),
    (check_sections, page("problem", ALL.replace("en-breve", "x").replace("que-hacer", "en-breve").replace("#x", "#que-hacer")),
     ("section-order", "docs/es/a.md", 0)),
    (check_sections, page("guide", "## F {#fuentes}\n## Más {#mas}"),
     ("section-after-sources", "docs/es/a.md", 5)),
    (check_headings, page("guide", "# Título {#t}"), ("second-title", "docs/es/a.md", 4)),
    (check_headings, page("guide", "## A {#a}\n#### B {#b}"), ("heading-level-skipped", "docs/es/a.md", 5)),
    (check_headings, page("guide", "## Sin ancla"),
     ("heading-without-id", "docs/es/a.md", 4)),
    (check_headings, page("guide", "## A {#a}\n## B {#a}"), ("heading-id-twice", "docs/es/a.md", 5)),
    (check_steps, page("problem", "## Q {#que-hacer}\n\n1. Uno.\n2. Dos."),
     ("steps-count", "docs/es/a.md", 4)),
    (check_blocks, page("problem", "## T {#tambien-aparece}"),
     ("messages-not-shown", "docs/es/a.md", 4)),
])
def test_a_bad_page_is_named(check: Callable[..., Iterator[Problem]], text: str, at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check(write_docs({"es/a.md": text}))] == [at]
