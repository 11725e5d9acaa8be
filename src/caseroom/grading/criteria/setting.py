"""What every criterion is judged on, and how a judgment becomes `Evidence`.

In: a case, a log, a submission, a consequence. Out: one value that holds them; evidence whose
score lies in 0..1 by construction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from caseroom.case.contract import Case, Consequence
from caseroom.case.form import Submission
from caseroom.case.rubric import Criterion
from caseroom.grading.evidence import Evidence, Method, Span
from caseroom.investigation.log import InvestigationLog

__all__ = ["Judgment", "Setting", "cut", "evidence", "unanswered"]

EXACT = "Exact: the score follows from your answer and the planted truth by a fixed formula."


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Everything that a rule may look at."""

    case: Case
    log: InvestigationLog
    submission: Submission
    consequence: Consequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """What a rule found: a score, why, and what it rests on."""

    score: float
    why: str
    spans: tuple[Span, ...] = ()
    method: Method = Method.RULE
    reliability: str = EXACT


def cut(score: float) -> float:
    """Cut a score to 0..1; what is not a number is 0."""
    return min(1.0, max(0.0, score)) if math.isfinite(score) else 0.0


def unanswered() -> Judgment:
    """Give the judgment of a field that was left empty: 0, and that it was empty."""
    return Judgment(score=0.0, why="You left this empty.")


def evidence(criterion: Criterion, judgment: Judgment) -> Evidence:
    """Turn a judgment into the evidence of a criterion."""
    return Evidence(
        criterion=criterion.id,
        label=criterion.label,
        competency=criterion.competency,
        weight=criterion.weight,
        score=cut(judgment.score),
        method=judgment.method,
        reliability=judgment.reliability,
        why=judgment.why,
        spans=judgment.spans,
    )
