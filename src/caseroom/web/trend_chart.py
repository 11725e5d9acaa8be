"""The scores of past interviews as a small chart with the same numbers in a table.

In: the history of interviews. Out: a chart, None with fewer than two scored interviews.
"""

from __future__ import annotations

from caseroom.service.interview_views import HistoryView
from caseroom.service.views import ChartView
from caseroom.web.filters import day

__all__ = ["trend_chart"]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_FEWEST = 2


def trend_chart(history: HistoryView) -> ChartView | None:
    """Draw overall scores with their intervals, oldest first."""
    scored = [card for card in reversed(history.interviews) if card.overall is not None]
    if len(scored) < _FEWEST:
        return None
    rows = tuple(
        (
            number,
            day(card.started_at),
            round(card.overall or 0.0, 1),
            round(card.low or 0.0, 1),
            round(card.high or 0.0, 1),
        )
        for number, card in enumerate(scored, 1)
    )
    names = ("Interview", "Day", "Overall", "From", "To")
    values = [dict(zip(names, row, strict=True)) for row in rows]
    scale = {"domain": [1, 5]}
    x = {"field": "Interview", "type": "ordinal", "title": "Interview", "axis": {"labelAngle": 0}}
    y = {"type": "quantitative", "title": "Overall (1 to 5)", "scale": scale}
    spec = {
        "$schema": _SCHEMA,
        "description": "Overall score of each interview with its interval.",
        "width": "container",
        "height": 200,
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45},
                "encoding": {"x": x, "y": y | {"field": "From"}, "y2": {"field": "To"}},
            },
            {
                "mark": {"type": "point", "size": 90},
                "encoding": {"x": x, "y": y | {"field": "Overall"}},
            },
        ],
    }
    return ChartView(spec=spec, columns=names, rows=rows, sentence=history.trend.sentence)
