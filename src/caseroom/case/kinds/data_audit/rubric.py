"""What is right in a case: faults with tolerances, the wrong number, the decision, texts.

In: a drawn case. Out: `Rubric` and the truth in a person's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.changelog import slice_words
from caseroom.case.kinds.data_audit.controls import CONTROLS
from caseroom.case.kinds.data_audit.decisions import HARMFUL
from caseroom.case.kinds.data_audit.drawn import Drawn
from caseroom.case.kinds.data_audit.form import MEMO_WORDS
from caseroom.case.kinds.data_audit.frame import LOADED
from caseroom.case.kinds.data_audit.planting import PlannedFault
from caseroom.case.kinds.data_audit.words import words_of
from caseroom.case.rubric import (
    ChoiceRule,
    Criterion,
    Cue,
    Fault,
    FindingsRule,
    Gate,
    IntervalRule,
    MemoRule,
    ProcessCheck,
    ProcessRule,
    RegretRule,
    Rubric,
)
from caseroom.vocabulary.levels import Competency, Level
from caseroom.vocabulary.numbers import signed_percent
from caseroom.world.faults import LateRows, MissingRows

__all__ = ["error_sd", "make_rubric", "make_truth"]

_SINCE_DAYS = {types.UNIT: 2, types.CLOCK: 2, types.SWAP: 2, types.LATE: 1}
_SIZE_SHARE = {types.LATE: 0.3, types.UNIT: 0.1, types.CLOCK: 0.1, types.FAN_OUT: 0.1}
_FINDINGS_FLOOR = 0.35
_ROLES = {"main": "Main fault", "second": "Second fault, which interacts", "minor": "Minor fault"}


def make_rubric(drawn: Drawn) -> Rubric:
    """Build the rubric: weights follow the common frame (data checks 20, analysis 45, decision 20,
    texts 15); at lead, the control takes some weight of the findings and of the way."""
    lead = drawn.spec.level is Level.LEAD
    criteria = [
        _criterion("process", "Checked rows, keys, days and joins", Competency.QUALITY,
                   14 if lead else 18, _process(drawn)),
        _criterion("findings", "Named the faults, and no others", Competency.QUALITY,
                   23 if lead else 25, _findings(drawn)),
        _criterion("main_fault", "Named the fault that matters most", Competency.DIAGNOSIS, 8,
                   _main_fault(drawn)),
        _criterion("number", "Named the wrong number", Competency.METRICS, 6, _number(drawn)),
        _criterion("error", "Sized its error", Competency.ANALYSIS, 10, _error(drawn)),
        _criterion("decision", "Decided at little regret", Competency.DECISIONS, 18,
                   RegretRule(field="decision")),
        _criterion("reversal", "Said when to take it back", Competency.DECISIONS, 3,
                   _reversal()),
        _criterion("memo", "Told the owner plainly", Competency.STORY, 12, _memo(drawn)),
    ]  # fmt: skip
    if lead:
        control = types.BY_ID[drawn.plan.main.type].control
        criteria.append(
            _criterion("control", "Named the control that failed", Competency.GOVERNANCE, 6,
                       ChoiceRule(field="control", true=control))
        )  # fmt: skip
    return Rubric(criteria=tuple(criteria), gates=_gates())


def _criterion(id_: str, label: str, competency: Competency, weight: float, rule) -> Criterion:
    return Criterion(id=id_, label=label, competency=competency, weight=weight, rule=rule)


def _gates() -> tuple[Gate, ...]:
    return (
        Gate(
            id="nothing_found",
            label="No planted fault was found",
            cap=50,
            kind="no_fault_found",
            field="findings",
        ),
        Gate(
            id="main_missed",
            label="The fault that moves the report most was not named",
            cap=50,
            kind="criterion_below",
            criterion="main_fault",
            floor=0.5,
        ),
        Gate(
            id="too_many",
            label="The list of faults is more wrong than right",
            cap=50,
            kind="criterion_below",
            criterion="findings",
            floor=_FINDINGS_FLOOR,
        ),
        Gate(
            id="quiet",
            label="The number was changed without saying so",
            cap=40,
            kind="harmful_option",
            field="decision",
            options=HARMFUL,
        ),
    )


def fault_of(fault: PlannedFault) -> Fault:
    """Give the graded form of a planted fault."""
    return Fault(
        type=fault.type,
        places=fault.places,
        slice=fault.slice,
        since=fault.since,
        size=fault.size,
        since_days=_SINCE_DAYS.get(fault.type, 1),
        size_share=_SIZE_SHARE.get(fault.type, 0.15),
    )


def _findings(drawn: Drawn) -> FindingsRule:
    faults = drawn.plan.faults
    planted = {(fault.type, place) for fault in faults for place in fault.places}
    return FindingsRule(
        field="findings",
        faults=tuple(fault_of(fault) for fault in faults),
        original=drawn.ground.oddities - planted,
    )


def _main_fault(drawn: Drawn) -> ChoiceRule:
    """The interacting fault earns half: it moves the same number."""
    partial = {fault.type: 0.5 for fault in drawn.plan.faults if fault.role == "second"}
    return ChoiceRule(field="main_fault", true=drawn.plan.main.type, partial=partial)


def _number(drawn: Drawn) -> ChoiceRule:
    """Numbers nearly as wrong as the worst one earn half."""
    errors, worst = drawn.plan.errors, drawn.plan.wrong_number
    near = {
        number: 0.5
        for number, error in errors.items()
        if number != worst and abs(error) >= 0.75 * abs(errors[worst])
    }
    return ChoiceRule(field="wrong_number", true=worst, partial=near)


def error_sd(drawn: Drawn) -> float:
    """Give the noise of a good estimate of the wrong number's error, in percentage points.

    5% of the error, at least 0.4 points, and at least what is left to chance where a count of one
    desk misses rows that nobody has seen: sqrt(rows * p * (1 - p)) of them, with p the desk's
    share of all rows.
    """
    plan = drawn.plan
    number, error = drawn.number(plan.wrong_number), plan.errors[plan.wrong_number]
    unseen = [f for f in plan.faults if isinstance(f.injector, MissingRows | LateRows)]
    absent = sum(f.size for f in unseen if f.since and f.since >= drawn.frame.week)
    share = min(1.0, plan.true[number.id] / max(1.0, plan.true["records"]))
    chance = (absent * share * (1 - share)) ** 0.5 if number.is_count and number.desk else 0.0
    return max(0.4, 0.05 * abs(error), 100 * chance / max(1.0, plan.true[number.id]))


def _error(drawn: Drawn) -> IntervalRule:
    error = drawn.plan.errors[drawn.plan.wrong_number]
    sd = error_sd(drawn)
    return IntervalRule(
        field="error", true=error, sd=sd, vague=max(10.0, 1.5 * abs(error), 10 * sd)
    )


def _check(
    id_: str,
    label: str,
    tables: frozenset[str],
    columns: Iterable[str],
    *constructs: str,
    validity: bool = True,
) -> ProcessCheck:
    return ProcessCheck(
        id=id_,
        label=label,
        tables=(tables,),
        columns=frozenset(columns),
        constructs=frozenset(constructs),
        validity=validity,
    )


def _process(drawn: Drawn) -> ProcessRule:
    frame = drawn.frame
    main, dim = frozenset({frame.main}), frozenset({frame.dim_name})
    days = (frame.roles.moment, LOADED, "audit_day")
    unique = ("count_distinct", "having", "window")
    return ProcessRule(
        checks=(
            _check("rows", "Counted the rows", main, (), "count"),
            _check("key", "Checked that the business key is unique", main,
                   frame.survey.key, *unique),
            _check("days", "Looked at coverage by day", main, days, "group_by", "min_max"),
            _check("groups", "Looked at the slices apart", main, frame.roles.slices,
                   "group_by", "filter"),
            _check("dimension", "Checked the keys of the second table", dim,
                   (frame.dim_key,), "group_by", *unique),
            _check("join", "Compared rows before and after the join", main | dim, (), "join",
                   validity=False),
            _check("values", "Looked at the values of the measures", main,
                   frame.roles.measures, "group_by", "min_max", "filter", validity=False),
        )
    )  # fmt: skip


def _reversal() -> MemoRule:
    return MemoRule(
        field="reversal_rule",
        cues=(
            Cue(id="number", label="a number or share", patterns=(r"\d",)),
            Cue(
                id="when",
                label="a time",
                patterns=(r"\b(day|week|month|monday|report|until|within|after|by)s?\b",),
            ),
            Cue(
                id="then",
                label="what happens then",
                patterns=(
                    r"\b(stop|take|back|hold|revert|withdraw|remove|drop|publish|switch|ask|undo)",
                ),
            ),
        ),
        min_words=8,
        max_words=120,
    )


def _memo(drawn: Drawn) -> MemoRule:
    frame, plan = drawn.frame, drawn.plan
    words = words_of(drawn.spec.vertical, frame.survey.source)
    label, patterns = words.rule_cue
    low, high = MEMO_WORDS
    return MemoRule(
        field="memo",
        cues=(
            Cue(id="number", label="names the wrong number", patterns=_number_words(drawn)),
            Cue(
                id="size",
                label="says by how much",
                patterns=(r"\d[\d.,]*\s*(%|percent|per cent|points?)",),
            ),
            Cue(id="where", label="says which slice", patterns=_slice_patterns(plan.main)),
            Cue(
                id="since",
                label="says since when",
                patterns=(r"\bsince\b", r"\bfrom\b.*\d", r"\d{4}-\d{2}-\d{2}", r"\bstarted\b"),
            ),
            Cue(
                id="action",
                label="says what is done and who does it",
                patterns=(
                    r"\b(we|i|team|source|platform|loader)\b.*\b(hold|publish|fix|patch|repair|"
                    r"label|wait|reload|correct|rebuild)",
                ),
            ),
            Cue(
                id="unsure",
                label="says what is not known",
                patterns=(
                    r"\b(not|un)\s?(know|sure|certain|known|clear)",
                    r"\b(interval|between|range|may|might|estimate|assum|uncertain|unsure)",
                ),
            ),
            Cue(id="rule", label=label, patterns=patterns),
        ),
        min_words=low,
        max_words=high,
    )


def _number_words(drawn: Drawn) -> tuple[str, ...]:
    number = drawn.number(drawn.plan.wrong_number)
    words = [number.id, number.label]
    if number.column:
        words += [number.column, number.column.replace("_", " ")]
    if number.desk:
        words.append(f"desk {number.desk}")
    if number.kind == "evening":
        words += ["evening", "18:00", "after 18"]
    if number.id == "records":
        noun = drawn.frame.survey.source.noun
        words += [f"number of {noun}", f"count of {noun}", f"{noun} are", "total"]
    return tuple(re.escape(word) for word in dict.fromkeys(words))


def _slice_patterns(fault: PlannedFault) -> tuple[str, ...]:
    values = [rf"\b{re.escape(value)}\b" for value in fault.slice.values()]
    return tuple(values) or (r"\b(all|every|several|two|three|keys?)\b",)


def make_truth(drawn: Drawn) -> tuple[tuple[str, str], ...]:
    """Tell what was planted, in a person's words."""
    plan = drawn.plan
    number = drawn.number(plan.wrong_number)
    roles = {
        "main": "Main fault",
        "second": "Second fault, which interacts",
        "minor": "Minor fault",
    }
    told = [(roles[fault.role], _sentence(drawn, fault)) for fault in plan.faults]
    told.append(
        (
            "The wrong number",
            f"{number.label}: reported {plan.reported[number.id]:,.2f}, true "
            f"{plan.true[number.id]:,.2f}, so the error is "
            f"{signed_percent(plan.errors[number.id])}.",
        )
    )
    others = ", ".join(
        f"{drawn.number(key).label} {signed_percent(error)}"
        for key, error in plan.errors.items()
        if key != number.id
    )
    told.append(("The other numbers", f"Errors: {others}."))
    told.append(
        (
            "A harmless oddity",
            "The technical ids skip ahead once, when their sequence moved to another server.",
        )
    )
    if drawn.spec.level is Level.LEAD:
        control = types.BY_ID[plan.main.type].control
        label = next(c.label for c in CONTROLS if c.id == control)
        told.append(("The control that failed", f"{label}."))
    return tuple(told)


def _sentence(drawn: Drawn, fault: PlannedFault) -> str:
    kind = types.BY_ID[fault.type]
    alone = fault.errors[drawn.plan.wrong_number]
    trap = f" ({kind.trap})" if kind.trap else ""
    return (
        f"{kind.label}{trap}, in {max(fault.places, key=len)}, "
        f"{slice_words(fault.slice)}, since {fault.since}; size {fault.size:,.6g} "
        f"({kind.size_unit}). Alone it moves the wrong number by {signed_percent(alone)}."
    )
