"""Promise: what a browser may keep for ever changes its name with its content, and what is compressed beforehand is the file itself."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import pytest

from tests.kit.headers import read_headers
from tools.finding import At, Expect, Problem
from tools.site.built import COPIES, Site

TEXT = {".css", ".csv", ".html", ".js", ".json", ".md", ".svg", ".txt", ".webmanifest", ".xml"}
FOLDER = re.compile(r"assets/[0-9a-f]{8}/")
FOR_EVER = "public, max-age=31536000, immutable"


def digest(site: Site, name: str) -> str:
    """SHA-256 of a file, or of the scripts that lie together in a folder, each after its name."""
    folder = FOLDER.match(name)
    if not folder:
        return hashlib.sha256((site.root / name).read_bytes()).hexdigest()
    files = sorted(Path(file) for file in site.files if file.startswith(folder[0]))
    return hashlib.sha256("".join(f"{file.relative_to(folder[0])}{(site.root / file).read_text(encoding='utf-8')}" for file in files).encode("utf-8")).hexdigest()


def check_names(site: Site) -> Iterator[Problem]:
    """Every asset, and whatever else is kept for ever, has the hash of its content in its name or its folder's; nothing else is kept so."""
    headers = read_headers((site.root / "_headers").read_text(encoding="utf-8"))
    for name in sorted(site.files):
        found, named = headers.of(name).get("cache-control"), re.findall(r"(?<=[./])[0-9a-f]{8,16}(?=[./])", name)
        if (name.startswith("assets/") or found == FOR_EVER) and not [part for part in named if digest(site, name).startswith(part)]:
            yield Problem(f"site/{name}", 0, "its name does not say its content", "see overrides/hooks/guia/ship/fingerprints.py", "asset-name-not-content")
        if (found == FOR_EVER) != bool(named):
            yield Problem(f"site/{name}", 0, f"/_headers has it kept as '{found}'", "see of_file() in overrides/hooks/guia/ship/headers.py", "asset-cache-header")


def check_copies(site: Site) -> Iterator[Problem]:
    """Every text file lies there in both codings, nothing else does, and what is read from a copy is the file."""
    wanted = {name + coding for name in site.files if Path(name).suffix in TEXT for coding in COPIES}
    for name in sorted(wanted ^ site.copies):
        yield Problem(f"site/{name}", 0, "it is missing" if name in wanted else "it is a copy that nobody needs", "see TEXT in overrides/hooks/guia/ship/compress.py", "copy-missing-or-spare")
    for name in sorted(wanted & site.copies):
        read = brotli.decompress if name.endswith(".br") else gzip.decompress
        if read((site.root / name).read_bytes()) != (site.root / name[:-3]).read_bytes():
            yield Problem(f"site/{name}", 0, "it is not the file that it stands for", "let nothing change files after overrides/hooks/guia/ship/compress.py", "copy-differs")


def test_names(site: Site, expect_none: Expect) -> None:
    expect_none(check_names(site))


def test_copies(site: Site, expect_none: Expect) -> None:
    expect_none(check_copies(site))


def test_a_build_at_another_time_gives_the_same_copies(site: Site) -> None:
    """gzip writes a time into its head; here it is none."""
    assert {(site.root / name).read_bytes()[4:8] for name in site.copies if name.endswith(".gz")} == {bytes(4)}


KEPT = f"/*\n  X: y\n/assets/*\n  Cache-Control: {FOR_EVER}\n/a.txt\n  Cache-Control: no-cache\n"
NAMED = f"assets/a.{hashlib.sha256(b'a').hexdigest()[:8]}.png"


@pytest.mark.parametrize(("check", "files", "at"), [
    (check_names, {"_headers": KEPT, NAMED: "a"}, []),
    (check_names, {"_headers": KEPT, NAMED: "b"}, [("asset-name-not-content", "site/assets/a.ca978112.png", 0)]),
    (check_names, {"_headers": KEPT, "assets/12345678/a.js": "b"}, [("asset-name-not-content", "site/assets/12345678/a.js", 0)]),
    (check_names, {"_headers": KEPT.replace("assets", "data"), NAMED: "a"}, [("asset-cache-header", "site/assets/a.ca978112.png", 0)]),
    (check_copies, {"a.txt": "a"}, [("copy-missing-or-spare", f"site/a.txt{coding}", 0) for coding in COPIES]),
    (check_copies, {"a.png": "a", "a.png.gz": "a"}, [("copy-missing-or-spare", "site/a.png.gz", 0)]),
    (check_copies, {"a.md": "a", "a.md.gz": gzip.compress(b"b"), "a.md.br": brotli.compress(b"a")},
     [("copy-differs", "site/a.md.gz", 0)]),
])
def test_a_bad_site_is_named(check: Callable[[Site], Iterator[Problem]], files: dict[str, str | bytes], at: list[At], tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    assert [problem.at for problem in check(Site(tmp_path, "http://127.0.0.1:8000/"))] == at
