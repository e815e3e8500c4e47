"""Reads back what the browser prints: the text of each sheet of paper."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from playwright.sync_api import Page
from pypdf import PdfReader

COUNTER = re.compile(r"^\d+ / \d+$", re.MULTILINE)


@dataclass(frozen=True)
class Paper:
    """The text of each sheet of paper, without the counter at its foot."""

    sheets: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """All of it without spaces: where a line ends says nothing about the words."""
        return squash(" ".join(self.sheets))


def squash(text: str) -> str:
    """Text without white space, with ligatures as letters, so that a page and its print can be compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def printed(page: Page, **options: Any) -> Paper:
    """What the browser would print of the page now open, on A4 unless told otherwise."""
    reader = PdfReader(io.BytesIO(page.pdf(**{"format": "A4", **options})))
    return Paper(tuple(COUNTER.sub("", sheet.extract_text()).strip() for sheet in reader.pages))
