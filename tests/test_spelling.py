"""Promise: no word that readers or contributors see is misspelt, in Spanish or English; what is looked at says tests/cspell.config.yml."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.docs import ROOT
from tools.finding import Expect, Problem

CSPELL = ROOT / "tests/node_modules/.bin/cspell"
CONFIG = ROOT / "tests/cspell.config.yml"
WORDS = ROOT / "tools/rules/data/words"
FILES = ("docs/es/**/*.md", "docs/en/**/*.md", "docs/data/strings/*.yml", "docs/data/{facts,groups,diagnosis}.yml", "*.md", ".github/*.md")
ADVICE = "tests/node_modules:1: the spelling checker is not there. Fix: install Node.js, then run make tests/node_modules."
LANGUAGES = {"es": "Spanish", "en": "English"}
REPORT = ("--no-progress", "--no-summary", "--no-cache", "--dot", "--issue-template", "$filename\t$row\t$text")
FOUND = re.compile(r"^(.+)\t(\d+)\t(.+)$", re.MULTILINE)


def check_spelling(root: Path) -> Iterator[Problem]:
    """Every word is in a dictionary or in the project's own list. Raises RuntimeError when cspell could not look at anything."""
    done = subprocess.run([str(CSPELL), "--config", str(CONFIG), "--root", str(root), *REPORT, *FILES], check=False, cwd=root, capture_output=True, text=True)
    found = FOUND.findall(done.stdout)
    if done.returncode and not found:
        raise RuntimeError(done.stderr or done.stdout)
    for path, line, word in found:
        lang = next((lang for lang in LANGUAGES if lang in re.split(r"[/.]", path)), "")
        yield Problem(path, int(line), f"'{word}' is not a word in {LANGUAGES.get(lang, 'either language')}",
                      f"correct it, or add it to tools/rules/data/words/{lang or 'es.txt or en'}.txt (a name: names.txt)", "misspelt")


@pytest.fixture(scope="module")
def cspell() -> None:
    if not (CSPELL.exists() and shutil.which("node")):
        pytest.fail(ADVICE, pytrace=False)


def test_spelling(cspell: None, expect_none: Expect) -> None:
    expect_none(check_spelling(ROOT))


def check_lists(folder: Path) -> Iterator[Problem]:
    """The lists of words are sorted, one word to a line, each once."""
    for file in sorted(folder.glob("*.txt")):
        words = file.read_text(encoding="utf-8").splitlines()
        wanted = sorted(set(words), key=lambda word: (word.casefold(), word))
        for number, (word, right) in enumerate(zip(words, [*wanted, *words[len(wanted):]]), 1):
            if word != right:
                yield Problem(f"tools/rules/data/words/{file.name}", number, f"'{word}' stands out of order or twice", "run make format", "word-list-order")
                break


def test_lists(expect_none: Expect) -> None:
    expect_none(check_lists(WORDS))


BAD = {
    "docs/es/a.md": "---\ntype: guide\ntitle: Su clabe\nphrases:\n  - olvide mi clabe\n---\nLa clave[^clabe]. Pulse **Clabe** o `clabe`.\n",
    "docs/en/a.md": "Your passwrod: «su clabe», **Clabe**, “la clabe” (the key).\n",
    "docs/data/strings/es.yml": "# Words of the frame\ncorreo: Abra su celluar.\n",
    "README.md": "A guide. Una guía. Una giua.\n",
}


def test_bad_documents_is_named(cspell: None, tmp_path: Path) -> None:
    for name, text in BAD.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    advice = "is not a word in {}. Fix: correct it, or add it to tools/rules/data/words/{}.txt (a name: names.txt)."
    assert sorted(problem.sentence for problem in check_spelling(tmp_path)) == [
        "README.md:1: 'giua' " + advice.format("either language", "es.txt or en"), "docs/data/strings/es.yml:2: 'celluar' " + advice.format("Spanish", "es"),
        "docs/en/a.md:1: 'passwrod' " + advice.format("English", "en"), "docs/es/a.md:3: 'clabe' " + advice.format("Spanish", "es"),
        "docs/es/a.md:7: 'Clabe' " + advice.format("Spanish", "es")]


def test_a_list_out_of_order_is_named(tmp_path: Path) -> None:
    (tmp_path / "es.txt").write_text("b\na\n", encoding="utf-8")
    assert [problem.at for problem in check_lists(tmp_path)] == [("word-list-order", "tools/rules/data/words/es.txt", 1)]
