"""The build, from top to bottom: which step does what, in which order. MkDocs calls the events below; the steps are in guia/, in a folder for each stage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from guia import guard
from guia.files import catalogue, feeds, guide, ledger_json, markdown_twins, replies, search
from guia.lib import data
from guia.lib.build import Build
from guia.lib.site import Site
from guia.markdown import blocks, card, footnotes
from guia.page import context as frame
from guia.page import paper, theme
from guia.ship import compress, fingerprints, headers, offline, policy, scripts, styles

# Markdown, page and build in; fuller Markdown out.
MARKDOWN: tuple[Callable[[str, Page, Build], str], ...] = (
    blocks.fill,  # lines such as {{ problems }} become what the data says
    frame.choose,  # the template of the page's type
    footnotes.write,  # each cited fact, from the ledger
    card.draw,  # the picture that a chat shows
)
# The HTML of the text in and out.
CONTENT: tuple[Callable[[str, Page, Build], str], ...] = (
    frame.mark,  # names of links, languages, tables
    paper.mark,  # codes that paper shows, the way to the sheet
    guide.remember,  # for the guide in one file
)
# What the page's template is given.
CONTEXT: tuple[Callable[[dict[str, Any], Page, Build], None], ...] = (
    frame.words,  # words, dates, addresses, other pages
    paper.sheet_of,  # the sheet for the office, QR codes
    replies.show,  # ready answers
)
# The whole page in and out.
PAGE: tuple[Callable[[str, Page, Build], str], ...] = (
    theme.mend,  # valid HTML, and the language of quotes
    markdown_twins.remember,  # the page as Markdown
    search.name_worker,  # our search in the place of the theme's
)
# Files that programs and people take, beside the pages: into the site.
FILES: tuple[Callable[[Site, Build], None], ...] = (
    theme.drop,  # what nobody needs to download
    card.publish,  # pictures for chats
    replies.publish,  # /data/replies.json
    ledger_json.publish,  # /data/facts.json, /data/figures.csv
    catalogue.publish,  # /data/problems.json, short addresses
    markdown_twins.publish,  # /llms.txt, index.md beside each page
    guide.publish,  # the guide in one file
    feeds.publish,  # Atom feeds
    search.publish,  # an index per language
)
# What makes the site small and safe; needs a folder of HTML and nothing of MkDocs: python -m guia.ship.
SHIP: tuple[Callable[[Site, Build], None], ...] = (
    styles.ship,  # one stylesheet with the rules in use
    scripts.ship,  # small scripts, started when needed
    fingerprints.ship,  # names from the content
    policy.ship,  # what each page may load
    offline.ship,  # service worker and manifests
    headers.ship,  # /_headers
    compress.ship,  # .br and .gz beside each text
)
# `make serve` leaves out what only makes the site smaller and safer.
DRAFT = (offline.ship,)

# MkDocs runs the build of each language with one configuration, so what its events share lies here.
build: Build


def on_config(config: MkDocsConfig) -> None:
    """Check everything that the steps take for granted, and word the ready answers, before anything is written."""
    global build
    # Once for all languages: static-i18n builds the second one inside the build of the first.
    if _is_nested(config):
        return
    extra, site_url = config.extra, config.site_url or "/"
    build = Build(Path(config.config_file_path).parent, Path(config.docs_dir), site_url, (extra.get("repository") or "").rstrip("/"), config.nav or [],
                  bool(extra["draft"]), bool(extra["recalled"]))
    try:
        guard.check(build)
        build.replies = {lang: replies.worded(build, lang) for lang in data.LANGUAGES}
    except data.DataError as error:
        raise PluginError(str(error)) from None


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Keep off the site what lies beside the templates and is none: MkDocs publishes every theme file that is not HTML."""
    for file in [file for file in files if file.src_uri.startswith("fonts/") or file.src_uri == feeds.TEMPLATE]:
        files.remove(file)


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Make the indexes of the search before the pages, which name them."""
    build.indexes = {lang: search.index_text(build.docs, lang) for lang in data.LANGUAGES}


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    # MkDocs reads dates as dates; the steps read them as text, as the ledger's.
    page.meta["checked"] = str(page.meta["checked"])
    for step in MARKDOWN:
        markdown = step(markdown, page, build)
    return markdown


def on_page_content(content: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    for step in CONTENT:
        content = step(content, page, build)
    return content


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    for step in CONTEXT:
        step(context, page, build)
    return context


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    for step in PAGE:
        output = step(output, page, build)
    return output


def on_template_context(context: dict[str, Any], template_name: str, config: MkDocsConfig) -> dict[str, Any]:
    """What the error page and the page for «no connection» are given."""
    frame.words_of_template(context, build)
    context["base"] = offline.base(build)
    return context


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """The error page, of the default language alone: the last language built would overwrite it. It searches too."""
    if template_name != "404.html":
        return theme.valid(output)
    is_default = config.theme["language"] == data.LANGUAGES[0]
    return search.with_our_search(theme.valid(output), data.LANGUAGES[0], build) if is_default else ""


# The only number: after static-i18n's own last step, which is at -100. It runs once per language, nested.
@event_priority(-101)
def on_post_build(config: MkDocsConfig) -> None:
    """When every language is written, add the files and ship the folder."""
    if _is_nested(config):
        return
    folder = Path(config.site_dir)
    site = Site.read(folder)
    try:
        for step in (*FILES, *(DRAFT if build.draft else SHIP)):
            step(site, build)
    except data.DataError as error:
        raise PluginError(str(error)) from None
    site.write(folder)


def _is_nested(config: MkDocsConfig) -> bool:
    """Whether this call belongs to a language that static-i18n builds inside the build of the first. Raises PluginError when it no longer says so."""
    plugin = config.plugins["i18n"]
    if not hasattr(plugin, "building"):
        raise PluginError("overrides/hooks/build.py:1: mkdocs-static-i18n no longer says whether it is building. Fix: find what tells the calls of its inner builds.")
    return bool(plugin.building)
