"""The engine's messages in our words: from real queries, and from texts of the engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.investigation.sandbox import QueryRefused, SandboxPool
from caseroom.investigation.sandbox.errors import translate

CATALOG = {"accounts": ["account_id", "plan"], "events": ["event_id", "at"]}

WORDS = {
    "SELECT * FROM account": ("table", "Line 1, column 15", "Did you mean accounts?"),
    "SELECT * FROM nosuch": ("table", "no table named nosuch", "SHOW TABLES"),
    "SELECT a.plan FROM accounts b": ("table", "a is neither a table nor an alias", '"b"'),
    "SELECT * FROM accounts, accounts": ("table", "accounts stands twice", "alias"),
    "SELECT plam FROM accounts": ("column", "column named plam", "Did you mean plan?"),
    "SELECT a.plam FROM accounts a": ("column", "a has no column named plam", "plan"),
    "SELECT event_id FROM accounts": ("column", "column named event_id", "a column of events"),
    "SELECT * FROM accounts WHERE plan = team": ("column", "named team", "quotes: 'team'"),
    "SELECT plan": ("column", "FROM is missing", "Add FROM"),
    "SELECT * EXCLUDE (nosuch) FROM accounts": ("column", "EXCLUDE list", "nosuch"),
    "SELECT * FROM accounts JOIN events USING (plan)": ("column", "on the right", "accounts"),
    "SELECT account_id FROM accounts a JOIN events e USING (event_id)": (
        "column",
        "left of the join",
        "a column of events",
    ),
    "SELECT account_id FROM accounts a, events e": ("column", "More than one", "a.account_id"),
    "SELECT plan.x FROM accounts": ("column", "plan is a plain value", "FROM"),
    "SELECT plan, count(*) FROM accounts": ("group", "neither grouped", "any_value(plan)"),
    "SELECT * FROM accounts WHERE count(*) > 1": ("group", "WHERE looks at single", "HAVING"),
    "SELECT * FROM accounts WHERE row_number() OVER () = 1": ("group", "window", "QUALIFY"),
    "SELECT sum(count(*)) FROM accounts": ("group", "inside another", "WITH"),
    "SELECT plan + account_id FROM accounts": ("type", "+ cannot take (VARCHAR, INTEGER)", "CAST"),
    "SELECT sum(plan) FROM accounts": ("type", "sum cannot take (VARCHAR)", "CAST"),
    "SELECT 'a' LIKE 5": ("type", "LIKE cannot take (text, a whole number)", "CAST"),
    "SELECT plan::INT FROM accounts": ("type", "cannot be read as INTEGER", "TRY_CAST"),
    "SELECT DATE '2025-13-01'": ("type", "2025-13-01 is not a date", "DATE '2025-03-10'"),
    "SELECT opened > 'soon' FROM accounts": ("type", "soon is not a date", "DATE '2025-03-10'"),
    "SELECT make_date(2025, 2, 30)": ("type", "2025-2-30 is not a date", "DATE"),
    "SELECT 9223372036854775807 + 1": ("type", "too large", "HUGEINT"),
    "SELECT 'a' + 1": ("type", "could mean several things", "cast"),
    "SELECT coutn(*) FROM accounts": ("function", "no function named coutn", "count"),
    "SELECT nofunction(1)": ("function", "no function named nofunction", "DuckDB"),
    "SELECT * FROM nofunction(1)": ("function", "no function named nofunction", "DuckDB"),
    "SELECT 1 UNION SELECT 1, 2": ("several", "different numbers of columns", "same columns"),
    "SELECT (SELECT account_id FROM accounts)": ("value", "more than one row", "LIMIT 1"),
    "SELECT ?": ("statement", "placeholder", "value itself"),
    "SELEC 1": ("syntax", "near SELEC", "comma"),
    "SELECT *\nFROM accounts\nWHER plan = 'team'": ("syntax", "Line 3", "comma"),
    "SELECT * FROM accounts WHERE": ("syntax", "at its end, near WHERE", "missing"),
    "SELECT count(*) FROM (SELECT 1": ("syntax", "at its end", "closing bracket"),
    "SELECT 'abc": ("syntax", "string literal is opened", "Close"),
    'SELECT "abc': ("syntax", "quoted identifier is opened", "Close"),
    "/* abc": ("syntax", "comment is opened", "Close"),
    "SELECT * FROM accounts LIMIT -1": ("engine", "cannot be negative", "Correct"),
    "SELECT regexp_matches('a', '(')": ("engine", "missing )", "Correct"),
    "SELECT error('the reason')": ("engine", "the reason", "Correct"),
}


def refused(pool: SandboxPool, database: Path, sql: str) -> QueryRefused:
    """Run a query that has a mistake."""
    with pytest.raises(QueryRefused) as caught:
        pool.query(database, sql, limit=1)
    return caught.value


@pytest.mark.parametrize(("sql", "expected"), WORDS.items(), ids=list(WORDS))
def test_mistake_is_told_in_our_words(
    pool: SandboxPool, company: Path, sql: str, expected: tuple[str, str, str]
) -> None:
    """Each mistake gets its sort, what is wrong, and what to do."""
    reason, problem, hint = expected

    error = refused(pool, company, sql)

    assert error.reason == reason
    assert problem in error.problem
    assert hint in f"{error.allowed} {error.next_step}"
    assert "Error:" not in str(error)


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("SELECT plam FROM accounts", (1, 8)),
        ("SELECT plan,\n  plam\nFROM accounts", (2, 3)),
        ("-- größe\n/* x */ SELECT 'größe', plam FROM accounts", (2, 25)),
        ("SELECT DISTINCT ON (plan) FROM accounts", (None, None)),
    ],
)
def test_place_of_a_mistake_is_told(
    pool: SandboxPool, company: Path, sql: str, place: tuple[int | None, int | None]
) -> None:
    """Line and column count characters from 1, also behind comments and umlauts."""
    error = refused(pool, company, sql)

    assert (error.line, error.column) == place


def test_place_of_a_mistake_in_a_sorted_query(pool: SandboxPool, company: Path) -> None:
    """A query that is sorted afterwards keeps its own lines."""
    with pytest.raises(QueryRefused) as caught:
        pool.query(company, "SELECT\n plam FROM accounts", limit=1, order_by="plam")

    assert (caught.value.line, caught.value.column) == (2, 2)


def test_unknown_column_to_sort_by_is_told(pool: SandboxPool, company: Path) -> None:
    """Sorting by a column that the result does not have names that column."""
    with pytest.raises(QueryRefused, match="column named nosuch") as caught:
        pool.query(company, "SELECT plan FROM accounts", limit=1, order_by="nosuch")

    assert caught.value.line is None


MESSAGES = {
    'IO Error: Cannot open file "/home/ada/case/company.duckdb": Permission denied': "engine",
    "Out of Memory Error: could not allocate block of size 256.0 KiB (476.7 MiB used)": "memory",
    'Permission Error: {"exception_type":"Permission","exception_message":"File system '
    'LocalFileSystem has been disabled by configuration"}': "files",
    'Invalid Input Error: {"exception_type":"Invalid Input","exception_message":"Cannot execute '
    'statement of type \\"INSERT\\" on database \\"company\\" which is attached in read-only '
    'mode!"}': "statement",
    "INTERRUPT Error: Interrupted!": "timeout",
    "INTERNAL Error: Attempted to access index 3 within vector of size 3": "engine",
    "Parser Error: Max expression depth limit of 1000 exceeded.": "syntax",
    "something without a form": "engine",
    "": "engine",
}


@pytest.mark.parametrize(("message", "reason"), MESSAGES.items(), ids=lambda text: text[:40])
def test_message_is_sorted(message: str, reason: str) -> None:
    """Messages that no query here can cause are recognized as well, and show no path."""
    error = translate(message, sql="SELECT 1", catalog=CATALOG)

    assert error.reason == reason
    assert "/home" not in str(error)


@given(message=st.text(max_size=200), sql=st.text(max_size=50))
def test_any_message_becomes_a_refusal(message: str, sql: str) -> None:
    """Whatever the engine says, a refusal with words comes out."""
    error = translate(message, sql=sql, catalog=CATALOG)

    assert error.problem
    assert error.reason
