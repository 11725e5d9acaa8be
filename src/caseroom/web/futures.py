"""The consequence as charts: three futures of the same company, from the same random numbers.

In: a `Consequence`. Out: one Vega-Lite spec per measure with its rows and a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from caseroom.case.contract import Consequence, Outcome
from caseroom.service.views import ChartView
from caseroom.web.filters import count, day

__all__ = ["future_charts"]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def future_charts(consequence: Consequence) -> tuple[tuple[str, ChartView], ...]:
    """Give (title, chart) per measure, in the order of the case."""
    return tuple(
        (title, _chart(consequence, measure, title))
        for measure, title in consequence.measures.items()
        if any(measure in values for _, values in consequence.chosen.series)
    )


def _futures(consequence: Consequence) -> dict[str, Outcome]:
    return {
        "Your decision": consequence.chosen,
        "Doing nothing": consequence.nothing,
        "The best option": consequence.best,
    }


def _chart(consequence: Consequence, measure: str, title: str) -> ChartView:
    futures = _futures(consequence)
    rows = tuple(
        (on.isoformat(), *(_at(outcome, number, measure) for outcome in futures.values()))
        for number, (on, _) in enumerate(consequence.chosen.series)
    )
    return ChartView(
        spec=_spec(futures, rows, title),
        columns=("Week", *futures),
        rows=rows,
        sentence=_sentence(futures, rows, title),
    )


def _at(outcome: Outcome, number: int, measure: str) -> float | None:
    if number >= len(outcome.series):
        return None
    value = outcome.series[number][1].get(measure)
    return None if value is None else round(value, 4)


def _spec(
    futures: Mapping[str, Outcome], rows: tuple[tuple[Any, ...], ...], title: str
) -> dict[str, Any]:
    values = [
        {"week": row[0], "future": name, "value": value}
        for row in rows
        for name, value in zip(futures, row[1:], strict=True)
    ]
    color = {
        "field": "future",
        "type": "nominal",
        "sort": None,
        "legend": {"direction": "vertical", "labelLimit": 480},
    }
    return {
        "$schema": _SCHEMA,
        "description": f"{title} by week under three decisions.",
        "width": "container",
        "height": 240,
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 2.5},
        "encoding": {
            "x": {"field": "week", "type": "temporal", "title": None},
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "scale": {"zero": False},
            },
            "color": color,
            "strokeDash": color,
        },
    }


def _sentence(futures: Mapping[str, Outcome], rows: tuple[tuple[Any, ...], ...], title: str) -> str:
    if not rows:
        return f"{title}: no weeks to show."
    last = rows[-1]
    ends = "; ".join(
        f"{name} {_number(value)}"
        for name, value in zip(futures, last[1:], strict=True)
        if value is not None
    )
    return f"{title}, {day_of(last[0])}: {ends}."


def day_of(text: str) -> str:
    """Give an ISO day as pages show days."""
    return day(date.fromisoformat(text))


def _number(value: float) -> str:
    return count(round(value)) if abs(value) >= 100 else f"{value:.3g}"
