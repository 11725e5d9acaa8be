"""Fault injectors: pure transforms of Arrow tables, keyed by (seed, row number).

In: a clean table and a fault. Out: the faulty table and the rows that it touched.
"""

from caseroom.world.faults.dimension import RepeatedKeys, keep_first, plant_repeated_keys
from caseroom.world.faults.rows import (
    LateRows,
    MissingRows,
    RepeatedRows,
    plant_late,
    plant_missing,
    plant_repeated,
)
from caseroom.world.faults.scope import DAY, HELPERS, ROW, Planted, Scope, in_scope, row_numbers
from caseroom.world.faults.values import (
    ClockShift,
    Placeholder,
    SwappedColumns,
    UnitSwitch,
    plant_clock,
    plant_placeholder,
    plant_swap,
    plant_unit,
    undo_clock,
    undo_placeholder,
    undo_swap,
    undo_unit,
)

__all__ = [
    "DAY",
    "HELPERS",
    "ROW",
    "ClockShift",
    "LateRows",
    "MissingRows",
    "Placeholder",
    "Planted",
    "RepeatedKeys",
    "RepeatedRows",
    "Scope",
    "SwappedColumns",
    "UnitSwitch",
    "in_scope",
    "keep_first",
    "plant_clock",
    "plant_late",
    "plant_missing",
    "plant_placeholder",
    "plant_repeated",
    "plant_repeated_keys",
    "plant_swap",
    "plant_unit",
    "row_numbers",
    "undo_clock",
    "undo_placeholder",
    "undo_swap",
    "undo_unit",
]
