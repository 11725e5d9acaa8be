"""What all phases of an interview do: speak, and look at the clock.

In: a state and an instant. Out: a state with one more line, or seconds that are left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from caseroom.interview.clock import begin_turn, used
from caseroom.interview.state import Phase, Say, SayKind, State

__all__ = ["Left", "ask", "in_minutes", "left", "over", "say", "turn_limit"]

FOLLOW_UP_SECONDS = 90
PROBE_SECONDS = 60
CONCERN_SECONDS = 120
LAST_WORDS_SECONDS = 60
PATIENCE = 2.0
"""A turn's end is announced at its limit; at this multiple the interviewer takes what is there."""

_QUESTION_PHASES = (Phase.QUESTION, Phase.FOLLOW_UP_1, Phase.FOLLOW_UP_2, Phase.PROBE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Seconds left (never below 0) of the turn, of its section, of the round, of the interview.

    A round with a case has two sections: the questions, then the case. Outside of rounds, section
    and round are what the interview has left.
    """

    turn: float
    section: float
    round: float
    interview: float


def say(
    state: State,
    kind: SayKind,
    text: str,
    at: datetime,
    *,
    speaker: str = "interviewer",
    about: str = "",
) -> State:
    """Add a line to the transcript; an empty text adds nothing."""
    if not text:
        return state
    line = Say(
        speaker=speaker, kind=kind, text=text.strip(), at=at, round=_round(state), about=about
    )
    return replace(state, transcript=(*state.transcript, line))


def ask(
    state: State,
    kind: SayKind,
    text: str,
    at: datetime,
    *,
    speaker: str = "interviewer",
    about: str = "",
) -> State:
    """Say something that waits for an answer: a turn begins."""
    state = say(state, kind, text, at, speaker=speaker, about=about)
    return replace(state, prompt=text.strip(), nudged=False, clock=begin_turn(state.clock, at))


def _round(state: State) -> int:
    """Give the round that is under way, -1 outside of rounds."""
    return state.round if 0 <= state.round < len(state.script) else -1


def turn_limit(state: State) -> float:
    """Give the seconds that the present turn should take, extra time included."""
    extra = state.setup.extra_time
    match state.phase:
        case Phase.QUESTION:
            return state.question.minutes * 60 * extra
        case Phase.FOLLOW_UP_1 | Phase.FOLLOW_UP_2:
            return FOLLOW_UP_SECONDS * extra
        case Phase.PROBE:
            return PROBE_SECONDS * extra
        case Phase.STAKEHOLDER:
            return CONCERN_SECONDS * extra
        case Phase.CASE:
            return float(state.cases[-1].request.seconds)
        case Phase.CANDIDATE_QUESTIONS:
            return state.setup.closing_minutes * 60 * extra
        case Phase.CLOSE:
            return LAST_WORDS_SECONDS * extra
        case _:
            return 0.0


def left(state: State, at: datetime) -> Left:
    """Give what is left on every clock at an instant; pauses do not count."""
    clock, extra = state.clock, state.setup.extra_time
    interview = state.setup.minutes * 60 * extra - used(clock, clock.interview, at)
    turn = turn_limit(state) - used(clock, clock.turn, at)
    whole, section = interview, interview
    if _round(state) >= 0:
        script = state.script[state.round]
        gone = used(clock, clock.round, at)
        whole = script.minutes * 60 * extra - gone
        asking = state.phase in _QUESTION_PHASES
        section = whole - (script.case_minutes * 60 * extra if asking else 0.0)
    return Left(
        turn=max(0.0, turn),
        section=max(0.0, min(section, interview)),
        round=max(0.0, min(whole, interview)),
        interview=max(0.0, interview),
    )


def over(state: State, at: datetime) -> bool:
    """Say whether the present turn went past the interviewer's patience."""
    if state.phase in (Phase.OPENING, Phase.CASE, Phase.CLOSED):
        return False
    return used(state.clock, state.clock.turn, at) >= PATIENCE * turn_limit(state)


def in_minutes(seconds: float) -> str:
    """Give a span in whole minutes, at least one.

    Example:
        >>> in_minutes(540), in_minutes(20)
        ('9 minutes', '1 minute')
    """
    minutes = max(1, round(seconds / 60))
    return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
