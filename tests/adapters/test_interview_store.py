"""Interviews in the progress store: one suite for SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from caseroom.adapters.sqlstore import SqlStore
from caseroom.grading.text.grade import grade_answer
from caseroom.questions.bank import find_question
from caseroom.service.interview_records import Graded
from caseroom.vocabulary.errors import CaseroomError, ExitCode

AT = datetime(2025, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)


def add(store: SqlStore, interview_id: str = "i1", minute: int = 0) -> None:
    """Add an interview."""
    at = AT + timedelta(minutes=minute)
    store.add_interview(interview_id, setup={"seed": 3}, begun='{"phase": "opening"}', at=at)


def happen(store: SqlStore, number: int, *, closed: bool = False, asked: str = "") -> bool:
    """Add an event to interview i1."""
    return store.add_interview_event(
        "i1",
        number=number,
        turn="1",
        event='{"event": "Answered", "text": "“Yes”"}',
        graded=(),
        state=f'{{"after": {number}}}',
        asked=set(asked.split()),
        closed=closed,
        at=LATER,
    )


def test_an_interview_is_read_as_it_was_added(store: SqlStore) -> None:
    """Its first state is its present one until something happens."""
    add(store)

    record = store.interview("i1")

    assert (record.begun, record.state, record.events) == (record.begun, record.begun, 0)
    assert (record.created_at, record.seen_at, record.closed) == (AT, AT, False)


def test_an_event_brings_the_state_after_it(store: SqlStore) -> None:
    """Both are kept in one step, with a sign of life."""
    add(store)

    assert happen(store, 1)

    record = store.interview("i1")
    assert (record.state, record.events, record.seen_at) == ('{"after": 1}', 1, LATER)
    (event,) = store.interview_events("i1")
    assert (event.number, event.turn, event.at) == (1, "1", LATER)
    assert event.event == '{"event": "Answered", "text": "“Yes”"}'


def test_a_number_is_given_out_once(store: SqlStore) -> None:
    """Of two requests that add the next event at once, one is told that it came second."""
    add(store)
    added: list[bool] = []
    threads = [threading.Thread(target=lambda: added.append(happen(store, 1))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(added) == [False, False, False, True]
    assert not happen(store, 3)
    assert len(store.interview_events("i1")) == 1


def test_reports_are_kept_with_their_event(store: SqlStore) -> None:
    """So that an interview can be played again with the verdicts of its day."""
    add(store)
    question = find_question("Q001")
    graded = Graded(question="Q001", sha256="ab", report=grade_answer(question, "I asked them."))
    store.add_interview_event(
        "i1",
        number=1,
        turn="3",
        event="{}",
        graded=(graded,),
        state="{}",
        asked=["Q001"],
        closed=False,
        at=AT,
    )

    assert store.interview_events("i1")[0].graded == (graded,)


def test_closed_interviews_are_told_from_open_ones(store: SqlStore) -> None:
    """A result that comes after the end does not move the end."""
    for minute, interview_id in enumerate(("i1", "i2")):
        add(store, interview_id, minute)
    happen(store, 1, closed=True)
    store.add_interview_event(
        "i1",
        number=2,
        turn="9",
        event="{}",
        graded=(),
        state="{}",
        asked=(),
        closed=True,
        at=LATER + timedelta(hours=1),
    )

    assert store.interview("i1").ended_at == LATER
    assert store.open_interviews() == ("i2",)
    assert [record.id for record in store.interviews()] == ["i2", "i1"]


def test_asked_questions_are_those_of_all_interviews(store: SqlStore) -> None:
    """Each question once."""
    add(store)
    add(store, "i2")
    happen(store, 1, asked="Q001 Q002")
    happen(store, 2, asked="Q001 Q002 Q003")

    assert store.asked_questions() == {"Q001", "Q002", "Q003"}


def test_drafts_follow_the_rules_of_all_drafts(store: SqlStore) -> None:
    """Versions rise per turn, and a text that comes second is kept aside."""
    add(store)

    def save(turn: str, words: str, version: int) -> tuple[int, int | None]:
        current, kept = store.save_turn_draft("i1", turn, words, version=version, at=LATER)
        return current.version, kept.version if kept else None

    assert save("3", "I", 0) == (1, None)
    assert save("3", "I asked", 1) == (2, None)
    assert save("3", "You", 1) == (2, 3)
    assert save("4", "We", 0) == (1, None)
    draft = store.turn_draft("i1", "3")
    assert draft is not None
    assert (draft.text, store.turn_draft("i1", "5")) == ("I asked", None)
    assert store.interview("i1").seen_at == LATER


def test_the_first_answer_and_the_first_case_of_a_turn_stay(store: SqlStore) -> None:
    """Whoever comes second is given what is there."""
    add(store)

    assert store.add_turn_answer("i1", "3", "one", AT).text == "one"
    assert store.add_turn_answer("i1", "3", "two", LATER).text == "one"
    assert store.turn_answer("i1", "4") is None
    assert store.link_case("i1", "8", "c1", AT) == "c1"
    assert store.link_case("i1", "8", "c2", LATER) == "c1"
    assert store.linked_case("i1", "9") is None
    assert (store.interview_of_case("c1"), store.interview_of_case("c2")) == ("i1", None)


def test_an_unknown_interview_is_not_found(store: SqlStore) -> None:
    """Every method that names an interview refuses an unknown one in the same way."""
    calls = [
        lambda: store.interview("zz"),
        lambda: store.interview_events("zz"),
        lambda: store.seen_interview("zz", AT),
        lambda: store.save_turn_draft("zz", "1", "x", version=0, at=AT),
        lambda: store.turn_draft("zz", "1"),
        lambda: store.add_turn_answer("zz", "1", "x", AT),
        lambda: store.turn_answer("zz", "1"),
        lambda: store.link_case("zz", "1", "c", AT),
        lambda: store.linked_case("zz", "1"),
        lambda: store.add_interview_event(
            "zz",
            number=1,
            turn="1",
            event="{}",
            graded=(),
            state="{}",
            asked=(),
            closed=False,
            at=AT,
        ),
    ]
    for call in calls:
        with pytest.raises(CaseroomError, match="no interview 'zz'") as refusal:
            call()
        assert refusal.value.code == ExitCode.NOT_FOUND


def test_deleting_an_interview_takes_all_that_belongs_to_it(store: SqlStore) -> None:
    """Nothing of it stays behind in any table."""
    add(store)
    happen(store, 1)
    store.save_turn_draft("i1", "1", "x", version=0, at=AT)
    store.add_turn_answer("i1", "1", "x", AT)
    store.link_case("i1", "1", "c", AT)
    with store.write() as connection:
        connection.execute(text("DELETE FROM interviews"))

    names = ("events", "drafts", "answers", "cases")
    with store.read() as connection:
        left = [
            connection.execute(text(f"SELECT count(*) FROM interview_{name}")).scalar_one()
            for name in names
        ]
    assert left == [0, 0, 0, 0]
