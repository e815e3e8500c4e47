"""Makes every mend that needs no thought, then asks for each changed Spanish page whether its translation is up to date: python -m tools.author.fix."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tools.author import format
from tools.docs import ROOT, Page, read_docs
from tools.rules.translations import confirmed, fingerprint

ORDER: list[str] = list(json.loads((ROOT / "docs/data/page.schema.json").read_text(encoding="utf-8"))["properties"])
KEY = re.compile(r"^(?=\w+:)", re.MULTILINE)
Ask = Callable[[Page, Page], bool]


def ordered(text: str) -> str:
    """The page with the known keys of its front matter in the order of docs/data/page.schema.json, others last."""
    if not text.startswith("---\n") or "\n---\n" not in text:
        return text
    head, body = text[4:].split("\n---\n", 1)
    start, *entries = KEY.split(f"{head}\n")
    place = {key: number for number, key in enumerate(ORDER)}
    entries.sort(key=lambda entry: place.get(entry.split(":", 1)[0], len(ORDER)))
    return f"---\n{start}{''.join(entries)}---\n{body}"


def order_keys(root: Path) -> list[str]:
    """Put every page's keys in order; the paths of the pages that changed."""
    changed = []
    for file in sorted(root.glob("docs/e[sn]/**/*.md")):
        text = file.read_text(encoding="utf-8")
        if (wanted := ordered(text)) != text:
            file.write_text(wanted, encoding="utf-8")
            changed.append(file.relative_to(root).as_posix())
    return changed


def confirm(root: Path, ask: Ask) -> tuple[list[str], list[str]]:
    """Set `translates` where `ask` says that both pages say the same: the paths of the English pages set, and of those left."""
    done: list[str] = []
    left: list[str] = []
    for spanish, english in read_docs(root).pairs():
        if english.meta.get("translates") == fingerprint(spanish.text) or "translates" not in english.meta:
            continue
        if ask(spanish, english):
            (root / english.shown).write_text(confirmed(english.text, spanish.text), encoding="utf-8")
            done.append(english.shown)
        else:
            left.append(english.shown)
    return done, left


def on_terminal(spanish: Page, english: Page) -> bool:
    """Show what changed in Spanish and ask. YES=1 answers for scripts; without a terminal nothing is confirmed."""
    if os.environ.get("YES"):
        return True
    if not sys.stdin.isatty():
        return False
    print(f"\n{spanish.meta.get('title')}\n{change(spanish.shown)}")
    return input(f"Does {english.shown} say the same now? [y/N] ").strip().lower() in ("y", "yes", "s", "sí", "si")


def change(path: str) -> str:
    """What is not committed in the file, else its last commit, without context; nothing outside a repository."""
    for command in (("diff", "HEAD"), ("log", "-1", "--patch", "--format=%h %s")):
        shown = subprocess.run(["git", *command, "--unified=0", "--", path], cwd=ROOT, capture_output=True, text=True, check=False).stdout
        if shown:
            return "\n".join(line for line in shown.splitlines() if not line.startswith(("diff ", "index ", "--- ", "+++ ")))
    return ""


def main() -> None:
    """Mend, ask, and say what was done."""
    changed = [*order_keys(ROOT), *format.run(ROOT)]
    done, left = confirm(ROOT, on_terminal)
    lines = [f"Mended: {path}" for path in dict.fromkeys(changed)] + [f"Confirmed: {path}" for path in done]
    lines += [f"Left: {path}, whose Spanish page changed. Fix: read both, then run make fix on a terminal, or make fix YES=1." for path in left]
    print("\n".join(lines or ["Nothing to mend."]))


if __name__ == "__main__":
    main()
