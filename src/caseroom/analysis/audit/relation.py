"""The table that an audit reads, and how SQL is written for it.

In: a table name or a query in parentheses, the expression of a row's day, the slicing columns.
Out: SQL fragments in DuckDB's dialect, with every name and literal quoted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from caseroom.vocabulary.rows import Rows

__all__ = ["Query", "Relation", "Span", "equals", "literal", "name"]


class Query(Protocol):
    """Runs one read-only query; `title` says why (the desk of a case keeps it)."""

    def __call__(self, query: str, /, *, title: str = "") -> Rows:
        """Give the rows of the query."""
        ...


def name(identifier: str) -> str:
    """Quote an identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: object) -> str:
    """Write a Python value as SQL: text, number, day or moment."""
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value:%Y-%m-%d %H:%M:%S}'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def equals(slice_: dict[str, str] | None, *, negate: bool = False) -> str:
    """Write the condition that a row lies in a slice (or outside of it)."""
    if not slice_:
        return "FALSE" if negate else "TRUE"
    parts = " AND ".join(f"{name(d)}::VARCHAR = {literal(v)}" for d, v in slice_.items())
    return f"NOT coalesce({parts}, FALSE)" if negate else f"({parts})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Rows to audit.

    Attributes:
        sql: A table name (quoted where needed) or a query in parentheses.
        day: SQL expression that gives the day of a row.
        slices: Columns by whose values the rows may be cut.
    """

    sql: str
    day: str
    slices: tuple[str, ...] = ()

    def days(self, *, where: str = "TRUE", columns: str = "*") -> str:
        """Give a subquery with these columns and the row's day as `audit_day`."""
        return (
            f"(SELECT {columns}, CAST({self.day} AS DATE) AS audit_day "
            f"FROM {self.sql} AS audit_rows WHERE {where})"
        )

    def by_slice(self, select: str, *, keys: Sequence[str] = (), where: str = "TRUE") -> str:
        """Give a query that aggregates per slice value in one pass.

        The result has the columns dimension ("" for all rows), value, then `keys`, then `select`.
        `keys` are expressions with an alias, such as "audit_day AS day".
        """
        plain = [key.rsplit(" AS ", 1)[0] for key in keys]
        sets = [f"({', '.join(plain)})"]
        sets += [f"({', '.join([*plain, name(column)])})" for column in self.slices]
        whens = " ".join(
            f"WHEN grouping({name(column)}) = 0 THEN {literal(column)}" for column in self.slices
        )
        dimension = f"CASE {whens} ELSE '' END" if whens else "''"
        values = " ".join(
            f"WHEN grouping({name(column)}) = 0 THEN {name(column)}::VARCHAR"
            for column in self.slices
        )
        value = f"CASE {values} ELSE '' END" if values else "''"
        columns = ", ".join([f"{dimension} AS dimension", f"{value} AS value", *keys, select])
        return (
            f"SELECT {columns} FROM {self.days(where=where)} AS audited "
            f"GROUP BY GROUPING SETS ({', '.join(sets)}) ORDER BY ALL"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The calendar of an audit, all days inclusive.

    `since` to `sound_until` is taken as the usual state; faults are sought after it, up to
    `until`.
    """

    since: date
    sound_until: date
    until: date

    @property
    def sound_days(self) -> int:
        """Days of the sound period."""
        return (self.sound_until - self.since).days + 1
