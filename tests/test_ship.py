"""Promise: what makes the site small and safe needs a folder of HTML and no generator, so that another one can stand before it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.docs import ROOT, copy_small

SITE_URL = "https://example.org/"


def run(folder: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "SITE_URL": SITE_URL, "TODAY": "2026-12-01", "PYTHONPATH": "overrides/hooks", **env}
    return subprocess.run([sys.executable, "-m", *command], check=False, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=given)


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.slow
def test_a_folder_is_shipped_as_the_build_ships_it(tmp_path: Path) -> None:
    copy_small(tmp_path)
    assert run(tmp_path, "mkdocs", "build", "--strict", "--site-dir", "whole").returncode == 0
    assert run(tmp_path, "mkdocs", "build", "--strict", "--site-dir", "folder", DRAFT="1").returncode == 0
    shipped = run(tmp_path, "guia.ship", "folder", "--url", SITE_URL)
    assert shipped.returncode == 0, shipped.stdout + shipped.stderr
    whole, folder = files(tmp_path / "whole"), files(tmp_path / "folder")
    assert sorted(whole) == sorted(folder) and not [name for name in whole if whole[name] != folder[name]]


def test_shipping_needs_no_generator() -> None:
    told = "import sys, guia.ship.__main__; print(*sorted(name for name in sys.modules if name.partition('.')[0] in ('mkdocs', 'material')))"
    run = subprocess.run([sys.executable, "-c", told], check=True, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "overrides/hooks"})
    assert run.stdout.strip() == "", f"overrides/hooks/guia/ship/__main__.py: it loads {run.stdout.strip()}. Fix: import what needs a generator in an earlier stage."


def test_a_folder_without_the_themes_styles_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>A</title>", encoding="utf-8")
    shipped = run(ROOT, "guia.ship", str(tmp_path), "--url", SITE_URL)
    assert shipped.returncode == 1 and shipped.stdout.startswith("overrides/hooks/guia/ship/styles.py:1: 0 stylesheets are called main.*.min.css. Fix: ")
