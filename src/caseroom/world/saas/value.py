"""What a decision is worth: revenue collected, what still pays at the end, and costs.

In: blueprint, people, lives, policy. Out: weekly series and a value in cents, from integers only.

Value rule: revenue collected over the window, plus 26 weeks of the fees that still come in at its
end, minus the cost of signing accounts up in the window, minus the price of the decision.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caseroom.world.saas.blueprint import (
    CHANNELS,
    PLANS,
    TODAY,
    WEEKS,
    Blueprint,
    Cause,
)
from caseroom.world.saas.lives import Lives
from caseroom.world.saas.people import NEVER, People, loses_event, take
from caseroom.world.saas.policy import Policy, dose

__all__ = [
    "CAMPAIGN_COST",
    "CREDIT_PERMILLE",
    "FREE_WEEKS",
    "PRICE_PERMILLE",
    "SIGNUP_COST",
    "Worth",
    "fee_permille",
    "mistaken_idle",
    "worth",
]

PRICE_PERMILLE = 1120
"""A planted price rise: fees of the plan in permille of the old ones."""
QUIET_PERMILLE = 1030
"""The harmless price rise of another plan."""
FREE_WEEKS = 8
"""Weeks for which the free campaign's accounts pay nothing."""
CREDIT_PERMILLE = 200
"""Win-back credit for accounts that the dashboard counts as inactive."""
CREDIT_SINCE = 40
"""Week in which the win-back credits began."""
CAMPAIGN_COST = (1500, 40000)
"""Cents that the harmless and the free campaign pay out per sign-up, on top."""
SIGNUP_COST = dict(zip(CHANNELS, (2500, 9000, 8000, 30000, 14000), strict=True))
"""Cents spent per sign-up, by channel."""

Grid = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Value in cents, accounts that pay at the end, and weekly series (first week .. last)."""

    value_cents: int
    customers: int
    weeks: NDArray[np.int64]
    paying: NDArray[np.int64]
    revenue_cents: NDArray[np.int64]


def fee_permille(blueprint: Blueprint, policy: Policy, people: People, weeks: Grid) -> Grid:
    """Give fees in permille of the list price at the start, shape (accounts, weeks)."""
    permille = np.full((len(people), len(weeks)), 1000, dtype=np.int64)
    changes = [(*blueprint.decoys.quiet_price, QUIET_PERMILLE)]
    plant = blueprint.plant(Cause.PRICE_RISE)
    if plant is not None:
        changes.append((plant.where["plan"], plant.week, PRICE_PERMILLE))
    for plan, week, level in changes:
        on_plan = people.plan == PLANS.index(plan)
        permille[np.ix_(on_plan, weeks >= week)] = level
    for action in policy.of("rollback_price"):
        scope = people.plan == PLANS.index(action.text("plan"))
        back = (weeks >= action.start) & (weeks < action.stop)
        if action.share < 1.0:
            scope &= dose(action, blueprint.seed, people.ids) >= 1.0
        permille[np.ix_(scope, back)] = 1000
    return permille


def mistaken_idle(
    blueprint: Blueprint, policy: Policy, people: People, weeks: Grid
) -> NDArray[np.bool_]:
    """Tell where the dashboard misses an account because its client lost the session event.

    Shape (accounts, weeks); true from four weeks after the client was installed.
    """
    plant = blueprint.plant(Cause.LOST_EVENT)
    if plant is None:
        return np.zeros((len(people), len(weeks)), dtype=bool)
    hit = loses_event(blueprint, people)
    since = np.maximum(plant.week + people.lag, people.signup) + 4
    idle = hit[:, None] & (weeks[None, :] >= since[:, None])
    for action in policy.of("fix_tracking"):
        if action.text("platform") in ("all", plant.where["platform"]):
            idle &= weeks[None, :] < action.start + 4
    return idle


def worth(
    blueprint: Blueprint,
    people: People,
    lives: Lives,
    policy: Policy,
    price_cents: int,
    *,
    first: int = TODAY,
    last: int = WEEKS,
) -> Worth:
    """Value the window first..last-1 by the value rule."""
    seen = (lives.end > first) & (people.signup < last)
    weeks = np.arange(first, last)
    part = np.flatnonzero(seen)
    signup, end = people.signup[part], lives.end[part]
    pays = (weeks[None, :] >= signup[:, None]) & (weeks[None, :] < end[:, None])
    pays &= (people.staff[part] == 0)[:, None]
    some = take(people, part)
    weekly = (some.fee * 12 // 52)[:, None] * fee_permille(blueprint, policy, some, weeks) // 1000
    weekly = np.where(pays, weekly, 0)
    free = (some.campaign == 2)[:, None] & (weeks[None, :] < signup[:, None] + FREE_WEEKS)
    collected = np.where(free, 0, weekly)
    idle = mistaken_idle(blueprint, policy, some, weeks) & ~some.yearly[:, None]
    collected = np.where(idle, collected * (1000 - CREDIT_PERMILLE) // 1000, collected)
    joined = (signup >= first) & (signup < NEVER) & (some.staff == 0)
    signup_cost = np.array([SIGNUP_COST[name] for name in CHANNELS])[some.channel][joined].sum()
    for code, cents in enumerate(CAMPAIGN_COST, start=1):
        signup_cost += cents * int((joined & (some.campaign == code)).sum())
    revenue = collected.sum(axis=0)
    value = int(revenue.sum()) + 26 * int(collected[:, -1].sum()) - int(signup_cost) - price_cents
    return Worth(
        value_cents=value,
        customers=int(pays[:, -1].sum()),
        weeks=weeks,
        paying=pays.sum(axis=0),
        revenue_cents=revenue,
    )
