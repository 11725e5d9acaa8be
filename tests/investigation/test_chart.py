"""Charts: the spec, what is refused, and the sentence that says no more than the rows."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.investigation.chart import (
    LARGEST_CHART,
    MARKS,
    ChartChoice,
    chart_problems,
    chart_sentence,
    chart_spec,
    draw_chart,
)
from caseroom.investigation.sandbox import SandboxResult
from caseroom.vocabulary.errors import CaseroomError

WEEKS = tuple((date(2025, 1, 1) + timedelta(weeks=n)).isoformat() for n in range(12))
COLUMNS = ("week", "plan", "churn", "accounts")
TYPES = ("DATE", "VARCHAR", "DOUBLE", "BIGINT")
ROWS = tuple(
    (week, plan, 0.02 + number / 100 + (plan == "team") / 100, 12_000 + number)
    for number, week in enumerate(WEEKS)
    for plan in ("solo", "team")
)
SOLO = tuple(row for row in ROWS if row[1] == "solo")


def choice(mark: str, x: str, y: str, color: str = "", facet: str = "") -> ChartChoice:
    """Give a choice in short."""
    return ChartChoice(mark=mark, x=x, y=y, color=color, facet=facet)


def encoding(rows: Any, chosen: ChartChoice) -> dict[str, Any]:
    """Give the encoding of a chart of these rows."""
    return chart_spec(COLUMNS, TYPES, rows, chosen)["encoding"]


def result(rows: Any = ROWS, total: int | None = None) -> SandboxResult:
    """Give rows as the sandbox does."""
    return SandboxResult(
        columns=COLUMNS,
        types=TYPES,
        rows=tuple(rows),
        total_rows=len(rows) if total is None else total,
        capped=False,
        milliseconds=1.0,
    )


def test_spec_holds_its_own_data() -> None:
    """The spec is JSON with the rows inline, the version's schema name and nothing to load."""
    spec = chart_spec(COLUMNS, TYPES, SOLO, choice("line", "week", "churn"), "Churn by week")

    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    assert spec["$schema"].endswith("/v6.json")
    assert spec["data"]["values"][0] == {"week": "2025-01-01", "churn": 0.02}
    assert len(spec["data"]["values"]) == len(SOLO)
    assert "url" not in json.dumps(spec)
    assert spec["title"] == "Churn by week"
    assert spec["description"].startswith("Churn by week. Line chart of churn by week")


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_can_be_drawn(mark: str) -> None:
    """Every mark that is offered fits some columns."""
    color = "churn" if mark == "rect" else "plan"
    up = "plan" if mark == "rect" else "churn"

    drawn = draw_chart(result(), choice(mark, "week", up, color))

    assert drawn.spec["mark"]["type"] == mark
    assert len(drawn.rows) == len(ROWS)
    assert drawn.columns[0] == "week"
    assert drawn.sentence.endswith(".")


@pytest.mark.parametrize(
    ("mark", "zero"), [("bar", True), ("area", True), ("line", False), ("point", False)]
)
def test_bars_and_areas_start_at_zero(mark: str, zero: bool) -> None:
    """Marks whose length is read start at zero; marks whose place is read need not."""
    assert encoding(SOLO, choice(mark, "week", "churn"))["y"]["scale"]["zero"] is zero


def test_bars_across_start_at_zero_too() -> None:
    """Categories up and numbers across give bars that lie, from zero."""
    drawn = encoding(SOLO[:1], choice("bar", "churn", "plan"))

    assert drawn["x"]["scale"] == {"zero": True}
    assert drawn["y"]["type"] == "nominal"


def test_moments_are_drawn_in_utc() -> None:
    """Days do not shift with the reader's time zone; times carry their zone."""
    columns, types = ("at", "n"), ("TIMESTAMP", "BIGINT")
    spec = chart_spec(columns, types, [("2025-03-10T14:00:00", 1)], choice("line", "at", "n"))

    assert spec["encoding"]["x"]["scale"] == {"type": "utc"}
    assert spec["data"]["values"] == [{"at": "2025-03-10T14:00:00Z", "n": 1}]


def test_types_are_inferred() -> None:
    """Numbers, moments and categories are told apart by type, dates in text by their form."""
    columns = ("n", "d", "text", "month", "flag", "list")
    text = "VARCHAR"
    types = ("DECIMAL(10,2)", "TIMESTAMP WITH TIME ZONE", text, text, "BOOLEAN", "INTEGER[]")
    rows = [(1.5, "2025-03-10T00:00:00+00:00", "a", "2025-03", True, [1])]
    kinds = {
        name: chart_spec(columns, types, rows, choice("point", name, name))["encoding"]["x"]["type"]
        for name in columns
    }

    assert kinds == {
        "n": "quantitative",
        "d": "temporal",
        "text": "nominal",
        "month": "temporal",
        "flag": "nominal",
        "list": "nominal",
    }


def test_week_without_a_row_is_a_gap_between_bars() -> None:
    """Bars over time keep a place for each week, also for one without a row."""
    missing = [row for row in SOLO if row[0] != WEEKS[3]]

    axis = encoding(missing, choice("bar", "week", "churn"))["x"]

    assert axis["type"] == "ordinal"
    assert WEEKS[3] in axis["scale"]["domain"]


def test_months_keep_their_places() -> None:
    """Months are steps although their lengths differ."""
    rows = [("2025-01-01", "a", 1.0, 1), ("2025-04-01", "a", 1.0, 1)]
    rows.insert(1, ("2025-02-01", "a", 1.0, 1))

    axis = encoding(rows, choice("bar", "week", "churn"))["x"]

    assert axis["scale"]["domain"] == ["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"]


def test_bars_of_a_color_stand_side_by_side() -> None:
    """Rates do not add up, so bars of different colors are not put on each other."""
    drawn = encoding(ROWS, choice("bar", "week", "churn", "plan"))

    assert drawn["xOffset"]["field"] == "plan"
    assert drawn["color"]["sort"] is None


def test_facets_make_panels() -> None:
    """One panel per value of the facet."""
    drawn = encoding(ROWS, choice("line", "week", "churn", facet="plan"))

    assert drawn["facet"]["field"] == "plan"


@pytest.mark.parametrize("name", ["churn.rate", "a[0]", "it's", 'say "hi"', "datum.x + 1", "größe"])
def test_column_names_are_safe(name: str) -> None:
    """A column name is shown as it is and never read as a path or an expression."""
    spec = chart_spec((name, "n"), ("VARCHAR", "BIGINT"), [("a", 1)], choice("bar", name, "n"))
    field = spec["encoding"]["x"]["field"]

    assert re.fullmatch(r"\w+", field)
    assert spec["encoding"]["x"]["title"] == name
    assert spec["data"]["values"] == [{field: "a", "n": 1}]


def test_two_names_that_look_alike_stay_apart() -> None:
    """Names that differ in signs only keep their own values."""
    spec = chart_spec(("a.b", "a b"), ("BIGINT", "BIGINT"), [(1, 2)], choice("point", "a.b", "a b"))

    assert sorted(spec["data"]["values"][0].values()) == [1, 2]


def test_values_that_are_no_numbers_are_gaps() -> None:
    """NaN, infinity and text in place of a huge number are left out and counted."""
    rows = [("a", 1.0), ("b", "NaN"), ("c", "Infinity"), ("d", None)]
    chosen = choice("bar", "plan", "churn")
    table = (("plan", "churn"), ("VARCHAR", "DOUBLE"), rows)
    spec = chart_spec(*table, chosen)

    assert [value["churn"] for value in spec["data"]["values"]] == [1.0, None, None, None]
    assert "3 without a value" in chart_sentence(*table, chosen)


PROBLEMS = [
    (choice("pie", "week", "churn"), ROWS, "no mark 'pie'", "bar, line"),
    (choice("line", "weak", "churn"), ROWS, "no column 'weak' for x", "did you mean week?"),
    (choice("line", "week", ""), ROWS, "column is missing for y", "week, plan"),
    (choice("line", "week", "churn", "color"), ROWS, "no column 'color' for color", "week, plan"),
    (choice("line", "week", "plan"), ROWS, "A line needs numbers", "count(*)"),
    (choice("area", "week", "plan"), ROWS, "An area needs numbers", "count"),
    (choice("bar", "week", "plan"), ROWS, "neither week nor plan", "count(*)"),
    (choice("rect", "week", "plan"), ROWS, "none is chosen", "color"),
    (choice("bar", "week", "churn"), ROWS, "2 rows share week = 2025-01-01", "GROUP BY"),
    (choice("line", "week", "churn"), ROWS, "2 rows share", "color or facet"),
    (choice("point", "week", "churn"), (), "no rows", "loosen"),
]


@pytest.mark.parametrize(("chosen", "rows", "problem", "hint"), PROBLEMS)
def test_unsuited_choice_is_told(chosen: ChartChoice, rows: Any, problem: str, hint: str) -> None:
    """A choice that cannot be drawn, or would mislead, says why and what to do."""
    (error, *_) = chart_problems(COLUMNS, TYPES, rows, chosen)

    assert problem in error.problem
    assert hint in str(error)
    with pytest.raises(CaseroomError, match=re.escape(problem)):
        draw_chart(result(rows), chosen)


def test_all_unknown_columns_are_told_at_once() -> None:
    """Every wrong name is named, not the first only."""
    assert len(chart_problems(COLUMNS, TYPES, ROWS, choice("line", "a", "b", "c", "d"))) == 4


def test_too_many_rows_are_told() -> None:
    """A result that was not fetched whole is not drawn as if it were."""
    with pytest.raises(CaseroomError, match="9,000 rows"):
        draw_chart(result(total=9_000), choice("point", "week", "churn"))
    assert LARGEST_CHART == 5_000


def test_too_many_groups_are_told() -> None:
    """Colors and panels that nobody can tell apart are refused; a scale of colors is not."""
    rows = [(f"p{n}", n, n) for n in range(40)]
    table = (("plan", "a", "b"), ("VARCHAR", "BIGINT", "BIGINT"), rows)

    assert chart_problems(*table, choice("point", "a", "b", color="plan"))
    assert chart_problems(*table, choice("point", "a", "b", facet="plan"))
    assert not chart_problems(*table, choice("point", "a", "b", color="a"))


def test_sentence_over_time() -> None:
    """Over time the sentence gives range, extremes, first and last, and nothing beyond."""
    said = chart_sentence(COLUMNS, TYPES, SOLO, choice("line", "week", "accounts"))

    assert said == (
        "Line chart of accounts by week: 12 rows, week from 2025-01-01 to 2025-03-19; "
        "highest 12,011 (2025-03-19); lowest 12,000 (2025-01-01); "
        "first 12,000, last 12,011 (+0%)."
    )


def test_sentence_names_each_series() -> None:
    """Each line of a color has its own first and last value."""
    said = chart_sentence(COLUMNS, TYPES, ROWS, choice("line", "week", "churn", "plan"))

    assert "one color per plan" in said
    assert "solo first 0.02, last 0.13 (+550%)" in said
    assert "team first 0.03, last 0.14 (+367%)" in said
    assert "highest 0.14 (2025-03-19, team)" in said


def test_sentence_of_categories_has_no_first_and_last() -> None:
    """The order of categories is no course of time."""
    rows = [("solo", 5), ("team", 7)]
    said = chart_sentence(("plan", "n"), ("VARCHAR", "BIGINT"), rows, choice("bar", "plan", "n"))

    assert said == "Bar chart of n by plan: 2 rows; highest 7 (team); lowest 5 (solo)."


@given(
    values=st.lists(
        st.one_of(st.none(), st.floats(-1e6, 1e6), st.integers(-(10**9), 10**9)),
        min_size=1,
        max_size=40,
    ),
    mark=st.sampled_from(["bar", "line", "area", "point", "tick"]),
)
def test_sentence_claims_only_what_is_there(values: list[Any], mark: str) -> None:
    """For any numbers there is one sentence without words of trend, cause or significance."""
    hours = [f"2024-01-{1 + n // 2:02d}T{n % 2 * 12:02d}:00:00" for n in range(len(values))]
    table = (("at", "n"), ("TIMESTAMP", "DOUBLE"), list(zip(hours, values, strict=True)))
    said = chart_sentence(*table, choice(mark, "at", "n"))

    assert said.endswith(".")
    assert not re.search(r"trend|significant|because|due to|caus|rises|falls", said)
    assert not chart_problems(*table, choice(mark, "at", "n"))
