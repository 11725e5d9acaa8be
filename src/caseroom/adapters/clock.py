"""The system's clock.

In: nothing. Out: the time as aware UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["SystemClock"]


class SystemClock:
    """Tells the time of this machine."""

    def now(self) -> datetime:
        """Give the time as aware UTC."""
        return datetime.now(UTC)
