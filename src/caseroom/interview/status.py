"""What a candidate may see of an interview, and the form in which it is saved.

In: a state and an instant. Out: a view without rubrics; JSON and back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from caseroom.interview.events import Event
from caseroom.interview.rounds import RoundKind
from caseroom.interview.speaking import Left, left
from caseroom.interview.state import CaseRequest, Phase, Say, State
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = [
    "Status",
    "event_from_json",
    "event_to_json",
    "from_json",
    "status",
    "to_json",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where an interview stands, for the candidate's screen.

    `speaker` is who waits for an answer ("interviewer" or the persona's name and title). `case` is
    set while a case is asked for or open; `case_id` once it is open. `round` counts from 1, 0
    before the first and `rounds + 1` after the last.
    """

    phase: Phase
    round: int
    rounds: int
    kind: RoundKind | None
    question: str
    speaker: str
    prompt: str
    left: Left
    paused: bool
    may_pause: bool
    transcript: tuple[Say, ...]
    case: CaseRequest | None
    case_id: str
    ended: str


def status(state: State, at: datetime) -> Status:
    """Give what the candidate may see at an instant."""
    running = 0 <= state.round < len(state.script)
    script = state.script[state.round] if running else None
    in_case = state.phase is Phase.CASE
    asked = state.phase in (
        Phase.QUESTION,
        Phase.FOLLOW_UP_1,
        Phase.FOLLOW_UP_2,
        Phase.PROBE,
    )
    persona = script.persona if script else None
    return Status(
        phase=state.phase,
        round=state.round + 1,
        rounds=len(state.script),
        kind=script.kind if script else None,
        question=state.question.id if asked else "",
        speaker=f"{persona.name}, {persona.title}" if persona else "interviewer",
        prompt=state.prompt,
        left=left(state, at),
        paused=state.clock.paused is not None,
        may_pause=state.setup.pauses,
        transcript=state.transcript,
        case=state.cases[-1].request if in_case else None,
        case_id=state.cases[-1].case_id if in_case else "",
        ended=state.ended,
    )


def to_json(state: State) -> bytes:
    """Give a state as JSON; the same state gives the same bytes."""
    return msgspec.json.encode(state, order="deterministic")


def from_json(data: bytes | str) -> State:
    """Read a state. Raises CaseroomError (DAMAGED) for what is no saved state."""
    return _read(data, State, "state")


def event_to_json(event: Event) -> bytes:
    """Give an event as JSON."""
    return msgspec.json.encode(event)


def event_from_json(data: bytes | str) -> Event:
    """Read an event. Raises CaseroomError (DAMAGED) for what is none."""
    return _read(data, Event, "event")


def _read(data: bytes | str, kind: Any, what: str) -> Any:
    """Decode, with an error that a person can act on."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as problem:
        raise CaseroomError(
            f"The saved {what} of the interview can't be read: {problem}.",
            next_step="Restore the data folder from a backup, or start a new interview.",
            code=ExitCode.DAMAGED,
        ) from problem
