"""The day that checks speak of, in one place, so that a test or a build can set it."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime


def today() -> date:
    """TODAY (2026-11-20), else SOURCE_DATE_EPOCH (seconds since 1970), else the day by the clock."""
    given, epoch = os.environ.get("TODAY"), os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return date.fromisoformat(given)
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else date.today()
