"""Prints the findings of the source checks for some pages: python -m tests.check_pages docs/es/problemas/clave-bloqueada.md …"""

from __future__ import annotations

import sys
from pathlib import Path

from tests import test_catalogue, test_evidence, test_front_matter, test_language, test_ledger, test_links, test_reading, test_sections, test_translations, test_typography
from tools.docs import ROOT, read_docs
from tools.finding import Problem, listing

MODULES = (test_front_matter, test_sections, test_translations, test_evidence, test_links, test_ledger, test_reading, test_language, test_catalogue)


def findings(root: Path = ROOT) -> list[Problem]:
    """What every check finds that needs neither a build nor another program, in about 3 seconds."""
    docs = read_docs(root)
    found: list[Problem] = [problem for module in MODULES for check in module.CHECKS for problem in check(docs)]
    return [*found, *test_typography.check_pairs(docs), *test_typography.check_set(root), *test_typography.check_left_behind(root)]


def main(paths: list[str]) -> int:
    """Findings whose file is named (or below a named folder); all when none is. Returns 1 when there are any."""
    wanted = [problem for problem in findings() if not paths or any(problem.path.startswith(path) for path in paths)]
    print("\n".join(listing(wanted)) or "no findings")
    return 1 if wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
