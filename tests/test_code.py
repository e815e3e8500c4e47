"""Promise: the project's own code stays small, typed and readable; ruff, mypy and ESLint have nothing to say."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tools.docs import ROOT
from tools.finding import Expect, Problem

LONGEST_FUNCTION, LONGEST_MODULE = 30, 300
# What every hook may import of the others.
SHARED = {"data", "output", "wording", "words"}
PICTURE = ".github/way.svg"
SCRIPTS = "docs/assets/javascripts"
MODULES = [*sorted((ROOT / "overrides").rglob("*.py")), *sorted((ROOT / "tools").rglob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))]


def shown(file: Path, root: Path = ROOT) -> str:
    return file.relative_to(root).as_posix()


def ours(files: list[Path]) -> list[Path]:
    return [file for file in files if "node_modules" not in file.parts]


def check_sizes(name: str, text: str) -> Iterator[Problem]:
    """No function over 30 lines, its docstring and comments not counted as an excuse; no module over 300."""
    if (lines := text.count("\n")) > LONGEST_MODULE:
        yield Problem(name, 0, f"the module has {lines} lines, more than {LONGEST_MODULE}", "move what stands alone into a module of its own")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (size := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION:
            yield Problem(name, node.lineno, f"'{node.name}' has {size} lines, more than {LONGEST_FUNCTION}", "give its parts names")


def check_imports(name: str, text: str, hooks: set[str]) -> Iterator[Problem]:
    """Hooks import data, output, wording and words and never each other, tools or tests; tools import neither hooks nor tests, tests no hooks; so nothing goes round in a circle."""
    inside, tool = name.startswith("overrides/"), name.startswith("tools/")
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for module in [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]:
            top = module.partition(".")[0]
            if inside and top in ("tests", "tools") or tool and top == "tests" or not inside and top in hooks:
                yield Problem(name, node.lineno, f"it imports '{module}' from the other side of the built site", "read the sources or the built site instead")
            elif inside and top in hooks - SHARED:
                yield Problem(name, node.lineno, f"it imports the hook '{module}'", "move what both need to data.py, output.py, wording.py or words.py")


def check_json(output: str, root: Path = ROOT) -> Iterator[Problem]:
    """ESLint's findings."""
    for file in json.loads(output):
        for message in file["messages"]:
            yield Problem(shown(Path(file["filePath"]), root), message.get("line", 0), f"ESLint: {message['message'].rstrip('.')}", f"see ESLint's rule {message['ruleId']}")


def check_lines(output: str, tool: str) -> Iterator[Problem]:
    """Findings of a tool that prints `path:line: text` or `path:line:column: text`."""
    for line in output.splitlines():
        path, _, rest = line.partition(":")
        number, _, text = rest.partition(":")
        if path.endswith(".py") and number.isdigit() and " note: " not in f" {text}":
            column, _, after = text.partition(":")
            yield Problem(path, int(number), f"{tool}: {(after if column.strip().isdigit() else text).strip().rstrip('.')}", "correct the code; make check shows it again")


def check_picture(svg: str, hooks: list[str], root: Path = ROOT) -> Iterator[Problem]:
    """The picture of README shows each step of the build once, and folders that exist."""
    tree = etree.fromstring(svg.encode())
    shown_hooks = [str(name) for name in tree.xpath("//@data-hook")]
    for name in sorted({*hooks, *shown_hooks}):
        if shown_hooks.count(name) != hooks.count(name):
            yield Problem(PICTURE, 0, f"it shows the step '{name}' {shown_hooks.count(name)} times, the build has {hooks.count(name)}", "draw the box, or remove it, and say in a few words what the step does")
    for name in tree.xpath("//@data-path"):
        for path in str(name).split(", "):
            if path != "site" and not (root / path).is_dir():
                yield Problem(PICTURE, 0, f"there is no folder '{path}'", "correct the box")


def test_picture(expect_none: Expect) -> None:
    """Against the hooks that mkdocs.yml names."""
    hooks = re.findall(r"^  - overrides/hooks/(\w+)\.py$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(hooks) == len(set(hooks)) > 15
    expect_none(check_picture((ROOT / PICTURE).read_text(encoding="utf-8"), hooks))


def test_an_old_picture_gets_one_sentence(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><g data-hook="a"/><g data-path="nowhere"/></svg>'
    assert [str(problem) for problem in check_picture(svg, ["a", "b"], tmp_path)] == [
        f"{PICTURE}: it shows the step 'b' 0 times, the build has 1. Fix: draw the box, or remove it, and say in a few words what the step does.",
        f"{PICTURE}: there is no folder 'nowhere'. Fix: correct the box."]


def test_sizes(expect_none: Expect) -> None:
    expect_none(problem for file in ours(MODULES) for problem in check_sizes(shown(file), file.read_text(encoding="utf-8")))


def test_imports(expect_none: Expect) -> None:
    hooks = {file.stem for file in (ROOT / "overrides/hooks").glob("*.py")}
    assert SHARED <= hooks
    expect_none(problem for file in ours(MODULES) for problem in check_imports(shown(file), file.read_text(encoding="utf-8"), hooks))


@pytest.mark.parametrize(("tool", "command"), [("mypy", ["mypy", "--no-error-summary"]), ("ruff", ["ruff", "check", "--output-format=concise", "--no-cache"])])
def test_python(tool: str, command: list[str], expect_none: Expect) -> None:
    """Both read their settings in pyproject.toml."""
    run = subprocess.run([sys.executable, "-m", *command], check=False, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    expect_none(check_lines(run.stdout, tool))
    assert run.returncode == 0, run.stdout + run.stderr


def eslint(folder: Path) -> str:
    """ESLint's report on the scripts in a folder, as JSON."""
    command: list[str | Path] = [ROOT / "tests/node_modules/.bin/eslint", "--config", ROOT / "tests/eslint.config.mjs", "--format", "json", "."]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, encoding="utf-8").stdout


def test_scripts(expect_none: Expect) -> None:
    output = eslint(ROOT / SCRIPTS)
    assert len(json.loads(output)) == len(list((ROOT / SCRIPTS).rglob("*.js")))
    expect_none(check_json(output))


def test_a_bad_script_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("const a = 1\nvar b = nobody\n", encoding="utf-8")
    assert [str(problem) for problem in check_json(eslint(tmp_path), tmp_path)][-1] == "a.js:2: ESLint: 'nobody' is not defined. Fix: see ESLint's rule no-undef."


@pytest.mark.parametrize(("text", "sentence"), [
    ("def f():\n" + "    a = 1\n" * 30, "overrides/hooks/a.py:1: 'f' has 31 lines, more than 30. Fix: give its parts names."),
    ("a = 1\n" * 301, "overrides/hooks/a.py: the module has 301 lines, more than 300. Fix: move what stands alone into a module of its own."),
])
def test_a_long_text_gets_one_sentence(text: str, sentence: str) -> None:
    assert [str(problem) for problem in check_sizes("overrides/hooks/a.py", text)] == [sentence]


@pytest.mark.parametrize(("name", "text", "sentence"), [
    ("overrides/hooks/a.py", "import frame", "overrides/hooks/a.py:1: it imports the hook 'frame'. Fix: move what both need to data.py, output.py, wording.py or words.py."),
    ("overrides/hooks/a.py", "from tests.kit import site", "overrides/hooks/a.py:1: it imports 'tests.kit' from the other side of the built site. Fix: read the sources or the built site instead."),
    ("tests/test_a.py", "import data", "tests/test_a.py:1: it imports 'data' from the other side of the built site. Fix: read the sources or the built site instead."),
])
def test_a_wrong_import_gets_one_sentence(name: str, text: str, sentence: str) -> None:
    assert [str(problem) for problem in check_imports(name, text, {"data", "wording", "output", "frame", "a"})] == [sentence]


@pytest.mark.parametrize(("output", "sentence"), [
    ("a.py:3: error: No [x]\n", "a.py:3: mypy: error: No [x]. Fix: correct the code; make check shows it again."),
    ("a.py:3:7: F401 unused.\nFound 1 error.\n", "a.py:3: mypy: F401 unused. Fix: correct the code; make check shows it again."),
])
def test_what_a_tool_prints_becomes_one_sentence(output: str, sentence: str) -> None:
    assert [str(problem) for problem in check_lines(output, "mypy")] == [sentence]
