"""Names every asset by its content that has no such name yet, so that browsers may keep it for ever."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from guia.lib.build import Build
from guia.lib.site import Site

# Cards and our scripts have such names before they are published.
FOLDERS = ("assets/images", "assets/javascripts", "assets/stylesheets")


def ship(site: Site, build: Build) -> None:
    """Rename the files, and name them anew in every page; offline.py looks for the icons itself."""
    renamed = {name: new for folder in FOLDERS for name in site.named(f"{folder}/*") if (new := named(name, site[name])) != name}
    for old, new in renamed.items():
        site[new] = site.pop(old)
    for name in site.named("*.html"):
        text = site.text(name)
        for old, new in renamed.items():
            text = text.replace(old, new)
        site.put(name, text)


def named(name: str, content: bytes) -> str:
    """The path with the name `icon-192.1a2b3c4d.png`; as it is when it has such a name already."""
    digest = hashlib.sha256(content).hexdigest()[:8]
    path = PurePosixPath(name)
    if f".{digest}." in path.name:
        return name
    # The theme's own hash, as in `bundle.0a1b2c3d.min.js`, goes: nobody could compare it.
    return path.with_name(f"{path.name.split('.')[0]}.{digest}{path.suffix}").as_posix()
