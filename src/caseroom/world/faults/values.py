"""Faults of values: another unit, another clock, defaults for missing, exchanged columns.

In: a table (Arrow) and what to plant. Out: a `Planted` table; `undo_*` are the repairs by rule that
an analyst would write, for any claimed scope, right or wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from caseroom.world.faults.scope import Mask, Planted, Scope, in_scope, planted, row_numbers
from caseroom.world.noise import below, draw

__all__ = [
    "ClockShift",
    "Placeholder",
    "SwappedColumns",
    "UnitSwitch",
    "plant_clock",
    "plant_placeholder",
    "plant_swap",
    "plant_unit",
    "undo_clock",
    "undo_placeholder",
    "undo_swap",
    "undo_unit",
]

pc: Any = compute  # the module has no types for its generated functions

_BLANK = 7201
_HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSwitch:
    """Values of a float column arrive multiplied by a factor, rounded to so many decimals."""

    scope: Scope
    column: str
    factor: float
    decimals: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShift:
    """Times of a timestamp column arrive this many hours later (negative: earlier)."""

    scope: Scope
    column: str
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A share of the values in scope arrives as a default instead of as missing."""

    scope: Scope
    column: str
    value: float | str | date
    share: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SwappedColumns:
    """Two columns of one type arrive in each other's place."""

    scope: Scope
    columns: tuple[str, str]


def plant_unit(table: pa.Table, fault: UnitSwitch) -> Planted:
    """Multiply the column in scope."""
    hit = in_scope(table, fault.scope) & _filled(table, fault.column)
    scaled = pc.round(pc.multiply(table[fault.column], fault.factor), fault.decimals)
    return planted(_replace(table, fault.column, hit, scaled), table, hit)


def undo_unit(table: pa.Table, scope: Scope, column: str, factor: float) -> pa.Table:
    """Divide the column by the factor within the scope."""
    return _replace(table, column, in_scope(table, scope), pc.divide(table[column], factor))


def plant_clock(table: pa.Table, fault: ClockShift) -> Planted:
    """Move the times in scope."""
    hit = in_scope(table, fault.scope) & _filled(table, fault.column)
    return planted(_moved(table, fault.column, hit, fault.hours), table, hit)


def undo_clock(table: pa.Table, scope: Scope, column: str, hours: float) -> pa.Table:
    """Move the times within the scope back by this many hours."""
    return _moved(table, column, in_scope(table, scope), -hours)


def plant_placeholder(table: pa.Table, fault: Placeholder) -> Planted:
    """Write the default over a share of the rows in scope (missing values among them too)."""
    chosen = below(draw(fault.seed, _BLANK, row_numbers(table)), fault.share)
    hit = in_scope(table, fault.scope) & chosen
    default = pa.scalar(_typed(fault.value, table.schema.field(fault.column).type))
    return planted(_replace(table, fault.column, hit, default), table, hit)


def undo_placeholder(
    table: pa.Table, scope: Scope, column: str, value: float | str | date
) -> pa.Table:
    """Write missing where the column holds the default within the scope."""
    kind = table.schema.field(column).type
    same = pc.equal(table[column], pa.scalar(_typed(value, kind), kind))
    hit = in_scope(table, scope) & np.asarray(pc.fill_null(same, False))
    return _replace(table, column, hit, pa.scalar(None, kind))


def plant_swap(table: pa.Table, fault: SwappedColumns) -> Planted:
    """Exchange the two columns in scope."""
    return planted(
        undo_swap(table, fault.scope, fault.columns), table, in_scope(table, fault.scope)
    )


def undo_swap(table: pa.Table, scope: Scope, columns: tuple[str, str]) -> pa.Table:
    """Exchange the two columns within the scope (its own inverse)."""
    one, other = columns
    hit = in_scope(table, scope)
    first, second = table[one], table[other]
    return _replace(_replace(table, one, hit, second), other, hit, first)


def _replace(table: pa.Table, column: str, hit: Mask, values: Any) -> pa.Table:
    mixed = pc.if_else(pa.array(hit), values, table[column])
    kind = table.schema.field(column).type
    return table.set_column(table.column_names.index(column), column, mixed.cast(kind))


def _filled(table: pa.Table, column: str) -> Mask:
    return np.asarray(pc.is_valid(table[column]))


def _moved(table: pa.Table, column: str, hit: Mask, hours: float) -> pa.Table:
    kind = table.schema.field(column).type
    offset = pa.scalar(round(hours * _HOUR_US), pa.int64())
    later = pc.add(table[column].cast(pa.int64()), offset).cast(kind)
    return _replace(table, column, hit, later)


def _typed(value: float | str | date, kind: pa.DataType) -> Any:
    if pa.types.is_timestamp(kind) and isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if pa.types.is_integer(kind) and isinstance(value, float):
        return int(value)
    return value
