"""A talk with a skeptical stakeholder, whose trust moves only when a concern is addressed honestly.

In: a state in the stakeholder phase, an answer, the grader. Out: the persona's reply and the new
trust. Trust runs from 0 to 10 and starts at 3. A concern that is addressed brings 2, one that is
perhaps addressed 1 (and 1 more if the second answer makes it clear), a promise that nobody can keep
costs 2, waving a concern away costs 1. The numbers are our choice, for practice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from caseroom.grading.text.report import AnswerReport
from caseroom.interview.personas import Concern, Persona
from caseroom.interview.questioning import Grader
from caseroom.interview.reactions import said_before
from caseroom.interview.speaking import ask, say
from caseroom.interview.state import ConcernTurn, Outcome, Phase, SayKind, State, Talk
from caseroom.questions.model import Band, Category, Point, PointKind, Question, Round
from caseroom.vocabulary.levels import Competency, Level

__all__ = [
    "START_TRUST",
    "concern_question",
    "dismisses",
    "end_talk",
    "judge",
    "open_talk",
    "over_promises",
    "raise_concern",
    "take_reply",
]

START_TRUST, MOST_TRUST = 3, 10
ATTEMPTS = 2
"""Answers that the persona hears on one concern."""

CONVINCED, WAITING = 8, 5
"""Trust from which the persona is convinced, and from which they wait and see."""

_HUNDRED = r"(?:100 ?%|(?:100|a hundred|one hundred) percent)"
_PROMISE = re.compile(
    r"\b(?:i|we)(?: can| will|'ll|’ll)?(?: \w+)? (?:guarantee|promise)\b|\bguaranteed\b"
    rf"|\b{_HUNDRED} (?:sure|certain|accurate|correct|safe|reliable|right|confident|secure|fair)\b"
    rf"|\b(?:rely|count|depend) on (?:it|this|that) {_HUNDRED}"
    r"|\b(?:no|zero) risk\b|\brisk[- ]free\b|\bnothing (?:can|will) go wrong\b"
    r"|\b(?:can|will) never (?:fail|be wrong|go wrong|happen)\b|\b(?:can't|can’t|cannot) fail\b"
    r"|\b(?:is|are|will be) always (?:right|correct)\b|\bcorrect in all cases\b"
    r"|\b(?:absolutely|completely|perfectly) (?:safe|sure|certain|reliable|accurate)\b"
    r"|\byou will (?:never|not have a single|certainly)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|cannot|never|nobody|no one|neither|without|\w+n['’]t)\b[^.,;!?]{0,40}$",
    re.IGNORECASE,
)
_DISMISSAL = re.compile(
    r"\b(?:not|n['’]t) (?:think (?:that )?(?:is|that's) )?(?:really )?(?:a|any) (?:real )?problem\b"
    r"|\b(?:not|n['’]t) see (?:the|any|a) problem\b|\bworry(?:ing)? (?:too much|about details)\b"
    r"|\boverestimat\w+|\bedge cases?\b|\b(?:purely|only|just) (?:a )?theoretical\b"
    r"|\balways (?:complain|against|find something|resist)\b|\bcome around\b|\bget used to\b"
    r"|\b(?:decided|settled) (?:this |that |it )?already\b|\bno point in (?:discussing|worrying)\b"
    r"|\b(?:is|it's) only an? \w+(?: \w+)? after all\b|\bnot (?:really )?my (?:topic|problem|job)\b"
    r"|\bdramatiz\w+|\bthat will pass\b|\bone has to be brave\b|\bsuch things happen\b"
    r"|\bnot make too much of it\b|\bmakes no difference\b",
    re.IGNORECASE,
)


def concern_question(persona: Persona, concern: Concern) -> Question:
    """Give a concern in the form of a question, so that the text grader can judge its answers.

    Its points are all of the persona's concerns (the grader tells them from each other); the one
    under discussion is the gate point, and what goes around it speaks against all.
    """
    points = tuple(
        Point(
            id=one.id,
            statement=one.statement,
            kind=PointKind.CONTENT,
            weight=1,
            gate=one.id == concern.id,
            says=one.says,
            near_miss=one.near_miss,
        )
        for one in persona.concerns
    )
    return Question(
        id=f"{persona.id}.{concern.id}",
        title=f"{persona.title}: {concern.topic}",
        ask=concern.opens,
        category=Category.SITUATIONAL,
        round=Round.CASE,
        competencies=(Competency.INFLUENCE, Competency.STORY),
        level=Level.ASSOCIATE,
        vertical=persona.vertical,
        minutes=2,
        points=points,
        pitfalls=(persona.over_promise, persona.dismissal, concern.evasion),
        best_practices=(),
        avoid=(),
        vertical_points={},
        follow_ups=("", ""),
        model_answer="",
        note="",
        anchors=(),
    )


def over_promises(text: str) -> bool:
    """Say whether a text promises what nobody can keep; "I can't guarantee" is honest."""
    return any(not _NEGATION.search(text[: hit.start()]) for hit in _PROMISE.finditer(text))


def dismisses(text: str) -> bool:
    """Say whether a text waves a concern away."""
    return bool(_DISMISSAL.search(text))


def judge(text: str, report: AnswerReport, heard: Sequence[str]) -> Outcome:
    """Say what an answer does to the concern under discussion (the report's gate point).

    `heard` are earlier answers in this talk: saying them again addresses nothing. Promises and
    dismissals are told by rule alone: by nearness to examples, 10 of 16 whole honest answers stood
    accused of promising too much.
    """
    if over_promises(text):
        return Outcome.OVER_PROMISED
    if report.withheld or said_before(text, heard):
        return Outcome.EVADED
    if report.gate.band is Band.FOUND:
        return Outcome.ADDRESSED
    if dismisses(text):
        return Outcome.DISMISSED
    half = report.gate.band is Band.PERHAPS and not _meets_another(report)
    return Outcome.HALF if half else Outcome.EVADED


def _meets_another(report: AnswerReport) -> bool:
    """Say whether the words that perhaps address the concern are those that meet another one."""
    span = report.gate.span
    return span is not None and any(
        verdict.band is Band.FOUND and verdict.span is not None and verdict.span.overlaps(span)
        for verdict in report.points
        if not verdict.gate
    )


_WHY = {
    Outcome.ADDRESSED: "The concern was addressed.",
    Outcome.HALF: "The concern was perhaps addressed.",
    Outcome.EVADED: "The answer did not reach the concern.",
    Outcome.OVER_PROMISED: "The answer promised what nobody can keep.",
    Outcome.DISMISSED: "The answer waved the concern away.",
}


def _step(outcome: Outcome, half_before: bool) -> int:
    """Give how far trust moves."""
    match outcome:
        case Outcome.ADDRESSED:
            return 1 if half_before else 2
        case Outcome.HALF:
            return 0 if half_before else 1
        case Outcome.OVER_PROMISED:
            return -2
        case Outcome.DISMISSED:
            return -1
        case Outcome.EVADED:
            return 0


def open_talk(state: State, at: datetime) -> State:
    """Let the persona come in and raise the first concern."""
    persona = _persona(state)
    talk = Talk(persona=persona.id, round=state.round, trust=START_TRUST)
    state = replace(state, phase=Phase.STAKEHOLDER, concern=0, talks=(*state.talks, talk))
    return raise_concern(_speak(state, persona.greeting, at), at)


def raise_concern(state: State, at: datetime) -> State:
    """Let the persona raise the concern that is due."""
    persona = _persona(state)
    concern = persona.concerns[state.concern]
    about = f"{persona.id}.{concern.id}"
    return ask(state, SayKind.CONCERN, concern.opens, at, speaker=persona.id, about=about)


def take_reply(
    state: State, text: str, at: datetime, grader: Grader, *, passes: bool, may_repeat: bool
) -> tuple[State, bool]:
    """Record an answer and let the persona react; the flag says that the concern is done with.

    `passes` marks a skip, `may_repeat` that there is time for a second answer.
    """
    persona, talk = _persona(state), state.talks[-1]
    concern = persona.concerns[state.concern]
    question = concern_question(persona, concern)
    tries = [turn for turn in talk.turns if turn.concern == concern.id]
    if text.strip():
        state = say(state, SayKind.ANSWER, text, at, speaker="candidate", about=question.id)
    report = grader(question, text)
    outcome = judge(text, report, [turn.answer for turn in talk.turns])
    half_before = any(turn.outcome is Outcome.HALF for turn in tries)
    after = min(MOST_TRUST, max(0, talk.trust + _step(outcome, half_before)))
    turn = ConcernTurn(
        concern=concern.id,
        attempt=len(tries) + 1,
        answer=text,
        at=at,
        outcome=outcome,
        before=talk.trust,
        after=after,
        why=_WHY[outcome],
        report=report,
    )
    talk = replace(talk, trust=after, turns=(*talk.turns, turn))
    state = replace(state, talks=(*state.talks[:-1], talk))
    done = outcome is Outcome.ADDRESSED or passes or turn.attempt >= ATTEMPTS or not may_repeat
    return _speak(state, _reply(persona, concern, talk, done=done), at, question.id), done


def _reply(persona: Persona, concern: Concern, talk: Talk, *, done: bool) -> str:
    """Give the persona's words to the last answer; each shared wording is used in turn."""
    outcome, replies = talk.turns[-1].outcome, persona.replies
    count = sum(turn.outcome is outcome for turn in talk.turns) - 1
    match outcome:
        case Outcome.ADDRESSED:
            return concern.addressed
        case Outcome.OVER_PROMISED:
            reply = replies.over_promised[count % len(replies.over_promised)]
        case Outcome.DISMISSED:
            reply = replies.dismissed[count % len(replies.dismissed)]
        case Outcome.HALF:
            reply = "" if done else concern.half
        case Outcome.EVADED:
            reply = "" if done else concern.evaded
    at = persona.concerns.index(concern)
    goes_on = done and at + 1 < len(persona.concerns)
    leaving = replies.moving_on[at % len(replies.moving_on)] if goes_on else ""
    return f"{reply} {leaving}".strip()


def end_talk(state: State, at: datetime) -> State:
    """Let the persona say where they stand, which follows from the trust alone."""
    persona, talk = _persona(state), state.talks[-1]
    if talk.trust >= CONVINCED:
        text = persona.replies.convinced
    else:
        waits = talk.trust >= WAITING
        text = persona.replies.waiting if waits else persona.replies.unconvinced
    state = replace(state, talks=(*state.talks[:-1], replace(talk, done=True)))
    return _speak(state, text, at)


def _speak(state: State, text: str, at: datetime, about: str = "") -> State:
    """Let the persona say something."""
    return say(state, SayKind.STAKEHOLDER, text, at, speaker=_persona(state).id, about=about)


def _persona(state: State) -> Persona:
    """Give the persona of the round."""
    persona = state.script[state.round].persona
    if persona is None:
        raise ValueError(f"round {state.round} has no stakeholder")
    return persona
