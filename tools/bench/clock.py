"""A hook of MkDocs that times the others: first in the list, it wraps every step of a build and writes {hook or plugin: seconds} at its end."""

from __future__ import annotations

import atexit
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

Step = Callable[..., Any]
START = time.perf_counter()
spent: dict[str, float] = defaultdict(float)


@event_priority(1000)
def on_config(config: MkDocsConfig) -> None:
    """Once: static-i18n comes here again for each further language."""
    for steps in config.plugins.events.values():
        steps[:] = [step if hasattr(step, "__wrapped__") else timed(step) for step in steps]


def timed(step: Step) -> Step:
    """The step, with its time added to what its module has spent."""

    @wraps(step)
    def run(*args: Any, **kwargs: Any) -> Any:
        begin = time.perf_counter()
        try:
            return step(*args, **kwargs)
        finally:
            spent[step.__module__] += time.perf_counter() - begin

    return run


@atexit.register
def write() -> None:
    """Into the file that CLOCK names; `all` is the time since this module was read."""
    Path(os.environ["CLOCK"]).write_text(json.dumps({**spent, "all": time.perf_counter() - START}), encoding="utf-8")
