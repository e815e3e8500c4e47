"""Writes /_headers, which Netlify and Cloudflare Pages read: the policy of all pages, and how long to keep each file. hosting/ says the same to other servers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import output
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

# What is not named stays as it is: a page may share by itself. Only names that every browser with such a header knows: of others it complains on every page.
USED = ("clipboard-write",)
REFUSED = ("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation",
           "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-create",
           "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb", "window-management", "xr-spatial-tracking")
EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join([*(f"{name}=(self)" for name in USED), *(f"{name}=()" for name in REFUSED)]),
    "Referrer-Policy": "no-referrer",
    # Browsers heed it over https alone.
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
# A file or folder named by its content: `site.1a2b3c4d.css`, `assets/1a2b3c4d/site.js`, `cards/0123456789abcdef.png`.
NAMED_BY_CONTENT = re.compile(r"^(?:assets|search)/.*(?:[./][0-9a-f]{8}[./]|/[0-9a-f]{16}\.)")
# What tells a browser that the site has changed.
ALWAYS_ASKED = re.compile(r"(?:^|/)(?:sw\.js|offline\.json|[^/]+\.webmanifest)$")


# After every file is there; compression adds copies of them, which are served as the file itself.
@event_priority(-950)
def on_post_build(config: MkDocsConfig) -> None:
    """Write the file, one rule for all and one for each folder or file."""
    if not output.is_published(config):
        return
    site = Path(config.site_dir)
    # A page cannot say itself that no other may frame it.
    whole = {"Content-Security-Policy": f"{config.extra['policy']}; frame-ancestors 'none'", **EVERYWHERE}
    (site / "_headers").write_text("\n".join([rule("/*", whole), *rules(site, site)]), encoding="utf-8")


def rules(site: Path, folder: Path) -> Iterator[str]:
    """One for each folder whose files are alike, else for each file: never two for one file, because hosts join what both say."""
    for entry in sorted(folder.iterdir()):
        name = entry.relative_to(site).as_posix()
        if entry.is_file() and entry.name != "_headers":
            yield from (rule(f"/{path}", of_file(name)) for path in sorted({name, name.removesuffix("index.html")}))
        elif entry.is_dir():
            kinds = {tuple(of_file(file.relative_to(site).as_posix()).items()) for file in entry.rglob("*") if file.is_file()}
            yield from [rule(f"/{name}/*", dict(kinds.pop()))] if len(kinds) == 1 else rules(site, entry)


def of_file(name: str) -> dict[str, str]:
    """How long to keep a file, and who else may load it: chats show the cards, other programs read the data."""
    kept = "public, max-age=31536000, immutable" if NAMED_BY_CONTENT.search(name) else "no-cache" if ALWAYS_ASKED.search(name) else "public, max-age=600"
    if name.startswith("data/"):
        return {"Access-Control-Allow-Origin": "*", "Cache-Control": kept, "Cross-Origin-Resource-Policy": "cross-origin"}
    return {"Cache-Control": kept, "Cross-Origin-Resource-Policy": "cross-origin" if name.startswith("assets/cards/") else "same-origin"}


def rule(path: str, headers: dict[str, str]) -> str:
    return "".join([f"{path}\n", *(f"  {name}: {value}\n" for name, value in headers.items())])
