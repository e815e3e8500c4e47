"""Ships one stylesheet with only the rules that the built pages, or what scripts add to them, can use."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import minify
import output
import tinycss2
from lxml import html
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

FOLDER = "assets/stylesheets"
# In the order in which the pages name them: a later rule wins.
MERGED = ("main.*.min.css", "palette.*.min.css", "site.css")
LINK = re.compile(r'\s*<link rel="stylesheet" href="([^"]*?)assets/stylesheets/(main|palette|site)\.[^"]*css">')
WORD = re.compile(r"[\w-]+")
# What the theme's script adds to pages in the states that our pages have: rows of the search, the header's second title, what was passed by.
THEMES = {
    ".js", ".focus-visible", "mark", "[hidden]", ".md-header--shadow", ".md-header__title--active", ".md-nav__link--active", ".md-nav__link--passed",
    ".md-search-result__article", ".md-search-result__icon", ".md-search-result__item", ".md-search-result__link", ".md-typeset__scrollwrap",
    ".md-typeset__table", "[data-md-scrolllock]", "[data-md-color-switching]", "[data-md-visible]", "[data-md-component=search-query]",
}
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
VALUED = ("data-md-color-",)
CHOOSING = ("is", "where", "has")
Names = set[str]


# After the last page is written; what follows it hashes, minifies and compresses.
@event_priority(-200)
def on_post_build(config: MkDocsConfig) -> None:
    """Merge, prune, minify and rename the stylesheets; name the new one in every page."""
    if not output.is_published(config):
        return
    site = Path(config.site_dir)
    pages = {file: file.read_text(encoding="utf-8") for file in sorted(site.rglob("*.html"))}
    ours = {f".{word}" for script in (site / "assets/javascripts").rglob("*.js") if not script.name.endswith(".min.js") for word in WORD.findall(script.read_text(encoding="utf-8"))}
    known = {name for text in pages.values() for name in names_in(text)} | ours | THEMES
    files = [_one(site / FOLDER, pattern) for pattern in MERGED]
    text = minify.string("text/css", prune("".join(file.read_text(encoding="utf-8") for file in files), known))
    name = f"site.{hashlib.sha256(text.encode('utf-8')).hexdigest()[:8]}.css"
    for file in files:
        file.unlink()
    (site / FOLDER / name).write_text(text, encoding="utf-8")
    for file, page in pages.items():
        if LINK.search(page):
            file.write_text(_renamed(page, name), encoding="utf-8")


def _one(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise PluginError(f"overrides/hooks/styles.py:1: {len(found)} stylesheets are called {pattern}. Fix: name in MERGED what the theme ships.")
    return found[0]


def _renamed(page: str, name: str) -> str:
    """The page with one stylesheet in the place of the first of the three."""
    first = LINK.search(page)
    assert first
    link = f'<link rel="stylesheet" href="{first[1]}{FOLDER}/{name}">'
    return page[:first.start()] + link + LINK.sub("", page[first.end():])


def names_in(text: str) -> Iterator[str]:
    """What a selector could name in a page: `p`, `.class`, `#id`, `[attribute]` and `[attribute=value]`."""
    for element in html.document_fromstring(text).iter("*"):
        yield str(element.tag)
        for name, value in element.attrib.items():
            if name == "class":
                yield from (f".{word}" for word in value.split())
            else:
                yield from (f"#{value}",) if name == "id" else (f"[{name}]", f"[{name}={value}]")


def prune(css: str, known: Names) -> str:
    """The stylesheet without rules, animations and custom properties that nothing known can use."""
    text = "".join(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), known))
    while (smaller := _without_unused(text)) != text:
        text = smaller
    return text


def _rules(rules: list[Any], known: Names) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            kept = [tinycss2.serialize(selector).strip() for selector in _split(rule.prelude) if _possible(selector, known)]
            if kept:
                yield f"{','.join(kept)}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = "".join(_rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), known))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        else:
            yield rule.serialize()


def _split(tokens: list[Any]) -> list[list[Any]]:
    """Selectors of a list, at its commas."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _possible(selector: list[Any], known: Names) -> bool:
    """Whether everything the selector names is known; what follows a colon is a state and always possible."""
    before = None
    for token in selector:
        if token.type == "ident" and before != ":" and (f".{token.value}" if before == "." else token.lower_value) not in known:
            return False
        if token.type == "hash" and f"#{token.value}" not in known:
            return False
        if token.type == "[] block" and _attribute(token.content) not in known:
            return False
        if token.type == "function" and token.lower_name in CHOOSING and not any(_possible(part, known) for part in _split(token.arguments)):
            return False
        before = token
    return True


def _attribute(tokens: list[Any]) -> str:
    """`[name]`, or `[name=value]` where an exact value is asked for that no script changes."""
    parts = [token for token in tokens if token.type != "whitespace"]
    name = parts[0].value
    fixed = name == "dir" or name.startswith(VALUED)
    return f"[{name}={parts[2].value}]" if len(parts) > 2 and parts[1] == "=" and fixed else f"[{name}]"


def _without_unused(text: str) -> str:
    """One round: custom properties that no rule reads, and animations that no rule names."""
    read = set(VARIABLE.findall(text))
    kept = []
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            found = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            left = ";".join(tinycss2.serialize([entry]) for entry in found if not (entry.type == "declaration" and entry.name.startswith("--") and entry.name not in read))
            if left:
                kept.append(f"{tinycss2.serialize(rule.prelude)}{{{left}}}")
        elif not (rule.type == "at-rule" and rule.lower_at_keyword == "keyframes" and text.count(tinycss2.serialize(rule.prelude).strip()) == 1):
            kept.append(rule.serialize())
    return "".join(kept)
