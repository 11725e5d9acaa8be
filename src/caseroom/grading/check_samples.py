"""Samples with known scores: do they get them?

In: a case under check. Out: the result's floor, shotgun and constant marks, and failures in words.
"""

from __future__ import annotations

from caseroom.case.contract import Consequence, RawSubmission
from caseroom.case.form import Submission
from caseroom.case.parse import parse_submission
from caseroom.case.rubric import ProcessRule
from caseroom.grading.check_result import UnderCheck
from caseroom.grading.evidence import GradeReport
from caseroom.grading.report import grade

__all__ = ["check_samples"]

PERFECT_TOTAL = 85.0
"""Total that the perfect sample must reach with the reference solver's queries."""


def check_samples(it: UnderCheck) -> None:
    """Grade every sample of the case and note what differs from the promise."""
    samples = it.kind.samples(it.case)
    consequence = _check_perfect(it, samples.perfect)
    if consequence is None:
        return
    _check_typical(it, samples.typical, consequence)
    it.result.shotgun_passed = _passes(it, samples.shotgun, "shotgun", consequence)
    if it.result.shotgun_passed:
        it.result.explain("the shotgun answer passes")
    for name, raw in samples.constants.items():
        it.result.constants[name] = _passes(it, raw, f"constant {name}", consequence)
    for name, raw in (("empty", samples.empty), ("malformed", samples.malformed)):
        if not _at_floor(it, raw, consequence):
            it.result.floor_ok = False
            it.result.explain(f"the {name} answer is not at the floor")


def _report(it: UnderCheck, submission: Submission, consequence: Consequence) -> GradeReport:
    return grade(it.case, it.kind, it.log, submission, consequence)


def _check_perfect(it: UnderCheck, raw: RawSubmission) -> Consequence | None:
    """Give the perfect answer's consequence, or None where it can't be read."""
    submission = it.read(raw, "perfect")
    if submission is None:
        return None
    consequence = it.kind.consequence(it.case, (), submission)
    if consequence.stake_cents <= 0:
        it.result.fail(f"the stake is {consequence.stake_cents} cents, not above 0")
    report = _report(it, submission, consequence)
    total = report.raw_total if it.log.queries else _without_process(it, report)
    if report.gates or total < PERFECT_TOTAL:
        it.result.fail(f"the perfect answer gets {total:g} ({_weak(report)})")
    return consequence


def _without_process(it: UnderCheck, report: GradeReport) -> float:
    """Give the total (0..100) over what does not need queries, for checks without a file."""
    process = {c.id for c in it.case.rubric.criteria if isinstance(c.rule, ProcessRule)}
    counted = [each for each in report.evidence if each.criterion not in process]
    weights = sum(each.weight for each in counted) or 1.0
    return round(100 * sum(each.weight * each.score for each in counted) / weights, 1)


def _weak(report: GradeReport) -> str:
    weak = [f"{each.criterion} {each.score:.2f}" for each in report.evidence if each.score < 0.75]
    gates = [f"gate {gate.gate}" for gate in report.gates]
    return ", ".join(weak + gates) or "no weak criterion"


def _check_typical(it: UnderCheck, raw: RawSubmission, perfect: Consequence) -> None:
    submission = it.read(raw, "typical")
    if submission is None or _surely_fails(it, submission, perfect):
        return
    report = _report(it, submission, it.kind.consequence(it.case, (), submission))
    if report.total >= it.kind.pass_mark:
        it.result.fail(f"the typical answer gets {report.total:g}, which would pass")


def _passes(it: UnderCheck, raw: RawSubmission, name: str, perfect: Consequence) -> bool:
    """Say whether a sample passes; its consequence is worked out only where it could matter."""
    submission = it.read(raw, name)
    if submission is None or _surely_fails(it, submission, perfect):
        return False
    return _report(it, submission, it.kind.consequence(it.case, (), submission)).passed


def _surely_fails(it: UnderCheck, submission: Submission, other: Consequence) -> bool:
    """Say whether a gate below the pass mark is hit that does not depend on the consequence.

    Consequences take long; a report on another decision's one has the same gates of that kind.
    """
    late = {gate.id for gate in it.case.rubric.gates if gate.kind == "criterion_below"}
    hits = _report(it, submission, other).gates
    return any(hit.gate not in late and hit.cap < it.kind.pass_mark for hit in hits)


def _at_floor(it: UnderCheck, raw: RawSubmission, consequence: Consequence) -> bool:
    """Say whether an answer is refused or gets 0, also when it is graded as nothing at all."""
    submission, _ = parse_submission(it.case.form, raw)
    if submission is not None and _report(it, submission, consequence).total > 0:
        return False
    nothing = Submission(values={}, raw={})
    return _report(it, nothing, consequence).total == 0
