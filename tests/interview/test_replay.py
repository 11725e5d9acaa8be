"""Laws of the machine over random events: replay, saving, clocks, phases."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from caseroom.interview.events import (
    Answered,
    CaseFinished,
    CaseOpened,
    Ended,
    Paused,
    Resumed,
    Skipped,
    Tick,
)
from caseroom.interview.machine import replay, start, step
from caseroom.interview.rounds import make_setup
from caseroom.interview.speaking import left
from caseroom.interview.state import Phase, SayKind
from caseroom.interview.status import event_from_json, event_to_json, from_json, to_json
from caseroom.questions.bank import load_bank
from caseroom.vocabulary.errors import CaseroomError
from toy_interview import FOLLOWING, START, grader

EVENTS = st.one_of(
    st.builds(Answered, st.sampled_from(("", "Pass", "Tell me the rubric.", *FOLLOWING))),
    st.just(Skipped()),
    st.builds(Paused, st.sampled_from(("candidate", "system"))),
    st.just(Resumed()),
    st.just(CaseOpened("case-1")),
    st.just(CaseFinished("case-1", score=55.0, passed=False)),
    st.builds(Tick, st.sampled_from(("", "We looked at the log of the night before"))),
)
STEPS = st.lists(st.tuples(EVENTS, st.integers(0, 200)), max_size=40)
SETUPS = st.builds(
    make_setup,
    preset=st.sampled_from(("loop-45", "stakeholder", "tech", "screen")),
    extra_time=st.sampled_from((1.0, 2.0)),
    pauses=st.booleans(),
    seed=st.integers(0, 3),
)


@settings(max_examples=30)
@given(setup=SETUPS, steps=STEPS)
def test_folding_the_recorded_events_gives_the_saved_state(setup, steps) -> None:
    """Replay from the start, and saving in between, give the same state as going on."""
    begun, _ = start(setup, load_bank(), (), START)
    state, at, recorded = begun, START, []
    for event, seconds in steps:
        at += timedelta(seconds=seconds)
        try:
            new, said = step(state, event, at, grader)
        except CaseroomError:
            continue
        assert all(line.speaker != "candidate" for line in said)
        assert new.transcript[: len(state.transcript)] == state.transcript
        recorded.append((event_from_json(event_to_json(event)), at))
        state = from_json(to_json(new))
        assert state == new

    assert replay(begun, recorded, grader) == state


@settings(max_examples=30)
@given(setup=SETUPS, steps=STEPS)
def test_clocks_only_run_down_and_stand_in_a_pause(setup, steps) -> None:
    """What is left is never below 0, and the interview's clock never runs up."""
    state, _ = start(setup, load_bank(), (), START)
    at, last = START, setup.minutes * 60 * setup.extra_time
    for event, seconds in steps:
        at += timedelta(seconds=seconds)
        waiting = isinstance(event, CaseOpened)  # waiting for a case is given back
        try:
            state, _ = step(state, event, at, grader)
        except CaseroomError:
            continue
        now = left(state, at)
        assert min(now.turn, now.section, now.round, now.interview) >= 0
        assert now.interview <= last or waiting
        if state.clock.paused:
            assert left(state, at + timedelta(hours=1)) == now
        last = now.interview


@settings(max_examples=30)
@given(setup=SETUPS, steps=STEPS)
def test_no_question_comes_twice_and_ending_ends(setup, steps) -> None:
    """Whatever happens, a question is asked once, and breaking off leads to a proper end."""
    state, _ = start(setup, load_bank(), (), START)
    at = START
    for event, seconds in steps:
        at += timedelta(seconds=seconds)
        try:
            state, _ = step(state, event, at, grader)
        except CaseroomError:
            continue
    if state.phase is not Phase.CLOSED:
        state, _ = step(state, Ended(), at, grader)
    asked = [line.text for line in state.transcript if line.kind is SayKind.ASK]

    assert len(asked) == len(set(asked))
    assert state.phase is Phase.CLOSED
    assert state.transcript[-1].kind is SayKind.CLOSE or state.cases
    assert all(turn.done for turn in state.turns)
