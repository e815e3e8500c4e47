"""Promise: on the built site every link and anchor leads somewhere, checked on the HTML and not by MkDocs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from tools.docs import ROOT, Docs
from tools.finding import At, Expect, Problem
from tools.site.built import Site

HOSTS = yaml.safe_load((ROOT / "tools/rules/data/hosts.yml").read_text(encoding="utf-8"))


def check_targets(site: Site) -> Iterator[Problem]:
    """Every href and src on the site leads to a file, every fragment to an id."""
    by_file = {document.file: document for document in site.documents}
    for document in site.documents:
        for link in document.tree.xpath("//@href | //@src | //@data-site"):
            path = site.path(document, str(link))
            if path is None or urlsplit(link).scheme in ("mailto", "javascript", "data"):
                continue
            fragment = unquote(urlsplit(link).fragment)
            if unquote(path) not in site.files:
                yield Problem(document.shown, 0, f"the link '{link}' leads to no file", "correct it where the page or template writes it", "built-link-broken")
            elif fragment and path in by_file and fragment not in by_file[path].ids:
                yield Problem(document.shown, 0, f"the link '{link}' leads to no section", "correct the anchor, or add the id", "built-anchor-broken")


def check_hosts(site: Site, allowed: set[str]) -> Iterator[Problem]:
    """Links off the site lead to hosts that a source, the official list or the repository names."""
    for document in site.documents:
        for link in document.tree.xpath("//a/@href"):
            if site.path(document, str(link)) is None and urlsplit(link).netloc not in allowed:
                yield Problem(document.shown, 0, f"the link '{link}' leads to a host that nobody named", "add its source to docs/data/sources.yml, or its host to tools/rules/data/hosts.yml", "built-host-unknown")


def check_named_hosts(site: Site, named: set[str]) -> Iterator[Problem]:
    """Every host that tools/rules/data/hosts.yml allows is linked to."""
    linked = {urlsplit(str(link)).netloc for document in site.documents for link in document.tree.xpath("//a/@href")}
    for host in sorted(named - linked):
        yield Problem("tools/rules/data/hosts.yml", 0, f"no page links to '{host}'", "remove it", "host-unused")


def allowed_hosts(docs: Docs, repository: str) -> set[str]:
    """Hosts of all sources but the unreliable ones, of the official list and of the repository."""
    sources = {urlsplit(entry.data["url"]).netloc for entry in docs.sources.values() if entry.data["url"] and entry.data["class"] != "unreliable"}
    return {*HOSTS["official"], *HOSTS["other"], urlsplit(repository).netloc, *sources} - {""}


def test_targets(site: Site, expect_none: Expect) -> None:
    expect_none(check_targets(site))


def test_hosts(site: Site, docs: Docs, expect_none: Expect) -> None:
    expect_none(check_hosts(site, allowed_hosts(docs, os.environ.get("REPO_URL", ""))))


def test_named_hosts(site: Site, expect_none: Expect) -> None:
    expect_none(check_named_hosts(site, {*HOSTS["official"], *HOSTS["other"]}))


@pytest.fixture
def small(tmp_path: Path) -> Callable[[str], Site]:
    """A site of two pages, one with the given body."""

    def make(body: str) -> Site:
        (tmp_path / "b").mkdir()
        (tmp_path / "index.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
        (tmp_path / "b/index.html").write_text('<html><body><h1 id="uno">B</h1></body></html>', encoding="utf-8")
        return Site(tmp_path, "http://127.0.0.1:8000/guia/")

    return make


@pytest.mark.parametrize(("link", "at"), [
    ("c/", ("built-link-broken", "site/index.html", 0)),
    ("b/#dos", ("built-anchor-broken", "site/index.html", 0)),
    ("/guia/x.css", ("built-link-broken", "site/index.html", 0)),
])
def test_a_bad_link_is_named(link: str, at: At, small: Callable[[str], Site]) -> None:
    assert [problem.at for problem in check_targets(small(f'<a href="{link}">x</a>'))] == [at]


def test_a_good_link_gets_none(small: Callable[[str], Site]) -> None:
    site = small('<a href="b/#uno">x</a><a href="https://www.iess.gob.ec/">y</a>')
    assert not list(check_targets(site)) and not list(check_hosts(site, {"www.iess.gob.ec"}))


def test_a_strange_host_is_named(small: Callable[[str], Site]) -> None:
    assert [problem.at for problem in check_hosts(small('<a href="https://iess.net.ec/">x</a>'), set())] == [
        ("built-host-unknown", "site/index.html", 0)]


def test_a_host_that_nobody_links_to_is_named(small: Callable[[str], Site]) -> None:
    site = small('<a href="https://www.iess.gob.ec/">y</a>')
    assert [problem.at for problem in check_named_hosts(site, {"www.iess.gob.ec", "example.com"})] == [
        ("host-unused", "tools/rules/data/hosts.yml", 0)]
