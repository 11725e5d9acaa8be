"""Attempts in the progress store: one suite for SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from caseroom.adapters.sqlstore import SqlStore
from caseroom.grading.text.grade import grade_answer
from caseroom.grading.text.report import AnswerReport
from caseroom.questions.bank import find_question
from caseroom.questions.model import Band
from caseroom.service.practice_records import AttemptState, Mode, Part
from caseroom.vocabulary.errors import CaseroomError, ExitCode

AT = datetime(2025, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)


def report(band: str = "strong") -> AnswerReport:
    """Give the report on one of the anchor answers of the first question."""
    question = find_question("Q001")
    return grade_answer(question, question.anchor(band).text)


def add(store: SqlStore, attempt_id: str = "a1", question: str = "Q001", minute: int = 0) -> str:
    """Add a drill."""
    at = AT + timedelta(minutes=minute)
    return store.add_attempt(attempt_id, question, Mode.DRILL, "", at).id


def answer(store: SqlStore, part: Part = Part.ANSWER, words: str = "I asked.") -> None:
    """Hand in a part of attempt a1."""
    store.add_answer("a1", part, words, seconds=20, at=AT)


def test_an_attempt_is_read_as_it_was_added(store: SqlStore) -> None:
    """Question, mode, origin and time survive the store."""
    record = store.add_attempt("a1", "Q007", Mode.STUDY, "i1", AT)

    assert (record.question, record.mode, record.origin, record.created_at) == (
        "Q007",
        Mode.STUDY,
        "i1",
        AT,
    )
    assert (record.state, record.handed_in, record.levels) == (AttemptState.OPEN, (), {})
    assert store.attempt("a1") == record


def test_an_open_attempt_is_given_again(store: SqlStore) -> None:
    """One open attempt per question, mode and origin; a closed one makes way for the next."""
    first = add(store)
    assert add(store, "a2") == first
    assert store.add_attempt("a3", "Q001", Mode.STUDY, "", AT).id == "a3"
    assert store.add_attempt("a4", "Q001", Mode.DRILL, "i1", AT).id == "a4"

    store.finish_attempt(first, AT)

    assert add(store, "a5") == "a5"


def test_attempts_come_newest_first(store: SqlStore) -> None:
    """All of them, or those at one question."""
    add(store, "a1", "Q001")
    add(store, "a2", "Q002", minute=1)
    add(store, "a3", "Q003", minute=2)

    assert [record.id for record in store.attempts()] == ["a3", "a2", "a1"]
    assert [record.id for record in store.attempts("Q002")] == ["a2"]


def test_an_unknown_attempt_is_not_found(store: SqlStore) -> None:
    """Every method that names an attempt refuses an unknown one in the same way."""
    part = Part.ANSWER
    calls = [
        lambda: store.attempt("zz"),
        lambda: store.finish_attempt("zz", AT),
        lambda: store.save_part_draft("zz", part, "x", version=0, seconds=1, at=AT),
        lambda: store.part_drafts("zz"),
        lambda: store.add_answer("zz", part, "x", seconds=1, at=AT),
        lambda: store.answers("zz"),
        lambda: store.add_attempt_report("zz", part, report(), AT, again=False),
        lambda: store.attempt_reports("zz"),
        lambda: store.add_contest("zz", report=1, point="p1", band=Band.FOUND, reason="why", at=AT),
        lambda: store.contests("zz"),
    ]
    for call in calls:
        with pytest.raises(CaseroomError, match="no attempt 'zz'") as refusal:
            call()
        assert refusal.value.code == ExitCode.NOT_FOUND


def test_drafts_follow_the_rules_of_all_drafts(store: SqlStore) -> None:
    """Versions rise, a repeated save is harmless, a text that comes second is kept aside."""
    add(store)

    def save(words: str, version: int) -> tuple[int, int | None]:
        current, kept = store.save_part_draft(
            "a1", Part.ANSWER, words, version=version, seconds=7, at=AT
        )
        return current.version, kept.version if kept else None

    assert save("I", 0) == (1, None)
    assert save("I", 0) == (1, None)
    assert save("I asked", 1) == (2, None)
    assert save("You", 1) == (2, 3)
    assert [(d.part, d.text, d.seconds) for d in store.part_drafts("a1")] == [
        (Part.ANSWER, "I asked", 7)
    ]


def test_parts_are_handed_in_one_after_the_other(store: SqlStore) -> None:
    """A part out of turn is refused; the last one closes the attempt."""
    add(store)
    with pytest.raises(CaseroomError, match="not the turn of follow_up_1"):
        answer(store, Part.FOLLOW_UP_1)
    for part in Part:
        answer(store, part)

    record = store.attempt("a1")
    assert (record.handed_in, record.state, record.seconds) == (
        tuple(Part),
        AttemptState.FINISHED,
        60,
    )


def test_a_part_is_handed_in_once(store: SqlStore) -> None:
    """The same text again is harmless, another one is refused."""
    add(store)
    answer(store, words="I asked.\n“Why?”")
    answer(store, words="I asked.\n“Why?”")

    with pytest.raises(CaseroomError, match="handed in already"):
        answer(store, words="I asked twice.")
    assert [each.text for each in store.answers("a1")] == ["I asked.\n“Why?”"]


def test_a_closed_attempt_takes_no_answer(store: SqlStore) -> None:
    """Closing twice keeps the first time."""
    add(store)
    store.finish_attempt("a1", AT)
    store.finish_attempt("a1", AT + timedelta(hours=1))

    with pytest.raises(CaseroomError, match="is finished"):
        answer(store)
    assert store.attempt("a1").finished_at == AT


def test_a_report_is_read_as_it_was_written(store: SqlStore) -> None:
    """Points, spans, flags and structure survive the store."""
    add(store)
    answer(store)
    written = report()
    store.add_attempt_report("a1", Part.ANSWER, written, AT, again=False)

    (read,) = store.attempt_reports("a1")

    assert (read.report, read.part, read.number) == (written, Part.ANSWER, 1)
    assert store.attempt("a1").levels == {Part.ANSWER: written.level}


def test_only_regrading_adds_a_second_report(store: SqlStore) -> None:
    """Two that grade the same part at once leave one report; the newest one gives the level."""
    add(store)
    answer(store)
    for band, again in (("strong", False), ("weak", False), ("weak", True)):
        store.add_attempt_report("a1", Part.ANSWER, report(band), AT, again=again)

    assert [each.report.level for each in store.attempt_reports("a1")] == [
        report("strong").level,
        report("weak").level,
    ]
    assert store.attempt("a1").levels[Part.ANSWER] == report("weak").level


def test_parts_without_a_report_are_named(store: SqlStore) -> None:
    """That is what a crash between saving and grading leaves."""
    add(store, "a1", "Q001")
    add(store, "a2", "Q002")
    answer(store)
    assert store.ungraded() == ("a1",)

    store.add_attempt_report("a1", Part.ANSWER, report(), AT, again=False)

    assert store.ungraded() == ()


def test_contests_are_kept_beside_reports(store: SqlStore) -> None:
    """All of them, in order; one against a report that there is not is refused."""
    add(store)
    answer(store)
    store.add_attempt_report("a1", Part.ANSWER, report(), AT, again=False)
    for band in (Band.PERHAPS, Band.FOUND):
        store.add_contest("a1", report=1, point="p1", band=band, reason="I said it", at=AT)

    with pytest.raises(CaseroomError, match="no report number 2"):
        store.add_contest("a1", report=2, point="p1", band=Band.FOUND, reason="x", at=AT)
    assert [(c.number, c.report, c.band) for c in store.contests("a1")] == [
        (1, 1, Band.PERHAPS),
        (2, 1, Band.FOUND),
    ]


def test_deleting_an_attempt_takes_all_its_events(store: SqlStore) -> None:
    """Nothing of it stays behind in any table."""
    add(store)
    store.save_part_draft("a1", Part.ANSWER, "I", version=0, seconds=1, at=AT)
    answer(store)
    store.add_attempt_report("a1", Part.ANSWER, report(), AT, again=False)
    store.add_contest("a1", report=1, point="p1", band=Band.FOUND, reason="x", at=AT)
    with store.write() as connection:
        connection.execute(text("DELETE FROM attempts"))

    with store.read() as connection:
        left = [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("attempt_drafts", "attempt_parts", "attempt_reports", "contests")
        ]
    assert left == [0, 0, 0, 0]


def test_many_threads_start_one_attempt(store: SqlStore) -> None:
    """Two tabs that start the same drill at once share it."""
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda name=name: found.append(add(store, name)))
        for name in ("a1", "a2", "a3", "a4")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1
    assert len(store.attempts()) == 1
