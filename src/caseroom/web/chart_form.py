"""The chart builder: which columns a result offers for which part of a chart, and a first choice.

In: a result's columns and types, and what was chosen. Out: the fields of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from caseroom.investigation.chart import MARKS, ChartChoice
from caseroom.service.views import QueryView
from caseroom.web.filters import is_numeric

__all__ = ["Builder", "BuilderField", "build_builder", "choice_from"]

_TEMPORAL = ("DATE", "TIME")
_CHART_FIELDS = ("mark", "x", "y", "color", "facet")


@dataclass(frozen=True, slots=True)
class BuilderField:
    """One select of the form: (value, label) options and the chosen value."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Builder:
    """The form for charts of one query's result."""

    query: int
    fields: tuple[BuilderField, ...]


def _is_temporal(type_name: str) -> bool:
    return type_name.upper().startswith(_TEMPORAL)


def choice_from(values: Mapping[str, str]) -> ChartChoice | None:
    """Read a chart from an address or a form; None where none is asked for."""
    if not values.get("mark"):
        return None
    return ChartChoice(**{name: values.get(name, "") for name in _CHART_FIELDS})


def build_builder(result: QueryView, choice: ChartChoice | None) -> Builder | None:
    """Give the form for this result, None where it has nothing to draw."""
    if result.error or not result.columns or not result.rows:
        return None
    shown = choice or _first_choice(result)
    columns = tuple((name, name) for name in result.columns)
    optional = (("", "none"), *columns)
    fields = (
        BuilderField("mark", "Mark", tuple((mark, mark) for mark in MARKS), shown.mark),
        BuilderField("x", "Across (x)", columns, shown.x),
        BuilderField("y", "Up (y)", columns, shown.y),
        BuilderField("color", "Color", optional, shown.color),
        BuilderField("facet", "One panel per", optional, shown.facet),
    )
    return Builder(result.id, fields)


def _first_choice(result: QueryView) -> ChartChoice:
    """Propose a line over time where there is a date, else bars by the first column."""
    numeric = [
        name for name, kind in zip(result.columns, result.types, strict=True) if is_numeric(kind)
    ]
    temporal = [
        name for name, kind in zip(result.columns, result.types, strict=True) if _is_temporal(kind)
    ]
    x = temporal[0] if temporal else result.columns[0]
    others = [name for name in numeric if name != x] or [result.columns[-1]]
    return ChartChoice(mark="line" if temporal else "bar", x=x, y=others[0], color="", facet="")
