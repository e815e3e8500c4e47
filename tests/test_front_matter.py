"""Promise: every page says what it is, in the same form; nothing unknown, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from tools.docs import Docs, WriteDocs
from tools.finding import At, Expect, Problem
from tools.rules.front_matter import CHECKS, check_changes, check_dates, check_finished, check_letters, check_names, check_order, check_readable, check_schema, check_unique


@pytest.mark.parametrize("check", CHECKS)
def test_front_matter(check: Callable[[Docs], Iterator[Problem]], docs: Docs, expect_none: Expect) -> None:
    expect_none(check(docs))


GOOD: dict[str, Any] = {"type": "guide", "title": "Una guía", "description": "Qué hacer con la clave.", "checked": "2026-11-20"}


def page(**changes: Any) -> str:
    meta = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return f"---\n{yaml.safe_dump(meta, sort_keys=False, allow_unicode=True)}---\nTexto.\n"


@pytest.mark.parametrize(("check", "files", "at"), [
    (check_readable, {"es/a.md": "Texto sin cabecera.\n"},
     ("front-matter-open", "docs/es/a.md", 1)),
    (check_readable, {"es/a.md": "---\ntype: guide\ntitle: [\n---\nTexto.\n"},
     ("yaml-invalid", "docs/es/a.md", 4)),
    (check_readable, {"es/a.md": "---\nsolo texto\n---\nTexto.\n"},
     ("front-matter-not-mapping", "docs/es/a.md", 2)),
    (check_schema, {"es/a.md": page(autor="Ana")}, ("front-matter-schema", "docs/es/a.md", 1)),
    (check_schema, {"es/a.md": page(description=None)},
     ("front-matter-schema", "docs/es/a.md", 1)),
    (check_schema, {"es/a.md": page(description="x" * 111)}, ("front-matter-schema", "docs/es/a.md", 4)),
    (check_schema, {"es/a.md": page(phrases=["a", "b", "c", "d"])},
     ("front-matter-schema", "docs/es/a.md", 1)),
    (check_schema, {"en/a.md": page()}, ("translates-missing", "docs/en/a.md", 1)),
    (check_order, {"es/a.md": "---\ntype: guide\nchecked: 2026-11-20\ntitle: Una guía\n---\nTexto.\n"},
     ("front-matter-order", "docs/es/a.md", 3)),
    (check_names, {"es/a.md": page(type="problem", problem="b")}, ("problem-id-not-file", "docs/es/a.md", 6)),
    (check_names, {"es/a.md": page(group="nada")},
     ("group-unknown", "docs/es/a.md", 6)),
    (check_names, {"es/a.md": page(related=["nada"])},
     ("path-unknown", "docs/es/a.md", 6)),
    (check_unique, {"es/a.md": page(), "es/b.md": page(description="Otra cosa bien distinta.")},
     ("value-twice", "docs/es/b.md", 3)),
    (check_schema, {"es/a.md": page(changed=[{"date": "2026-11-20"}])},
     ("front-matter-schema", "docs/es/a.md", 6)),
    (check_schema, {"es/a.md": page(changed=[{"date": "2026-11-20", "note": "x" * 141}])}, ("front-matter-schema", "docs/es/a.md", 6)),
    (check_schema, {"es/a.md": page(changed=[{"date": f"2026-11-{day}", "note": "Se publica la guía."} for day in (14, 13, 12, 11)])},
     ("front-matter-schema", "docs/es/a.md", 6)),
    (check_changes, {"es/a.md": page(changed=[{"date": "2026-02-30", "note": "Se publica la guía."}])},
     ("changed-day-invalid", "docs/es/a.md", 6)),
    (check_changes, {"es/a.md": page(changed=[{"date": "2026-11-21", "note": "Se publica la guía."}])},
     ("changed-after-checked", "docs/es/a.md", 6)),
    (check_changes, {"es/a.md": page(changed=[{"date": "2026-11-19", "note": "Se publica."}, {"date": "2026-11-20", "note": "Se corrige."}])},
     ("changed-order", "docs/es/a.md", 6)),
    (check_finished, {"es/a.md": page(title="PENDIENTE: título")}, ("unfinished", "docs/es/a.md", 3)),
    (check_letters, {"es/a.md": page() + "Ciérrelo 🔒."}, ("sign-unreadable", "docs/es/a.md", 8)),
    (check_letters, {"es/a.md": page() + "Su c\ufffddula."}, ("sign-unreadable", "docs/es/a.md", 8)),
    (check_dates, {"es/a.md": page(checked="2999-01-01")}, ("checked-in-future", "docs/es/a.md", 5)),
])
def test_a_bad_page_is_named(check: Callable[..., Iterator[Problem]], files: dict[str, str], at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check(write_docs(files))] == [at]
