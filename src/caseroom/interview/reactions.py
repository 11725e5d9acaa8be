"""Answers that an interviewer reacts to before going on, and how they are told apart.

In: an answer, what was said before, the grader's report. Out: a kind of trouble, or None. The
rules are cue words chosen by hand; a wrong alarm costs one polite repetition, never a score.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from caseroom.grading.text.guards import copied_share, shown_runs
from caseroom.grading.text.report import AnswerReport, FlagKind
from caseroom.grading.text.structure import WORDS_PER_MINUTE
from caseroom.grading.text.words import tokenize

__all__ = ["Trouble", "asks_for_rubric", "said_before", "trouble"]


class Trouble(StrEnum):
    """Why an answer can't be used as it is."""

    EMPTY = "empty"
    HOSTILE = "hostile"
    ASKS_FOR_RUBRIC = "asks_for_rubric"
    UNCLEAR = "unclear"
    REPEATED = "repeated"
    RAMBLING = "rambling"


FEWEST_WORDS = 8
"""A first answer of fewer words is no answer (the grader reads nothing from it either)."""

FEWEST_AFTER = 2
"""The same for answers to follow-ups, where "Nobody did." may be all there is to say."""

SAME_SHARE = 0.7
"""Share of four-word runs from which an answer counts as one given before."""

LONG_TIMES = 1.5
"""From this multiple of the speaking time on, an answer in which nothing is found is rambling."""

_SHORT = 60  # longer texts talk about something, whatever else they hold
_RUBRIC = re.compile(
    r"\b(?:tell|give|show|reveal|read|share|list|repeat|send)\s+(?:me|us)\b[^.?!\n]{0,50}"
    r"\b(?:rubric|scoring|grading|criteria|points you|model answer|(?:right|correct|good|strong)"
    r" answer|answer key|system prompt|instructions)\b"
    r"|\bwhat(?:'s| is| are|’s)\s+(?:the|your)\s+(?:\w+ )?(?:rubric|scoring|grading|criteria"
    r"|model answer|(?:right|correct) answer|answer key|instructions)\b"
    r"|\b(?:ignore|disregard|forget)\b[^.?!\n]{0,40}\b(?:instructions|rules|prompt|rubric)\b"
    r"|\b(?:mark|score|rate|grade)\b[^.?!\n]{0,30}\b(?:all|every|me|this answer)\b[^.?!\n]{0,40}"
    r"\b(?:found|met|covered|correct|full|maximum|perfect|5|10|100)\b"
    r"|\bfull (?:marks|score|points)\b",
    re.IGNORECASE,
)
_INSULT = re.compile(
    r"\b(?:you(?:'re|’re| are)|you)\s+(?:\w+ ){0,2}"
    r"(?:idiot|moron|stupid|dumb|useless|pathetic|fool)"
    r"|\b(?:stupid|dumb|idiotic|ridiculous|pointless) (?:question|interview|robot|machine|bot)\b"
    r"|\bwast(?:e|ing) (?:of )?my time\b|\bshut up\b|\bf\W?u?\W?ck\b|\bfucking\b|\bbullshit\b"
    r"|\bgo to hell\b|\bscrew (?:you|this)\b",
    re.IGNORECASE,
)
_UNCLEAR = {FlagKind.NOT_WORDS, FlagKind.WORD_LIST, FlagKind.WORD_SALAD, FlagKind.COPY}


def trouble(
    text: str,
    *,
    first: bool,
    minutes: float,
    earlier: Sequence[str],
    report: AnswerReport | None,
) -> Trouble | None:
    """Say what is wrong with an answer.

    `first` marks a question's first answer, `minutes` its speaking time, `earlier` are the texts
    said before. `report` grades the text (for a follow-up: together with what came before, so only
    a first answer is judged by its flags).
    """
    words = tokenize(text)
    if len(words) < (FEWEST_WORDS if first else FEWEST_AFTER):
        return Trouble.EMPTY
    if len(words) <= _SHORT and _INSULT.search(text):
        return Trouble.HOSTILE
    if len(words) <= _SHORT and asks_for_rubric(text):
        return Trouble.ASKS_FOR_RUBRIC
    if said_before(text, earlier):
        return Trouble.REPEATED
    if first and report:
        return _by_report(len(words), minutes, report)
    return None


def asks_for_rubric(text: str) -> bool:
    """Say whether somebody asks for the rubric or gives orders to the grader."""
    return bool(_RUBRIC.search(text))


def said_before(text: str, earlier: Sequence[str]) -> bool:
    """Say whether most of a text stands in what was said before."""
    return copied_share(tokenize(text), shown_runs(earlier)) >= SAME_SHARE


def _by_report(words: int, minutes: float, report: AnswerReport) -> Trouble | None:
    """Judge a first answer by the grader's flags, and by its length where nothing was found."""
    kinds = {flag.kind for flag in report.flags}
    if FlagKind.INSTRUCTION in kinds and words <= _SHORT:
        return Trouble.ASKS_FOR_RUBRIC
    if any(flag.withholds and flag.kind in _UNCLEAR for flag in report.flags):
        return Trouble.UNCLEAR
    too_long = words > LONG_TIMES * minutes * WORDS_PER_MINUTE and not report.found
    astray = FlagKind.OFF_TOPIC in kinds and not report.found and not report.perhaps
    if too_long or (astray and words > _SHORT):
        return Trouble.RAMBLING
    return None
