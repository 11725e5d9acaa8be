"""The columns of a result as a chart sees them.

In: names, engine types and JSON-ready values. Out: columns that are quantitative, temporal or
nominal, with a key that is safe in a spec.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise
from math import gcd
from typing import Any, Literal

__all__ = ["ChartChoice", "Column", "Kind", "pick"]

Kind = Literal["quantitative", "temporal", "nominal"]

_NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$|DECIMAL|DOUBLE|FLOAT|REAL|BIGNUM")
_MOMENT = re.compile(r"\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?)?([+-]\d{2}:\d{2}|Z)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?(Z|\+00:00)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartChoice:
    """A mark and the columns for its places; empty color and facet mean none."""

    mark: str
    x: str
    y: str
    color: str = ""
    facet: str = ""

    def places(self) -> Mapping[str, str]:
        """Give place and column name of all places that are used."""
        named = {"x": self.x, "y": self.y, "color": self.color, "facet": self.facet}
        return {place: name for place, name in named.items() if name or place in ("x", "y")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a result. `values` are as the result has them, top to bottom."""

    name: str
    key: str
    kind: Kind
    values: tuple[Any, ...]

    def drawn(self) -> tuple[Any, ...]:
        """Give the values as a spec needs them: numbers, moments in UTC, or text; else None."""
        if self.kind == "quantitative":
            return tuple(v if _is_number(v) else None for v in self.values)
        if self.kind == "temporal":
            by_day = self._by_day()
            return tuple(None if v is None else _utc(v, by_day) for v in self.values)
        return tuple(v if v is None or isinstance(v, str) else str(v) for v in self.values)

    def distinct(self) -> tuple[Any, ...]:
        """Give the different values that are drawn, in the order of the rows."""
        return tuple(dict.fromkeys(value for value in self.drawn() if value is not None))

    def steps(self, most: int) -> tuple[Any, ...]:
        """Give all values from the least to the greatest in even steps, also those without a row.

        Empty for categories, for values at uneven distances, and for more than `most` steps.
        """
        values = sorted(self.distinct()) if self.kind != "nominal" else []
        if self.kind == "quantitative" and all(float(v).is_integer() for v in values):
            return _even([int(v) for v in values], most)
        if self.kind == "temporal" and self._by_day():
            return _days([date.fromisoformat(v) for v in values], most)
        return ()

    def _by_day(self) -> bool:
        """Tell whether every moment is the start of a day, so that days name them fully."""
        return all(
            value is None
            or (len(value) >= 10 and not re.sub(r"[T :.0Z]|[+-]00:00", "", value[10:]))
            for value in self.values
        )


def pick(
    columns: Sequence[str],
    types: Sequence[str],
    rows: Sequence[Sequence[Any]],
    choice: ChartChoice,
) -> dict[str, Column]:
    """Give the column of every place that is used. Raises ValueError for an unknown name."""
    picked: dict[str, Column] = {}
    for place, name in choice.places().items():
        at = list(columns).index(name)
        values = tuple(row[at] for row in rows)
        key = re.sub(r"\W", "_", name)
        others = {other.key: other.name for other in picked.values()}
        if others.get(key, name) != name:
            key = f"{key}_{place}"
        picked[place] = Column(name=name, key=key, kind=_kind(types[at], values), values=values)
    return picked


def _kind(type_name: str, values: tuple[Any, ...]) -> Kind:
    if type_name.startswith(("DATE", "TIMESTAMP")):
        return "temporal"
    if _NUMBERS.match(type_name) and not type_name.endswith("]"):
        return "quantitative"
    texts = [value for value in values if value is not None]
    moments = all(isinstance(value, str) and _MOMENT.fullmatch(value) for value in texts)
    return "temporal" if texts and moments else "nominal"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _utc(value: str, by_day: bool) -> str:
    """Give a moment so that no reader takes it for local time: a plain day, or with its zone."""
    if by_day:
        return value[:10]
    zoned = re.search(r"(Z|[+-]\d{2}:\d{2})$", value[10:])
    return value if zoned or len(value) <= 10 else f"{value.replace(' ', 'T')}Z"


def _even(values: list[int], most: int) -> tuple[int, ...]:
    """Fill up whole numbers by their greatest common distance."""
    if len(values) < 2:
        return tuple(values)
    step = reduce(gcd, (later - earlier for earlier, later in pairwise(values)))
    filled = range(values[0], values[-1] + 1, step)
    return tuple(filled) if len(filled) <= most else ()


def _days(days: list[date], most: int) -> tuple[str, ...]:
    """Fill up days by months where all are the first of one, else by their common distance."""
    if len(days) > 1 and all(day.day == 1 for day in days):
        months = _even([day.year * 12 + day.month - 1 for day in days], most)
        return tuple(f"{month // 12}-{month % 12 + 1:02d}-01" for month in months)
    ordinals = _even([day.toordinal() for day in days], most)
    return tuple((date.min + timedelta(days=number - 1)).isoformat() for number in ordinals)
