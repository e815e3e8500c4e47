"""Lists every rule that a finding may name, from the code itself, and keeps the list in CONTRIBUTING: python -m tools.rules."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.docs import ROOT

PAGE = ROOT / ".github/CONTRIBUTING.md"
START, END = "<!-- rules: make format writes this list -->", "<!-- /rules -->"
FOLDERS = ("tests", "tools")


def rules(root: Path = ROOT) -> dict[str, tuple[str, str]]:
    """By id: the promise of the module that checks it, and what its function asks for. The id is the last argument of each Problem."""
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(file for folder in FOLDERS for file in (root / folder).rglob("*.py") if "node_modules" not in file.parts):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            for rule in _named(function):
                asked = (ast.get_docstring(function) or ast.get_docstring(tree) or "").partition("\n")[0]
                found.setdefault(rule, (file.relative_to(root).as_posix(), asked))
    return dict(sorted(found.items(), key=lambda item: (item[1][0], item[0])))


def _named(function: ast.FunctionDef) -> list[str]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem"]
    last = [call.args[-1] for call in calls if call.args]
    return [node.value for node in last if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def listed() -> str:
    """The list as Markdown, one line for each check, with the rules that it may name."""
    by_check: dict[tuple[str, str], list[str]] = {}
    for rule, check in rules().items():
        by_check.setdefault(check, []).append(f"`{rule}`")
    return "\n".join(f"- {', '.join(names)}: {asked}" for (_, asked), names in by_check.items())


def written(text: str) -> str:
    """The page with the list of today between its marks. Raises ValueError when the marks are gone."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f".github/CONTRIBUTING.md:1: the marks of the list of rules are gone. Fix: put {START} and {END} back.")
    return f"{before}{START}\n\n{listed()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
