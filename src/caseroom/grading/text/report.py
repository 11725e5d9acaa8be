"""What the text grader says about an answer.

In: nothing (value types). Out: what practice pages, scorecards and commands show. A report is
immutable; regrading makes a new one beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from caseroom.grading.evidence import Method, Span
from caseroom.questions.model import Band

__all__ = [
    "GRADER",
    "AnswerReport",
    "Flag",
    "FlagKind",
    "PitfallHit",
    "PointVerdict",
    "StoryPart",
    "Structure",
]

GRADER = "text-2"
"""Version of the offline text grader; a change of behavior is a new version."""


class FlagKind(StrEnum):
    """What a guard noticed."""

    EMPTY = "empty"
    NOT_WORDS = "not words"
    WORD_LIST = "word list"
    COPY = "copy"
    REPETITION = "repetition"
    WORD_SALAD = "word salad"
    DENIAL = "denial"
    INSTRUCTION = "instruction to the grader"
    OFF_TOPIC = "off topic"
    KEYWORDS = "keywords without a case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something unusual about the whole answer; one that `withholds` lets no point be found."""

    kind: FlagKind
    why: str
    withholds: bool
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointVerdict:
    """How far the answer covers one point.

    `span` is the verbatim window that the verdict rests on (source "answer", offsets into the text
    as typed), None where nothing comes near. `confidence` is "high", "fair" or "low": the share of
    verdicts like this one that agreed with the labels (see docs/reference/text-grading.md).
    `advice` is a rewrite prompt for a point that is not found, else "".
    """

    point: str
    statement: str
    weight: int
    gate: bool
    band: Band
    confidence: str
    span: Span | None
    why: str
    advice: str
    method: Method = Method.TEXT_MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class PitfallHit:
    """A known mistake that the answer seems to make; `span` is where."""

    pitfall: str
    statement: str
    span: Span
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPart:
    """One part of a story: situation, task, action, result or learning.

    `share` is the part's share of the words (0..1). `score` is 0, 1 or 2; found by cue words, and
    not validated against people.
    """

    part: str
    score: int
    share: float
    span: Span | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Length, structure and numbers, by rules that show what they found.

    `seconds` is the speaking time at 140 words a minute. `numbers` are numbers with a unit,
    `comparisons` before-after or against-whom pairs. `story` is empty for questions that ask for
    no story. `advice` are rewrite prompts, each with where and why.
    """

    words: int
    sentences: int
    seconds: int
    first_person: float
    numbers: tuple[Span, ...]
    comparisons: tuple[Span, ...]
    story: tuple[StoryPart, ...]
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReport:
    """Everything that the grader says about one answer.

    `level` is the answer scale 1 to 5 (1 no usable answer, 2 gate point missing, 3 gate point and
    about half, 4 most points, 5 all but the last details) and `level_low`, `level_high` the levels
    with every "perhaps" read as not found and as found. `score_low`, `score_high` are the same
    bounds for the weighted share of points (0..1); there is no finer number, because the method
    can't carry one. `withheld` says why nothing was credited, or is "".
    """

    question: str
    content: str
    grader: str
    answer_sha256: str
    points: tuple[PointVerdict, ...]
    pitfalls: tuple[PitfallHit, ...]
    flags: tuple[Flag, ...]
    structure: Structure
    level: int
    level_low: int
    level_high: int
    score_low: float
    score_high: float
    withheld: str

    @property
    def found(self) -> int:
        """Count the points that were found."""
        return sum(point.band is Band.FOUND for point in self.points)

    @property
    def perhaps(self) -> int:
        """Count the points that were perhaps covered."""
        return sum(point.band is Band.PERHAPS for point in self.points)

    @property
    def gate(self) -> PointVerdict:
        """Give the verdict on the gate point."""
        return next(point for point in self.points if point.gate)
