"""data-audit on a person's own table: what it learns, what it plants, what it refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import toy_sales
from caseroom.case.contract import CaseSpec, SourceData
from caseroom.case.kinds.data_audit.drawn import drawn_case
from caseroom.case.kinds.data_audit.source import load_source
from caseroom.case.kinds.data_audit.survey import survey_source
from caseroom.case.parse import parse_submission
from caseroom.case.registry import load_kind
from caseroom.grading.report import grade
from caseroom.investigation.desk import LocalDesk
from caseroom.investigation.log import InvestigationLog
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level, Vertical

KIND = load_kind("data-audit")


def given(path: Path) -> SourceData:
    """Give what the service hands over: our copy of a person's file, its name, its digest."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return SourceData(path=path, name=path.name, sha256=digest)


def spec_of(path: Path, seed: int = 1, level: Level = Level.MID) -> CaseSpec:
    """Give the spec of a case on a file."""
    return CaseSpec(
        kind=KIND.id,
        version=1,
        seed=seed,
        level=level,
        vertical=Vertical.SAAS,
        source=given(path),
    )


@pytest.fixture(name="csv")
def sales_file(tmp_path: Path) -> Path:
    """Give the sales as a CSV file with a name and columns as people have them."""
    names = ["Sale ID", "soldAt", "Store", "channel", "Amount ($)", "minutes", "customer"]
    return toy_sales.write_csv(toy_sales.sales().rename_columns(names), tmp_path / "My Sales.csv")


def test_types_key_roles_and_days_are_learned(csv: Path) -> None:
    """A CSV file needs no schema: moment, key, measures and slices are found."""
    survey = survey_source(given(csv))

    assert survey.source.table_name == "my_sales"
    assert survey.roles.moment == "sold_at"
    assert survey.key == ("sale_id",)
    assert survey.roles.measures == ("amount", "minutes")
    assert list(survey.roles.slices) == ["channel", "store"]
    assert survey.last == toy_sales.FIRST + timedelta(days=toy_sales.DAYS - 1)


def test_csv_and_parquet_give_the_same_case(csv: Path, tmp_path: Path) -> None:
    """The format of the file does not matter to what is planted."""
    names = ["sale_id", "sold_at", "store", "channel", "amount", "minutes", "customer"]
    table = toy_sales.sales().rename_columns(names)
    parquet = toy_sales.write_parquet(table, tmp_path / "My Sales.parquet")

    one, other = (drawn_case(spec_of(path)).plan for path in (csv, parquet))

    assert [(f.type, dict(f.slice), f.since, f.size) for f in one.faults] == [
        (f.type, dict(f.slice), f.since, f.size) for f in other.faults
    ]


def test_the_given_file_is_never_changed(csv: Path, tmp_path: Path) -> None:
    """Drawing, building and solving leave the bytes of the file alone."""
    before = csv.read_bytes()
    case = KIND.draw(spec_of(csv))
    with LocalDesk(KIND, case, tmp_path) as desk:
        KIND.reference(desk)

    assert csv.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == ["My Sales.csv"]


@pytest.mark.parametrize("level", list(Level))
def test_the_reference_solver_works_on_tables_it_has_never_seen(
    csv: Path, tmp_path: Path, level: Level
) -> None:
    """On a person's table the solver finds every planted fault, too."""
    case = KIND.draw(spec_of(csv, seed=3, level=level))
    with LocalDesk(KIND, case, tmp_path) as desk:
        submission, problems = parse_submission(case.form, KIND.reference(desk))
        bought = desk.purchases
    assert submission is not None, problems

    consequence = KIND.consequence(case, bought, submission)
    report = grade(case, KIND, InvestigationLog(), submission, consequence)
    scores = {evidence.criterion: evidence.score for evidence in report.evidence}
    assert scores["findings"] >= 0.9
    assert scores["main_fault"] == 1
    assert not report.gates


def test_the_brief_says_what_was_added_and_left_out(tmp_path: Path) -> None:
    """Columns that were added, and columns of types that can't be used, are named."""
    table = toy_sales.sales()
    tags = pa.array([["a", "b"]] * table.num_rows)
    path = toy_sales.write_parquet(table.append_column("tags", tags), tmp_path / "t.parquet")

    brief = KIND.draw(spec_of(path)).brief

    text = " ".join(brief.context)
    assert "record_id" in text
    assert "tags" in text
    assert "your own" in text


def test_names_that_we_need_ourselves_are_set_aside(tmp_path: Path) -> None:
    """A person's columns record_id and loaded_at, and a table called tickets, find other names."""
    table = toy_sales.sales()
    names = ["record_id", "sold_at", "store", "channel", "amount", "loaded_at", "customer"]
    path = toy_sales.write_parquet(table.rename_columns(names), tmp_path / "tickets.parquet")

    case = KIND.draw(spec_of(path))
    built = KIND.build(case, (), tmp_path / "company.duckdb", lambda what, share: None)

    assert "tickets_data" in built
    columns = [e.column for e in case.brief.dictionary if e.table == "tickets_data"]
    assert {"record_id", "record_id_given", "loaded_at", "loaded_at_given"} <= set(columns)


def test_days_without_hours_are_enough(tmp_path: Path) -> None:
    """A table of days gets no fault of the clock, and a report without hours."""
    table = toy_sales.sales()
    days = table["sold_at"].cast(pa.date32())
    path = toy_sales.write_parquet(table.set_column(1, "sold_on", days), tmp_path / "days.parquet")

    drawn = [drawn_case(spec_of(path, seed)) for seed in range(4)]

    assert all("clock_shift" not in {f.type for f in d.plan.faults} for d in drawn)
    assert all("evening_share" not in {n.id for n in d.numbers} for d in drawn)


def test_oddities_of_the_persons_own_cost_nothing(tmp_path: Path) -> None:
    """Empty cells and old repeats are original: they may be named, and are not planted."""
    table = toy_sales.sales()
    amount = table["amount"].to_pylist()
    amount = pa.array([None if at % 30 == 0 else v for at, v in enumerate(amount)])
    path = toy_sales.write_parquet(table.set_column(4, "amount", amount), tmp_path / "odd.parquet")
    drawn = drawn_case(spec_of(path))

    assert ("empty_values", "odd.amount") in drawn.ground.oddities


def no_days(table: pa.Table) -> pa.Table:
    """Leave out the moment."""
    return table.drop_columns(["sold_at"])


def no_slices(table: pa.Table) -> pa.Table:
    """Leave out what could be sliced by."""
    return table.drop_columns(["store", "channel"])


def no_measures(table: pa.Table) -> pa.Table:
    """Leave out the measures."""
    return table.drop_columns(["amount", "minutes"])


def few_rows(table: pa.Table) -> pa.Table:
    """Keep a hundred rows."""
    return table.slice(0, 100)


def few_weeks(table: pa.Table) -> pa.Table:
    """Keep the first five weeks."""
    return table.slice(0, 3_700)


def thin_days(table: pa.Table) -> pa.Table:
    """Keep one row in seven, so that days have about fifteen."""
    return table.take(pa.array(np.arange(0, table.num_rows, 12)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (no_days, "no column with days"),
        (no_slices, "no column has 2 to 40 values"),
        (no_measures, "no column holds a numeric measure"),
        (few_rows, "it has 100 rows"),
        (few_weeks, "weeks"),
        (thin_days, "rows"),
    ],
)
def test_tables_that_cannot_carry_a_case_are_refused_with_what_they_lack(
    tmp_path: Path, change: Callable[[pa.Table], pa.Table], reason: str
) -> None:
    """The error says what is missing, what would do, and what to do next."""
    path = toy_sales.write_parquet(change(toy_sales.sales()), tmp_path / "t.parquet")

    with pytest.raises(CaseroomError, match=reason) as caught:
        KIND.draw(spec_of(path))

    assert "2,000 rows" in caught.value.allowed
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.parquet", b"PAR1 and then nothing of use"),
        ("empty.csv", b"a,b\n"),
        ("noise.csv", bytes(range(256)) * 4),
    ],
)
def test_files_that_are_no_tables_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    """Whatever is in the file, the answer is a clear error."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(CaseroomError, match=name) as caught:
        KIND.draw(spec_of(path))

    assert caught.value.next_step


def test_a_table_that_is_alike_in_every_column_is_refused(tmp_path: Path) -> None:
    """Without anything that tells rows apart, repeats could not be told from rows."""
    table = toy_sales.sales().select(["sold_at", "store", "channel", "amount"])
    days = table["sold_at"].cast(pa.date32())
    coarse = pa.array(np.round(np.asarray(table["amount"]), -1))
    table = table.set_column(0, "sold_on", days).set_column(3, "amount", coarse)
    path = toy_sales.write_parquet(table, tmp_path / "alike.parquet")

    with pytest.raises(CaseroomError, match=r"equal in every column|20 or more values"):
        KIND.draw(spec_of(path))


def test_the_last_day_that_is_whole_ends_the_period(tmp_path: Path) -> None:
    """A day that has just begun is cut off, so that the report's week is a whole one."""
    table = toy_sales.sales()
    last = toy_sales.FIRST + timedelta(days=toy_sales.DAYS - 1)
    day = np.asarray(table["sold_at"].cast(pa.date32()))
    keep = (day < np.datetime64(last)) | (np.arange(table.num_rows) % 10 == 0)
    path = toy_sales.write_parquet(table.filter(pa.array(keep)), tmp_path / "cut.parquet")

    assert survey_source(given(path)).last == last - timedelta(days=1)


def test_types_become_plain_ones(tmp_path: Path) -> None:
    """Decimals, time zones, dictionaries and flags become numbers, times and texts."""
    n = 10
    table = pa.table(
        {
            "price": pa.array([Decimal("1.50")] * n, pa.decimal128(10, 2)),
            "at": pa.array([0] * n, pa.timestamp("ms", tz="Europe/Berlin")),
            "kind": pa.array(["a"] * n).dictionary_encode(),
            "paid": pa.array([True] * n),
            "on": pa.array([date(2024, 1, 1)] * n),
            "small": pa.array([1] * n, pa.uint64()),
        }
    )
    path = toy_sales.write_parquet(table, tmp_path / "types.parquet")

    schema = load_source(given(path)).table.schema

    assert [str(field.type) for field in schema] == [
        "double", "timestamp[us]", "string", "string", "date32[day]", "double",
    ]  # fmt: skip


def test_na_in_a_csv_file_is_an_empty_cell(tmp_path: Path) -> None:
    """A column of numbers with NA in it stays a column of numbers."""
    path = tmp_path / "na.csv"
    path.write_text("day,amount\n2024-01-01,1.5\n2024-01-02,NA\n2024-01-03,\n")

    column = load_source(given(path)).table["amount"]

    assert column.to_pylist() == [1.5, None, None]


def test_a_column_is_a_measure_or_a_slice_but_not_both(tmp_path: Path) -> None:
    """Whole numbers with 20 to 40 values are measured, not sliced by."""
    table = toy_sales.sales()
    angle = pa.array(np.arange(table.num_rows) % 36 * 10, pa.int64())
    path = toy_sales.write_parquet(table.append_column("angle", angle), tmp_path / "t.parquet")

    roles = survey_source(given(path)).roles

    assert "angle" in roles.measures
    assert "angle" not in roles.slices
