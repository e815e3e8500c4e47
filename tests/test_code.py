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
from tools.finding import At, Expect, Problem

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
        yield Problem(name, 0, f"the module has {lines} lines, more than {LONGEST_MODULE}", "move what stands alone into a module of its own", "module-too-long")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (size := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION:
            yield Problem(name, node.lineno, f"'{node.name}' has {size} lines, more than {LONGEST_FUNCTION}", "give its parts names", "function-too-long")


def check_imports(name: str, text: str, hooks: set[str]) -> Iterator[Problem]:
    """Hooks import data, output, wording and words and never each other, tools or tests; tools import neither hooks nor tests, tests no hooks; so nothing goes round in a circle."""
    inside, tool = name.startswith("overrides/"), name.startswith("tools/")
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for module in [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]:
            top = module.partition(".")[0]
            if inside and top in ("tests", "tools") or tool and top == "tests" or not inside and top in hooks:
                yield Problem(name, node.lineno, f"it imports '{module}' from the other side of the built site", "read the sources or the built site instead", "import-across")
            elif inside and top in hooks - SHARED:
                yield Problem(name, node.lineno, f"it imports the hook '{module}'", "move what both need to data.py, output.py, wording.py or words.py", "import-between-hooks")


def check_json(output: str, root: Path = ROOT) -> Iterator[Problem]:
    """ESLint's findings."""
    for file in json.loads(output):
        for message in file["messages"]:
            yield Problem(shown(Path(file["filePath"]), root), message.get("line", 0), f"ESLint: {message['message'].rstrip('.')}", f"see ESLint's rule {message['ruleId']}", "eslint")


def check_lines(output: str, tool: str) -> Iterator[Problem]:
    """Findings of a tool that prints `path:line: text` or `path:line:column: text`."""
    for line in output.splitlines():
        path, _, rest = line.partition(":")
        number, _, text = rest.partition(":")
        if path.endswith(".py") and number.isdigit() and " note: " not in f" {text}":
            column, _, after = text.partition(":")
            yield Problem(path, int(number), f"{tool}: {(after if column.strip().isdigit() else text).strip().rstrip('.')}", "correct the code; make check shows it again", "python-lint")


def check_picture(svg: str, hooks: list[str], root: Path = ROOT) -> Iterator[Problem]:
    """The picture of README shows each step of the build once, and folders that exist."""
    tree = etree.fromstring(svg.encode())
    shown_hooks = [str(name) for name in tree.xpath("//@data-hook")]
    for name in sorted({*hooks, *shown_hooks}):
        if shown_hooks.count(name) != hooks.count(name):
            yield Problem(PICTURE, 0, f"it shows the step '{name}' {shown_hooks.count(name)} times, the build has {hooks.count(name)}", "draw the box, or remove it, and say in a few words what the step does", "picture-step")
    for name in tree.xpath("//@data-path"):
        for path in str(name).split(", "):
            if path != "site" and not (root / path).is_dir():
                yield Problem(PICTURE, 0, f"there is no folder '{path}'", "correct the box", "picture-folder")


def test_picture(expect_none: Expect) -> None:
    """Against the hooks that mkdocs.yml names."""
    hooks = re.findall(r"^  - overrides/hooks/(\w+)\.py$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(hooks) == len(set(hooks)) > 15
    expect_none(check_picture((ROOT / PICTURE).read_text(encoding="utf-8"), hooks))


def test_an_old_picture_is_named(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><g data-hook="a"/><g data-path="nowhere"/></svg>'
    assert [problem.at for problem in check_picture(svg, ["a", "b"], tmp_path)] == [
        ("picture-step", ".github/way.svg", 0),
        ("picture-folder", ".github/way.svg", 0)]


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


def test_a_bad_script_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("const a = 1\nvar b = nobody\n", encoding="utf-8")
    assert [problem.sentence for problem in check_json(eslint(tmp_path), tmp_path)][-1] == "a.js:2: ESLint: 'nobody' is not defined. Fix: see ESLint's rule no-undef."


@pytest.mark.parametrize(("text", "at"), [
    ("def f():\n" + "    a = 1\n" * 30, ("function-too-long", "overrides/hooks/a.py", 1)),
    ("a = 1\n" * 301, ("module-too-long", "overrides/hooks/a.py", 0)),
])
def test_a_long_text_is_named(text: str, at: At) -> None:
    assert [problem.at for problem in check_sizes("overrides/hooks/a.py", text)] == [at]


@pytest.mark.parametrize(("name", "text", "at"), [
    ("overrides/hooks/a.py", "import frame", ("import-between-hooks", "overrides/hooks/a.py", 1)),
    ("overrides/hooks/a.py", "from tests.kit import site", ("import-across", "overrides/hooks/a.py", 1)),
    ("tests/test_a.py", "import data", ("import-across", "tests/test_a.py", 1)),
])
def test_a_wrong_import_is_named(name: str, text: str, at: At) -> None:
    assert [problem.at for problem in check_imports(name, text, {"data", "wording", "output", "frame", "a"})] == [at]


@pytest.mark.parametrize(("output", "at"), [
    ("a.py:3: error: No [x]\n", ("python-lint", "a.py", 3)),
    ("a.py:3:7: F401 unused.\nFound 1 error.\n", ("python-lint", "a.py", 3)),
])
def test_what_a_tool_prints_becomes_one_sentence(output: str, at: At) -> None:
    assert [problem.at for problem in check_lines(output, "mypy")] == [at]
