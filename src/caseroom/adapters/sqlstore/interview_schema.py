"""The tables of interviews: what was set up, and events, which are only ever added.

In: the store's metadata. Out: SQLAlchemy tables; `migrations/` makes them (a test compares both).
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, Text

from caseroom.adapters.sqlstore.schema import UtcDateTime, metadata

__all__ = [
    "interview_answers",
    "interview_cases",
    "interview_drafts",
    "interview_events",
    "interviews",
]


def _interview_id() -> Column[str]:
    owner = ForeignKey("interviews.id", ondelete="CASCADE")
    return Column("interview_id", String(32), owner, primary_key=True)


def _turn() -> Column[str]:
    return Column("turn", String(32), primary_key=True)


interviews = Table(
    "interviews",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("setup", JSON, nullable=False),
    Column("begun", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("events", Integer, nullable=False),
    Column("asked", JSON, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("seen_at", UtcDateTime(), nullable=False),
    Column("ended_at", UtcDateTime()),
)
"""An interview. `state`, `asked` (question ids) and `closed` are caches of what the events add up
to, `events` is the last event's number, `seen_at` the last sign of life."""

interview_events = Table(
    "interview_events",
    metadata,
    _interview_id(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("turn", String(32), nullable=False),
    Column("event", Text, nullable=False),
    Column("graded", JSON, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
)
"""What happened. `graded` are the reports that it led to, so that another grader changes nothing
about an interview that was held."""

interview_drafts = Table(
    "interview_drafts",
    metadata,
    _interview_id(),
    _turn(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("kept", Boolean, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
)
"""Every version of what was typed at a turn; `kept` marks a text that came second."""

interview_answers = Table(
    "interview_answers",
    metadata,
    _interview_id(),
    _turn(),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
)
"""What was handed in at a turn, saved before it is graded."""

interview_cases = Table(
    "interview_cases",
    metadata,
    _interview_id(),
    _turn(),
    Column("case_id", String(32), nullable=False, index=True),
    Column("at", UtcDateTime(), nullable=False),
)
"""Cases that were started for an interview; each lives on without the other."""
