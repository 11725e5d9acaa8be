"""Submissions whose scores are known beforehand.

In: a drawn case. Out: `Samples`: perfect, typical, shotgun, empty, malformed, and constant answers.
"""

from __future__ import annotations

from typing import Any

from caseroom.case.contract import Samples
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.consequence import best_choice
from caseroom.case.kinds.data_audit.drawn import Drawn
from caseroom.case.kinds.data_audit.form import MOST_FINDINGS
from caseroom.case.kinds.data_audit.memo import Told, write_memo
from caseroom.case.kinds.data_audit.planting import PlannedFault
from caseroom.case.kinds.data_audit.rubric import error_sd
from caseroom.case.kinds.data_audit.words import words_of
from caseroom.vocabulary.levels import Level

__all__ = ["make_samples"]

_CONSTANT_DECISIONS = ("label_and_fix", "hold_and_fix", "patch_by_rule", "wait_for_close")


def make_samples(drawn: Drawn) -> Samples:
    """Give the samples of a case."""
    perfect = _perfect(drawn)
    constants = {
        f"{kind.id}+{option}": _constant(drawn, perfect, kind.id, option)
        for kind in types.PLANTED
        for option in _CONSTANT_DECISIONS
    }
    return Samples(
        perfect=perfect,
        typical=_typical(drawn, perfect),
        shotgun={**perfect, "findings": _everything(drawn)},
        empty={},
        malformed={
            "findings": [{"type": "gremlins", "place": 7, "since": "last week"}],
            "error": {"value": "a lot"},
            "decision": {"option": "hope"},
        },
        constants=constants,
    )


def finding_of(fault: PlannedFault) -> dict[str, Any]:
    """Give the raw finding that describes a planted fault exactly."""
    return {
        "type": fault.type,
        "place": min(fault.places, key=len),
        "slice": dict(fault.slice),
        "since": fault.since.isoformat() if fault.since else None,
        "size": fault.size,
        "confidence": 1.0,
    }


def _perfect(drawn: Drawn) -> dict[str, Any]:
    plan = drawn.plan
    error = plan.errors[plan.wrong_number]
    half = 1.28 * error_sd(drawn)
    option, cover = best_choice(drawn.states, drawn.rates)
    answer: dict[str, Any] = {
        "findings": [finding_of(fault) for fault in plan.faults],
        "main_fault": plan.main.type,
        "wrong_number": plan.wrong_number,
        "error": {"value": error, "low": error - half, "high": error + half},
        "decision": {"option": option, "params": _params(drawn, option, cover)},
    }
    if drawn.spec.level is Level.LEAD:
        answer["control"] = types.BY_ID[plan.main.type].control
    return answer | _texts(drawn, option)


def _params(drawn: Drawn, option: str, cover: str) -> dict[str, Any]:
    if option == "wait_for_close":
        return {"days": drawn.states.late_days}
    if option in ("label_and_fix", "hold_and_fix"):
        return {"cover": cover}
    return {"cover": cover, "scope": "as_found"} if option == "patch_by_rule" else {}


def _texts(drawn: Drawn, option: str) -> dict[str, str]:
    plan, frame = drawn.plan, drawn.frame
    number = drawn.number(plan.wrong_number)
    error = plan.errors[number.id]
    half = 1.28 * error_sd(drawn)
    told = [
        Told(
            type=fault.type,
            place=min(fault.places, key=len),
            slice=dict(fault.slice),
            since=fault.since,
            size=fault.size,
        )
        for fault in plan.faults
    ]
    return write_memo(
        asker=words_of(drawn.spec.vertical, frame.survey.source).asker,
        vertical=drawn.spec.vertical,
        number=number.label,
        reported=plan.reported[number.id],
        error=(error, error - half, error + half),
        main=told[0],
        others=told[1:],
        option=option,
    )


def _typical(drawn: Drawn, perfect: dict[str, Any]) -> dict[str, Any]:
    """The common mistake: the total looks fine and some cells are empty, so it goes out."""
    empty = [c.name for c in drawn.frame.survey.profile.columns if c.nulls]
    column = (empty or [drawn.frame.roles.moment])[0]
    return {
        **perfect,
        "findings": [{"type": "empty_values", "place": f"{drawn.frame.main}.{column}"}],
        "main_fault": "empty_values",
        "wrong_number": "records",
        "error": {"value": 0.0, "low": -1.0, "high": 1.0},
        "decision": {"option": "publish"},
        "memo": "The report looks fine, the number of rows is as usual, so we publish it today.",
    }


def _everything(drawn: Drawn) -> list[dict[str, Any]]:
    """Name every type at the place where it would most likely be, without a slice or a size."""
    frame = drawn.frame
    places: dict[str, tuple[str, ...]] = {kind.id: (frame.main,) for kind in types.PLANTED}
    measures = tuple(f"{frame.main}.{column}" for column in frame.roles.measures)
    places |= {
        types.UNIT: measures[:3],
        types.PLACEHOLDER: measures[:3],
        types.SWAP: measures[:2],
        types.CLOCK: (f"{frame.main}.{frame.roles.moment}",),
        types.FAN_OUT: (frame.dim_name,),
    }
    every = [
        {"type": kind, "place": place, "since": drawn.frame.week.isoformat(), "size": 100}
        for kind, where in places.items()
        for place in where
    ]
    return every[:MOST_FINDINGS]


def _constant(drawn: Drawn, perfect: dict[str, Any], kind: str, option: str) -> dict[str, Any]:
    """Everything is right, but the answer is always this fault and this decision."""
    planted = [fault for fault in drawn.plan.faults if fault.type == kind]
    if planted:
        claim = finding_of(planted[0])
    else:
        claim = next(f for f in _everything(drawn) if f["type"] == kind)
    return {
        **perfect,
        "findings": [claim],
        "main_fault": kind,
        "decision": {"option": option, "params": _params(drawn, option, "all")},
    }
