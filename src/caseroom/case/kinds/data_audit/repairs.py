"""Repairs as SQL: a query over the audited table in which named faults are undone.

In: the desk's view of the case and what was found. Out: subqueries over the raw rows. A query
cannot bring back rows that never came; `weighing` adds them to counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from caseroom.analysis.audit import equals, literal, name
from caseroom.case.kinds.data_audit import catalogue as types

__all__ = ["Found", "View", "repaired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a candidate knows of the tables: names, the day column, the key, the calendar."""

    main: str
    dim: str
    dim_key: str
    moment: str
    key: tuple[str, ...]
    record: str
    loaded: str
    slices: tuple[str, ...]
    since: date
    sound_until: date
    until: date
    today: date
    has_hours: bool = True

    @property
    def week(self) -> date:
        """First day of the report's week."""
        return self.today - timedelta(days=7)

    def day(self) -> str:
        """SQL expression of a row's day."""
        return f"CAST({name(self.moment)} AS DATE)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A fault that was found. `detail` holds what a repair needs (a value, a partner column)."""

    type: str
    place: str
    columns: tuple[str, ...] = ()
    slice: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    size: float = 0.0
    detail: Mapping[str, object] = field(default_factory=dict)


def repaired(
    view: View, found: Sequence[Found], fix: Iterable[str], *, first: date | None = None
) -> str:
    """Give a subquery over the audited table in which the faults of these types are undone.

    Args:
        view: The tables.
        found: What was found.
        fix: Types to undo.
        first: First day of the rows to keep; all of the view's period where None.
    """
    types_ = set(fix)
    start = first or view.since
    sql = f"(SELECT * FROM {name(view.main)} WHERE {view.day()} >= {literal(start)})"
    for kind in _ORDER:
        for fault in found:
            if fault.type == kind and kind in types_:
                sql = _STEPS[kind](view, sql, fault)
    return sql


def _scope(view: View, fault: Found) -> str:
    scope = equals(dict(fault.slice))
    return f"({scope} AND {view.day()} >= {literal(fault.since or view.since)})"


def _once(view: View, sql: str, fault: Found) -> str:
    """Keep the first delivery of every key within the slice and dates; leave the rest alone."""
    scope = _scope(view, fault)
    keys = ", ".join(name(column) for column in view.key)
    number = f"row_number() OVER (PARTITION BY {keys} ORDER BY {name(view.record)})"
    return (
        f"(SELECT * FROM {sql} WHERE NOT coalesce({scope}, FALSE) UNION ALL "
        f"SELECT * EXCLUDE copy_number FROM (SELECT *, {number} AS copy_number FROM {sql} "
        f"WHERE {scope}) WHERE copy_number = 1)"
    )


def _replaced(sql: str, column: str, value: str) -> str:
    return f"(SELECT * REPLACE ({value} AS {name(column)}) FROM {sql})"


def _clock(view: View, sql: str, fault: Found) -> str:
    moment, hours = name(view.moment), round(fault.size)
    moved = f"{moment} - INTERVAL ({hours}) HOUR"
    return _replaced(
        sql, view.moment, f"CASE WHEN {_scope(view, fault)} THEN {moved} ELSE {moment} END"
    )


def _blank(view: View, sql: str, fault: Found) -> str:
    cell, value = name(fault.columns[0]), literal(fault.detail["value"])
    same = f"{_scope(view, fault)} AND {cell} = {value}"
    return _replaced(sql, fault.columns[0], f"CASE WHEN {same} THEN NULL ELSE {cell} END")


def _unit(view: View, sql: str, fault: Found) -> str:
    cell = name(fault.columns[0])
    value = f"CASE WHEN {_scope(view, fault)} THEN {cell} / {fault.size!r} ELSE {cell} END"
    return _replaced(sql, fault.columns[0], value)


def _swap(view: View, sql: str, fault: Found) -> str:
    one, other = (name(column) for column in fault.columns)
    scope = _scope(view, fault)
    return (
        f"(SELECT * REPLACE (CASE WHEN {scope} THEN {other} ELSE {one} END AS {one}, "
        f"CASE WHEN {scope} THEN {one} ELSE {other} END AS {other}) FROM {sql})"
    )


_ORDER = (
    types.REPEATED,
    types.CLOCK,
    types.PLACEHOLDER,
    types.UNIT,
    types.SWAP,
)
_STEPS = {
    types.REPEATED: _once,
    types.CLOCK: _clock,
    types.PLACEHOLDER: _blank,
    types.UNIT: _unit,
    types.SWAP: _swap,
}
