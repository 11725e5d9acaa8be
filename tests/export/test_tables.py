"""Results as CSV and Parquet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.export.tables import csv_bytes, parquet_bytes

CELLS = st.one_of(st.none(), st.integers(), st.text(st.characters(exclude_categories=["Cs"])))


def parquet(columns: list[str], types: list[str], rows: list[list[Any]]) -> pa.Table:
    """Write and read a result."""
    return pq.read_table(io.BytesIO(parquet_bytes(columns, types, rows)))


def test_csv_has_a_header_and_empty_cells_for_null() -> None:
    """NULL and text are told apart by what stands there, not by the word NULL."""
    text = csv_bytes(["day", "n, of all"], [["2025-03-10", 1], [None, 2.5]])

    assert text == b'day,"n, of all"\n2025-03-10,1\n,2.5\n'


def test_csv_writes_nested_values_as_json() -> None:
    """Lists and structs keep their shape."""
    text = csv_bytes(["l"], [[["é", 1]], [{"a": None}]])

    assert [row[0] for row in csv.reader(io.StringIO(text.decode()))] == [
        "l",
        '["é", 1]',
        '{"a": null}',
    ]


@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_csv_reads_back_what_was_written(rows: list[list[Any]]) -> None:
    """Quotes, commas and line breaks in texts do no harm."""
    text = csv_bytes(["a", "b"], rows).decode()

    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b"], *([("" if v is None else str(v)) for v in r] for r in rows)]


@pytest.mark.parametrize(
    ("kind", "given_value", "expected"),
    [
        ("BOOLEAN", True, True),
        ("INTEGER", 7, 7),
        ("BIGINT", 2**60, 2**60),
        ("BIGINT", str(2**60), 2**60),
        ("UBIGINT", 2**64 - 1, 2**64 - 1),
        ("HUGEINT", str(2**100), Decimal(2**100)),
        ("DOUBLE", 0.1, 0.1),
        ("DECIMAL(10,2)", "12.30", Decimal("12.30")),
        ("VARCHAR", "é", "é"),
        ("DATE", "2025-03-10", date(2025, 3, 10)),
        ("TIMESTAMP", "2025-03-10T12:30:00", datetime(2025, 3, 10, 12, 30)),
        ("TIMESTAMP", "2025-03-10 12:30:00", datetime(2025, 3, 10, 12, 30)),
        ("TIMESTAMP_S", "2025-03-10T12:30:00", datetime(2025, 3, 10, 12, 30)),
        ("TIMESTAMP_NS", "2025-03-10T12:30:00.000001", datetime(2025, 3, 10, 12, 30, 0, 1)),
        (
            "TIMESTAMP WITH TIME ZONE",
            "2025-03-10T12:30:00+00:00",
            datetime(2025, 3, 10, 12, 30, tzinfo=UTC),
        ),
        ("INTEGER[]", [1, 2], "[1, 2]"),
        ("ENUM('a', 'b')", "a", "a"),
    ],
)
def test_parquet_keeps_types(kind: str, given_value: Any, expected: Any) -> None:
    """Other tools read numbers and days as such, and NULL as NULL."""
    table = parquet(["x"], [kind], [[given_value], [None]])

    assert table.column("x").to_pylist() == [expected, None]


def test_parquet_falls_back_to_text() -> None:
    """A value that does not fit its type is written as it is shown."""
    table = parquet(["x"], ["DATE"], [["2025-03-10"], ["infinity"]])

    assert table.column("x").to_pylist() == ["2025-03-10", "infinity"]


def test_parquet_numbers_repeated_names() -> None:
    """A join may give two columns of one name; a Parquet file may not."""
    table = parquet(["id", "id", "id"], ["INTEGER"] * 3, [[1, 2, 3]])

    assert table.column_names == ["id", "id_2", "id_3"]


def test_an_empty_result_keeps_its_columns() -> None:
    """No rows is an answer too."""
    assert csv_bytes(["a"], []) == b"a\n"
    assert parquet(["a"], ["BIGINT"], []).schema.field("a").type == pa.int64()
