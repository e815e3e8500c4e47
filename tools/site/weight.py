"""What the pages of the built site weigh, and what each kind of page may: `python -m tools.site.weight` prints both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache, cached_property
from posixpath import dirname, join, normpath
from statistics import median
from typing import Any

import yaml

from tools.site.built import SITE, Document, Site, site_url
from tools.docs import ROOT

BUDGETS = "tools/site/budgets.yml"
# What a browser fetches by itself to show a page; our script once it is painted. Only a reader's use, or an installation, brings the rest.
EAGER = ("//link[@rel='stylesheet' or @rel='preload' or @rel='modulepreload']/@href | //script/@src | //script/@data-site | //img[not(@loading='lazy')]/@src | //iframe/@src | "
         "//video/@src | //audio/@src | //source/@src | //source/@srcset | //object/@data | //embed/@src")
# In our modules, which are minified: `import{a}from"./b.js"`, not `import("./b.js")`.
IMPORT = re.compile(r"""\b(?:from|import)\s*["'](\.[^"']+)["']""")
PARTS = {"its head": "//head", "its header": "//header", "its menu": "//nav[@id='menu']", "its text": "//main//article/*[not(@class='footnote')] | //main[not(.//article)]/*",
         "its notes": "//*[@class='footnote']", "its footer": "//footer"}


@dataclass(frozen=True)
class Budget:
    """What a page of one kind may take: requests and kB (1000 bytes, with Brotli, without headers) of a first view, kB of a second page, HTML elements."""

    name: str
    pages: list[str]
    requests: int
    first: float
    second: float
    nodes: int
    why: str = ""


@dataclass(frozen=True)
class View:
    """A page and what comes with it."""

    site: Site
    document: Document

    @cached_property
    def files(self) -> dict[str, int]:
        """Bytes with Brotli of each file of the first view, the page itself first."""
        names = [self.document.file]
        names += [found for link in self.document.tree.xpath(EAGER) if (found := self.site.path(self.document, str(link))) and found not in names]
        for name in names:
            if name.endswith(".js"):
                text = (self.site.root / name).read_text(encoding="utf-8")
                names += [found for link in IMPORT.findall(text) if (found := normpath(join(dirname(name), link))) not in names]
        files = {name: self.site.root / name for name in names}
        return {name: (copy if (copy := file.with_name(f"{file.name}.br")).exists() else file).stat().st_size for name, file in files.items()}

    @cached_property
    def actual(self) -> dict[str, float]:
        """The four measures, with the names and units of a budget."""
        # A browser adds the body where its tag is left out; lxml does not.
        nodes = len(self.document.tree.xpath("//*")) + (not self.document.tree.xpath("//body"))
        return {"requests": len(self.files), "first": sum(self.files.values()) / 1000, "second": self.files[self.document.file] / 1000, "nodes": nodes}


@cache
def budgets() -> list[Budget]:
    """Those of tools/site/budgets.yml, in its order."""
    entries: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / BUDGETS).read_text(encoding="utf-8"))
    return [Budget(name, **entry) for name, entry in entries.items()]


def held_by(document: Document, known: list[Budget]) -> Budget | None:
    """The first budget that names the page; a page and its pair in English have the same."""
    return next((budget for budget in known if any(fnmatch(document.file.removeprefix("en/"), pattern) for pattern in budget.pages)), None)


def table(site: Site, known: list[Budget]) -> list[str]:
    """A row for each budget: how many pages, median and largest of each measure, and what it may be."""
    head = f"{'':18}{'pages':>5} {'requests':>11} {'first view, kB':>24} {'second page, kB':>24} {'elements':>22}"
    rows = [head, f"{'':18}{'':5} {'most':>6}{'may':>5}" + f" {'median':>10}{'most':>7}{'may':>7}" * 2 + f" {'median':>8}{'most':>7}{'may':>7}"]
    for budget in known:
        found = [View(site, document).actual for document in site.documents if held_by(document, known) is budget]
        if found:
            each = {name: sorted(actual[name] for actual in found) for name in found[0]}
            middle = {name: median(values) for name, values in each.items()}
            rows.append(f"{budget.name:18}{len(found):5} {each['requests'][-1]:6}{budget.requests:5}"
                        + "".join(f" {middle[name]:10.1f}{each[name][-1]:7.1f}{may:7.1f}" for name, may in (("first", budget.first), ("second", budget.second)))
                        + f" {middle['nodes']:8.0f}{each['nodes'][-1]:7}{budget.nodes:7}")
    return rows


if __name__ == "__main__":
    print("\n".join(table(Site(SITE, site_url()), budgets())))
