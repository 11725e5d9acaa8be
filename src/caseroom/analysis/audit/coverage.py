"""Which days of which slice are missing or thin.

In: rows counted per day and slice. Out: `Signal`s for single missing days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np

from caseroom.analysis.audit.relation import Query, Relation
from caseroom.analysis.audit.result import LEVEL, Signal, Z
from caseroom.analysis.estimate import Estimate

__all__ = ["DailyCounts", "count_days", "expected_rows", "find_missing_days"]

Cell = tuple[str, str]

_ALL: Cell = ("", "")
_THIN = 0.3
_NORMAL = 0.5
_LEAST_ROWS = 8.0


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """Rows per day for all rows ("", "") and for every (dimension, value); `first` to `last`."""

    cells: Mapping[Cell, Mapping[date, int]]
    first: date
    last: date

    def at(self, cell: Cell, day: date) -> int:
        """Give the rows of a cell on a day (0 where there are none)."""
        return self.cells.get(cell, {}).get(day, 0)


def count_days(query: Query, relation: Relation, *, since: date, until: date) -> DailyCounts:
    """Count rows per day and slice from `since` to `until` (inclusive) in one query."""
    where = f"CAST({relation.day} AS DATE) BETWEEN DATE '{since}' AND DATE '{until}'"
    rows = query(
        relation.by_slice("count(*) AS row_count", keys=["audit_day AS day"], where=where),
        title="Rows per day, for the whole table and for every slice",
    )
    cells: dict[Cell, dict[date, int]] = {}
    for row in rows:
        if row["value"] is not None:
            cell = cells.setdefault((row["dimension"], row["value"]), {})
            cell[row["day"]] = int(row["row_count"])
    return DailyCounts(cells, since, until)


def expected_rows(counts: DailyCounts, cell: Cell, day: date, *, weeks: int = 4) -> Estimate:
    """Estimate a day's rows from the same weekday up to `weeks` weeks before and after.

    The estimate is the median; the 80% interval is +-1.28 standard deviations of those days.
    """
    near = [day + timedelta(weeks=k) for k in range(-weeks, weeks + 1) if k]
    values = [counts.at(cell, d) for d in near if counts.first <= d <= counts.last]
    center = float(median(values)) if values else 0.0
    spread = Z * float(np.std(values)) if len(values) > 1 else center
    return Estimate(
        value=center,
        low=max(0.0, center - spread),
        high=center + spread,
        level=LEVEL,
        unit="rows",
        n=len(values),
        method=f"Median of the same weekday within {weeks} weeks.",
        assumptions=("The day was an ordinary one.",),
        warnings=() if len(values) >= 4 else ("Fewer than four days to compare with.",),
    )


def find_missing_days(counts: DailyCounts, *, since: date, until: date) -> tuple[Signal, ...]:
    """Find days on which one slice (or everything) has less than 30% of its usual rows.

    A slice counts only where the table as a whole has at least half of its usual rows (a holiday
    is no missing feed). Where several slices are thin on one day, the one that lost most rows is
    given, as the others lie inside it.
    """
    days = [since + timedelta(days=k) for k in range((until - since).days + 1)]
    return tuple(_merge(filter(None, (_missing_on(counts, day) for day in days))))


def _missing_on(counts: DailyCounts, day: date) -> Signal | None:
    whole = _thin(counts, _ALL, day)
    if whole is not None:
        return whole
    usual = expected_rows(counts, _ALL, day).value
    if counts.at(_ALL, day) < _NORMAL * usual:
        return None
    thin = [_thin(counts, cell, day) for cell in counts.cells if cell != _ALL]
    return max(filter(None, thin), key=lambda signal: signal.size.value, default=None)


def _thin(counts: DailyCounts, cell: Cell, day: date) -> Signal | None:
    usual = expected_rows(counts, cell, day)
    seen = counts.at(cell, day)
    if usual.value < _LEAST_ROWS or seen >= _THIN * usual.value:
        return None
    return Signal(
        check="missing_day",
        columns=(),
        slice=dict([cell]) if cell[0] else {},
        since=day,
        until=day,
        size=Estimate(
            value=usual.value - seen,
            low=max(0.0, usual.low - seen),
            high=usual.high - seen,
            level=LEVEL,
            unit="missing rows",
            n=usual.n,
            method="Usual rows of the weekday minus the rows that are there.",
            assumptions=usual.assumptions,
            warnings=usual.warnings,
        ),
    )


def _merge(signals: Iterable[Signal]) -> list[Signal]:
    """Join missing days in a row of the same slice into one signal."""
    merged: list[Signal] = []
    for signal in signals:
        last = merged[-1] if merged else None
        if last and last.slice == signal.slice and _next_day(last.until) == signal.since:
            merged[-1] = _joined(last, signal)
        else:
            merged.append(signal)
    return merged


def _next_day(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def _joined(first: Signal, second: Signal) -> Signal:
    size = Estimate(
        value=first.size.value + second.size.value,
        low=first.size.low + second.size.low,
        high=first.size.high + second.size.high,
        level=LEVEL,
        unit=first.size.unit,
        n=min(first.size.n, second.size.n),
        method=first.size.method,
        assumptions=first.size.assumptions,
        warnings=first.size.warnings,
    )
    return Signal(
        check=first.check,
        columns=(),
        slice=first.slice,
        since=first.since,
        until=second.until,
        size=size,
    )
