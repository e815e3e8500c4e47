"""Creates a problem from the template, its next code and its published addresses: python -m tools.author.problem <id>."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import yaml

from tools import day
from tools.docs import LANGUAGES, ROOT


def check_id(name: str, example: str) -> None:
    """Raise ValueError when `name` is not an id; `example` ends a make command that would work."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"'{name}' is not an id. Fix: use small letters, digits and hyphens, as in make {example}.")


def create(problem: str, root: Path = ROOT, today: date | None = None) -> list[str]:
    """Write both pages, the code and the addresses. Returns the files written; raises ValueError when the id cannot be used."""
    check_id(problem, "problem ID=clave-bloqueada")
    codes_file, published = root / "docs/data/codes.yml", root / "docs/data/addresses.txt"
    codes = yaml.safe_load(codes_file.read_text(encoding="utf-8"))
    if problem in codes.values():
        raise ValueError(f"'{problem}' already exists. Fix: edit docs/es/problemas/{problem}.md, or choose another id.")
    code = f"{max(map(int, codes)) + 1:02d}"
    codes_file.write_text(codes_file.read_text(encoding="utf-8") + f'"{code}": {problem}\n', encoding="utf-8")
    for lang in LANGUAGES:
        template = (ROOT / f"tools/author/problem.{lang}.md").read_text(encoding="utf-8")
        text = template.replace("ID", problem).replace("TODAY", (today or day.today()).isoformat())
        (root / f"docs/{lang}/problemas/{problem}.md").write_text(text, encoding="utf-8")
    lines = [*published.read_text(encoding="utf-8").splitlines(), f"e/{code}/ -> problemas/{problem}/", f"en/problemas/{problem}/", f"problemas/{problem}/"]
    published.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    return [f"docs/{lang}/problemas/{problem}.md" for lang in LANGUAGES] + ["docs/data/codes.yml", "docs/data/addresses.txt"]


if __name__ == "__main__":
    try:
        written = create(sys.argv[1] if len(sys.argv) > 1 else "")
    except ValueError as error:
        sys.exit(str(error))
    print("\n".join(["Written:", *written, "Now fill in every PENDIENTE and PENDING, add an answer to docs/data/diagnosis.yml, and run make check."]))
