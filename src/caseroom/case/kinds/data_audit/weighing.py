"""What each decision costs, worked out from the planning rates and repaired queries.

In: a desk, what was found. Out: the wrong number, its error, the main fault, the best decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from caseroom.case.contract import Desk
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.inspection import Inspection
from caseroom.case.kinds.data_audit.rates import RIGHT_ENOUGH
from caseroom.case.kinds.data_audit.scales import Scales
from caseroom.vocabulary.numbers import signed_percent

__all__ = ["Choice", "weigh"]

Errors = Mapping[str, float]

_RULES = frozenset(kind.id for kind in types.PLANTED if kind.cure == "rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to answer: the wrong number, its error in percent and the noise of that, the main
    fault, the decision and its cost in cents."""

    number: str
    reported: float
    error: float
    noise: float
    main: str
    option: str
    params: Mapping[str, str | float]
    cost: float


def weigh(desk: Desk, audit: Inspection) -> Choice:
    """Find the wrong number, its main fault and the cheapest decision."""
    definition = desk.sql("SELECT * FROM report_definition", title="How is each number computed?")
    rates = desk.sql("SELECT item, amount FROM planning_rates", title="What does an error cost?")
    scales = Scales(
        desk=desk,
        audit=audit,
        numbers=tuple(dict(row) for row in definition),
        rates={row["item"]: float(row["amount"]) for row in rates},
    )
    now = scales.errors(())
    number = max(now, key=lambda key: abs(now[key]))
    alone = {kind: scales.errors(scales.every - {kind})[number] for kind in audit.kinds}
    main = max(alone, key=lambda kind: abs(alone[kind]), default="real_change")
    shown = ", ".join(f"{key} {signed_percent(error)}" for key, error in now.items())
    desk.note(f"Errors of the report: {shown}.")
    costs = _costs(scales, number, main)
    option, params = min(costs, key=lambda entry: costs[entry])
    return Choice(
        number=number,
        reported=scales.values(())[number],
        error=now[number],
        noise=scales.noise(number),
        main=main,
        option=option,
        params=dict(params),
        cost=costs[option, params],
    )


_Params = tuple[tuple[str, str | float], ...]
_Costs = dict[tuple[str, _Params], float]
_ONE_OFF = frozenset({types.MISSING})
"""What is not there again in later weeks."""


def _costs(scales: Scales, number: str, main: str) -> _Costs:
    """Give the cost of every option and parameter over all weeks, in cents."""
    rates = scales.rates
    costs: _Costs = {("publish", ()): _published(scales, frozenset())}
    first, later = _labeled_weeks(scales, number)
    costs["publish_labeled", ()] = rates["label"] + first + (rates["horizon"] - 1) * later
    for cover, fixed in (("all", scales.every), ("main", frozenset({main}))):
        params: _Params = (("cover", cover),)
        costs["label_and_fix", params] = _label_and_fix(scales, fixed, first, later)
        costs["hold_and_fix", params] = _hold_and_fix(scales, fixed)
        costs["patch_by_rule", (*params, ("scope", "as_found"))] = _patch(scales, fixed & _RULES)
    days = _days_to_wait(scales)
    delay = rates["wait_day_week"] * days * rates["horizon"]
    in_time = _published(scales, frozenset({types.LATE}))
    costs["wait_for_close", (("days", float(days)),)] = delay + in_time
    costs["rebuild_all", ()] = rates["rebuild"] + rates["hold_week"] * rates["rebuild_weeks"]
    return costs


def _count(scales: Scales, fixed: frozenset[str]) -> int:
    return sum(kind in fixed for kind in scales.audit.kinds)


def _published(scales: Scales, fixed: frozenset[str]) -> float:
    """Cost of the errors of all weeks with these types undone from the first week on."""
    now, later = scales.errors(fixed), scales.errors(fixed | _ONE_OFF)
    weeks = scales.rates["horizon"] - 1
    return _points(scales, now, True) + weeks * _points(scales, later, False)


def _labeled_weeks(scales: Scales, number: str) -> tuple[float, float]:
    """Cost of the first and of a later week with a labeled correction."""
    now, later = scales.errors(()), scales.errors(_ONE_OFF)
    return _labeled(scales, now, number, True), _labeled(scales, later, number, False)


def _label_and_fix(scales: Scales, fixed: frozenset[str], first: float, later: float) -> float:
    rates, waiting = scales.rates, scales.rates["queue_weeks"] - 1
    after = _points(scales, scales.errors(fixed | _ONE_OFF), False)
    once = rates["label"] + rates["queued_fix"] * _count(scales, fixed)
    return once + first + waiting * later + (rates["horizon"] - 1 - waiting) * after


def _hold_and_fix(scales: Scales, fixed: frozenset[str]) -> float:
    rates, held = scales.rates, scales.rates["hold_weeks"]
    after = _points(scales, scales.errors(fixed | _ONE_OFF), False)
    once = rates["urgent_fix"] * _count(scales, fixed)
    return once + rates["hold_week"] * held + (rates["horizon"] - held) * after


def _patch(scales: Scales, rules: frozenset[str]) -> float:
    rates = scales.rates
    each = rates["patch"] + rates["patch_week"] * rates["horizon"]
    return each * _count(scales, rules) + _published(scales, rules)


def _points(scales: Scales, errors: Errors, first: bool) -> float:
    points = sum(min(abs(error), scales.rates["cap"]) for error in errors.values())
    return points * scales.rates["point_week"] * (scales.rates["first_week"] if first else 1)


def _labeled(scales: Scales, errors: Errors, number: str, first: bool) -> float:
    """Cost of a week with a labeled correction; without errors it needs none."""
    if max(map(abs, errors.values())) < RIGHT_ENOUGH:
        return _points(scales, errors, first)
    left = _corrected(scales, errors[number], number, first)
    cost = scales.rates["labeled_share"] * _points(scales, {**errors, number: left}, first)
    return cost if first else cost + scales.rates["manual_week"]


def _corrected(scales: Scales, error: float, number: str, first: bool) -> float:
    """Give the error of the wrong number after the flat correction of this week."""
    if first:
        return 0.0
    if abs(error) < RIGHT_ENOUGH:
        return error
    left = 100 * ((1 + error / 100) / (1 + scales.errors(())[number] / 100) - 1)
    least = scales.rates["drift"] * error
    return least if abs(left) < abs(least) else left


def _days_to_wait(scales: Scales) -> int:
    """Days until the last open day is complete, from the completeness curve."""
    for fault in scales.audit.found:
        if fault.type == types.LATE and fault.since is not None:
            return max(1, (scales.audit.view.until - fault.since).days + 1)
    return 1
