"""How hard a text is to read: words, sentences, syllables and the INFLESZ scale for Spanish."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE = re.compile(r"(?<=[.!?:])[»”\")]*\s+(?=[«“¿¡(\"]*[A-ZÁÉÍÓÚÑÜ0-9])|\n+")
MARKUP = re.compile(r"\[\^[^\]]*\]|\{[^}]*\}|^\s*(?:[-*]|\d+\.)\s+|^#+ .*$|^!!!.*$|[|*_`]", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+(?:gob\.ec|fin\.ec|[a-z]{2,3})(?:/\S*)?")
# Two vowels are one syllable when one of them is a weak, unaccented i or u.
NUCLEUS = re.compile(r"[iuü]?[aeoáéó][iuü]?(?![aeoáéóíú])|[iuü]?[aeoáéó]|[iuü]{2}|[iuüíú]")


def prose(markdown: str) -> str:
    """Text a reader reads: no markup, addresses or headings; table cells one to a line."""
    text = LINK.sub(r"\1", markdown).replace(" | ", ".\n")
    return ADDRESS.sub("IESS", MARKUP.sub("", text)).strip()


def sentences(text: str) -> list[str]:
    """Sentences that have a word."""
    return [part.strip() for part in SENTENCE.split(text) if WORD.search(part)]


def words(text: str) -> list[str]:
    return WORD.findall(text)


def syllables(word: str) -> int:
    """Syllables of a Spanish word; at least one (acronyms, foreign words)."""
    plain = unicodedata.normalize("NFC", word.lower())
    plain = re.sub(r"q?u(?=[eiéí])", lambda match: match[0][0] if match[0][0] == "q" else "u", plain)
    plain = re.sub(r"gu(?=[eiéí])", "g", plain)
    return max(1, len(NUCLEUS.findall(re.sub(r"y\b", "i", plain))))


def inflesz(text: str) -> float:
    """Szigriszt-Pazos index: 206.835 - 62.3 x syllables/words - words/sentences. 55-65 is normal, 65-80 fairly easy."""
    found, parts = words(text), sentences(text)
    if not found:
        return 100.0
    return 206.835 - 62.3 * sum(map(syllables, found)) / len(found) - len(found) / len(parts)
