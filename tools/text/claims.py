"""Finds what a text claims: numbers with their units, dates, clock times, phones and menu paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

UNITS: dict[str, dict[str, str]] = {
    "es": {
        "segundos?": "seconds", "minutos?": "minutes", "horas?": "hours", "días?": "days", "semanas?": "weeks", "mes(?:es)?": "months", "años?": "years",
        "car[aá]cter(?:es)?": "characters", "dígitos?": "digits", "preguntas?": "questions", "veces|vez|intentos?": "attempts",
        "dólar(?:es)?|USD": "usd", "%|por ciento": "percent", "personas?|ciudadanos?|usuarios?": "people",
    },
    "en": {
        "seconds?": "seconds", "minutes?": "minutes", "hours?": "hours", "days?": "days", "weeks?": "weeks", "months?": "months", "years?": "years",
        "characters?": "characters", "digits?": "digits", "questions?": "questions", "times?|tries|attempts?": "attempts",
        "dollars?|USD": "usd", "%|per cent|percent": "percent", "people|users?": "people",
    },
}
MONTHS = {
    "es": ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}
MENU = re.compile(r"\*\*([^*]+? > [^*]+?)\*\*")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+|\d+)(?:[.,]\d{1,2})?"
NOT_PROSE = re.compile(r"`[^`]*`|\]\([^)]*\)|\[\^[^\]]*\]|\{[^}]*\}|<[^>]*>|https?://\S+|^\s*\d+\.\s", re.MULTILINE)
SPELLED = {
    "es": re.compile(r"\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|diez|quince|treinta)\s+(?:segundos|minutos|horas|días|semanas|meses|años|dólares)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:two|three|four|five|six|seven|eight|ten|fifteen|thirty)\s+(?:seconds|minutes|hours|days|weeks|months|years|dollars)\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Claim:
    """`text` as written; `value` normalised; `unit` as in the ledger, or empty when the text names none."""

    text: str
    value: str
    unit: str


def claims(text: str, lang: str, phones: set[str], names: list[str]) -> list[Claim]:
    """Every claim in `text`. `phones` are the ledger's; `names` are patterns that hold digits but claim nothing."""
    found = [Claim(path, path, "menu") for path in MENU.findall(text)]
    rest = NOT_PROSE.sub(" ", MENU.sub(" ", text))
    for name in names:
        rest = re.sub(name, " ", rest)
    for phone in sorted(phones, key=len, reverse=True):
        if re.search(rf"(?<![\w-]){re.escape(phone)}(?![\w-])", rest):
            found.append(Claim(phone, phone, "phone"))
            rest = re.sub(rf"(?<![\w-]){re.escape(phone)}(?![\w-])", " ", rest)
    for pattern, take in ((_date_pattern(lang), _date(lang)), (CLOCK, _clock)):
        found += [take(match) for match in pattern.finditer(rest)]
        rest = pattern.sub(" ", rest)
    return found + _numbers(rest, lang)


def _date_pattern(lang: str) -> re.Pattern[str]:
    months = "|".join(MONTHS[lang])
    middle = rf"(?:(?P<day>\d{{1,2}}) de )?(?P<month>{months}) de (?P<year>\d{{4}})" if lang == "es" else \
        rf"(?:(?P<day>\d{{1,2}}) )?(?P<month>{months}) (?P<year>\d{{4}})"
    return re.compile(rf"\b{middle}\b")


def _date(lang: str) -> Any:
    def take(match: re.Match[str]) -> Claim:
        month = MONTHS[lang].index(match["month"]) + 1
        day = f"-{int(match['day']):02d}" if match["day"] else ""
        return Claim(match[0], f"{match['year']}-{month:02d}{day}", "date")
    return take


def _clock(match: re.Match[str]) -> Claim:
    return Claim(match[0], match[0].zfill(5), "clock")


def _numbers(text: str, lang: str) -> list[Claim]:
    words = "|".join(UNITS[lang])
    joins = "a|y|o|u|al" if lang == "es" else "to|and|or"
    pattern = re.compile(rf"(?<![\w.,-])({NUMBER})(?:(?:\s*[-–/]\s*|\s+(?:{joins})\s+)({NUMBER}))?(?:[\s\u00a0]*({words})(?!\w))?", re.IGNORECASE)
    found = []
    for match in pattern.finditer(text):
        unit = next((name for word, name in UNITS[lang].items() if match[3] and re.fullmatch(word, match[3], re.IGNORECASE)), "")
        for number in filter(None, (match[1], match[2])):
            year = not unit and YEAR.fullmatch(number)
            found.append(Claim(match[0].strip(), number, "date") if year else Claim(match[0].strip(), normal(number, lang), unit))
    return found


def normal(number: str, lang: str) -> str:
    """`11 425`, `11.425` and `11,425` are `11425`; `0,50` and `0.50` are `0.5`; codes such as `000` stay as they are."""
    plain = re.sub(r"[ \u00a0\u202f.,](?=\d{3}(?!\d))", "", number).replace(",", ".")
    return f"{float(plain):g}" if "." in plain else plain


def holds(fact: dict[str, Any], sources: dict[str, Any], claim: Claim, lang: str) -> bool:
    """Whether the fact's values (or, for dates, its sources' dates and its own words) contain the claim."""
    values = fact.get("values") or {}
    if claim.unit == "menu":
        return any(f" > {claim.value} > " in f" > {menu} > " for menu in values.get("menu", []))
    if claim.unit == "date":
        note = (fact.get("note") or {}).get(lang, "")
        days = [*values.get("date", []), *(str(sources[name].get("published") or "") for name in fact.get("sources", []) if name in sources)]
        return any(day.startswith(claim.value) for day in days) or claim.text in f"{fact.get(lang, '')} {note}" or claim.value in f"{fact.get(lang, '')} {note}"
    units = [claim.unit] if claim.unit else list(values)
    if claim.unit == "digits" or claim.unit == "people" or claim.unit == "attempts":
        units = list(values)
    return any(_same(value, claim.value) for unit in units for value in values.get(unit, []))


def _same(value: Any, written: str) -> bool:
    return value == written if isinstance(value, str) else written.replace(".", "", 1).isdigit() and float(written) == float(value)
