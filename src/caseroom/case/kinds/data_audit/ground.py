"""The clean table's own ways: daily counts, levels, hours, and the oddities it came with.

In: a `Frame`. Out: `Ground`: what a planted fault must stand out from, and the (type, place) pairs
that a person may name as original at no cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from caseroom.analysis.audit import (
    ColumnProfile,
    DailyCounts,
    Query,
    Relation,
    Span,
    count_days,
    daily_levels,
    find_default_spikes,
    find_hour_shift,
    find_missing_days,
    find_swaps,
    find_unit_steps,
    literal,
    name,
    suspects,
)
from caseroom.analysis.audit.levels import Levels
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.frame import LOADED, RECORD, Frame
from caseroom.case.kinds.data_audit.source import connect
from caseroom.case.kinds.data_audit.survey import tables_query
from caseroom.world.faults import DAY

__all__ = ["Cell", "Ground", "survey_ground"]

Cell = tuple[str, str]
_HISTORY_WEEKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """How the clean table behaves.

    Attributes:
        frame: The clean company.
        history: First day of the statistics.
        counts: Rows per day and slice.
        levels: Daily log levels of the measures per slice.
        hours: Hour-of-day histogram per slice (24 counts), where the moment tells the hour.
        usual_values: Rows per (column, default-like value) that the clean table has.
        oddities: (type, place) pairs of the data as they came.
    """

    frame: Frame
    history: date
    counts: DailyCounts
    levels: Levels
    hours: Mapping[Cell, NDArray[np.float64]]
    usual_values: Mapping[tuple[str, object], int]
    oddities: frozenset[tuple[str, str]]

    def daily(self, cell: Cell) -> float:
        """Give the mean rows a day of a slice over the history."""
        days = (self.counts.last - self.counts.first).days + 1
        return sum(self.counts.cells.get(cell, {}).values()) / days

    def share(self, cell: Cell) -> float:
        """Give a slice's share of all rows over the history."""
        return self.daily(cell) / max(1e-9, self.daily(("", "")))

    def slices(self, *, least_daily: float, most_share: float = 0.6) -> tuple[Cell, ...]:
        """Give the slices with at least so many rows a day and at most this share of all rows."""
        cells = (c for c in self.counts.cells if c[0])
        return tuple(
            sorted(c for c in cells if self.daily(c) >= least_daily and self.share(c) <= most_share)
        )


def survey_ground(frame: Frame) -> Ground:
    """Read the statistics of the clean table."""
    history = max(frame.first, frame.sound_until - timedelta(weeks=_HISTORY_WEEKS))
    with connect() as con:
        con.register("whole", frame.table)
        con.execute(f"CREATE TABLE clean AS SELECT * FROM whole WHERE {DAY} >= {literal(history)}")
        query = tables_query(con)
        relation = Relation(
            sql="clean", day=name(frame.roles.moment), slices=tuple(frame.roles.slices)
        )
        counts = count_days(query, relation, since=history, until=frame.last)
        span = Span(since=history, sound_until=frame.sound_until, until=frame.last)
        levels = daily_levels(query, relation, frame.roles.measures, span)
        usual = _usual_values(query, frame)
        return Ground(
            frame=frame,
            history=history,
            counts=counts,
            levels=levels,
            hours=_hours(query, relation, frame, history) if frame.roles.has_hours else {},
            usual_values=usual,
            oddities=_oddities(query, relation, frame, counts, span) | _old_defaults(frame, usual),
        )


def audited_columns(frame: Frame) -> tuple[ColumnProfile, ...]:
    """Give the columns in which a default may stand for missing: all but moment and slices."""
    keep = {frame.roles.moment, *frame.roles.slices, RECORD, LOADED}
    return tuple(c for c in frame.survey.profile.columns if c.name not in keep)


def _hours(
    query: Query, relation: Relation, frame: Frame, history: date
) -> dict[Cell, NDArray[np.float64]]:
    moment = name(frame.roles.moment)
    rows = query(
        relation.by_slice(
            "count(*) AS row_count",
            keys=[f"hour({moment}) AS hour"],
            where=f"{moment} >= {literal(history)}",
        )
    )
    found: dict[Cell, NDArray[np.float64]] = {}
    for row in rows:
        if row["value"] is not None and row["hour"] is not None:
            hours = found.setdefault((row["dimension"], row["value"]), np.zeros(24))
            hours[int(row["hour"])] = float(row["row_count"])
    return found


def _usual_values(query: Query, frame: Frame) -> dict[tuple[str, object], int]:
    """Count the rows that hold a default-like value, per column and value."""
    parts = [
        f"SELECT {literal(c.name)} AS place, {name(c.name)}::VARCHAR AS value, count(*) AS n "
        f"FROM clean WHERE {name(c.name)} IN ({', '.join(map(literal, values))}) GROUP BY ALL"
        for c in audited_columns(frame)
        if (values := suspects(c))
    ]
    if not parts:
        return {}
    numeric = {c.name for c in audited_columns(frame) if c.is_number}
    return {
        (row["place"], float(row["value"]) if row["place"] in numeric else row["value"]): row["n"]
        for row in query(" UNION ALL ".join(parts))
    }


def _oddities(
    query: Query, relation: Relation, frame: Frame, counts: DailyCounts, span: Span
) -> frozenset[tuple[str, str]]:
    main, since = frame.main, frame.sound_until
    measures = frame.roles.measures
    found = {(types.UNIT, s.columns[0]) for s in find_unit_steps(query, relation, measures, span)}
    for swap in find_swaps(query, relation, frame.roles.positive, span):
        found |= {(types.SWAP, column) for column in swap.columns}
    if frame.roles.has_hours:
        shift = find_hour_shift(query, relation, frame.roles.moment, span)
        found |= {(types.CLOCK, frame.roles.moment)} if shift else set()
    columns = audited_columns(frame)
    spikes = find_default_spikes(query, relation, columns, frame.roles.slices, span)
    found |= {(types.PLACEHOLDER, s.columns[0]) for s in spikes}
    whole: set[tuple[str, str]] = set()
    if find_missing_days(counts, since=since + timedelta(days=1), until=frame.last):
        whole.add((types.MISSING, main))
    placed = {(kind, f"{main}.{column}") for kind, column in found | _columns_oddities(frame)}
    return frozenset(placed | whole | _harmless(frame))


def _columns_oddities(frame: Frame) -> set[tuple[str, str]]:
    columns = frame.survey.profile.columns
    found = {("empty_values", c.name) for c in columns if c.nulls}
    found |= {("extreme_values", c) for c in frame.roles.measures}
    found |= {("unknown_keys", c.name) for c in columns if c.is_text}
    return found | {("real_change", c.name) for c in columns}


def _old_defaults(
    frame: Frame, usual: Mapping[tuple[str, object], int]
) -> frozenset[tuple[str, str]]:
    """Columns where a default-like value is common already (0.2% of the rows or more)."""
    limit = max(20, 0.002 * frame.table.num_rows)
    columns = {column for (column, _), count in usual.items() if count >= limit}
    return frozenset((types.PLACEHOLDER, f"{frame.main}.{column}") for column in columns)


def _harmless(frame: Frame) -> set[tuple[str, str]]:
    """The jump in the technical ids is a planted decoy: naming it costs nothing."""
    main = frame.main
    return {
        ("renumbered_ids", main),
        ("renumbered_ids", f"{main}.{RECORD}"),
        ("real_change", main),
        ("real_change", frame.dim_name),
    }
