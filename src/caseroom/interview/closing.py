"""The end of an interview: the candidate's questions, last words, good-bye.

In: a state after the last round. Out: fixed answers, chosen by cue words; the interviewer invents
nothing about a company and says nothing of the rubric.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from caseroom.interview.lines import Lines, load_lines
from caseroom.interview.questioning import finish_turn
from caseroom.interview.reactions import asks_for_rubric
from caseroom.interview.speaking import ask, in_minutes, left, say
from caseroom.interview.state import Phase, SayKind, State

__all__ = ["finish", "invite", "last_words", "reply"]

MOST_QUESTIONS = 4
_NOTHING = re.compile(
    r"^\W*(?:no(?:thing|ne)?|nope|i'?m (?:good|fine)|that(?:'s| is) (?:all|it)|not? (?:more )?"
    r"questions?)?(?:[ ,.!]+(?:thanks?|thank you|more|else|for now|questions?|from me)\b)*\W*$",
    re.IGNORECASE,
)


def invite(state: State, at: datetime) -> State:
    """Hand the rest of the time to the candidate, or end where there is none."""
    state = replace(state, phase=Phase.CANDIDATE_QUESTIONS, round=len(state.script))
    remaining = left(state, at).interview
    if state.setup.closing_minutes == 0:
        return finish(state, "complete", at)
    if remaining <= 0:
        return finish(state, "time", at)
    return ask(state, SayKind.INVITE, load_lines().invite.format(minutes=in_minutes(remaining)), at)


def reply(state: State, text: str, at: datetime) -> State:
    """Answer a question of the candidate's; nothing to ask leads to the last words."""
    state = say(state, SayKind.CANDIDATE_ASKS, text or "…", at, speaker="candidate")
    if _NOTHING.match(text):
        return last_words(state, at)
    state = replace(state, asked_back=(*state.asked_back, text))
    state = say(state, SayKind.REPLY, _answer(state, text, load_lines()), at)
    if left(state, at).interview <= 0:
        return finish(state, "time", at)
    if len(state.asked_back) >= MOST_QUESTIONS:
        return last_words(state, at)
    return say(state, SayKind.INVITE, load_lines().invite_again, at)


def _answer(state: State, text: str, lines: Lines) -> str:
    """Choose an answer by its cues; one that was given already is not given again."""
    if asks_for_rubric(text):
        return lines.no_rubric
    low = text.lower()
    given = {line.text for line in state.transcript if line.kind is SayKind.REPLY}
    fitting = [one.text for one in lines.answers.values() if any(cue in low for cue in one.cues)]
    choices = [*fitting[:1], lines.answers["other"].text, *lines.more_answers]
    return next((choice for choice in choices if choice.strip() not in given), choices[-1])


def last_words(state: State, at: datetime) -> State:
    """Ask whether something is to be added."""
    if left(state, at).interview <= 0:
        return finish(state, "time", at)
    return ask(replace(state, phase=Phase.CLOSE), SayKind.CLOSE, load_lines().last_words, at)


def finish(state: State, why: str, at: datetime) -> State:
    """Say good-bye; `why` is complete, time or broken_off."""
    state = finish_turn(state)
    talks = tuple(replace(talk, done=True) for talk in state.talks)
    state = replace(state, talks=talks, round=len(state.script))
    state = say(state, SayKind.CLOSE, load_lines().closing[why], at)
    return replace(state, phase=Phase.CLOSED, prompt="", ended=why)
