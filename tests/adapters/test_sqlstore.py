"""The progress store: one suite for SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from caseroom.adapters.sqlstore import SqlStore
from caseroom.case.contract import CaseSpec, Purchase, Quote, SourceData
from caseroom.grading.evidence import Evidence, GateHit, GradeReport, Method, Span
from caseroom.service.records import BuiltFile, State
from caseroom.service.texts import clean
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.vocabulary.levels import Competency, Level, Vertical

AT = datetime(2025, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
SPEC = CaseSpec(
    kind="saas-churn", version=1, seed=2**63 - 1, level=Level.MID, vertical=Vertical.FINANCE
)
BUILT = BuiltFile(name="company.duckdb", size_bytes=5_000_000_000, purchases=0)
REPORT = GradeReport(
    content="saas-churn-v1",
    grader="grader-v1",
    submission_sha256="ab" * 32,
    evidence=(
        Evidence(
            criterion="causes",
            label="The cause",
            competency=Competency.DIAGNOSIS,
            weight=30.0,
            score=0.1 + 0.2,
            method=Method.RULE,
            reliability="exact",
            why="0.8 on price",
            spans=(Span(source="field", ref="memo", quote="“price”", start=3, end=10),),
        ),
    ),
    gates=(GateHit(gate="cause", label="missed", cap=50.0),),
    raw_total=61.5,
    total=50.0,
    passed=False,
    pass_mark=70.0,
)


def add_case(store: SqlStore, case_id: str = "a1", *, at: datetime = AT) -> None:
    """Add a case."""
    store.add_case(case_id, SPEC, "Who leaves?", at)


def add_query(store: SqlStore, sql: str = "SELECT 1", **given: Any) -> int:
    """Add a query to case a1 and give its number."""
    values = {"milliseconds": 1.5, "row_count": 1, "columns": ("n",), "error": "", **given}
    return store.add_query("a1", sql=sql, at=AT, **values).id


def add_pin(store: SqlStore, query_id: int, note: str = "look") -> int:
    """Add a pin to case a1 and give its number."""
    pin = store.add_pin(
        "a1", query_id=query_id, note=note, at=AT, columns=("n",), rows=[[1]], chart=None
    )
    return pin.id


class TestCases:
    def test_a_case_is_read_as_it_was_added(self, store: SqlStore) -> None:
        """Spec, title and time survive the store, the largest seed too."""
        add_case(store)

        record = store.case("a1")

        assert (
            record.spec,
            record.title,
            record.created_at,
            record.state,
            record.built,
        ) == (SPEC, "Who leaves?", AT, State.BUILDING, None)

    def test_times_are_utc_whatever_they_came_in(self, store: SqlStore) -> None:
        """A time with another offset is the same moment in UTC afterwards."""
        add_case(store, at=AT.astimezone(timezone(timedelta(hours=9))))

        created = store.case("a1").created_at

        assert (created, created.tzinfo) == (AT, UTC)

    def test_a_source_is_found_in_the_folder_of_today(
        self, store: SqlStore, tmp_path: Path
    ) -> None:
        """Only the file's name is kept, so that a data folder can be moved."""
        source = SourceData(path=Path("/elsewhere/sources/ff.csv"), name="my.csv", sha256="ff")
        store.add_case("a1", replace(SPEC, source=source), "t", AT)

        expected = replace(source, path=tmp_path / "sources" / "ff.csv")

        assert expected == store.case("a1").spec.source

    def test_cases_come_newest_first(self, store: SqlStore) -> None:
        """The list begins with what was started last."""
        for minute, case_id in enumerate(("first", "second", "third")):
            add_case(store, case_id, at=AT + timedelta(minutes=minute))

        assert [record.id for record in store.cases()] == ["third", "second", "first"]

    def test_an_unknown_case_is_not_found(self, store: SqlStore) -> None:
        """Every method that names a case refuses an unknown one in the same way."""
        purchase, quote = Purchase(offer="survey"), Quote(cost_cents=1, weeks=1)
        calls = [
            lambda: store.case("zz"),
            lambda: store.delete_case("zz"),
            lambda: store.set_built("zz", BUILT),
            lambda: store.set_failed("zz", "why"),
            lambda: store.log("zz"),
            lambda: store.query("zz", 1),
            lambda: store.pins("zz"),
            lambda: store.drafts("zz"),
            lambda: store.reports("zz"),
            lambda: store.submission("zz"),
            lambda: store.add_hint("zz", AT),
            lambda: store.add_purchase("zz", purchase, quote, AT),
            lambda: store.save_draft("zz", "memo", "x", version=0, at=AT),
        ]
        for call in calls:
            with pytest.raises(CaseroomError, match="no case 'zz'") as refusal:
                call()
            assert refusal.value.code == ExitCode.NOT_FOUND

    def test_the_first_build_opens_a_case(self, store: SqlStore) -> None:
        """A case is open as soon as its database is there."""
        add_case(store)

        store.set_built("a1", BUILT)

        record = store.case("a1")
        assert (record.state, record.built, record.build_due) == (State.OPEN, BUILT, False)

    def test_a_failed_first_build_keeps_its_reason(self, store: SqlStore) -> None:
        """The reason is there until a build succeeds."""
        add_case(store)

        store.set_failed("a1", "disk full")

        assert (store.case("a1").state, store.case("a1").error) == (State.FAILED, "disk full")
        store.set_built("a1", BUILT)
        assert (store.case("a1").state, store.case("a1").error) == (State.OPEN, "")

    def test_a_failed_later_build_leaves_the_case_open(self, store: SqlStore) -> None:
        """The database that stands can still be asked."""
        add_case(store)
        store.set_built("a1", BUILT)

        store.set_failed("a1", "disk full")

        assert store.case("a1").state == State.OPEN

    def test_deleting_a_case_takes_all_its_events(self, store: SqlStore) -> None:
        """Nothing of a deleted case stays in any table."""
        fill(store)
        store.delete_case("a1")

        assert dict.fromkeys(counts(store), 0) == counts(store)


def fill(store: SqlStore) -> None:
    """Put one event of every sort into case a1."""
    add_case(store)
    store.set_built("a1", BUILT)
    query = add_query(store)
    add_pin(store, query)
    bought = store.add_purchase("a1", Purchase(offer="survey"), Quote(cost_cents=1, weeks=0), AT)
    store.refund_purchase("a1", bought.id, "sold out", AT)
    store.add_hint("a1", AT)
    store.save_draft("a1", "memo", "text", version=0, at=AT)
    store.add_submission("a1", raw={"memo": "text"}, sha256="00", self_score=70, at=AT)
    store.add_report("a1", 1, REPORT, AT)


def counts(store: SqlStore) -> dict[str, int]:
    """Count the rows of every table."""
    from caseroom.adapters.sqlstore.schema import metadata

    with store.read() as connection:
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in metadata.tables
        }


class TestEvents:
    def test_queries_are_numbered_per_case_from_one(self, store: SqlStore) -> None:
        """A person's third query is number 3, whatever happens in other cases."""
        add_case(store)
        add_case(store, "b2")

        numbers = [add_query(store), add_query(store)]
        other = store.add_query(
            "b2", sql="x", at=AT, milliseconds=0, row_count=0, columns=(), error="no"
        )

        assert (numbers, other.id) == ([1, 2], 1)

    def test_a_query_is_read_as_it_was_added(self, store: SqlStore) -> None:
        """Errors and column names survive the store."""
        add_case(store)
        add_query(store, "SELECT \"é\", '—'", columns=("é", "n", "n"), error="It's wrong: “x”")

        record = store.query("a1", 1)

        assert (
            record.sql,
            record.columns,
            record.error,
            record.at,
        ) == ("SELECT \"é\", '—'", ("é", "n", "n"), "It's wrong: “x”", AT)
        assert (record,) == store.log("a1").queries

    def test_the_log_can_be_read_as_it_was_before_an_event(self, store: SqlStore) -> None:
        """What came after a submission does not count for its grade."""
        fill(store)
        handed_in = store.submission("a1")
        assert handed_in is not None
        add_query(store, "SELECT 'late'")
        store.edit_pin("a1", 1, "late note", AT)

        log = store.log("a1", before=handed_in.seq)

        assert (
            [query.sql for query in log.queries],
            [pin.note for pin in log.pins],
            log.hints_taken,
            log.purchases,
        ) == (["SELECT 1"], ["look"], 1, ())

    def test_a_refunded_purchase_counts_no_more(self, store: SqlStore) -> None:
        """A purchase makes a build due; a refund takes it back."""
        add_case(store)
        store.set_built("a1", BUILT)
        purchase = Purchase(offer="survey", params={"people": 200, "whom": "churned"})
        bought = store.add_purchase("a1", purchase, Quote(cost_cents=12_000, weeks=2), AT)
        assert ((bought,), True) == (store.log("a1").purchases, store.case("a1").build_due)

        store.refund_purchase("a1", bought.id, "failed", AT)

        assert (store.log("a1").purchases, store.case("a1").build_due) == ((), False)

    def test_purchase_numbers_are_not_used_twice(self, store: SqlStore) -> None:
        """The purchase after a refunded one gets its own number (and so its own file name)."""
        add_case(store)
        purchase, quote = Purchase(offer="survey"), Quote(cost_cents=1, weeks=1)
        first = store.add_purchase("a1", purchase, quote, AT)
        store.refund_purchase("a1", first.id, "failed", AT)

        assert store.add_purchase("a1", purchase, quote, AT).id == 2

    def test_hints_are_counted(self, store: SqlStore) -> None:
        """Each hint raises the count by one."""
        add_case(store)

        assert [store.add_hint("a1", AT) for _ in range(3)] == [1, 2, 3]

    def test_events_of_many_threads_get_numbers_of_their_own(self, store: SqlStore) -> None:
        """Two tabs that run queries at once lose none and share no number."""
        add_case(store)
        threads = [
            threading.Thread(target=lambda: [add_query(store) for _ in range(10)]) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert list(range(1, 41)) == [query.id for query in store.log("a1").queries]


class TestPins:
    def test_a_pin_keeps_what_was_seen(self, store: SqlStore) -> None:
        """The head of the result and the chart are those of the moment of pinning."""
        add_case(store)
        query = add_query(store)
        chart = {"spec": {"mark": "line"}, "sentence": "Up."}
        rows = [[1, None, "é"], [2.5, True, "2025-01-01"]]

        pin = store.add_pin(
            "a1", query_id=query, note="n", at=AT, columns=("a", "b", "c"), rows=rows, chart=chart
        )

        assert ((pin,), chart, tuple(map(tuple, rows))) == (store.pins("a1"), pin.chart, pin.rows)
        assert store.log("a1").pins[0].chart == {"mark": "line"}

    def test_an_edited_pin_shows_the_newest_note_in_its_old_place(self, store: SqlStore) -> None:
        """Editing changes the note only."""
        add_case(store)
        query = add_query(store)
        add_pin(store, query, "one")
        add_pin(store, query, "two")

        store.edit_pin("a1", 1, "one, corrected", AT + timedelta(hours=1))

        notes = [(pin.id, pin.note, pin.at) for pin in store.pins("a1")]
        assert notes == [(1, "one, corrected", AT), (2, "two", AT)]

    def test_a_removed_pin_leaves_the_board_and_its_number(self, store: SqlStore) -> None:
        """Its history stays, so the next pin gets a new number."""
        add_case(store)
        query = add_query(store)
        add_pin(store, query)

        store.remove_pin("a1", 1, AT)

        assert (store.pins("a1"), add_pin(store, query)) == ((), 2)

    @pytest.mark.parametrize("number", [0, 1, 99])
    def test_an_unknown_pin_is_not_found(self, store: SqlStore, number: int) -> None:
        """Editing or removing a pin that is not on the board is refused."""
        add_case(store)
        for call in (
            lambda: store.edit_pin("a1", number, "x", AT),
            lambda: store.remove_pin("a1", number, AT),
        ):
            with pytest.raises(CaseroomError, match=f"no pin number {number}"):
                call()


class TestDrafts:
    def test_versions_rise_with_every_save(self, store: SqlStore) -> None:
        """Each save on top of the newest version is the next one."""
        add_case(store)
        saved = [
            store.save_draft("a1", "memo", words, version=at, at=AT)
            for at, words in enumerate(["a", "ab", "abc"])
        ]

        assert [(d.version, d.text) for d, _ in saved] == [(1, "a"), (2, "ab"), (3, "abc")]
        assert [draft.version for draft in store.drafts("a1")] == [3]

    def test_a_repeated_save_is_harmless(self, store: SqlStore) -> None:
        """The same text again makes no new version, whatever version it was typed on."""
        add_case(store)
        store.save_draft("a1", "memo", "a", version=0, at=AT)

        current, kept = store.save_draft("a1", "memo", "a", version=0, at=AT)

        assert (current.version, kept, len(store.draft_history("a1", "memo"))) == (1, None, 1)

    def test_the_text_that_comes_second_is_kept_but_not_current(self, store: SqlStore) -> None:
        """Two tabs: the first to save stays, the second one's text is in the history."""
        add_case(store)
        store.save_draft("a1", "memo", "old", version=0, at=AT)
        store.save_draft("a1", "memo", "tab one", version=1, at=AT)

        current, kept = store.save_draft("a1", "memo", "tab two", version=1, at=AT)

        assert kept is not None
        assert (
            current.text,
            current.version,
            kept.text,
            kept.version,
            kept.kept,
        ) == ("tab one", 2, "tab two", 3, True)
        assert [draft.text for draft in store.drafts("a1")] == ["tab one"]

    def test_after_a_conflict_saving_goes_on(self, store: SqlStore) -> None:
        """A save on top of the current version is taken, and its version is above all others."""
        add_case(store)
        store.save_draft("a1", "memo", "one", version=0, at=AT)
        store.save_draft("a1", "memo", "two", version=0, at=AT)

        current, kept = store.save_draft("a1", "memo", "merged", version=1, at=AT)

        assert (current.text, current.version, kept) == ("merged", 3, None)
        assert [d.text for d in store.draft_history("a1", "memo")] == ["one", "two", "merged"]

    def test_fields_do_not_disturb_each_other(self, store: SqlStore) -> None:
        """Versions count per field."""
        add_case(store)
        store.save_draft("a1", "memo", "m", version=0, at=AT)
        store.save_draft("a1", "causes.price", "0.8", version=0, at=AT)

        drafts = {draft.field: draft.version for draft in store.drafts("a1")}
        assert drafts == {"memo": 1, "causes.price": 1}

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(words=st.text(max_size=200).map(clean))
    def test_any_text_comes_back_as_it_was_typed(self, store: SqlStore, words: str) -> None:
        """Every cleaned text survives the store, letter by letter."""
        if "a1" not in {record.id for record in store.cases()}:
            add_case(store)
        history = store.draft_history("a1", "memo")
        version = history[-1].version if history else 0

        current, _ = store.save_draft("a1", "memo", words, version=version, at=AT)

        assert current.text == words
        assert [words] == [draft.text for draft in store.drafts("a1")]


class TestHandins:
    def test_a_submission_is_kept_word_for_word(self, store: SqlStore) -> None:
        """The raw answer and the self-score come back as they were."""
        add_case(store)
        raw = {"memo": "“Yes”\n", "causes": {"price": 0.1}, "findings": [{"type": "x"}]}

        store.add_submission("a1", raw=raw, sha256="ff", self_score=62.5, at=AT)

        record = store.submission("a1")
        assert record is not None
        assert (raw, "ff", 62.5, AT) == (record.raw, record.sha256, record.self_score, record.at)
        assert store.case("a1").state == State.SUBMITTED

    def test_there_is_no_second_submission(self, store: SqlStore) -> None:
        """The first one stays as it is."""
        add_case(store)
        store.add_submission("a1", raw={"memo": "1"}, sha256="1", self_score=None, at=AT)

        with pytest.raises(CaseroomError, match="submitted already"):
            store.add_submission("a1", raw={"memo": "2"}, sha256="2", self_score=None, at=AT)

        record = store.submission("a1")
        assert record is not None
        assert record.raw == {"memo": "1"}

    def test_a_report_is_read_as_it_was_written(self, store: SqlStore) -> None:
        """Scores, spans and versions survive the store exactly."""
        fill(store)

        assert [entry.report for entry in store.reports("a1")] == [REPORT]

    def test_regrading_adds_a_report_beside_the_first(self, store: SqlStore) -> None:
        """The newest report counts; the earlier one is not touched."""
        fill(store)
        better = replace(REPORT, grader="grader-v2", total=88.0, passed=True, gates=())

        store.add_report("a1", 1, better, AT)

        record = store.case("a1")
        assert [better, REPORT] == [entry.report for entry in store.reports("a1")]
        assert (record.state, record.total, record.passed) == (State.GRADED, 88.0, True)
