"""Words the ready answers of each problem and procedure (SMS, chat, e-mail) from its own text, and publishes them as /data/replies.json."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.structure.pages import Page

from guia.lib import data, wording
from guia.lib.build import Build
from guia.lib.site import Site

ANSWERED = ("problem", "procedure")
CHAT, SMS, SMS_UCS2 = 400, 160, 70
STEPS = re.compile(r"^## [^\n]*\{#(?:que-hacer|pasos)\}\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# The Spanish wording that English titles carry in brackets.
GLOSS = re.compile(r" \([«“][^)]*\)$")
# The alphabet of an SMS of 160 characters (GSM 03.38), and the signs in it that count twice.
GSM = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
GSM_TWICE = set("\f^{}\\[~]|€")
SIGNS = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " "})


@dataclass(frozen=True)
class Reply:
    """The ready answers of one page; `address` is absolute and as short as the page has one, `url` starts at the site's root."""

    path: str
    code: str
    title: str
    url: str
    address: str
    checked: str
    sms: str
    chat: str
    mail: str


def worded(build: Build, lang: str) -> dict[str, Reply]:
    """Every answer of a language by path. Raises DataError when one is too long."""
    return replies(build.docs, lang, build.site_url)


def show(context: dict[str, Any], page: Page, build: Build) -> None:
    """Give the page's template its answers."""
    context["ready"] = build.replies[data.language(page)].get(data.page_path(page))


def publish(site: Site, build: Build) -> None:
    """Write the answers and their schema beside the catalogue."""
    spanish, english = (build.replies[lang] for lang in data.LANGUAGES)
    entries = [{"id": path, "code": reply.code or None, "es": entry(reply), "en": entry(english[path])} for path, reply in spanish.items() if path in english]
    site.put("data/replies.json", json.dumps({"version": 1, "replies": entries}, ensure_ascii=False, indent=1) + "\n")
    site.put("data/replies.schema.json", data.read_file(build.docs, "data/replies.schema.json"))


def entry(reply: Reply) -> dict[str, Any]:
    """One page's answers in one language, as replies.schema.json describes them."""
    mail = {"subject": reply.title, "body": reply.mail}
    return {"title": reply.title, "url": f"/{reply.url}", "address": reply.address, "checked": reply.checked, "sms": reply.sms, "chat": reply.chat, "mail": mail}


def replies(docs: Path, lang: str, site_url: str) -> dict[str, Reply]:
    """Answers of every problem and procedure by path, those with a code first. Raises DataError when one is too long."""
    words, codes = data.load_strings(docs, lang), data.load_codes(docs)
    pages = [page for page in data.pages_of(docs, lang).values() if page.meta["type"] in ANSWERED]
    found = [reply(docs, page, words, codes.get(page.meta.get("problem", ""), ""), site_url) for page in pages]
    return {each.path: each for each in sorted(found, key=lambda each: (not each.code, each.code, each.path))}


def reply(docs: Path, page: data.PageMeta, words: dict[str, Any], code: str, site_url: str) -> Reply:
    """The three answers of a page. Raises DataError when one is over its limit."""
    say, meta = words["replies"], page.meta
    if not meta.get("reply"):
        raise data.DataError(f"docs/{page.lang}/{page.path}.md:2: the front matter has no 'reply'. Fix: add `reply: …`.")
    address = f"{site_url}e/{code}/" if code else f"{site_url}{page.url}"
    label = say["code"].format(code=code) if code else ""
    dated = f"{say['dated'].format(day=meta['checked'])} {say['unofficial']}"
    where = f"{label} {address}".strip()
    chat = f"{meta['reply']}\n{where}\n{dated}"
    mail = f"{meta['description']}\n\n{steps(page.body)}\n\n{where}\n{words['last_checked']}: {wording.day(meta['checked'], words)}.\n{words['not_official']}"
    short = sms(label, (meta["title"], GLOSS.sub("", meta["title"]), say["guide"]), f"{address} {dated}")
    _check(docs, page, "chat", len(chat), CHAT, f"shorten 'reply' by {len(chat) - CHAT}, or use a shorter SITE_URL")
    _check(docs, page, "SMS", *sms_length(short), "use a shorter SITE_URL, or keep docs/data/strings to the letters of an SMS")
    return Reply(page.path, code, meta["title"], page.url, address, meta["checked"], short, chat, mail)


def steps(body: str) -> str:
    """The page's steps as plain text, with what stands before and after them, which may say how sure they are."""
    found = STEPS.search(body)
    return re.sub(r"\*\*|`", "", wording.plain(found[1])) if found else ""


def sms(label: str, titles: tuple[str, ...], tail: str) -> str:
    """Code, the first of the titles with which the rest fits, whole, else the last; then address, date and notice."""
    texts = [folded(f"{label} {title}{'' if title[-1] in '.?!' else '.'} {tail}".strip()) for title in titles]
    return next((text for text in texts if sms_length(text)[0] <= sms_length(text)[1]), texts[-1])


def folded(text: str) -> str:
    """The text without the accents and quotation marks that the alphabet of SMS lacks: á, í, ó, ú become a, i, o, u; é and ñ stay."""
    return "".join(letter if letter in GSM else unicodedata.normalize("NFD", letter)[0] for letter in text.translate(SIGNS))


def sms_length(text: str) -> tuple[int, int]:
    """Length of an SMS and its limit: 160 in its own alphabet, 70 units of UTF-16 when a character is not in it."""
    if GSM | GSM_TWICE >= set(text):
        return len(text) + sum(letter in GSM_TWICE for letter in text), SMS
    return len(text.encode("utf-16-le")) // 2, SMS_UCS2


def _check(docs: Path, page: data.PageMeta, kind: str, length: int, limit: int, fix: str) -> None:
    if length > limit:
        name = f"{page.lang}/{page.path}.md"
        line = next((number for number, text in enumerate(data.read_file(docs, name).splitlines(), 1) if text.startswith("reply:")), 1)
        what = f"the {kind} text, with its address, date and notice, has {length} characters of {limit}"
        raise data.DataError(f"docs/{name}:{line}: {what}. Fix: {fix}.")
