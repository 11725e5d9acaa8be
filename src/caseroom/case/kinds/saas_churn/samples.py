"""Submissions whose scores are known beforehand.

In: a drawn case. Out: `Samples`: perfect, typical, shotgun, empty, malformed, and constant answers.
"""

from __future__ import annotations

from typing import Any

from caseroom.case.contract import Case, Samples
from caseroom.case.form import Decision
from caseroom.case.kinds.saas_churn.brief import CAUSE_LABELS
from caseroom.case.kinds.saas_churn.consequence import best_decision
from caseroom.case.kinds.saas_churn.menu import CURE_PLACE, CURES, DIMENSIONS
from caseroom.case.kinds.saas_churn.story import Story
from caseroom.case.kinds.saas_churn.truth import effect_sd, true_segment
from caseroom.case.kinds.saas_churn.words import words_of
from caseroom.vocabulary.levels import Level
from caseroom.world.saas.blueprint import Cause

__all__ = ["samples"]

_MEMO = (
    "I recommend the decision named above. I compared accounts that the change reached with those "
    "that it did not reach, at equal age, before and after, and checked rows, keys, dates and "
    "tracking first. The effect lies between 80 and 120 accounts in the middle case; the form "
    "holds the exact interval. What I do not know is why single customers left, since nobody has "
    "asked them yet, and there is a risk that the effect fades by itself. The dashboard counts "
    "silence in the log, so I put it beside subscriptions that really ended before I believed it. "
    "Other changes of the same weeks show no effect on the losses of the people whom they reached, "
    "which is why I leave them alone. The decision costs money now and pays back over half a year "
    "through accounts that stay. I will report in six weeks with the same comparison and stop if "
    "losses in the segment are not at least a quarter lower by then. If you want more proof first, "
    "a test costs six weeks in which we keep losing accounts, and I would take it only for the "
    "setup. I will tell support and sales today, so that they do not promise anything else."
)


def _raw(decision: Decision) -> dict[str, Any]:
    return {"option": decision.option, "params": dict(decision.params)}


def _perfect(case: Case) -> dict[str, Any]:
    story: Story = case.hidden
    words = words_of(case.spec.vertical)
    plants = story.blueprint.plants
    decision, result = best_decision(case)
    half = 1.28 * effect_sd(story)
    true = {plant.cause.value for plant in plants}
    answer: dict[str, Any] = {
        "causes": {name: 0.98 if name in true else 0.01 for name in CAUSE_LABELS},
        "segment": true_segment(words, plants[0]),
        "onset": story.blueprint.day(plants[0].week).isoformat(),
        "effect": {
            "value": story.extra_lost,
            "low": story.extra_lost - half,
            "high": story.extra_lost + half,
        },
        "decision": _raw(decision),
        "forecast": {
            "value": result.customers,
            "low": round(0.97 * result.customers),
            "high": round(1.03 * result.customers),
        },
        "reversal_rule": "If weekly losses in the segment are not at least 25% lower after six "
        "weeks, we take it back.",
        "missing_data": "Reasons from people who left, and a randomized comparison.",
        "memo": _MEMO,
    }
    if case.spec.level is Level.LEAD:
        answer["process"] = story.process
    return answer


def _constant(perfect: dict[str, Any], cause: str) -> dict[str, Any]:
    """Keep everything that is right but blame `cause` and cure it where the case's segment says."""
    option = CURES[Cause(cause)]
    place = CURE_PLACE.get(option, "")
    segment = perfect["segment"]
    params = {place: segment[place]} if place and segment[place] != "all" else {}
    return {
        **perfect,
        "causes": {name: 0.95 if name == cause else 0.02 for name in CAUSE_LABELS},
        "decision": {"option": option, "params": params},
    }


def samples(case: Case) -> Samples:
    """Give the samples of a case."""
    perfect = _perfect(case)
    story: Story = case.hidden
    typical = {
        **perfect,
        "causes": dict.fromkeys(CAUSE_LABELS, 0.05) | {"season": 0.5, "broken_onboarding": 0.7},
        "segment": dict.fromkeys(DIMENSIONS, "all"),
        "effect": {"value": 3000, "low": 2800, "high": 3200},
        "decision": {"option": "sales_assist", "params": {"min_seats": 5}},
        "forecast": {"value": story.paying, "low": story.paying - 5, "high": story.paying + 5},
        "memo": "Onboarding is broken, so we redesign it and churn falls by half.",
    }
    return Samples(
        perfect=perfect,
        typical=typical,
        shotgun={**perfect, "causes": dict.fromkeys(CAUSE_LABELS, 0.9)},
        empty={},
        malformed={
            "causes": "price",
            "onset": "last spring",
            "effect": {"value": "many"},
            "decision": {"option": "magic"},
        },
        constants={cause.value: _constant(perfect, cause.value) for cause in Cause},
    )
