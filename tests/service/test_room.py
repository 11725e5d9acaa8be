"""The room: queries, pages, charts, the evidence board, hints, drafts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import toy_shop
from caseroom.investigation.chart import ChartChoice
from caseroom.service.app import Caseroom
from caseroom.service.cases import create_case
from caseroom.service.room import (
    PIN_ROWS,
    chart,
    edit_pin,
    open_room,
    pin,
    query_page,
    run_query,
    save_draft,
    take_hint,
    unpin,
)
from caseroom.vocabulary.errors import CaseroomError, ExitCode

BY_DAY = "SELECT day, count(*) AS n FROM sales GROUP BY day ORDER BY day"


class TestOpening:
    def test_the_room_shows_what_a_candidate_may_know(self, app: Caseroom, case_id: str) -> None:
        """Brief, form, offers, budget, tables with the documentation's words."""
        room = open_room(app, case_id)

        assert (room.cents_left, room.weeks_left, room.today) == (100_000, 2, room.brief.today)
        assert [offer.id for offer in room.offers] == ["survey"]
        meanings = {
            (table.name, column.name): column.meaning
            for table in room.tables
            for column in table.columns
        }
        assert meanings["sales", "cents"] == "Amount at the till."
        assert meanings["sales", "day"] == ""

    def test_history_comes_newest_first_without_rows(self, app: Caseroom, case_id: str) -> None:
        """The list of queries is light, whatever the results were."""
        run_query(app, case_id, "SELECT 1")
        run_query(app, case_id, BY_DAY)

        history = open_room(app, case_id).history

        assert [(entry.id, entry.total_rows, entry.rows) for entry in history] == [
            (2, 120, ()),
            (1, 1, ()),
        ]

    def test_everything_is_there_after_a_restart(
        self, app: Caseroom, case_id: str, opened: Callable[..., Caseroom]
    ) -> None:
        """What was done in one process is there in the next."""
        query = run_query(app, case_id, BY_DAY)
        pin(app, case_id, query.id, "it falls", ChartChoice(mark="line", x="day", y="n"))
        save_draft(app, case_id, "memo", "Dear Ada", version=0)
        take_hint(app, case_id)

        assert open_room(opened(), case_id) == open_room(app, case_id)


class TestQueries:
    def test_a_query_gives_a_page_and_is_recorded(self, app: Caseroom, case_id: str) -> None:
        """The page says how many rows the whole result has."""
        view = run_query(app, case_id, BY_DAY, page_size=5)

        assert (view.id, view.columns, len(view.rows), view.total_rows) == (1, ("day", "n"), 5, 120)
        assert view.rows[0][0] == "2025-01-06"
        assert view.error == ""

    def test_a_query_that_fails_is_recorded_with_its_error(
        self, app: Caseroom, case_id: str
    ) -> None:
        """Errors are part of the history, and are no exceptions."""
        view = run_query(app, case_id, "SELECT nothing FROM sales")

        assert "nothing" in view.error
        assert open_room(app, case_id).history[0].error == view.error

    @pytest.mark.parametrize(
        "sql", ["", "DROP TABLE sales", "SELECT 1; SELECT 2", "SELECT * FROM 'x.csv'", "\0"]
    )
    def test_what_is_no_reading_query_is_refused(
        self, app: Caseroom, case_id: str, sql: str
    ) -> None:
        """The sandbox refuses, the room records."""
        assert run_query(app, case_id, sql).error

    def test_pages_and_orders_are_run_again_but_not_recorded(
        self, app: Caseroom, case_id: str
    ) -> None:
        """Paging through a result leaves one entry in the history."""
        run_query(app, case_id, BY_DAY)

        second = query_page(app, case_id, 1, page=2, page_size=50)
        last = query_page(app, case_id, 1, page_size=1, order_by="day", descending=True)

        assert (len(second.rows), second.page) == (50, 2)
        assert last.rows[0][0] == "2025-05-05"
        assert len(open_room(app, case_id).history) == 1

    def test_a_page_of_a_failed_query_shows_its_error(self, app: Caseroom, case_id: str) -> None:
        """A link to a failed query is not broken."""
        run_query(app, case_id, "SELECT")

        assert query_page(app, case_id, 1).error

    @pytest.mark.parametrize(("page", "size"), [(0, 10), (-1, 10), (1, 0), (1, 100_000)])
    def test_pages_out_of_range_are_refused(
        self, app: Caseroom, case_id: str, page: int, size: int
    ) -> None:
        """The message says which pages there are."""
        with pytest.raises(CaseroomError, match="There is no page") as refusal:
            run_query(app, case_id, "SELECT 1", page=page, page_size=size)

        assert refusal.value.allowed == "pages from 1 on, of 1 to 10,000 rows"

    def test_an_endless_text_is_refused_and_not_kept(self, app: Caseroom, case_id: str) -> None:
        """A megabyte of SQL is a mistake, not a query."""
        with pytest.raises(CaseroomError, match="1,000,000 characters"):
            run_query(app, case_id, " " * 1_000_000)

        assert open_room(app, case_id).history == ()

    def test_an_unknown_query_is_not_found(self, app: Caseroom, case_id: str) -> None:
        """The message says where the numbers are listed."""
        with pytest.raises(CaseroomError, match="no query number 9") as refusal:
            query_page(app, case_id, 9)

        assert refusal.value.code == ExitCode.NOT_FOUND

    def test_without_a_database_there_is_nothing_to_query(self, app: Caseroom) -> None:
        """A case that is still being built says so."""
        card = create_case(app, "toy-kiosk", seed=1, level="senior", vertical="saas")

        with pytest.raises(CaseroomError, match="still being built"):
            run_query(app, card.id, "SELECT 1")

    def test_a_damaged_database_is_not_the_querys_fault(
        self, app: Caseroom, case_id: str, data_dir: Path
    ) -> None:
        """The damage is raised and nothing is put into the history."""
        path = data_dir / "cases" / case_id / "company.duckdb"
        path.write_bytes(b"\xff" * path.stat().st_size)

        with pytest.raises(CaseroomError, match="cannot be opened") as refusal:
            run_query(app, case_id, "SELECT 1")

        assert refusal.value.code == ExitCode.DAMAGED
        assert app.store.log(case_id).queries == ()


class TestBoard:
    def test_a_pin_keeps_the_head_of_the_result(self, app: Caseroom, case_id: str) -> None:
        """What was seen stays on the board."""
        query = run_query(app, case_id, BY_DAY)

        view = pin(app, case_id, query.id, "Sales by day")

        assert (view.sql, view.note, len(view.rows)) == (BY_DAY, "Sales by day", PIN_ROWS)
        assert view.chart is None

    def test_a_chart_can_be_pinned(self, app: Caseroom, case_id: str) -> None:
        """Spec, table and sentence are kept together."""
        query = run_query(app, case_id, BY_DAY)
        choice = ChartChoice(mark="line", x="day", y="n")

        view = pin(app, case_id, query.id, "It falls", choice)

        assert view.chart == chart(app, case_id, query.id, choice)
        assert open_room(app, case_id).pins == (view,)
        assert app.store.log(case_id).pins[0].chart == view.chart.spec

    def test_a_chart_that_does_not_fit_is_refused(self, app: Caseroom, case_id: str) -> None:
        """An unknown column is named, and nothing is pinned."""
        query = run_query(app, case_id, BY_DAY)

        with pytest.raises(CaseroomError, match="nowhere"):
            pin(app, case_id, query.id, "x", ChartChoice(mark="line", x="nowhere", y="n"))

        assert open_room(app, case_id).pins == ()

    def test_a_failed_query_cannot_be_pinned(self, app: Caseroom, case_id: str) -> None:
        """There is no result to keep."""
        query = run_query(app, case_id, "SELECT")

        with pytest.raises(CaseroomError, match="gave no result"):
            pin(app, case_id, query.id, "x")

    def test_notes_can_be_edited_and_pins_removed(self, app: Caseroom, case_id: str) -> None:
        """The board shows the newest state."""
        query = run_query(app, case_id, "SELECT 1")
        first, second = (pin(app, case_id, query.id, note).id for note in ("a", "b"))

        edit_pin(app, case_id, first, "a, corrected")
        unpin(app, case_id, second)

        assert [entry.note for entry in open_room(app, case_id).pins] == ["a, corrected"]


class TestHints:
    def test_hints_come_one_at_a_time(self, app: Caseroom, case_id: str) -> None:
        """Each is given once, and the count goes down."""
        first = take_hint(app, case_id)
        room = open_room(app, case_id)

        assert (first, room.hints, room.hints_left) == (
            "Count the payments.",
            ("Count the payments.",),
            1,
        )
        assert take_hint(app, case_id) == "Split by region."

    def test_when_all_are_given_there_are_no_more(self, app: Caseroom, case_id: str) -> None:
        """The count stays at what there is."""
        take_hint(app, case_id)
        take_hint(app, case_id)

        with pytest.raises(CaseroomError, match="no more hints: all 2 were given"):
            take_hint(app, case_id)

        assert open_room(app, case_id).hints_left == 0


class TestDrafts:
    def test_a_draft_is_there_on_the_next_visit(self, app: Caseroom, case_id: str) -> None:
        """Text and version are in the room."""
        save_draft(app, case_id, "memo", "Dear Ada", version=0)

        draft = open_room(app, case_id).drafts["memo"]
        assert (draft.text, draft.version, draft.conflict) == ("Dear Ada", 1, False)

    def test_the_second_tab_sees_the_first_ones_text(self, app: Caseroom, case_id: str) -> None:
        """The conflict is told, and the late text is kept under a version of its own."""
        save_draft(app, case_id, "memo", "tab one", version=0)

        late = save_draft(app, case_id, "memo", "tab two", version=0)

        assert (late.text, late.version, late.conflict, late.kept_version) == (
            "tab one",
            1,
            True,
            2,
        )

    def test_an_endless_draft_is_refused(self, app: Caseroom, case_id: str) -> None:
        """A text that no answer can be does not fill the disk."""
        with pytest.raises(CaseroomError, match="300,000 characters"):
            save_draft(app, case_id, "memo", "x" * 300_000, version=0)


def test_the_toy_is_the_only_kind_here() -> None:
    """These tests hand their kind over as a parameter: no registry is changed."""
    assert toy_shop.kinds().ids() == ("toy-kiosk",)
