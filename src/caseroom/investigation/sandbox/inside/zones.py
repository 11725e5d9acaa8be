"""A stand-in for the optional time zone package that the engine asks for; all times are UTC.

In: nothing. Out: a module under the name `pytz`, so that TIMESTAMP WITH TIME ZONE can be fetched.
The worker fixes the engine's zone to UTC, so a table of zones is never needed.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone, tzinfo
from types import ModuleType

__all__ = ["install"]


class _Utc(tzinfo):
    """UTC with the one method that the engine calls beyond the standard protocol."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        return timedelta(0)

    def dst(self, dt: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, dt: datetime | None) -> str:
        return "UTC"

    def localize(self, naive: datetime) -> datetime:
        return naive.replace(tzinfo=timezone.utc)  # noqa: UP017 - same object, clearer here


def install() -> None:
    """Register the stand-in, replacing an installed package: results must not depend on it."""
    module = ModuleType("pytz")
    zone = _Utc()
    module.__dict__.update(timezone=lambda name: zone, utc=zone)
    sys.modules["pytz"] = module
