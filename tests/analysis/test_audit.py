"""The audit toolkit: each check finds what was broken, where and how big, and else is silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

import toy_sales
from caseroom.analysis.audit import (
    ColumnProfile,
    Query,
    Relation,
    Span,
    best_shift,
    count_days,
    daily_levels,
    equals,
    expected_rows,
    find_default_spikes,
    find_duplicates,
    find_fan_out,
    find_hour_shift,
    find_keys,
    find_late,
    find_missing_days,
    find_swaps,
    find_unit_steps,
    guess_moment,
    guess_roles,
    literal,
    looks_like_id,
    name,
    nearest_factor,
    once,
    profile_table,
    slice_candidates,
    suspects,
    value_counts,
)
from caseroom.vocabulary.rows import Rows

LAST = toy_sales.FIRST + timedelta(days=toy_sales.DAYS - 1)
SOUND = LAST - timedelta(days=42)
ONSET = LAST - timedelta(days=20)
SPAN = Span(since=toy_sales.FIRST, sound_until=SOUND, until=LAST)
SALES = Relation(sql="sales", day='"sold_at"', slices=("store", "channel"))
GROUPS = {
    "store": {"harbor": 4200, "hill": 3600, "mill": 3000, "market": 4700},
    "channel": {"web": 6000, "desk": 9000},
}
MEASURES = ("amount", "minutes")
CLEAN = toy_sales.sales()


@pytest.fixture(name="con")
def fresh_tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database with the clean sales; every test may break its own copy."""
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("given", CLEAN)
        con.execute(
            "CREATE TABLE sales AS SELECT row_number() OVER () AS record_id, *, "
            "date_trunc('day', sold_at) + INTERVAL 28 HOUR AS loaded_at FROM given"
        )
        yield con


def query_on(con: duckdb.DuckDBPyConnection) -> Query:
    """Give the query function that the toolkit takes."""

    def query(sql: str, /, *, title: str = "") -> Rows:
        result = con.execute(sql)
        columns = tuple(entry[0] for entry in result.description or ())
        return Rows(columns, tuple(result.fetchall()))

    return query


def since(day: date, store: str = "mill") -> str:
    """Write the condition of a broken slice."""
    return f"store = '{store}' AND sold_at >= {literal(day)}"


# Profile, roles, keys


def test_the_profile_counts_rows_gaps_and_ranges(con: duckdb.DuckDBPyConnection) -> None:
    """Every column gets its type, its empty cells, its range and its number of values."""
    con.execute("UPDATE sales SET amount = NULL WHERE record_id <= 10")

    profile = profile_table(query_on(con), "sales")

    assert profile.rows == CLEAN.num_rows
    assert profile.column("amount").nulls == 10
    assert profile.column("store").distinct == 4
    assert profile.column("sold_at").days == toy_sales.DAYS
    assert profile.column("sold_at").hours >= 9
    with pytest.raises(KeyError):
        profile.column("profit")


def test_roles_follow_from_types_names_and_group_sizes(con: duckdb.DuckDBPyConnection) -> None:
    """The moment has most days, measures are no ids, slices have few values."""
    query = query_on(con)
    profile = profile_table(query, "sales")
    moment = guess_moment(profile)
    assert moment is not None

    roles = guess_roles(profile, moment, value_counts(query, "sales", slice_candidates(profile)))

    assert roles.moment in ("sold_at", "loaded_at")
    assert roles.measures == MEASURES
    assert roles.positive == MEASURES
    assert list(roles.slices) == ["channel", "store"]


@pytest.mark.parametrize(
    ("column", "is_id"),
    [
        ("sale_id", True),
        ("zip", True),
        ("flight", True),
        ("amount", False),
        ("paid", False),
        ("minutes", False),
        ("minute", True),
        ("orderId", True),
    ],
)
def test_names_tell_ids_from_amounts(column: str, is_id: bool) -> None:
    """Names that end like an identifier or a part of a date are no measures."""
    assert looks_like_id(column) is is_id


def test_the_shortest_exact_key_wins(con: duckdb.DuckDBPyConnection) -> None:
    """One column that identifies every row is found; without it, a set of columns is."""
    query = query_on(con)
    profile = profile_table(query, "sales")

    one = find_keys(query, "sales", profile, ["sale", "store", "customer"])
    several = find_keys(query, "sales", profile, ["sold_at", "store", "customer"], first="sold_at")

    assert one[0].columns == ("sale",)
    assert one[0].uniqueness.value == 1
    assert "sold_at" in several[0].columns
    assert len(several[0].columns) > 1


def test_without_a_key_nothing_is_claimed(con: duckdb.DuckDBPyConnection) -> None:
    """Columns that leave many rows alike are no key."""
    query = query_on(con)

    assert find_keys(query, "sales", profile_table(query, "sales"), ["store", "channel"]) == ()


# Rows: twice, never, late


def test_repeats_of_the_business_key_are_counted_exactly(con: duckdb.DuckDBPyConnection) -> None:
    """Extra rows, their slice and their first day are found, and `once` removes them."""
    con.execute(
        "INSERT INTO sales SELECT 900000 + record_id, * EXCLUDE record_id FROM sales "
        f"WHERE {since(ONSET)} AND record_id % 3 = 0"
    )
    extra = con.execute("SELECT count(*) FROM sales WHERE record_id > 900000").fetchall()[0][0]

    found = find_duplicates(query_on(con), SALES, ["sale"], "record_id", GROUPS, SPAN)

    assert found is not None
    assert (found.size.value, found.size.low, found.size.high) == (extra, extra, extra)
    assert found.slice == {"store": "mill"}
    assert found.since == ONSET
    left = con.execute(f"SELECT count(*) FROM {once(SALES, ['sale'], 'record_id')}").fetchall()
    assert left == [(CLEAN.num_rows,)]


def test_repeats_that_were_always_there_are_no_signal(con: duckdb.DuckDBPyConnection) -> None:
    """A steady rate of repeats before and after is the usual state."""
    con.execute(
        "INSERT INTO sales SELECT 900000 + record_id, * EXCLUDE record_id FROM sales "
        "WHERE record_id % 50 = 0"
    )

    assert find_duplicates(query_on(con), SALES, ["sale"], "record_id", GROUPS, SPAN) is None


def test_a_missing_day_of_one_feed_is_found_with_an_interval(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Slice, day and about how many rows are missing."""
    gone = con.execute(
        "SELECT count(*) FROM sales WHERE store = 'market' "
        f"AND CAST(sold_at AS DATE) = {literal(ONSET)}"
    ).fetchall()[0][0]
    con.execute(
        f"DELETE FROM sales WHERE store = 'market' AND CAST(sold_at AS DATE) = {literal(ONSET)}"
    )

    counts = count_days(query_on(con), SALES, since=SPAN.since, until=LAST)
    (found,) = find_missing_days(counts, since=SOUND, until=LAST)

    assert found.slice == {"store": "market"}
    assert found.since == found.until == ONSET
    assert found.size.low < found.size.value < found.size.high
    assert found.size.value == pytest.approx(gone, rel=0.4)
    assert found.size.unit == "missing rows"


def test_intervals_of_expected_rows_cover_what_comes() -> None:
    """Over all ordinary days, about four in five counts lie inside the 80% interval."""
    with duckdb.connect() as con:
        con.register("sales", CLEAN)
        counts = count_days(query_on(con), SALES, since=SPAN.since, until=LAST)
    days = [SPAN.since + timedelta(days=k) for k in range(30, toy_sales.DAYS - 30)]
    cells = [cell for cell in counts.cells if cell[0] == "store"]
    inside = [
        usual.low <= counts.at(cell, day) <= usual.high
        for cell in cells
        for day in days
        for usual in [expected_rows(counts, cell, day)]
    ]

    assert 0.65 <= sum(inside) / len(inside) <= 0.92


def test_two_missing_days_in_a_row_are_one_signal(con: duckdb.DuckDBPyConnection) -> None:
    """Days that follow each other in one slice belong together."""
    end = ONSET + timedelta(days=1)
    con.execute(
        "DELETE FROM sales WHERE store = 'hill' AND CAST(sold_at AS DATE) "
        f"BETWEEN {literal(ONSET)} AND {literal(end)}"
    )

    counts = count_days(query_on(con), SALES, since=SPAN.since, until=LAST)
    (found,) = find_missing_days(counts, since=SOUND, until=LAST)

    assert (found.since, found.until) == (ONSET, end)


def test_a_day_off_for_everybody_is_no_missing_feed(con: duckdb.DuckDBPyConnection) -> None:
    """Where all slices are thin on one day, the table as a whole is, and that is said instead."""
    con.execute(
        f"DELETE FROM sales WHERE CAST(sold_at AS DATE) = {literal(ONSET)} AND record_id % 5 > 0"
    )

    counts = count_days(query_on(con), SALES, since=SPAN.since, until=LAST)

    assert [signal.slice for signal in find_missing_days(counts, since=SOUND, until=LAST)] == [{}]


def test_expectations_say_when_they_rest_on_little() -> None:
    """With fewer than four comparable days the estimate carries a warning."""
    with duckdb.connect() as con:
        con.register("sales", CLEAN)
        counts = count_days(query_on(con), SALES, since=LAST - timedelta(days=8), until=LAST)

    assert expected_rows(counts, ("", ""), LAST).warnings


def test_late_rows_are_sized_by_the_completeness_of_their_age(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """The slice that comes in parts is found, with the rows that are still to come."""
    con.execute(
        "UPDATE sales SET loaded_at = loaded_at + INTERVAL (record_id % 4) DAY "
        "WHERE store = 'market'"
    )
    as_of = LAST + timedelta(days=1)
    cut = f"loaded_at >= {literal(datetime(as_of.year, as_of.month, as_of.day, 8))}"
    late = con.execute(f"SELECT count(*) FROM sales WHERE {cut}").fetchall()[0][0]
    con.execute(f"DELETE FROM sales WHERE {cut}")

    found = find_late(query_on(con), SALES, "loaded_at", GROUPS, as_of=as_of, since=SPAN.since)

    assert found is not None
    assert found.slice == {"store": "market"}
    assert found.since == LAST - timedelta(days=2)
    assert found.size.low < found.size.value < found.size.high
    assert abs(found.size.value - late) <= 2.5 * (found.size.high - found.size.value)


# Values: units, clocks, defaults, exchanged columns


@pytest.mark.parametrize("factor", [100.0, 1 / 60, 1.609344])
def test_a_unit_change_is_found_with_its_factor(
    con: duckdb.DuckDBPyConnection, factor: float
) -> None:
    """The slice, the day and the conventional factor of a changed unit are named."""
    con.execute(f"UPDATE sales SET amount = amount * {factor} WHERE {since(ONSET, 'market')}")

    (found,) = find_unit_steps(query_on(con), SALES, MEASURES, SPAN)

    assert found.columns == ("amount",)
    assert found.slice == {"store": "market"}
    assert found.since is not None
    assert abs((found.since - ONSET).days) <= 1
    assert found.size.value == pytest.approx(factor)
    assert found.size.low < found.size.high
    assert found.size.assumptions


def test_what_moves_everything_is_no_unit_change(con: duckdb.DuckDBPyConnection) -> None:
    """A rise of all prices in all stores is business."""
    con.execute(f"UPDATE sales SET amount = amount * 2 WHERE sold_at >= {literal(ONSET)}")

    assert find_unit_steps(query_on(con), SALES, MEASURES, SPAN) == ()


def test_two_measures_that_step_alike_cast_doubt(con: duckdb.DuckDBPyConnection) -> None:
    """Where two measures of a slice grow by the same factor, the mix has changed more likely."""
    con.execute(f"UPDATE sales SET amount = amount * 2, minutes = minutes * 2 WHERE {since(ONSET)}")

    found = find_unit_steps(query_on(con), SALES, MEASURES, SPAN)

    assert len(found) == 2
    assert all(signal.detail.get("mix") and signal.size.warnings for signal in found)


@pytest.mark.parametrize(
    ("measured", "factor"),
    [(1.62, 1.609344), (58.0, 60.0), (0.0162, 1 / 60), (98.0, 100.0), (0.5, 0.5)],
)
def test_factors_snap_to_units_that_exist(measured: float, factor: float) -> None:
    """A measured factor near a conventional one becomes it; others stay as measured."""
    assert nearest_factor(measured, 0.01)[0] == pytest.approx(factor)


@pytest.mark.parametrize("hours", [-6, -3, 2, 7])
def test_a_shifted_clock_is_found_with_its_hours(
    con: duckdb.DuckDBPyConnection, hours: int
) -> None:
    """The slice, the day and the shift in hours of a moved clock are named."""
    con.execute(
        f"UPDATE sales SET sold_at = sold_at + INTERVAL ({hours}) HOUR WHERE {since(ONSET)}"
    )

    found = find_hour_shift(query_on(con), SALES, "sold_at", SPAN)

    assert found is not None
    assert found.slice == {"store": "mill"}
    assert found.size.value == hours
    assert found.since is not None
    assert abs((found.since - ONSET).days) <= 1


def test_equal_hours_need_no_shift() -> None:
    """A histogram is closest to itself without a shift."""
    import numpy as np

    hours = np.arange(24, dtype=float)

    assert best_shift(hours, hours) == 0
    assert best_shift(hours, np.roll(hours, 5)) == 5


@pytest.mark.parametrize(("column", "value"), [("amount", -1), ("customer", "UNKNOWN")])
def test_defaults_that_appear_are_found(
    con: duckdb.DuckDBPyConnection, column: str, value: object
) -> None:
    """A default-like value that was rare and is not any more is counted and placed."""
    con.execute(
        f"UPDATE sales SET {column} = {literal(value)} WHERE {since(ONSET)} AND record_id % 4 = 0"
    )
    rows = con.execute(f"SELECT count(*) FROM sales WHERE {column} = {literal(value)}").fetchall()
    columns = [c for c in profile_table(query_on(con), "sales").columns if c.name == column]

    (found,) = find_default_spikes(query_on(con), SALES, columns, GROUPS, SPAN)

    assert found.columns == (column,)
    assert found.detail["value"] == value
    assert found.slice == {"store": "mill"}
    assert found.size.value == rows[0][0]
    assert found.since is not None
    assert abs((found.since - ONSET).days) <= 1


def test_a_default_day_is_suspected_in_columns_of_days(con: duckdb.DuckDBPyConnection) -> None:
    """1900-01-01 in a column of times is a default."""
    con.execute("ALTER TABLE sales ADD COLUMN paid_on DATE")
    con.execute("UPDATE sales SET paid_on = CAST(sold_at AS DATE) + 3")
    con.execute(
        f"UPDATE sales SET paid_on = DATE '1900-01-01' WHERE {since(ONSET)} AND record_id % 3 = 0"
    )
    column = profile_table(query_on(con), "sales").column("paid_on")

    (found,) = find_default_spikes(query_on(con), SALES, [column], GROUPS, SPAN)

    assert found.detail["value"] == date(1900, 1, 1)


def test_columns_of_other_types_have_no_suspects() -> None:
    """A column of yes and no has no default that stands for missing."""
    column = ColumnProfile(
        name="paid", type="BOOLEAN", rows=1, nulls=0, distinct=2, low=False, high=True
    )

    assert suspects(column) == ()


def test_exchanged_columns_are_found_as_a_pair(con: duckdb.DuckDBPyConnection) -> None:
    """Both columns, the slice and the day of an exchange are named."""
    con.execute(f"UPDATE sales SET amount = minutes, minutes = amount WHERE {since(ONSET)}")

    (found,) = find_swaps(query_on(con), SALES, MEASURES, SPAN)

    assert set(found.columns) == set(MEASURES)
    assert found.slice == {"store": "mill"}
    assert found.since is not None
    assert abs((found.since - ONSET).days) <= 1


def test_clean_values_raise_no_signal(con: duckdb.DuckDBPyConnection) -> None:
    """Nothing is wrong with the clean table, and no check says otherwise."""
    query = query_on(con)
    profile = profile_table(query, "sales")
    columns = [c for c in profile.columns if c.name in ("amount", "minutes", "customer")]

    assert find_unit_steps(query, SALES, MEASURES, SPAN) == ()
    assert find_swaps(query, SALES, MEASURES, SPAN) == ()
    assert find_hour_shift(query, SALES, "sold_at", SPAN) is None
    assert find_default_spikes(query, SALES, columns, GROUPS, SPAN) == ()


def test_one_measure_alone_cannot_be_exchanged(con: duckdb.DuckDBPyConnection) -> None:
    """With a single measure there is nothing to compare, and nothing to read."""
    assert find_swaps(query_on(con), SALES, ("amount",), SPAN) == ()
    assert find_unit_steps(query_on(con), SALES, (), SPAN) == ()


# Joins


def test_fan_out_gives_the_keys_and_what_a_join_does(con: duckdb.DuckDBPyConnection) -> None:
    """Repeated keys of a second table are counted, with the factor by which a join multiplies."""
    con.execute(
        "CREATE TABLE stores AS SELECT DISTINCT store, TIMESTAMP '2023-05-01' AS changed_at "
        "FROM sales"
    )
    con.execute("INSERT INTO stores VALUES ('mill', TIMESTAMP '2024-04-03 10:00:00')")

    found = find_fan_out(query_on(con), "sales", "stores", {"store": "store"}, changed="changed_at")

    assert found is not None
    assert found.size.value == 1
    assert found.slice == {"store": "mill"}
    assert found.since == date(2024, 4, 3)
    mill = CLEAN["store"].to_pylist().count("mill")
    assert found.detail["join_factor"].value == pytest.approx(1 + mill / CLEAN.num_rows)  # type: ignore[union-attr]


def test_one_row_per_key_is_no_fan_out(con: duckdb.DuckDBPyConnection) -> None:
    """A sound second table gives no signal."""
    con.execute("CREATE TABLE stores AS SELECT DISTINCT store FROM sales")

    assert find_fan_out(query_on(con), "sales", "stores", {"store": "store"}) is None


# Text of SQL and results


def test_names_and_literals_are_quoted() -> None:
    """Quotes inside names and texts cannot end them."""
    assert name('a"b') == '"a""b"'
    assert literal("O'Hare") == "'O''Hare'"
    assert literal(True) == "TRUE"
    assert equals({}) == "TRUE"
    assert equals({}, negate=True) == "FALSE"


def test_levels_leave_out_days_without_values(con: duckdb.DuckDBPyConnection) -> None:
    """A day without values has weight 0, so that it cannot pull a level."""
    con.execute(f"UPDATE sales SET amount = NULL WHERE CAST(sold_at AS DATE) = {literal(ONSET)}")

    levels = daily_levels(query_on(con), SALES, ["amount"], SPAN)

    assert levels.series["amount", ("", "")].rows[levels.index(ONSET)] == 0


def test_every_size_says_how_it_was_made(con: duckdb.DuckDBPyConnection) -> None:
    """A size is an estimate with unit, n, method and interval, and reads as a sentence."""
    con.execute(f"UPDATE sales SET amount = amount * 100 WHERE {since(ONSET)}")

    (found,) = find_unit_steps(query_on(con), SALES, MEASURES, SPAN)

    size = found.size
    assert size.unit
    assert size.method
    assert size.n > 0
    assert size.low <= size.high
    assert size.unit in size.sentence()


def test_a_column_of_the_table_may_be_named_like_an_alias() -> None:
    """Columns named day, hour, value or dimension do not confuse the queries."""
    table = CLEAN.rename_columns(["day", "sold_at", "value", "dimension", "hour", "lag", "n"])
    relation = Relation(sql="sales", day='"sold_at"', slices=("value", "dimension"))
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("given", table)
        con.execute("CREATE TABLE sales AS SELECT * FROM given")
        query = query_on(con)

        assert find_unit_steps(query, relation, ("hour", "lag"), SPAN) == ()
        assert find_hour_shift(query, relation, "sold_at", SPAN) is None
        assert count_days(query, relation, since=SPAN.since, until=LAST).at(("", ""), LAST) > 0


def test_rows_without_a_slice_value_belong_to_no_slice() -> None:
    """A missing slice value counts for the whole table only."""
    stores = pa.array([None if at % 4 == 0 else s for at, s in enumerate(CLEAN["store"])])
    table = CLEAN.set_column(2, "store", pa.array([str(s) if s else None for s in stores]))
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("sales", table)
        counts = count_days(query_on(con), SALES, since=SPAN.since, until=LAST)

    assert all(value for dimension, value in counts.cells if dimension == "store")
