"""Says in each page what it may load, with the hashes of its own scripts, and in security.txt who hears of a weakness."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from urllib.parse import urljoin

from guia.lib import data
from guia.lib.build import Build
from guia.lib.site import Site

CHARSET = re.compile(r"<meta charset=[\"']?utf-8[\"']?\s*/?>", re.IGNORECASE)
INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
NOT_RUN = re.compile(r"\bsrc\s*=|\btype\s*=\s*[\"']?application/(?:ld\+)?json")
# `require-trusted-types-for 'script'` is not possible. Tried in Chromium: the theme's script gives strings to innerHTML and to Worker, and the search stays
# empty; it works only with a default policy that lets every string through, which would lock nothing.
POLICY = ("default-src 'none'; script-src {script}; style-src {style}; img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
          "base-uri 'none'; form-action 'none'")
Hashes = dict[str, set[str]]


def ship(site: Site, build: Build) -> None:
    """Write the policy into every page, and security.txt; keep the policy of all pages together for /_headers."""
    secure = build.site_url.startswith("https:")
    every: Hashes = {"script": set(), "style": set()}
    for name in site.named("*.html"):
        text = site.text(name)
        found = hashes(text)
        site.put(name, with_policy(text, policy(found, secure), name))
        every = {kind: every[kind] | found[kind] for kind in every}
    build.policy = policy(every, secure)
    site.put(".well-known/security.txt", security(build))


def hashes(text: str) -> Hashes:
    """What a policy must name so that the page's own inline scripts and styles work; data in a script element is not run."""
    found: Hashes = {"script": set(), "style": set()}
    for kind, attributes, content in INLINE.findall(text):
        if not NOT_RUN.search(attributes):
            digest = base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")
            found[kind.lower()].add(f"'sha256-{digest}'")
    return found


def policy(found: Hashes, secure: bool) -> str:
    """The directives that a page can give itself."""
    own = POLICY.format(**{kind: " ".join(["'self'", *sorted(names)]) for kind, names in found.items()})
    return f"{own}; upgrade-insecure-requests" if secure else own


def with_policy(text: str, policy: str, name: str) -> str:
    """The page with its policy before anything that could load. Raises PluginError when it does not name its charset."""
    charset = CHARSET.search(text)
    if not charset:
        raise data.DataError(f"overrides/hooks/guia/ship/policy.py:1: {name} has no <meta charset>. Fix: write one in its template.")
    return f'{text[:charset.end()]}<meta http-equiv="Content-Security-Policy" content="{policy}">{text[charset.end():]}'


def security(build: Build) -> str:
    """RFC 9116: whom to tell, until a year after somebody last checked a page."""
    newest = max(date.fromisoformat(page.meta["checked"]) for page in data.read_pages(build.docs))
    repository, site_url = build.repository, build.site_url
    fields = {
        "Contact": f"{repository}/security" if repository else urljoin(site_url, data.page_url(data.LANGUAGES[0], "acerca")),
        # A leap day has no anniversary.
        "Expires": f"{newest.year + 1}-{newest.strftime('%m-%d').replace('02-29', '02-28')}T00:00:00Z",
        "Preferred-Languages": ", ".join(data.LANGUAGES),
        "Canonical": urljoin(site_url, ".well-known/security.txt"),
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())
