"""What the store keeps of practice, as values.

In: rows of whatever store is wired. Out: frozen records of attempts that use cases read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from caseroom.grading.judge.report import JudgedReport
from caseroom.grading.text.report import AnswerReport
from caseroom.questions.model import Band

__all__ = [
    "AnswerRecord",
    "AttemptRecord",
    "AttemptReportRecord",
    "AttemptState",
    "ContestRecord",
    "JudgmentRecord",
    "JudgmentState",
    "Mode",
    "Part",
    "PartDraftRecord",
]


class Mode(StrEnum):
    """How a question is practiced: answered before its rubric is shown, or beside it."""

    DRILL = "drill"
    STUDY = "study"


class Part(StrEnum):
    """The parts of an attempt, in the order in which they are answered."""

    ANSWER = "answer"
    FOLLOW_UP_1 = "follow_up_1"
    FOLLOW_UP_2 = "follow_up_2"


class AttemptState(StrEnum):
    """Whether an attempt still takes answers."""

    OPEN = "open"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """An attempt at a question.

    `origin` is the id of the interview that the question is retried from, else "". `levels` holds
    the level of the newest report on each part that was graded: the level of the answer with all
    follow-ups up to that part. `seconds` adds up the parts that were handed in.
    """

    id: str
    question: str
    mode: Mode
    origin: str
    state: AttemptState
    created_at: datetime
    finished_at: datetime | None = None
    handed_in: tuple[Part, ...] = ()
    levels: Mapping[Part, int] = field(default_factory=dict)
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDraftRecord:
    """What was typed into a part; `kept` marks a text that lost against another tab."""

    part: Part
    text: str
    version: int
    seconds: int
    at: datetime
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """A part that was handed in, word for word, with the seconds that it took."""

    part: Part
    text: str
    seconds: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptReportRecord:
    """One immutable report on the answer with all follow-ups up to `part`."""

    number: int
    part: Part
    report: AnswerReport
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestRecord:
    """A verdict that the person contests: `band` is the person's, `report` the report's number."""

    number: int
    report: int
    point: str
    band: Band
    reason: str
    at: datetime


class JudgmentState(StrEnum):
    """Whether a judgment ended; one whose process ended first stays asked for."""

    ASKED = "asked"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgmentRecord:
    """One time that a language model was asked about an answer, beside the report `report`.

    `model` and `address` say who was asked. The rest is empty until it is done: `stands` is
    "language model" or "offline grader", `notice` the sentence to show above. `judged` is None
    where the model's report was never made, and where `readable` is false: it was made by another
    version.
    """

    number: int
    report: int
    part: Part
    state: JudgmentState
    model: str
    address: str
    asked_at: datetime
    stands: str = ""
    notice: str = ""
    judged: JudgedReport | None = None
    readable: bool = True
