"""The tables of practice: attempts and their events, which are only ever added.

In: the store's metadata. Out: SQLAlchemy tables; `migrations/` makes them (a test compares both).
`seq` is an event's place among all events of its attempt.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    literal_column,
)

from caseroom.adapters.sqlstore.schema import UtcDateTime, metadata

__all__ = [
    "attempt_drafts",
    "attempt_parts",
    "attempt_reports",
    "attempts",
    "contests",
    "judgments",
    "one_open",
]


def _attempt_id() -> Column[str]:
    owner = ForeignKey("attempts.id", ondelete="CASCADE")
    return Column("attempt_id", String(32), owner, primary_key=True)


attempts = Table(
    "attempts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("question", String(32), nullable=False, index=True),
    Column("mode", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("finished_at", UtcDateTime()),
)
"""An attempt. `sequence` is the last `seq` given out."""

_OPEN = attempts.c.state == literal_column("'open'")
one_open = Index(
    "ix_attempts_one_open",
    attempts.c.question,
    attempts.c.mode,
    attempts.c.origin,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
"""Of the same question, mode and origin there is one open attempt at most."""

attempt_drafts = Table(
    "attempt_drafts",
    metadata,
    _attempt_id(),
    Column("part", String(32), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("kept", Boolean, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
)
"""Every version of every part; `kept` marks a text that came second and is not the current one."""

attempt_parts = Table(
    "attempt_parts",
    metadata,
    _attempt_id(),
    Column("part", String(32), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
)
"""What was handed in, once per part."""

attempt_reports = Table(
    "attempt_reports",
    metadata,
    _attempt_id(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("part", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("grader", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    ForeignKeyConstraint(
        ["attempt_id", "part"],
        ["attempt_parts.attempt_id", "attempt_parts.part"],
        ondelete="CASCADE",
    ),
)
"""Immutable results on the answer with all follow-ups up to `part`."""

contests = Table(
    "contests",
    metadata,
    _attempt_id(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("report", Integer, nullable=False),
    Column("point", Text, nullable=False),
    Column("band", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    ForeignKeyConstraint(
        ["attempt_id", "report"],
        ["attempt_reports.attempt_id", "attempt_reports.number"],
        ondelete="CASCADE",
    ),
)
"""Verdicts that the person contests; the machine's own stays as it is."""

judgments = Table(
    "judgments",
    metadata,
    _attempt_id(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("report", Integer, nullable=False),
    Column("part", String(32), nullable=False),
    Column("state", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    ForeignKeyConstraint(
        ["attempt_id", "report"],
        ["attempt_reports.attempt_id", "attempt_reports.number"],
        ondelete="CASCADE",
    ),
)
"""Each time that a language model was asked; `state` and `body` are filled in once, at its end."""
