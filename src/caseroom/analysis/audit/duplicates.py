"""Rows that say the same thing twice: equal business key, different technical id.

In: a relation, the key, a sound period. Out: one `Signal` with an exact count, or None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from caseroom.analysis.audit.attribution import Groups, count_flagged, locate
from caseroom.analysis.audit.relation import Query, Relation, Span, name
from caseroom.analysis.audit.result import Signal, counted

__all__ = ["find_duplicates", "once"]


def once(relation: Relation, key: Sequence[str], order: str) -> str:
    """Give a subquery that keeps the first row (by `order`) of every business key."""
    return (
        f"(SELECT * EXCLUDE copy_number FROM {_copies(relation, key, order)} WHERE copy_number = 1)"
    )


def _copies(relation: Relation, key: Sequence[str], order: str) -> str:
    columns = ", ".join(name(column) for column in key)
    return (
        f"(SELECT *, row_number() OVER (PARTITION BY {columns} ORDER BY {name(order)}) "
        f"AS copy_number FROM {relation.sql} AS keyed)"
    )


def find_duplicates(
    query: Query,
    relation: Relation,
    key: Sequence[str],
    order: str,
    groups: Groups,
    span: Span,
) -> Signal | None:
    """Count rows that repeat a business key after a sound period, and say where they sit.

    Args:
        query: Runs SQL.
        relation: The rows.
        key: Columns of the business key.
        order: Technical id; the row with the smallest one is the first delivery.
        groups: Rows per value of each slicing column.
        span: The calendar.
    """
    again = f"(SELECT * FROM {_copies(relation, key, order)} AS copies WHERE copy_number > 1)"
    flagged = count_flagged(
        query,
        replace(relation, sql=again),
        title="Rows that repeat a business key, by day and slice",
    )
    place = locate(flagged, groups, span)
    if place is None:
        return None
    return Signal(
        check="duplicates",
        columns=(),
        slice=place.slice,
        since=place.since,
        until=place.until,
        size=counted(
            place.rows - place.usual,
            "extra rows",
            n=place.rows,
            method="Rows beyond the first of each business key, minus the usual rate.",
            assumptions=(f"({', '.join(key)}) identifies one business event.",),
            warnings=("The sound period has repeats too.",) if place.usual else (),
        ),
    )
