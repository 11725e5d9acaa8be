"""Faults of a second table: keys that have more than one row, so that joins multiply.

In: a dimension table (Arrow), one row per key. Out: the table with second rows for some keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from pyarrow import compute

__all__ = ["RepeatedKeys", "keep_first", "plant_repeated_keys"]

pc: Any = compute  # the module has no types for its generated functions


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedKeys:
    """These keys get a second row, written at `written` (naive UTC).

    `respelled` is a text column whose value is spelled differently in the second row.
    """

    key: str
    keys: tuple[str, ...]
    changed: str
    written: datetime
    respelled: str


def plant_repeated_keys(table: pa.Table, fault: RepeatedKeys) -> pa.Table:
    """Append a second row for every key of the fault."""
    text = pc.cast(table[fault.key], pa.string())
    copies = table.filter(pc.is_in(text, pa.array(list(fault.keys), pa.string())))
    spelled = pc.utf8_upper(copies[fault.respelled])
    written = pa.array([fault.written] * copies.num_rows, pa.timestamp("us"))
    copies = _set(_set(copies, fault.respelled, spelled), fault.changed, written)
    return pa.concat_tables([table, copies])


def keep_first(table: pa.Table, key: str) -> pa.Table:
    """Keep the first row of every key: the repair by rule."""
    seen: set[object] = set()
    keep: list[bool] = []
    for value in table[key].to_pylist():
        keep.append(value not in seen)
        seen.add(value)
    return table.filter(pa.array(keep, pa.bool_()))


def _set(table: pa.Table, column: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, values)
