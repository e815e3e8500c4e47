"""Prints the facts to be checked again soon, with the pages they reach: python -m tests.due [days]. Prints nothing when none is due."""

from __future__ import annotations

import sys
from datetime import date, timedelta

from tests.kit.problem import Problem, listing
from tests.kit.source import Docs, read_docs


def due(docs: Docs, today: date, days: int) -> list[Problem]:
    """Facts whose review day has passed or comes within `days`, each with the Spanish pages that cite it."""
    last = (today + timedelta(days=days)).isoformat()
    found = []
    for fact in docs.facts.values():
        if str(fact.data["review"]) <= last:
            pages = ", ".join(page.path for page in docs.pages if page.lang == "es" and fact.id in page.citations)
            found.append(Problem("docs/data/facts.yml", fact.line, f"fact '{fact.id}' is to be checked by {fact.data['review']} (pages: {pages})",
                                 "open its source, then update 'checked' and 'review'"))
    return found


if __name__ == "__main__":
    lines = listing(due(read_docs(), date.today(), int(sys.argv[1]) if len(sys.argv) > 1 else 30))
    if lines:
        print("\n".join(lines))
