"""Join fan-out: a second table that holds more than one row per key multiplies what is joined.

In: two tables and the key that joins them. Out: a `Signal` with extra rows and the join's factor.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from caseroom.analysis.audit.relation import Query, literal, name
from caseroom.analysis.audit.result import Signal, counted
from caseroom.analysis.estimate import Estimate

__all__ = ["find_fan_out"]


def find_fan_out(
    query: Query,
    many: str,
    one: str,
    keys: Mapping[str, str],
    *,
    changed: str = "",
) -> Signal | None:
    """Check that the second table has one row per key, and what a join does to the first.

    Args:
        query: Runs SQL.
        many: The table that is joined from (name).
        one: The table that should have one row per key (name).
        keys: Column of `many` to column of `one`.
        changed: Column of `one` that says when a row was written, if there is one.
    """
    columns = ", ".join(name(column) for column in keys.values())
    when = f"max({name(changed)})" if changed else "NULL"
    repeated = query(
        f"SELECT {columns}, count(*) AS copies, {when} AS changed_at FROM {name(one)} "
        f"GROUP BY {columns} HAVING count(*) > 1 ORDER BY ALL",
        title=f"Keys with more than one row in {one}",
    )
    if not len(repeated):
        return None
    extra = sum(int(row["copies"]) - 1 for row in repeated)
    first = [str(row[next(iter(keys.values()))]) for row in repeated]
    changes = [_day(row["changed_at"]) for row in repeated if row["changed_at"] is not None]
    factor = _factor(query, many, one, keys)
    return Signal(
        check="fan_out",
        columns=tuple(keys.values()),
        slice={next(iter(keys)): first[0]} if len(first) == 1 and len(keys) == 1 else {},
        since=min(changes, default=None),
        until=None,
        size=counted(
            float(extra),
            "extra rows in the second table",
            n=len(repeated),
            method="Rows beyond the first of each key.",
            assumptions=(f"{one} should hold one row per {', '.join(keys.values())}.",),
        ),
        detail={"keys": tuple(first), "join_factor": factor},
    )


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _factor(query: Query, many: str, one: str, keys: Mapping[str, str]) -> Estimate:
    on = " AND ".join(f"m.{name(left)} = o.{name(right)}" for left, right in keys.items())
    row = query(
        f"SELECT (SELECT count(*) FROM {name(many)}) AS rows_before, "
        f"(SELECT count(*) FROM {name(many)} AS m LEFT JOIN {name(one)} AS o ON {on}) "
        "AS rows_after",
        title=f"Rows before and after joining {one}",
    ).one()
    return counted(
        row["rows_after"] / max(1, row["rows_before"]),
        "rows after the join per row before",
        n=int(row["rows_before"]),
        method=f"Rows of a left join on {literal(', '.join(keys))}, divided by rows before it.",
    )
