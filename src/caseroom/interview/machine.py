"""The interview as an explicit state machine: a state, an event and an instant give a new state.

In: a setup with questions; then events, each with the caller's instant (aware UTC), and a grader.
Out: states and what the interviewer says. There is no clock and no chance in here, so folding the
recorded events from the start gives the same state again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from caseroom.interview.choosing import choose_rounds
from caseroom.interview.clock import (
    Clock,
    begin,
    begin_round,
    begin_turn,
    forgive,
    pause,
    resume,
    used,
)
from caseroom.interview.closing import finish, invite, last_words, reply
from caseroom.interview.events import (
    Answered,
    CaseFinished,
    CaseOpened,
    Ended,
    Event,
    Paused,
    Resumed,
    Skipped,
    Tick,
)
from caseroom.interview.lines import load_lines
from caseroom.interview.personas import Persona, load_personas
from caseroom.interview.questioning import PARTS, Grader, ask_part, finish_turn, next_part, take
from caseroom.interview.rounds import RoundKind, Setup
from caseroom.interview.speaking import ask, in_minutes, left, over, say, turn_limit
from caseroom.interview.stakeholder import end_talk, open_talk, raise_concern, take_reply
from caseroom.interview.state import CaseTurn, Part, Phase, Say, SayKind, State
from caseroom.questions.model import Question
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["Grader", "replay", "start", "step"]

_ROOM_FOR_QUESTION = 60
"""Seconds that a part must have left for a new question to be asked (before extra time)."""


def start(
    setup: Setup,
    bank: Sequence[Question],
    asked_before: Collection[str],
    at: datetime,
    personas: Sequence[Persona] | None = None,
) -> tuple[State, tuple[Say, ...]]:
    """Give a new interview in its opening, and the greeting; the clock waits for the candidate.

    Raises:
        CaseroomError: When the setup can't be held or the bank has no question for a round.
    """
    _check_aware(at)
    if personas is None:
        meets = any(plan.kind is RoundKind.STAKEHOLDER for plan in setup.rounds)
        personas = load_personas() if meets else ()
    script = choose_rounds(setup, bank, asked_before, personas)
    state = State(setup=setup, script=script, clock=Clock(last=at))
    state = say(state, SayKind.GREETING, _greeting(setup), at)
    return replace(state, prompt=state.transcript[-1].text), state.transcript


def step(state: State, event: Event, at: datetime, grader: Grader) -> tuple[State, tuple[Say, ...]]:
    """Give the state after an event, and what is said to the candidate because of it.

    Raises:
        CaseroomError: For an instant before the last event, or an event that does not fit the
            phase. The state is not changed then.
    """
    _check_aware(at)
    if at < state.clock.last:
        raise CaseroomError(
            f"The event is from {at.isoformat()}, before the last one.",
            allowed=f"an instant from {state.clock.last.isoformat()} on",
            next_step="Load the interview again and send the event with the present time.",
        )
    known = len(state.transcript)
    state = replace(state, clock=replace(state.clock, last=at))
    state = _handle(state, event, at, grader)
    said = tuple(line for line in state.transcript[known:] if line.speaker != "candidate")
    return state, said


def replay(begun: State, recorded: Iterable[tuple[Event, datetime]], grader: Grader) -> State:
    """Fold recorded events into the state with which an interview began."""
    state = begun
    for event, at in recorded:
        state, _ = step(state, event, at, grader)
    return state


def _check_aware(at: datetime) -> None:
    """Refuse an instant without a time zone."""
    if at.tzinfo is None:
        raise CaseroomError(f"The instant {at.isoformat()} has no time zone.", allowed="aware UTC")


def _greeting(setup: Setup) -> str:
    """Say hello, and what will come."""
    lines = load_lines()
    names: list[str] = []
    for plan in setup.rounds:
        names.append(lines.round_names[plan.kind])
        if plan.case_minutes:
            names.append(lines.case_name)
    if setup.closing_minutes:
        names.append(lines.closing_name)
    minutes = round(setup.minutes * setup.extra_time)
    return lines.greeting.format(minutes=minutes, rounds=", ".join(names))


def _handle(state: State, event: Event, at: datetime, grader: Grader) -> State:
    """Send an event to whoever handles it."""
    match event:
        case CaseFinished():
            return _case_finished(state, event, at)
        case CaseOpened():
            return _case_opened(state, event, at)
        case Tick():
            return _tick(state, event, at, grader)
        case _ if state.phase is Phase.CLOSED:
            raise _refusal(state, "The interview is over", "a late case result")
        case Paused():
            return _paused(state, event, at)
        case Resumed():
            return replace(state, clock=resume(state.clock, at))
        case Ended():
            running = replace(state, clock=resume(state.clock, at))
            return finish(running, "broken_off", at)
        case Answered() | Skipped() if state.clock.paused:
            raise _refusal(state, "The interview is paused", "resuming or ending it")
        case Answered():
            return _answered(state, event.text, at, grader)
        case Skipped():
            return _skipped(state, at, grader)
        case _:
            assert_never(event)


def _refusal(state: State, problem: str, allowed: str) -> CaseroomError:
    """Give the error for an event that does not fit the phase."""
    return CaseroomError(
        f"{problem} (phase {state.phase}).",
        allowed=allowed,
        next_step="Load the interview again to see where it stands.",
    )


def _paused(state: State, event: Paused, at: datetime) -> State:
    """Stop the clock, if that is allowed."""
    if event.by != "system" and not state.setup.pauses:
        raise _refusal(state, "This interview was set up without pauses", "going on or ending it")
    if state.clock.paused:
        return state
    return replace(state, clock=pause(state.clock, at))


def _answered(state: State, text: str, at: datetime, grader: Grader) -> State:
    """Take what the candidate said."""
    match state.phase:
        case Phase.OPENING:
            return _begin(state, text, at)
        case Phase.CASE:
            raise _refusal(state, "The case is open", "handing the case in, or skipping it")
        case Phase.STAKEHOLDER:
            return _to_stakeholder(state, text, at, grader)
        case Phase.CANDIDATE_QUESTIONS:
            return reply(state, text, at)
        case Phase.CLOSE:
            state = say(state, SayKind.ANSWER, text, at, speaker="candidate")
            return finish(state, "complete", at)
        case _:
            return _to_question(state, text, at, grader, ended="answered")


def _skipped(state: State, at: datetime, grader: Grader) -> State:
    """Let the candidate pass."""
    lines = load_lines()
    match state.phase:
        case Phase.OPENING:
            return _begin(state, "", at)
        case Phase.CASE:
            return _leave_case(state, "skipped", lines.case.skipped, at)
        case Phase.STAKEHOLDER:
            return _to_stakeholder(state, "", at, grader, passes=True)
        case Phase.CANDIDATE_QUESTIONS:
            return last_words(state, at)
        case Phase.CLOSE:
            return finish(state, "complete", at)
        case _:
            state = say(state, SayKind.REACTION, lines.skipped, at)
            return _to_question(state, "", at, grader, ended="skipped")


def _begin(state: State, text: str, at: datetime) -> State:
    """Start the clock and the first round."""
    state = say(state, SayKind.ANSWER, text, at, speaker="candidate")
    return _next_round(replace(state, clock=begin(state.clock, at)), at)


def _to_question(state: State, text: str, at: datetime, grader: Grader, *, ended: str) -> State:
    """Take an answer to a question or follow-up, and ask what is due then."""
    room = left(state, at).section > 0
    answered = len(state.turns[-1].exchanges)
    state = take(state, text, at, grader, ended=ended, may_repeat=room)
    if len(state.turns[-1].exchanges) == answered:
        return state  # the prompt was repeated
    if state.turns[-1].exchanges[-1].ended == "unusable":
        state = say(state, SayKind.REACTION, load_lines().moving_on, at)
    return _after_exchange(state, at)


def _after_exchange(state: State, at: datetime) -> State:
    """Ask the next follow-up, question or part, as the clock allows."""
    remaining = left(state, at)
    if remaining.interview <= 0:
        return finish(state, "time", at)
    if remaining.section <= 0:
        state = say(state, SayKind.TIME_UP, load_lines().time_up, at)
        return _next_section(finish_turn(state), at)
    part = next_part(state)
    if part:
        return ask_part(state, part, at)
    return _next_question(finish_turn(state), remaining.section, at)


def _next_question(state: State, section: float, at: datetime) -> State:
    """Ask the next question of the round, when there is one and time for it."""
    lines, script = load_lines(), state.script[state.round]
    if state.item + 1 >= len(script.questions):
        return _next_section(state, at)
    if section < _ROOM_FOR_QUESTION * state.setup.extra_time:
        return _next_section(say(state, SayKind.TIME_UP, lines.time_up, at), at)
    thanks = lines.thanks[len(state.turns) % len(lines.thanks)]
    state = say(state, SayKind.REACTION, thanks, at)
    return ask_part(replace(state, item=state.item + 1), Part.ANSWER, at)


def _next_section(state: State, at: datetime) -> State:
    """Go from a round's questions to its case, or to the next round."""
    request = state.script[state.round].case
    seconds = int(left(state, at).round) if request else 0
    if request is None or seconds <= 0:
        return _next_round(state, at)
    turn = CaseTurn(request=replace(request, seconds=seconds), round=state.round, asked_at=at)
    state = replace(state, phase=Phase.CASE, cases=(*state.cases, turn))
    text = load_lines().case.opens.format(minutes=in_minutes(seconds))
    return ask(state, SayKind.CASE, text, at)


def _next_round(state: State, at: datetime) -> State:
    """Begin the next round, or hand over to the candidate's questions."""
    number = state.round + 1
    if number >= len(state.script):
        return invite(state, at)
    script, lines = state.script[number], load_lines()
    state = replace(state, round=number, item=0, clock=begin_round(state.clock, at))
    text = lines.rounds[script.kind]
    if script.kind is RoundKind.STAKEHOLDER and script.persona:
        state = say(state, SayKind.ROUND, text.format(situation=script.persona.situation), at)
        return open_talk(state, at)
    return ask_part(say(state, SayKind.ROUND, text, at), Part.ANSWER, at)


def _to_stakeholder(
    state: State, text: str, at: datetime, grader: Grader, *, passes: bool = False
) -> State:
    """Let the persona react, and go on to the next concern or round."""
    room = left(state, at).section > 0
    state, done = take_reply(state, text, at, grader, passes=passes, may_repeat=room)
    if not done:
        prompt = state.transcript[-1].text
        return replace(state, prompt=prompt, nudged=False, clock=begin_turn(state.clock, at))
    return _after_concern(state, at)


def _after_concern(state: State, at: datetime) -> State:
    """Raise the next concern, or end the talk."""
    remaining, persona = left(state, at), state.script[state.round].persona
    more = persona is not None and state.concern + 1 < len(persona.concerns)
    if more and remaining.section > 0:
        return raise_concern(replace(state, concern=state.concern + 1), at)
    if more:
        state = say(state, SayKind.TIME_UP, load_lines().time_up, at)
    state = end_talk(state, at)
    return finish(state, "time", at) if remaining.interview <= 0 else _next_round(state, at)


def _tick(state: State, event: Tick, at: datetime, grader: Grader) -> State:
    """Look at the clock: announce the end of a turn, take what is there when time is up."""
    if state.clock.paused or state.phase in (Phase.OPENING, Phase.CLOSED):
        return state
    remaining = left(state, at)
    if remaining.section <= 0 or over(state, at):
        return _cut(state, event.draft, at, grader)
    spent = used(state.clock, state.clock.turn, at)
    asks = state.phase in PARTS or state.phase is Phase.STAKEHOLDER
    if asks and not state.nudged and spent >= turn_limit(state):
        return replace(say(state, SayKind.NUDGE, load_lines().nudge, at), nudged=True)
    return state


def _cut(state: State, draft: str, at: datetime, grader: Grader) -> State:
    """Take what is there, because the turn, the part or the interview is out of time."""
    lines = load_lines()
    match state.phase:
        case Phase.CASE:
            return _leave_case(state, "time", lines.case.time_up, at)
        case Phase.CANDIDATE_QUESTIONS:
            return last_words(state, at)
        case Phase.CLOSE:
            return finish(state, "complete", at)
        case Phase.STAKEHOLDER:
            return _to_stakeholder(state, draft, at, grader, passes=True)
        case _:
            if left(state, at).section > 0:
                state = say(state, SayKind.TIME_UP, lines.turn_over, at)
            return _to_question(state, draft, at, grader, ended="time")


def _case_opened(state: State, event: CaseOpened, at: datetime) -> State:
    """Note that the case is on the screen; waiting for it cost no time."""
    if not state.cases or state.cases[-1].case_id:
        raise _refusal(state, "No case was asked for", "a case after the interviewer gives one")
    turn = replace(state.cases[-1], case_id=event.case_id)
    if turn.status != "requested":
        return _with_case(state, turn)
    waited = timedelta(seconds=used(state.clock, state.clock.turn, at))
    clock = forgive(state.clock, waited)
    return _with_case(replace(state, clock=clock), replace(turn, status="open"))


def _case_finished(state: State, event: CaseFinished, at: datetime) -> State:
    """Keep a case's result, whenever it comes; go on where the case was under way."""
    place = next((i for i, one in enumerate(state.cases) if one.case_id == event.case_id), None)
    if place is None:
        raise _refusal(state, f"The case {event.case_id!r} is not part of it", "an opened case")
    turn = replace(
        state.cases[place], score=event.score, passed=event.passed, summary=event.summary
    )
    current = state.phase is Phase.CASE and place == len(state.cases) - 1
    if not current:
        cases = (*state.cases[:place], turn, *state.cases[place + 1 :])
        return replace(state, cases=cases)
    state = replace(state, clock=resume(state.clock, at))
    return _leave_case(_with_case(state, turn), "finished", load_lines().case.done, at)


def _leave_case(state: State, status: str, text: str, at: datetime) -> State:
    """End the case's part of the round and go on."""
    state = _with_case(state, replace(state.cases[-1], status=status))
    state = say(state, SayKind.CASE, text, at)
    out_of_time = left(state, at).interview <= 0
    return finish(state, "time", at) if out_of_time else _next_round(state, at)


def _with_case(state: State, turn: CaseTurn) -> State:
    """Put the changed case turn in the place of the last one."""
    return replace(state, cases=(*state.cases[:-1], turn))
