"""What the hooks that write files share: their templates, how text is made small, and whether the build has come to its last call."""

from __future__ import annotations

import minify
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

import data

# Quotes and end tags stay, so that the checks and other programs read the pages as they were written. The library keeps its settings for the whole process.
READABLE = {"html-keep-document-tags": True, "html-keep-end-tags": True, "html-keep-quotes": True, "html-keep-default-attr-vals": True}
minify.config(READABLE)


def small(kind: str, text: str) -> str:
    """The text of that media type without what only people need."""
    return str(minify.string(kind, text))


def smallest(page: str) -> str:
    """An HTML file that people send each other, with nothing that browsers can add themselves."""
    minify.config(dict.fromkeys(READABLE, False))
    try:
        return small("text/html", page)
    finally:
        minify.config(READABLE)


def template(name: str) -> Template:
    """overrides/`name`, escaping what is put in; an unknown word stops the build."""
    env = Environment(loader=FileSystemLoader(data.BLOCKS.parent), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return env.get_template(name)


def is_last(config: MkDocsConfig) -> bool:
    """Whether every language is written: while static-i18n builds another one, the last call of on_post_build is still to come. Raises PluginError."""
    plugin = config.plugins["i18n"]
    if not hasattr(plugin, "building"):
        raise PluginError("overrides/hooks/output.py:1: mkdocs-static-i18n no longer says whether it is building. Fix: find what tells its last call of on_post_build.")
    return not plugin.building


def is_published(config: MkDocsConfig) -> bool:
    """Whether this is the last call of a build for readers; `make serve` leaves out what only makes the site smaller and safer."""
    return is_last(config) and not config.extra["draft"]
