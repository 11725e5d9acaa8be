"""A question's turn: the first answer, two fixed follow-ups, at most one probe.

In: a state in one of these parts, an answer, the grader. Out: a state with the exchange recorded
and graded (together with what came before it), or with the prompt repeated once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from caseroom.grading.text.report import AnswerReport
from caseroom.interview.clock import used
from caseroom.interview.lines import load_lines
from caseroom.interview.probing import choose_probe, probe_due
from caseroom.interview.reactions import Trouble, trouble
from caseroom.interview.speaking import FOLLOW_UP_SECONDS, ask, say
from caseroom.interview.state import Exchange, Part, Phase, QuestionTurn, SayKind, State
from caseroom.questions.model import Question

__all__ = ["Grader", "ask_part", "finish_turn", "next_part", "take"]

Grader = Callable[[Question, str], AnswerReport]
"""Judges a text as the answer to a question; the same texts must give the same report."""

PARTS: Mapping[Phase, Part] = {
    Phase.QUESTION: Part.ANSWER,
    Phase.FOLLOW_UP_1: Part.FOLLOW_UP_1,
    Phase.FOLLOW_UP_2: Part.FOLLOW_UP_2,
    Phase.PROBE: Part.PROBE,
}
"""The part that each phase waits for an answer to."""

_PHASES = {part: phase for phase, part in PARTS.items()}
_KEPT = (Trouble.EMPTY, Trouble.RAMBLING)  # what was said before a repetition and still counts


def ask_part(state: State, part: Part, at: datetime) -> State:
    """Ask the question or one of its follow-ups; a new question opens a new turn."""
    question = state.question
    if part is Part.ANSWER:
        turn = QuestionTurn(question=question.id, round=state.round)
        state = replace(state, turns=(*state.turns, turn))
    kind, text = _prompt(state, question, part)
    return ask(replace(state, phase=_PHASES[part]), kind, text, at, about=question.id)


def _prompt(state: State, question: Question, part: Part) -> tuple[SayKind, str]:
    """Give the words of a part: fixed for everybody, except for the probe."""
    match part:
        case Part.ANSWER:
            return SayKind.ASK, question.ask
        case Part.FOLLOW_UP_1:
            return SayKind.FOLLOW_UP, question.follow_ups[0]
        case Part.FOLLOW_UP_2:
            return SayKind.FOLLOW_UP, question.follow_ups[1]
        case Part.PROBE:
            turn = state.turns[-1]
            answers = [exchange.answer for exchange in turn.exchanges]
            before = [line.text for line in state.transcript if line.kind is SayKind.PROBE]
            text = choose_probe(question, turn.reports[-1], answers, before, load_lines())
            return SayKind.PROBE, text


def take(
    state: State, text: str, at: datetime, grader: Grader, *, ended: str, may_repeat: bool
) -> State:
    """Record an answer with its report, or repeat the prompt where the answer can't be used."""
    turn, part = state.turns[-1], PARTS[state.phase]
    earlier = _said(state)
    if text.strip() or ended == "answered":
        state = say(
            state, SayKind.ANSWER, text or "…", at, speaker="candidate", about=turn.question
        )
    kept = "\n\n".join((*turn.attempts, text)).strip()
    report = grader(state.question, _joined(turn, kept))
    found = None
    if ended == "answered":
        minutes = state.question.minutes if part is Part.ANSWER else FOLLOW_UP_SECONDS / 60
        first = part is Part.ANSWER
        found = trouble(text, first=first, minutes=minutes, earlier=earlier, report=report)
    if found and may_repeat and not turn.repeated:
        return _repeat(state, found, text, at)
    exchange = Exchange(
        part=part,
        prompt=state.prompt,
        answer=kept,
        at=at,
        seconds=used(state.clock, state.clock.turn, at),
        ended="unusable" if found else ended,
    )
    turn = replace(
        turn,
        exchanges=(*turn.exchanges, exchange),
        reports=(*turn.reports, report),
        attempts=(),
    )
    return _with_turn(state, turn)


def _said(state: State) -> list[str]:
    """Give everything that the candidate said so far."""
    return [line.text for line in state.transcript if line.speaker == "candidate"]


def _joined(turn: QuestionTurn, text: str) -> str:
    """Give all answers of a turn as one text."""
    answers = (*(exchange.answer for exchange in turn.exchanges), text)
    return "\n\n".join(answer for answer in answers if answer)


def _repeat(state: State, found: Trouble, text: str, at: datetime) -> State:
    """React politely and repeat the prompt; the turn's clock runs on."""
    turn = state.turns[-1]
    attempts = (text,) if found in _KEPT and text.strip() else ()
    state = _with_turn(state, replace(turn, repeated=True, attempts=attempts))
    state = say(state, SayKind.REACTION, load_lines().reactions[found], at, about=turn.question)
    return say(state, SayKind.REPEAT, state.prompt, at, about=turn.question)


def next_part(state: State) -> Part | None:
    """Give what is due after the last exchange, None when the question is done.

    Without a first answer there is nothing to follow up. The probe is due when the gate point is
    not found after both follow-ups.
    """
    turn = state.turns[-1]
    last = turn.exchanges[-1]
    match last.part:
        case Part.ANSWER:
            usable = last.ended in ("answered", "time") and bool(last.answer)
            return Part.FOLLOW_UP_1 if usable else None
        case Part.FOLLOW_UP_1:
            return Part.FOLLOW_UP_2
        case Part.FOLLOW_UP_2:
            return Part.PROBE if probe_due(turn.reports[-1]) else None
        case Part.PROBE:
            return None


def finish_turn(state: State) -> State:
    """Mark the question under way as done, if there is one."""
    if not state.turns or state.turns[-1].done:
        return state
    return _with_turn(state, replace(state.turns[-1], done=True))


def _with_turn(state: State, turn: QuestionTurn) -> State:
    """Put the changed turn in the place of the last one."""
    return replace(state, turns=(*state.turns[:-1], turn))
