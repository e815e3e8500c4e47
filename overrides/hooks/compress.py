"""Puts compressed copies beside every text file, for servers of one's own; hosts such as GitHub Pages compress by themselves."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

import brotli
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

import output

TEXT = {".css", ".csv", ".html", ".js", ".json", ".md", ".svg", ".txt", ".webmanifest", ".xml"}
# As small as they get, and the same in every build.
PACK: dict[str, Callable[[bytes], bytes]] = {".br": partial(brotli.compress, quality=11), ".gz": partial(gzip.compress, compresslevel=9, mtime=0)}


# After every other step that writes files.
@event_priority(-960)
def on_post_build(config: MkDocsConfig) -> None:
    """Write the copies, on all processors: Brotli leaves Python free meanwhile. Those of unchanged files are kept, because they take half of the time of a build."""
    if not output.is_published(config):
        return
    kept = Path(config.config_file_path).parent / ".build/packed"
    kept.mkdir(parents=True, exist_ok=True)
    files = [file for file in sorted(Path(config.site_dir).rglob("*")) if file.suffix in TEXT]
    with ThreadPoolExecutor() as pool:
        list(pool.map(partial(compress, kept=kept), files))


def compress(file: Path, kept: Path) -> None:
    """Write `file.br` and `file.gz`; `kept` holds them by the SHA-256 of what they stand for, each written in one step."""
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    for ending, pack in PACK.items():
        copy = kept / f"{digest}{ending}"
        if not copy.exists():
            with NamedTemporaryFile(dir=kept, delete=False) as part:
                part.write(pack(content))
            Path(part.name).replace(copy)
        shutil.copyfile(copy, file.with_name(f"{file.name}{ending}"))
