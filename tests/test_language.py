"""Promise: each page speaks its own language throughout, without words that hurt or slow readers, and English keeps the portal's labels verbatim."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tools.docs import Docs, WriteDocs
from tools.finding import At, Expect, Problem
from tools.rules.language import AVOID, CHECKS, _patterns, check_avoided, check_labels, check_right_language


@pytest.mark.parametrize("check", CHECKS)
def test_language(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


def page(body: str, title: str = "Una guía") -> str:
    return f"---\ntype: guide\ntitle: {title}\nphrases: [mi contraseña]\n---\n{body}\n"


@pytest.mark.parametrize(("check", "files", "at"), [
    (check_avoided, {"es/a.md": page("Escriba su contraseña, clave (contraseña) o «contraseña».")},
     ("word-to-avoid", "docs/es/a.md", 6)),
    (check_avoided, {"es/a.md": page("Pulse.\nSolo tiene que esperar.")},
     ("word-to-avoid", "docs/es/a.md", 7)),
    (check_avoided, {"es/a.md": page("Texto.", title="Abra tu correo")}, ("word-to-avoid", "docs/es/a.md", 3)),
    (check_avoided, {"en/a.md": page("Just wait; **just** is a label.")}, ("word-to-avoid", "docs/en/a.md", 6)),
    (check_avoided, {"data/strings/es.yml": "mail: Haga clic.\n"},
     ("word-to-avoid", "docs/data/strings/es.yml", 1)),
    (check_labels, {"es/a.md": page("Pulse **Desbloqueo de Clave**."), "en/a.md": page("Press **Desbloqueo de clave** (unlock).")},
     ("label-changed", "docs/en/a.md", 6)),
    (check_right_language, {"es/a.md": page("## A {#a}\n\nAsk them to unlock it for you.")},
     ("wrong-language", "docs/es/a.md", 8)),
    (check_right_language, {"en/a.md": page("## Cómo saber si se hizo en la oficina {#a}")},
     ("wrong-language", "docs/en/a.md", 6)),
])
def test_a_bad_page_is_named(check: Callable[[Docs], Iterator[Problem]], files: dict[str, str], at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check(write_docs(files))] == [at]


def test_every_rule_can_fail() -> None:
    """Each rule says what to write and why, and its pattern compiles to something that does not match nothing."""
    rules: list[Any] = [rule for lang in AVOID for rule in _patterns(lang)]
    assert all(set(rule) == {"words", "instead", "reason"} and not pattern.search("") for pattern, rule in rules)
