"""Ships a folder of HTML that any generator has made: PYTHONPATH=overrides/hooks python -m guia.ship site/ --url https://example.org/"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from guia.lib.build import Build
from guia.lib.data import DataError
from guia.lib.site import Site
from guia.ship import compress, fingerprints, headers, offline, policy, scripts, styles

STEPS = (styles.ship, scripts.ship, fingerprints.ship, policy.ship, offline.ship, headers.ship, compress.ship)


def main(words: list[str]) -> int:
    """Rewrite the folder; 1 with a sentence when it is not what the steps expect."""
    reader = argparse.ArgumentParser(prog="guia.ship", description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--url", required=True, help="the address that the site is for, with a slash at its end")
    reader.add_argument("--docs", type=Path, default=Path("docs"), help="the sources, for words and dates")
    reader.add_argument("--repository", default="", help="the address of the project")
    given = reader.parse_args(words)
    build, site = Build(Path.cwd(), given.docs, given.url, given.repository), Site.read(given.folder)
    try:
        for step in STEPS:
            step(site, build)
    except DataError as error:
        print(error)
        return 1
    site.write(given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
