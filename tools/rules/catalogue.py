"""Rules: whatever stops a person has one page, one code for ever, a way out, and an entry that programs can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath
from typing import Any
from urllib.parse import urlsplit

from tools.docs import Docs, Page
from tools.finding import Problem

CODES, DIAGNOSIS = "docs/data/codes.yml", "docs/data/diagnosis.yml"
LINK = re.compile(r"\]\(([^)\s]+)\)")
OFFICE = "office"
DEEPEST = 3


def check_codes(docs: Docs, codes: dict[str, str]) -> Iterator[Problem]:
    """Two digits, one for each id, and each id has its page."""
    ids = {page.meta["problem"]: page for page in docs.pages if page.lang == "es" and page.meta.get("problem")}
    for code, problem in codes.items():
        if not re.fullmatch(r"\d{2}", str(code)):
            yield Problem(CODES, 0, f"the code '{code}' has not two digits", 'write it quoted, as "07"', "code-digits")
        if problem not in ids:
            yield Problem(CODES, 0, f"the code {code} has no page: '{problem}'", "restore the page, or give it the type 'retired'; a code is never removed", "code-without-page")
    for problem in sorted({name for name in codes.values() if list(codes.values()).count(name) > 1}):
        yield Problem(CODES, 0, f"'{problem}' has two codes", "keep the first", "code-twice")
    for problem, page in ids.items():
        if problem not in codes.values():
            yield Problem(page.shown, page.key_line("problem"), f"'{problem}' has no code", f"add the next free one to {CODES}", "code-missing")


def check_messages(docs: Docs) -> Iterator[Problem]:
    """A documented wording stands word for word in its fact, and on one page of a language only."""
    seen: dict[tuple[str, str], Page] = {}
    for page in docs.pages:
        for message in page.meta.get("messages") or []:
            text, fact = message["text"], docs.facts.get(message["fact"])
            said = " ".join(_texts(fact.data)) if fact else ""
            if fact and _plain(text) not in _plain(said):
                yield Problem(page.shown, page.line_of(text[:30]), f"fact '{fact.id}' does not hold the message \"{text}\"", "quote the fact word for word, or correct the fact", "message-not-in-fact")
            first = seen.setdefault((page.lang, _plain(text)), page)
            if first is not page:
                yield Problem(page.shown, page.line_of(text[:30]), f"the message \"{text}\" is also on {first.shown}", "keep it on the page that answers it", "message-twice")


def _texts(fact: dict[str, Any]) -> list[str]:
    return [fact["es"], fact["en"], *(fact.get("note") or {}).values()]


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.casefold()).strip()


def check_relations(docs: Docs) -> Iterator[Problem]:
    """A problem's text leads to its procedure; a procedure's text leads to at least one problem that its steps can meet."""
    for page in docs.pages:
        wanted = page.meta.get("procedure")
        if page.type == "problem" and wanted != OFFICE and wanted not in links(page):
            yield Problem(page.shown, page.key_line("procedure"), f"the text does not link to its procedure '{wanted}'", "link to it where the reader needs it", "procedure-not-linked")
        if page.type == "procedure" and not any(path.startswith("problemas/") for path in links(page)):
            yield Problem(page.shown, page.line_of("{#pasos}"), "no step links to a problem that may appear there", "link to it where the step can fail", "procedure-without-problems")


def links(page: Page) -> set[str]:
    """Paths of the pages that a page's text links to."""
    targets = [target for block in page.blocks for target in LINK.findall(block.text)]
    return {normpath(f"{page.path}/../{urlsplit(target).path}").removesuffix(".md") for target in targets if urlsplit(target).path.endswith(".md")}


def check_no_dead_end(docs: Docs) -> Iterator[Problem]:
    """From each problem the links of the text lead to «done» (a procedure) or to an office."""
    for page in docs.pages:
        if page.type == "problem" and not _ways_out(docs, page):
            yield Problem(page.shown, 0, "no link leads from here to a procedure or to an office", "link to a procedure, or to a section {#en-persona}", "dead-end")


def _ways_out(docs: Docs, page: Page) -> bool:
    reached, ahead = {page.path}, [page]
    while ahead:
        here = ahead.pop()
        if here.type == "procedure" or any("#en-persona" in target for block in here.blocks for target in LINK.findall(block.text)):
            return True
        found = [docs.find(page.lang, path) for path in links(here) - reached]
        ahead += [other for other in found if other and other.type in ("problem", "procedure")]
        reached |= links(here)
    return False


def check_diagnosis(docs: Docs, questions: dict[str, Any]) -> Iterator[Problem]:
    """At most three questions deep, no question nobody reaches, every problem is a leaf, every leaf is a page."""
    first = next(iter(questions))
    depth, ahead, leaves = {first: 1}, [first], set()
    while ahead:
        here = ahead.pop(0)
        for answer in questions[here]["answers"]:
            if answer["go"] in questions and answer["go"] not in depth:
                depth[answer["go"]] = depth[here] + 1
                ahead.append(answer["go"])
            elif answer["go"] not in questions:
                leaves.add(answer["go"])
    for name, question in questions.items():
        if name not in depth:
            yield Problem(DIAGNOSIS, 0, f"no answer leads to the question '{name}'", "add an answer with `go: " + name + "`, or remove it", "diagnosis-unreachable")
        elif depth[name] > DEEPEST:
            yield Problem(DIAGNOSIS, 0, f"the question '{name}' is the {depth[name]}th in a row", f"ask at most {DEEPEST}", "diagnosis-too-deep")
        if missing := {"es", "en"} - set(question):
            yield Problem(DIAGNOSIS, 0, f"the question '{name}' lacks {', '.join(sorted(missing))}", "word it in both languages", "diagnosis-language-missing")
    for leaf in sorted(leaves):
        page = docs.find("es", leaf)
        if not page or page.type not in ("problem", "procedure", "guide"):
            yield Problem(DIAGNOSIS, 0, f"'{leaf}' is neither a question nor a problem or procedure", "correct `go`", "diagnosis-leaf-unknown")
    for page in docs.pages:
        if page.lang == "es" and page.meta.get("problem") and page.type != "retired" and page.path not in leaves:
            yield Problem(DIAGNOSIS, 0, f"no answer leads to '{page.path}'", "add an answer with `go: " + page.path + "`", "diagnosis-page-missing")


CHECKS = (check_messages, check_relations, check_no_dead_end)
