"""Makes scripts and pages small, names our scripts by their content, and leaves the theme's script out until a reader needs it."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

import output

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


# After styles.py, before what hashes or compresses the finished files.
@event_priority(-210)
def on_post_build(config: MkDocsConfig) -> None:
    """Rewrite the pages and move our scripts to a folder named by their content."""
    if not output.is_published(config):
        return
    site = Path(config.site_dir)
    moved = _move(site)
    for file in sorted(site.rglob("*.html")):
        page = _lazy(file.read_text(encoding="utf-8"), file.relative_to(site).as_posix(), bool(config.extra["recalled"]))
        for old, new in moved.items():
            page = page.replace(old, new)
        file.write_text(output.small("text/html", page), encoding="utf-8")


def _move(site: Path) -> dict[str, str]:
    """Minify our scripts and move them together, as they import each other, to a folder whose name changes with any of them: {old: new address}."""
    files = {file.relative_to(site / OURS): output.small("application/javascript", file.read_text(encoding="utf-8"))
             for file in sorted((site / OURS).rglob("*.js")) if not file.name.endswith(".min.js")}
    folder = Path("assets", hashlib.sha256("".join(f"{path}{text}" for path, text in files.items()).encode("utf-8")).hexdigest()[:8])
    for path, text in files.items():
        (site / folder / path).parent.mkdir(parents=True, exist_ok=True)
        (site / folder / path).write_text(text, encoding="utf-8")
        (site / OURS / path).unlink()
    for empty in [child for child in (site / OURS).iterdir() if child.is_dir()]:
        shutil.rmtree(empty)
    return {f"{OURS}/{path.as_posix()}": (folder / path).as_posix() for path in files}


def _lazy(page: str, shown: str, recalled: bool) -> str:
    """The page that starts our script once it is painted, and names the theme's instead of loading it; pages without our script stay as they are."""
    theme, ours = THEMES_SCRIPT.search(page), OUR_SCRIPT.search(page)
    if not ours:
        return page
    if not theme:
        raise PluginError(f"overrides/hooks/scripts.py:1: '{shown}' does not load the theme's script as it did. Fix: compare THEMES_SCRIPT with the built page.")
    return THEMES_SCRIPT.sub("", page).replace(ours[0], START.format(ours=ours[1], theme=theme[1], recalled=" data-recalled" if recalled else ""))
