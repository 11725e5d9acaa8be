"""The Vega-Lite spec of a chart.

In: a result and a choice that `chart_problems` found nothing wrong with. Out: a spec of version 6
with inline data: https://vega.github.io/vega-lite/docs/spec.html.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caseroom.investigation.chart.columns import ChartChoice, Column, pick
from caseroom.investigation.chart.problems import GROUPED, MOST_STEPS
from caseroom.investigation.chart.sentence import chart_sentence

__all__ = ["chart_spec"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""The name of the format; nothing is loaded from there."""

_MARKS: Mapping[str, Mapping[str, Any]] = {
    "line": {"point": True},
    "area": {"line": True, "fillOpacity": 0.5},
    "point": {"filled": True},
}


def chart_spec(
    columns: Sequence[str],
    types: Sequence[str],
    rows: Sequence[Sequence[Any]],
    choice: ChartChoice,
    title: str = "",
) -> dict[str, Any]:
    """Give the spec. Bars and areas start at zero; categories keep the order of the rows.

    Moments are drawn in UTC. Bars of a color stand side by side, areas of a color on each other.
    The description is the chart's sentence, for people who hear the page.
    """
    picked = pick(columns, types, rows, choice)
    sentence = chart_sentence(columns, types, rows, choice)
    size = {"width": 220, "height": 160} if choice.facet else {"width": "container", "height": 280}
    return {
        "$schema": SCHEMA,
        **({"title": title} if title else {}),
        "description": f"{title}. {sentence}" if title else sentence,
        **size,
        "data": {"values": _values(picked)},
        "mark": {"type": choice.mark, **_MARKS.get(choice.mark, {})},
        "encoding": _encoding(choice.mark, picked),
    }


def _values(picked: Mapping[str, Column]) -> list[dict[str, Any]]:
    drawn = {column.key: column.drawn() for column in picked.values()}
    return [dict(zip(drawn, row, strict=True)) for row in zip(*drawn.values(), strict=True)]


def _encoding(mark: str, picked: Mapping[str, Column]) -> dict[str, Any]:
    measure = _measure(mark, picked)
    encoding = {
        place: _measured(picked[place], mark)
        if place == measure
        else _placed(picked[place], mark, apart="color" in picked)
        for place in ("x", "y")
    }
    if "color" in picked:
        encoding |= _colored(picked["color"], mark, across=measure == "x")
    if "facet" in picked:
        encoding["facet"] = _category(picked["facet"]) | {"columns": 3}
    return encoding


def _measure(mark: str, picked: Mapping[str, Column]) -> str:
    """Give the place of the numbers that a bar, line or area shows; empty for other marks."""
    if mark not in GROUPED:
        return ""
    return "y" if picked["y"].kind == "quantitative" else "x"


def _measured(column: Column, mark: str) -> dict[str, Any]:
    return _continuous(column) | {"scale": {"zero": mark in ("bar", "area")}}


def _placed(column: Column, mark: str, *, apart: bool) -> dict[str, Any]:
    """Give the axis that a mark stands on; `apart` says that colors stand side by side."""
    if column.kind == "nominal":
        return _category(column)
    if mark not in ("bar", "rect"):
        return _continuous(column)
    steps = column.steps(MOST_STEPS)
    if steps or apart or mark == "rect":
        # Each step has a place of its own; even steps show one without a row as a gap.
        domain = {"scale": {"domain": list(steps)}} if steps else {}
        return {"field": column.key, "type": "ordinal", "title": column.name, **domain}
    return _continuous(column)


def _continuous(column: Column) -> dict[str, Any]:
    channel: dict[str, Any] = {"field": column.key, "type": column.kind, "title": column.name}
    if column.kind == "temporal":
        return channel | {"scale": {"type": "utc"}}
    return channel | {"scale": {"zero": False}} | _year_labels(column)


def _year_labels(column: Column) -> dict[str, Any]:
    """Write years without a thousands separator."""
    values = column.distinct()
    years = all(isinstance(value, int) and 1900 <= value <= 2100 for value in values)
    return {"axis": {"format": "d"}} if years and values else {}


def _category(column: Column) -> dict[str, Any]:
    return {"field": column.key, "type": "nominal", "title": column.name, "sort": None}


def _colored(column: Column, mark: str, *, across: bool) -> dict[str, Any]:
    if mark not in GROUPED and column.kind != "nominal":
        return {"color": {"field": column.key, "type": column.kind, "title": column.name}}
    color = _category(column)
    if mark == "line":
        return {"color": color, "strokeDash": color}
    if mark == "bar":
        offset = {"field": column.key, "type": "nominal", "sort": None}
        return {"color": color, "yOffset" if across else "xOffset": offset}
    return {"color": color}
