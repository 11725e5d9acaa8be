"""The naive solver: believes the gap between those who finished the setup and those who did not.

In: a `Desk`. Out: a raw submission. It compares completers with non-completers, blames onboarding,
and takes the day on which the dashboard moved for the onset.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from caseroom.case.contract import Desk
from caseroom.case.kinds.saas_churn.menu import DIMENSIONS
from caseroom.case.kinds.saas_churn.words import words_of
from caseroom.vocabulary.levels import Level
from caseroom.world.saas.blueprint import Cause

__all__ = ["solve"]

_GAP = """
SELECT c.account_id IS NOT NULL AS finished, count(*) AS accounts,
       avg(CASE WHEN s.ended_at IS NULL THEN 0 ELSE 1 END) AS left_share
FROM subscriptions AS s
LEFT JOIN (SELECT DISTINCT account_id FROM onboarding_steps WHERE step = 'connect') AS c
  USING (account_id) GROUP BY 1 ORDER BY 1"""


def solve(desk: Desk) -> Mapping[str, Any]:
    """Credit the whole gap to onboarding."""
    words = words_of(desk.vertical)
    rows = words.back(desk.sql(words.translate(_GAP), title="Who finished the setup, who left"))
    without, with_it = list(rows)
    gap = float(without["left_share"]) - float(with_it["left_share"])
    desk.note(f"Those who finished leave {gap:.0%} less often: onboarding it is.")
    lost = max(gap, 0.0) * float(without["accounts"])
    paying = float(with_it["accounts"]) + float(without["accounts"])
    return {
        "causes": {cause.value: 0.05 for cause in Cause} | {Cause.BROKEN_ONBOARDING.value: 0.9},
        "segment": dict.fromkeys(DIMENSIONS, "all"),
        "onset": (desk.brief.today - timedelta(weeks=12)).isoformat(),
        "effect": {"value": round(lost), "low": round(lost * 0.9), "high": round(lost * 1.1)},
        "decision": {"option": "redesign_onboarding", "params": {"platform": "all"}},
        "forecast": {"value": paying, "low": paying * 0.95, "high": paying * 1.05},
        "reversal_rule": "If churn is not lower next quarter we think again.",
        "missing_data": "None, the numbers are clear.",
        **({"process": "release_gate"} if desk.level is Level.LEAD else {}),
        "memo": (
            f"Customers who finish onboarding churn {gap:.0%} less. If we bring everybody through "
            "onboarding, churn falls by as much. We should redesign onboarding for everybody now."
        ),
    }
