"""The decision, by its regret in the world itself.

In: a `RegretRule`, the submission and the consequence. Out: a judgment in money.
"""

from __future__ import annotations

from caseroom.case.rubric import RegretRule
from caseroom.grading.criteria.setting import Judgment, Setting, unanswered

__all__ = ["judge_decision", "money"]

RELIABILITY = (
    "Exact in this world: the same business was run under your decision and under the best one."
)


def money(cents: int) -> str:
    """Give an amount in whole dollars, with thousands separated."""
    return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.0f}"


def judge_decision(rule: RegretRule, setting: Setting) -> Judgment:
    """Score 1 - regret / stake, cut to 0..1."""
    if setting.submission.get(rule.field) is None:
        return unanswered()
    result = setting.consequence
    score = 1 - result.regret_cents / result.stake_cents if result.stake_cents > 0 else 0.0
    why = (
        f"Your decision ({result.chosen.label}) is worth {money(result.chosen.value_cents)}; the "
        f"best one ({result.best.label}) {money(result.best.value_cents)}. The regret of "
        f"{money(result.regret_cents)} is set against {money(result.stake_cents)} at stake."
    )
    return Judgment(score=score, why=why, reliability=RELIABILITY)
