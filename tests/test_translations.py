"""Promise: both languages say the same: same pages, sections, steps, rows and facts, and nobody forgot the other one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tools.docs import Docs, WriteDocs
from tools.finding import At, Expect, Problem
from tools.rules.translations import CHECKS, check_changes, check_counts, check_facts, check_fresh, check_headings, check_pairs, check_places, check_shared_keys, fingerprint


@pytest.mark.parametrize("check", CHECKS)
def test_translations(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


HEAD = "---\ntype: guide\ntitle: Título\n---\n"
PLACE = "put the same ones in the same place; labels of the portal stay in Spanish"


@pytest.mark.parametrize(("check", "spanish", "english", "at"), [
    (check_pairs, HEAD, None, ("page-without-pair", "docs/es/a.md", 0)),
    (check_headings, HEAD + "## A {#a}", HEAD, ("heading-missing", "docs/en/a.md", 0)),
    (check_headings, HEAD, HEAD + "## A {#a}", ("heading-extra", "docs/en/a.md", 5)),
    (check_headings, HEAD + "## A {#a}\n## B {#b}", HEAD + "## B {#b}\n## A {#a}",
     ("heading-order", "docs/en/a.md", 0)),
    (check_facts, HEAD + "## A {#a}\nDura[^x].", HEAD + "## A {#a}\nIt lasts.",
     ("fact-missing", "docs/en/a.md", 5)),
    (check_facts, HEAD + "## A {#a}\nDura.", HEAD + "## A {#a}\nIt lasts[^x].",
     ("fact-extra", "docs/en/a.md", 6)),
    (check_counts, HEAD + "## A {#a}\n\n1. Uno.\n2. Dos.", HEAD + "## A {#a}\n\n1. One.",
     ("count-differs", "docs/en/a.md", 5)),
    (check_counts, HEAD + "## A {#a}\n\nUno.\n\nDos.", HEAD + "## A {#a}\n\nOne.",
     ("count-differs", "docs/en/a.md", 5)),
    (check_places, HEAD + "1. [Uno](a.md).", HEAD + "1. [One](b.md).",
     ("places-differ", "docs/en/a.md", 5)),
    (check_places, HEAD + "Pulse **Salir**.", HEAD + "Press **Leave**.",
     ("places-differ", "docs/en/a.md", 5)),
    (check_shared_keys, HEAD, HEAD.replace("guide", "faq"), ("key-differs", "docs/en/a.md", 2)),
    (check_changes, HEAD.replace("---\n", "---\nchanged: [{date: 2026-11-20, note: Se publica.}]\n", 1), HEAD,
     ("changed-days-differ", "docs/en/a.md", 1)),
    (check_fresh, HEAD, HEAD.replace("---\n", '---\ntranslates: "00000000"\n', 1),
     ("translation-stale", "docs/en/a.md", 2)),
])
def test_a_bad_pair_is_named(check: Callable[..., Iterator[Problem]], spanish: str, english: str | None, at: At, write_docs: WriteDocs) -> None:
    files = {"es/a.md": spanish, **({"en/a.md": english} if english else {})}
    assert [problem.at for problem in check(write_docs(files))] == [at]


def test_steps_that_change_places_is_named(write_docs: WriteDocs) -> None:
    docs = write_docs({"es/a.md": HEAD + "1. Entre[^x].\n2. Salga.", "en/a.md": HEAD + "1. Leave.\n2. Go in[^x]."})
    assert [problem.at for problem in check_places(docs)] == [
        ("places-differ", "docs/en/a.md", 5),
        ("places-differ", "docs/en/a.md", 6)]


def test_the_checked_line_does_not_age_a_translation() -> None:
    assert fingerprint("checked: 2026-11-20\nTexto") == fingerprint("checked: 2027-01-01\nTexto") != fingerprint("Otro")
