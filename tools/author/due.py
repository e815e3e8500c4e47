"""Lists the facts by the day that they must be checked again, with the pages they reach: python -m tools.author.due [days]. Prints nothing when none is due."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from tools.day import today
from tools.docs import Docs, Entry, read_docs


def review(fact: Entry) -> str:
    """The day that the fact must be checked again, as 2027-02-20."""
    return str(fact.data["review"])


def due(docs: Docs, last: date) -> list[Entry]:
    """Facts to be checked again by the day `last`, the most urgent first."""
    return sorted((fact for fact in docs.facts.values() if review(fact) <= last.isoformat()), key=lambda fact: (review(fact), fact.line))


def calendar(docs: Docs, facts: list[Entry], now: date) -> Iterator[str]:
    """One heading for each day, then its facts: file and line, id, and the Spanish pages that cite it."""
    for day, group in groupby(facts, key=review):
        days = (date.fromisoformat(day) - now).days
        yield f"{day}, {'in ' if days >= 0 else ''}{abs(days)} days{' ago' if days < 0 else ''}"
        for fact in group:
            pages = ", ".join(page.path for page in docs.pages if page.lang == "es" and fact.id in page.citations)
            yield f"  docs/data/facts.yml:{fact.line}  {fact.id}  ({pages})"


if __name__ == "__main__":
    read = read_docs()
    until = today() + timedelta(days=int(sys.argv[1])) if len(sys.argv) > 1 else date.max
    lines = list(calendar(read, due(read, until), today()))
    if lines:
        print("\n".join(lines))
