"""What a question of the bank is.

In: nothing (value types). Out: what study pages show, the text grader reads and interviews ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from caseroom.vocabulary.levels import Competency, Level

__all__ = [
    "Anchor",
    "Band",
    "Category",
    "Pitfall",
    "Point",
    "PointKind",
    "Question",
    "Round",
]


class Category(StrEnum):
    """What kind of question it is."""

    TECHNICAL = "technical"
    BEHAVIORAL = "behavioral"
    SITUATIONAL = "situational"
    PROBLEM_SOLVING = "problem-solving"


class Round(StrEnum):
    """In which round of an interview the question is asked."""

    SCREEN = "screen"
    CRAFT = "craft"
    ANALYTICAL = "analytical"
    EXPERIMENT = "experiment"
    DATA_TECH = "data_tech"
    ML = "ml"
    GOVERNANCE = "governance"
    PRODUCT_SENSE = "product_sense"
    STRATEGY = "strategy"
    BEHAVIORAL = "behavioral"
    CASE = "case"


class PointKind(StrEnum):
    """What a rubric point looks at."""

    CONTENT = "content"
    STRUCTURE = "structure"
    QUANTIFICATION = "quantification"
    REFLECTION = "reflection"


class Band(StrEnum):
    """How far an answer covers a point; more than three bands the grader can't tell apart."""

    FOUND = "found"
    PERHAPS = "perhaps"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that a strong answer covers.

    `says` are sentences of people who cover it, `near_miss` sentences on the same topic that do
    not; both calibrate the text grader. `weight` is 1 to 3; a question has one `gate` point,
    without which an answer does not pass.
    """

    id: str
    statement: str
    kind: PointKind
    weight: int
    gate: bool
    says: tuple[str, ...]
    near_miss: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pitfall:
    """A mistake that people make with this question, with sentences that make it or come close."""

    id: str
    statement: str
    says: tuple[str, ...]
    near_miss: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A whole answer of known quality ("weak", "middling", "strong").

    `points` says for every point whether the answer covers it: found, perhaps (partly), not found.
    Written without sight of the points' examples.
    """

    band: str
    text: str
    points: dict[str, Band]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with everything that study, practice and grading need.

    `level` is the lowest level at which the question is fair. `vertical` is "any" or one vertical;
    `vertical_points` says per vertical what a strong answer adds there (study material, not
    graded). `minutes` is the speaking time of a first answer.
    """

    id: str
    title: str
    ask: str
    category: Category
    round: Round
    competencies: tuple[Competency, ...]
    level: Level
    vertical: str
    minutes: int
    points: tuple[Point, ...]
    pitfalls: tuple[Pitfall, ...]
    best_practices: tuple[str, ...]
    avoid: tuple[str, ...]
    vertical_points: dict[str, str]
    follow_ups: tuple[str, str]
    model_answer: str
    note: str
    anchors: tuple[Anchor, ...]

    @property
    def gate(self) -> Point:
        """Give the point without which an answer does not pass."""
        return next(point for point in self.points if point.gate)

    def anchor(self, band: str) -> Anchor:
        """Give the anchor answer of a band: weak, middling or strong."""
        return next(anchor for anchor in self.anchors if anchor.band == band)
