"""Prints the findings of the source checks for some pages: python -m tools.author.findings docs/es/problemas/clave-bloqueada.md …"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.docs import ROOT, read_docs
from tools.finding import Problem, listing
from tools.rules import catalogue, evidence, front_matter, language, ledger, links, reading, sections, translations, typography

MODULES = (front_matter, sections, translations, evidence, links, ledger, reading, language, catalogue)


def findings(root: Path = ROOT) -> list[Problem]:
    """What every check finds that needs neither a build nor another program, in about 3 seconds."""
    docs = read_docs(root)
    found: list[Problem] = [problem for module in MODULES for check in module.CHECKS for problem in check(docs)]
    return [*found, *typography.check_pairs(docs), *typography.check_set(root), *typography.check_left_behind(root)]


def main(paths: list[str]) -> int:
    """Findings whose file is named (or below a named folder); all when none is. Returns 1 when there are any."""
    wanted = [problem for problem in findings() if not paths or any(problem.path.startswith(path) for path in paths)]
    print("\n".join(listing(wanted)) or "no findings")
    return 1 if wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
