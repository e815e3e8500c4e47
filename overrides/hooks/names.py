"""Names every asset by its content that has no such name yet, so that browsers may keep it for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

import output

# Cards and our scripts have such names before they are published.
FOLDERS = ("assets/images", "assets/javascripts", "assets/stylesheets")


# After styles.py and scripts.py, before what hashes or compresses the finished files.
@event_priority(-220)
def on_post_build(config: MkDocsConfig) -> None:
    """Rename the files, and name them anew in every page; offline.py looks for the icons itself."""
    if not output.is_published(config):
        return
    site = Path(config.site_dir)
    renamed = dict(filter(None, (rename(site, file) for folder in FOLDERS for file in sorted((site / folder).iterdir()))))
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        for old, new in renamed.items():
            text = text.replace(old, new)
        page.write_text(text, encoding="utf-8")


def rename(site: Path, file: Path) -> tuple[str, str] | None:
    """Give a file the name `icon-192.1a2b3c4d.png`; its old and new address below the root, or None when it has one already."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    if f".{digest}." in file.name:
        return None
    # The theme's own hash, as in `bundle.0a1b2c3d.min.js`, goes: nobody could compare it.
    new = file.with_name(f"{file.name.split('.')[0]}.{digest}{file.suffix}")
    file.rename(new)
    return file.relative_to(site).as_posix(), new.relative_to(site).as_posix()
