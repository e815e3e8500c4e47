"""Mends what needs no thought: spaces, quotation marks, accents, line ends and the order of the word lists: python -m tools.author.format."""

from __future__ import annotations

from pathlib import Path

from tools.docs import ROOT
from tools.text.typesetting import files, formatted


def sorted_words(text: str) -> str:
    """One word to a line, each once, in the order of the alphabet."""
    return "".join(f"{word}\n" for word in sorted(set(text.split()), key=lambda word: (word.casefold(), word)))


def run(root: Path = ROOT) -> list[str]:
    """Mend every file in place; the paths of those that changed. A file that is not UTF-8 is left for make check to name."""
    changed = []
    for file in [*files(root), *sorted(root.glob("tools/rules/data/words/*.txt"))]:
        path = file.relative_to(root).as_posix()
        try:
            text = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        wanted = sorted_words(text) if file.suffix == ".txt" else formatted(path, text)
        if wanted != text:
            file.write_bytes(wanted.encode("utf-8"))
            changed.append(path)
    return changed


if __name__ == "__main__":
    print("\n".join([f"Mended: {path}" for path in run()] or ["Nothing to mend."]))
