"""Clocks that tests set: one in memory, one in a file that another process reads.

In: an instant. Out: the application's `Clock`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        """Give the time that was set."""
        return self.at

    def move(self, **span: float) -> None:
        """Let time pass."""
        self.at += timedelta(**span)


class FileClock:
    """A clock whose time stands in a file, so that a test sets the time of a server."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        """Give the time in the file."""
        return datetime.fromisoformat(self.path.read_text())

    def set(self, at: datetime) -> None:
        """Write the time."""
        passing = self.path.with_suffix(".new")
        passing.write_text(at.isoformat())
        passing.replace(self.path)

    def move(self, **span: float) -> None:
        """Let time pass."""
        self.set(self.now() + timedelta(**span))
