"""What the steps that write files share: their templates, and how text is made small."""

from __future__ import annotations

import minify
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from guia.lib import data

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
