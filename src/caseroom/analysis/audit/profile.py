"""What a table holds: rows, columns, types, gaps, ranges, distinct values.

In: a query function and a table. Out: a `TableProfile` (two queries).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from caseroom.analysis.audit.relation import Query, literal, name

__all__ = ["ColumnProfile", "TableProfile", "profile_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """One column. `distinct` is approximate (HyperLogLog, about 2% off) above 1,000 values.

    `positive` is the share of values above 0 and `days` the number of different days, where the
    type has them. `low` and `high` are the smallest and largest value as they are.
    """

    name: str
    type: str
    rows: int
    nulls: int
    distinct: int
    low: Any
    high: Any
    positive: float = 0.0
    days: int = 0
    hours: int = 0

    @property
    def null_share(self) -> float:
        """Share of the rows without a value."""
        return self.nulls / self.rows if self.rows else 1.0

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers."""
        kinds = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT", "REAL")
        return any(kind in self.type for kind in kinds)

    @property
    def is_whole(self) -> bool:
        """Whether the column holds whole numbers."""
        return "INT" in self.type

    @property
    def is_moment(self) -> bool:
        """Whether the column holds days or times of a day."""
        return self.type.startswith(("DATE", "TIMESTAMP"))

    @property
    def is_text(self) -> bool:
        """Whether the column holds text or yes and no."""
        return self.type.startswith(("VARCHAR", "BOOLEAN", "ENUM"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProfile:
    """A table and its columns, in their order."""

    table: str
    rows: int
    columns: tuple[ColumnProfile, ...]

    def column(self, column: str) -> ColumnProfile:
        """Give one column. Raises KeyError for an unknown one."""
        for candidate in self.columns:
            if candidate.name == column:
                return candidate
        raise KeyError(column)


def profile_table(query: Query, table: str) -> TableProfile:
    """Profile a table.

    Args:
        query: Runs SQL.
        table: The table's name, unquoted.
    """
    described = query(f"DESCRIBE {name(table)}", title=f"Which columns does {table} have?")
    types = {row["column_name"]: str(row["column_type"]) for row in described}
    parts = ["count(*) AS row_total"]
    for at, (column, kind) in enumerate(types.items()):
        parts += _measures(at, name(column), kind)
    found = query(
        f"SELECT {', '.join(parts)} FROM {name(table)}", title=f"Profile every column of {table}"
    ).one()
    rows = int(found["row_total"])
    columns = tuple(
        _column(column, kind, rows, found, at) for at, (column, kind) in enumerate(types.items())
    )
    return TableProfile(table=table, rows=rows, columns=columns)


def _measures(at: int, column: str, kind: str) -> list[str]:
    probe = ColumnProfile(name="", type=kind, rows=0, nulls=0, distinct=0, low=None, high=None)
    parts = [
        f"count({column}) AS filled_{at}",
        f"approx_count_distinct({column}) AS distinct_{at}",
        f"min({column}) AS low_{at}",
        f"max({column}) AS high_{at}",
    ]
    if probe.is_number:
        parts.append(f"avg(CASE WHEN {column} > 0 THEN 1.0 ELSE 0.0 END) AS positive_{at}")
    if probe.is_moment:
        parts.append(f"count(DISTINCT CAST({column} AS DATE)) AS days_{at}")
    if kind.startswith("TIMESTAMP"):
        parts.append(f"count(DISTINCT hour({column})) AS hours_{at}")
    return parts


def _column(column: str, kind: str, rows: int, found: Any, at: int) -> ColumnProfile:
    return ColumnProfile(
        name=column,
        type=kind,
        rows=rows,
        nulls=rows - int(found[f"filled_{at}"]),
        distinct=int(found[f"distinct_{at}"]),
        low=found[f"low_{at}"],
        high=found[f"high_{at}"],
        positive=float(found.get(f"positive_{at}") or 0.0),
        days=int(found.get(f"days_{at}") or 0),
        hours=int(found.get(f"hours_{at}") or 0),
    )


def value_counts(query: Query, table: str, columns: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Count the rows per value of each column (as text; rows without a value are left out)."""
    parts = [
        f"SELECT {literal(column)} AS dimension, {name(column)}::VARCHAR AS value, "
        f"count(*) AS row_count FROM {name(table)} WHERE {name(column)} IS NOT NULL GROUP BY ALL"
        for column in columns
    ]
    if not parts:
        return {}
    counted = query(" UNION ALL ".join(parts) + " ORDER BY ALL", title="How big are the groups?")
    found: dict[str, dict[str, int]] = {column: {} for column in columns}
    for row in counted:
        found[row["dimension"]][row["value"]] = int(row["row_count"])
    return found
