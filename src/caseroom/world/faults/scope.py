"""Which rows a fault touches, and what planting it gives.

In: a table with the helper columns `ROW` (a row's number in the clean table) and `DAY` (the day on
which it really happened). Out: masks over its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

__all__ = ["DAY", "HELPERS", "ROW", "Mask", "Planted", "Scope", "in_scope", "row_numbers"]

pc: Any = compute  # the module has no types for its generated functions

ROW = "_row"
DAY = "_day"
HELPERS = (ROW, DAY)
"""Columns that faults read and that never reach a company's database."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Rows of a slice (dimension to value, as text; empty: all) from a day to a day, inclusive."""

    slice: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A table with a fault in it.

    `rows` are the clean row numbers that the fault touched (changed, copied or removed) and
    `since` the first day that has one, so that an audit can be scored by precision and recall.
    """

    table: pa.Table
    rows: NDArray[np.int64]
    since: date | None


def in_scope(table: pa.Table, scope: Scope) -> Mask:
    """Say for every row whether it lies in the scope; a missing slice value never does."""
    mask: Any = np.ones(table.num_rows, dtype=bool)
    for dimension, value in scope.slice.items():
        text = pc.cast(table[dimension], pa.string())
        mask &= _flags(pc.equal(text, pa.scalar(value)))
    day = table[DAY]
    if scope.since is not None:
        mask &= _flags(pc.greater_equal(day, pa.scalar(scope.since, pa.date32())))
    if scope.until is not None:
        mask &= _flags(pc.less_equal(day, pa.scalar(scope.until, pa.date32())))
    return mask


def _flags(flags: pa.ChunkedArray) -> Mask:
    return np.asarray(pc.fill_null(flags, False))


def row_numbers(table: pa.Table) -> NDArray[np.int64]:
    """Give the clean row numbers of a table's rows."""
    return np.asarray(table[ROW])


def planted(table: pa.Table, before: pa.Table, touched: Mask) -> Planted:
    """Give a planted table with the rows of `before` that the fault touched."""
    hit = before.filter(pa.array(touched))
    first = pc.min(hit[DAY]).as_py() if hit.num_rows else None
    return Planted(table=table, rows=row_numbers(hit), since=first)
