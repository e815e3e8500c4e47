"""What the hooks that write files share: their templates, and whether the build has come to its last call."""

from __future__ import annotations

import data
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from mkdocs.config.defaults import MkDocsConfig


def template(name: str) -> Template:
    """overrides/`name`, escaping what is put in; an unknown word stops the build."""
    env = Environment(loader=FileSystemLoader(data.BLOCKS.parent), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return env.get_template(name)


def is_last(config: MkDocsConfig) -> bool:
    """Whether every language is written: while static-i18n builds another one, the last call of on_post_build is still to come."""
    return not config.plugins["i18n"].building  # type: ignore[attr-defined]


def is_published(config: MkDocsConfig) -> bool:
    """Whether this is the last call of a build for readers; `make serve` leaves out what only makes the site smaller and safer."""
    return is_last(config) and not config.extra["draft"]
