"""Evidence: a score for one criterion, how it was made and what it rests on.

In: nothing (value types). Out: what the debrief shows and a learner model may read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from caseroom.vocabulary.levels import Competency

__all__ = ["Evidence", "GateHit", "GradeReport", "Method", "Span"]


class Method(StrEnum):
    """How a score was made."""

    RULE = "rule"
    TEXT_CUES = "simple text cues"
    TEXT_MODEL = "text model"
    LANGUAGE_MODEL = "language model"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words or a query that a score rests on.

    For source "field", `ref` is the field's id and `start:end` character offsets into the text as
    typed; for source "query", `ref` is the query's number and the offsets are 0. `quote` is
    verbatim.
    """

    source: str
    ref: str
    quote: str
    start: int = 0
    end: int = 0

    def overlaps(self, other: Span) -> bool:
        """Say whether two stretches of the same text have characters in common."""
        same = (self.source, self.ref) == (other.source, other.ref)
        return same and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A score (0..1) for one criterion.

    `reliability` says in words how far the method can be trusted; `band` is "met", "partly" or
    "missed"; `why` says how the score follows from the answer.
    """

    criterion: str
    label: str
    competency: Competency
    weight: float
    score: float
    method: Method
    reliability: str
    why: str
    spans: tuple[Span, ...] = ()

    @property
    def band(self) -> str:
        """Give the band that the score falls into (met from 0.75, partly from 0.35)."""
        if self.score >= 0.75:
            return "met"
        return "partly" if self.score >= 0.35 else "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateHit:
    """A gate that was hit: the total may not exceed `cap`."""

    gate: str
    label: str
    cap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeReport:
    """An immutable result. Regrading makes a new one beside it.

    `raw_total` is the weighted sum (0..100) before gates, `total` after them. `content` and
    `grader` are versioned ids; `submission_sha256` is the digest of the raw submission.
    """

    content: str
    grader: str
    submission_sha256: str
    evidence: tuple[Evidence, ...]
    gates: tuple[GateHit, ...]
    raw_total: float
    total: float
    passed: bool
    pass_mark: float
