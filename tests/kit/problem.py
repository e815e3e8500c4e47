"""A finding: where, what is wrong, what to do about it. The only place that knows how findings are worded and printed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """`path` is relative to the repository; line 0 means the whole file."""

    path: str
    line: int
    what: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.what}. Fix: {self.fix}."


Expect = Callable[[Iterable[Problem]], None]  # the fixture expect_none


def listing(problems: Iterable[Problem]) -> list[str]:
    """All findings once each, sorted by path and line; on GitHub each also as an annotation."""
    unique = sorted(set(problems))
    lines = [str(problem) for problem in unique]
    if os.environ.get("GITHUB_ACTIONS"):
        lines += [f"::error file={problem.path},line={problem.line or 1}::{problem.what}. Fix: {problem.fix}." for problem in unique]
    return lines
