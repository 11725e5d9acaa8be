"""Who signs up: attributes of accounts, each drawn by its own key.

In: a blueprint, account numbers, a policy. Out: `People`, arrays of equal length. Only the channel
and the campaign of later sign-ups depend on the policy.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from caseroom.world.noise import Bits, below, draw, index
from caseroom.world.saas.blueprint import (
    CHANNELS,
    PLATFORMS,
    WEEKS,
    Blueprint,
    Cause,
    Purpose,
)
from caseroom.world.saas.laws import (
    CAMPAIGN_INTENT,
    CHANNEL_INTENT,
    CHANNEL_SHARE,
    EXP_LEAVE,
    INTENT_SLOPE,
    LOW_INTENT,
    PLAN_HAZARD,
    PLAN_SHARE,
    PLATFORM_SHARE,
    REGION_SHARE,
    SEATS,
    factor,
    season,
)
from caseroom.world.saas.policy import Policy

__all__ = ["NEVER", "People", "draw_people", "loses_event", "take"]

NEVER = WEEKS + 1
"""Sign-up week of an account that does not sign up under this policy."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Accounts, one entry each.

    Codes index CHANNELS, PLANS, REGIONS, PLATFORMS. `signup` is a week (NEVER for nobody),
    `moment` the second inside it, `leave` the factor of intent, channel and plan on the hazard,
    `intent` the index into the tables of laws, `shift` the intent shift (standard deviations) of
    channel and campaign, `campaign` 0 none, 1 paying, 2 the free offer, `lag` weeks until a new
    client version is installed, `activity` the bin of the event rate, `fee` cents a month.
    """

    ids: Ints
    signup: Ints
    moment: Ints
    channel: Ints
    plan: Ints
    seats: Ints
    region: Ints
    platform: Ints
    yearly: NDArray[np.bool_]
    intent: Ints
    shift: Floats
    leave: Floats
    campaign: Ints
    staff: Ints
    lag: Ints
    activity: Ints
    users: Ints
    fee: Ints

    def __len__(self) -> int:
        return len(self.ids)


def take(people: People, rows: NDArray[np.generic]) -> People:
    """Give some accounts only (boolean mask or row numbers)."""
    return People(**{f.name: getattr(people, f.name)[rows] for f in fields(People)})


def _pick(bits: Bits, shares: tuple[float, ...]) -> Ints:
    edges = np.array([round(sum(shares[: k + 1]) * 4294967296) for k in range(len(shares) - 1)])
    return np.searchsorted(edges.astype(np.uint64), bits >> np.uint64(32), side="right")


@lru_cache(maxsize=64)
def _signup_edges(start_week: int) -> NDArray[np.uint64]:
    weights = np.array(
        [(0.6 + 0.9 * w / WEEKS) * season((start_week + w) % 52)[0] for w in range(WEEKS)]
    )
    return np.round(np.cumsum(weights) / weights.sum() * 4294967296).astype(np.uint64)


def _signup_week(blueprint: Blueprint, ids: Ints) -> Ints:
    bits = draw(blueprint.seed, Purpose.SIGNUP, ids) >> np.uint64(32)
    edges = _signup_edges(blueprint.start.isocalendar().week - 1)
    return np.minimum(np.searchsorted(edges, bits, side="right"), WEEKS - 1)


def _channel(blueprint: Blueprint, policy: Policy, ids: Ints, signup: Ints) -> Ints:
    channel = _pick(draw(blueprint.seed, Purpose.CHANNEL, ids), CHANNEL_SHARE)
    moved_bits = draw(blueprint.seed, Purpose.MOVED, ids)
    burst, burst_week = blueprint.decoys.channel_burst
    in_burst = (signup >= burst_week) & (signup < burst_week + 3) & below(moved_bits, 0.25)
    channel = np.where(in_burst, CHANNELS.index(burst), channel)
    plant = blueprint.plant(Cause.CHANNEL_MIX_SHIFT)
    if plant is None:
        return channel
    moved = (signup >= plant.week) & below(moved_bits, plant.strength)
    for action in policy.of("rebalance_channels"):
        if action.text("channel") == plant.where["channel"]:
            moved &= ~((signup >= action.start) & (signup < action.stop))
    return np.where(moved, CHANNELS.index(plant.where["channel"]), channel)


def _campaign(blueprint: Blueprint, ids: Ints, signup: Ints, channel: Ints) -> Ints:
    bits = draw(blueprint.seed, Purpose.CAMPAIGN, ids)
    quiet, quiet_week = blueprint.decoys.quiet_campaign
    campaign = np.zeros(len(ids), dtype=np.int64)
    in_quiet = (channel == CHANNELS.index(quiet)) & (signup >= quiet_week) & below(bits, 0.35)
    campaign[in_quiet] = 1
    plant = blueprint.plant(Cause.LOW_INTENT_CAMPAIGN)
    if plant is not None:
        here = (channel == CHANNELS.index(plant.where["channel"])) & (signup >= plant.week)
        campaign[here & below(bits, plant.strength)] = 2
    return campaign


def _end_campaigns(
    blueprint: Blueprint, policy: Policy, ids: Ints, signup: Ints, channel: Ints, campaign: Ints
) -> tuple[Ints, Ints]:
    """After a campaign's end half of its people come without it and half do not come."""
    vanish = below(draw(blueprint.seed, Purpose.VANISH, ids), 0.5)
    for action in policy.of("end_campaign"):
        ended = (campaign > 0) & (channel == CHANNELS.index(action.text("channel")))
        ended &= (signup >= action.start) & (signup < action.stop)
        signup = np.where(ended & vanish, NEVER, signup)
        campaign = np.where(ended, 0, campaign)
    return signup, campaign


def _shift(blueprint: Blueprint, channel: Ints, campaign: Ints) -> Floats:
    by_channel = dict(CHANNEL_INTENT)
    plant = blueprint.plant(Cause.CHANNEL_MIX_SHIFT)
    if plant is not None:
        by_channel[plant.where["channel"]] = LOW_INTENT
    shift = np.array([by_channel[name] for name in CHANNELS])[channel]
    return shift + np.where(campaign == 2, CAMPAIGN_INTENT, 0.0)


def _leave(intent: Ints, shift: Floats, plan: Ints) -> Floats:
    known = {value: factor(-INTENT_SLOPE * float(value)) for value in np.unique(shift)}
    by_shift = np.array([known[value] for value in np.unique(shift)])
    return (
        EXP_LEAVE[intent]
        * by_shift[np.searchsorted(np.unique(shift), shift)]
        * np.array(PLAN_HAZARD)[plan]
    )


_SEAT_FEE = np.array([900, 1200, 1500])
"""Cents a seat and month, by plan."""


def loses_event(blueprint: Blueprint, people: People) -> NDArray[np.bool_]:
    """Tell whose client loses its session events once the broken version is installed.

    It takes the version and an older system, which a third of the accounts on the platform have.
    """
    plant = blueprint.plant(Cause.LOST_EVENT)
    if plant is None:
        return np.zeros(len(people), dtype=bool)
    old = below(draw(blueprint.seed, Purpose.LOSES_EVENT, people.ids), plant.strength)
    return old & (people.platform == PLATFORMS.index(plant.where["platform"]))


def draw_people(blueprint: Blueprint, ids: Ints, policy: Policy) -> People:
    """Draw the accounts with these numbers (int64, each 0..accounts-1)."""
    seed = blueprint.seed
    signup = _signup_week(blueprint, ids)
    channel = _channel(blueprint, policy, ids, signup)
    campaign = _campaign(blueprint, ids, signup, channel)
    signup, campaign = _end_campaigns(blueprint, policy, ids, signup, channel, campaign)
    plan = _pick(draw(seed, Purpose.PLAN, ids), PLAN_SHARE)
    seats = SEATS[plan, index(draw(seed, Purpose.SEATS, ids), 1024)].astype(np.int64)
    intent = index(draw(seed, Purpose.INTENT, ids), 4096)
    shift = _shift(blueprint, channel, campaign)
    staff_bits = draw(seed, Purpose.STAFF, ids)
    staff = np.where(below(staff_bits, 0.006), 1, np.where(below(staff_bits, 0.010), 2, 0))
    users = np.minimum(seats, 40)
    frailty = index(draw(seed, Purpose.FRAILTY, ids), 20)
    return People(
        ids=ids,
        signup=signup,
        moment=index(draw(seed, Purpose.MOMENT, ids), 7 * 86400),
        channel=channel,
        plan=plan,
        seats=seats,
        region=_pick(draw(seed, Purpose.REGION, ids), REGION_SHARE),
        platform=_pick(draw(seed, Purpose.PLATFORM, ids), PLATFORM_SHARE),
        yearly=below(draw(seed, Purpose.BILLING, ids), 0.2),
        intent=intent,
        shift=shift,
        leave=_leave(intent, shift, plan),
        campaign=campaign,
        staff=staff,
        lag=index(draw(seed, Purpose.LAG, ids), 5),
        activity=30 + np.array([2, 6, 10])[plan] + frailty + np.where(staff == 2, 22, 0),
        users=users,
        fee=seats * _SEAT_FEE[plan],
    )
