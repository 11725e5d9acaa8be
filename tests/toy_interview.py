"""Holding interviews in tests: the real bank and grader, made-up instants, few words.

In: a setup, what is said. Out: states. Reports are kept, so that a text is graded once per session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from caseroom.grading.text.grade import grade_answer
from caseroom.grading.text.report import AnswerReport, PitfallHit
from caseroom.interview.events import Answered, Event
from caseroom.interview.machine import start, step
from caseroom.interview.rounds import Setup, make_setup
from caseroom.interview.state import Phase, Say, State
from caseroom.questions.bank import load_bank
from caseroom.questions.model import Band, Question

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
READY = Answered("Yes, I am ready.")
FOLLOWING = (
    "I went to the warehouse lead first and counted forty pallets with him by hand.",
    "Because two weeks were missing we left that region out until the spring.",
    "My manager agreed after she had seen both curves side by side on Monday.",
    "We asked the nurses for their own lists, and eleven of sixty were different.",
    "It took nine days, and afterward the error went from twelve to five percent.",
    "The finance team signed it off, since they own the definition of an active customer.",
)
"""Usable answers to follow-ups, no two alike."""

_GRADED: dict[tuple[str, str], AnswerReport] = {}


def grader(question: Question, text: str) -> AnswerReport:
    """Grade with the real grader, each text once."""
    key = (question.id, text)
    if key not in _GRADED:
        _GRADED[key] = grade_answer(question, text)
    return _GRADED[key]


def doubting(question: Question, text: str) -> AnswerReport:
    """Grade with an uncertain gate point beside a known mistake, which is for a person to judge."""
    report = grader(question, text)
    points = tuple(replace(p, band=Band.PERHAPS) if p.gate else p for p in report.points)
    span = next(point.span for point in report.points if point.span)
    hit = PitfallHit(pitfall="f1", statement="Keeps everything", span=span, why="")
    return replace(report, points=points, pitfalls=(hit,))


def later(seconds: float) -> datetime:
    """Give the instant so many seconds after the start."""
    return START + timedelta(seconds=seconds)


@cache
def one_question(seed: int = 1, kind: str = "analytical", minutes: int = 20) -> Setup:
    """Give a setup of a single round."""
    return make_setup(rounds=((kind, minutes),), seed=seed)


def begun(setup: Setup, asked_before: Sequence[str] = ()) -> State:
    """Give an interview whose clock has just started."""
    state, _ = start(setup, load_bank(), asked_before, START)
    return step(state, READY, START, grader)[0]


def after(state: State, *events: tuple[Event, float]) -> tuple[State, tuple[Say, ...]]:
    """Give the state after events at these seconds from the start, and what the last one caused."""
    said: tuple[Say, ...] = ()
    for event, seconds in events:
        state, said = step(state, event, later(seconds), grader)
    return state, said


def answer(state: State, band: str = "strong") -> Answered:
    """Give a usable answer to what is asked."""
    if state.phase is Phase.QUESTION:
        return Answered(state.question.anchor(band).text)
    if state.phase is Phase.STAKEHOLDER:
        persona = state.script[state.round].persona
        assert persona is not None
        return Answered(getattr(persona.concerns[state.concern], band))
    spoken = sum(line.speaker == "candidate" for line in state.transcript)
    return Answered(f"{FOLLOWING[spoken % len(FOLLOWING)]} That was in week {spoken}.")


__all__ = [
    "FOLLOWING",
    "READY",
    "START",
    "after",
    "answer",
    "begun",
    "doubting",
    "grader",
    "later",
    "one_question",
]
