"""Injures copies of the project, one small wound at a time, and tells which check notices: python -m tests.mutants [--named] [word …]."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

import yaml

from tools.docs import ROOT, PlainLoader
from tools.finding import Problem, listing
from tools.rules.translations import confirmed

LIST = "tests/mutants.yml"
BUILD = "test_build.py::test_build"
WORKERS = 2
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".build", "site", "node_modules", "__pycache__", ".*_cache")
LINKED = (".venv", "tests/node_modules")
NO_BROWSER = ("-m", "not browser", "--ignore=tests/test_mutants.py")
PULL_REQUEST, WEEKLY = "of a pull request", "once a week"
SENTENCE = re.compile(r"^(?:E +(?:AssertionError: )?)?([\w./-]+(?::\d+)?: \S.* Fix: .+)$", re.MULTILINE)
PAGE = re.compile(r"docs/(es|en)/(.+)\.md")
FAILED = re.compile(r"^(?:FAILED|ERROR) tests/(\S+?\.py(?:::\w+)?)", re.MULTILINE)


@dataclass(frozen=True)
class Mutant:
    """One injury. `edits`: {file, and old + new | append | bytes | remove}; `checks`: what should notice, below tests/; `shows`: files that a sentence may name instead."""

    name: str
    line: int
    level: str
    checks: list[str]
    edits: list[dict[str, Any]]
    shows: list[str]
    stale: bool = False

    @property
    def named(self) -> list[str]:
        """The injured files, and what they become: a page on the site and its translation."""
        names = [*self.shows]
        for file in (str(edit["file"]) for edit in self.edits):
            names.append(file)
            if page := PAGE.fullmatch(file):
                lang, path = page.groups()
                built = f"{'en/' if lang == 'en' else ''}{path}/index.html".replace("index/index", "index")
                names += [f"docs/{'es' if lang == 'en' else 'en'}/{path}.md", f"site/{built}"]
        return names


@dataclass(frozen=True)
class Outcome:
    """What became of an injury: the failed tests, the sentence that names it, and which run noticed; neither test nor sentence when it survived, no sentence when nobody named it."""

    mutant: Mutant
    tests: list[str]
    sentence: str
    # By the run of a pull request, or only by the weekly one, which looks at every page.
    when: str = PULL_REQUEST

    @property
    def problem(self) -> Problem | None:
        if not self.tests:
            return Problem(LIST, self.mutant.line, f"the injury «{self.mutant.name}» survives", f"sharpen {', '.join(self.mutant.checks)}", "injury-survives")
        if self.when != PULL_REQUEST:
            return Problem(LIST, self.mutant.line, f"the injury «{self.mutant.name}» is noticed only once a week", "let a page that every run looks at show it", "injury-weekly")
        if not self.sentence:
            return Problem(LIST, self.mutant.line, f"the injury «{self.mutant.name}» is noticed, but not by name", f"let {self.tests[0]} name the file and the fix", "injury-unnamed")
        return None


def read_mutants(root: Path = ROOT) -> list[Mutant]:
    """Every injury of the list, with its line."""
    text = (root / LIST).read_text(encoding="utf-8")
    listed = yaml.compose(text, PlainLoader)
    lines = [node.start_mark.line + 1 for node in listed.value] if listed else []
    return [Mutant(entry["name"], line, entry["level"], entry["checks"].split(), entry.get("edits") or [entry], entry.get("shows", "").split(), entry.get("stale", False))
            for entry, line in zip(yaml.load(text, PlainLoader), lines)]


def check_fits(mutants: list[Mutant], root: Path = ROOT) -> Iterator[Problem]:
    """Every text that an injury changes is there, so that the list cannot rot."""
    for mutant in mutants:
        for edit in mutant.edits:
            file = root / edit["file"]
            if "bytes" not in edit and not file.exists():
                yield Problem(LIST, mutant.line, f"«{mutant.name}» injures {edit['file']}, which is not there", "write the injury anew", "injury-file-missing")
            elif "old" in edit and edit["old"] not in file.read_text(encoding="utf-8"):
                yield Problem(LIST, mutant.line, f"«{mutant.name}» changes a text that {edit['file']} does not hold", "write the injury anew", "injury-text-missing")
        for name in mutant.checks:
            if not (root / "tests" / name.partition("::")[0]).exists():
                yield Problem(LIST, mutant.line, f"«{mutant.name}» counts on tests/{name}, which is not there", "name the test that should notice", "injury-test-missing")


@contextmanager
def injured(copy: Path, mutant: Mutant) -> Iterator[None]:
    """The copy with its wound, which is healed afterwards. Who injures a Spanish page also claims to have translated it anew."""
    before: dict[Path, bytes | None] = {}
    for edit in mutant.edits:
        file = copy / edit["file"]
        before.setdefault(file, file.read_bytes() if file.exists() else None)
        injure(file, edit)
        english = copy / edit["file"].replace("docs/es/", "docs/en/", 1)
        if english != file and file.exists() and english.exists() and not mutant.stale:
            before.setdefault(english, english.read_bytes())
            english.write_text(confirmed(english.read_text(encoding="utf-8"), file.read_text(encoding="utf-8")), encoding="utf-8")
    try:
        yield
    finally:
        for file, content in before.items():
            file.unlink(missing_ok=True) if content is None else file.write_bytes(content)


def injure(file: Path, edit: dict[str, Any]) -> None:
    """One wound: a text replaced (its first place, or each with `all`), added at the end or removed with its file, or a file of so many bytes."""
    if "bytes" in edit:
        file.write_bytes(os.urandom(edit["bytes"]))
    elif edit.get("remove"):
        file.unlink()
    elif "append" in edit:
        file.write_text(file.read_text(encoding="utf-8") + edit["append"], encoding="utf-8")
    else:
        file.write_text(file.read_text(encoding="utf-8").replace(edit["old"], edit["new"], -1 if edit.get("all") else 1), encoding="utf-8")


def run(copy: Path, *arguments: str, every: str = "") -> str:
    """What pytest says in a copy, or nothing when all is well; with `every` it looks at every page."""
    env = {name: value for name, value in os.environ.items() if name not in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY")} | {"EVERY": every}
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n0", *arguments], cwd=copy, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def treat(free: Queue[Path], mutant: Mutant, whole: bool) -> Outcome:
    """Injure a free copy and ask the named checks as a pull request runs them; when they are silent and `whole`, all that need no browser; at last the weekly run."""
    copy = free.get()
    named = [*([] if mutant.level == "browser" else NO_BROWSER), *(f"tests/{name}" for name in asked(mutant))]
    try:
        with injured(copy, mutant):
            said = run(copy, *named) or (run(copy, *NO_BROWSER) if whole else "")
            late = "" if said else run(copy, *named, every="1")
    finally:
        free.put(copy)
    found = [sentence for sentence in SENTENCE.findall(said or late) if any(name in sentence for name in mutant.named)]
    failed = list(dict.fromkeys(FAILED.findall(said or late))) or (["pytest"] if said or late else [])
    return Outcome(mutant, failed, found[0] if found else "", WEEKLY if late else PULL_REQUEST)


def asked(mutant: Mutant) -> list[str]:
    """The named checks and, because they are skipped when there is no site, that of the build."""
    return mutant.checks if mutant.level == "source" else list(dict.fromkeys([*mutant.checks, BUILD]))


@contextmanager
def copies(count: int) -> Iterator[list[Path]]:
    """Copies of the project without what is built or installed, which they share."""
    with tempfile.TemporaryDirectory() as folder:
        found = [Path(folder) / str(number) for number in range(count)]
        for copy in found:
            shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
            for name in LINKED:
                if (ROOT / name).exists():
                    (copy / name).symlink_to((ROOT / name).resolve())
        yield found


def outcomes(mutants: list[Mutant], whole: bool) -> Iterator[Outcome]:
    """Each injury's outcome, in the order of the list. Raises RuntimeError when the project is ill without any."""
    with copies(WORKERS) as made, ThreadPoolExecutor(WORKERS) as pool:
        checks = sorted({f"tests/{name}" for mutant in mutants for name in asked(mutant)})
        browser = any(mutant.level == "browser" for mutant in mutants)
        if said := run(made[0], *([] if browser else NO_BROWSER), *checks):
            raise RuntimeError(f"the checks fail without any injury: {' '.join(FAILED.findall(said)) or said[-300:]}. Fix: make test, then try again.")
        free: Queue[Path] = Queue()
        for copy in made:
            free.put(copy)
        yield from pool.map(lambda mutant: treat(free, mutant, whole), mutants)


def main(words: list[str]) -> int:
    """Print a row for each injury (of a level or with a word in its name) and what is to be mended, and return 1 when anything is. --named asks no other checks."""
    whole, words = "--named" not in words, [word for word in words if word != "--named"]
    mutants = [mutant for mutant in read_mutants() if not words or any(word == mutant.level or word in mutant.name for word in words)]
    problems = list(check_fits(mutants))
    fit = [mutant for mutant in mutants if mutant.line not in {problem.line for problem in problems}]
    print("| injury | noticed by | in the run | sentence |\n|---|---|---|---|", flush=True)
    try:
        for outcome in outcomes(fit, whole):
            row = (outcome.mutant.name, ", ".join(outcome.tests) or "SURVIVED", outcome.when if outcome.tests else "", outcome.sentence or ("caught, but not by name" if outcome.tests else ""))
            print("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |", flush=True)
            problems += [outcome.problem] if outcome.problem else []
    except RuntimeError as error:
        print(error)
        return 1
    print("\n".join(["", f"{len(mutants)} injuries, {len(problems)} to mend", *listing(problems)]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
