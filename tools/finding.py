"""A finding: where, what is wrong, what to do about it. The only place that knows how findings are worded and printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

At = tuple[str, str, int]  # rule, path and line of a finding


@dataclass(frozen=True, order=True)
class Problem:
    """`path` is relative to the repository; line 0 means the whole file. `rule` names what is broken, in words that stay when the sentence changes."""

    path: str
    line: int
    what: str
    fix: str
    rule: str

    def __str__(self) -> str:
        return f"{self.sentence} [{self.rule}]"

    @property
    def sentence(self) -> str:
        """What a person reads: where, what is wrong, what to do."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.what}. Fix: {self.fix}."

    @property
    def at(self) -> At:
        """Rule, path and line: what tests compare."""
        return self.rule, self.path, self.line


Expect = Callable[[Iterable[Problem]], None]  # the fixture expect_none


def listing(problems: Iterable[Problem]) -> list[str]:
    """All findings once each, sorted by path and line."""
    return [str(problem) for problem in sorted(set(problems))]


def annotated(problems: Iterable[Problem]) -> list[str]:
    """The findings as commands that make GitHub show each beside its line."""
    return [f"::error file={_escaped(problem.path, ':,')},line={problem.line or 1},title={problem.rule}::{_escaped(f'{problem.what}. Fix: {problem.fix}.')}" for problem in sorted(set(problems))]


def _escaped(text: str, more: str = "") -> str:
    """The text with the signs that would end a command, or one of its values, as %25."""
    return "".join(f"%{ord(sign):02X}" if sign in f"%\r\n{more}" else sign for sign in text)


def table(problems: Iterable[Problem]) -> str:
    """The findings as a Markdown table for the summary of a GitHub job; nothing when there are none."""
    unique = sorted(set(problems))
    rows = [[f"`{problem.path}`", str(problem.line or ""), problem.what, problem.fix, f"`{problem.rule}`"] for problem in unique]
    lines = [[f"{len(unique)} finding{'s' if len(unique) > 1 else ''}", "Line", "What is wrong", "Fix", "Rule"], ["---", "--:", "---", "---", "---"], *rows]
    shown = ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;") for cell in line) + " |" for line in lines]
    return "\n".join(shown) + "\n" if unique else ""
