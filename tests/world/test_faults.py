"""Fault injectors: pure, keyed by row, exact in what they report, and undone by the right rule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_sales
from caseroom.world.faults import (
    DAY,
    HELPERS,
    ROW,
    ClockShift,
    LateRows,
    MissingRows,
    Placeholder,
    RepeatedKeys,
    RepeatedRows,
    Scope,
    SwappedColumns,
    UnitSwitch,
    in_scope,
    keep_first,
    plant_clock,
    plant_late,
    plant_missing,
    plant_placeholder,
    plant_repeated,
    plant_repeated_keys,
    plant_swap,
    plant_unit,
    row_numbers,
    undo_clock,
    undo_placeholder,
    undo_swap,
    undo_unit,
)

DAYS = 40
LAST = toy_sales.FIRST + timedelta(days=DAYS - 1)
AS_OF = datetime(LAST.year, LAST.month, LAST.day, 8) + timedelta(days=1)


def framed() -> pa.Table:
    """Give clean sales with the helper columns and a time of loading in the next night."""
    table = toy_sales.sales(days=DAYS)
    day = table["sold_at"].cast(pa.date32())
    night = pa.array([datetime(d.year, d.month, d.day, 4) for d in day.to_pylist()])
    loaded = pa.array([at + timedelta(days=1) for at in night.to_pylist()], pa.timestamp("us"))
    table = table.append_column("loaded_at", loaded)
    row = pa.array(np.arange(table.num_rows, dtype=np.int64))
    return table.append_column(ROW, row).append_column(DAY, day)


TABLE = framed()
SCOPES = st.builds(
    Scope,
    slice=st.sampled_from([{}, {"store": "mill"}, {"channel": "web"}, {"store": "hill"}]),
    since=st.none() | st.dates(toy_sales.FIRST, LAST),
    until=st.none() | st.dates(toy_sales.FIRST, LAST),
)
SEEDS = st.integers(0, 2**40)


def expected_mask(table: pa.Table, scope: Scope) -> list[bool]:
    """Say row by row, in plain Python, what lies in a scope."""
    return [
        all(row[k] == v for k, v in scope.slice.items())
        and (scope.since is None or row[DAY] >= scope.since)
        and (scope.until is None or row[DAY] <= scope.until)
        for row in table.to_pylist()
    ]


@given(SCOPES)
def test_a_scope_holds_the_rows_of_its_slice_and_days(scope: Scope) -> None:
    """The mask equals the plain reading of slice, first and last day."""
    assert in_scope(TABLE, scope).tolist() == expected_mask(TABLE, scope)


def test_a_missing_slice_value_is_in_no_slice() -> None:
    """A row without a value for the dimension is never touched by a fault of a slice."""
    empty = pa.array([None] * TABLE.num_rows, pa.string())
    table = TABLE.set_column(TABLE.column_names.index("store"), "store", empty)

    assert not in_scope(table, Scope(slice={"store": "mill"})).any()


@given(SCOPES, st.floats(0, 1), SEEDS)
def test_repeats_add_copies_and_keep_every_row(scope: Scope, share: float, seed: int) -> None:
    """All clean rows stay; each extra row is a copy of a touched one, loaded later."""
    fault = RepeatedRows(scope=scope, share=share, loaded="loaded_at", seed=seed)
    found = plant_repeated(TABLE, fault)

    extra = found.table.slice(TABLE.num_rows)
    assert found.table.slice(0, TABLE.num_rows).equals(TABLE)
    assert row_numbers(extra).tolist() == found.rows.tolist()
    originals = TABLE.take(pa.array(found.rows))
    plain = [c for c in TABLE.column_names if c != "loaded_at"]
    assert extra.select(plain).equals(originals.select(plain))
    pairs = zip(extra["loaded_at"].to_pylist(), originals["loaded_at"].to_pylist(), strict=True)
    assert all(again > first for again, first in pairs)


@given(SCOPES, st.floats(0, 1), st.floats(0, 1), SEEDS)
def test_a_larger_share_only_ever_adds_repeats(
    scope: Scope, one: float, other: float, seed: int
) -> None:
    """Which rows are hit is monotone in the share."""
    low, high = sorted((one, other))
    few, many = (
        plant_repeated(TABLE, RepeatedRows(scope=scope, share=s, loaded="loaded_at", seed=seed))
        for s in (low, high)
    )

    assert set(few.rows.tolist()) <= set(many.rows.tolist())


@given(SCOPES)
def test_missing_rows_are_those_of_the_scope_and_no_others(scope: Scope) -> None:
    """What is gone and what is left make up the clean table."""
    found = plant_missing(TABLE, MissingRows(scope=scope))

    left = set(row_numbers(found.table).tolist())
    gone = set(found.rows.tolist())
    assert left | gone == set(range(TABLE.num_rows))
    assert not left & gone
    assert len(gone) == sum(expected_mask(TABLE, scope))


@given(st.sampled_from([{}, {"store": "mill"}]), SEEDS)
def test_late_rows_are_gone_only_where_they_are_not_loaded_yet(
    slice_: dict[str, str], seed: int
) -> None:
    """No row that is there was loaded after the extract; other slices lose nothing."""
    fault = LateRows(
        scope=Scope(slice=slice_), lags=(0.5, 0.3, 0.2), loaded="loaded_at", as_of=AS_OF, seed=seed
    )
    found = plant_late(TABLE, fault)

    assert max(found.table["loaded_at"].to_pylist()) < AS_OF
    assert set(np.asarray(TABLE.take(pa.array(found.rows))["store"]).tolist()) <= (
        set(slice_.values()) or set(toy_sales.STORES)
    )
    assert found.since is None or found.since >= LAST - timedelta(days=1)


def test_late_rows_come_in_the_shares_that_were_asked_for() -> None:
    """Over many rows the lags have the given shares."""
    fault = LateRows(
        scope=Scope(), lags=(0.5, 0.3, 0.2), loaded="loaded_at", as_of=datetime(2030, 1, 1), seed=5
    )
    moved = plant_late(TABLE, fault).table
    lags = [
        (late - usual).days
        for late, usual in zip(
            moved["loaded_at"].to_pylist(), TABLE["loaded_at"].to_pylist(), strict=True
        )
    ]

    shares = np.bincount(lags) / len(lags)
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=0.03)


@given(SCOPES, st.sampled_from([100.0, 1 / 60, 1.609344]))
def test_a_unit_change_is_undone_by_its_own_factor(scope: Scope, factor: float) -> None:
    """Dividing by the factor within the scope gives the old values up to rounding."""
    found = plant_unit(TABLE, UnitSwitch(scope=scope, column="amount", factor=factor, decimals=4))
    back = undo_unit(found.table, scope, "amount", factor)

    assert np.allclose(np.asarray(back["amount"]), np.asarray(TABLE["amount"]), atol=0.01)
    assert len(found.rows) == sum(expected_mask(TABLE, scope))


@given(SCOPES, st.integers(-12, 12))
def test_a_shifted_clock_is_undone_by_the_same_hours(scope: Scope, hours: int) -> None:
    """Moving times back within the scope gives the old times; rows outside are never moved."""
    found = plant_clock(TABLE, ClockShift(scope=scope, column="sold_at", hours=hours))

    assert undo_clock(found.table, scope, "sold_at", hours).equals(TABLE)
    outside = pa.array(~in_scope(TABLE, scope))
    assert found.table.filter(outside).equals(TABLE.filter(outside))


@given(SCOPES, SEEDS, st.sampled_from([("amount", -1.0), ("customer", "UNKNOWN"), ("sale", 0.0)]))
def test_defaults_are_blanked_by_the_rule(
    scope: Scope, seed: int, what: tuple[str, float | str]
) -> None:
    """After the repair exactly the touched rows have no value, all others have their own."""
    column, value = what
    fault = Placeholder(scope=scope, column=column, value=value, share=0.5, seed=seed)
    found = plant_placeholder(TABLE, fault)
    back = undo_placeholder(found.table, scope, column, value)

    touched = np.isin(row_numbers(TABLE), found.rows)
    assert [v is None for v in back[column].to_pylist()] == touched.tolist()
    rest = pa.array(~touched)
    assert back.filter(rest)[column].equals(TABLE.filter(rest)[column])
    assert back.schema.equals(TABLE.schema)


def test_a_default_day_fits_columns_of_days_and_times() -> None:
    """1900-01-01 becomes a day or a time as the column has it."""
    for column in ("sold_at", DAY):
        fault = Placeholder(scope=Scope(), column=column, value=date(1900, 1, 1), share=1.0, seed=1)
        values = plant_placeholder(TABLE, fault).table[column].to_pylist()
        assert {str(value)[:10] for value in values} == {"1900-01-01"}


@given(SCOPES)
def test_exchanging_columns_twice_changes_nothing(scope: Scope) -> None:
    """An exchange is its own repair."""
    columns = ("amount", "minutes")
    found = plant_swap(TABLE, SwappedColumns(scope=scope, columns=columns))

    assert undo_swap(found.table, scope, columns).equals(TABLE)


@given(st.lists(st.sampled_from(toy_sales.STORES), unique=True))
def test_repeated_keys_are_undone_by_keeping_the_first(keys: list[str]) -> None:
    """Second rows are written later, spelled differently, and go away again."""
    stores = pa.table(
        {
            "store": list(toy_sales.STORES),
            "name": [store.title() for store in toy_sales.STORES],
            "changed_at": pa.array([datetime(2023, 1, 1)] * 4, pa.timestamp("us")),
        }
    )
    fault = RepeatedKeys(
        key="store",
        keys=tuple(keys),
        changed="changed_at",
        written=datetime(2024, 2, 1),
        respelled="name",
    )
    doubled = plant_repeated_keys(stores, fault)

    assert doubled.num_rows == 4 + len(keys)
    assert all(row["name"].isupper() for row in doubled.to_pylist()[4:])
    assert keep_first(doubled, "store").equals(stores)


@given(SEEDS)
def test_which_rows_are_hit_does_not_depend_on_their_order(seed: int) -> None:
    """A row's fate follows from the seed and its number, not from where it stands."""
    fault = Placeholder(scope=Scope(), column="amount", value=-1.0, share=0.3, seed=seed)
    turned = TABLE.take(pa.array(np.arange(TABLE.num_rows)[::-1].copy()))

    here = set(plant_placeholder(TABLE, fault).rows.tolist())
    there = set(plant_placeholder(turned, fault).rows.tolist())
    assert here == there


@given(SEEDS)
def test_planting_twice_gives_identical_bytes(seed: int) -> None:
    """The same fault on the same table is the same table."""
    fault = RepeatedRows(scope=Scope(), share=0.1, loaded="loaded_at", seed=seed)

    assert plant_repeated(TABLE, fault).table.equals(plant_repeated(TABLE, fault).table)


def test_planting_never_changes_the_table_it_is_given() -> None:
    """Injectors are pure: the clean table stays as it was."""
    before = TABLE.to_pydict()
    plant_unit(TABLE, UnitSwitch(scope=Scope(), column="amount", factor=100.0))
    plant_missing(TABLE, MissingRows(scope=Scope()))
    plant_swap(TABLE, SwappedColumns(scope=Scope(), columns=("amount", "minutes")))

    assert TABLE.to_pydict() == before
    assert set(HELPERS) <= set(TABLE.column_names)


def test_the_first_day_is_that_of_the_first_touched_row() -> None:
    """A fault reports the day on which it first shows."""
    since = toy_sales.FIRST + timedelta(days=10)
    found = plant_unit(TABLE, UnitSwitch(scope=Scope(since=since), column="amount", factor=12.0))
    nothing = plant_missing(TABLE, MissingRows(scope=Scope(slice={"store": "moon"})))

    assert found.since == since
    assert (nothing.since, len(nothing.rows)) == (None, 0)
