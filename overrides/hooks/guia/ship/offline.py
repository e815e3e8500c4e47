"""Writes what the guide needs without a connection: the service worker, or what withdraws it, the list of files it may keep, and the manifests of the app."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from guia.lib import data, templates
from guia.lib.build import Build
from guia.lib.site import Site

WORKER, RECALL = "assets/javascripts/offline/sw.js", "assets/javascripts/offline/recall.js"
PAGE = "offline.html"
# What every page may ask for; pictures for chats and files to download are no part of the guide that is kept.
SHARED = ("assets/*.css", "assets/*.js", "assets/*.svg", "search/search_index.json", PAGE)
SIZE = re.compile(r'data-kb="?\d+"?')
NEEDED = re.compile(r'(?:href|src)="?([^" >]+\.(?:css|js))')
IMAGES = {"icon-192*.png": ("192x192", "any"), "icon-512*.png": ("512x512", "any"), "icon-maskable*.png": ("512x512", "maskable")}
Sums = dict[str, int]


def base(build: Build) -> str:
    """Path of the site's root, with a slash at both ends."""
    return urlsplit(build.site_url).path or "/"


def ship(site: Site, build: Build) -> None:
    """Add both manifests, the size into the pages that tell it, then the list and the worker, which depend on every file."""
    docs = build.docs
    words = {lang: data.load_strings(docs, lang)["offline"] for lang in data.LANGUAGES}
    shared = [name for pattern in SHARED for name in site.named(pattern)]
    own = {lang: [*pages(docs, lang), *site.named(f"search/{lang}.*.json")] for lang in data.LANGUAGES}
    for lang, names in own.items():
        add_manifest(site, lang, words[lang])
        tell_size(site, names, size([site[name] for name in (*shared, *names)]))
    parts = {"shared": sums(site, shared), **{lang: sums(site, names) for lang, names in own.items()}}
    made = {"build": short(parts), "shell": short(parts["shared"])}
    site.put("offline.json", json.dumps({**made, **parts}, separators=(",", ":")))
    said = {lang: {key: words[lang][key] for key in ("locale", "offline", "slow")} for lang in data.LANGUAGES}
    given = {**made, "first": first(site, base(build)), "names": "|".join(words[lang]["app_name"] for lang in data.LANGUAGES), "words": said}
    site.put("sw.js", templates.small("application/javascript", data.read_file(docs, RECALL)) if build.recalled else worker(docs, given))


def pages(docs: Path, lang: str) -> list[str]:
    """The built pages of one language."""
    return [f"{page.url}index.html" for page in data.pages_of(docs, lang).values()]


def size(contents: list[bytes]) -> int:
    """What files weigh on the way to a reader, compressed, in kB rounded up to tens."""
    return -(-sum(len(gzip.compress(content, mtime=0)) for content in contents) // 10_000) * 10


def tell_size(site: Site, names: list[str], kilobytes: int) -> None:
    """Write the size into the pages that offer to keep the guide."""
    for name in names:
        if SIZE.search(site.text(name)):
            site.put(name, SIZE.sub(f'data-kb="{kilobytes}"', site.text(name)))


def sums(site: Site, names: list[str]) -> Sums:
    """By address below the root: the first 4 bytes of the file's SHA-256 as a number, which fill.js compares."""
    return {name.removesuffix("index.html"): int.from_bytes(hashlib.sha256(site[name]).digest()[:4], "big") for name in names}


def short(part: Any) -> str:
    """8 hexadecimal digits that change with the content."""
    return hashlib.sha256(json.dumps(part).encode("utf-8")).hexdigest()[:8]


def first(site: Site, root: str) -> list[str]:
    """The page for «no connection» and what it needs, as addresses below the root. Raises DataError when it names neither style nor script."""
    needed = [link.removeprefix(root) for link in NEEDED.findall(site.text(PAGE))]
    if not needed:
        raise data.DataError(f"overrides/{PAGE}:1: no style or script is found in it. Fix: compare NEEDED in overrides/hooks/guia/ship/offline.py with the built page.")
    return [PAGE, *needed]


def worker(docs: Path, made: dict[str, Any]) -> str:
    """The service worker, small, with what this build made before it."""
    small = templates.small("application/javascript", data.read_file(docs, WORKER))
    return f"const made={json.dumps(made, ensure_ascii=False, separators=(',', ':'))};{small}"


def add_manifest(site: Site, lang: str, words: dict[str, Any]) -> None:
    """The manifest of one language, in its folder; the app covers both languages and shows the address, as people must check addresses."""
    root = "./" if lang == data.LANGUAGES[0] else "../"
    images = {name: kind for pattern, kind in IMAGES.items() for name in site.named(f"assets/images/{pattern}")}
    icons = [{"src": f"{root}{name}", "type": "image/png", "sizes": sizes, "purpose": purpose} for name, (sizes, purpose) in images.items()]
    manifest = {"lang": lang, "name": words["app_name"], "short_name": words["short_name"], "start_url": "./", "scope": root, "display": "minimal-ui",
                "theme_color": "#12395b", "background_color": "#ffffff", "icons": icons}
    site.put(f"{data.page_url(lang, 'index')}manifest.webmanifest", json.dumps(manifest, ensure_ascii=False))
