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
from caseroom.world.saas.policy import NOTHING, Action, Policy
from caseroom.world.saas.sheets import block_sheets, simulate_block

__all__ = ["world"]


def _draw(seed: int, accounts: int) -> Blueprint:
    return draw_blueprint(seed, accounts=accounts)


def _sheets(
    blueprint: Blueprint, policy: Policy, until: int, ids: NDArray[np.int64]
) -> Mapping[str, Sheet]:
    return block_sheets(blueprint, policy, simulate_block(blueprint, policy, until, ids))


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
        today=TODAY,
        events="events",
        entity="account_id",
    )
