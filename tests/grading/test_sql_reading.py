"""What is read from a query, and what cannot fool the reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.grading.sql_reading import CONSTRUCTS, QueryFacts, read_sql


def facts(sql: str) -> QueryFacts:
    """Read the only statement."""
    (found,) = read_sql(sql)
    return found


@pytest.mark.parametrize(
    ("sql", "tables", "columns", "constructs"),
    [
        ("SELECT count(*) FROM Orders", {"orders"}, set(), {"count"}),
        ("FROM main.orders", {"orders"}, set(), set()),
        ("SELECT count(DISTINCT id) FROM t", {"t"}, {"id"}, {"count", "count_distinct"}),
        ("SELECT approx_count_distinct(id) FROM t", {"t"}, {"id"}, {"count_distinct"}),
        (
            "SELECT count(*) FROM (SELECT DISTINCT id FROM t)",
            {"t"},
            {"id"},
            {"count", "count_distinct"},
        ),
        (
            "SELECT id FROM t GROUP BY id HAVING count(*) > 1",
            {"t"},
            {"id"},
            {"group_by", "having", "count"},
        ),
        (
            "SELECT * FROM (SELECT id, count(*) n FROM t GROUP BY id) WHERE n > 1",
            {"t"},
            {"id"},
            {"group_by", "having", "count", "filter"},
        ),
        ("SELECT min(day), max(day) FROM t", {"t"}, {"day"}, {"min_max"}),
        ("SELECT day FROM t ORDER BY day DESC LIMIT 5", {"t"}, {"day"}, {"min_max"}),
        ("SELECT a.x FROM a JOIN b USING (Key)", {"a", "b"}, {"x", "key"}, {"join"}),
        ("SELECT x FROM a, b WHERE a.k = b.k", {"a", "b"}, {"x", "k"}, {"join", "filter"}),
        (
            "SELECT x FROM a WHERE k IN (SELECT k FROM b)",
            {"a", "b"},
            {"x", "k"},
            {"join", "filter"},
        ),
        (
            "SELECT x FROM a WHERE NOT EXISTS (FROM b WHERE b.k = a.k)",
            {"a", "b"},
            {"x", "k"},
            {"join", "filter"},
        ),
        (
            "SELECT count(*) FILTER (WHERE x > 1) FROM t",
            {"t"},
            {"x"},
            {"count", "filter"},
        ),
        (
            "SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY id) > 1",
            {"t"},
            {"id"},
            {"window"},
        ),
        ("PIVOT t ON plan USING sum(x)", {"t"}, {"plan", "x"}, {"group_by"}),
        ("SELECT x FROM a UNION ALL SELECT y FROM b", {"a", "b"}, {"x", "y"}, set()),
        ("SELECT date_trunc('week', at) w, 1 FROM t GROUP BY ALL", {"t"}, {"at"}, {"group_by"}),
    ],
)
def test_ordinary_queries_are_read(
    sql: str, tables: set[str], columns: set[str], constructs: set[str]
) -> None:
    """Tables, columns and constructs come from the syntax tree, in lower case."""
    found = facts(sql)

    assert found.tables == tables
    assert found.columns - {"n", "w"} == columns
    assert found.constructs == constructs | {"any"}


def test_a_summary_shows_every_column() -> None:
    """SUMMARIZE gives counts, distinct counts and extremes of all columns."""
    found = facts("SUMMARIZE orders")

    assert found.tables == {"orders"}
    assert found.every_column
    assert found.constructs == {"any", "count", "count_distinct", "min_max"}


def test_a_common_table_expression_is_read_through() -> None:
    """The real tables behind a name count; the name itself does not."""
    sql = "WITH orders AS (SELECT * FROM raw), o2 AS (SELECT * FROM orders) SELECT count(*) FROM o2"

    assert facts(sql).tables == {"raw"}


def test_a_name_inside_its_own_definition_is_the_real_table() -> None:
    """A common table expression may have the name of the table that it reads."""
    assert facts("WITH t AS (SELECT * FROM t) SELECT count(*) FROM t").tables == {"t"}


def test_a_recursive_name_is_no_table() -> None:
    """A recursive expression that reads itself reads no table of the company."""
    sql = "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"

    assert facts(sql).tables == frozenset()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "SELECT 'count(distinct id) from orders'",
        "SELECT 1 -- FROM orders GROUP BY id",
        "/* SELECT count(*) FROM orders */ SELECT 2",
        'SELECT 1 AS "orders"',
        "WITH orders AS (SELECT 1 AS id) SELECT count(DISTINCT id) FROM orders",
        "WITH o AS (SELECT count(*) FROM orders) SELECT 1",
        "SELECT * FROM information_schema.orders",
        "SELECT count(*) FROM range(10)",
    ],
)
def test_words_that_read_nothing_name_no_table(sql: str) -> None:
    """Comments, texts, aliases, invented tables and unused expressions read nothing."""
    assert facts(sql).tables == frozenset()


@pytest.mark.parametrize(
    "sql",
    [
        "EXPLAIN SELECT count(*) FROM orders",
        "DESCRIBE orders",
        "SHOW TABLES",
        "SELECT count(*) FROM orders LIMIT 0",
        "SELECT count(*) FROM orders WHERE false",
        "SELECT count(*) FROM orders WHERE 1 = 0 AND id > 3",
        "SELEC count(*) FROM orders",
        "SELECT count(* FROM orders",
        "SELECT 'open",
        "",
        ";;",
        "(" * 3000,
        "SELECT count(*) FROM orders " + " " * 60_000,
    ],
    ids=lambda sql: sql[:30],
)
def test_what_reads_no_rows_gives_nothing(sql: str) -> None:
    """Failed, empty and oversized texts and statements on metadata count as nothing."""
    assert read_sql(sql) == ()


def test_an_invented_column_is_no_mention() -> None:
    """A constant that is named like a column does not mention the column."""
    assert facts("SELECT 1 AS user_id, x FROM t GROUP BY user_id, x").columns == {"x"}


def test_several_statements_are_read_one_by_one() -> None:
    """A text may hold several statements."""
    assert [each.tables for each in read_sql("FROM a; SELECT 1 FROM b;")] == [{"a"}, {"b"}]


@given(st.text())
def test_any_text_can_be_read(sql: str) -> None:
    """Reading never raises and uses only the documented constructs."""
    assert all(found.constructs <= CONSTRUCTS for found in read_sql(sql))
