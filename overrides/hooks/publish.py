"""Writes the files that programs read: the ledger as JSON with its schema, and the figures as CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

import data
import output

COLUMNS = ("id", "topic", "status", "unit", "value", "es", "en", "sources", "checked")


# After static-i18n's own last step.
@event_priority(-101)
def on_post_build(config: MkDocsConfig) -> None:
    """Write site/data/ and drop what nobody needs to download."""
    if not output.is_last(config):
        return
    docs, site = Path(config.docs_dir), Path(config.site_dir)
    ledger = data.load_ledger(docs)
    folder = site / "data"
    folder.mkdir(exist_ok=True)
    (folder / "facts.json").write_text(json.dumps(ledger.document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "facts.schema.json").write_text(data.read_file(docs, "data/facts.schema.json"), encoding="utf-8")
    (folder / "figures.csv").write_text(figures(ledger), encoding="utf-8")
    for unused in (*site.rglob("*.map"), site / "assets/images/favicon.png"):
        unused.unlink(missing_ok=True)


def figures(ledger: data.Ledger) -> str:
    """One row per number of the ledger, with what it counts, who says it and its status."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for fact in ledger.facts.values():
        for unit, values in fact.values.items():
            for value in values:
                if isinstance(value, (int, float)):
                    names = " ".join(source.id for source in fact.sources)
                    rows.writerow([fact.id, fact.topic, fact.status, unit, value, fact.text["es"], fact.text["en"], names, fact.checked])
    return text.getvalue()
