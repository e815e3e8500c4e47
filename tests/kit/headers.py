"""Reads /_headers and policies as hosts and browsers do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Headers:
    """Headers by path; a path that ends in * holds for everything below it."""

    text: str
    rules: dict[str, dict[str, str]]

    def matching(self, name: str) -> list[dict[str, str]]:
        """What the rules other than that for all files say of a built file."""
        path = f"/{name}"
        return [headers for pattern, headers in self.rules.items()
                if pattern != "/*" and (path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern)]

    def of(self, name: str) -> dict[str, str]:
        """Every header of a built file, by its name in lower case."""
        found = [self.rules["/*"], *self.matching(name)]
        return {key.lower(): value for headers in found for key, value in headers.items()}


def read_headers(text: str) -> Headers:
    """The file as rules; lines that start with a space belong to the path above them."""
    rules: dict[str, dict[str, str]] = {}
    for line in filter(None, text.splitlines()):
        if line.startswith(" "):
            name, value = line.strip().split(": ", 1)
            rules[list(rules)[-1]][name] = value
        else:
            rules[line] = {}
    return Headers(text, rules)


def directives(policy: str) -> dict[str, set[str]]:
    """What a Content-Security-Policy allows, by directive."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}
