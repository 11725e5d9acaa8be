"""A query's result as CSV or Parquet.

In: column names, DuckDB types and JSON-ready rows (as the sandbox gives them). Out: bytes; the same
values give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["csv_bytes", "parquet_bytes"]

Rows = Sequence[Sequence[Any]]


def csv_bytes(columns: Sequence[str], rows: Rows) -> bytes:
    """Give a result as CSV (UTF-8, header line, empty cells for NULL, nested values as JSON).

    Example:
        >>> csv_bytes(["n"], [[1], [None]])
        b'n\\n1\\n""\\n'
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8")


def parquet_bytes(columns: Sequence[str], types: Sequence[str], rows: Rows) -> bytes:
    """Give a result as Parquet; a type that Parquet has no equal of becomes text."""
    unique = _unique(columns)
    arrays = [_array([row[at] for row in rows], kind) for at, kind in enumerate(types)]
    table = pa.Table.from_arrays(arrays, names=unique)
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _unique(columns: Sequence[str]) -> list[str]:
    """Number repeated names: Parquet readers want each one once."""
    names: list[str] = []
    for column in columns:
        name, number = column, 1
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def _array(values: Sequence[Any], kind: str) -> pa.Array:
    arrow, read = _reading(kind)
    try:
        return pa.array([None if value is None else read(value) for value in values], arrow)
    except (ValueError, TypeError, ArithmeticError, pa.ArrowException):
        return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _same(value: Any) -> Any:
    return value


_READINGS: dict[str, tuple[pa.DataType, Callable[[Any], Any]]] = {
    "BOOLEAN": (pa.bool_(), _same),
    "TINYINT": (pa.int8(), int),
    "SMALLINT": (pa.int16(), int),
    "INTEGER": (pa.int32(), int),
    "BIGINT": (pa.int64(), int),
    "UTINYINT": (pa.uint8(), int),
    "USMALLINT": (pa.uint16(), int),
    "UINTEGER": (pa.uint32(), int),
    "UBIGINT": (pa.uint64(), int),
    "HUGEINT": (pa.decimal128(38, 0), lambda value: Decimal(str(value))),
    "FLOAT": (pa.float32(), float),
    "DOUBLE": (pa.float64(), float),
    "DATE": (pa.date32(), date.fromisoformat),
    "TIME": (pa.time64("us"), time.fromisoformat),
    "TIMESTAMP": (pa.timestamp("us"), datetime.fromisoformat),
    "TIMESTAMP_S": (pa.timestamp("us"), datetime.fromisoformat),
    "TIMESTAMP_MS": (pa.timestamp("us"), datetime.fromisoformat),
    "TIMESTAMP_NS": (pa.timestamp("us"), datetime.fromisoformat),
    "TIMESTAMP WITH TIME ZONE": (pa.timestamp("us", tz="UTC"), datetime.fromisoformat),
}
_DECIMAL = re.compile(r"DECIMAL\((\d+), ?(\d+)\)")


def _reading(kind: str) -> tuple[pa.DataType, Callable[[Any], Any]]:
    """Give the Arrow type for a DuckDB type, and how a JSON-ready value is read into it."""
    if match := _DECIMAL.fullmatch(kind):
        return pa.decimal128(int(match[1]), int(match[2])), lambda value: Decimal(str(value))
    return _READINGS.get(kind, (pa.string(), _text))
