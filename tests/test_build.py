"""Promise: the site builds strictly, and what cannot be published stops it with one sentence and leaves the old site alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tools.docs import copy_small, read_docs
from tools.finding import At, Expect, Problem
from tools.site.built import Site, crash, findings


def test_build(built: tuple[Site | None, list[Problem]], expect_none: Expect) -> None:
    expect_none(built[1])


def mkdocs(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Build a copy of the project in `folder` as `make build` does."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", "out"]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **env})


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project with a few pages, in a folder with a space and an accent in its name."""
    folder = tmp_path / "copia con ñ"
    copy_small(folder)
    return folder


def damage(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first `old` in a file, which must be there."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def broken_front_matter(folder: Path) -> None:
    damage(folder, "docs/es/acerca.md", "title:", "title: [")


def yaml_error_in_the_ledger(folder: Path) -> None:
    damage(folder, "docs/data/facts.yml", "\nrecuperar-menu:\n", "\nrecuperar-menu: [\n")


def unknown_language(folder: Path) -> None:
    (folder / "docs/fr").mkdir()


def missing_data(folder: Path) -> None:
    (folder / "docs/data/sources.yml").unlink()


def unknown_fact(folder: Path) -> None:
    damage(folder, "docs/es/afiliado/desbloquear-clave.md", "[^desbloqueo-enlace-3-min]", "[^desbloqueo-enlace-3-mim]")


def unknown_block(folder: Path) -> None:
    damage(folder, "docs/es/problemas/index.md", "{{ problems }}", "{{ problem }}")


def unknown_source(folder: Path) -> None:
    damage(folder, "docs/data/facts.yml", "sources: [iess-unlock]", "sources: [iess-unlok]")


def no_title(folder: Path) -> None:
    damage(folder, "docs/en/acerca.md", "title:", "titel:")


def long_reply(folder: Path) -> None:
    damage(folder, "docs/es/problemas/clave-bloqueada.md", 'reply: "', 'reply: "' + "Lea esto. " * 40)


def no_reply(folder: Path) -> None:
    damage(folder, "docs/es/problemas/clave-bloqueada.md", "reply: ", "replay: ")


def sign_that_an_sms_lacks(folder: Path) -> None:
    damage(folder, "docs/data/strings/es.yml", "unofficial: No oficial.", "unofficial: No oficial ✓.")


@pytest.mark.parametrize(("injure", "where", "fix"), [
    (broken_front_matter, "docs/es/acerca.md:", "Fix: correct this line or the one above it."),
    (yaml_error_in_the_ledger, "docs/data/facts.yml:", "Fix: correct this line or the one above it."),
    (unknown_language, "docs/fr:1: this is not a folder of the site.", "or add the language to mkdocs.yml and overrides/hooks/guia/lib/data.py."),
    (missing_data, "docs/data/sources.yml:1: this file is missing.", "Fix: restore it, for example with git checkout docs/data/sources.yml."),
    (unknown_fact, "docs/es/afiliado/desbloquear-clave.md:", "Fix: write [^desbloqueo-enlace-3-min], the nearest id, or add the fact to docs/data/facts.yml."),
    (unknown_block, "docs/es/problemas/index.md:12: there is no block 'problem'.", "Fix: use one of"),
    (unknown_source, "docs/data/facts.yml:", "Fix: add it to docs/data/sources.yml."),
    (no_title, "docs/en/acerca.md:2: the front matter has no 'title'.", "Fix: add `title: …`."),
    (long_reply, "docs/es/problemas/clave-bloqueada.md:", "characters of 400. Fix: shorten 'reply' by "),
    (no_reply, "docs/es/problemas/clave-bloqueada.md:2: the front matter has no 'reply'.", "Fix: add `reply: …`."),
    (sign_that_an_sms_lacks, "docs/es/afiliado/desbloquear-clave.md:", "Fix: use a shorter SITE_URL, or keep docs/data/strings to the letters of an SMS."),
])
def test_bad_input_stops_the_build(injure: Callable[[Path], None], where: str, fix: str, copy: Path) -> None:
    injure(copy)
    run = mkdocs(copy)
    output = run.stdout + run.stderr
    found = [problem.sentence for problem in findings(output)]
    assert run.returncode == 1 and "Traceback" not in output
    assert len(found) == 1 and found[0].startswith(where) and fix in found[0], output


def test_publishing_without_an_address_fails(copy: Path) -> None:
    run = mkdocs(copy, PUBLISH="1", SITE_URL="", REPO_URL="")
    assert run.returncode == 1
    assert "mkdocs.yml:1: SITE_URL is not set to an https address. Fix: SITE_URL=https://… make publish." in run.stdout + run.stderr


def test_a_day_that_is_none_fails(copy: Path) -> None:
    run = mkdocs(copy, TODAY="ayer")
    assert run.returncode == 1
    assert "Makefile:1: 'ayer' is not a day. Fix: write TODAY=2026-11-20, or unset it." in run.stdout + run.stderr


@pytest.mark.slow
def test_an_overdue_fact_never_stops_the_build_and_its_pages_say_so(copy: Path) -> None:
    docs = read_docs(copy)
    first = min(docs.facts.values(), key=lambda fact: str(fact.data["review"]))
    day = date.fromisoformat(first.data["review"]) + timedelta(days=1)
    late = {fact.id for fact in docs.facts.values() if fact.data["review"] < day.isoformat()}
    run = mkdocs(copy, TODAY=day.isoformat(), DRAFT="1")
    assert run.returncode == 0, run.stderr
    for page in docs.pages:
        text = (copy / "out" / ("" if page.lang == "es" else page.lang) / page.path.removesuffix("index") / "index.html").read_text(encoding="utf-8")
        if page.type != "evidence":
            assert ('class="overdue"' in text) == bool(late & set(page.citations)), page.shown
        said = {"es": "Lo estamos revisando de nuevo.", "en": "It is being checked again."}[page.lang]
        assert (said in text) == (page.type == "evidence" or bool(late & set(page.citations))), page.shown


@pytest.mark.slow
def test_a_broken_anchor_fails(copy: Path) -> None:
    damage(copy, "docs/en/problemas/clave-bloqueada.md", "## What to do {#que-hacer}", "## What to do {#que-hacer}\n\n[x](../afiliado/desbloquear-clave.md#nada)\n")
    run = mkdocs(copy)
    assert run.returncode == 1 and "#nada" in run.stdout + run.stderr


@pytest.mark.parametrize(("output", "at"), [
    ('  File "/a/overrides/hooks/guia/files/markdown_twins.py", line 3, in <module>\n    import nothing\nModuleNotFoundError: No module named \'nothing\'\nmake: *** [Makefile:29: build] Error 1\n',
     ("build-crash", "overrides/hooks/guia/files/markdown_twins.py", 3)),
    ("", ("build-crash", "mkdocs.yml", 0)),
])
def test_a_build_that_ends_without_a_word_is_named(output: str, at: At) -> None:
    assert crash(output).at == at
