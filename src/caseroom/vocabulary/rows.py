"""A small result table: what a query gave.

In: columns and rows. Out: one immutable value that solvers, pages and the command line read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Rows"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns (names, in order) and rows (tuples of plain Python values, one per column)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def column(self, name: str) -> tuple[Any, ...]:
        """Give one column's values, top to bottom. Raises ValueError for an unknown name."""
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)

    def one(self) -> Mapping[str, Any]:
        """Give the only row. Raises ValueError unless there is exactly one."""
        (row,) = self
        return row
