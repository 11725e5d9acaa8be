"""The daily level of measures per slice, on a log scale, and steps in it.

In: a relation and its measures. Out: `Levels`, and for a series the best single step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from caseroom.analysis.audit.relation import Query, Relation, Span, name

__all__ = ["Cell", "Level", "Levels", "Step", "best_step", "daily_levels"]

Cell = tuple[str, str]
Array = NDArray[np.float64]

_LEAST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Level:
    """Mean of ln|value| (without zeros) and number of values, one entry per day."""

    mean: Array
    rows: Array

    def between(self, first: int, last: int) -> float:
        """Give the mean over days first..last-1, every row counting the same."""
        rows = self.rows[first:last]
        return float((self.mean[first:last] * rows).sum() / max(1.0, rows.sum()))


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels per measure and cell from day `first`; index 0 is that day."""

    first: date
    days: int
    series: Mapping[tuple[str, Cell], Level]

    def index(self, day: date) -> int:
        """Give the position of a day."""
        return (day - self.first).days

    def day(self, index: int) -> date:
        """Give the day at a position."""
        return self.first + timedelta(days=index)

    def cells(self, measure: str, *, least_rows: float) -> tuple[Cell, ...]:
        """Give the slices (not the whole) with at least this many values a day on average."""
        return tuple(
            cell
            for (column, cell), level in self.series.items()
            if column == measure and cell[0] and level.rows.mean() >= least_rows
        )

    def against_rest(self, measure: str, cell: Cell) -> Level:
        """Give a slice's level minus the level of all other rows, which takes out what moves the
        whole table (weather, season)."""
        own, whole = self.series[measure, cell], self.series[measure, ("", "")]
        others = np.maximum(whole.rows - own.rows, 0.0)
        total = whole.rows * whole.mean - own.rows * own.mean
        rest = np.divide(total, others, out=np.zeros_like(total), where=others > 0)
        return Level(own.mean - rest, np.where(others > 0, own.rows, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step at position `at`: difference of the log levels, its standard error, rows after it."""

    at: int
    size: float
    error: float
    rows: float


def daily_levels(
    query: Query,
    relation: Relation,
    measures: Sequence[str],
    span: Span,
    *,
    where: str = "TRUE",
) -> Levels:
    """Read the daily levels of all measures, for everything and per slice, in one query."""
    since, until = span.since, span.until
    days = (until - since).days + 1
    select = ", ".join(
        f"avg(ln(abs({name(m)}))) FILTER (WHERE {name(m)} <> 0) AS mean_{at}, "
        f"count({name(m)}) FILTER (WHERE {name(m)} <> 0) AS rows_{at}"
        for at, m in enumerate(measures)
    )
    period = f"CAST({relation.day} AS DATE) BETWEEN DATE '{since}' AND DATE '{until}' AND {where}"
    rows = query(
        relation.by_slice(select, keys=["audit_day AS day"], where=period),
        title=f"Daily level of {', '.join(measures)} per slice (mean of the logarithm)",
    )
    series: dict[tuple[str, Cell], Level] = {}
    for row in rows:
        if row["value"] is None:
            continue
        for at, measure in enumerate(measures):
            key = (measure, (row["dimension"], row["value"]))
            if row[f"rows_{at}"]:
                if key not in series:
                    series[key] = Level(np.zeros(days), np.zeros(days))
                level = series[key]
                position = (row["day"] - since).days
                level.mean[position] = float(row[f"mean_{at}"])
                level.rows[position] = float(row[f"rows_{at}"])
    return Levels(since, days, series)


def best_step(level: Level, *, after: int) -> Step | None:
    """Find the position from `after` on that splits the series best into two constant levels.

    Every row counts the same (weighted least squares); at least three days lie on either side.
    """
    weight, value = level.rows, level.mean
    n = len(weight)
    first, last = max(after, _LEAST_DAYS), n - _LEAST_DAYS
    if last < first or weight.sum() == 0:
        return None
    w, wv, wvv = (np.cumsum(x) for x in (weight, weight * value, weight * value**2))
    at = np.arange(first, last + 1)
    left_w, left_v = w[at - 1], wv[at - 1]
    right_w, right_v = w[-1] - left_w, wv[-1] - left_v
    usable = (left_w > 0) & (right_w > 0)
    if not usable.any():
        return None
    safe_left, safe_right = np.maximum(left_w, 1e-9), np.maximum(right_w, 1e-9)
    gain = np.where(usable, left_v**2 / safe_left + right_v**2 / safe_right, -np.inf)
    best = int(np.argmax(gain))
    size = right_v[best] / safe_right[best] - left_v[best] / safe_left[best]
    residual = max(float(wvv[-1] - gain[best]), 0.0)
    filled = max(int((weight > 0).sum()) - 2, 1)
    variance = residual / filled
    error = float(np.sqrt(variance * (1 / safe_left[best] + 1 / safe_right[best])))
    return Step(at=int(at[best]), size=float(size), error=error, rows=float(right_w[best]))
