"""Promise: `make watch` says what is wrong after each change, and ends quietly."""

from __future__ import annotations

from pathlib import Path

from tools.author.watch import watch
from tools.docs import WriteDocs

PAGE = "---\ntype: retired\ntitle: Una guía\ndescription: Qué hacer con la clave.\nproblem: a\nmoved: b\nchecked: 2026-11-20\n---\nTexto.\n"


def test_a_change_is_reported_and_ctrl_c_ends(write_docs: WriteDocs, tmp_path: Path) -> None:
    write_docs({"es/a.md": PAGE})
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if len(said) == 2:
            raise KeyboardInterrupt
        (tmp_path / "docs/es/a.md").write_text(PAGE.replace("Texto", "Simplemente espere"), encoding="utf-8")

    watch(tmp_path, say)
    sentence = "docs/es/a.md:9: 'Simplemente' is a word to avoid: who is stuck feels blamed. Fix: write nothing instead."
    assert sentence not in said[0] and sentence in said[1]
