"""Prints the findings of the source checks again at each change of docs/, beside `make serve`: python -m tools.author.watch. Ctrl-C ends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from tools.author.findings import findings
from tools.docs import ROOT
from tools.finding import listing

QUIET_SECONDS = 0.3
CHANGES = ("created", "modified", "moved", "deleted")


class Changed(FileSystemEventHandler):
    """Sets its flag at each change of a file; reading one is no change."""

    def __init__(self) -> None:
        self.flag = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in CHANGES and not event.is_directory:
            self.flag.set()


def report(root: Path) -> str:
    """The time, how many findings there are, and each of them."""
    lines = listing(findings(root))
    return "\n".join([f"{time.strftime('%H:%M:%S')}  {len(lines) or 'no'} finding{'' if len(lines) == 1 else 's'}", *lines])


def watch(root: Path, say: Callable[[str], None]) -> None:
    """Say what is found now and after each change, once an editor has been quiet; returns at Ctrl-C."""
    changed, observer = Changed(), Observer()
    observer.schedule(changed, str(root / "docs"), recursive=True)
    observer.start()
    try:
        say(report(root))
        while changed.flag.wait():
            while changed.flag.is_set():
                changed.flag.clear()
                time.sleep(QUIET_SECONDS)
            say(report(root))
    except KeyboardInterrupt:
        pass
    finally:
        observer.stop()
        observer.join()


if __name__ == "__main__":
    watch(ROOT, lambda text: print(text, end="\n\n", flush=True))
