"""Promise: an address that was ever sent to somebody still answers, and a code still leads where it led."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.docs import ROOT
from tools.finding import Expect, Problem
from tools.site.built import Document, Site

PUBLISHED = "docs/data/addresses.txt"


def check_published(site: Site, lines: list[str]) -> Iterator[Problem]:
    """Every address ever published is still there, a code still leads where it led, and new addresses are written down."""
    listed = {address: target for address, _, target in (line.partition(" -> ") for line in lines)}
    built = {document.url: document for document in site.documents if document.file != "404.html"}
    for address, target in listed.items():
        if address not in built:
            yield Problem(PUBLISHED, lines.index(f"{address} -> {target}" if target else address) + 1, f"'/{address}' was published and is gone",
                          "restore the page, or give it the type 'retired'", "address-gone")
        elif target and site.path(built[address], "../../" + target) not in {site.path(built[address], link) for link in built[address].tree.xpath("//a/@href")}:
            yield Problem(PUBLISHED, lines.index(f"{address} -> {target}") + 1, f"the code '/{address}' no longer leads to '/{target}'", "restore it in docs/data/codes.yml: a code is never reused", "code-leads-elsewhere")
    for address, document in sorted(built.items()):
        if address not in listed:
            yield Problem(PUBLISHED, 0, f"'/{address}' is not in the list", f"add the line \"{published_line(document)}\"", "address-unlisted")


def published_line(document: Document) -> str:
    """The line of docs/data/addresses.txt for a built page."""
    target = document.one("//section[@lang='es']//a/@href").removeprefix("../../") if document.url.startswith("e/") else ""
    return f"{document.url} -> {target}" if target else document.url


def test_published(site: Site, expect_none: Expect) -> None:
    expect_none(check_published(site, (ROOT / PUBLISHED).read_text(encoding="utf-8").splitlines()))


def test_a_lost_address_is_named(tmp_path: Path) -> None:
    (tmp_path / "e/01").mkdir(parents=True)
    (tmp_path / "e/01/index.html").write_text('<html><body><section lang="es"><a href="../../b/">b</a></section></body></html>', encoding="utf-8")
    site = Site(tmp_path, "http://127.0.0.1:8000/")
    assert [found.at for found in check_published(site, ["e/01/ -> a/", "x/"])] == [
        ("code-leads-elsewhere", "docs/data/addresses.txt", 1),
        ("address-gone", "docs/data/addresses.txt", 2)]
    assert [found.at for found in check_published(site, [])] == [("address-unlisted", "docs/data/addresses.txt", 0)]
