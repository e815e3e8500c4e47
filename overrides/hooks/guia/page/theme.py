"""The theme's HTML made valid, and what nobody needs of its files left out. Each mend says so when the theme no longer needs it, or needs another."""

from __future__ import annotations

import re

from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

from guia.lib import data
from guia.lib.build import Build
from guia.lib.site import Site

TOGGLE = re.compile(r'(<input class="md-toggle"[^>]*?) autocomplete="off">')
MENU = '<nav class="md-nav md-nav--primary"'
CONTENTS, LABEL = 'id="__toc"', ' for="__toc"'
TEXT = re.compile(r"(?<=>)[^<>]*«[^<>]*")
QUOTED = re.compile(r"«([^«»]+)»")
NEEDLESS = ("*.map", "assets/images/favicon.png", "assets/javascripts/lunr/*", "assets/javascripts/workers/*")


def mend(output: str, page: Page, build: Build) -> str:
    """The page as valid HTML; in English, with the language of the Spanish words between «». Raises PluginError when the theme is not written as it was."""
    for name, there in (("TOGGLE", TOGGLE.search(output)), ("MENU", MENU in output)):
        if not there:
            raise PluginError(f"overrides/hooks/guia/page/theme.py:1: the theme no longer writes what {name} looks for. Fix: compare it with the built page, and drop the mend if it is needless.")
    head, body, rest = valid(output).partition("<body")
    if data.language(page) != data.LANGUAGES[0]:
        rest = TEXT.sub(lambda text: QUOTED.sub(rf'«<span lang="{data.LANGUAGES[0]}">\1</span>»', text[0]), rest)
    return head + body + rest


def valid(output: str) -> str:
    """No autocomplete on checkboxes, no label of a control that is not there, a name for the menu's button to refer to."""
    output = TOGGLE.sub(r"\1>", output).replace(MENU, MENU.replace("<nav", '<nav id="menu"'))
    return output if CONTENTS in output else output.replace(LABEL, "")


def drop(site: Site, build: Build) -> None:
    """Leave out source maps, the theme's icon, its stemmers and its search worker."""
    for name in site.named(*NEEDLESS):
        del site[name]
