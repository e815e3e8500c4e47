"""What the steps of one build tell each other: what is to be built, and what earlier steps have made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Build:
    """`docs` are the sources, `root` the project; `site_url` ends with a slash, `repository` does not. The rest is filled in by the step that its comment names."""

    root: Path
    docs: Path
    site_url: str
    repository: str = ""
    nav: list[Any] = field(default_factory=list)
    draft: bool = False
    recalled: bool = False
    # files/replies.py: by language and path
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)
    # files/search.py: by language
    indexes: dict[str, str] = field(default_factory=dict)
    # markdown/card.py: by address; and the pictures, by path on the site
    cards: dict[str, dict[str, str]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    # files/guide.py: the HTML of each text, by its source
    texts: dict[str, str] = field(default_factory=dict)
    # files/markdown_twins.py: by path on the site
    twins: dict[str, str] = field(default_factory=dict)
    # ship/policy.py: what all pages may load
    policy: str = ""
