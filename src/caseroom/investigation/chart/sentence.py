"""What a chart shows, in one sentence that claims nothing beyond its rows.

In: a result and a choice. Out: a sentence with the range, the highest and lowest value and, over
time, the first and last. No trend, no cause, no significance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caseroom.investigation.chart.columns import ChartChoice, Column, pick

__all__ = ["chart_sentence"]

_MOST_SERIES = 4
_FORMS = {
    "bar": "Bar chart",
    "line": "Line chart",
    "area": "Area chart",
    "point": "Point chart",
    "tick": "Tick chart",
    "rect": "Heat map",
}


def chart_sentence(
    columns: Sequence[str],
    types: Sequence[str],
    rows: Sequence[Sequence[Any]],
    choice: ChartChoice,
) -> str:
    """Say what is drawn, from where to where, the extremes, and the change over time."""
    picked = pick(columns, types, rows, choice)
    measure = _measure(choice.mark, picked)
    parts = [_opening(choice.mark, picked, measure)]
    if measure is not None:
        points = _points(picked, measure)
        parts += _extremes(points)
        parts += _changes(points, picked, measure)
        missing = len(rows) - len(points)
        parts += [f"{missing} without a value"] if missing else []
    return "; ".join(parts) + "."


def _measure(mark: str, picked: Mapping[str, Column]) -> str | None:
    """Give the place of the numbers that the sentence is about, if there is one."""
    wanted = ("color",) if mark == "rect" else ("y", "x")
    numbers = [p for p in wanted if p in picked and picked[p].kind == "quantitative"]
    return numbers[0] if numbers else None


def _opening(mark: str, picked: Mapping[str, Column], measure: str | None) -> str:
    """Say what is drawn, how many of it, and the range of what it is drawn along."""
    along = [column for place, column in picked.items() if place in ("x", "y") and place != measure]
    what = picked[measure].name if measure else along.pop().name
    by = " and ".join(column.name for column in along)
    groups = [f"one {place} per {picked[place].name}" for place in _groups(picked, measure)]
    count = len(picked["x"].values)
    text = ", ".join([f"{_FORMS[mark]} of {what} by {by}", *groups])
    return f"{text}: {count} row{'s' * (count != 1)}" + "".join(map(_range, along))


def _groups(picked: Mapping[str, Column], measure: str | None) -> list[str]:
    """Give the places that split the rows into series, each column once."""
    named = {
        picked[place].name: place
        for place in ("facet", "color")
        if place in picked and place != measure
    }
    return sorted(named.values())


def _range(column: Column) -> str:
    values = sorted(column.distinct()) if column.kind != "nominal" else []
    if len(values) < 2:
        return ""
    return f", {column.name} from {_said(values[0])} to {_said(values[-1])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """A value that is drawn: where, in which series, how much."""

    place: tuple[Any, ...]
    series: tuple[Any, ...]
    value: float

    def said(self) -> str:
        """Give the value with where it is."""
        where = ", ".join(_said(part) for part in (*self.place, *self.series))
        return f"{_said(self.value)} ({where})"


def _points(picked: Mapping[str, Column], measure: str) -> list[_Point]:
    """Give the rows that have a value."""
    drawn = {place: column.drawn() for place, column in picked.items()}
    at = [place for place in ("x", "y") if place != measure]
    by = _groups(picked, measure)
    return [
        _Point(
            place=tuple(drawn[p][i] for p in at),
            series=tuple(drawn[p][i] for p in by),
            value=value,
        )
        for i, value in enumerate(drawn[measure])
        if value is not None
    ]


def _extremes(points: list[_Point]) -> list[str]:
    if not points:
        return ["no row has a value"]
    low, high = min(points, key=_value), max(points, key=_value)
    if low.value == high.value:
        return [f"every value is {_said(low.value)}"]
    return [f"highest {high.said()}", f"lowest {low.said()}"]


def _value(point: _Point) -> float:
    return point.value


def _changes(points: list[_Point], picked: Mapping[str, Column], measure: str) -> list[str]:
    """Say first and last value over time, for each series while they are few."""
    if measure != "y" or picked["x"].kind != "temporal":
        return []
    series: dict[tuple[Any, ...], list[_Point]] = {}
    for point in sorted((p for p in points if p.place[0] is not None), key=lambda p: p.place[0]):
        series.setdefault(point.series, []).append(point)
    if len(series) > _MOST_SERIES:
        return [f"{len(series)} series"]
    return [_change(name, found) for name, found in series.items() if len(found) > 1]


def _change(name: tuple[Any, ...], points: list[_Point]) -> str:
    first, last = points[0].value, points[-1].value
    who = " ".join(_said(part) for part in name) + " " if name else ""
    share = f" ({(last / first - 1) * 100:+.0f}%)" if first > 0 and last >= 0 else ""
    return f"{who}first {_said(first)}, last {_said(last)}{share}"


def _said(value: Any) -> str:
    """Give a value as people read it: thousands grouped, at most four digits after them."""
    if value is None:
        return "none"
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)
