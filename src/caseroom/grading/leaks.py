"""Does a built case file hold words of the truth?

In: a DuckDB file and the case's secret words. Out: where each word that was found stands.
Names, comments and every value that is not a plain number or time are searched by SQL (compression
hides values from a search of the bytes); the raw bytes are searched as well, for words of six
letters or more, because shorter ones turn up in compressed data by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

__all__ = ["find_leaks"]

SHORTEST_IN_BYTES = 6
_CHUNK = 1 << 24
_PLAIN = (
    "BIGINT", "BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "INTEGER", "INTERVAL",
    "SMALLINT", "TIME", "TINYINT", "UBIGINT", "UHUGEINT", "UINTEGER", "USMALLINT", "UTINYINT",
)  # fmt: skip


def find_leaks(path: Path, words: tuple[str, ...]) -> tuple[str, ...]:
    """Give one sentence per place and secret word, in lower case, none where the file is clean.

    Raises duckdb.Error where the file is not a DuckDB database.
    """
    wanted = sorted({word.lower() for word in words if word.strip()})
    if not wanted:
        return ()
    with duckdb.connect(str(path), read_only=True, config={"threads": 1}) as db:
        found = [*_in_names(db, wanted), *_in_values(db, wanted)]
    found += _in_bytes(path, [word for word in wanted if len(word) >= SHORTEST_IN_BYTES])
    return tuple(dict.fromkeys(found))


def _in_names(db: duckdb.DuckDBPyConnection, words: list[str]) -> Iterator[str]:
    texts = db.execute(
        "SELECT 'table ' || table_name, concat_ws(' ', table_name, comment, sql) "
        "FROM duckdb_tables() WHERE NOT internal UNION ALL "
        "SELECT 'view ' || view_name, concat_ws(' ', view_name, comment, sql) "
        "FROM duckdb_views() WHERE NOT internal UNION ALL "
        "SELECT 'column ' || table_name || '.' || column_name, "
        "concat_ws(' ', column_name, comment, data_type, column_default) "
        "FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    for place, text in texts:
        yield from (f"{word!r} in {place}" for word in words if word in text.lower())


def _in_values(db: duckdb.DuckDBPyConnection, words: list[str]) -> Iterator[str]:
    columns = db.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE NOT internal ORDER BY ALL"
    ).fetchall()
    for schema, table, column, data_type in columns:
        if _is_plain(data_type):
            continue
        name = ".".join(_quoted(part) for part in (schema, table))
        found = db.execute(
            f"WITH v AS (SELECT DISTINCT lower(CAST({_quoted(column)} AS VARCHAR)) AS v "
            f"FROM {name}) SELECT DISTINCT w FROM unnest(?::VARCHAR[]) AS t(w), v "
            "WHERE contains(v, w) ORDER BY w",
            [words],
        ).fetchall()
        yield from (f"{word!r} in values of {table}.{column}" for (word,) in found)


def _is_plain(data_type: str) -> bool:
    nested = "[" in data_type or "(" in data_type.replace("DECIMAL(", "")
    return data_type.startswith(_PLAIN) and not nested


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _in_bytes(path: Path, words: list[str]) -> Iterator[str]:
    wanted = {word: word.encode() for word in words}
    overlap = max((len(each) for each in wanted.values()), default=1) - 1
    tail = b""
    with path.open("rb") as file:
        while wanted and (chunk := file.read(_CHUNK)):
            text = tail + chunk.lower()
            for word in [each for each, raw in wanted.items() if raw in text]:
                yield f"{word!r} in the bytes of the file"
                del wanted[word]
            tail = text[-overlap:] if overlap else b""
