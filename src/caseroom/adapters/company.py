"""What is in a company's database, read from the file itself by our own statements.

In: a DuckDB file. Out: its tables, columns and row counts. A candidate's SQL never runs here.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import duckdb

from caseroom.export.archive import open_company
from caseroom.service.records import ColumnInfo, TableInfo
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["read_tables"]

_COLUMNS = """
SELECT table_name, column_name, data_type
FROM duckdb_columns()
WHERE schema_name = 'main' AND NOT internal
ORDER BY table_name, column_index
"""


@lru_cache(maxsize=64)
def read_tables(path: Path, modified: int) -> tuple[TableInfo, ...]:
    """Read a file's tables, by name; `modified` is its time stamp, so that a new file is read anew.

    Raises:
        OSError: When the file is no readable database.
        CaseroomError: When another process has it open for writing.
    """
    try:
        with open_company(path) as connection:
            return _tables(connection)
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise _locked(path) from error
        raise OSError(f"{path} is not a readable database") from error


def _tables(connection: duckdb.DuckDBPyConnection) -> tuple[TableInfo, ...]:
    columns: dict[str, list[ColumnInfo]] = {}
    for table, column, kind in connection.execute(_COLUMNS).fetchall():
        columns.setdefault(table, []).append(ColumnInfo(column, kind))
    return tuple(
        TableInfo(name, _count(connection, name), tuple(found)) for name, found in columns.items()
    )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    quoted = '"' + table.replace('"', '""') + '"'
    row = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()
    return int(row[0]) if row else 0


def _locked(path: Path) -> CaseroomError:
    return CaseroomError(
        f"The company's database {path} is open for writing in another program.",
        next_step="close it there, or open a copy: `caseroom export CASE duckdb` makes one.",
        code=ExitCode.ENVIRONMENT,
    )
