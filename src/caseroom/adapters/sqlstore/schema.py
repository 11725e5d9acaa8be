"""The tables of the progress store.

In: nothing. Out: SQLAlchemy tables; `migrations/` makes them (a test compares the two).
Events (queries, pins, purchases, drafts, hints, submissions, reports) are only ever added. `seq` is
an event's place among all events of its case; `number` counts events of one sort from 1.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

__all__ = [
    "UtcDateTime",
    "cases",
    "drafts",
    "hints",
    "metadata",
    "pin_events",
    "purchases",
    "queries",
    "refunds",
    "reports",
    "submissions",
]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; engines without time zones hold it as UTC wall time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into what the engine holds."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn what the engine holds into an aware time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(column_0_label)s",
    }
)


def _case_id() -> Column[str]:
    return Column(
        "case_id", String(32), ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True
    )


def _key(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _required(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, nullable=False)


cases = Table(
    "cases",
    metadata,
    Column("id", String(32), primary_key=True),
    _required("kind", Text),
    _required("version", Integer),
    _required("seed", BigInteger),
    _required("level", Text),
    _required("vertical", Text),
    _required("title", Text),
    Column("source_file", Text),
    Column("source_name", Text),
    Column("source_sha256", Text),
    _required("state", Text),
    _required("error", Text),
    Column("built_name", Text),
    Column("built_bytes", BigInteger),
    Column("built_purchases", Integer),
    _required("sequence", Integer),
    _required("created_at", UtcDateTime()),
)
"""A case: what was chosen, and what its folder holds. `sequence` is the last `seq` given out."""

queries = Table(
    "queries",
    metadata,
    _case_id(),
    _key("number"),
    _required("seq", Integer),
    _required("sql", Text),
    _required("at", UtcDateTime()),
    _required("milliseconds", Float),
    _required("row_count", Integer),
    _required("columns", JSON),
    _required("error", Text),
)

pin_events = Table(
    "pin_events",
    metadata,
    _case_id(),
    _key("seq"),
    _required("pin", Integer),
    _required("action", Text),
    _required("query", Integer),
    _required("note", Text),
    _required("at", UtcDateTime()),
    _required("columns", JSON),
    _required("rows", JSON),
    Column("chart", JSON(none_as_null=True)),
    ForeignKeyConstraint(
        ["case_id", "query"], ["queries.case_id", "queries.number"], ondelete="CASCADE"
    ),
)
"""`action` is pinned, edited or removed."""

purchases = Table(
    "purchases",
    metadata,
    _case_id(),
    _key("number"),
    _required("seq", Integer),
    _required("offer", Text),
    _required("params", JSON),
    _required("cost_cents", BigInteger),
    _required("weeks", Integer),
    _required("at", UtcDateTime()),
)

refunds = Table(
    "refunds",
    metadata,
    _case_id(),
    _key("purchase"),
    _required("seq", Integer),
    _required("reason", Text),
    _required("at", UtcDateTime()),
    ForeignKeyConstraint(
        ["case_id", "purchase"], ["purchases.case_id", "purchases.number"], ondelete="CASCADE"
    ),
)

hints = Table(
    "hints",
    metadata,
    _case_id(),
    _key("number"),
    _required("seq", Integer),
    _required("at", UtcDateTime()),
)

drafts = Table(
    "drafts",
    metadata,
    _case_id(),
    Column("field", String(200), primary_key=True),
    _key("version"),
    _required("seq", Integer),
    _required("text", Text),
    _required("kept", Boolean),
    _required("at", UtcDateTime()),
)
"""Every version of every field; `kept` marks a text that came second and is not the current one."""

submissions = Table(
    "submissions",
    metadata,
    _case_id(),
    _key("number"),
    _required("seq", Integer),
    _required("raw", JSON),
    _required("sha256", Text),
    Column("self_score", Float),
    _required("at", UtcDateTime()),
)

reports = Table(
    "reports",
    metadata,
    _case_id(),
    _key("number"),
    _required("seq", Integer),
    _required("submission", Integer),
    _required("content", Text),
    _required("grader", Text),
    _required("total", Float),
    _required("passed", Boolean),
    _required("body", JSON),
    _required("at", UtcDateTime()),
    ForeignKeyConstraint(
        ["case_id", "submission"],
        ["submissions.case_id", "submissions.number"],
        ondelete="CASCADE",
    ),
)
"""Immutable results. `content` and `grader` are the versions that made them."""
