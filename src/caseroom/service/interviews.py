"""Use cases of the mock interview: setting up, answering, pausing, ending, going on after a crash.

In: what a candidate does. Out: views at the exact turn. The clock is the application's. An answer
is saved before it is graded, and one that a crash left ungraded is taken at the next look.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec

from caseroom.interview.events import Answered, Ended, Event, Paused, Resumed, Skipped, Tick
from caseroom.interview.machine import start
from caseroom.interview.rounds import Setup, make_setup
from caseroom.interview.state import Phase
from caseroom.interview.status import status, to_json
from caseroom.service.app import Caseroom
from caseroom.service.interview_cards import interview_card, speakers
from caseroom.service.interview_case import (
    case_of_turn,
    fold_results,
    open_case_of_turn,
    refuse_without_case,
)
from caseroom.service.interview_results import (
    export_transcript,
    list_interviews,
    retry_question,
    scorecard,
)
from caseroom.service.interview_state import Overtaken, Running, happen, load
from caseroom.service.interview_views import InterviewView
from caseroom.service.practice import spoken
from caseroom.service.records import DraftRecord
from caseroom.service.views import DraftView
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = [
    "answer_turn",
    "case_finished",
    "end",
    "export_transcript",
    "find_interview",
    "interview",
    "interview_of_case",
    "list_interviews",
    "open_interview_case",
    "pause",
    "plan_interview",
    "resume",
    "resume_interrupted",
    "retry_question",
    "save_turn_draft",
    "scorecard",
    "skip_turn",
    "start_interview",
    "tick",
]

INTERRUPTED_AFTER = timedelta(seconds=30)
"""A page that shows an interview gives signs of life far more often than this."""

_SURPRISES = 1_000_000
_TRIES = 5
_log = logging.getLogger(__name__)


def plan_interview(
    *,
    role: str = "analytics",
    level: str = "mid",
    vertical: str = "saas",
    preset: str = "",
    rounds: Sequence[tuple[str, int]] = (),
    with_case: bool | None = None,
    closing_minutes: int | None = None,
    extra_time: float = 1.0,
    pauses: bool = True,
    case_kind: str = "",
    persona: str = "",
    seed: int | None = None,
) -> Setup:
    """Check what was chosen (see `interview.rounds.make_setup`); `seed` None draws one.

    Raises:
        CaseroomError: For an unknown word or a number out of range.
    """
    return make_setup(
        role=role,
        level=level,
        vertical=vertical,
        preset=preset,
        rounds=rounds,
        with_case=with_case,
        closing_minutes=closing_minutes,
        extra_time=extra_time,
        pauses=pauses,
        case_kind=case_kind,
        persona=persona,
        seed=secrets.randbelow(_SURPRISES) if seed is None else seed,
    )


def start_interview(app: Caseroom, setup: Setup) -> InterviewView:
    """Start an interview with questions that were not asked in earlier ones, while some are left.

    Raises:
        CaseroomError: When the bank has no question for a round.
    """
    at = app.clock.now()
    state, _ = start(setup, app.bank.search(""), app.store.asked_questions(), at)
    record = app.store.add_interview(
        secrets.token_hex(4),
        setup=msgspec.to_builtins(setup),
        begun=to_json(state).decode(),
        at=at,
    )
    return _view(app, Running(record=record, state=state))


def interview(app: Caseroom, interview_id: str) -> InterviewView:
    """Give an interview at its exact place, by the server's clock.

    Raises:
        CaseroomError: For an unknown interview.
    """
    return _view(app, _change(app, interview_id, lambda running: running))


def tick(app: Caseroom, interview_id: str) -> InterviewView:
    """Look at the clock (pages do it every few seconds); the same as `interview`."""
    return interview(app, interview_id)


def save_turn_draft(
    app: Caseroom, interview_id: str, turn: str, text: str, *, version: int
) -> DraftView:
    """Save what was typed at a turn on top of the version that it was typed on (0 for none).

    Raises:
        CaseroomError: For a turn that is over, or a text that is too long.
    """
    typed = spoken(text)
    _require_turn(load(app, interview_id), turn)
    current, kept = app.store.save_turn_draft(
        interview_id, turn, typed, version=version, at=app.clock.now()
    )
    return _draft_view(current, kept)


def answer_turn(app: Caseroom, interview_id: str, turn: str, text: str) -> InterviewView:
    """Save an answer, then let the interviewer go on; the same answer again is harmless.

    Raises:
        CaseroomError: For a turn that is over, while it is paused or a case is open, and for a
            text that is too long.
    """
    said = spoken(text)

    def answer(running: Running) -> Running:
        if _was_said(app, running, turn, said):
            return running
        _require_turn(running, turn)
        _require_answerable(running)
        app.store.add_turn_answer(interview_id, turn, said, app.clock.now())
        return _taken(app, running)

    return _view(app, _change(app, interview_id, answer, look=False))


def skip_turn(app: Caseroom, interview_id: str, turn: str) -> InterviewView:
    """Pass on a question, a follow-up, a concern, a case or a phase.

    Raises:
        CaseroomError: For a turn that is over, and while the interview is paused.
    """

    def skip(running: Running) -> Running:
        _require_turn(running, turn)
        return happen(app, running, Skipped())

    return _view(app, _change(app, interview_id, skip, look=False))


def pause(app: Caseroom, interview_id: str) -> InterviewView:
    """Stop the clock. Raises CaseroomError when the interview was set up without pauses."""
    return _event(app, interview_id, Paused())


def resume(app: Caseroom, interview_id: str) -> InterviewView:
    """Let the clock run on."""
    return _event(app, interview_id, Resumed())


def end(app: Caseroom, interview_id: str) -> InterviewView:
    """Break the interview off; what was answered is scored."""
    return _event(app, interview_id, Ended())


def open_interview_case(app: Caseroom, interview_id: str, *, background: bool = True) -> str:
    """Start the case that the interviewer gives, and give its id; again gives the same case.

    `background` builds its company in a thread (web). The time for the case begins when it is
    built.

    Raises:
        CaseroomError: When the interview does not ask for a case now.
    """
    running = load(app, interview_id)
    case_id = open_case_of_turn(app, running, background=background)
    interview(app, interview_id)
    return case_id


def case_finished(app: Caseroom, interview_id: str) -> InterviewView:
    """Fold the graded result of the interview's case in and go on.

    Looking at the interview does the same; this one says when there is no result yet.

    Raises:
        CaseroomError: When there is no case, or it was not handed in.
    """
    running = _change(app, interview_id, lambda running: running)
    refuse_without_case(app, running)
    return _view(app, running)


def interview_of_case(app: Caseroom, case_id: str) -> str | None:
    """Give the id of the interview that a case belongs to, None for a case of its own."""
    return app.store.interview_of_case(case_id)


def find_interview(app: Caseroom, text: str) -> str:
    """Give the id of the interview that `text` names: an id, the beginning of one, or "last".

    Raises:
        CaseroomError: When no interview, or more than one, fits.
    """
    ids = [record.id for record in app.store.interviews()]
    fitting = ids[:1] if text == "last" else [known for known in ids if known.startswith(text)]
    if len(fitting) == 1:
        return fitting[0]
    raise CaseroomError(
        f"{len(fitting)} interviews begin with {text!r}." if fitting else f"No interview {text!r}.",
        allowed=", ".join([*(fitting or ids)[:10], "last"]) if ids else "",
        next_step="`caseroom interview list` shows all; `caseroom interview new` starts one.",
        code=ExitCode.NOT_FOUND,
    )


def resume_interrupted(app: Caseroom, *, serving: bool = False) -> None:
    """Take answers that a crash left ungraded; an interview that can't go on keeps no other back.

    `serving` is for the start of a server: interviews whose page gave no sign of life lately are
    paused as of the last one, because the time while the server was down is nobody's.
    """
    for interview_id in app.store.open_interviews():
        try:
            running = load(app, interview_id)
            if serving:
                running = _paused_if_lost(app, running)
            _settled(app, running)
        except CaseroomError as error:
            _log.warning("interview %s could not go on: %s", interview_id, error)


def _paused_if_lost(app: Caseroom, running: Running) -> Running:
    """Pause an interview at its last sign of life, unless that was a moment ago."""
    clock, seen = running.state.clock, running.record.seen_at
    lost = app.clock.now() - seen >= INTERRUPTED_AFTER
    waits = running.state.phase is Phase.OPENING or clock.paused is not None
    if not lost or waits:
        return running
    return happen(app, _taken(app, running), Paused(by="system"), seen)


def _event(app: Caseroom, interview_id: str, event: Event) -> InterviewView:
    changed = _change(app, interview_id, lambda running: happen(app, running, event), look=False)
    return _view(app, changed)


def _change(
    app: Caseroom, interview_id: str, change: Callable[[Running], Running], *, look: bool = True
) -> Running:
    """Load, finish what a crash cut short, change, look at the clock; again when overtaken.

    Without `look`, the clock is not looked at first: what the candidate does right now counts
    before the interviewer takes what is there.
    """
    for _ in range(_TRIES):
        try:
            running = change(_settled(app, load(app, interview_id)))
            return _looked(app, running) if look else running
        except Overtaken:
            continue
    raise CaseroomError(
        f"Interview {interview_id} is being changed by another window all the time.",
        next_step="close the other windows and try again.",
        code=ExitCode.ENVIRONMENT,
    )


def _settled(app: Caseroom, running: Running) -> Running:
    """Take an answer that was saved and not graded; fold in what happened to cases."""
    return fold_results(app, _taken(app, running))


def _taken(app: Caseroom, running: Running) -> Running:
    """Take the saved answer of this turn, if there is one, as of when it was handed in."""
    if running.record.closed or not _is_answerable(running):
        return running
    kept = app.store.turn_answer(running.id, running.turn)
    return happen(app, running, Answered(text=kept.text), kept.at) if kept else running


def _looked(app: Caseroom, running: Running) -> Running:
    """Let the interviewer look at the clock; a draft is taken when time is up."""
    if running.record.closed:
        return running
    draft = app.store.turn_draft(running.id, running.turn)
    return happen(app, running, Tick(draft=draft.text if draft else ""))


def _view(app: Caseroom, running: Running) -> InterviewView:
    at = max(app.clock.now(), running.state.clock.last)
    draft = app.store.turn_draft(running.id, running.turn)
    return InterviewView(
        card=interview_card(running),
        setup=running.state.setup,
        status=status(running.state, at),
        turn=running.turn,
        draft=_draft_view(draft) if draft is not None else None,
        case=case_of_turn(app, running),
        speakers=speakers(running.state),
        at=at,
    )


def _draft_view(current: DraftRecord, kept: DraftRecord | None = None) -> DraftView:
    return DraftView(
        field=current.field,
        text=current.text,
        version=current.version,
        conflict=kept is not None,
        kept_version=kept.version if kept is not None else None,
    )


def _was_said(app: Caseroom, running: Running, turn: str, text: str) -> bool:
    """Tell whether this very answer was taken at an earlier turn."""
    if turn == running.turn:
        return False
    kept = app.store.turn_answer(running.id, turn)
    return kept is not None and kept.text == text


def _is_answerable(running: Running) -> bool:
    busy = running.state.phase in (Phase.CASE, Phase.CLOSED)
    return not busy and running.state.clock.paused is None


def _require_answerable(running: Running) -> None:
    if _is_answerable(running):
        return
    paused = running.state.clock.paused is not None
    raise CaseroomError(
        f"Interview {running.id} is paused." if paused else f"Interview {running.id} is at a case.",
        next_step="resume it first." if paused else "hand the case in, or skip it.",
    )


def _require_turn(running: Running, turn: str) -> None:
    if running.record.closed:
        raise CaseroomError(
            f"Interview {running.id} is over.",
            next_step=f"read `caseroom interview scorecard {running.id}`.",
        )
    if turn != running.turn:
        raise CaseroomError(
            f"The interviewer has gone on: turn {turn} is over, this is turn {running.turn}.",
            next_step="copy your text if you need it, and load the interview again.",
        )
