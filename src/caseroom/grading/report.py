"""The grade report: every criterion's evidence, gates, the total.

In: a case, its kind, the investigation log, a parsed submission, the consequence of its decision.
Out: a `GradeReport`. The same inputs always give an equal report: no clock, no randomness.

What 0 means: "not an attempt". A submission that answers less than half (by weight) of the criteria
which rest on its fields gets a total of 0 whatever the rest is worth, because queries and lucky
defaults alone say nothing about a person. Above that, a total of 0 can only come from answers that
are all wrong.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from caseroom.case.contract import Case, CaseKind, Consequence
from caseroom.case.form import Submission
from caseroom.case.rubric import Criterion, FindingsRule, Gate, ProcessRule
from caseroom.grading.criteria import Setting, judge
from caseroom.grading.criteria.choices import missed_causes
from caseroom.grading.criteria.findings import match
from caseroom.grading.evidence import Evidence, GateHit, GradeReport
from caseroom.investigation.log import InvestigationLog

__all__ = ["GRADER", "grade", "submission_digest"]

GRADER = "rules-1"
"""Version of the grader. It changes whenever the same submission could get another score."""

ATTEMPT_SHARE = 0.5


def grade(
    case: Case,
    kind: CaseKind,
    log: InvestigationLog,
    submission: Submission,
    consequence: Consequence,
) -> GradeReport:
    """Grade a submission.

    `raw_total` is the weighted mean of the scores times 100, `total` the smallest of it and the
    caps of the gates that are hit, both to one decimal. It passes from the kind's pass mark on,
    unless a gate was hit.
    """
    setting = Setting(case=case, log=log, submission=submission, consequence=consequence)
    evidence = tuple(judge(criterion, setting) for criterion in case.rubric.criteria)
    gates = _gates(case, submission, evidence)
    raw_total = _weighted(evidence)
    total = min([raw_total, *(gate.cap for gate in gates)])
    return GradeReport(
        content=case.spec.content_id,
        grader=GRADER,
        submission_sha256=submission_digest(submission.raw),
        evidence=evidence,
        gates=gates,
        raw_total=raw_total,
        total=total,
        passed=total >= kind.pass_mark and not gates,
        pass_mark=kind.pass_mark,
    )


def _weighted(evidence: tuple[Evidence, ...]) -> float:
    weights = sum(each.weight for each in evidence)
    if weights <= 0:
        return 0.0
    return round(100 * sum(each.weight * each.score for each in evidence) / weights, 1)


def _gates(
    case: Case, submission: Submission, evidence: tuple[Evidence, ...]
) -> tuple[GateHit, ...]:
    hits = [
        GateHit(gate=gate.id, label=gate.label, cap=gate.cap)
        for gate in case.rubric.gates
        if _is_hit(gate, case, submission, evidence)
    ]
    if _answered_share(case.rubric.criteria, submission) < ATTEMPT_SHARE:
        label = "Less than half of what was asked is answered"
        hits.append(GateHit(gate="not_an_attempt", label=label, cap=0.0))
    return tuple(hits)


def _is_hit(gate: Gate, case: Case, submission: Submission, evidence: tuple[Evidence, ...]) -> bool:
    answer = submission.get(gate.field)
    match gate.kind:
        case "cause_missed":
            return bool(missed_causes(answer or {}, gate.true))
        case "harmful_option":
            return answer is not None and answer.option in gate.options
        case "no_fault_found":
            rule = _findings_rule(case, gate.field)
            return not match(rule, answer or ()).pairs
        case "criterion_below":
            (score,) = (each.score for each in evidence if each.criterion == gate.criterion)
            return score < gate.floor
        case _:
            raise ValueError(f"gate {gate.id!r} has the unknown kind {gate.kind!r}")


def _findings_rule(case: Case, field_id: str) -> FindingsRule:
    for criterion in case.rubric.criteria:
        rule = criterion.rule
        if isinstance(rule, FindingsRule) and rule.field == field_id:
            return rule
    raise ValueError(f"no criterion scores the findings of field {field_id!r}")


def _answered_share(criteria: tuple[Criterion, ...], submission: Submission) -> float:
    """Give the share, by weight, of the criteria on fields whose field was filled in."""
    total = answered = 0.0
    for criterion in criteria:
        if isinstance(criterion.rule, ProcessRule):
            continue
        total += criterion.weight
        if submission.get(criterion.rule.field) is not None:
            answered += criterion.weight
    return answered / total if total else 0.0


def submission_digest(raw: Mapping[str, Any]) -> str:
    """Give the SHA-256 (hex) of a raw submission as canonical JSON.

    Keys are sorted and become text, dates become ISO text, so that a submission has the same digest
    before and after it was stored as JSON.
    """
    text = json.dumps(_canonical(raw), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)
