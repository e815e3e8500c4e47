"""Draws README's picture of the build from the lists in overrides/hooks/build.py: python -m tools.picture."""

from __future__ import annotations

import ast
from html import escape

from tools.docs import ROOT

BUILD, PICTURE = "overrides/hooks/build.py", ROOT / ".github/way.svg"
SOURCES = {"docs/es, docs/en": "pages in Markdown", "docs/data": "evidence, codes, words", "overrides": "templates and blocks", "docs/assets": "styles and scripts"}
READER = {"site": "plain files: any host serves them"}
# Each column: what stands above it, what stands below that, and the lists whose steps it holds.
COLUMNS = (("Each page", "from Markdown to HTML", ("MARKDOWN", "CONTENT", "CONTEXT", "PAGE")), ("Whole site", "files beside the pages", ("FILES",)), ("Ready to ship", "small and safe", ("SHIP",)))
WIDTH, STEP, HEIGHT, TOP = 206, 226, 38, 58


def steps(source: str) -> dict[str, list[tuple[str, str]]]:
    """By list: each step's name and the comment on its line."""
    lines = source.splitlines()
    found: dict[str, list[tuple[str, str]]] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(node.value, ast.Tuple):
            found[node.target.id] = [(ast.unparse(step), lines[step.lineno - 1].partition("# ")[2]) for step in node.value.elts]
    return found


def drawn(source: str) -> str:
    """The picture as SVG: a column for the sources, one for each stage, one for the reader."""
    known = steps(source)
    columns = [("Sources", "what people write", list(SOURCES.items()), "data-path"),
               *((title, text, [step for name in names for step in known[name]], "data-step") for title, text, names in COLUMNS),
               ("Reader", "a phone, paper, a program", list(READER.items()), "data-path")]
    size = STEP * len(columns), TOP + HEIGHT * max(len(boxes) for _, _, boxes, _ in columns) + 8
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" role="img" aria-labelledby="title text" font-family="system-ui, sans-serif">',
             '<title id="title">The way of a page from Markdown to reader</title>',
             '<desc id="text">Sources go through the steps that overrides/hooks/build.py lists: each page is made, then the files of the whole site, then everything is made small and safe.</desc>',
             f'<rect width="{size[0]}" height="{size[1]}" fill="#fff"/>']
    for number, (title, text, boxes, kind) in enumerate(columns):
        parts += _column(8 + STEP * number, title, text, boxes, kind)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _column(left: int, title: str, text: str, boxes: list[tuple[str, str]], kind: str) -> list[str]:
    """A heading, and below it a box for each name with a few words."""
    parts = [f'<text x="{left}" y="24" font-size="16" font-weight="700" fill="#1a3d5c">{escape(title)}</text>', f'<text x="{left}" y="44" font-size="12" fill="#444">{escape(text)}</text>']
    for row, (name, said) in enumerate(boxes):
        top = TOP + HEIGHT * row
        parts.append(f'<g {kind}="{escape(name)}"><rect x="{left}" y="{top}" width="{WIDTH}" height="{HEIGHT - 6}" rx="5" fill="{"#f3efe4" if kind == "data-path" else "#e8f0f7"}" stroke="#1a3d5c"/>'
                     f'<text x="{left + 8}" y="{top + 13}" font-size="12" font-weight="600" fill="#111">{escape(name)}</text>'
                     f'<text x="{left + 8}" y="{top + 26}" font-size="10" fill="#333">{escape(said)}</text></g>')
    return parts


if __name__ == "__main__":
    PICTURE.write_text(drawn((ROOT / BUILD).read_text(encoding="utf-8")), encoding="utf-8")
