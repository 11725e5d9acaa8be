"""The library: what `import caseroom` gives, and a case played from a notebook."""

from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest

import caseroom
import toy_kind
import toy_shop
from caseroom.bootstrap import open_case
from caseroom.case.contract import Desk, Purchase
from caseroom.service.desk import OpenCase
from caseroom.vocabulary.errors import CaseroomError

PACKAGE = Path(caseroom.__file__).parent
EXAMPLES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if ">>> " in path.read_text() and "kinds" not in path.parts
)


@pytest.fixture
def case(data_dir: Path) -> Iterator[OpenCase]:
    """Give an open toy case."""
    with open_case("toy-kiosk", seed=3, data_dir=data_dir, kinds=toy_shop.kinds()) as opened:
        yield opened


def test_the_public_surface() -> None:
    """What other people's notebooks may rest on is listed here; a change is a decision."""
    assert sorted(caseroom.__all__) == ["CaseroomError", "__version__", "open_case"]
    assert caseroom.open_case is open_case
    assert caseroom.CaseroomError is CaseroomError


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    """As for any module."""
    with pytest.raises(AttributeError, match="no attribute 'close_case'"):
        _ = caseroom.close_case


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Query workers start with `import caseroom`; they need neither NumPy nor a database."""
    code = "import caseroom, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout

    assert {"numpy", "sqlalchemy", "duckdb", "click"} & set(loaded.split()) == set()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_examples_in_docstrings_run(path: Path) -> None:
    """What the docstrings show is what comes out."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    module = import_module(".".join(part for part in parts if part != "__init__"))

    assert doctest.testmod(module).failed == 0


class TestOpening:
    def test_a_kind_starts_a_new_case(self, case: OpenCase) -> None:
        """Brief, form and tables are at hand."""
        assert case.brief.title == "The kiosks that sold less"
        assert [table.name for table in case.tables()] == ["payments", "sales", "shops"]
        assert repr(case) == f"<case {case.id}: The kiosks that sold less>"

    @pytest.mark.parametrize("name", ["last", "id", "beginning"])
    def test_a_started_case_is_opened_again(
        self, case: OpenCase, data_dir: Path, name: str
    ) -> None:
        """By "last", its id or the beginning of it."""
        named = {"last": "last", "id": case.id, "beginning": case.id[:4]}[name]

        with open_case(named, data_dir=data_dir, kinds=toy_shop.kinds()) as again:
            assert again.id == case.id

    @pytest.mark.parametrize(
        ("name", "words"), [("toy-kiosc", "did you mean toy-kiosk"), ("last", "none was started")]
    )
    def test_an_unknown_name_is_refused(self, data_dir: Path, name: str, words: str) -> None:
        """The message says what there is."""
        with pytest.raises(CaseroomError, match=words):
            open_case(name, data_dir=data_dir, kinds=toy_shop.kinds())

    def test_a_wrong_choice_is_refused(self, data_dir: Path) -> None:
        """As on the command line."""
        with pytest.raises(CaseroomError, match="no level 'boss'"):
            open_case("toy-kiosk", level="boss", data_dir=data_dir, kinds=toy_shop.kinds())


class TestDesk:
    def test_it_is_a_desk(self, case: OpenCase) -> None:
        """The reference solver works at it as at any other."""
        desk: Desk = case

        answer = toy_kind.reference(desk)

        assert case.submit(answer, self_score=90).report.passed
        assert case.debrief().self_score == 90

    def test_values_have_their_types(self, case: OpenCase) -> None:
        """Days are days, and decimals exact."""
        rows = case.sql(
            "SELECT DATE '2025-03-10' AS d, TIMESTAMP '2025-03-10 12:30:00' AS t, "
            "1.50::DECIMAL(5,2) AS m, NULL::DATE AS none, 'x' AS s, 1 AS i"
        )

        assert rows.one() == {
            "d": date(2025, 3, 10),
            "t": datetime(2025, 3, 10, 12, 30),
            "m": Decimal("1.50"),
            "none": None,
            "s": "x",
            "i": 1,
        }

    @pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"])
    def test_moments_of_every_precision_are_moments(self, case: OpenCase, kind: str) -> None:
        """A moment is a datetime, whatever precision the table keeps."""
        rows = case.sql(f"SELECT '2025-03-10 12:30:05'::{kind} AS t, NULL::{kind} AS none")

        assert rows.one() == {"t": datetime(2025, 3, 10, 12, 30, 5), "none": None}

    def test_times_zones_and_large_integers_have_their_types(self, case: OpenCase) -> None:
        """Times of day, moments with a zone and integers beyond 2**53 come as such."""
        rows = case.sql(
            "SELECT TIME '12:30:05' AS t, TIMESTAMPTZ '2025-03-10 12:30:05+00' AS z, "
            "9007199254740993 AS b"
        ).one()

        assert rows["t"] == time(12, 30, 5)
        assert rows["z"] == datetime(2025, 3, 10, 12, 30, 5, tzinfo=UTC)
        assert rows["b"] == 9007199254740993

    def test_a_day_beyond_the_calendar_stays_text(self, case: OpenCase) -> None:
        """DuckDB knows days before the year 1, Python does not."""
        assert case.sql("SELECT '0044-03-15 (BC)'::DATE AS d").one()["d"] == "0044-03-15 (BC)"

    def test_long_results_come_whole(self, case: OpenCase) -> None:
        """Up to the sandbox's cap nothing is missing."""
        rows = case.sql("SELECT i FROM range(3500) t(i) ORDER BY i")

        assert rows.column("i") == tuple(range(3500))

    def test_a_result_that_is_cut_warns(self, case: OpenCase) -> None:
        """Nobody computes with a part by accident."""
        with pytest.warns(UserWarning, match="cut at 10,000 rows"):
            rows = case.sql("SELECT * FROM range(20000)")

        assert len(rows) == 10_000

    def test_a_title_is_a_comment_in_the_history(self, case: OpenCase) -> None:
        """What the query is for can be read later."""
        case.sql("SELECT 1", title="Is it\none?")

        assert case.room().history[0].sql == "-- Is it one?\nSELECT 1"

    def test_a_query_that_fails_is_an_exception(self, case: OpenCase) -> None:
        """With the sandbox's words, and it stays in the history."""
        with pytest.raises(CaseroomError, match="no table named nothing"):
            case.sql("SELECT * FROM nothing")

        assert case.room().history[0].error

    def test_a_note_pins_the_last_query(self, case: OpenCase) -> None:
        """Before any query there is nothing to note."""
        with pytest.raises(CaseroomError, match="nothing to note yet"):
            case.note("early")
        case.sql("SELECT 7 AS n")

        assert case.note("seven").rows == ((7,),)

    def test_evidence_is_bought_by_name(self, case: OpenCase) -> None:
        """With parameters as arguments, or as a purchase."""
        case.buy("survey", people=20)
        case.buy(Purchase(offer="survey", params={"people": 30}))

        assert case.sql("SELECT count(*) AS n FROM survey").one()["n"] == 50

    def test_hints_and_checks(self, case: OpenCase) -> None:
        """The rest of the room is there too."""
        assert case.hint() == "Count the payments."
        assert {"memo", "onset"} <= {problem.field for problem in case.check({}).problems}
