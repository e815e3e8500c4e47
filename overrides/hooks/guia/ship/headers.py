"""Writes /_headers, which Netlify and Cloudflare Pages read: the policy of all pages, and how long to keep each file. hosting/ says the same to other servers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guia.lib.build import Build
from guia.lib.site import Site

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
# Every asset or its folder, and each index of the search, is named by its content.
NAMED_BY_CONTENT = re.compile(r"^(?:assets/|search/[a-z]+\.[0-9a-f]{8}\.)")
# What tells a browser that the site has changed.
ALWAYS_ASKED = re.compile(r"(?:^|/)(?:sw\.js|offline\.json|[^/]+\.webmanifest)$")


def ship(site: Site, build: Build) -> None:
    """Write the file, one rule for all and one for each folder or file."""
    # A page cannot say itself that no other may frame it.
    whole = {"Content-Security-Policy": f"{build.policy}; frame-ancestors 'none'", **EVERYWHERE}
    site.put("_headers", "\n".join([rule("/*", whole), *rules(sorted(site), "")]))


def rules(names: list[str], folder: str) -> Iterator[str]:
    """One for each folder whose files are alike, else for each file: never two for one file, because hosts join what both say. `folder` ends with a slash or is empty."""
    for entry in sorted({name.removeprefix(folder).partition("/")[0] for name in names if name.startswith(folder)}):
        path, below = f"{folder}{entry}", [name for name in names if name.startswith(f"{folder}{entry}/")]
        if below:
            kinds = {tuple(of_file(name).items()) for name in below}
            yield from [rule(f"/{path}/*", dict(kinds.pop()))] if len(kinds) == 1 else rules(names, f"{path}/")
        elif path != "_headers":
            yield from (rule(f"/{each}", of_file(path)) for each in sorted({path, path.removesuffix("index.html")}))


def of_file(name: str) -> dict[str, str]:
    """How long to keep a file, and who else may load it: chats show the cards, other programs read the data."""
    kept = "public, max-age=31536000, immutable" if NAMED_BY_CONTENT.search(name) else "no-cache" if ALWAYS_ASKED.search(name) else "public, max-age=600"
    if name.startswith("data/"):
        return {"Access-Control-Allow-Origin": "*", "Cache-Control": kept, "Cross-Origin-Resource-Policy": "cross-origin"}
    return {"Cache-Control": kept, "Cross-Origin-Resource-Policy": "cross-origin" if name.startswith("assets/cards/") else "same-origin"}


def rule(path: str, headers: dict[str, str]) -> str:
    return "".join([f"{path}\n", *(f"  {name}: {value}\n" for name, value in headers.items())])
