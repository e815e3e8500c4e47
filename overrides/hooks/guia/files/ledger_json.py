"""Writes the files that programs read: the ledger as JSON with its schema, and the figures as CSV."""

from __future__ import annotations

import csv
import io
import json

from guia.lib import data
from guia.lib.build import Build
from guia.lib.site import Site

COLUMNS = ("id", "topic", "status", "unit", "value", "es", "en", "sources", "checked")


def publish(site: Site, build: Build) -> None:
    """Add the ledger, its schema and the figures."""
    ledger = data.load_ledger(build.docs)
    site.put("data/facts.json", json.dumps(ledger.document, ensure_ascii=False, indent=1) + "\n")
    site.put("data/facts.schema.json", data.read_file(build.docs, "data/facts.schema.json"))
    site.put("data/figures.csv", figures(ledger))


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
