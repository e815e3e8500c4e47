"""Builds the site with ProperDocs, which goes on where MkDocs 1.x ends, and names every file that differs: python -m tools.horizon PYTHON."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tools.docs import ROOT
from tools.finding import Problem, listing


def build(python: str, generator: str, site: Path) -> None:
    """Build with one generator, of the environment of `python`. Raises RuntimeError with its last words."""
    command = [python, "-m", generator, "build", "--strict", "--config-file", "mkdocs.yml", "--site-dir", str(site)]
    given = {**os.environ, "TODAY": os.environ.get("TODAY") or date.today().isoformat()}
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", env=given)
    if run.returncode:
        raise RuntimeError(f"{generator} does not build the site: {(run.stdout + run.stderr).strip()[-500:]}")


def differences(ours: Path, theirs: Path) -> Iterator[Problem]:
    """One finding for each file that only one of the folders has, or whose bytes differ."""
    names = {folder: {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()} for folder in (ours, theirs)}
    fix = "see what the other generator does with it, before MkDocs has to go"
    for name in sorted(names[ours] ^ names[theirs]):
        yield Problem(f"site/{name}", 0, f"only {'MkDocs' if name in names[ours] else 'ProperDocs'} writes it", fix, "horizon-only-one")
    for name in sorted(names[ours] & names[theirs]):
        if (ours / name).read_bytes() != (theirs / name).read_bytes():
            yield Problem(f"site/{name}", 0, "ProperDocs writes it differently", fix, "horizon-differs")


def main(python: str) -> int:
    """Print what differs, and how many files were compared; 1 when anything differs or a build fails."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "mkdocs", Path(folder) / "properdocs"
        try:
            build(sys.executable, "mkdocs", ours)
            build(python, "properdocs", theirs)
        except RuntimeError as error:
            print(f"{error}\nFix: run the command by hand to see all of it.")
            return 1
        found = listing(differences(ours, theirs))
        count = sum(file.is_file() for file in ours.rglob("*"))
    print("\n".join([*found, f"{count} files compared, {len(found)} differ"]))
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
