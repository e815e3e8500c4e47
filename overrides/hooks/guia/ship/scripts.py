"""Makes scripts and pages small, names our scripts by their content, and leaves the theme's script out until a reader needs it."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from guia.lib import data, templates
from guia.lib.build import Build
from guia.lib.site import Site

OURS = "assets/javascripts"
THEMES_SCRIPT = re.compile(r'\s*<script src="([^"]*assets/javascripts/bundle\.[^"]*\.js)"></script>')
OUR_SCRIPT = re.compile(r'<script src="([^"]*assets/javascripts/site\.js)" type="module"></script>')
# The page is on the screen before our script takes a share of a slow line and a slow processor; until then all works as without JavaScript. Where no paint
# is reported, in old browsers and hidden tabs, three seconds are enough. A module that is asked for twice runs once.
START = """<script data-site="{ours}" data-theme="{theme}"{recalled}>{{
  const address = new URL(document.currentScript.dataset.site, location), start = () => import(address)
  addEventListener("load", () => setTimeout(start, 3000))
  new PerformanceObserver(start).observe({{ type: "paint", buffered: true }})
}}</script>"""


def ship(site: Site, build: Build) -> None:
    """Rewrite the pages and move our scripts to a folder named by their content."""
    moved = _move(site)
    for name in site.named("*.html"):
        page = _lazy(site.text(name), name, build.recalled)
        for old, new in moved.items():
            page = page.replace(old, new)
        site.put(name, templates.small("text/html", page))


def _move(site: Site) -> dict[str, str]:
    """Minify our scripts and move them together, as they import each other, to a folder whose name changes with any of them: {old: new address}."""
    ours = sorted((name for name in site.named(f"{OURS}/*.js") if not name.endswith(".min.js")), key=PurePosixPath)
    texts = {name.removeprefix(f"{OURS}/"): templates.small("application/javascript", site.text(name)) for name in ours}
    folder = "assets/" + hashlib.sha256("".join(f"{path}{text}" for path, text in texts.items()).encode("utf-8")).hexdigest()[:8]
    for path, text in texts.items():
        site.put(f"{folder}/{path}", text)
    for name in site.named(f"{OURS}/*/*") + ours:
        site.pop(name, None)
    return {f"{OURS}/{path}": f"{folder}/{path}" for path in texts}


def _lazy(page: str, shown: str, recalled: bool) -> str:
    """The page that starts our script once it is painted, and names the theme's instead of loading it; pages without our script stay as they are."""
    theme, ours = THEMES_SCRIPT.search(page), OUR_SCRIPT.search(page)
    if not ours:
        return page
    if not theme:
        raise data.DataError(f"overrides/hooks/guia/ship/scripts.py:1: '{shown}' does not load the theme's script as it did. Fix: compare THEMES_SCRIPT with the built page.")
    return THEMES_SCRIPT.sub("", page).replace(ours[0], START.format(ours=ours[1], theme=theme[1], recalled=" data-recalled" if recalled else ""))
