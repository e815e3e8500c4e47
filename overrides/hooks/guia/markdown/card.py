"""Draws the picture that a chat shows for each page: its title, its code and how well it is backed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import PIL
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page
from PIL import Image, ImageColor, ImageDraw, ImageFont

from guia.lib import data
from guia.lib.build import Build
from guia.lib.site import Site

FONTS = Path(__file__).resolve().parents[3] / "fonts"
REGULAR, BOLD = (FONTS / f"atkinson-hyperlegible-next-latin-{weight}-normal.woff" for weight in (400, 700))
FOLDER = "assets/cards"
# The colours of the site's header and of the key in its icon.
BLUE, WHITE, GOLD = "#12395b", "#ffffff", "#ffd24a"
SHADES = 16
WIDTH, HEIGHT, EDGE = 1200, 630, 54
ROOM = WIDTH - 2 * EDGE
# Heights at which lines of text stand; the notice has the band below BAND to itself.
TOP, TITLE, BACKING, BAND, NOTICE = 64, (88, 490), 534, 560, 609
# The smallest has capitals 60 pixels high, which people still read when a chat shows the picture 300 pixels wide.
TITLE_SIZES = range(120, 89, -2)
LEADING = 1.06
BACKING_SIZES = range(40, 25, -1)
QUOTE = re.compile(r" (?=\(«)")
NO_LETTER = "\uffff"
# What these cite by the way says nothing about the answers that they lead to.
LISTS = ("home", "index")


@dataclass(frozen=True)
class Card:
    """Every word of a picture."""

    code: str
    title: str
    backing: str
    site: str
    notice: str


def draw(markdown: str, page: Page, build: Build) -> str:
    """Draw the page's picture and tell the templates its address and words. Raises PluginError when it cannot be drawn."""
    card = card_of(page, cited(markdown, page, build.docs), build)
    kept = build.root / ".build/cards" / f"{fingerprint(card)}.png"
    if not kept.exists():
        if reason := refusal(card):
            raise PluginError(f"{title_line(page, build.docs)}: {reason}")
        keep(picture(card), kept)
    content = kept.read_bytes()
    name = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:16]}.png"
    build.pictures[name] = content
    # By address: the short pages need the card of a page of another language than the one that is being built.
    build.cards[page.url] = {"image": urljoin(build.site_url, name), "alt": " – ".join(filter(None, astuple(card))), "site": card.site}
    return markdown


def publish(site: Site, build: Build) -> None:
    """Add the pictures to the site."""
    site.update(build.pictures)


def cited(markdown: str, page: Page, docs: Path) -> list[data.Fact]:
    """The facts that answer the page's question, once each: all of them on the evidence page, none on a list of other pages."""
    facts, kind = data.load_ledger(docs).facts, page.meta["type"]
    if kind in LISTS:
        return []
    return [facts[name] for name in (facts if kind == "evidence" else dict.fromkeys(data.CITATION.findall(markdown)))]


def card_of(page: Page, facts: list[data.Fact], build: Build) -> Card:
    """The words of the page's picture."""
    docs = build.docs
    words, code = data.load_strings(docs, data.language(page)), data.load_codes(docs).get(page.meta.get("problem", ""))
    backed = backing([fact.status for fact in facts], words["card"])
    return Card(f"{words['code']} {code}" if code else "", page.meta["title"], backed, words["offline"]["app_name"], words["card"]["notice"])


def backing(statuses: list[str], words: dict[str, Any]) -> str:
    """`5 afirmaciones confirmadas · 1 reportada`: how many of each status, the surest first; nothing when there are none."""
    counts = [(statuses.count(status), forms) for status, forms in words["status"].items() if status in statuses]
    named = [f"{count} {forms[count > 1]}" for count, forms in counts]
    if named:
        count, forms = counts[0]
        named[0] = f"{count} {words['claim'][count > 1]} {forms[count > 1]}"
    return " · ".join(named)


def fingerprint(card: Card) -> str:
    """Sixteen hex digits that change with any word of the picture and with what draws it."""
    return hashlib.sha256(f"{astuple(card)}{_drawn_with()}".encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _drawn_with() -> str:
    parts = [Path(__file__).read_bytes(), REGULAR.read_bytes(), BOLD.read_bytes(), PIL.__version__.encode()]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def title_line(page: Page, docs: Path) -> str:
    """`docs/es/x.md:3`, where the page's title stands."""
    lines = data.read_file(docs, page.file.src_uri).splitlines()
    return f"docs/{page.file.src_uri}:{next(number for number, line in enumerate(lines, 1) if line.startswith('title:'))}"


def refusal(card: Card) -> str:
    """Why the picture cannot be drawn and what to do, or nothing."""
    missing = [letter for letter in sorted(set("".join(astuple(card)))) if lacks(letter)]
    if missing:
        return f"the font of the chat picture has no '{missing[0]}'. Fix: write the title without it, or add a font that has it to overrides/fonts."
    if not fitting(card.title):
        return "the title does not fit on the chat picture in letters that people can read. Fix: shorten it."
    return ""


@cache
def lacks(letter: str) -> bool:
    """True when a font would draw its sign for a missing letter instead."""
    return any(bytes(font(file, 40).getmask(letter)) == bytes(font(file, 40).getmask(NO_LETTER)) for file in (REGULAR, BOLD))


@cache
def font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    """One of our fonts; the basic layout gives the same picture on every machine."""
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def fitting(title: str) -> tuple[int, list[str]] | None:
    """The largest size at which the title fits and its lines, the message in brackets on lines of its own if that fits too."""
    for size in TITLE_SIZES:
        for parts in (QUOTE.split(title), [title]):
            lines = [line for part in parts for line in wrapped(part, font(BOLD, size), ROOM)]
            if len(lines) * size * LEADING <= TITLE[1] - TITLE[0] and max(font(BOLD, size).getlength(line) for line in lines) <= ROOM:
                return size, [line for part in parts for line in balanced(part, font(BOLD, size))]
    return None


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines of at most that width; only a single word may be wider."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and face.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def balanced(text: str, face: ImageFont.FreeTypeFont) -> list[str]:
    """As few lines as fit, about as long as each other, so that no word is left alone."""
    fewest = len(wrapped(text, face, ROOM))
    tries = (wrapped(text, face, width) for width in range(ROOM // 4, ROOM, 20))
    return next((lines for lines in tries if len(lines) == fewest), wrapped(text, face, ROOM))


def picture(card: Card) -> Image.Image:
    """The picture, white on blue, with the notice in a white band."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), BLUE)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, BAND, WIDTH, HEIGHT), fill=WHITE)
    pen.text((EDGE, TOP), card.site, WHITE, font(REGULAR, 44), anchor="ls")
    pen.text((WIDTH - EDGE, TOP), card.code, GOLD, font(BOLD, 52), anchor="rs")
    size, lines = fitting(card.title) or (TITLE_SIZES[-1], [card.title])
    first = (sum(TITLE) - len(lines) * size * LEADING) / 2 + size * 0.82
    for number, line in enumerate(lines):
        pen.text((EDGE, round(first + number * size * LEADING)), line, WHITE, font(BOLD, size), anchor="ls")
    small = next((size for size in BACKING_SIZES if font(REGULAR, size).getlength(card.backing) <= ROOM), BACKING_SIZES[-1])
    pen.text((EDGE, BACKING), card.backing, WHITE, font(REGULAR, small), anchor="ls")
    pen.text((EDGE, NOTICE), card.notice, BLUE, font(BOLD, 40), anchor="ls")
    return picture.quantize(palette=_palette(), dither=Image.Dither.NONE)


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """The only colours of a picture: from the blue to each of the other two, in steps."""
    ground, palette = ImageColor.getrgb(BLUE), Image.new("P", (1, 1))
    steps = [[round(a + (b - a) * step / (SHADES - 1)) for a, b in zip(ground, ImageColor.getrgb(ink))] for ink in (WHITE, GOLD) for step in range(SHADES)]
    palette.putpalette([part for colour in steps for part in colour])
    return palette


def keep(picture: Image.Image, file: Path) -> None:
    """Write the picture in one step, so that a build that stops half-way leaves no half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Level 9 takes three times as long for 3 % less.
    picture.save(file.with_suffix(".part"), "PNG", compress_level=8)
    file.with_suffix(".part").replace(file)
