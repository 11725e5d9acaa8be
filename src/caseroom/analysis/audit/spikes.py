"""Defaults that stand for missing: a value such as 0, -1 or 1900-01-01 that appears from a day on.

In: a relation and its columns. Out: one `Signal` per column and value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from caseroom.analysis.audit.attribution import Groups, count_flagged, locate
from caseroom.analysis.audit.profile import ColumnProfile
from caseroom.analysis.audit.relation import Query, Relation, Span, literal, name
from caseroom.analysis.audit.result import Signal, counted
from caseroom.analysis.estimate import Estimate

__all__ = ["DEFAULT_DAYS", "DEFAULT_NUMBERS", "DEFAULT_TEXTS", "find_default_spikes", "suspects"]

DEFAULT_NUMBERS: tuple[float, ...] = (
    0, -1, -9, -99, -999, -9999, 9, 99, 999, 9999, 99999, 999999,
)  # fmt: skip
DEFAULT_DAYS: tuple[date, ...] = (date(1900, 1, 1), date(1970, 1, 1), date(9999, 12, 31))
DEFAULT_TEXTS: tuple[str, ...] = (
    "", "-", "?", "N/A", "NA", "NULL", "None", "UNKNOWN", "Unknown", "unknown", "TBD", "XXX",
)  # fmt: skip

_LEAST_ROWS = 30
_RISE = 4.0


def suspects(column: ColumnProfile) -> tuple[object, ...]:
    """Give the values that often stand for missing in a column of this type."""
    if column.is_number:
        return DEFAULT_NUMBERS
    if column.is_moment:
        return DEFAULT_DAYS
    return DEFAULT_TEXTS if column.type.startswith("VARCHAR") else ()


def find_default_spikes(
    query: Query,
    relation: Relation,
    columns: Sequence[ColumnProfile],
    groups: Groups,
    span: Span,
) -> tuple[Signal, ...]:
    """Find default-like values whose share rose at least fourfold after the sound period.

    Args:
        query: Runs SQL.
        relation: The rows.
        columns: Columns to look at, with their types.
        groups: Rows per value of each slicing column.
        span: The calendar.
    """
    found: list[Signal] = []
    for column, value in _risen(query, relation, columns, span):
        flagged = replace(relation, sql=_holding(relation, column, value, span.since))
        counts = count_flagged(
            query, flagged, title=f"Where does {column.name} = {value} sit, and since when?"
        )
        place = locate(counts, groups, span, at_least=_LEAST_ROWS)
        if place is not None:
            found.append(
                Signal(
                    check="default_spike",
                    columns=(column.name,),
                    slice=place.slice,
                    since=place.since,
                    until=place.until,
                    size=_size(place.rows, place.usual),
                    detail={"value": value},
                )
            )
    return tuple(found)


def _size(rows: int, usual: float) -> Estimate:
    return counted(
        rows - usual,
        "rows",
        n=rows,
        method="Rows with the value minus the rate of the sound period.",
        assumptions=("The value is not a real one in these rows.",),
        warnings=("The value occurred before, too.",) if usual >= 0.5 else (),
    )


def _holding(relation: Relation, column: ColumnProfile, value: object, since: date) -> str:
    return (
        f"(SELECT * FROM {relation.sql} AS suspect WHERE {_cell(column)} = {literal(value)} "
        f"AND CAST({relation.day} AS DATE) >= DATE '{since}')"
    )


def _cell(column: ColumnProfile) -> str:
    return f"CAST({name(column.name)} AS DATE)" if column.is_moment else name(column.name)


def _risen(
    query: Query,
    relation: Relation,
    columns: Sequence[ColumnProfile],
    span: Span,
) -> list[tuple[ColumnProfile, object]]:
    """Compare how often every suspect value occurs before and after, in one query."""
    where = f"CAST({relation.day} AS DATE) BETWEEN DATE '{span.since}' AND DATE '{span.until}'"
    rows = relation.days(where=where)
    late = f"count(*) FILTER (WHERE audit_day > DATE '{span.sound_until}') AS rows_after"
    parts = [f"SELECT -1 AS place, '' AS value, {late}, count(*) AS all_rows FROM {rows} AS seen"]
    parts += [
        f"SELECT {at} AS place, {_cell(column)}::VARCHAR AS value, {late}, count(*) AS all_rows "
        f"FROM {rows} AS seen WHERE {_cell(column)} IN ({', '.join(map(literal, values))}) "
        "GROUP BY ALL"
        for at, column in enumerate(columns)
        if (values := suspects(column))
    ]
    found = query(
        " UNION ALL ".join(parts) + " ORDER BY ALL",
        title="Default-like values before and after the last sound day",
    )
    total = next(row for row in found if row["place"] < 0)
    rows_before = total["all_rows"] - total["rows_after"]
    return [
        (columns[row["place"]], _suspect(columns[row["place"]], row["value"]))
        for row in found
        if row["place"] >= 0
        and _has_risen(row["rows_after"], total["rows_after"], row["all_rows"], rows_before)
    ]


def _suspect(column: ColumnProfile, text: str) -> object:
    if column.is_number:
        return float(text)
    return date.fromisoformat(text) if column.is_moment else text


def _has_risen(late: int, rows_after: int, both: int, rows_before: int) -> bool:
    early = both - late
    usual = early / max(1, rows_before) * rows_after
    return late >= _LEAST_ROWS and late >= _RISE * max(usual, 0.25)
