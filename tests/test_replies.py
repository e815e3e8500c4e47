"""Promise: every problem and procedure has an answer ready for SMS, chat and e-mail that fits, says what its page says, and says whose it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tools.docs import LANGUAGES, ROOT, Docs, Page, PlainLoader, WriteDocs
from tools.finding import At, Expect, Problem
from tools.site.built import Document, Site

SHOWN = "site/data/replies.json"
FIX = "see overrides/hooks/guia/files/replies.py"
# The longest address of the site that every text must leave room for, whatever it was built for.
ROOM = 50
GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
TWICE = "\f^{}\\[~]|€"
MARKUP = re.compile(r"\[\^[^\]]+\]|\]\([^)]*\)|\*\*|`|\[")
Entry = dict[str, Any]


def sms_size(text: str) -> tuple[int, int]:
    """How long an SMS is and how long one message may be: 160 septets, or 70 units of UCS-2 when a letter is not in the GSM alphabet."""
    if all(letter in GSM + TWICE for letter in text):
        return sum(2 if letter in TWICE else 1 for letter in text), 160
    return len(text.encode("utf-16-be")) // 2, 70


def read(site: Site) -> list[Entry]:
    """The published answers."""
    found: list[Entry] = json.loads((site.root / "data/replies.json").read_text(encoding="utf-8"))["replies"]
    return found


def words(lang: str) -> dict[str, Any]:
    """The frame's words."""
    found: dict[str, Any] = yaml.load((ROOT / f"docs/data/strings/{lang}.yml").read_text(encoding="utf-8"), PlainLoader)
    return found


def texts(entries: list[Entry]) -> Iterator[tuple[Entry, str, dict[str, Any]]]:
    """Each entry once per language it has, with that language's texts."""
    return ((entry, lang, entry[lang]) for entry in entries for lang in LANGUAGES if lang in entry)


def check_limits(entries: list[Entry], base: str) -> Iterator[Problem]:
    """One SMS and 400 characters of chat hold the text, also when the site's address is longer than `base`."""
    more = max(0, ROOM - len(base))
    for entry, lang, text in texts(entries):
        size, limit = sms_size(text["sms"])
        if size > limit:
            yield Problem(SHOWN, 0, f"the SMS of '{entry['id']}' ({lang}) counts {size} of {limit}", FIX, "sms-too-long")
        if len(text["chat"]) + more > 400:
            page, over = f"docs/{lang}/{entry['id']}.md", len(text["chat"]) + more - 400
            yield Problem(page, 0, f"'reply' leaves no room for an address of {ROOM} characters", f"shorten it by {over}", "reply-too-long")


def check_parts(entries: list[Entry]) -> Iterator[Problem]:
    """Each text holds, once, its code, its address, its date and the notice that it is not official."""
    for entry, lang, text in texts(entries):
        say, year = words(lang), text["checked"][:4]
        label = [say["replies"]["code"].format(code=entry["code"])] if entry["code"] else []
        notice, dated = say["replies"]["unofficial"], text["checked"]
        wanted = {"sms": [*map(folded, label), text["address"], dated, notice], "chat": [*label, text["address"], dated, notice],
                  "mail": [*label, text["address"], f"{say['last_checked']}: {int(dated[8:])}", year, say["not_official"]]}
        for kind, parts in wanted.items():
            whole = text[kind]["body"] if kind == "mail" else text[kind]
            for part in (part for part in parts if whole.count(part) != 1):
                yield Problem(SHOWN, 0, f"the {kind} of '{entry['id']}' ({lang}) has {whole.count(part)} x '{part}'", FIX, "reply-part-count")


def folded(text: str) -> str:
    """As an SMS can write it."""
    return text.translate(str.maketrans("áíóúÁÍÓÚ«»“”", 'aiouAIOU""""'))


def check_words(entries: list[Entry], docs: Docs) -> Iterator[Problem]:
    """The chat begins with the page's reply, the SMS has its title or the guide's, the e-mail its description and every step, word for word."""
    for entry, lang, text in texts(entries):
        page = docs.find(lang, entry["id"])
        if page is None or page.type not in ("problem", "procedure"):
            yield Problem(SHOWN, 0, f"'{entry['id']}' ({lang}) is neither a problem nor a procedure", FIX, "reply-for-no-page")
            continue
        body = " ".join(text["mail"]["body"].split())
        for part in (page.meta["description"], *(plain(block) for block in steps(page))):
            if part not in body:
                yield Problem(page.shown, page.line_of(part[:20]), f"the e-mail lacks \"{part[:60]}\"", FIX, "mail-lacks-text")
        if not text["chat"].startswith(page.meta["reply"] + "\n"):
            yield Problem(page.shown, page.key_line("reply"), "the chat text is not the page's reply", FIX, "chat-not-reply")
        titles = (page.meta["title"], page.meta["title"].partition(" (")[0], words(lang)["replies"]["guide"])
        if not any(folded(title) in text["sms"] for title in titles):
            yield Problem(page.shown, page.key_line("title"), "the SMS has neither the page's title nor the guide's", FIX, "sms-without-title")
        if (text["title"], text["mail"]["subject"]) != (page.meta["title"],) * 2:
            yield Problem(page.shown, page.key_line("title"), "the title or the subject of its answers is another", FIX, "reply-title")


def steps(page: Page) -> list[str]:
    """Texts of the page's section of steps, the ones around the steps too."""
    return [block.text for block in page.blocks if block.section in ("que-hacer", "pasos") and block.kind != "heading"]


def plain(text: str) -> str:
    return " ".join(MARKUP.sub("", text).split())


def check_complete(entries: list[Entry], docs: Docs) -> Iterator[Problem]:
    """Every problem and procedure has its answers, once."""
    found = [entry["id"] for entry in entries]
    for page in docs.pages:
        if page.lang == "es" and page.type in ("problem", "procedure") and found.count(page.path) != 1:
            yield Problem(page.shown, 0, f"it has {found.count(page.path)} entries in {SHOWN}", FIX, "reply-missing")


def check_shown(entries: list[Entry], site: Site) -> Iterator[Problem]:
    """The page offers the very texts of the JSON, and «ayudar» all chat texts in their order, each with a link to its page."""
    built = {document.url: document for document in site.pages}
    for entry, lang, text in texts(entries):
        page = built[text["url"].lstrip("/")]
        if pieces(page, "//section[@class='after']//pre") != [text["chat"], text["sms"], text["mail"]["body"]]:
            yield Problem(page.shown, 0, f"its ready answers are not those of {SHOWN}", "correct overrides/answer.html", "replies-not-shown")
    for page in (page for page in site.pages if page.url.removeprefix("en/") == "ayudar/"):
        wanted = [(text["chat"], text["url"].lstrip("/") + "index.html") for _, lang, text in texts(entries) if lang == page.lang]
        links = [site.path(page, link) for link in page.tree.xpath("//*[@data-list]//li/a/@href")]
        if list(zip(pieces(page, "//*[@data-list]//li/pre"), links)) != wanted:
            yield Problem(page.shown, 0, f"its list is not that of {SHOWN}", "correct overrides/blocks/replies.html", "replies-list-differs")


def pieces(page: Document, path: str) -> list[str]:
    return [element.text_content() for element in page.tree.xpath(path)]


def test_limits(site: Site, expect_none: Expect) -> None:
    expect_none(check_limits(read(site), site.url))


def test_parts(site: Site, expect_none: Expect) -> None:
    expect_none(check_parts(read(site)))


@pytest.mark.parametrize("check", [check_words, check_complete])
def test_the_pages_own_words(check: Callable[..., Iterator[Problem]], site: Site, docs: Docs, expect_none: Expect) -> None:
    expect_none(check(read(site), docs))


def test_shown(site: Site, expect_none: Expect) -> None:
    expect_none(check_shown(read(site), site))


def test_schema(site: Site) -> None:
    """The published file is what its published schema says, and its addresses are the site's."""
    schema = json.loads((site.root / "data/replies.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate({"version": 1, "replies": read(site)})
    for entry, _, text in texts(read(site)):
        wanted = f"{site.url}e/{entry['code']}/" if entry["code"] else site.url + text["url"][1:]
        assert text["address"] == wanted and f"{wanted.removeprefix(site.url)}index.html" in site.files, entry["id"]


@pytest.mark.parametrize(("text", "size"), [
    ("", (0, 160)), ("clave", (5, 160)), ("é ñ ü ¿ ¡ Ñ É", (13, 160)), ("5 €", (4, 160)), ("[a]", (5, 160)), ("{~}", (6, 160)), ("x" * 160, (160, 160)),
    ("á", (1, 70)), ("está", (4, 70)), ("ç", (1, 70)), ("«a»", (3, 70)), ("x" * 70 + "í", (71, 70)), ("🔒", (2, 70)), ("a\nb", (3, 160)),
])
def test_sms_size(text: str, size: tuple[int, int]) -> None:
    assert sms_size(text) == size


TEXT: dict[str, Any] = {"title": "Clave bloqueada", "url": "/problemas/a/", "address": "http://x/e/01/", "checked": "2026-11-20",
        "sms": "Codigo 01: Clave bloqueada. http://x/e/01/ Revisado 2026-11-20. No oficial.", "chat": "Entre.\nCódigo 01: http://x/e/01/\nRevisado 2026-11-20. No oficial.",
        "mail": {"subject": "Clave bloqueada", "body": f"Qué hacer.\n\n1. Entre a www.iess.gob.ec.\n\nCódigo 01: http://x/e/01/\nÚltima revisión: 20 de noviembre de 2026.\n{words('es')['not_official']}"}}
PAGE = "---\ntype: problem\ntitle: Clave bloqueada\ndescription: Qué hacer.\nreply: Entre.\n---\n## Qué hacer {#que-hacer}\n\n1. Entre a [www.iess.gob.ec](https://www.iess.gob.ec/)[^f].\n"


def entry(**changes: Any) -> list[Entry]:
    """One good entry, in Spanish alone, with what is changed."""
    return [{"id": "problemas/a", "code": "01", "es": {**TEXT, **changes}}]


@pytest.mark.parametrize(("check", "changes", "at"), [
    (lambda entries, docs: check_limits(entries, "x" * ROOM), {"sms": "x" * 161}, ("sms-too-long", "site/data/replies.json", 0)),
    (lambda entries, docs: check_limits(entries, "x" * ROOM), {"sms": "á" + "x" * 70}, ("sms-too-long", "site/data/replies.json", 0)),
    (lambda entries, docs: check_limits(entries, "http://x/"), {"chat": "x" * 360},
     ("reply-too-long", "docs/es/problemas/a.md", 0)),
    (lambda entries, docs: check_parts(entries), {"chat": TEXT["chat"].replace("Entre.", "Entre. No oficial.")},
     ("reply-part-count", "site/data/replies.json", 0)),
    (lambda entries, docs: check_parts(entries), {"sms": TEXT["sms"].replace("Codigo 01: ", "")}, ("reply-part-count", "site/data/replies.json", 0)),
    (lambda entries, docs: check_parts(entries), {"mail": {"subject": "", "body": TEXT["mail"]["body"].replace("http://x/e/01/", "")}},
     ("reply-part-count", "site/data/replies.json", 0)),
    (check_words, {"chat": "Otra cosa."}, ("chat-not-reply", "docs/es/problemas/a.md", 5)),
    (check_words, {"sms": "Otra cosa."}, ("sms-without-title", "docs/es/problemas/a.md", 3)),
    (check_words, {"title": "Otra"}, ("reply-title", "docs/es/problemas/a.md", 3)),
    (check_words, {"mail": {"subject": "Clave bloqueada", "body": "Qué hacer."}},
     ("mail-lacks-text", "docs/es/problemas/a.md", 1)),
    (lambda entries, docs: check_complete([], docs), {}, ("reply-missing", "docs/es/problemas/a.md", 0)),
])
def test_a_bad_answer_is_named(check: Callable[..., Iterator[Problem]], changes: dict[str, Any], at: At, write_docs: WriteDocs) -> None:
    assert [problem.at for problem in check(entry(**changes), write_docs({"es/problemas/a.md": PAGE}))] == [at]


def test_a_good_answer_gets_none(write_docs: WriteDocs) -> None:
    docs = write_docs({"es/problemas/a.md": PAGE})
    assert not [*check_limits(entry(), "http://x/"), *check_parts(entry()), *check_words(entry(), docs), *check_complete(entry(), docs)]


def test_texts_that_are_not_shown_is_named(tmp_path: Path) -> None:
    chat, sms, body = TEXT["chat"], TEXT["sms"], TEXT["mail"]["body"]
    pages = {"problemas/a": f"<section class='after'><pre>{chat}</pre><pre>{sms}</pre><pre>{body}</pre></section>",
             "ayudar": f"<details data-list><ul><li><a href='../problemas/a/'>01</a><pre>{chat}</pre></li></ul></details>"}
    for name, text in pages.items():
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "index.html").write_text(f"<html><head><meta charset='utf-8'></head><body>{text}</body></html>", encoding="utf-8")
    site = Site(tmp_path, "http://127.0.0.1:8000/")
    assert not list(check_shown(entry(), site))
    assert [problem.at for problem in check_shown(entry(chat="Otra."), site)] == [
        ("replies-not-shown", "site/problemas/a/index.html", 0),
        ("replies-list-differs", "site/ayudar/index.html", 0)]
