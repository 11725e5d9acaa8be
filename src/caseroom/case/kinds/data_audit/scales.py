"""The report of the week in any state of repair, each computed once by one query.

In: a desk, what was found, the report's definition. Out: values and errors of the numbers. Rows
that nobody has seen are taken to be like the rows of their slice that came this week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from caseroom.analysis.audit import equals, literal, name
from caseroom.case.contract import Desk
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.inspection import Inspection
from caseroom.case.kinds.data_audit.repairs import Found, View, repaired

__all__ = ["Scales"]

_UNSEEN = frozenset({types.MISSING, types.LATE})
_ROWS = "row_total"


@dataclass(slots=True, kw_only=True)
class Scales:
    """The report in different states of repair.

    `numbers` are the rows of the table report_definition, `rates` the amounts of planning_rates.
    """

    desk: Desk
    audit: Inspection
    numbers: tuple[Mapping[str, str], ...]
    rates: Mapping[str, float]
    _values: dict[frozenset[str], dict[str, float]] = field(default_factory=dict)
    _slices: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def every(self) -> frozenset[str]:
        """All types that were found."""
        return frozenset(self.audit.kinds)

    def values(self, fix: Iterable[str]) -> dict[str, float]:
        """Give the report of the week with the faults of these types undone."""
        key = frozenset(fix) & self.every
        if key not in self._values:
            self._values[key] = self._compute(key)
        return self._values[key]

    def errors(self, fix: Iterable[str]) -> dict[str, float]:
        """Give the errors in percent against the report with everything undone."""
        true, now = self.values(self.every), self.values(fix)
        return {k: 100 * (now[k] - v) / abs(v) if v else 0.0 for k, v in true.items()}

    def noise(self, number: str) -> float:
        """Give the part of a number's error (percentage points) that chance decides: to which desk
        rows belong that nobody has seen."""
        variance = 0.0
        for fault in self.audit.found:
            if fault.type in self._slices:
                like = self._slices[fault.type]
                share = min(1.0, like[number] / max(1.0, like[_ROWS]))
                variance += _in_week(self.audit.view, fault) * share * (1 - share)
        counts = {n["number"] for n in self.numbers if n["value_sql"].startswith("count")}
        true = self.values(self.every)[number]
        return 100 * variance**0.5 / max(1.0, abs(true)) if number in counts else 0.0

    def _compute(self, fix: frozenset[str]) -> dict[str, float]:
        undone = ", ".join(sorted(types.BY_ID[kind].label.lower() for kind in fix)) or "nothing"
        values = self._report(fix, "TRUE", f"The report of the week with these undone: {undone}")
        for fault in self.audit.found:
            if fault.type in fix & _UNSEEN:
                values = self._with_absent(values, fault)
        del values[_ROWS]
        return values

    def _report(self, fix: frozenset[str], where: str, title: str) -> dict[str, float]:
        """Compute all numbers, and the rows of the week, over repaired rows that meet `where`."""
        view = self.audit.view
        rows = repaired(view, self.audit.found, fix, first=view.week - timedelta(days=2))
        parts = [f"(SELECT count(*) FROM fixed AS m WHERE {self._week()}) AS {_ROWS}"]
        parts += [
            f"(SELECT {n['value_sql']} FROM {self._source(n, fix)} WHERE {self._week()} AND "
            f"{n['where_sql']}) AS {name(n['number'])}"
            for n in self.numbers
        ]
        row = self.desk.sql(
            f"WITH fixed AS MATERIALIZED (SELECT * FROM {rows} WHERE {where}) "
            f"SELECT {', '.join(parts)}",
            title=title,
        ).one()
        return {key: float(value or 0.0) for key, value in row.items()}

    def _week(self) -> str:
        view = self.audit.view
        day = f"CAST(m.{name(view.moment)} AS DATE)"
        return f"{day} BETWEEN {literal(view.week)} AND {literal(view.until)}"

    def _source(self, number: Mapping[str, str], fix: frozenset[str]) -> str:
        """Give a number's FROM part over the repaired rows, with the second table repaired too."""
        view, keys = self.audit.view, name(self.audit.view.dim)
        if types.FAN_OUT in fix:
            rank = f"row_number() OVER (PARTITION BY {name(view.dim_key)} ORDER BY changed_at)"
            keys = f"(SELECT * FROM {keys} QUALIFY {rank} = 1)"
        source = number["from_sql"].replace(f"{view.main} AS m", "fixed AS m", 1)
        return source.replace(f"{view.dim} AS d", f"{keys} AS d", 1)

    def _with_absent(self, values: dict[str, float], fault: Found) -> dict[str, float]:
        """Add the absent rows of a slice: counts grow, means and shares move toward the slice's."""
        absent = _in_week(self.audit.view, fault)
        if fault.type not in self._slices:
            self._slices[fault.type] = self._report(
                self.every - _UNSEEN,
                equals(dict(fault.slice)),
                f"The same numbers for {dict(fault.slice)} alone, to stand for its absent rows",
            )
        like = self._slices[fault.type]
        here, there = values[_ROWS], max(1.0, like[_ROWS])
        mixed = {
            key: (value * here + like[key] * absent) / max(1.0, here + absent)
            for key, value in values.items()
        }
        counts = {n["number"] for n in self.numbers if n["value_sql"].startswith("count")}
        grown = {key: values[key] + like[key] / there * absent for key in (*counts, _ROWS)}
        return mixed | grown


def _in_week(view: View, fault: Found) -> float:
    """Give the absent rows of the report's week."""
    if fault.since is None or (fault.until or fault.since) < view.week:
        return 0.0
    return fault.size
