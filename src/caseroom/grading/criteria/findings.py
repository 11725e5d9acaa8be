"""Faults in the data: claimed findings against planted ones, with precision as well as recall.

In: a `FindingsRule` and the claimed findings. Out: a judgment; which finding matches which fault.

Only findings that claim a fault count: one marked as original, or naming an oddity that the data
had before, is neutral. Findings match faults one to one by type and place: as many as possible,
then the most confident, then the most completely described. With M and W the summed confidence of
matched and of wrong findings, F1 = 2M / (M + W + faults), because precision is M / (M + W) and
recall M / faults. Confidence weighs both, so that naming everything with little confidence earns
little. Score = F1 * (0.5 + 0.5 * mean completeness).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from caseroom.case.form import Finding
from caseroom.case.rubric import Fault, FindingsRule
from caseroom.grading.criteria.setting import Judgment, Setting, unanswered

__all__ = ["Matching", "completeness", "f1", "judge_findings", "match"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Which findings match which faults (index pairs), and which are wrong or neutral."""

    pairs: tuple[tuple[int, int], ...]
    wrong: tuple[int, ...]
    neutral: tuple[int, ...]


def completeness(finding: Finding, fault: Fault) -> float:
    """Give the share (0..1) of slice, start and size that are right; a start only where it has one.

    The slice counts by the dimensions that either names; start within `since_days`; size within
    `size_share` of the true one.
    """
    parts = [_slice_share(finding, fault), float(_size_right(finding, fault))]
    if fault.since is not None:
        near = finding.since is not None and (
            abs((finding.since - fault.since).days) <= fault.since_days
        )
        parts.append(float(near))
    return sum(parts) / len(parts)


def _slice_share(finding: Finding, fault: Fault) -> float:
    said = {each: value for each, value in finding.slice.items() if value != "all"}
    true = {each: value for each, value in fault.slice.items() if value != "all"}
    named = said.keys() | true.keys()
    if not named:
        return 1.0
    return sum(said.get(each) == true.get(each) for each in named) / len(named)


def _size_right(finding: Finding, fault: Fault) -> bool:
    if finding.size is None:
        return False
    return abs(finding.size - fault.size) <= fault.size_share * abs(fault.size)


def _fits(finding: Finding, fault: Fault) -> bool:
    return finding.type == fault.type and finding.place in fault.places


def match(rule: FindingsRule, findings: Sequence[Finding]) -> Matching:
    """Match claimed findings to planted faults."""
    neutral = [
        at
        for at, finding in enumerate(findings)
        if finding.original or (finding.type, finding.place) in rule.original
    ]
    claimed = [at for at in range(len(findings)) if at not in neutral]
    pairs = _assign(rule.faults, findings, claimed)
    taken = dict(pairs)
    echoes = [
        at
        for at in claimed
        if at not in taken
        and any(
            _same_claim(findings[at], findings[first]) and _fits(findings[at], rule.faults[fault])
            for first, fault in pairs
        )
    ]
    wrong = tuple(at for at in claimed if at not in taken and at not in echoes)
    return Matching(pairs=pairs, wrong=wrong, neutral=tuple(sorted([*neutral, *echoes])))


def _assign(
    faults: Sequence[Fault], findings: Sequence[Finding], claimed: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Give the best one-to-one (finding, fault) pairs; ties go to what was listed first."""
    if not any(_fits(findings[at], fault) for at in claimed for fault in faults):
        return ()
    from scipy.optimize import linear_sum_assignment  # slow to import, rarely needed

    gains = [[_gain(findings[at], fault) for fault in faults] for at in claimed]
    rows, columns = linear_sum_assignment(gains, maximize=True)
    return tuple(
        (claimed[row], int(column))
        for row, column in zip(rows, columns, strict=True)
        if gains[row][column] > 0
    )


def _gain(finding: Finding, fault: Fault) -> float:
    if not _fits(finding, fault):
        return 0.0
    return 1e6 + 1e3 * finding.confidence + completeness(finding, fault)


def _same_claim(one: Finding, other: Finding) -> bool:
    return (one.type, dict(one.slice), one.since, one.size) == (
        other.type,
        dict(other.slice),
        other.since,
        other.size,
    )


def f1(matching: Matching, findings: Sequence[Finding], faults: int) -> float:
    """Give F1 (0..1) of precision and recall, both weighted by confidence."""
    right = sum(findings[at].confidence for at, _ in matching.pairs)
    wrong = sum(findings[at].confidence for at in matching.wrong)
    return 2 * right / (right + wrong + faults) if right else 0.0


def judge_findings(rule: FindingsRule, setting: Setting) -> Judgment:
    """Score claimed findings."""
    findings = setting.submission.get(rule.field)
    if findings is None:
        return unanswered()
    matching = match(rule, findings)
    described = [completeness(findings[at], rule.faults[fault]) for at, fault in matching.pairs]
    mean = sum(described) / len(described) if described else 0.0
    score = f1(matching, findings, len(rule.faults)) * (0.5 + 0.5 * mean)
    return Judgment(score=score, why=_why(rule, findings, matching, mean))


def _why(rule: FindingsRule, findings: Sequence[Finding], matching: Matching, mean: float) -> str:
    found = f"You found {len(matching.pairs)} of {len(rule.faults)} planted faults"
    if matching.pairs:
        found += f", described to {mean:.0%} (slice, start, size)"
    parts = [f"{found}."]
    named = {fault for _, fault in matching.pairs}
    missed = [fault for at, fault in enumerate(rule.faults) if at not in named]
    if missed:
        parts.append(f"Not found: {'; '.join(_named(fault) for fault in missed)}.")
    if matching.wrong:
        wrong = "; ".join(
            f"{findings[at].type} in {findings[at].place} at {findings[at].confidence:.2g}"
            for at in matching.wrong[:5]
        )
        more = f" and {len(matching.wrong) - 5} more" if len(matching.wrong) > 5 else ""
        parts.append(f"{len(matching.wrong)} were not planted, which costs: {wrong}{more}.")
    if matching.neutral:
        parts.append(f"{len(matching.neutral)} count neither way.")
    return " ".join(parts)


def _named(fault: Fault) -> str:
    since = f" since {fault.since}" if fault.since else ""
    return f"{fault.type} in {' or '.join(sorted(fault.places))}{since}"
