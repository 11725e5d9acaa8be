"""The owner's report: which numbers it holds, as SQL, and what they are on any state of the tables.

In: a `Frame`, and tables with or without faults. Out: `Number`s and their values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from caseroom.analysis.audit import literal, name
from caseroom.case.kinds.data_audit.dice import Dice
from caseroom.case.kinds.data_audit.frame import CHANGED, DESKS, LOADED, Frame
from caseroom.world.faults import DAY

__all__ = [
    "Number",
    "errors_percent",
    "numbers_of",
    "past_reports",
    "report_values",
    "source_sql",
]

pc: Any = compute  # the module has no types for its generated functions

EVENING = 18
_WEEKS_SHOWN = 8
_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of the report.

    Attributes:
        id: Stable id.
        label: The words of the report.
        unit: Unit of the value.
        kind: "count" of rows, "mean" of a column, "evening" (percent of rows from 18:00 on) or
            "above" (percent of the values of a column above `limit`).
        column: The column it is about; empty for counts.
        limit: Threshold of "above".
        desk: Desk whose rows count, by the second table; empty for all rows.
    """

    id: str
    label: str
    unit: str
    kind: str
    column: str = ""
    limit: float = 0.0
    desk: str = ""

    @property
    def is_count(self) -> bool:
        """Whether the number counts rows."""
        return self.kind == "count"

    @property
    def joined(self) -> bool:
        """Whether the rows are joined with the second table."""
        return bool(self.desk)

    @property
    def where_sql(self) -> str:
        """Condition on the rows besides the week."""
        return f"d.desk = {literal(self.desk)}" if self.desk else "TRUE"

    @property
    def value_sql(self) -> str:
        """Aggregate over the rows of a week."""
        cell = f"m.{name(self.column)}"
        over = f"CASE WHEN {cell} > {self.limit:g} THEN 1.0 WHEN {cell} <= {self.limit:g} THEN 0.0"
        return {
            "count": "count(*)",
            "mean": f"avg({cell})",
            "evening": f"100.0 * avg(CASE WHEN hour({cell}) >= {EVENING} THEN 1.0 ELSE 0.0 END)",
            "above": f"100.0 * avg({over} END)",
        }[self.kind]


def numbers_of(frame: Frame, dice: Dice) -> tuple[Number, ...]:
    """Give the numbers that this table can have."""
    noun = frame.survey.source.noun
    desk = dice.pick("desk", _desks(frame))
    numbers = [
        Number(id="records", label=f"All {noun}", unit=noun, kind="count"),
        Number(
            id="desk_records",
            label=f"{noun.capitalize()} of desk {desk}",
            unit=noun,
            kind="count",
            desk=desk,
        ),
    ]
    numbers += [_mean(frame, column) for column in frame.roles.positive[:2]]
    numbers += _evening(frame)
    numbers += _high_share(frame)
    return tuple(numbers)


def _desks(frame: Frame) -> list[str]:
    """Give the desks that handle 10% to 80% of the rows, or else the largest one."""
    sizes = frame.groups[frame.dim_key]
    desk_of = dict(
        zip(*(frame.dim_table[c].to_pylist() for c in (frame.dim_key, "desk")), strict=True)
    )
    shares = dict.fromkeys(DESKS, 0.0)
    for value, count in sizes.items():
        shares[desk_of[value]] += count / max(1, sum(sizes.values()))
    fitting = [desk for desk, share in shares.items() if 0.1 <= share <= 0.8]
    return fitting or [max(shares, key=lambda desk: shares[desk])]


def _spoken(column: str) -> str:
    return column.replace("_", " ")


def _mean(frame: Frame, column: str) -> Number:
    unit = frame.survey.source.units.get(column, "units as documented")
    return Number(
        id=f"mean_{column}",
        label=f"Mean {_spoken(column)}",
        unit=unit,
        kind="mean",
        column=column,
    )


def _evening(frame: Frame) -> list[Number]:
    if not frame.roles.has_hours:
        return []
    return [
        Number(
            id="evening_share",
            label=f"Share of {frame.survey.source.noun} from {EVENING}:00 on",
            unit="percent",
            kind="evening",
            column=frame.roles.moment,
        )
    ]


def _high_share(frame: Frame) -> list[Number]:
    """A share above a threshold, for a measure that the means don't cover."""
    rest = [m for m in frame.roles.measures if m not in frame.roles.positive[:2]]
    if not rest:
        return []
    column = rest[0]
    limit = 15.0 if frame.survey.source.built_in else _round_limit(frame, column)
    return [
        Number(
            id=f"high_{column}",
            label=f"Share with {_spoken(column)} above {limit:g}",
            unit="percent",
            kind="above",
            column=column,
            limit=limit,
        )
    ]


def _round_limit(frame: Frame, column: str) -> float:
    values = frame.table[column].drop_null().to_numpy()
    return float(f"{np.quantile(values, 0.75):.2g}")


def source_sql(number: Number, main: str, dim: str, key: str) -> str:
    """Write the FROM part of a number's query; rows are `m`, the second table is `d`."""
    if not number.joined:
        return f"{main} AS m"
    return f"{main} AS m JOIN {dim} AS d ON d.{name(key)} = CAST(m.{name(key)} AS VARCHAR)"


def report_values(
    frame: Frame, numbers: Sequence[Number], table: pa.Table, dim: pa.Table
) -> dict[str, float]:
    """Compute the report of the week on these tables; a number without rows is 0.

    The same numbers as their SQL gives (a test holds the two together), without an engine.
    """
    moment = table[frame.roles.moment].cast(pa.timestamp("us")).cast(pa.int64())
    micros = np.asarray(pc.fill_null(moment, -(2**62)))
    first = (frame.week - date(1970, 1, 1)).days * _DAY_US
    inside = (micros >= first) & (micros < first + 7 * _DAY_US)
    week = table.filter(pa.array(inside))
    hours = micros[inside] // _HOUR_US % 24
    return {number.id: _value(number, week, hours, dim, frame.dim_key) for number in numbers}


def _value(number: Number, week: pa.Table, hours: np.ndarray, dim: pa.Table, key: str) -> float:
    if number.kind == "count":
        return float(_joined_rows(week, dim, key, number.desk)) if number.desk else week.num_rows
    if number.kind == "evening":
        return 100.0 * float((hours >= EVENING).mean()) if len(hours) else 0.0
    values = week[number.column].drop_null().to_numpy()
    if not len(values):
        return 0.0
    if number.kind == "mean":
        return float(values.mean())
    return 100.0 * float((values > number.limit).mean())


def _joined_rows(week: pa.Table, dim: pa.Table, key: str, desk: str) -> int:
    """Count the rows that a join with the desk's rows of the second table gives."""
    copies = Counter(dim.filter(pc.equal(dim["desk"], desk))[key].to_pylist())
    counted = week[key].cast(pa.string()).value_counts().to_pylist()
    return sum(entry["counts"] * copies[entry["values"]] for entry in counted)


def errors_percent(reported: Mapping[str, float], true: Mapping[str, float]) -> dict[str, float]:
    """Give (reported - true) / true in percent for every number."""
    return {
        key: 100.0 * (reported[key] - value) / abs(value) if value else 0.0
        for key, value in true.items()
    }


def past_reports(
    frame: Frame, numbers: Sequence[Number], table: pa.Table, dim: pa.Table
) -> list[tuple[date, str, float, datetime]]:
    """Compute the reports of the last weeks as they were published then.

    Every report used the rows that were loaded, and the second table as it stood, at 08:00 on the
    morning after its week. Gives (week, number, value, published at), oldest first.
    """
    weeks = [frame.week - timedelta(weeks=k) for k in reversed(range(_WEEKS_SHOWN))]
    found: list[tuple[date, str, float, datetime]] = []
    first = pa.scalar(weeks[0] - timedelta(days=2), pa.date32())
    table = table.filter(pc.greater_equal(table[DAY], first))
    for week in (w for w in weeks if w >= frame.first):
        at = datetime(week.year, week.month, week.day, 8) + timedelta(days=7)
        moment = pa.scalar(at, pa.timestamp("us"))
        rows = table.filter(pc.less(table[LOADED], moment))
        keys = dim.filter(pc.less(dim[CHANGED], moment))
        values = report_values(replace(frame, week=week), numbers, rows, keys)
        found += [(week, key, round(value, 4), at) for key, value in values.items()]
    return found
