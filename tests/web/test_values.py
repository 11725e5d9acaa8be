"""How values read on pages, addresses of results, the chart builder, three futures as charts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_kind
import toy_room
from caseroom.case.form import Submission
from caseroom.service.views import QueryView
from caseroom.web.addresses import Pager, ResultPlace, Sorting
from caseroom.web.chart_form import build_builder, choice_from
from caseroom.web.filters import cell, count, is_numeric, labeled, moment, money, plural, share
from caseroom.web.futures import future_charts


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "$0"),
        (125_000, "$1,250"),
        (1250, "$12.50"),
        (-30_000, "−$300"),
        (123_456_789, "$1,234,567"),
    ],
)
def test_money_reads_as_dollars(cents: int, text: str) -> None:
    """Cents are shown where they matter, the sign stands before the dollar."""
    assert money(cents) == text


def test_numbers_and_words_read_naturally() -> None:
    """Counts have separators, one thing is singular, shares are percent, ids become words."""
    assert count(12029) == "12,029"
    assert count(-3) == "−3"
    assert plural(1, "row") == "1 row"
    assert plural(2, "row") == "2 rows"
    assert share(0.8) == "80%"
    assert labeled("saas") == "SaaS"
    assert labeled("data_quality-check") == "Data quality check"
    assert moment(datetime(2025, 3, 9, 8, 5, tzinfo=UTC)) == "Mar 9, 2025, 08:05 UTC"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_in_cells_stay_numbers(value: float) -> None:
    """A float in a cell reads back to nearly the same number."""
    assert float(cell(value)) == pytest.approx(value, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (0.1 + 0.2, "0.3"), (5.0, "5"), ("a", "a"), (1e-9, "1e-09")]
)
def test_values_in_cells_read_plainly(value: object, text: str) -> None:
    """No binary noise, no capital True."""
    assert cell(value) == text


@pytest.mark.parametrize(
    ("kind", "numeric"),
    [("BIGINT", True), ("DECIMAL(18,3)", True), ("INTERVAL", False), ("INTEGER[]", False)],
)
def test_numeric_types_are_known(kind: str, numeric: bool) -> None:
    """Numbers are aligned right; intervals and lists are not numbers."""
    assert is_numeric(kind) is numeric


@given(st.integers(0, 2000), st.integers(1, 60), st.integers(1, 100))
def test_pages_cover_all_rows(rows: int, page: int, size: int) -> None:
    """There is at least one page, every row is on one, and neighbors exist where they should."""
    pager = Pager.of(ResultPlace(case_id="c", query=1, page=page), rows, size)

    assert (pager.last - 1) * size < max(rows, 1) <= pager.last * size
    assert (pager.before is not None) == (pager.now > 1)
    assert (pager.after is not None) == (pager.now < pager.last)


def test_addresses_keep_awkward_column_names() -> None:
    """A column name with signs that mean something in an address survives."""
    address = Sorting(ResultPlace(case_id="c", query=2)).address("a&b=c d#e")

    assert address.page == "/case/c?query=2&order=a%26b%3Dc+d%23e"
    assert address.part == "/case/c/query/2?order=a%26b%3Dc+d%23e"


def result(columns: tuple[str, ...], types: tuple[str, ...], error: str = "") -> QueryView:
    """Give a result with one row."""
    return QueryView(
        id=1,
        sql="select 1",
        at=datetime(2025, 1, 1, tzinfo=UTC),
        columns=columns,
        types=types,
        rows=((0,) * len(columns),),
        page=1,
        page_size=50,
        total_rows=1,
        capped=False,
        milliseconds=1.0,
        error=error,
    )


def chosen(columns: tuple[str, ...], types: tuple[str, ...]) -> dict[str, str]:
    """Give what the builder proposes."""
    builder = build_builder(result(columns, types), None)
    assert builder is not None
    return {field.name: field.chosen for field in builder.fields}


def test_a_result_over_time_is_proposed_as_a_line() -> None:
    """A date goes across, the first number up."""
    proposed = chosen(("region", "day", "cups"), ("VARCHAR", "DATE", "BIGINT"))

    assert (proposed["mark"], proposed["x"], proposed["y"]) == ("line", "day", "cups")


def test_other_results_are_proposed_as_bars() -> None:
    """Categories go across; a result without a number still has a proposal."""
    bars = chosen(("region", "cups"), ("VARCHAR", "BIGINT"))
    words = chosen(("a",), ("VARCHAR",))

    assert (bars["mark"], bars["x"], bars["y"]) == ("bar", "region", "cups")
    assert (words["x"], words["y"]) == ("a", "a")


def test_nothing_is_drawn_from_nothing() -> None:
    """An error has no chart builder, and an address without a mark asks for no chart."""
    assert build_builder(result((), (), error="no"), None) is None
    assert choice_from({"x": "a"}) is None


def test_futures_are_drawn_per_measure() -> None:
    """One chart per measure with three lines; table and sentence hold the same numbers."""
    case = toy_room.draw(toy_kind.spec())
    consequence = toy_room.consequence(case, (), Submission({}, {}))
    charts = dict(future_charts(consequence))

    assert list(charts) == ["Sales per week", "Customers"]
    chart = charts["Customers"]
    assert len(chart.rows) == 26
    assert len(chart.spec["data"]["values"]) == 78
    assert chart.rows[0][0] == date(2025, 6, 2).isoformat()
    assert "Nov 24, 2025" in chart.sentence
