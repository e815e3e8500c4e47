"""Ships one stylesheet with only the rules that the built pages, or what scripts add to them, can use."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2
from lxml import html

from guia.lib import data, templates
from guia.lib.build import Build
from guia.lib.site import Site

FOLDER = "assets/stylesheets"
# In the order in which the pages name them: a later rule wins.
MERGED = ("main.*.min.css", "palette.*.min.css", "site.css")
LINK = re.compile(r'\s*<link rel="stylesheet" href="([^"]*?)assets/stylesheets/(main|palette|site)\.[^"]*css">')
WORD = re.compile(r"[\w-]+")
STRING = re.compile(r"""(["'`])(.*?)\1""")
# What the theme's script adds to pages in the states that our pages have: rows of the search, the header's second title, what was passed by.
THEMES = {
    ".js", ".focus-visible", "mark", "[hidden]", ".md-header--shadow", ".md-header__title--active", ".md-nav__link--active", ".md-nav__link--passed",
    ".md-search-result__article", ".md-search-result__icon", ".md-search-result__item", ".md-search-result__link", ".md-typeset__scrollwrap",
    ".md-typeset__table", "[data-md-scrolllock]", "[data-md-visible]", "[data-md-component=search-query]",
}
# What rules name: custom properties and animations.
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
ANIMATION = re.compile(r"animation(?:-name)?:([^;}]*)")
# Attributes whose values no script changes to others than the pages have.
VALUED = ("data-md-color-", "data-md-toggle", "dir", "for", "role")
CHOOSING = ("is", "where", "has")
COMBINATORS = (">", "+", "~")
GROUPS = ("media", "supports")


class Known:
    """What the pages hold: by name, as in a selector, the numbers of the elements that have it; and the names that scripts add to any of them."""

    def __init__(self, pages: Iterable[str], added: set[str]) -> None:
        self.added, self.having = added, defaultdict[str, set[int]](set)
        for number, names in enumerate({element for page in pages for element in elements(page)}):
            for name in names:
                self.having[name].add(number)

    def together(self, names: list[str]) -> bool:
        """Whether one element has them all, but for those that a script may add."""
        found = [self.having.get(name, set()) for name in names if name not in self.added]
        return not found or bool(set.intersection(*found))


def ship(site: Site, build: Build) -> None:
    """Merge, prune, minify and rename the stylesheets; name the new one in every page."""
    pages = {name: site.text(name) for name in site.named("*.html")}
    scripts = [name for name in site.named("assets/javascripts/*.js") if not name.endswith(".min.js")]
    known = Known(pages.values(), THEMES | {word for name in scripts for word in added(site.text(name))})
    files = [_one(site, pattern) for pattern in MERGED]
    text = templates.small("text/css", prune("".join(map(site.text, files)), known))
    merged = f"site.{hashlib.sha256(text.encode('utf-8')).hexdigest()[:8]}.css"
    for name in files:
        del site[name]
    site.put(f"{FOLDER}/{merged}", text)
    for name, page in pages.items():
        if LINK.search(page):
            site.put(name, _renamed(page, merged))


def _one(site: Site, pattern: str) -> str:
    found = site.named(f"{FOLDER}/{pattern}")
    if len(found) != 1:
        raise data.DataError(f"overrides/hooks/guia/ship/styles.py:1: {len(found)} stylesheets are called {pattern}. Fix: name in MERGED what the theme ships.")
    return found[0]


def _renamed(page: str, name: str) -> str:
    """The page with one stylesheet in the place of the first of the three."""
    first = LINK.search(page)
    assert first
    link = f'<link rel="stylesheet" href="{first[1]}{FOLDER}/{name}">'
    return page[:first.start()] + link + LINK.sub("", page[first.end():])


def added(script: str) -> set[str]:
    """The classes that a script of ours may give: any word of its strings."""
    text = templates.small("application/javascript", script)
    return {f".{word}" for _, string in STRING.findall(text) for word in WORD.findall(string)}


def elements(text: str) -> Iterator[frozenset[str]]:
    """What a selector could name of each element of a page: `p`, `.class`, `#id`, `[attribute]` and `[attribute=value]`."""
    for element in html.document_fromstring(text).iter("*"):
        names = {str(element.tag), "*"}
        for name, value in element.attrib.items():
            if name == "class":
                names |= {f".{word}" for word in value.split()}
            elif name == "id":
                names.add(f"#{value}")
            else:
                names |= {f"[{name}]", f"[{name}={value}]"} if name.startswith(VALUED) else {f"[{name}]"}
        yield frozenset(names)


def prune(css: str, known: Known) -> str:
    """The stylesheet without rules, animations and custom properties that nothing known can use."""
    text = "".join(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), known))
    while (smaller := _without_unused(text)) != text:
        text = smaller
    return text


def _rules(rules: list[Any], known: Known) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            kept = [tinycss2.serialize(selector).strip() for selector in _split(rule.prelude) if _possible(selector, known)]
            if kept:
                yield f"{','.join(kept)}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in GROUPS:
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


def _possible(selector: list[Any], known: Known) -> bool:
    """Whether each of the elements that the selector names is in some page; what follows a colon is a state and always possible."""
    before, names = None, list[str]()
    for token in selector:
        if token.type == "whitespace" or token in COMBINATORS:
            if not known.together(names):
                return False
            names = []
        elif token.type == "ident" and before != ":":
            names.append(f".{token.value}" if before == "." else token.lower_value)
        elif token.type == "hash":
            names.append(f"#{token.value}")
        elif token.type == "[] block":
            names.append(_attribute(token.content))
        elif token.type == "function" and token.lower_name in CHOOSING and not any(_possible(part, known) for part in _split(token.arguments)):
            return False
        before = token
    return known.together(names)


def _attribute(tokens: list[Any]) -> str:
    """`[name]`, or `[name=value]` where an exact value is asked for that no script changes."""
    parts = [token for token in tokens if token.type != "whitespace"]
    name = parts[0].value
    return f"[{name}={parts[2].value}]" if len(parts) > 2 and parts[1] == "=" and name.startswith(VALUED) else f"[{name}]"


def _without_unused(text: str) -> str:
    """One round: custom properties that no rule reads, animations that no rule names, and transitions."""
    read = {*VARIABLE.findall(text), *" ".join(ANIMATION.findall(text)).split()}
    return "".join(_read(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), read))


def _idle(name: str, read: set[str]) -> bool:
    """Whether a declaration does nothing here: nobody reads its custom property, or it only makes a change slow on a slow phone."""
    return name.startswith("transition") or name.startswith("--") and name not in read


def _read(rules: list[Any], read: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            found = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            left = ";".join(tinycss2.serialize([entry]) for entry in found if not (entry.type == "declaration" and _idle(entry.name, read)))
            if left:
                yield f"{tinycss2.serialize(rule.prelude)}{{{left}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in GROUPS:
            inner = "".join(_read(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), read))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        elif not (rule.type == "at-rule" and rule.lower_at_keyword == "keyframes" and tinycss2.serialize(rule.prelude).strip() not in read):
            yield rule.serialize()
