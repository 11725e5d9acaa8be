"""Faults of whole rows: delivered again, never delivered, delivered late.

In: a table (Arrow) and what to plant. Out: a `Planted` table. Which rows are hit is a pure function
of (seed, row number), so it depends neither on other faults nor on the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from caseroom.world.faults.scope import Planted, Scope, in_scope, planted, row_numbers
from caseroom.world.noise import below, draw, index

__all__ = [
    "LateRows",
    "MissingRows",
    "RepeatedRows",
    "plant_late",
    "plant_missing",
    "plant_repeated",
]

pc: Any = compute  # the module has no types for its generated functions

_REPEAT, _RETRY, _LAG = 7101, 7102, 7103
_MINUTE_US = 60_000_000
_DAY_US = 24 * 60 * _MINUTE_US


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedRows:
    """At-least-once delivery: a share of the rows in scope arrives once more, minutes later."""

    scope: Scope
    share: float
    loaded: str
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRows:
    """A feed that did not come: no row of the scope is there."""

    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRows:
    """A feed that comes in parts: a share `lags[k]` of its rows is loaded k days later than usual.

    Rows that are not loaded before `as_of` (naive UTC) are not there yet.
    """

    scope: Scope
    lags: tuple[float, ...]
    loaded: str
    as_of: datetime
    seed: int


def plant_repeated(table: pa.Table, fault: RepeatedRows) -> Planted:
    """Append copies of the chosen rows with a later time of loading."""
    rows = row_numbers(table)
    hit = in_scope(table, fault.scope) & below(draw(fault.seed, _REPEAT, rows), fault.share)
    copies = table.filter(pa.array(hit))
    minutes = 5 + index(draw(fault.seed, _RETRY, row_numbers(copies)), 170)
    copies = _load_later(copies, fault.loaded, minutes * _MINUTE_US)
    return planted(pa.concat_tables([table, copies]), table, hit)


def plant_missing(table: pa.Table, fault: MissingRows) -> Planted:
    """Remove the rows in scope."""
    hit = in_scope(table, fault.scope)
    return planted(table.filter(pa.array(~hit)), table, hit)


def plant_late(table: pa.Table, fault: LateRows) -> Planted:
    """Move the loading times of the rows in scope and remove those that are not in yet."""
    hit = in_scope(table, fault.scope)
    bits = draw(fault.seed, _LAG, row_numbers(table))
    lag = np.zeros(table.num_rows, dtype=np.int64)
    for at_least in np.cumsum(fault.lags)[:-1]:
        lag += ~below(bits, at_least)
    moved = _load_later(table, fault.loaded, np.where(hit, lag, 0) * _DAY_US)
    there = pc.less(moved[fault.loaded], pa.scalar(fault.as_of, pa.timestamp("us")))
    return planted(moved.filter(there), table, ~np.asarray(there))


def _load_later(table: pa.Table, column: str, microseconds: np.ndarray) -> pa.Table:
    at = np.asarray(table[column].cast(pa.int64())) + microseconds
    moved = pa.array(at, pa.int64()).cast(pa.timestamp("us"))
    return table.set_column(table.column_names.index(column), column, moved)
