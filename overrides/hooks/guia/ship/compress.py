"""Puts compressed copies beside every text file, for servers of one's own; hosts such as GitHub Pages compress by themselves."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

import brotli

from guia.lib.build import Build
from guia.lib.site import Site

TEXT = {".css", ".csv", ".html", ".js", ".json", ".md", ".svg", ".txt", ".webmanifest", ".xml"}
# As small as they get, and the same in every build.
PACK: dict[str, Callable[[bytes], bytes]] = {".br": partial(brotli.compress, quality=11), ".gz": partial(gzip.compress, compresslevel=9, mtime=0)}


def ship(site: Site, build: Build) -> None:
    """Write the copies, on all processors: Brotli leaves Python free meanwhile. Those of unchanged files are kept, because they take half of the time of a build."""
    kept = build.root / ".build/packed"
    kept.mkdir(parents=True, exist_ok=True)
    names = [name for name in sorted(site) if PurePosixPath(name).suffix in TEXT]
    with ThreadPoolExecutor() as pool:
        for name, copies in zip(names, pool.map(lambda name: compressed(site[name], kept), names)):
            site.update({f"{name}{ending}": copy for ending, copy in copies.items()})


def compressed(content: bytes, kept: Path) -> dict[str, bytes]:
    """The copies by their ending; `kept` holds them by the SHA-256 of what they stand for, each written in one step."""
    digest, copies = hashlib.sha256(content).hexdigest(), {}
    for ending, pack in PACK.items():
        copy = kept / f"{digest}{ending}"
        if not copy.exists():
            with NamedTemporaryFile(dir=kept, delete=False) as part:
                part.write(pack(content))
            Path(part.name).replace(copy)
        copies[ending] = copy.read_bytes()
    return copies
