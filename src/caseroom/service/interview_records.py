"""What the store keeps of interviews, as values.

In: rows of whatever store is wired. Out: frozen records that use cases read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from caseroom.grading.text.report import AnswerReport

__all__ = ["EventRecord", "Graded", "InterviewRecord", "TurnAnswerRecord"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewRecord:
    """An interview.

    `begun` is the state that it started with and `state` the present one, both as JSON; the present
    one is a cache of what the events add up to. `events` is the number of the last event. `closed`
    says whether it is over. `seen_at` is the last sign of life of whoever holds it.
    """

    id: str
    begun: str
    state: str
    events: int
    closed: bool
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What the grader said to a text when it was answered; `sha256` is the text's."""

    question: str
    sha256: str
    report: AnswerReport


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """Something that happened, as JSON, in the turn in which it did, with the reports it led to."""

    number: int
    turn: str
    event: str
    graded: tuple[Graded, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAnswerRecord:
    """What was handed in at a turn, word for word."""

    turn: str
    text: str
    at: datetime
