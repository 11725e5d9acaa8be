"""The table that a case is built on: the built-in flights, or a person's own CSV or Parquet file.

In: `SourceData` (None: built-in). Out: a `Source`: one Arrow table in plain types, with words.
The file is only read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from caseroom.analysis.audit import literal
from caseroom.case.contract import SourceData
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["MOST_ROWS", "Source", "connect", "load_source"]

MOST_ROWS = 3_000_000
_MOST_COLUMNS = 80
_FLIGHTS = """
SELECT make_timestamp(year, month, day, hour, minute, 0.0) AS scheduled_at,
       carrier, flight, tailnum, origin, dest, dep_time, dep_delay, sched_arr_time, arr_time,
       arr_delay, air_time, distance
FROM read_parquet({path})
"""
_FLIGHT_NOTES = {
    "scheduled_at": "Scheduled departure, local time of New York",
    "carrier": "Airline code",
    "flight": "Flight number",
    "tailnum": "Tail number of the aircraft",
    "origin": "Airport of departure; each airport sends its own feed",
    "dest": "Airport of arrival",
    "dep_time": "Actual departure, local time, as a number HHMM (517 is 05:17)",
    "dep_delay": "Departure delay in minutes; negative is early",
    "sched_arr_time": "Scheduled arrival, local time at the destination, as a number HHMM",
    "arr_time": "Actual arrival, local time at the destination, as a number HHMM",
    "arr_delay": "Arrival delay in minutes; negative is early",
    "air_time": "Time in the air, in minutes",
    "distance": "Distance between the airports, in miles",
}
_EMPTY = ["", "NA", "NULL", "null", "NaN", "nan"]
"""What stands for no value in a CSV file."""

_RESERVED = {
    "record_id", "loaded_at", "copy_number", "audit_day", "_row", "_day",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table to audit.

    Attributes:
        table_name: What the table is called in the company's database.
        noun: What a row is, in the plural ("flights").
        table: The rows, in plain types (int64, float64, string, date, timestamp).
        notes: Meaning per column, where it is known.
        units: Unit per measure, where it is known ("miles", "minutes").
        extras: More tables of the company, by name.
        labels: Names of the values of a column, by column and value.
        built_in: Whether this is the table that comes with Caseroom.
        dropped: Columns of the file that a case cannot use (nested or binary types).
    """

    table_name: str
    noun: str
    table: pa.Table
    notes: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    extras: Mapping[str, pa.Table] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    built_in: bool = False
    dropped: tuple[str, ...] = ()


def connect() -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB that never reaches for the network and gives the same each time."""
    return duckdb.connect(
        config={
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


@lru_cache(maxsize=2)
def load_source(source: SourceData | None) -> Source:
    """Read the table of a case.

    Raises:
        CaseroomError: For a file that is no table, too big, or without usable columns.
    """
    return _flights() if source is None else _own(source)


def _data(table: str) -> str:
    return literal(str(files("caseroom.content").joinpath("data", f"{table}.parquet")))


def _flights() -> Source:
    with connect() as con:
        table = con.sql(_FLIGHTS.format(path=_data("flights"))).to_arrow_table()
        names = dict(con.execute(f"SELECT carrier, name FROM {_data('airlines')}").fetchall())
        extras = {
            other: con.sql(f"SELECT * FROM read_parquet({_data(other)})").to_arrow_table()
            for other in ("airports", "planes", "weather")
        }
    return Source(
        table_name="flights",
        noun="flights",
        table=_plain(table),
        notes=_FLIGHT_NOTES,
        units={
            "distance": "miles",
            "air_time": "minutes",
            "dep_delay": "minutes",
            "arr_delay": "minutes",
        },
        extras={key: _plain(value) for key, value in extras.items()},
        labels={
            "carrier": names,
            "origin": {"EWR": "Newark", "JFK": "Kennedy", "LGA": "LaGuardia"},
        },
        built_in=True,
    )


def _own(source: SourceData) -> Source:
    table = _read(source)
    usable = [f for f in table.schema if _plain_type(f.type) is not None]
    dropped = tuple(f.name for f in table.schema if _plain_type(f.type) is None)
    if not usable or table.num_rows == 0:
        raise _refused(source, "it holds no rows in columns of plain types")
    if len(usable) > _MOST_COLUMNS:
        raise _refused(source, f"it has {len(usable)} columns")
    table = _plain(table.select([f.name for f in usable]))
    title = plain_name(Path(source.name).stem, fallback="records")
    return Source(
        table_name=title if title not in _TAKEN else f"{title}_data",
        noun="records",
        table=table.rename_columns(_column_names(table.column_names)),
        dropped=dropped,
    )


_TAKEN = {
    "weekly_report", "report_definition", "planning_rates", "load_log", "tickets", "owners",
    "feed_contract", "controls", "org_notes", "lineage", "column_purpose", "source_counts",
    "source_sample", "interview_notes",
}  # fmt: skip


def _read(source: SourceData) -> pa.Table:
    is_csv = source.path.suffix.lower() != ".parquet"
    reader, options = ("read_csv", f", nullstr={_EMPTY!r}") if is_csv else ("read_parquet", "")
    with connect() as con:
        try:
            rows = f"{reader}({literal(str(source.path))}{options})"
            ((count,),) = con.execute(f"SELECT count(*) FROM {rows}").fetchall()
            if count > MOST_ROWS:
                raise _refused(source, f"it has {count:,} rows")
            return con.sql(f"SELECT * FROM {rows}").to_arrow_table()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise _refused(source, f"it cannot be read as a table ({reason})") from error


def _refused(source: SourceData, why: str) -> CaseroomError:
    return CaseroomError(
        f"No case can be built on {source.name}: {why}.",
        allowed=f"a CSV file with a header line or a Parquet file, with up to {MOST_ROWS:,} rows "
        f"and {_MOST_COLUMNS} columns of numbers, texts, days and times",
        next_step="cut or export the table and try again.",
        code=ExitCode.BAD_INPUT,
    )


def plain_name(text: str, *, fallback: str) -> str:
    """Give an identifier of lower-case letters, digits and underscores."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    plain = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")[:40]
    if not plain:
        return fallback
    return f"t_{plain}" if plain[0].isdigit() else plain


def _column_names(columns: list[str]) -> list[str]:
    names: list[str] = []
    for at, column in enumerate(columns):
        plain = plain_name(column, fallback=f"column_{at + 1}")
        plain = f"{plain}_given" if plain in _RESERVED else plain
        while plain in names:
            plain = f"{plain}_{at + 1}"
        names.append(plain)
    return names


def _plain_type(kind: pa.DataType) -> pa.DataType | None:
    is_ = pa.types
    if is_.is_integer(kind):
        return pa.int64()
    if is_.is_floating(kind) or is_.is_decimal(kind):
        return pa.float64()
    if is_.is_timestamp(kind):
        return pa.timestamp("us")
    if is_.is_date(kind):
        return pa.date32()
    texts = (is_.is_string, is_.is_large_string, is_.is_boolean, is_.is_dictionary, is_.is_time)
    return pa.string() if any(test(kind) for test in texts) else None


def _plain(table: pa.Table) -> pa.Table:
    schema: list[Any] = [pa.field(f.name, _plain_type(f.type)) for f in table.schema]
    for at, target in enumerate(schema):
        kind = table.schema.field(at).type
        if pa.types.is_uint64(kind) or pa.types.is_decimal(kind):
            table = table.set_column(at, target.name, table[at].cast(pa.float64()))
            schema[at] = pa.field(target.name, pa.float64())
    return table.cast(pa.schema(schema), safe=False).combine_chunks()
