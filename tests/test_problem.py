"""Promise: a finding reads the same on a terminal, beside its line on GitHub and in the summary of the job."""

from __future__ import annotations

from tools.finding import Problem, annotated, listing, table

LATER = Problem("docs/es/a.md", 7, "100 % no", "write a | b", "example")
FIRST = Problem("docs/es/a,b.md", 0, "'<b>' is\nbroken", "correct it", "example")


def test_a_terminal_gets_each_finding_once_in_order() -> None:
    assert listing([LATER, FIRST, LATER]) == ["docs/es/a,b.md: '<b>' is\nbroken. Fix: correct it. [example]", "docs/es/a.md:7: 100 % no. Fix: write a | b. [example]"]


def test_github_gets_commands_that_its_signs_cannot_end() -> None:
    assert annotated([LATER, FIRST, LATER]) == [
        "::error file=docs/es/a%2Cb.md,line=1,title=example::'<b>' is%0Abroken. Fix: correct it.", "::error file=docs/es/a.md,line=7,title=example::100 %25 no. Fix: write a | b."]


def test_the_summary_gets_a_table() -> None:
    assert table([LATER, FIRST]) == (
        "| 2 findings | Line | What is wrong | Fix | Rule |\n| --- | --: | --- | --- | --- |\n"
        "| `docs/es/a,b.md` |  | '&lt;b>' is broken | correct it | `example` |\n| `docs/es/a.md` | 7 | 100 % no | write a \\| b | `example` |\n")
    assert table([]) == ""
