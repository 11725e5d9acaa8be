"""Draw a business from a seed: which causes are planted, where, since when, how strong, and decoys.

In: a seed, causes to choose from, a level of difficulty. Out: a `Blueprint`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from caseroom.world.noise import draw, index
from caseroom.world.saas.blueprint import (
    CHANNELS,
    PLANS,
    PLATFORMS,
    REGIONS,
    TODAY,
    Blueprint,
    Cause,
    Decoys,
    Plant,
    Purpose,
)

__all__ = ["DEFAULT_ACCOUNTS", "PAIRS", "draw_blueprint"]

DEFAULT_ACCOUNTS = 24_000
"""Account numbers of a case; some 16,000 of them have signed up when it opens."""

PAIRS: tuple[tuple[Cause, Cause], ...] = (
    (Cause.PRICE_RISE, Cause.LOST_EVENT),
    (Cause.SLOW_SERVICE, Cause.LOST_EVENT),
    (Cause.BROKEN_ONBOARDING, Cause.LOST_EVENT),
    (Cause.FAILED_PAYMENTS, Cause.LOST_EVENT),
    (Cause.LOW_INTENT_CAMPAIGN, Cause.LOST_EVENT),
    (Cause.CHANNEL_MIX_SHIFT, Cause.LOST_EVENT),
    (Cause.PRICE_RISE, Cause.FAILED_PAYMENTS),
    (Cause.FAILED_PAYMENTS, Cause.SLOW_SERVICE),
    (Cause.SLOW_SERVICE, Cause.PRICE_RISE),
    (Cause.CHANNEL_MIX_SHIFT, Cause.FAILED_PAYMENTS),
    (Cause.LOW_INTENT_CAMPAIGN, Cause.FAILED_PAYMENTS),
    (Cause.BROKEN_ONBOARDING, Cause.SLOW_SERVICE),
)
"""Two causes that can be told apart when they meet: the first one does more harm."""

_T = TypeVar("_T")
_FIRST_MONDAY = date(2023, 9, 4)


class _Lot:
    """Numbered draws for one blueprint."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.count = 0

    def below(self, size: int) -> int:
        """Give an integer 0..size-1."""
        self.count += 1
        return int(index(draw(self.seed, Purpose.BLUEPRINT, self.count), size)[0])

    def among(self, items: Sequence[_T]) -> _T:
        """Give one item."""
        return items[self.below(len(items))]

    def between(self, low: float, high: float) -> float:
        """Give a number on a grid of 1001 steps from low to high."""
        return round(low + (high - low) * self.below(1001) / 1000, 6)


def _plant(lot: _Lot, cause: Cause, week: int, second: bool) -> Plant:
    """Draw where a cause strikes and how hard (a second cause strikes less hard)."""
    where: dict[str, str]
    if cause is Cause.BROKEN_ONBOARDING:
        where, strength = {"platform": lot.among(("web", "desktop"))}, 0.03
    elif cause is Cause.LOW_INTENT_CAMPAIGN:
        where = {"channel": lot.among(("organic", "search", "partner"))}
        strength = lot.between(0.75, 0.9)
    elif cause is Cause.PRICE_RISE:
        where = {"plan": lot.among(("starter", "team", "business"))}
        strength = lot.between(1.7, 1.9) if second else lot.between(2.4, 3.0)
    elif cause is Cause.CHANNEL_MIX_SHIFT:
        where, strength = {"channel": lot.among(("ads", "partner"))}, lot.between(0.42, 0.55)
    elif cause is Cause.LOST_EVENT:
        where, strength = {"platform": lot.among(PLATFORMS)}, lot.between(0.3, 0.4)
    elif cause is Cause.SLOW_SERVICE:
        where = {"region": lot.among(("NA", "EU")), "size": "large"}
        strength = lot.between(1.9, 2.1) if second else lot.between(3.2, 4.0)
    else:
        where = {"region": lot.among(("NA", "EU"))}
        strength = lot.between(0.02, 0.024) if second else lot.between(0.045, 0.06)
    return Plant(cause=cause, week=week, where=where, strength=strength)


def _other(lot: _Lot, items: Sequence[str], plants: Sequence[Plant], name: str) -> str:
    """Give a place that no plant uses."""
    used = {plant.where.get(name) for plant in plants}
    return lot.among([item for item in items if item not in used])


def _decoys(lot: _Lot, plants: Sequence[Plant]) -> Decoys:
    first = plants[0].week if plants else 64

    def near() -> int:
        return max(56, min(TODAY - 6, first + lot.below(9) - 4))

    return Decoys(
        quiet_price=(_other(lot, PLANS, plants, "plan"), near()),
        latency_bump=(_other(lot, REGIONS, plants, "region"), near()),
        processor_switch=(_other(lot, REGIONS, plants, "region"), near()),
        channel_burst=(_other(lot, CHANNELS[2:], plants, "channel"), near()),
        step_log_gap=(_other(lot, PLATFORMS, plants, "platform"), near()),
        quiet_campaign=(_other(lot, CHANNELS[:3], plants, "channel"), near()),
        outage_week=TODAY - 3 - lot.below(8),
    )


def _connect_factor(lot: _Lot, causes: Sequence[Cause]) -> float:
    if Cause.BROKEN_ONBOARDING in causes:
        return lot.between(0.1, 0.14)
    if Cause.LOW_INTENT_CAMPAIGN in causes:
        return lot.between(0.94, 1.0)
    return lot.between(0.78, 0.9)


def draw_blueprint(
    seed: int,
    causes: Sequence[Cause] | None = None,
    *,
    pair: bool = False,
    accounts: int = DEFAULT_ACCOUNTS,
) -> Blueprint:
    """Draw a business.

    Args:
        seed: Any integer.
        causes: What to plant; drawn from the seed where it is None.
        pair: Plant two causes that interact (one of PAIRS) instead of one.
        accounts: How many account numbers there are.
    """
    lot = _Lot(seed)
    if causes is None:
        causes = lot.among(PAIRS) if pair else (lot.among(tuple(Cause)),)
    start = _FIRST_MONDAY + timedelta(weeks=lot.below(26))
    last_release = 66 + lot.below(6)
    releases = tuple(last_release - 9 * k for k in reversed(range(7)))
    onset = 58 + lot.below(11)
    plants: list[Plant] = []
    for cause in causes:
        week = last_release if cause is Cause.LOST_EVENT else onset
        plants.append(_plant(lot, cause, week, second=bool(plants)))
        onset = min(onset + 1 + lot.below(4), 70)
    return Blueprint(
        seed=seed,
        accounts=accounts,
        start=start,
        plants=tuple(plants),
        connect_factor=_connect_factor(lot, causes),
        releases=releases,
        decoys=_decoys(lot, plants),
        interaction=1.25,
    )
