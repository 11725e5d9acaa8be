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
    shown = ", ".join(f"{key} {error:+.1f}%" for key, error in now.items())
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


def _costs(scales: Scales, number: str, main: str) -> dict[tuple[str, _Params], float]:
    """Give the cost of every option and parameter over all weeks, in cents."""
    rates, every = scales.rates, scales.every
    weeks = rates["horizon"] - 1
    one_off = {types.MISSING}
    costs: dict[tuple[str, _Params], float] = {}
    now, later = scales.errors(()), scales.errors(one_off)
    costs["publish", ()] = _points(scales, now, True) + weeks * _points(scales, later, False)
    labeled_now = _labeled(scales, now, number, True)
    labeled_later = _labeled(scales, later, number, False)
    costs["publish_labeled", ()] = rates["label"] + labeled_now + weeks * labeled_later
    for cover, fixed in (("all", every), ("main", frozenset({main}))):
        count = sum(kind in fixed for kind in scales.audit.kinds)
        after = _points(scales, scales.errors(fixed | one_off), False)
        params: _Params = (("cover", cover),)
        waiting = rates["queue_weeks"] - 1
        costs["label_and_fix", params] = (
            rates["label"]
            + rates["queued_fix"] * count
            + labeled_now
            + waiting * labeled_later
            + (weeks - waiting) * after
        )
        held = rates["hold_weeks"]
        costs["hold_and_fix", params] = (
            rates["urgent_fix"] * count + rates["hold_week"] * held + (weeks + 1 - held) * after
        )
        rules = fixed & _RULES
        n = sum(kind in rules for kind in scales.audit.kinds)
        costs["patch_by_rule", (*params, ("scope", "as_found"))] = (
            rates["patch"] * n
            + rates["patch_week"] * n * (weeks + 1)
            + _points(scales, scales.errors(rules), True)
            + weeks * _points(scales, scales.errors(rules | one_off), False)
        )
    days = _days_to_wait(scales)
    costs["wait_for_close", (("days", float(days)),)] = (
        rates["wait_day_week"] * days * (weeks + 1)
        + _points(scales, scales.errors({types.LATE}), True)
        + weeks * _points(scales, scales.errors({types.LATE} | one_off), False)
    )
    costs["rebuild_all", ()] = rates["rebuild"] + rates["hold_week"] * rates["rebuild_weeks"]
    return costs


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
