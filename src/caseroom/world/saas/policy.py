"""What the company does: decisions and experiments as actions on levers.

In: options with parameters. Out: a `Policy`; an account that no action touches lives the same life
under every policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from caseroom.world.noise import below, draw
from caseroom.world.saas.blueprint import WEEKS, Purpose

__all__ = ["NOTHING", "Action", "Policy", "dose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One lever, pulled from week `start` until before week `stop`.

    `share` below 1 makes it an experiment on that share of units; with unit "user" every account
    is touched in proportion (users of one account meet different arms). `number` keys the
    assignment, so two experiments are independent.
    """

    lever: str
    params: Mapping[str, str | float] = field(default_factory=dict)
    start: int
    stop: int = WEEKS
    share: float = 1.0
    unit: str = "account"
    number: int = 0

    def text(self, name: str) -> str:
        """Give a parameter as text ("all" where it is missing)."""
        return str(self.params.get(name, "all"))


@dataclass(frozen=True, slots=True)
class Policy:
    """Actions in the order in which they were decided."""

    actions: tuple[Action, ...] = ()

    def of(self, lever: str) -> tuple[Action, ...]:
        """Give the actions on one lever."""
        return tuple(action for action in self.actions if action.lever == lever)

    def plus(self, action: Action) -> Policy:
        """Give a policy with one more action."""
        return Policy((*self.actions, action))


NOTHING = Policy()


def dose(action: Action, seed: int, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give how much of an action reaches each account, 0..1, before its scope is looked at."""
    if action.share >= 1.0:
        return np.ones(len(ids))
    if action.unit == "user":
        return np.full(len(ids), action.share)
    bits = draw(seed, Purpose.ARM, ids, action.number)
    return below(bits, action.share).astype(np.float64)
