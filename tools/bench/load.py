"""Measures a server of hosting/ with the built site: `make load` prints one row of a table. Needs wrk."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.site import hosting
from tools.site.built import SITE

SECONDS, CONNECTIONS, THREADS = 10, 16, 2
PAGES = ("/", "/problemas/clave-bloqueada/", "/en/", "/en/afiliado/recuperar-clave/")
HEAD = "| server | requests per second | half within | 99 % within | errors |\n|---|--:|--:|--:|--:|"
# The pages in turn, as a browser asks for them; at the end what wrk itself does not print: errors of every kind.
SCRIPT = """
local pages, at = {%s}, 0
request = function()
  at = at %% #pages + 1
  return wrk.format("GET", pages[at], {["Accept-Encoding"] = "gzip, br"})
end
done = function(summary, latency, requests)
  local e = summary.errors
  print(string.format("row %%.0f %%.2f %%.2f %%d", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def measure(name: str, site: Path) -> tuple[int, float, float, int]:
    """Requests per second, median and 99th percentile in milliseconds, errors."""
    with hosting.serve(name, site) as port:
        script = SCRIPT % ", ".join(f'"{page}"' for page in PAGES)
        run = subprocess.run(["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", "/dev/stdin", f"http://127.0.0.1:{port}/"],
                             input=script, capture_output=True, text=True, check=True)
    found = re.search(r"^row (\d+) ([\d.]+) ([\d.]+) (\d+)$", run.stdout, re.MULTILINE)
    assert found, run.stdout
    return int(found[1]), float(found[2]), float(found[3]), int(found[4])


def main(name: str) -> str | None:
    """Print the row. Returns what is wrong: a tool or the site is missing, or a request failed."""
    if name not in hosting.NAMES or not hosting.find(name) or not shutil.which("wrk"):
        return f"wrk and one of {', '.join(hosting.NAMES)} are needed. Fix: apt-get install --no-install-recommends wrk nginx-light caddy."
    if not (SITE / "index.html").exists():
        return "There is no site to serve. Fix: run make build."
    rate, half, most, errors = measure(name, SITE)
    print(f"{HEAD}\n| {name}, {CONNECTIONS} connections, {SECONDS} s | {rate} | {half:.2f} ms | {most:.2f} ms | {errors} |")
    return f"{errors} requests failed. Fix: see hosting/." if errors else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
