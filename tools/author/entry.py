"""Adds a fact or a source to the ledger, ready to be filled in: python -m tools.author.entry fact <id> [topic] | source <id> <class>."""

from __future__ import annotations

import json
import re
import sys
from datetime import date, timedelta
from pathlib import Path

from tools import day
from tools.author.problem import check_id
from tools.docs import ROOT
from tools.rules.ledger import UNSOURCED_DAYS

FILES = {"fact": "docs/data/facts.yml", "source": "docs/data/sources.yml"}
SECTION_KEY = {"fact": "topic", "source": "class"}
HEADING = "# --- {} ---"


def create(kind: str, name: str, section: str, root: Path = ROOT, today: date | None = None) -> str:
    """Put the entry at the end of its section. Returns `path:line` of it; raises ValueError with one sentence for input that cannot be used."""
    key, file, now = SECTION_KEY[kind], root / FILES[kind], today or day.today()
    check_id(name, f"{kind} ID=iess-{kind}")
    known = json.loads((root / "docs/data/facts.schema.json").read_text(encoding="utf-8"))["$defs"][kind]["properties"][key]["enum"]
    section = section or (name.split("-")[0] if kind == "fact" else "")
    if section not in known:
        raise ValueError(f"'{section}' is not a {key}. Fix: make {kind} ID={name} {key.upper()}=…, one of {', '.join(known)}.")
    text = file.read_text(encoding="utf-8")
    if re.search(rf"^{re.escape(name)}:", text, re.MULTILINE):
        raise ValueError(f"'{name}' already exists. Fix: edit it in {FILES[kind]}, or choose another id.")
    words = {"ID": name, "SECTION": section, "TODAY": now.isoformat(), "REVIEW": (now + timedelta(days=UNSOURCED_DAYS)).isoformat()}
    entry = re.sub("|".join(words), lambda match: words[match[0]], (ROOT / f"tools/author/{kind}.yml").read_text(encoding="utf-8"))
    before, after = _split(text, section)
    file.write_text(f"{before}{entry}{after}", encoding="utf-8")
    return f"{FILES[kind]}:{before.count(chr(10)) + 2}"


def _split(text: str, section: str) -> tuple[str, str]:
    """The text up to the last line of the section, which is added when it is missing, and the rest."""
    heading = HEADING.format(section)
    if heading not in text:
        return f"{text.rstrip()}\n\n{heading}\n", ""
    start = text.index(heading) + len(heading)
    following = re.search(r"^# --- ", text[start:], re.MULTILINE)
    end = start + following.start() if following else len(text)
    return f"{text[:end].rstrip()}\n", f"\n{text[end:]}" if text[end:] else ""


if __name__ == "__main__":
    kind, name, section = [*sys.argv[1:4], "", "", ""][:3]
    try:
        where = create(kind, name, section)
    except ValueError as error:
        sys.exit(str(error))
    print(f"Written: {where}. Now fill in every PENDIENTE and PENDING, and run make check.")
