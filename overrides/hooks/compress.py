"""Puts compressed copies beside every text file, for servers of one's own; hosts such as GitHub Pages compress by themselves."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

import output

TEXT = {".css", ".csv", ".html", ".js", ".json", ".md", ".svg", ".txt", ".webmanifest", ".xml"}


# After every other step that writes files.
@event_priority(-960)
def on_post_build(config: MkDocsConfig) -> None:
    """Write the copies, on all processors: Brotli leaves Python free meanwhile."""
    if not output.is_published(config):
        return
    files = [file for file in sorted(Path(config.site_dir).rglob("*")) if file.suffix in TEXT]
    with ThreadPoolExecutor() as pool:
        list(pool.map(compress, files))


def compress(file: Path) -> None:
    """Write `file.br` and `file.gz`, as small as they get and the same in every build."""
    content = file.read_bytes()
    file.with_name(f"{file.name}.br").write_bytes(brotli.compress(content, quality=11))
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
