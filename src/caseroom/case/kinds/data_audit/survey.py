"""What Caseroom learns of a table before it plants anything: roles, business key, period.

In: a `Source`. Out: a `Survey`, or a `CaseroomError` that says what the table lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from statistics import median
from typing import Any

import duckdb
import pyarrow as pa

from caseroom.analysis.audit import (
    ColumnProfile,
    Query,
    Roles,
    TableProfile,
    find_keys,
    guess_moment,
    guess_roles,
    name,
    profile_table,
    slice_candidates,
    value_counts,
)
from caseroom.case.contract import SourceData
from caseroom.case.kinds.data_audit.source import Source, connect, load_source
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.rows import Rows

__all__ = ["LEAST_ROWS", "LEAST_WEEKS", "Survey", "survey_source", "tables_query"]

LEAST_ROWS = 2_000
LEAST_WEEKS = 9
LEAST_DAILY = 15.0
_FLIGHT_MEASURES = ("distance", "air_time", "arr_delay", "dep_delay")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A table and its roles. `day_counts` holds rows per day of the whole table."""

    source: Source
    profile: TableProfile
    roles: Roles
    key: tuple[str, ...]
    first: date
    last: date
    table: pa.Table


def tables_query(con: duckdb.DuckDBPyConnection) -> Query:
    """Give a query function on a DuckDB connection."""

    def query(sql: str, /, *, title: str = "") -> Rows:
        del title
        result = con.execute(sql)
        columns = tuple(entry[0] for entry in result.description or ())
        return Rows(columns, tuple(result.fetchall()))

    return query


@lru_cache(maxsize=2)
def survey_source(source: SourceData | None) -> Survey:
    """Survey the table of a case.

    Raises:
        CaseroomError: Where the table has too few rows, no usable days, or nothing to slice by.
    """
    loaded = load_source(source)
    _need(loaded.table.num_rows >= LEAST_ROWS, f"it has {loaded.table.num_rows:,} rows")
    with connect() as con:
        query = tables_query(con)
        con.register("given", loaded.table)
        profile = profile_table(query, "given")
        moment = guess_moment(profile)
        if moment is None:
            raise _lacking("it has no column with days or times on 28 or more different days")
        roles = _roles(query, loaded, profile, moment)
        key = _key(query, profile, roles)
        first, last = _period(query, moment)
    return Survey(
        source=loaded,
        profile=profile,
        roles=roles,
        key=key,
        first=first,
        last=last,
        table=_measures_as_floats(loaded.table, roles.measures),
    )


def _need(fulfilled: bool, why: str) -> None:
    if not fulfilled:
        raise _lacking(why)


def _lacking(why: str) -> CaseroomError:
    return CaseroomError(
        f"This table cannot carry a data-audit case: {why}.",
        allowed=f"at least {LEAST_ROWS:,} rows over {LEAST_WEEKS} weeks or more, about "
        f"{LEAST_DAILY:.0f} rows a day or more in the last weeks, one column with days or times, "
        "one numeric column and one column with 2 to 40 values to slice by",
        next_step="give a longer or larger extract, or leave out --data to use the built-in table.",
    )


def _roles(query: Query, source: Source, profile: TableProfile, moment: ColumnProfile) -> Roles:
    groups = value_counts(query, "given", slice_candidates(profile))
    roles = guess_roles(profile, moment, groups)
    if source.built_in:
        positive = tuple(m for m in _FLIGHT_MEASURES if m in roles.positive)
        roles = Roles(
            moment=roles.moment,
            has_hours=roles.has_hours,
            measures=_FLIGHT_MEASURES,
            positive=positive,
            slices=roles.slices,
        )
    _need(bool(roles.slices), "no column has 2 to 40 values of which two hold 3% of the rows")
    _need(bool(roles.measures), "no column holds a numeric measure with 20 or more values")
    return roles


def _key(query: Query, profile: TableProfile, roles: Roles) -> tuple[str, ...]:
    columns = [
        c.name for c in profile.columns if c.name not in roles.measures and c.null_share < 0.02
    ]
    found = find_keys(query, name("given"), profile, columns, first=roles.moment)
    if found:
        return found[0].columns
    everything = tuple(c.name for c in profile.columns)
    together = ", ".join(map(name, everything))
    share = query(f"SELECT count(DISTINCT ({together})) / count(*) AS share FROM given").one()[
        "share"
    ]
    _need(share >= 0.98, "many rows are equal in every column, so that no key tells them apart")
    return everything


def _period(query: Query, moment: ColumnProfile) -> tuple[date, date]:
    column = name(moment.name)
    rows = query(
        f"SELECT CAST({column} AS DATE) AS day, count(*) AS row_count FROM given "
        f"WHERE {column} IS NOT NULL GROUP BY ALL ORDER BY day"
    )
    counts = {_day(row["day"]): int(row["row_count"]) for row in rows}
    last = _last_whole_day(counts)
    first = min(counts)
    weeks = ((last - first).days + 1) // 7
    _need(weeks >= LEAST_WEEKS, f"its days span {weeks} weeks")
    recent = sum(n for day, n in counts.items() if last - timedelta(days=55) < day <= last)
    _need(recent / 56 >= LEAST_DAILY, f"its last eight weeks hold {recent / 56:.1f} rows a day")
    return first, last


def _last_whole_day(counts: dict[date, int]) -> date:
    """Give the last day with at least 60% of the median of its weekday (at most two weeks back)."""
    days = sorted(counts)
    for day in reversed(days[-14:]):
        same = [counts.get(day - timedelta(weeks=k), 0) for k in range(1, 7)]
        if counts[day] >= 0.6 * median(same) and median(same) > 0:
            return day
    return days[-1]


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def _measures_as_floats(table: pa.Table, measures: tuple[str, ...]) -> pa.Table:
    for measure in measures:
        at = table.column_names.index(measure)
        table = table.set_column(at, measure, table[measure].cast(pa.float64()))
    return table
