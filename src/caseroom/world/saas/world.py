"""The subscription business as a registered world.

In: nothing. Out: its `World` record.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from caseroom.world.columns import Sheet
from caseroom.world.registry import World
from caseroom.world.saas.blueprint import TODAY, Blueprint
from caseroom.world.saas.company import blocks
from caseroom.world.saas.draw import draw_blueprint
from caseroom.world.saas.lives import in_scope, live
from caseroom.world.saas.people import draw_people
from caseroom.world.saas.policy import NOTHING, Action, Policy, dose
from caseroom.world.saas.sheets import block_sheets, simulate_block

__all__ = ["world"]


def _draw(seed: int, accounts: int) -> Blueprint:
    return draw_blueprint(seed, accounts=accounts)


def _sheets(
    blueprint: Blueprint, policy: Policy, until: int, ids: NDArray[np.int64]
) -> Mapping[str, Sheet]:
    return block_sheets(blueprint, policy, simulate_block(blueprint, policy, until, ids))


def _reach(blueprint: Blueprint, policy: Policy, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    people = draw_people(blueprint, ids, NOTHING)
    touched = np.zeros(len(ids), dtype=bool)
    for action in policy.actions:
        here = in_scope(action, people) & (dose(action, blueprint.seed, ids) > 0)
        if action.lever in ("redesign_onboarding", "rebalance_channels", "end_campaign"):
            here &= people.signup >= action.start
        touched |= here
    return touched


def _lifetimes(
    blueprint: Blueprint, policy: Policy, until: int, ids: NDArray[np.int64]
) -> NDArray[np.int64]:
    people = draw_people(blueprint, ids, policy)
    return live(blueprint, people, policy, until).end - np.minimum(people.signup, until)


def _lever(lever: str, **params: str | float) -> Policy:
    return Policy((Action(lever=lever, params=params, start=TODAY - 20),))


def world() -> World:
    """Give the world."""
    return World(
        id="saas-churn",
        version=1,
        draw=_draw,
        blocks=blocks,
        sheets=_sheets,
        nothing=NOTHING,
        levers={
            "redesign_onboarding": _lever("redesign_onboarding", platform="ios"),
            "sales_assist": _lever("sales_assist", min_seats=50),
            "retry_payments": _lever("retry_payments", region="EU"),
            "experiment": Policy(
                (Action(lever="retry_payments", start=TODAY - 20, share=0.3, number=1),)
            ),
        },
        reach=_reach,
        lifetimes=_lifetimes,
        today=TODAY,
        events="events",
        entity="account_id",
    )
