"""Which statements may run: exactly one that reads the case's tables.

In: the engine and a SQL text. Out: nothing, or `Refused` with the reason. The engine's own parser
splits and types the text, so comments, quotes and odd spellings cannot hide a second statement.
"""

from __future__ import annotations

import re

import duckdb

__all__ = ["Refused", "Vetting"]

_TABLE_FUNCTIONS = frozenset(
    """
    duckdb_columns duckdb_constraints duckdb_functions duckdb_keywords duckdb_tables duckdb_types
    duckdb_views generate_series histogram histogram_values icu_calendar_names json_each json_tree
    pg_timezone_names pragma_show pragma_table_info pragma_version range repeat repeat_row summary
    unnest
    """.split()  # noqa: SIM905 - names in rows read better than 22 quoted ones
)
"""Functions in FROM that read nothing but the case's tables and their arguments."""

_FUNCTIONS = frozenset(("current_setting", "getenv", "getvariable", "setseed", "write_log"))
_VIEWS = frozenset(
    """
    duckdb_databases duckdb_logs duckdb_secrets duckdb_settings pg_database pg_prepared_statements
    pg_settings pragma_database_list
    """.split()  # noqa: SIM905
)
_PIVOTS = re.compile(r"[\s(]*(select|with|from|pivot|pivot_wider|summarize)\b", re.IGNORECASE)
_EXPLAIN = re.compile(
    r"explain\b(\s+analyze\b)?(\s*\(\s*(?:analyze|format)\b[^()]*\))?\s*", re.IGNORECASE
)
_WRITES = re.compile(r'"type":"(INSERT|UPDATE|DELETE|MERGE)\w*_QUERY_NODE"')
_FUNCTION_NAME = re.compile(r'"function_name":"((?:[^"\\]|\\.)*)"')
_TABLE_NAME = re.compile(r'"table_name":"((?:[^"\\]|\\.)*)"')
_WORD = re.compile(r"\w+")


class Refused(Exception):
    """A text that may not run: a short reason, and the name that it is about."""

    def __init__(self, reason: str, name: str = "") -> None:
        self.reason = reason
        self.name = name
        super().__init__(reason, name)


class Vetting:
    """Vets statements against what this engine offers.

    Every function in FROM is refused unless it is on the short list above, so a later engine's
    new ones are refused too: some of them write, load or run text as SQL.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        rows = connection.execute(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions() "
            "WHERE function_type IN ('table', 'table_macro', 'pragma')"
        ).fetchall()
        self._functions = (frozenset(row[0] for row in rows) | _FUNCTIONS) - _TABLE_FUNCTIONS

    def vet(self, sql: str) -> duckdb.Statement:
        """Give the only statement of `sql`. Raises Refused, or duckdb.Error for broken syntax."""
        statement = self._only(sql)
        if not _is_explain(statement):
            self._vet_reading(statement)
            return statement
        match = _EXPLAIN.match(statement.query)
        if match is None:
            raise Refused("statement", "explain")
        self._vet_reading(self._only(statement.query[match.end() :]))
        return statement

    def _only(self, sql: str) -> duckdb.Statement:
        statements = self._connection.extract_statements(sql)
        if not statements:
            raise Refused("empty")
        if len(statements) > 1:
            raise Refused("several", str(len(statements)))
        return statements[0]

    def _vet_reading(self, statement: duckdb.Statement) -> None:
        # MULTI is a PIVOT whose columns come from the data; the engine reads those values first.
        kind = statement.type.name
        if kind != "SELECT" and not (kind == "MULTI" and _PIVOTS.match(statement.query)):
            raise Refused("statement", _first_word(statement.query))
        functions, tables = self._names(statement.query)
        for name in sorted((functions & self._functions) | (tables & _VIEWS)):
            raise Refused("name", name)

    def _names(self, sql: str) -> tuple[set[str], set[str]]:
        """Give the names of functions and tables, lower case.

        They come from the engine's own parse tree. It has none for a PIVOT that reads its columns
        from the data; then every word of the text counts as both.
        """
        row = self._connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
        tree = row[0] if row else ""
        if tree.startswith('{"error":true'):
            words = set(_WORD.findall(sql.lower()))
            return words, words
        functions = {name.lower() for name in _FUNCTION_NAME.findall(tree)}
        tables = {name.lower() for name in _TABLE_NAME.findall(tree)}
        if writing := _WRITES.search(tree):
            raise Refused("statement", writing.group(1).lower())
        return functions, tables


def _is_explain(statement: duckdb.Statement) -> bool:
    return _first_word(statement.query) == "explain"


def _first_word(sql: str) -> str:
    match = _WORD.search(sql)
    return match.group().lower() if match else ""
