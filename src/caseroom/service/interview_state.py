"""The state of a stored interview: loading it, and adding what happens.

In: an interview's id, events. Out: states; an event is stored together with the state after it and
with the reports that it led to, so that replaying the events gives the same state under any grader.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from caseroom.grading.text.report import AnswerReport
from caseroom.interview.events import Event, Tick
from caseroom.interview.machine import Grader, step
from caseroom.interview.state import Phase, SayKind, State
from caseroom.interview.status import event_from_json, event_to_json, from_json, to_json
from caseroom.questions.model import Question
from caseroom.service.app import Caseroom
from caseroom.service.interview_records import EventRecord, Graded, InterviewRecord
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["Overtaken", "Running", "happen", "load", "replayed", "turn_of"]

_SIGN_OF_LIFE = timedelta(seconds=5)


class Overtaken(CaseroomError):
    """Another request moved the interview on in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A stored interview with its state."""

    record: InterviewRecord
    state: State

    @property
    def id(self) -> str:
        """Give the interview's id."""
        return self.record.id

    @property
    def turn(self) -> str:
        """Give the name of what is asked now."""
        return turn_of(self.state)


def turn_of(state: State) -> str:
    """Name what is asked now: how many lines the other side has said, reminders not counted."""
    said = [line for line in state.transcript if line.speaker != "candidate"]
    return str(sum(line.kind is not SayKind.NUDGE for line in said))


def load(app: Caseroom, interview_id: str) -> Running:
    """Load an interview; where the kept state can't be read, its events are played again.

    Raises:
        CaseroomError: For an unknown interview, or one that is damaged.
    """
    record = app.store.interview(interview_id)
    try:
        return Running(record=record, state=from_json(record.state))
    except CaseroomError:
        return Running(record=record, state=replayed(app, record))


def replayed(app: Caseroom, record: InterviewRecord) -> State:
    """Fold all events of an interview into the state that it began with."""
    state = from_json(record.begun)
    for kept in app.store.interview_events(record.id):
        grader = _remembering(kept, app.bank.grade)
        state, _ = step(state, event_from_json(kept.event), kept.at, grader)
    return state


def happen(app: Caseroom, running: Running, event: Event, at: datetime | None = None) -> Running:
    """Add an event (now, unless told otherwise) and give the interview after it.

    A tick that changes nothing is not kept; it is a sign of life all the same.

    Raises:
        CaseroomError: For an event that does not fit; nothing is kept then.
        Overtaken: When another request added an event first.
    """
    last = running.state.clock.last
    moment = max(at or app.clock.now(), last)
    grader = _Recorder(app.bank.grade)
    state, _ = step(running.state, event, moment, grader)
    if isinstance(event, Tick) and _without_last(state, last) == running.state:
        return _alive(app, running, moment)
    number, closed = running.record.events + 1, state.phase is Phase.CLOSED
    added = app.store.add_interview_event(
        running.id,
        number=number,
        turn=running.turn,
        event=event_to_json(event).decode(),
        graded=tuple(grader.graded),
        state=to_json(state).decode(),
        asked={turn.question for turn in state.turns},
        closed=closed,
        at=moment,
    )
    if not added:
        raise Overtaken(
            f"Interview {running.id} was moved on in another window.",
            next_step="load it again to see where it stands.",
            code=ExitCode.ENVIRONMENT,
        )
    return Running(record=app.store.interview(running.id), state=state)


def _without_last(state: State, last: datetime) -> State:
    return replace(state, clock=replace(state.clock, last=last))


def _alive(app: Caseroom, running: Running, at: datetime) -> Running:
    """Note a sign of life, at most one in a few seconds."""
    if not running.record.closed and at - running.record.seen_at >= _SIGN_OF_LIFE:
        app.store.seen_interview(running.id, at)
    return running


class _Recorder:
    """A grader that remembers its reports."""

    def __init__(self, grade: Grader) -> None:
        self._grade = grade
        self.graded: list[Graded] = []

    def __call__(self, question: Question, text: str) -> AnswerReport:
        report = self._grade(question, text)
        self.graded.append(Graded(question=question.id, sha256=_digest(text), report=report))
        return report


def _remembering(kept: EventRecord, grade: Grader) -> Grader:
    """Give a grader that answers with the kept reports, and grades what there is none for."""
    known = _by_text(kept.graded)

    def grader(question: Question, text: str) -> AnswerReport:
        return known.get((question.id, _digest(text))) or grade(question, text)

    return grader


def _by_text(graded: Iterable[Graded]) -> dict[tuple[str, str], AnswerReport]:
    return {(each.question, each.sha256): each.report for each in graded}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
