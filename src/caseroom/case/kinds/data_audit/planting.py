"""Faults in a fixed order: from what was drawn to faulty tables, with sizes as they came out.

In: a `Frame` and injectors. Out: faulty tables, and for each fault the rows it touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.frame import LOADED, RECORD, Frame
from caseroom.world.faults import (
    DAY,
    ClockShift,
    LateRows,
    MissingRows,
    Placeholder,
    Planted,
    RepeatedKeys,
    RepeatedRows,
    SwappedColumns,
    UnitSwitch,
    plant_clock,
    plant_late,
    plant_missing,
    plant_placeholder,
    plant_repeated,
    plant_repeated_keys,
    plant_swap,
    plant_unit,
    row_numbers,
)

__all__ = ["Injector", "PlannedFault", "Tables", "measured", "plant", "type_of"]

pc: Any = compute  # the module has no types for its generated functions

Injector = (
    SwappedColumns
    | UnitSwitch
    | Placeholder
    | ClockShift
    | MissingRows
    | RepeatedRows
    | LateRows
    | RepeatedKeys
)

_ORDER: tuple[tuple[type, str, Any], ...] = (
    (SwappedColumns, types.SWAP, plant_swap),
    (UnitSwitch, types.UNIT, plant_unit),
    (Placeholder, types.PLACEHOLDER, plant_placeholder),
    (ClockShift, types.CLOCK, plant_clock),
    (MissingRows, types.MISSING, plant_missing),
    (RepeatedRows, types.REPEATED, plant_repeated),
    (LateRows, types.LATE, plant_late),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The audited table and its second table in some state."""

    main: pa.Table
    dim: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFault:
    """A fault of a case.

    `role` is "main", "second" (it interacts with the main one) or "minor". `errors` holds the
    error in percent that it alone makes in each number of the report.
    """

    type: str
    injector: Injector
    places: frozenset[str]
    slice: Mapping[str, str]
    role: str
    since: date | None = None
    size: float = 0.0
    errors: Mapping[str, float] = field(default_factory=dict)


def type_of(injector: Injector) -> str:
    """Give the fault type of an injector."""
    if isinstance(injector, RepeatedKeys):
        return types.FAN_OUT
    return next(kind for cls, kind, _ in _ORDER if isinstance(injector, cls))


def plant(tables: Tables, injectors: Sequence[Injector]) -> tuple[Tables, dict[str, Planted]]:
    """Plant faults in the fixed order: values, clock, rows, second table.

    Returns the faulty tables, and by fault type what was planted into the audited table.
    """
    main, dim, done = tables.main, tables.dim, {}
    for cls, kind, function in _ORDER:
        for injector in injectors:
            if isinstance(injector, cls):
                done[kind] = function(main, injector)
                main = done[kind].table
    for injector in injectors:
        if isinstance(injector, RepeatedKeys):
            dim = plant_repeated_keys(dim, injector)
    return Tables(main=main, dim=dim), done


def measured(
    injector: Injector, done: Mapping[str, Planted], final: pa.Table
) -> tuple[date | None, float]:
    """Give first day and size of a fault as it stands in the final table."""
    if isinstance(injector, RepeatedKeys):
        return injector.written.date(), float(len(injector.keys))
    kind = type_of(injector)
    rows = done[kind].rows
    if isinstance(injector, MissingRows | LateRows):
        return done[kind].since, float(len(rows))
    numbers = row_numbers(final)
    unique, counts = np.unique(numbers, return_counts=True)
    if isinstance(injector, RepeatedRows):
        again = unique[counts > 1]
        return _first_day(final, numbers, again), float((counts - 1).sum())
    there = rows[np.isin(rows, unique)]
    since = _first_day(final, numbers, there)
    if isinstance(injector, UnitSwitch):
        return since, injector.factor
    if isinstance(injector, ClockShift):
        return since, float(injector.hours)
    return since, float(len(there))


def _first_day(final: pa.Table, numbers: np.ndarray, rows: np.ndarray) -> date | None:
    hit = final.filter(pa.array(np.isin(numbers, rows)))
    return pc.min(hit[DAY]).as_py()


def number_records(table: pa.Table, *, start: int, jump_at: date, jump: int) -> pa.Table:
    """Number the rows in the order of loading, with one harmless jump, and drop the helpers.

    Args:
        table: The faulty table with helper columns.
        start: First id.
        jump_at: Day from whose loads on the ids are `jump` higher.
        jump: Ids that are skipped once.
    """
    loaded = np.asarray(table[LOADED].cast(pa.int64()))
    order = np.lexsort((row_numbers(table), loaded))
    table = table.take(pa.array(order))
    ids = start + np.arange(table.num_rows, dtype=np.int64)
    after = np.asarray(pc.greater_equal(table[LOADED].cast(pa.date32()), pa.scalar(jump_at)))
    ids += np.where(after, jump, 0)
    columns = [c for c in table.column_names if not c.startswith("_") and c != LOADED]
    plain = table.select(columns)
    return plain.add_column(0, RECORD, pa.array(ids)).append_column(LOADED, table[LOADED])


def week_tables(frame: Frame, days_before: int = 2) -> Tables:
    """Give the clean tables cut to the report's week (and two days before it, for shifts)."""
    first = pa.scalar(frame.week.toordinal() - date(1970, 1, 1).toordinal() - days_before)
    keep = pc.greater_equal(frame.table[DAY].cast(pa.int32()), first.cast(pa.int32()))
    return Tables(main=frame.table.filter(keep), dim=frame.dim_table)
