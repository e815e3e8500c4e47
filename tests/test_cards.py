"""Promise: an address pasted in a chat shows what the page answers, how well it is backed and that it is not official, in words one can read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.test_build import copy, damage, mkdocs  # noqa: F401 (copy is a fixture)
from tools.docs import Docs, WriteDocs
from tools.finding import At, Expect, Problem
from tools.site.built import Document, Site

PICTURES = "assets/cards/"
FIXED = {"og:type": "article", "og:image:type": "image/png", "og:image:width": "1200", "og:image:height": "630", "twitter:card": "summary_large_image"}
SPOKEN = {"es": ("es_EC", "en_US"), "en": ("en_US", "es_EC")}
WORDED = ("og:title", "og:description", "og:url", "og:site_name", "og:image", "og:image:alt", "twitter:title", "twitter:description", "twitter:image", "twitter:image:alt")
SAME = (("twitter:title", "og:title"), ("twitter:description", "og:description"), ("twitter:image", "og:image"), ("twitter:image:alt", "og:image:alt"))
NOTICE = {"es": "Guía independiente. No es del IESS.", "en": "Independent guide. Not run by the IESS."}
CODE = re.compile(r"\b(?:Código|Code) \d\d\b")
CLAIMS = re.compile(r"– (\d+ (?:afirmaci|claim)[^–]*) –")
LISTS = ("home", "index")
STATUSES = ("confirmed", "reported", "disputed", "unknown")
# A chat reads no further than it must; the heaviest picture is what a prepaid plan pays for one message.
EARLY, HEAVIEST, LONGEST = 4096, 60_000, 110
# Left, top, right, bottom of each part of the picture, and the contrast its words need.
PARTS = {"site's name": ((0, 0, 700, 84), 4.5), "code": ((700, 0, 1200, 84), 4.5), "title": ((0, 84, 1200, 498), 7.0),
         "evidence": ((0, 500, 1200, 556), 4.5), "notice": ((0, 562, 1200, 630), 4.5)}
OPTIONAL = {"code": CODE, "evidence": CLAIMS}
MARGINS = ((0, 0, 40, 558), (1160, 0, 1200, 558))
TALLEST_STROKE = 60
HEAD_FIX, HOOK_FIX = "correct overrides/partials/chat.html", "correct overrides/hooks/guia/markdown/card.py"


def shared(site: Site) -> list[Document]:
    """Every address that people paste: the pages and the short addresses."""
    return [*site.pages, *(document for document in site.documents if document.url.startswith("e/"))]


def tag(document: Document, name: str) -> list[str]:
    """What the head says under a name, as a chat reads it."""
    return [str(text).strip() for text in document.tree.xpath("//head/meta[@property=$name or @name=$name]/@content", name=name)]


def picture(site: Site, document: Document) -> str | None:
    """The built file that og:image names by its whole address, or None."""
    address = "".join(tag(document, "og:image")[:1])
    return site.path(document, address) if address.startswith(site.url) else None


def drawn(site: Site) -> Iterator[tuple[Document, Image.Image]]:
    """Each page with its picture, where there is one."""
    for page in site.pages:
        file = picture(site, page)
        if file in site.files:
            with Image.open(site.root / file) as image:
                yield page, image


def check_tags(site: Site) -> Iterator[Problem]:
    """Each tag is there once with text, the fixed ones with their value, and what Twitter reads is what the others read."""
    for document in shared(site):
        wanted = {**FIXED, **dict(zip(("og:locale", "og:locale:alternate"), SPOKEN[document.lang])), **dict.fromkeys(WORDED)}
        for name, value in wanted.items():
            found = tag(document, name)
            if len(found) != 1 or not found[0] or (value and found != [value]):
                yield Problem(document.shown, 0, f"its {name} is {found}, not {'one ' + repr(value) if value else 'one text'}", HEAD_FIX, "card-tag-count")
        for name, other in SAME:
            if tag(document, name) != tag(document, other):
                yield Problem(document.shown, 0, f"its {name} is not its {other}", HEAD_FIX, "card-tag-differs")
        if not 0 <= document.text.find('property="og:image"') < EARLY:
            yield Problem(document.shown, 0, f"og:image is not in its first {EARLY} characters", "move the chat tags up in the head", "card-tag-late")


def check_pictures(site: Site) -> Iterator[Problem]:
    """Each picture is on the site, a light PNG of the announced size, and no other file is published for it."""
    used = {picture(site, document): document for document in shared(site)}
    for file, document in used.items():
        if file not in site.files:
            yield Problem(document.shown, 0, f"its og:image {tag(document, 'og:image')} is no file of the site by its whole address", HEAD_FIX, "card-picture-name")
            continue
        weight = (site.root / file).stat().st_size
        with Image.open(site.root / file) as image:
            if (image.format, image.mode, image.size) != ("PNG", "P", (1200, 630)) or weight > HEAVIEST:
                yield Problem(f"site/{file}", 0, f"it is a {image.format} of {image.size} in mode {image.mode} and {weight} bytes", HOOK_FIX, "card-picture-format")
    for file in sorted(site.files):
        if (file.startswith(PICTURES) and file not in used) or file.startswith("fonts/"):
            yield Problem(f"site/{file}", 0, "it is published and no page names it", HOOK_FIX, "card-picture-unused")


def check_words(site: Site) -> Iterator[Problem]:
    """Title, description and picture are the page's own; the words of the picture are there for those who do not see it."""
    for name in ("og:title", "og:description", "og:image"):
        seen: dict[str, Document] = {}
        for page in site.pages:
            first = seen.setdefault("".join(tag(page, name)), page)
            if first is not page:
                yield Problem(page.shown, 0, f"its {name} is also that of {first.shown}", "make one of the two different", "card-not-unique")
    for page in site.pages:
        title, described, alt = ("".join(tag(page, name)) for name in ("og:title", "og:description", "og:image:alt"))
        if title != " ".join(page.tree.xpath("string(//h1)").replace("¶", "").split()):
            yield Problem(page.shown, 0, f"its og:title '{title}' is not its heading", HEAD_FIX, "card-title")
        if len(described) > LONGEST:
            yield Problem(page.shown, 0, f"its og:description has {len(described)} letters, and a chat shows {LONGEST}", "shorten `description`", "card-description-long")
        for word in (title, NOTICE[page.lang], *CODE.findall(page.tree.xpath("string(//*[@class='eyebrow'])"))):
            if word not in alt:
                yield Problem(page.shown, 0, f"the words of its picture lack '{word}'", HOOK_FIX, "card-words-missing")


def check_short(site: Site) -> Iterator[Problem]:
    """A short address shows what its Spanish page shows."""
    pages = {page.file: page for page in site.pages}
    for document in (document for document in site.documents if document.url.startswith("e/")):
        page = pages.get(site.path(document, document.one("//section[@lang='es']//a/@href")) or "")
        for name in (*FIXED, *WORDED):
            if page is None or tag(document, name) != tag(page, name):
                yield Problem(document.shown, 0, f"its {name} is not that of its Spanish page", "correct overrides/short.html", "card-short-address")


def check_backing(site: Site, docs: Docs) -> Iterator[Problem]:
    """The numbers on the picture are those of the facts that the page shows, the surest first; a list of other pages has none."""
    lists = {page.meta["title"] for page in docs.pages if page.type in LISTS}
    for page in site.pages:
        shown = [str(name).partition(":")[2] for name in page.tree.xpath("//li[starts-with(@id, 'fn:')]/@id")]
        facts = [docs.facts[name].data["status"] for name in shown or [name for name in page.ids if name in docs.facts]]
        wanted = [facts.count(status) for status in STATUSES if status in facts and "".join(tag(page, "og:title")) not in lists]
        said = "".join(CLAIMS.findall("".join(tag(page, "og:image:alt"))))
        if [int(number) for number in re.findall(r"\d+", said)] != wanted:
            yield Problem(page.shown, 0, f"its picture says '{said}', and its facts are {wanted}", HOOK_FIX, "card-backing")


def check_legible(site: Site) -> Iterator[Problem]:
    """Each part of the picture stands out from its ground, the title is large, and no word is cut at an edge."""
    for page, image in drawn(site):
        seen = image.convert("RGB")
        for name, (box, least) in PARTS.items():
            found = contrast(seen.crop(box))
            if found < least and not (name in OPTIONAL and not OPTIONAL[name].search("".join(tag(page, "og:image:alt")))):
                yield Problem(page.shown, 0, f"the {name} on its picture has a contrast of {found:.1f}, not {least}", HOOK_FIX, "card-contrast")
        if not has_stroke(seen.crop(PARTS["title"][0]), TALLEST_STROKE):
            yield Problem(page.shown, 0, f"no letter of the title on its picture is {TALLEST_STROKE} pixels high", "shorten the title", "card-letters-small")
        if any(len(seen.crop(box).getcolors() or ()) > 1 for box in MARGINS):
            yield Problem(page.shown, 0, "words on its picture touch an edge", HOOK_FIX, "card-edge")


def contrast(image: Image.Image) -> float:
    """Highest contrast that a colour of the picture has with its most frequent one (WCAG 2.2)."""
    colours = sorted(image.convert("RGB").getcolors(1 << 16) or [], reverse=True)
    ground, *lights = [luminance(colour) for _, colour in (colours[0], *colours) if isinstance(colour, tuple)]
    return max((max(light, ground) + 0.05) / (min(light, ground) + 0.05) for light in lights)


def luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def has_stroke(image: Image.Image, height: int) -> bool:
    """True when white pixels stand on each other to that height, as in the stem of a capital letter."""
    whites, length = image.convert("L").point(lambda level: 255 if level > 250 else 0), 1
    while length < height:
        step = min(length, height - length)
        whites, length = ImageChops.darker(whites, ImageChops.offset(whites, 0, step)), length + step
    return whites.getbbox() is not None


CHECKS = (check_tags, check_pictures, check_words, check_short, check_legible)


@pytest.mark.parametrize("check", CHECKS)
def test_cards(check: Callable[[Site], Iterator[Problem]], site: Site, expect_none: Expect) -> None:
    expect_none(check(site))


def test_backing(site: Site, docs: Docs, expect_none: Expect) -> None:
    expect_none(check_backing(site, docs))


@pytest.mark.slow
def test_an_unchanged_picture_is_not_drawn_again(copy: Path) -> None:  # noqa: F811
    """A build takes what an earlier one drew, and draws what is missing to the same bytes, which are its name."""
    kept, drawn = copy / ".build/cards", copy / "out" / PICTURES
    assert mkdocs(copy, DRAFT="1").returncode == 0
    names = sorted(file.name for file in drawn.iterdir())
    again = names[0]
    for file in list(kept.iterdir()):
        missing = file.read_bytes() == (drawn / again).read_bytes()
        file.unlink() if missing else file.write_bytes(b"kept" + file.name.encode())
    assert mkdocs(copy, DRAFT="1").returncode == 0
    published = list((copy / "out" / PICTURES).iterdir())
    assert len(published) == len(names)
    assert [file.name for file in published if not file.read_bytes().startswith(b"kept")] == [again]


@pytest.mark.parametrize(("title", "sentence"), [
    ("Acerca → de esta guía", "docs/es/acerca.md:3: the font of the chat picture has no '→'. Fix: write the title without it, or add a font that has it to overrides/fonts."),
    ("Acerca de esta guía " * 6, "docs/es/acerca.md:3: the title does not fit on the chat picture in letters that people can read. Fix: shorten it."),
])
def test_a_title_that_cannot_be_drawn_stops_the_build(title: str, sentence: str, copy: Path) -> None:  # noqa: F811
    damage(copy, "docs/es/acerca.md", 'title: "Acerca de esta guía', f'title: "{title}')
    run = mkdocs(copy)
    assert run.returncode == 1 and sentence in run.stdout + run.stderr and "Traceback" not in run.stderr


URL = "http://127.0.0.1:8000/"
ALT = "Código 07 – Título – 1 afirmación confirmada – Guía – Guía independiente. No es del IESS."
GOOD = {
    **FIXED, "og:locale": "es_EC", "og:locale:alternate": "en_US", "og:title": "Título", "og:description": "Haga esto.", "og:url": f"{URL}x/",
    "og:site_name": "Guía", "og:image": f"{URL}{PICTURES}a.png", "og:image:alt": ALT,
    "twitter:title": "Título", "twitter:description": "Haga esto.", "twitter:image": f"{URL}{PICTURES}a.png", "twitter:image:alt": ALT,
}
BODY = "<p class='eyebrow'>Código 07</p><h1>Título</h1><ol><li id='fn:f'>F</li></ol>"


def html(body: str = BODY, **changed: str) -> str:
    """A page with good tags but for the changed ones, whose colons are written as two underscores."""
    tags = {**GOOD, **{name.replace("__", ":"): value for name, value in changed.items()}}
    head = "".join(f'<meta property="{name}" content="{value}">' for name, value in tags.items())
    return f"<html><head>{head}</head><body>{body}</body></html>"


def make(root: Path, files: dict[str, str | Image.Image]) -> Site:
    """A small site with a good picture, unless `files` has another."""
    for name, content in {f"{PICTURES}a.png": picture_with(), **files}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        content.save(file, "PNG") if isinstance(content, Image.Image) else file.write_text(content, encoding="utf-8")
    return Site(root, URL)


def picture_with(ink: str = "white", ground: str = "#12395b", stem: int = 62, left: int = 54) -> Image.Image:
    """A picture with a stroke for each of its parts: the title's is `stem` pixels high and `left` from the edge."""
    image = Image.new("RGB", (1200, 630), ground)
    for box in ((54, 30, 90, 60), (1100, 30, 1140, 60), (left, 200, left + 14, 200 + stem), (54, 510, 90, 540), (54, 580, 90, 610)):
        image.paste(ink, box)
    return image.quantize(8)


@pytest.mark.parametrize(("check", "files", "at"), [
    (check_tags, {"x/index.html": html(og__title="")}, ("card-tag-count", "site/x/index.html", 0)),
    (check_tags, {"x/index.html": html(twitter__card="summary")}, ("card-tag-count", "site/x/index.html", 0)),
    (check_tags, {"en/x/index.html": html()}, ("card-tag-count", "site/en/x/index.html", 0)),
    (check_tags, {"x/index.html": html(twitter__title="Otro")}, ("card-tag-differs", "site/x/index.html", 0)),
    (check_tags, {"x/index.html": html().replace("<head>", "<head>" + " " * EARLY)},
     ("card-tag-late", "site/x/index.html", 0)),
    (check_pictures, {"x/index.html": html(og__image=f"/{PICTURES}a.png")},
     ("card-picture-name", "site/x/index.html", 0)),
    (check_pictures, {"x/index.html": html(og__image=f"{URL}b.png")}, ("card-picture-name", "site/x/index.html", 0)),
    (check_pictures, {"x/index.html": html(), f"{PICTURES}b.png": ""}, ("card-picture-unused", "site/assets/cards/b.png", 0)),
    (check_pictures, {"x/index.html": html(), "fonts/a.woff": ""}, ("card-picture-unused", "site/fonts/a.woff", 0)),
    (check_words, {"x/index.html": html(), "y/index.html": html()}, ("card-not-unique", "site/y/index.html", 0)),
    (check_words, {"x/index.html": html(body="<h1>Otro</h1>")}, ("card-title", "site/x/index.html", 0)),
    (check_words, {"x/index.html": html(og__description="a" * 111)}, ("card-description-long", "site/x/index.html", 0)),
    (check_words, {"x/index.html": html(og__image__alt="Título – Guía independiente. No es del IESS.")}, ("card-words-missing", "site/x/index.html", 0)),
    (check_short, {"x/index.html": html(), "e/07/index.html": html("<section lang='es'><a href='../../x/'>x</a></section>", og__title="Otro")},
     ("card-short-address", "site/e/07/index.html", 0)),
    (check_legible, {"x/index.html": html(), f"{PICTURES}a.png": picture_with(ink="#8899aa")},
     ("card-contrast", "site/x/index.html", 0)),
    (check_legible, {"x/index.html": html(), f"{PICTURES}a.png": Image.new("P", (1200, 630))},
     ("card-contrast", "site/x/index.html", 0)),
    (check_legible, {"x/index.html": html(), f"{PICTURES}a.png": picture_with(stem=59)},
     ("card-letters-small", "site/x/index.html", 0)),
    (check_legible, {"x/index.html": html(), f"{PICTURES}a.png": picture_with(left=1187)}, ("card-edge", "site/x/index.html", 0)),
])
def test_a_bad_card_is_named(check: Callable[..., Iterator[Problem]], files: dict[str, str | Image.Image], at: At, tmp_path: Path) -> None:
    assert at in [problem.at for problem in check(make(tmp_path, files))]


def test_a_good_card_gets_none(tmp_path: Path) -> None:
    good: dict[str, str | Image.Image] = {"x/index.html": html(), "e/07/index.html": html("<section lang='es'><a href='../../x/'>x</a></section>")}
    assert [problem.sentence for check in CHECKS for problem in check(make(tmp_path, good))] == []


def test_a_picture_of_another_kind_is_named(tmp_path: Path) -> None:
    site = make(tmp_path, {"x/index.html": html(), f"{PICTURES}a.png": Image.new("RGB", (600, 315))})
    weight = (tmp_path / PICTURES / "a.png").stat().st_size
    assert [problem.sentence for problem in check_pictures(site)] == [f"site/{PICTURES}a.png: it is a PNG of (600, 315) in mode RGB and {weight} bytes. Fix: {HOOK_FIX}."]


def test_numbers_that_are_not_the_facts_is_named(tmp_path: Path, write_docs: WriteDocs) -> None:
    site = make(tmp_path / "site", {"x/index.html": html()})
    docs = write_docs({"data/facts.yml": "f: {status: confirmed}"})
    assert [problem.at for problem in check_backing(site, docs)] == []
    docs = write_docs({"data/facts.yml": "f: {status: unknown}\ng: {status: unknown}", "es/l.md": "---\ntype: index\ntitle: Lista\n---\n"})
    site = make(tmp_path / "site", {"x/index.html": html(BODY + "<ol><li id='fn:g'>G</li></ol>"), "y/index.html": html(og__title="Lista")})
    assert [problem.at for problem in check_backing(site, docs)] == [
        ("card-backing", "site/x/index.html", 0),
        ("card-backing", "site/y/index.html", 0)]
