"""Promise: `make fix` mends what needs no thought, once, and confirms a translation only when somebody says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.author.fix import confirm, on_terminal, order_keys, ordered
from tools.docs import Page, WriteDocs
from tools.rules.translations import fingerprint

SPANISH = '---\nchecked: 2026-11-20\nphrases:\n  - a\n  - b\ntitle: "Una guía"\ntype: guide\n---\nTexto: sí.\n\n---\n\ntype: x\n'
ENGLISH = '---\ntype: guide\ntitle: "A guide"\nchecked: 2026-11-20\ntranslates: "00000000"\n---\nText.\n'


def test_keys_are_put_in_order_and_stay_so() -> None:
    wanted = '---\ntype: guide\ntitle: "Una guía"\nphrases:\n  - a\n  - b\nchecked: 2026-11-20\n---\nTexto: sí.\n\n---\n\ntype: x\n'
    assert ordered(SPANISH) == wanted == ordered(wanted)


def test_a_page_without_front_matter_stays() -> None:
    assert ordered("Texto.\n") == "Texto.\n"


def test_pages_are_mended_in_place(write_docs: WriteDocs, tmp_path: Path) -> None:
    write_docs({"es/a.md": SPANISH, "en/a.md": ENGLISH})
    assert order_keys(tmp_path) == ["docs/es/a.md"]
    assert order_keys(tmp_path) == []


def test_a_translation_is_confirmed_once(write_docs: WriteDocs, tmp_path: Path) -> None:
    write_docs({"es/a.md": SPANISH, "en/a.md": ENGLISH})
    asked: list[tuple[str, str]] = []

    def ask(spanish: Page, english: Page) -> bool:
        asked.append((spanish.shown, english.shown))
        return len(asked) > 1

    assert confirm(tmp_path, ask) == ([], ["docs/en/a.md"])
    assert (tmp_path / "docs/en/a.md").read_text(encoding="utf-8") == ENGLISH
    assert confirm(tmp_path, ask) == (["docs/en/a.md"], [])
    assert f'translates: "{fingerprint(SPANISH)}"' in (tmp_path / "docs/en/a.md").read_text(encoding="utf-8")
    assert confirm(tmp_path, ask) == ([], [])
    assert asked == [("docs/es/a.md", "docs/en/a.md")] * 2


@pytest.mark.parametrize(("yes", "answer"), [("1", True), ("", False)])
def test_without_a_terminal_only_yes_confirms(yes: str, answer: bool, monkeypatch: pytest.MonkeyPatch, write_docs: WriteDocs) -> None:
    monkeypatch.setenv("YES", yes)
    monkeypatch.setattr("sys.stdin", open("/dev/null", encoding="utf-8"))  # noqa: SIM115
    spanish, english = next(write_docs({"es/a.md": SPANISH, "en/a.md": ENGLISH}).pairs())
    assert on_terminal(spanish, english) is answer
