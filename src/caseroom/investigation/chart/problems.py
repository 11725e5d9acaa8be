"""What keeps a chart from being drawn, or from being honest.

In: a result and a choice. Out: errors that say what does not fit and what to do instead.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from caseroom.investigation.chart.columns import ChartChoice, Column, pick
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["GROUPED", "LARGEST_CHART", "MARKS", "MOST_STEPS", "chart_problems"]

MARKS = ("bar", "line", "point", "area", "tick", "rect")

LARGEST_CHART = 5_000
"""Rows that a chart draws."""

MOST_GROUPS = 12
MOST_PLACES = 200
MOST_STEPS = 60
GROUPED = ("bar", "line", "area")
"""Marks that show a number per place; a color tells several apart."""

_ONE_ROW_PER_PLACE = ("bar", "line", "area", "rect")


def chart_problems(
    columns: Sequence[str],
    types: Sequence[str],
    rows: Sequence[Sequence[Any]],
    choice: ChartChoice,
    *,
    total_rows: int | None = None,
) -> tuple[CaseroomError, ...]:
    """Give everything that hinders this chart; `total_rows` counts rows that were not fetched."""
    found = [*_unknown(columns, choice), *_size(len(rows), total_rows)]
    if found:
        return tuple(found)
    picked = pick(columns, types, rows, choice)
    return (*_unsuited(choice, picked), *_crowded(choice, picked), *_doubled(choice, picked))


def _unknown(columns: Sequence[str], choice: ChartChoice) -> list[CaseroomError]:
    problems = []
    if choice.mark not in MARKS:
        problems.append(_error(f"There is no mark {choice.mark!r}.", ", ".join(MARKS), "pick one."))
    for place, name in choice.places().items():
        if name not in columns:
            close = difflib.get_close_matches(name, list(columns), n=1)
            said = f"The result has no column {name!r}" if name else "A column is missing"
            problems.append(
                _error(
                    f"{said} for {place}.",
                    ", ".join(columns) or "none, the result has no columns",
                    f"did you mean {close[0]}?" if close else "pick one of these.",
                )
            )
    return problems


def _size(rows: int, total_rows: int | None) -> list[CaseroomError]:
    total = max(rows, total_rows or 0)
    if total > LARGEST_CHART:
        return [
            _error(
                f"The result has {total:,} rows.",
                f"up to {LARGEST_CHART:,} in a chart",
                "aggregate first, for example by week: GROUP BY date_trunc('week', day).",
            )
        ]
    if not rows:
        return [_error("The result has no rows to draw.", "", "loosen the filter of the query.")]
    return []


def _unsuited(choice: ChartChoice, picked: Mapping[str, Column]) -> list[CaseroomError]:
    numbers = {place for place, column in picked.items() if column.kind == "quantitative"}
    if choice.mark in ("line", "area") and "y" not in numbers:
        return [_error(f"{_a(choice.mark)} needs numbers up (y); {choice.y} has none.", "", _SWAP)]
    if choice.mark == "bar" and not numbers & {"x", "y"}:
        text = f"A bar needs numbers in x or y; neither {choice.x} nor {choice.y} has any."
        return [_error(text, "", _SWAP)]
    if choice.mark == "rect" and "color" not in picked:
        return [_error("A rect shows its value as color, and none is chosen.", "", _COLOR)]
    return []


_SWAP = "choose a column of numbers, count(*) for example."
_COLOR = "choose the column of values as color, with one row for each x and y."


def _crowded(choice: ChartChoice, picked: Mapping[str, Column]) -> list[CaseroomError]:
    return [
        _error(
            f"{column.name} has {len(column.distinct())} different values for {place}.",
            f"up to {most}",
            "keep the largest with ORDER BY ... LIMIT, or filter.",
        )
        for place, column in picked.items()
        if (most := _room(choice, place, column)) and len(column.distinct()) > most
    ]


def _room(choice: ChartChoice, place: str, column: Column) -> int:
    """Give how many different values a place can tell apart; 0 where it has a continuous scale."""
    if place == "facet":
        return MOST_GROUPS
    if place == "color":
        return MOST_GROUPS if choice.mark in GROUPED or column.kind == "nominal" else 0
    if choice.mark == "bar" and choice.color and column.kind == "temporal":
        return MOST_STEPS
    return MOST_PLACES if choice.mark == "rect" or column.kind == "nominal" else 0


def _doubled(choice: ChartChoice, picked: Mapping[str, Column]) -> list[CaseroomError]:
    """Find places where several rows would be drawn over each other."""
    if choice.mark not in _ONE_ROW_PER_PLACE:
        return []
    across = choice.mark == "bar" and picked["y"].kind != "quantitative"
    skip = {"color"} if choice.mark == "rect" else {"x" if across else "y"}
    keys = [column for place, column in picked.items() if place not in skip]
    places = Counter(zip(*(column.drawn() for column in keys), strict=True))
    place, count = places.most_common(1)[0]
    if count == 1:
        return []
    named = ", ".join(f"{c.name} = {v}" for c, v in zip(keys, place, strict=True))
    return [
        _error(
            f"{count} rows share {named}, so they would cover each other.",
            f"one row per place of {_a(choice.mark).lower()}",
            "aggregate with GROUP BY, or use color or facet to tell them apart.",
        )
    ]


def _a(mark: str) -> str:
    return f"An {mark}" if mark == "area" else f"A {mark}"


def _error(problem: str, allowed: str, next_step: str) -> CaseroomError:
    return CaseroomError(problem, allowed=allowed, next_step=next_step)
