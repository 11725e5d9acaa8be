"""A paused interview and its case: work waits, reading and typing do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import toy_kind
from caseroom.case.contract import Purchase
from caseroom.investigation.chart import ChartChoice
from caseroom.service.app import Caseroom
from caseroom.service.desk import OpenCase
from caseroom.service.evidence import buy, quote_purchase, start_buy
from caseroom.service.interviews import (
    answer_turn,
    end,
    interview,
    open_interview_case,
    pause,
    plan_interview,
    resume,
    skip_turn,
    start_interview,
)
from caseroom.service.loading import load_case
from caseroom.service.pausing import CasePaused
from caseroom.service.room import (
    chart,
    open_room,
    pin,
    query_page,
    run_query,
    save_draft,
    take_hint,
)
from caseroom.service.submitting import check_submission, debrief, submit

COUNT = "SELECT count(*) AS n FROM sales"
SURVEY = Purchase(offer="survey")


def answers(app: Caseroom, case_id: str) -> dict:
    """Give the right answers."""
    return toy_kind.perfect(load_case(app, case_id).case)


def hand_in(app: Caseroom, case_id: str) -> object:
    """Hand the right answers in."""
    return submit(app, case_id, answers(app, case_id), self_score=None)


@pytest.fixture
def held(app: Caseroom) -> tuple[str, str]:
    """Give an interview at its open case, and the case; one query was run in it."""
    view = start_interview(app, plan_interview(rounds=(("tech", 30),), with_case=True, seed=3))
    view = answer_turn(app, view.card.id, view.turn, "I am ready.")
    while view.status.phase != "case":
        view = skip_turn(app, view.card.id, view.turn)
    case_id = open_interview_case(app, view.card.id, background=False)
    run_query(app, case_id, COUNT)
    return view.card.id, case_id


WORK: dict[str, Callable[[Caseroom, str], object]] = {
    "query": lambda app, case: run_query(app, case, COUNT),
    "hint": take_hint,
    "buy": lambda app, case: buy(app, case, SURVEY),
    "buy in the background": lambda app, case: start_buy(app, case, SURVEY),
    "hand in": hand_in,
    "a notebook's query": lambda app, case: OpenCase(app, case).sql(COUNT),
    "a notebook's answer": lambda app, case: OpenCase(app, case).submit(answers(app, case)),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_work_waits(
    app: Caseroom, held: tuple[str, str], work: Callable[[Caseroom, str], object]
) -> None:
    """The refusal names the interview and how to go on; nothing is recorded or bought."""
    interview_id, case_id = held
    pause(app, interview_id)
    before = open_room(app, case_id)

    with pytest.raises(CasePaused, match=f"Interview {interview_id} is paused") as refusal:
        work(app, case_id)

    assert f"caseroom interview resume {interview_id}" in refusal.value.next_step
    assert f"/interviews/{interview_id}" in refusal.value.next_step
    assert refusal.value.interview_id == interview_id
    assert open_room(app, case_id) == before
    resume(app, interview_id)
    work(app, case_id)


def test_reading_and_typing_go_on(app: Caseroom, held: tuple[str, str]) -> None:
    """Results that are there, charts of them, prices, the check of the format; drafts and pins."""
    interview_id, case_id = held
    query = open_room(app, case_id).history[0].id
    pause(app, interview_id)

    assert query_page(app, case_id, query).rows
    assert chart(app, case_id, query, ChartChoice(mark="bar", x="n", y="n")).rows
    assert quote_purchase(app, case_id, SURVEY).quote.cost_cents
    assert check_submission(app, case_id, answers(app, case_id)).problems == ()
    assert save_draft(app, case_id, "room.sql", "SELECT", version=0).text == "SELECT"
    assert pin(app, case_id, query, "So many.").note == "So many."


def test_an_ended_interview_locks_nothing(app: Caseroom, held: tuple[str, str]) -> None:
    """Whoever ends an interview out of a pause can still hand its case in."""
    interview_id, case_id = held
    pause(app, interview_id)
    end(app, interview_id)

    hand_in(app, case_id)

    assert debrief(app, case_id).report.total


def test_a_case_that_was_left_waits_too(app: Caseroom, held: tuple[str, str]) -> None:
    """It may still bring points, so a later pause is no time to work on it."""
    interview_id, case_id = held
    skip_turn(app, interview_id, interview(app, interview_id).turn)
    if interview(app, interview_id).card.state == "closed":
        pytest.fail("the interview should go on after the case")
    pause(app, interview_id)

    with pytest.raises(CasePaused):
        run_query(app, case_id, COUNT)


def test_other_cases_are_free(app: Caseroom, held: tuple[str, str], case_id: str) -> None:
    """A pause locks the interview's own case only."""
    pause(app, held[0])

    assert run_query(app, case_id, COUNT).rows
