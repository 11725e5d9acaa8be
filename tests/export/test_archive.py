"""All tables of a company in one file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from caseroom.export.archive import write_archive


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give a company of two tables, one with a name that needs quotes."""
    path = tmp_path / "company.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE a AS SELECT i AS n, DATE '2025-01-01' AS d FROM range(9) t(i)"
        )
        connection.execute('CREATE TABLE "b ""x""" AS SELECT NULL AS s, \'é\' AS t')
    return path


def test_csv_holds_one_file_per_table(database: Path, tmp_path: Path) -> None:
    """Each has a header line."""
    write_archive(database, "csv", tmp_path / "out.zip")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["a.csv", 'b "x".csv']
        assert archive.read("a.csv").splitlines()[:2] == [b"n,d", b"0,2025-01-01"]
        assert archive.read('b "x".csv').decode() == "s,t\n,é\n"


def test_parquet_keeps_types(database: Path, tmp_path: Path) -> None:
    """Days are days."""
    write_archive(database, "parquet", tmp_path / "out.zip")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        table = pq.read_table(io.BytesIO(archive.read("a.parquet")))
    assert (table.num_rows, str(table.schema.field("d").type)) == (9, "date32[day]")


def test_duckdb_is_the_file_itself(database: Path, tmp_path: Path) -> None:
    """Nothing is converted."""
    write_archive(database, "duckdb", tmp_path / "out.duckdb")

    assert (tmp_path / "out.duckdb").read_bytes() == database.read_bytes()


@pytest.mark.parametrize("fmt", ["csv", "parquet"])
def test_the_same_company_gives_the_same_bytes(database: Path, tmp_path: Path, fmt: str) -> None:
    """Archives can be compared, and cached."""
    for name in ("one", "two"):
        write_archive(database, fmt, tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_another_format_is_refused(database: Path, tmp_path: Path) -> None:
    """The programmer is told which there are."""
    with pytest.raises(ValueError, match="csv"):
        write_archive(database, "xlsx", tmp_path / "out")
