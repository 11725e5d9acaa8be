"""All tables of a company in one file: a zip of CSV or Parquet files, or the DuckDB file itself.

In: a company's database and a format. Out: one file; the same database gives the same bytes.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path

import duckdb

__all__ = ["FORMATS", "open_company", "write_archive"]

FORMATS = ("csv", "parquet", "duckdb")

_COPY_OPTIONS = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet, COMPRESSION zstd"}
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the zip format's own beginning: archives must not differ


def open_company(database: Path) -> duckdb.DuckDBPyConnection:
    """Open a company's database for our own statements, never a candidate's.

    Everybody in this process must open a file with equal settings, so they do it here. One thread:
    several would write the rows of a Parquet file in a different order each time.
    """
    return duckdb.connect(str(database), read_only=True, config={"threads": 1})


def write_archive(database: Path, fmt: str, out: Path) -> None:
    """Write `out` (which must not exist). Raises ValueError for a format that is not in FORMATS."""
    if fmt not in FORMATS:
        raise ValueError(f"{fmt!r} is none of {FORMATS}")
    if fmt == "duckdb":
        shutil.copyfile(database, out)
        return
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        files = _write_tables(database, fmt, Path(folder))
        _zip(files, out)


def _write_tables(database: Path, fmt: str, folder: Path) -> list[Path]:
    with open_company(database) as connection:
        return [_write_table(connection, name, fmt, folder) for name in _tables(connection)]


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    named = "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name"
    return [name for (name,) in connection.execute(named).fetchall()]


def _write_table(connection: duckdb.DuckDBPyConnection, name: str, fmt: str, folder: Path) -> Path:
    path = folder / f"{name}.{fmt}"
    table = '"' + name.replace('"', '""') + '"'
    target = str(path).replace("'", "''")
    connection.execute(f"COPY {table} TO '{target}' ({_COPY_OPTIONS[fmt]})")
    return path


def _zip(files: list[Path], out: Path) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.name, _ZIP_TIME)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if path.suffix == ".csv" else 0
            with path.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
