"""Promise: the project's own code stays small, typed and readable; ruff, mypy and ESLint have nothing to say."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tools.docs import ROOT
from tools.finding import At, Expect, Problem
from tools.picture import BUILD, drawn, steps

LONGEST_FUNCTION, LONGEST_MODULE = 60, 300
# What each side may not import, and the stages of the build: each may import those before it.
FORBIDDEN = {"overrides": {"tools", "tests"}, "tools": {"tests", "guia", "build"}, "tests": {"guia", "build"}}
STAGES = ("lib", "markdown", "page", "files", "ship")
PICTURE = ".github/way.svg"
SCRIPTS = "docs/assets/javascripts"
MODULES = [*sorted((ROOT / "overrides").rglob("*.py")), *sorted((ROOT / "tools").rglob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))]


def shown(file: Path, root: Path = ROOT) -> str:
    return file.relative_to(root).as_posix()


def ours(files: list[Path]) -> list[Path]:
    return [file for file in files if "node_modules" not in file.parts]


def check_sizes(name: str, text: str) -> Iterator[Problem]:
    """No function over 60 lines, its docstring and comments not counted as an excuse; no module over 300."""
    if (lines := text.count("\n")) > LONGEST_MODULE:
        yield Problem(name, 0, f"the module has {lines} lines, more than {LONGEST_MODULE}", "move what stands alone into a module of its own", "module-too-long")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (size := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION:
            yield Problem(name, node.lineno, f"'{node.name}' has {size} lines, more than {LONGEST_FUNCTION}", "give its parts names", "function-too-long")


def check_imports(name: str, text: str) -> Iterator[Problem]:
    """Hooks import neither tools nor tests, tools neither hooks nor tests, tests no hooks; a step imports what lies in lib and, of its own stage or an earlier one, never build.py."""
    side = name.partition("/")[0]
    stage = name.removeprefix("overrides/hooks/guia/").partition("/")[0]
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for module in [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]:
            top, _, rest = module.partition(".")
            if top in FORBIDDEN[side]:
                yield Problem(name, node.lineno, f"it imports '{module}' from the other side of the built site", "read the sources or the built site instead", "import-across")
            elif top == "guia" and stage in STAGES and (below := rest.partition(".")[0]) in STAGES and STAGES.index(below) > STAGES.index(stage):
                yield Problem(name, node.lineno, f"the stage '{stage}' imports '{module}' of a later one", "move what both need to guia/lib", "import-between-stages")


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


def check_picture(svg: str, source: str, root: Path = ROOT) -> Iterator[Problem]:
    """README's picture is drawn from the lists of the build, and shows folders that exist."""
    if svg != drawn(source):
        yield Problem(PICTURE, 0, f"it is not what {BUILD} lists", "run make format, which draws it anew", "picture-step")
    for name in etree.fromstring(svg.encode()).xpath("//@data-path"):
        for path in str(name).split(", "):
            if path != "site" and not (root / path).is_dir():
                yield Problem(PICTURE, 0, f"there is no folder '{path}'", "correct SOURCES in tools/picture.py", "picture-folder")


def test_picture(expect_none: Expect) -> None:
    source = (ROOT / BUILD).read_text(encoding="utf-8")
    assert sum(map(len, steps(source).values())) > 20
    expect_none(check_picture((ROOT / PICTURE).read_text(encoding="utf-8"), source))


def test_an_old_picture_is_named(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><g data-path="nowhere"/></svg>'
    source = "".join(f"{name}: tuple[object, ...] = (a,  # first\n)\n" for name in ("MARKDOWN", "CONTENT", "CONTEXT", "PAGE", "FILES", "SHIP"))
    assert [problem.at for problem in check_picture(svg, source, tmp_path)] == [("picture-step", PICTURE, 0), ("picture-folder", PICTURE, 0)]


def test_sizes(expect_none: Expect) -> None:
    expect_none(problem for file in ours(MODULES) for problem in check_sizes(shown(file), file.read_text(encoding="utf-8")))


def test_imports(expect_none: Expect) -> None:
    assert {file.name for file in (ROOT / "overrides/hooks/guia").iterdir() if file.is_dir() and file.name != "__pycache__"} == set(STAGES)
    expect_none(problem for file in ours(MODULES) for problem in check_imports(shown(file), file.read_text(encoding="utf-8")))


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
    ("def f():\n" + "    a = 1\n" * 60, ("function-too-long", "overrides/hooks/a.py", 1)),
    ("a = 1\n" * 301, ("module-too-long", "overrides/hooks/a.py", 0)),
])
def test_a_long_text_is_named(text: str, at: At) -> None:
    assert [problem.at for problem in check_sizes("overrides/hooks/a.py", text)] == [at]


@pytest.mark.parametrize(("name", "text", "at"), [
    ("overrides/hooks/guia/page/a.py", "from guia.ship import styles", ("import-between-stages", "overrides/hooks/guia/page/a.py", 1)),
    ("overrides/hooks/a.py", "from tests.kit import site", ("import-across", "overrides/hooks/a.py", 1)),
    ("tools/a.py", "import tests", ("import-across", "tools/a.py", 1)),
    ("tests/test_a.py", "from guia.lib import data", ("import-across", "tests/test_a.py", 1)),
])
def test_a_wrong_import_is_named(name: str, text: str, at: At) -> None:
    assert [problem.at for problem in check_imports(name, text)] == [at]


@pytest.mark.parametrize(("output", "at"), [
    ("a.py:3: error: No [x]\n", ("python-lint", "a.py", 3)),
    ("a.py:3:7: F401 unused.\nFound 1 error.\n", ("python-lint", "a.py", 3)),
])
def test_what_a_tool_prints_becomes_one_sentence(output: str, at: At) -> None:
    assert [problem.at for problem in check_lines(output, "mypy")] == [at]
