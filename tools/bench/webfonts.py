"""Stands in for Google Fonts, which Material asks by default: a comparison without the Internet would leave them out, or wait for nothing."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.docs import ROOT
from tools.site import hosting

FONTS = ROOT / "tools/bench/node_modules/@fontsource"
# What the theme's base.html asks for.
FACES = {"roboto": ("300", "300-italic", "400", "400-italic", "700", "700-italic"), "roboto-mono": ("400", "400-italic", "700", "700-italic")}
SHEET, FILES = "fonts.googleapis.com", "fonts.gstatic.com"
SOURCE = re.compile(r"url\(\./files/([\w-]+\.woff2)\) format\('woff2'\), url\([^)]*\) format\('woff'\)")


def write(folder: Path) -> None:
    """The style sheet /css, worded as Google words it, and the files that it names."""
    sheets = [(FONTS / family / f"{face}.css").read_text(encoding="utf-8") for family, faces in FACES.items() for face in faces]
    sheet = SOURCE.sub(rf"url(https://{FILES}/\1) format('woff2')", "\n".join(sheets)).replace("font-display: swap", "font-display: fallback")
    (folder / "css").write_text(sheet, encoding="utf-8")
    for family in FACES:
        shutil.copytree(FONTS / family / "files", folder, ignore=shutil.ignore_patterns("*.woff"), dirs_exist_ok=True)


@contextmanager
def serve() -> Iterator[list[str]]:
    """Serve them; yields the flags with which a Chrome takes this machine for Google."""
    with tempfile.TemporaryDirectory() as name:
        write(Path(name))
        config = ROOT / "tools/bench/webfonts.Caddyfile"
        with hosting.run(lambda folder, port: hosting.caddy(folder, Path(name), ", ".join(f"https://{host}:{port}" for host in (SHEET, FILES)), config)) as port:
            yield [f"--host-resolver-rules={','.join(f'MAP {host} 127.0.0.1:{port}' for host in (SHEET, FILES))}", "--ignore-certificate-errors"]
