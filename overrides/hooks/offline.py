"""Writes what the guide needs without a connection: the service worker, or what withdraws it, the list of files it may keep, and the manifests of the app."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

import data
import output

WORKER, RECALL = "assets/javascripts/offline/sw.js", "assets/javascripts/offline/recall.js"
PAGE = "offline.html"
# What every page may ask for; pictures for chats and files to download are no part of the guide that is kept.
SHARED = ("assets/**/*.css", "assets/**/*.js", "assets/**/*.svg", "search/search_index.json", PAGE)
SIZE = re.compile(r'data-kb="?\d+"?')
NEEDED = re.compile(r'(?:href|src)="?([^" >]+\.(?:css|js))')
IMAGES = {"icon-192*.png": ("192x192", "any"), "icon-512*.png": ("512x512", "any"), "icon-maskable*.png": ("512x512", "maskable")}
Sums = dict[str, int]


def on_template_context(context: dict[str, Any], template_name: str, config: MkDocsConfig) -> dict[str, Any]:
    """The path of the site's root, where the links of offline.html start."""
    context["base"] = base(config)
    return context


def base(config: MkDocsConfig) -> str:
    """Path of the site's root, with a slash at both ends."""
    return urlsplit(config.site_url or "").path or "/"


# After every other step that writes files or makes them small.
@event_priority(-900)
def on_post_build(config: MkDocsConfig) -> None:
    """Write both manifests, the size into the pages that tell it, then the list and the worker, which depend on every file."""
    if not output.is_last(config):
        return
    docs, site = Path(config.docs_dir), Path(config.site_dir)
    words = {lang: data.load_strings(docs, lang)["offline"] for lang in data.LANGUAGES}
    shared = [file for pattern in SHARED for file in sorted(site.glob(pattern))]
    files = {lang: [*pages(docs, site, lang), *site.glob(f"search/{lang}.*.json")] for lang in data.LANGUAGES}
    for lang, own in files.items():
        write_manifest(site, lang, words[lang])
        tell_size(own, size([*shared, *own]))
    parts = {"shared": sums(site, shared), **{lang: sums(site, own) for lang, own in files.items()}}
    made = {"build": short(parts), "shell": short(parts["shared"])}
    (site / "offline.json").write_text(json.dumps({**made, **parts}, separators=(",", ":")), encoding="utf-8")
    said = {lang: {key: words[lang][key] for key in ("locale", "offline", "slow")} for lang in data.LANGUAGES}
    given = {**made, "first": first(site, base(config)), "names": "|".join(words[lang]["app_name"] for lang in data.LANGUAGES), "words": said}
    text = output.small("application/javascript", data.read_file(docs, RECALL)) if config.extra["recalled"] else worker(docs, given)
    (site / "sw.js").write_text(text, encoding="utf-8")


def pages(docs: Path, site: Path, lang: str) -> list[Path]:
    """The built pages of one language."""
    return [site / page.url / "index.html" for page in data.pages_of(docs, lang).values()]


def size(files: list[Path]) -> int:
    """What the files weigh on the way to a reader, compressed, in kB rounded up to tens."""
    return -(-sum(len(gzip.compress(file.read_bytes(), mtime=0)) for file in files) // 10_000) * 10


def tell_size(files: list[Path], kilobytes: int) -> None:
    """Write the size into the pages that offer to keep the guide."""
    for file in files:
        text = file.read_text(encoding="utf-8")
        if SIZE.search(text):
            file.write_text(SIZE.sub(f'data-kb="{kilobytes}"', text), encoding="utf-8")


def sums(site: Path, files: list[Path]) -> Sums:
    """By address below the root: the first 4 bytes of the file's SHA-256 as a number, which fill.js compares."""
    found = {file.relative_to(site).as_posix().removesuffix("index.html"): file.read_bytes() for file in files}
    return {address: int.from_bytes(hashlib.sha256(content).digest()[:4], "big") for address, content in found.items()}


def short(part: Any) -> str:
    """8 hexadecimal digits that change with the content."""
    return hashlib.sha256(json.dumps(part).encode("utf-8")).hexdigest()[:8]


def first(site: Path, root: str) -> list[str]:
    """The page for «no connection» and what it needs, as addresses below the root."""
    return [PAGE, *(link.removeprefix(root) for link in NEEDED.findall((site / PAGE).read_text(encoding="utf-8")))]


def worker(docs: Path, made: dict[str, Any]) -> str:
    """The service worker, small, with what this build made before it."""
    small = output.small("application/javascript", data.read_file(docs, WORKER))
    return f"const made={json.dumps(made, ensure_ascii=False, separators=(',', ':'))};{small}"


def write_manifest(site: Path, lang: str, words: dict[str, Any]) -> None:
    """The manifest of one language, in its folder; the app covers both languages and shows the address, as people must check addresses."""
    folder = site / data.page_url(lang, "index")
    root = "./" if lang == data.LANGUAGES[0] else "../"
    images = {file.name: kind for pattern, kind in IMAGES.items() for file in (site / "assets/images").glob(pattern)}
    icons = [{"src": f"{root}assets/images/{name}", "type": "image/png", "sizes": sizes, "purpose": purpose} for name, (sizes, purpose) in images.items()]
    manifest = {"lang": lang, "name": words["app_name"], "short_name": words["short_name"], "start_url": "./", "scope": root, "display": "minimal-ui",
                "theme_color": "#12395b", "background_color": "#ffffff", "icons": icons}
    (folder / "manifest.webmanifest").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
