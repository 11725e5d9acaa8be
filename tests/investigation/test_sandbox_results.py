"""Results: JSON-ready values, pages, order, caps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseroom.investigation.sandbox import SandboxPool

VALUES = (
    ("NULL", None),
    ("true", True),
    ("42", 42),
    ("9007199254740993", "9007199254740993"),
    ("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"),
    ("1.25::DECIMAL(5, 2)", 1.25),
    ("'nan'::DOUBLE", "NaN"),
    ("1 / 0", "Infinity"),
    ("'größe 😀'", "größe 😀"),
    ("DATE '2025-03-10'", "2025-03-10"),
    ("TIMESTAMP '2025-03-10 14:00:00'", "2025-03-10T14:00:00"),
    ("TIMESTAMPTZ '2025-03-10 14:00:00+02'", "2025-03-10T12:00:00+00:00"),
    ("[TIMESTAMPTZ '2025-03-10 14:00:00+02']", ["2025-03-10T12:00:00+00:00"]),
    ("TIME '12:30:00'", "12:30:00"),
    ("INTERVAL 3 DAY", "3 days, 0:00:00"),
    ("'\\x00\\xFF'::BLOB", "00ff"),
    ("[1, NULL, 2]", [1, None, 2]),
    ("{'a': DATE '2025-03-10', 'b': [1]}", {"a": "2025-03-10", "b": [1]}),
    ("MAP {1: 'x'}", {"1": "x"}),
    ("'5b0b1b8a-0000-4000-8000-000000000000'::UUID", "5b0b1b8a-0000-4000-8000-000000000000"),
)


@pytest.mark.parametrize(("expression", "expected"), VALUES, ids=[sql for sql, _ in VALUES])
def test_value_is_json_ready(
    pool: SandboxPool, company: Path, expression: str, expected: Any
) -> None:
    """Every type of the engine comes back in a form that JSON carries."""
    value = pool.query(company, f"SELECT {expression} AS v", limit=1).rows[0][0]

    assert value == expected
    assert type(value) is type(expected)
    assert json.loads(json.dumps(value, allow_nan=False)) == expected


def test_columns_and_types_are_named(pool: SandboxPool, company: Path) -> None:
    """A result names its columns and their types."""
    result = pool.query(
        company, "SELECT plan, sum(revenue) AS total FROM accounts GROUP BY 1", limit=5
    )

    assert result.columns == ("plan", "total")
    assert result.types == ("VARCHAR", "DECIMAL(38,2)")
    assert result.total_rows == 3
    assert result.milliseconds > 0


@pytest.mark.parametrize(
    "sql",
    [
        "FROM accounts",
        "TABLE accounts",
        "VALUES (1), (2)",
        "DESCRIBE accounts",
        "SUMMARIZE accounts",
        "SHOW TABLES",
        "EXPLAIN SELECT * FROM accounts",
        "EXPLAIN (FORMAT json) SELECT 1",
        "(SELECT 1)",
        "/* a */ SELECT 1 /* b */; -- c",
        "WITH a AS (SELECT 1 AS x) FROM a",
        "PIVOT accounts ON plan USING count(*) GROUP BY opened",
        "FROM (PIVOT accounts ON plan USING count(*) GROUP BY opened)",
        "UNPIVOT accounts ON account_id, revenue",
        "SELECT * FROM range(3), unnest([1, 2])",
        "SELECT query FROM (SELECT 'x' AS query)",
        "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 9) FROM r",
        "FROM duckdb_columns()",
        "SELECT * FROM information_schema.tables",
    ],
)
def test_reading_statement_runs(pool: SandboxPool, company: Path, sql: str) -> None:
    """All ways to read are open."""
    assert pool.query(company, sql, limit=5).total_rows > 0


@settings(max_examples=20)
@given(rows=st.integers(0, 60), size=st.integers(3, 25))
def test_pages_put_together_are_the_whole(
    pool: SandboxPool, company: Path, rows: int, size: int
) -> None:
    """Pages of any size, one after the other, give every row once and in order."""
    sql = f"SELECT account_id, plan FROM accounts ORDER BY account_id LIMIT {rows}"
    whole = pool.query(company, sql, limit=1_000)
    starts = range(0, rows + size, size)
    pages = [pool.query(company, sql, limit=size, offset=start) for start in starts]

    assert [row for page in pages for row in page.rows] == list(whole.rows)
    assert {page.total_rows for page in pages} == {rows}
    assert not any(page.capped for page in pages)


@settings(max_examples=20)
@given(
    column=st.sampled_from(["account_id", "plan", "opened", "gap"]),
    descending=st.booleans(),
    offset=st.integers(0, 40),
)
def test_order_holds_across_pages(
    pool: SandboxPool, company: Path, column: str, descending: bool, offset: int
) -> None:
    """Sorting covers the whole result, with empty values last in both directions."""
    sql = (
        "SELECT account_id, plan, opened, nullif(account_id % 7, 0) AS gap FROM accounts "
        "WHERE account_id < 50; -- done"
    )
    kwargs: dict[str, Any] = {"order_by": column, "descending": descending}
    whole = pool.query(company, sql, limit=100, **kwargs)
    page = pool.query(company, sql, limit=10, offset=offset, **kwargs)
    at = whole.columns.index(column)
    values = [row[at] for row in whole.rows]
    known = [value for value in values if value is not None]

    assert known == sorted(known, reverse=descending)
    assert values[len(known) :] == [None] * (len(values) - len(known))
    assert [row[at] for row in page.rows] == values[offset : offset + 10]


def test_column_with_a_quote_in_its_name_can_be_sorted(pool: SandboxPool, company: Path) -> None:
    """A column name never becomes SQL of its own."""
    sql = """SELECT x AS "a""b; DROP" FROM (VALUES (1), (2)) t(x)"""

    result = pool.query(company, sql, limit=5, order_by='a"b; DROP', descending=True)

    assert result.rows == ((2,), (1,))


def test_rows_are_capped(pool: SandboxPool, company: Path) -> None:
    """A huge result counts up to the cap, says so, and has no page behind it."""
    result = pool.query(company, "FROM range(1000000000000)", limit=5, offset=9_998)
    behind = pool.query(company, "FROM range(1000000000000)", limit=5, offset=10_000)

    assert (result.total_rows, result.capped) == (10_000, True)
    assert result.rows == ((9_998,), (9_999,))
    assert behind.rows == ()


def test_result_of_exactly_the_cap_is_whole(pool: SandboxPool, company: Path) -> None:
    """A result that ends at the cap is not called cut."""
    result = pool.query(company, "FROM range(10000)", limit=1)

    assert (result.total_rows, result.capped) == (10_000, False)


def test_long_cells_are_cut(pool: SandboxPool, company: Path) -> None:
    """A cell holds at most 4,000 characters, nested values included."""
    sql = "SELECT repeat('x', 100000), range(5000), repeat('x', 100000)::BLOB"
    row = pool.query(company, sql, limit=1).rows[0]

    assert [len(value) for value in row] == [4_000] * 3
    assert all(value.endswith("…") for value in row)
