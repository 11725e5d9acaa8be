"""The reference solver: the right path, step by step, with nothing but what a candidate sees.

In: a `Desk`. Out: a raw submission. Data validity first; then, for every kind of cause, a signal
(did something change for good, where, when?) and its effect on hazards at equal age, all changes
at once; then what each cure is worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from caseroom.case.contract import Desk
from caseroom.case.kinds.saas_churn.bench import Bench, Found
from caseroom.case.kinds.saas_churn.effects import measure
from caseroom.case.kinds.saas_churn.flows import look_ahead, segments
from caseroom.case.kinds.saas_churn.forecast import forecast
from caseroom.case.kinds.saas_churn.futures import Cure, cure
from caseroom.case.kinds.saas_churn.memo import write_memo
from caseroom.case.kinds.saas_churn.menu import CURE_PLACE, DIMENSIONS
from caseroom.case.kinds.saas_churn.process import read_process
from caseroom.case.kinds.saas_churn.signals import candidates, check_data, lost_event
from caseroom.case.kinds.saas_churn.words import Words
from caseroom.vocabulary.levels import Level
from caseroom.world.saas.blueprint import TODAY, Cause

__all__ = ["investigate", "solve"]

_MODEL_SHARE = 0.12
"""Standard deviation, as a share, of what age and comparison group do not standardize away."""

_LATELY = 10
"""Weeks over which today's hazards are read, at least."""


def investigate(bench: Bench) -> list[Found]:
    """Find the causes, the most harmful first; no more than the level plants.

    What is best founded is kept: a broken measurement is seen directly, the others by how far
    their effect lies beyond chance.
    """
    check_data(bench)
    tracking = lost_event(bench)
    measured = measure(bench, candidates(bench))
    most = 1 if bench.desk.level in (Level.ASSOCIATE, Level.MID) else 2
    kept = [*tracking, *sorted(measured, key=lambda item: -item.z)][:most]
    return sorted(kept, key=lambda item: -item.effect.value)


def solve(desk: Desk) -> Mapping[str, Any]:
    """Investigate and fill in the form."""
    bench = Bench(desk)
    found = investigate(bench)
    causes = {cause.value: 0.03 for cause in Cause} | {"something_else": 0.03}
    for item in found:
        causes[item.cause.value] = 0.95
    if not found:
        return {"causes": causes, "memo": "I found no cause that the data support."}
    return {"causes": causes, **_findings(bench, found), **_advice(bench, found)}


def _findings(bench: Bench, found: Sequence[Found]) -> Mapping[str, Any]:
    """Say whom it reaches, since when and what it cost."""
    first = found[0]
    total = max(sum(item.effect.value for item in found), 0.0)
    noise = math.sqrt(sum((item.effect.high - item.effect.low) ** 2 for item in found)) / 2
    error = math.hypot(noise, 1.2816 * _MODEL_SHARE * total)
    segment = dict.fromkeys(DIMENSIONS, "all")
    for name, value in first.where.items():
        segment[name] = "20_plus" if name == "size" else bench.words.value(name, value)
    return {
        "segment": segment,
        "onset": bench.day(first.week).isoformat(),
        "effect": {
            "value": round(total),
            "low": round(total - error),
            "high": round(total + error),
        },
    }


def _advice(bench: Bench, found: Sequence[Found]) -> Mapping[str, Any]:
    """Decide for the cure that is worth most, forecast its outcome, and write."""
    onset = max((item.week for item in found if item.cause is not Cause.LOST_EVENT), default=TODAY)
    since = min(onset, TODAY - _LATELY)
    company = look_ahead(bench, since)
    best = max((cure(bench, company, item) for item in found), key=lambda each: each.worth_cents)
    decision = _decision(bench.words, best)
    outlook = forecast(company, segments(bench, company, found, since), best)
    return {
        "decision": decision,
        "forecast": {
            "value": round(outlook.value),
            "low": round(outlook.low),
            "high": round(outlook.high),
        },
        **_process(bench, found[0].cause),
        **write_memo(bench.desk.brief, bench.words, found, decision, outlook),
    }


def _process(bench: Bench, cause: Cause) -> Mapping[str, str]:
    if bench.desk.level is not Level.LEAD:
        return {}
    return {"process": read_process(bench.ask, cause)}


def _decision(words: Words, best: Cure) -> dict[str, Any]:
    if best.option == "redesign_onboarding":
        return {"option": best.option, "params": {"platform": "all"}}
    place = CURE_PLACE.get(best.option)
    params = {place: words.value(place, best.found.where[place])} if place else {}
    return {"option": best.option, "params": params}
