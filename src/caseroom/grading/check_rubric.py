"""Is a case's rubric sound: does every rule fit the form, do the weights add up?

In: a case. Out: sentences on what is wrong, none where it is sound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from caseroom.case.contract import Case
from caseroom.case.form import (
    ChoiceField,
    DateField,
    DecisionField,
    Field,
    FindingsField,
    IntervalField,
    ProbabilitiesField,
    SegmentField,
    TextField,
)
from caseroom.case.rubric import (
    CauseRule,
    ChoiceRule,
    Criterion,
    DateRule,
    FindingsRule,
    ForecastRule,
    Gate,
    IntervalRule,
    MemoRule,
    ProcessRule,
    RegretRule,
    SegmentRule,
)
from caseroom.grading.sql_reading import CONSTRUCTS

__all__ = ["rubric_problems"]

_FIELDS: dict[type, type[Field]] = {
    CauseRule: ProbabilitiesField,
    ChoiceRule: ChoiceField,
    DateRule: DateField,
    FindingsRule: FindingsField,
    ForecastRule: IntervalField,
    IntervalRule: IntervalField,
    MemoRule: TextField,
    RegretRule: DecisionField,
    SegmentRule: SegmentField,
}
_GATES = frozenset({"cause_missed", "harmful_option", "no_fault_found", "criterion_below"})


def rubric_problems(case: Case) -> tuple[str, ...]:
    """Give everything that is wrong with the rubric of a case."""
    rubric = case.rubric
    ids = [criterion.id for criterion in rubric.criteria]
    return (
        *_of_weights(rubric.criteria),
        *([] if len(set(ids)) == len(ids) else ["two criteria have the same id"]),
        *(problem for each in rubric.criteria for problem in _of_criterion(case, each)),
        *(problem for gate in rubric.gates for problem in _of_gate(case, gate, ids)),
    )


def _of_weights(criteria: tuple[Criterion, ...]) -> Iterator[str]:
    total = sum(criterion.weight for criterion in criteria)
    if abs(total - 100) > 1e-6:
        yield f"the weights add up to {total:g}, not 100"


def _field(case: Case, field_id: str) -> Field | None:
    return next((field for field in case.form.fields if field.id == field_id), None)


def _of_criterion(case: Case, criterion: Criterion) -> Iterator[str]:
    rule = criterion.rule
    if isinstance(rule, ProcessRule):
        unknown = {each for check in rule.checks for each in check.constructs} - CONSTRUCTS
        if unknown:
            yield f"{criterion.id}: unknown constructs {', '.join(sorted(unknown))}"
        return
    field = _field(case, rule.field)
    if not isinstance(field, _FIELDS[type(rule)]):
        yield f"{criterion.id}: field {rule.field!r} is not a {_FIELDS[type(rule)].__name__}"
        return
    yield from (f"{criterion.id}: {problem}" for problem in _of_rule(rule, field))


def _of_rule(rule: object, field: Field) -> Iterator[str]:
    match rule, field:
        case CauseRule(), ProbabilitiesField():
            known = {choice.id for choice in field.choices}
            if not rule.true or rule.true == known or not rule.true <= known:
                yield "the true causes are none, all, or not among the choices"
        case ChoiceRule(), ChoiceField():
            if rule.true not in {choice.id for choice in field.choices}:
                yield "the truth is not among the choices"
        case SegmentRule(), SegmentField():
            yield from _of_segment(rule, field)
        case DateRule(), DateField():
            if not field.first <= rule.true <= field.last:
                yield f"the true day {rule.true} can't be entered"
            if not 0 <= rule.tolerance_days < rule.zero_days:
                yield "the tolerance is not below the distance that scores 0"
        case IntervalRule(), IntervalField():
            yield from _of_interval(rule, field)
        case ForecastRule(), IntervalField():
            if not rule.vague_share > rule.against(1.0).full > 0:
                yield f"the vague share {rule.vague_share:g} is not above the honest one"
            if rule.level != field.level:
                yield f"the rule's level {rule.level:g} is not the field's, {field.level:g}"
        case MemoRule(), TextField():
            yield from _of_memo(rule)
        case FindingsRule(), FindingsField():
            yield from _of_findings(rule, field)
        case _:
            return


def _of_segment(rule: SegmentRule, field: SegmentField) -> Iterator[str]:
    if rule.true.keys() != field.dimensions.keys():
        yield "the truth does not name the dimensions of the field"
        return
    for dimension, value in rule.true.items():
        if value not in {"all", *(choice.id for choice in field.dimensions[dimension])}:
            yield f"the true {dimension} {value!r} can't be chosen"


def _of_interval(rule: IntervalRule, field: IntervalField) -> Iterator[str]:
    if not field.low <= rule.true <= field.high:
        yield f"the truth {rule.true:g} can't be entered"
    if not rule.vague > rule.full > 0:
        yield f"the vague score {rule.vague:g} is not above the honest one, {rule.full:g}"
    if rule.level != field.level:
        yield f"the rule's level {rule.level:g} is not the field's, {field.level:g}"


def _of_memo(rule: MemoRule) -> Iterator[str]:
    for cue in rule.cues:
        for source in cue.patterns:
            try:
                re.compile(source)
            except re.error as error:
                yield f"cue {cue.id}: the pattern {source!r} is broken ({error})"


def _of_findings(rule: FindingsRule, field: FindingsField) -> Iterator[str]:
    types = {choice.id for choice in field.types}
    places = {choice.id for choice in field.places}
    if not rule.faults:
        yield "no faults are planted"
    if len(rule.faults) > field.most:
        yield f"{len(rule.faults)} faults are planted, {field.most} can be named"
    for fault in rule.faults:
        if fault.type not in types or not fault.places <= places or not fault.places:
            yield f"the fault {fault.type} in {', '.join(sorted(fault.places))} can't be named"


def _of_gate(case: Case, gate: Gate, criteria: list[str]) -> Iterator[str]:
    if gate.kind not in _GATES:
        yield f"gate {gate.id}: unknown kind {gate.kind!r}"
    elif gate.kind == "criterion_below":
        if gate.criterion not in criteria:
            yield f"gate {gate.id}: no criterion {gate.criterion!r}"
    elif _field(case, gate.field) is None:
        yield f"gate {gate.id}: no field {gate.field!r}"
    if gate.kind == "cause_missed" and not gate.true:
        yield f"gate {gate.id}: no true causes"
