"""A chart of a query's result: a Vega-Lite spec, the same data as a table, and a sentence.

In: columns, types and rows of a result, and a `ChartChoice`. Out: a `Chart`, or `CaseroomError`
with what does not fit.

Read next: `columns` (what a column is), `problems`, `spec`, `sentence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caseroom.investigation.chart.columns import ChartChoice, pick
from caseroom.investigation.chart.problems import LARGEST_CHART, MARKS, chart_problems
from caseroom.investigation.chart.sentence import chart_sentence
from caseroom.investigation.chart.spec import chart_spec
from caseroom.investigation.sandbox import SandboxResult

__all__ = [
    "LARGEST_CHART",
    "MARKS",
    "Chart",
    "ChartChoice",
    "chart_problems",
    "chart_sentence",
    "chart_spec",
    "draw_chart",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawn chart: its spec, and the data that it shows as a table and as a sentence."""

    spec: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    sentence: str


def draw_chart(result: SandboxResult, choice: ChartChoice, *, title: str = "") -> Chart:
    """Draw a chart of a whole result. Raises CaseroomError for the first thing that hinders it."""
    table = (result.columns, result.types, result.rows)
    for problem in chart_problems(*table, choice, total_rows=result.total_rows):
        raise problem
    shown = {column.name: column.values for column in pick(*table, choice).values()}
    return Chart(
        spec=chart_spec(*table, choice, title),
        columns=tuple(shown),
        rows=tuple(zip(*shown.values(), strict=True)),
        sentence=chart_sentence(*table, choice),
    )
