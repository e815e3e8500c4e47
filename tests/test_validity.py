"""Promise: every page, stylesheet and drawing of the site is valid, so that no browser or reader has to guess."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.kit.problem import Expect, Problem
from tests.kit.site import Site
from tests.kit.source import ROOT

JAR = ROOT / "tests/node_modules/vnu-jar/build/dist/vnu.jar"
KINDS = {".html", ".svg", ".css"}
ADVICE = "Java was not found. Fix: install it (Debian: default-jre-headless), then run make test again."


def check_valid(root: Path) -> Iterator[Problem]:
    """What the Nu HTML checker calls an error in any page, stylesheet or drawing below `root`; it starts once for all of them."""
    files = sorted(str(file) for file in root.rglob("*") if file.suffix in KINDS)
    command = ["java", "-jar", str(JAR), "--errors-only", "--format", "json", "--exit-zero-always", "--also-check-css", "--also-check-svg", *files]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stderr)
    for message in report["messages"]:
        name = Path(unquote(urlsplit(message["url"]).path)).relative_to(root).as_posix()
        # With --also-check-css the checker counts the lines of all other files from 0.
        line = message.get("lastLine", 0) + (not name.endswith(".css"))
        yield Problem(f"site/{name}", line, message["message"].rstrip("."), "correct the template or overrides/hooks/frame.py")


@pytest.fixture(scope="module")
def java() -> None:
    if not shutil.which("java"):
        pytest.fail(ADVICE, pytrace=False)


@pytest.mark.slow
def test_every_file(java: None, site: Site, expect_none: Expect) -> None:
    expect_none(check_valid(site.root))


@pytest.mark.parametrize(("name", "text", "sentence"), [
    ("a.html", '<!doctype html><html lang="es"><head><title>A</title></head><body><p id="x">x</p><p id="x">x</p></body></html>',
     "site/a.html:1: Duplicate ID “x”. Fix: correct the template or overrides/hooks/frame.py."),
    ("a.css", "p { colour: red }", "site/a.css:1: CSS: “colour”: Property “colour” doesn't exist. Fix: correct the template or overrides/hooks/frame.py."),
])
def test_a_bad_file_gets_one_sentence(java: None, name: str, text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert [str(problem) for problem in check_valid(tmp_path)] == [sentence]
