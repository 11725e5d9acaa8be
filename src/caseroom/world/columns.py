"""Columns of a table before they become Arrow: NumPy arrays and coded words, with a digest.

In: arrays. Out: `pyarrow` tables and 128-bit digests that depend on content alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["Coded", "Column", "Moments", "Optional", "Sheet", "arrow", "digest", "sheet_rows"]


@dataclass(frozen=True, slots=True)
class Coded:
    """Codes into words; the code `len(words)` stands for a missing value."""

    codes: NDArray[Any]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moments:
    """Seconds since 1970 (int64); negative for a missing value. `day` keeps the date only."""

    seconds: NDArray[np.int64]
    day: bool = False


@dataclass(frozen=True, slots=True)
class Optional:
    """Integers of which those where `missing` is set are missing."""

    values: NDArray[Any]
    missing: NDArray[np.bool_]


Column = NDArray[Any] | Coded | Moments | Optional
Sheet = Mapping[str, Column]
"""A table: column name to column, all of equal length."""


def _parts(column: Column) -> tuple[NDArray[Any], ...]:
    if isinstance(column, Coded):
        return (column.codes,)
    if isinstance(column, Moments):
        return (column.seconds,)
    if isinstance(column, Optional):
        return (column.values, column.missing)
    return (column,)


def sheet_rows(sheet: Sheet) -> int:
    """Give the number of rows."""
    return len(_parts(next(iter(sheet.values())))[0])


def digest(sheet: Sheet) -> bytes:
    """Give a digest of names, words and values (little-endian bytes), 16 bytes."""
    total = hashlib.blake2b(digest_size=16)
    for name, column in sheet.items():
        words = column.words if isinstance(column, Coded) else ()
        total.update(repr((name, words)).encode())
        for part in _parts(column):
            data = np.ascontiguousarray(part)
            total.update(data.dtype.str.encode())
            total.update(data.data)
    return total.digest()


def _arrow_column(column: Column) -> pa.Array:
    if isinstance(column, Coded):
        missing = column.codes == len(column.words)
        indices = pa.array(column.codes, mask=missing if missing.any() else None)
        return pa.DictionaryArray.from_arrays(indices, pa.array(column.words, pa.string()))
    if isinstance(column, Moments):
        missing = column.seconds < 0
        mask = missing if missing.any() else None
        if column.day:
            return pa.array((column.seconds // 86400).astype(np.int32), mask=mask).cast(pa.date32())
        return pa.array(column.seconds.astype("datetime64[s]"), mask=mask)
    if isinstance(column, Optional):
        return pa.array(column.values, mask=column.missing)
    return pa.array(column)


def arrow(sheet: Sheet) -> pa.Table:
    """Turn a sheet into an Arrow table."""
    return pa.table({name: _arrow_column(column) for name, column in sheet.items()})
