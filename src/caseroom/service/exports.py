"""Use cases of taking things away: a result, all tables, the case as a notebook.

In: a query or a case. Out: a file name with bytes, or with the path of a file.
"""

from __future__ import annotations

from pathlib import Path

from caseroom.export.archive import FORMATS, write_archive
from caseroom.export.notebook import NotebookPin, notebook_bytes
from caseroom.export.tables import csv_bytes, parquet_bytes
from caseroom.investigation.sandbox import SandboxResult
from caseroom.service.app import Caseroom
from caseroom.service.loading import built_file, load_case, ready_database
from caseroom.service.room import open_room
from caseroom.vocabulary.errors import CaseroomError

__all__ = [
    "QUERY_FORMATS",
    "export_notebook",
    "export_query",
    "export_tables",
]

QUERY_FORMATS = ("csv", "parquet")
MOST_ROWS = 1_000_000_000
"""A result is exported as far as the sandbox looks at it; the file name tells if it was cut."""


def export_query(app: Caseroom, case_id: str, query_id: int, fmt: str) -> tuple[str, bytes]:
    """Give a recorded query's result (run again) as a file.

    Raises:
        CaseroomError: For another format, an unknown query or one that gave an error.
    """
    _require_format(fmt, QUERY_FORMATS)
    record = app.store.query(case_id, query_id)
    database = ready_database(app, app.store.case(case_id))
    result = app.sandbox.query(database, record.sql, limit=MOST_ROWS)
    part = f"-first-{len(result.rows)}-rows" if result.capped else ""
    return f"{case_id}-query-{query_id}{part}.{fmt}", _bytes(result, fmt)


def export_tables(app: Caseroom, case_id: str, fmt: str) -> tuple[str, Path]:
    """Give all tables as they stand: a zip of CSV or Parquet files, or the DuckDB file.

    Raises:
        CaseroomError: For another format, or while there is no whole database.
    """
    _require_format(fmt, FORMATS)
    record = app.store.case(case_id)
    database = ready_database(app, record)
    ending = "duckdb" if fmt == "duckdb" else f"{fmt}.zip"
    if fmt == "duckdb":
        return f"{case_id}.{ending}", database
    made = f"{Path(built_file(record).name).stem}.{ending}"
    path = app.files.export(case_id, made, lambda out: write_archive(database, fmt, out))
    return f"{case_id}.{ending}", path


def export_notebook(app: Caseroom, case_id: str) -> tuple[str, bytes]:
    """Give the case as a notebook that runs with the exported DuckDB file beside it."""
    loaded = load_case(app, case_id)
    built_file(loaded.record)
    room = open_room(app, case_id)
    pins = [
        NotebookPin(
            sql=pin.sql,
            note=pin.note,
            spec=pin.chart.spec if pin.chart else None,
            sentence=pin.chart.sentence if pin.chart else "",
        )
        for pin in room.pins
    ]
    queries = [entry.sql for entry in reversed(room.history) if not entry.error]
    return f"{case_id}.ipynb", notebook_bytes(room.brief, f"{case_id}.duckdb", queries, pins)


def _bytes(result: SandboxResult, fmt: str) -> bytes:
    if fmt == "csv":
        return csv_bytes(result.columns, result.rows)
    return parquet_bytes(result.columns, result.types, result.rows)


def _require_format(fmt: str, allowed: tuple[str, ...]) -> None:
    if fmt not in allowed:
        raise CaseroomError(
            f"Nothing is exported as {fmt!r}.",
            allowed=", ".join(allowed),
            next_step="choose one of these.",
        )
