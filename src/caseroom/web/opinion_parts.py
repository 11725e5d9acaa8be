"""What the section "Second opinion" of an attempt shows, as values for its templates.

In: an attempt, the part that is looked at. Out: the newest judgment of that part and who would be
asked; nothing here sends anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from caseroom.grading.evidence import Method
from caseroom.grading.judge.report import JudgedPoint, JudgedReport
from caseroom.questions.model import Band
from caseroom.service.app import Caseroom
from caseroom.service.judging import LANGUAGE_MODEL, model_status
from caseroom.service.model_ports import ModelStatus
from caseroom.service.second_opinion import latest_opinion
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.attempt_parts import PARTS

__all__ = ["OpinionPoint", "opinion_points", "opinion_values"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionPoint:
    """One rubric point in both readings.

    `band` is the model's, None where it could not tell: the offline band then stands. `quote` holds
    words of the answer that were found there, "" where the verdict rests on none.
    """

    id: str
    number: int
    statement: str
    gate: bool
    band: Band | None
    runs: str
    offline: Band
    quote: str
    why: str


def opinion_values(
    app: Caseroom, attempt_id: str, part: str, report_id: int, *, latest: bool
) -> dict[str, Any]:
    """Give what the section reads; `latest` says whether `part` is the one that can be judged."""
    opinion = latest_opinion(app, attempt_id, part)
    status, problem = _status(app)
    judged = opinion.judged if opinion else None
    return {
        "id": attempt_id,
        "opinion": opinion,
        "opinion_part": part,
        "opinion_points": opinion_points(judged) if judged else (),
        "by_model": opinion is not None and opinion.stands == LANGUAGE_MODEL,
        "is_earlier": opinion is not None and opinion.report_id != report_id,
        "may_ask": latest,
        "model": status,
        "model_problem": problem,
        "part_names": PARTS,
    }


def opinion_points(judged: JudgedReport) -> tuple[OpinionPoint, ...]:
    """Give the points in the order of the rubric; none where no run of the model counts."""
    if not any(point.votes for point in judged.points):
        return ()
    return tuple(_point(number, each) for number, each in enumerate(judged.points, 1))


def _point(number: int, judged: JudgedPoint) -> OpinionPoint:
    verdict = judged.verdict
    by_model = verdict.method is Method.LANGUAGE_MODEL
    return OpinionPoint(
        id=verdict.point,
        number=number,
        statement=verdict.statement,
        gate=verdict.gate,
        band=verdict.band if by_model else None,
        runs=judged.agreement if by_model else "",
        offline=judged.offline,
        quote=verdict.span.quote if by_model and verdict.span else "",
        why=verdict.why if by_model else "",
    )


def _status(app: Caseroom) -> tuple[ModelStatus, CaseroomError | None]:
    """Give who would be asked; a configuration that can't be meant keeps no page from showing."""
    try:
        return model_status(app), None
    except CaseroomError as error:
        return ModelStatus(), error
