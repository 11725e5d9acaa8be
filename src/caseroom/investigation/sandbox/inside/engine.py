"""The engine, opened on one database and then locked.

In: the descriptor of an open database file. Out: a connection that can read its tables and
nothing else: no file, no network, no extension, no setting.

The settings were measured on DuckDB 2.0. A database that is in use stays on the engine's list of
allowed paths, with its log: with external access off alone, COPY writes that log and read_blob
gives the raw file, whether the database was opened or attached. Disabling the local file system
closes both; external access has to be switched before that, because switching it resolves paths.
"""

from __future__ import annotations

import os
from typing import Any

import duckdb

__all__ = ["ALIAS", "catalog", "open_locked"]

ALIAS = "company"


def open_locked(
    descriptor: int, *, memory_limit: str, threads: int, optimizer: bool = True
) -> duckdb.DuckDBPyConnection:
    """Attach the open file read-only under a neutral name, then lock everything.

    Raises duckdb.Error where the file is not a database that this engine can read.
    """
    connection = duckdb.connect(":memory:", config=_config(memory_limit, threads))
    connection.execute(f"ATTACH '{_path_of(descriptor)}' AS {ALIAS} (READ_ONLY)")
    connection.execute(f"USE {ALIAS}")
    if not optimizer:
        connection.execute("PRAGMA disable_optimizer")
    for setting in (
        "TimeZone = 'UTC'",
        "errors_as_json = true",
        "enable_external_access = false",
        "disabled_filesystems = 'LocalFileSystem'",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return connection


def catalog(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Give the columns of every table and view of the attached database, in order."""
    found: dict[str, list[str]] = {}
    rows = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        f"WHERE database_name = '{ALIAS}' AND NOT internal ORDER BY table_name, column_index"
    ).fetchall()
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def _config(memory_limit: str, threads: int) -> dict[str, Any]:
    return {
        "memory_limit": memory_limit,
        "threads": str(threads),
        "max_temp_directory_size": "0B",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_unsigned_extensions": "false",
        "allow_persistent_secrets": "false",
        "python_enable_replacements": "false",
    }


def _path_of(descriptor: int) -> str:
    """Name an open file. Linux resolves this name by the file itself, not by where it lies."""
    own = f"/proc/self/fd/{descriptor}"
    return own if os.path.exists(own) else f"/dev/fd/{descriptor}"
