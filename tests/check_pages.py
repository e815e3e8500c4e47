"""Prints the findings of the source checks for some pages: python -m tests.check_pages docs/es/problemas/clave-bloqueada.md …"""

from __future__ import annotations

import sys

from tests import test_evidence, test_front_matter, test_links, test_sections, test_translations
from tests.kit.problem import Problem, listing
from tests.kit.source import read_docs

MODULES = (test_front_matter, test_sections, test_translations, test_evidence, test_links)


def main(paths: list[str]) -> int:
    """Findings whose file is named (or below a named folder); all when none is. Returns 1 when there are any."""
    docs = read_docs()
    found: list[Problem] = [problem for module in MODULES for check in module.CHECKS for problem in check(docs)]
    wanted = [problem for problem in found if not paths or any(problem.path.startswith(path) for path in paths)]
    print("\n".join(listing(wanted)) or "no findings")
    return 1 if wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
