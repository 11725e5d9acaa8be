"""The errors of the report in every state that a decision can bring about.

In: the clean week, the planted faults, findings used as repair rules. Out: error in percent per
number; states are computed on the rows of the report's week and remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pyarrow as pa

from caseroom.case.form import Finding
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.frame import Frame
from caseroom.case.kinds.data_audit.plan import Plan
from caseroom.case.kinds.data_audit.planting import (
    Injector,
    PlannedFault,
    Tables,
    plant,
    week_tables,
)
from caseroom.case.kinds.data_audit.report import Number, errors_percent, report_values
from caseroom.world.faults import (
    LateRows,
    MissingRows,
    Placeholder,
    Scope,
    SwappedColumns,
    keep_first,
    undo_clock,
    undo_placeholder,
    undo_swap,
    undo_unit,
)

__all__ = ["Rule", "States"]

Errors = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A repair rule: a finding, held to its slice and dates or (`everywhere`) to none."""

    finding: Finding
    everywhere: bool = False

    @property
    def scope(self) -> Scope:
        """The rows that the rule repairs."""
        if self.everywhere:
            return Scope()
        chosen = {k: v for k, v in self.finding.slice.items() if v != "all"}
        return Scope(slice=chosen, since=self.finding.since)

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two rules the same."""
        f = self.finding
        return (f.type, f.place, tuple(sorted(f.slice.items())), f.since, f.size, self.everywhere)


@dataclass(slots=True, kw_only=True)
class States:
    """The report's errors with some faults gone and some rules applied."""

    frame: Frame
    numbers: Sequence[Number]
    plan: Plan
    _week: Tables | None = None
    _known: dict[tuple[object, ...], dict[str, float]] = field(default_factory=dict)

    @property
    def late_days(self) -> int:
        """Days to wait until late rows are in; 1 where none are late."""
        late = [f.injector for f in self.plan.faults if isinstance(f.injector, LateRows)]
        return max((len(injector.lags) - 1 for injector in late), default=1)

    def errors(
        self,
        *,
        fixed: frozenset[str] = frozenset(),
        later: bool = False,
        closed_days: int = 0,
        rules: tuple[Rule, ...] = (),
    ) -> Errors:
        """Give the error in percent of every number.

        Args:
            fixed: Types of planted faults that the source has fixed.
            later: A later week: a day that did not come once is not missing again.
            closed_days: Days by which the report waits for late rows.
            rules: Repair rules that hold.
        """
        key = (fixed, later, closed_days, tuple(rule.key for rule in rules))
        if key not in self._known:
            self._known[key] = self._compute(fixed, later, closed_days, rules)
        return self._known[key]

    def _compute(
        self, fixed: frozenset[str], later: bool, closed_days: int, rules: tuple[Rule, ...]
    ) -> dict[str, float]:
        if self._week is None:
            self._week = week_tables(self.frame)
        injectors = [
            _waited(fault.injector, closed_days)
            for fault in self.plan.faults
            if fault.type not in fixed and not (later and isinstance(fault.injector, MissingRows))
        ]
        tables, _ = plant(self._week, injectors)
        for rule in rules:
            tables = self._apply(tables, rule)
        return errors_percent(
            report_values(self.frame, self.numbers, tables.main, tables.dim), self.plan.true
        )

    def _apply(self, tables: Tables, rule: Rule) -> Tables:
        finding, scope = rule.finding, rule.scope
        if finding.type == types.FAN_OUT:
            return replace(tables, dim=keep_first(tables.dim, self.frame.dim_key))
        if finding.type == types.REPEATED:
            return replace(tables, main=keep_first_rows(tables.main, self.frame.survey.key))
        column = finding.place.partition(".")[2]
        if column not in tables.main.column_names:
            return tables
        main = _value_rule(tables.main, finding, scope, column, self.plan.faults)
        return replace(tables, main=main)


def _waited(injector: Injector, days: int) -> Injector:
    """Late rows are fewer by the days that the report waits."""
    if not isinstance(injector, LateRows) or days == 0:
        return injector
    return replace(injector, as_of=injector.as_of + timedelta(days=days))


def keep_first_rows(table: pa.Table, key: tuple[str, ...]) -> pa.Table:
    """Keep the first row of every business key (rows are in the order of their delivery)."""
    seen: set[tuple[object, ...]] = set()
    keep: list[bool] = []
    for values in zip(*(table[column].to_pylist() for column in key), strict=True):
        keep.append(values not in seen)
        seen.add(values)
    return table.filter(pa.array(keep, pa.bool_()))


def _value_rule(
    table: pa.Table,
    finding: Finding,
    scope: Scope,
    column: str,
    faults: Sequence[PlannedFault],
) -> pa.Table:
    """Repair values as the finding says; a rule without a usable size or partner does nothing."""
    kind, size = table.schema.field(column).type, finding.size
    if finding.type == types.UNIT and size and pa.types.is_floating(kind):
        return undo_unit(table, scope, column, size)
    if finding.type == types.CLOCK and size and pa.types.is_timestamp(kind):
        return undo_clock(table, scope, column, size)
    for fault in faults:
        injector = fault.injector
        if finding.type == types.PLACEHOLDER and isinstance(injector, Placeholder):
            if injector.column == column:
                return undo_placeholder(table, scope, column, injector.value)
        elif finding.type == types.SWAP and isinstance(injector, SwappedColumns):
            return undo_swap(table, scope, injector.columns)
    return table
