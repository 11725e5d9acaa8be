"""Time-zone shifts: the hours of one slice move by a constant from a day on.

In: a relation whose moment tells the hour. Out: a `Signal` with the shift in hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from caseroom.analysis.audit.relation import Query, Relation, Span, equals, name
from caseroom.analysis.audit.result import Signal, counted

__all__ = ["best_shift", "find_hour_shift", "shift_gain"]

Cell = tuple[str, str]
Hours = NDArray[np.float64]

_LEAST_GAIN = 0.25
_LEAST_ROWS = 60


def find_hour_shift(
    query: Query,
    relation: Relation,
    moment: str,
    span: Span,
    *,
    recent: int = 7,
) -> Signal | None:
    """Find the slice whose hours in the last `recent` days are shifted against its own history.

    Args:
        query: Runs SQL.
        relation: The rows.
        moment: Timestamp column.
        span: The calendar.
        recent: Days at the end that are compared with the sound period.
    """
    before = _histograms(query, relation, moment, span.since, span.sound_until)
    first = span.until - timedelta(days=recent - 1)
    now = _histograms(query, relation, moment, first, span.until)
    gains: dict[Cell, tuple[float, int, float]] = {}
    for cell, hours in now.items():
        if cell[0] and cell in before and hours.sum() >= _LEAST_ROWS:
            shift, gain = shift_gain(before[cell], hours)
            if shift and gain >= _LEAST_GAIN:
                gains[cell] = (gain, shift, float(hours.sum()))
    if not gains:
        return None
    most = max(gain for gain, _, _ in gains.values())
    pure = {cell: entry for cell, entry in gains.items() if entry[0] >= 0.8 * most}
    cell = max(pure, key=lambda c: (_purity(before[c], now[c], pure[c][1]), pure[c][2], c))
    return _signal(query, relation, moment, cell, pure[cell][1], before[cell], span)


def _purity(before: Hours, now: Hours, shift: int) -> float:
    """Round the fit, so that slices which fit equally well are told apart by their size."""
    return round(1 - _distance(before, now, shift), 1)


def _histograms(
    query: Query, relation: Relation, moment: str, first: date, last: date
) -> dict[Cell, Hours]:
    where = f"CAST({relation.day} AS DATE) BETWEEN DATE '{first}' AND DATE '{last}'"
    rows = query(
        relation.by_slice(
            "count(*) AS row_count", keys=[f"hour({name(moment)}) AS hour"], where=where
        ),
        title=f"Hour of day per slice, {first} to {last}",
    )
    found: dict[Cell, Hours] = {}
    for row in rows:
        if row["value"] is not None and row["hour"] is not None:
            hours = found.setdefault((row["dimension"], row["value"]), np.zeros(24))
            hours[int(row["hour"])] = float(row["row_count"])
    return found


def _distance(before: Hours, now: Hours, shift: int) -> float:
    """Give half the L1 distance (0 to 1) of two histograms after moving the first by `shift`."""
    p, q = before / before.sum(), now / now.sum()
    return float(np.abs(np.roll(p, shift) - q).sum() / 2)


def best_shift(before: Hours, now: Hours) -> int:
    """Give the shift in hours (-11 to 12) that brings the first histogram closest to the second."""
    order = sorted(range(-11, 13), key=abs)
    return min(order, key=lambda shift: _distance(before, now, shift))


def shift_gain(before: Hours, now: Hours) -> tuple[int, float]:
    """Give the best shift and by how much it lowers the distance (0 to 1) against no shift."""
    shift = best_shift(before, now)
    return shift, _distance(before, now, 0) - _distance(before, now, shift)


def _signal(
    query: Query,
    relation: Relation,
    moment: str,
    cell: Cell,
    shift: int,
    before: Hours,
    span: Span,
) -> Signal:
    slice_ = dict([cell])
    daily = _daily(query, relation, moment, slice_, span)
    since = _onset(daily, before, shift, span)
    rows = int(sum(hours.sum() for day, hours in daily.items() if day >= since))
    return Signal(
        check="hour_shift",
        columns=(moment,),
        slice=slice_,
        since=since,
        until=span.until,
        size=counted(
            float(shift),
            "hours",
            n=rows,
            method="Shift of the hour-of-day histogram with the smallest L1 distance.",
            assumptions=("The slice works at the same hours of the day as before.",),
        ),
    )


def _daily(
    query: Query,
    relation: Relation,
    moment: str,
    slice_: Mapping[str, str],
    span: Span,
) -> dict[date, Hours]:
    where = (
        f"{equals(dict(slice_))} AND CAST({relation.day} AS DATE) "
        f"BETWEEN DATE '{span.sound_until}' AND DATE '{span.until}'"
    )
    rows = query(
        f"SELECT audit_day AS day, hour({name(moment)}) AS hour, count(*) AS row_count "
        f"FROM {relation.days(where=where)} AS sliced GROUP BY ALL ORDER BY ALL",
        title="Since when are the hours shifted?",
    )
    found: dict[date, Hours] = {}
    for row in rows:
        hours = found.setdefault(row["day"], np.zeros(24))
        hours[int(row["hour"])] = float(row["row_count"])
    return found


def _onset(daily: Mapping[date, Hours], before: Hours, shift: int, span: Span) -> date:
    """Choose the first day so that days before it fit no shift and days from it on the shift."""
    days = sorted(day for day in daily if span.sound_until < day <= span.until)
    score = [
        _distance(before, daily[day], 0) - _distance(before, daily[day], shift) for day in days
    ]
    tails = np.cumsum(score[::-1])[::-1]
    return days[int(np.argmax(tails))]
