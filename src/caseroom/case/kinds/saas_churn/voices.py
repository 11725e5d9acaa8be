"""What people say when they are asked: interviews, a survey, an expert.

In: blueprint, a simulated block, the week of asking. Out: sheets. Answers lean towards what really
moved the person, with noise: some give a polite reason, and those who left answer less often.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caseroom.world.columns import Coded, Moments, Sheet
from caseroom.world.noise import below, draw, index
from caseroom.world.saas.blueprint import (
    CHANNELS,
    LARGE_SEATS,
    PLANS,
    PLATFORMS,
    REGIONS,
    Blueprint,
    Cause,
    Purpose,
)
from caseroom.world.saas.lives import ALIVE, CONNECT
from caseroom.world.saas.policy import Action, dose
from caseroom.world.saas.sheets import Block, epoch

__all__ = ["REASONS", "arms", "expert_note", "interviews", "survey"]

REASONS = (
    "too expensive for what we use",
    "never got it set up properly",
    "only wanted to try it",
    "too slow in daily work",
    "our payment did not go through",
    "missing a feature",
    "project ended",
)
_REASON_OF = {
    Cause.PRICE_RISE: 0,
    Cause.BROKEN_ONBOARDING: 1,
    Cause.LOW_INTENT_CAMPAIGN: 2,
    Cause.CHANNEL_MIX_SHIFT: 2,
    Cause.SLOW_SERVICE: 3,
    Cause.FAILED_PAYMENTS: 4,
}


def _touched(blueprint: Blueprint, block: Block, cause: Cause) -> NDArray[np.bool_]:
    plant = blueprint.plant(cause)
    people = block.people
    if plant is None:
        return np.zeros(len(people), dtype=bool)
    hit = np.ones(len(people), dtype=bool)
    for name, values, codes in (
        ("plan", PLANS, people.plan),
        ("region", REGIONS, people.region),
        ("platform", PLATFORMS, people.platform),
        ("channel", CHANNELS, people.channel),
    ):
        if name in plant.where:
            hit &= codes == values.index(plant.where[name])
    if "size" in plant.where:
        hit &= people.seats >= LARGE_SEATS
    if cause in (Cause.BROKEN_ONBOARDING, Cause.LOW_INTENT_CAMPAIGN, Cause.CHANNEL_MIX_SHIFT):
        hit &= people.signup >= plant.week
    if cause is Cause.BROKEN_ONBOARDING:
        hit &= block.lives.steps <= CONNECT
    if cause is Cause.LOW_INTENT_CAMPAIGN:
        hit &= people.campaign == 2
    return hit & (block.lives.end >= plant.week)


def _reason(blueprint: Blueprint, block: Block, step: int) -> NDArray[np.int64]:
    """Draw the reason that each account would name."""
    bits = draw(blueprint.seed, Purpose.ANSWER, block.people.ids, step)
    reason = np.array([0, 1, 2, 3, 5, 5, 6, 6, 2, 0])[index(bits << np.uint64(32), 10)]
    for cause, code in _REASON_OF.items():
        says = _touched(blueprint, block, cause) & below(bits, 0.5)
        reason = np.where(says, code, reason)
    return reason


def interviews(blueprint: Blueprint, block: Block, week: int, wanted: int) -> Sheet:
    """Ask the accounts that left in the eight weeks before `week`; give the first `wanted`."""
    people, lives = block.people, block.lives
    left = (lives.reason != ALIVE) & (lives.end >= week - 8) & (lives.end < week)
    rows = np.flatnonzero(left & (people.staff == 0))
    order = np.argsort(draw(blueprint.seed, Purpose.ANSWER, people.ids[rows], 500 + week))
    rows = rows[order][:wanted]
    held = epoch(blueprint) + (week + np.arange(len(rows)) % 2) * 604800 + 200_000
    return {
        "account_id": people.ids[rows],
        "held_on": Moments(held.astype(np.int64), day=True),
        "said_first": Coded(_reason(blueprint, block, 1)[rows].astype(np.uint8), REASONS),
    }


def survey(blueprint: Blueprint, block: Block, week: int) -> Sheet:
    """Ask everybody who paid in the 26 weeks before `week`: what could make you leave?"""
    people, lives = block.people, block.lives
    asked = np.flatnonzero((lives.end >= week - 26) & (people.staff == 0))
    bits = draw(blueprint.seed, Purpose.ANSWER, people.ids[asked], 700 + week)
    gone = lives.reason[asked] != ALIVE
    answers = below(bits, np.where(gone, 0.04, 0.12))
    reason = np.where(answers, _reason(blueprint, block, 2)[asked], len(REASONS))
    sent = np.full(len(asked), epoch(blueprint) + week * 604800)
    return {
        "account_id": people.ids[asked],
        "sent_on": Moments(sent, day=True),
        "answered_on": Moments(np.where(answers, sent + 3 * 86400, -1), day=True),
        "main_reason": Coded(reason.astype(np.uint8), REASONS),
    }


_OPINION = {
    Cause.PRICE_RISE: "In my experience a price list that moved is the first place to look.",
    Cause.BROKEN_ONBOARDING: "I have seen this when a setup step broke on one client.",
    Cause.LOW_INTENT_CAMPAIGN: "Campaigns that give something away fill the funnel with guests.",
    Cause.CHANNEL_MIX_SHIFT: "Ask where the sign-ups come from before you ask why they leave.",
    Cause.LOST_EVENT: "Before you believe a dashboard, reconcile it with who pays.",
    Cause.SLOW_SERVICE: "Large customers do not complain about speed, they leave.",
    Cause.FAILED_PAYMENTS: "Look at how many leave without having decided to.",
}


def expert_note(blueprint: Blueprint, number: int) -> str:
    """Give the expert's opinion: right in three cases of four."""
    bits = draw(blueprint.seed, Purpose.ANSWER, number, 900)
    right = [plant.cause for plant in blueprint.plants] or [Cause.PRICE_RISE]
    wrong = [cause for cause in Cause if cause not in right]
    pool = right if bool(below(bits, 0.75)[0]) else wrong
    return _OPINION[pool[int(index(bits << np.uint64(32), len(pool))[0])]]


def arms(blueprint: Blueprint, block: Block, action: Action) -> tuple[Sheet, Sheet]:
    """Give (assignment, exposure) of an experiment up to the block's last week.

    New setups are assigned at sign-up, everything else to all who pay when the test starts.
    """
    people, lives = block.people, block.lives
    stop = min(action.stop, block.until)
    if action.lever == "redesign_onboarding":
        rows = np.flatnonzero((people.signup >= action.start) & (people.signup < stop))
        second = people.signup[rows] * 604800 + people.moment[rows]
    else:
        rows = np.flatnonzero((people.signup < action.start) & (lives.end > action.start))
        second = np.full(len(rows), action.start * 604800)
    if action.unit == "user":
        slots = np.repeat(np.arange(len(rows)), people.users[rows])
        first = np.cumsum(people.users[rows]) - people.users[rows]
        rows, second = rows[slots], second[slots]
        unit = people.ids[rows] * 64 + (np.arange(len(rows)) - first[slots])
        bits = draw(blueprint.seed, Purpose.USER_ARM, unit, 1000 + action.number)
        arm = below(bits, action.share).astype(np.uint8)
    else:
        unit = people.ids[rows]
        arm = dose(action, blueprint.seed, unit).astype(np.uint8)
    at = epoch(blueprint) + second
    assignment: Sheet = {
        "unit_id": unit,
        "account_id": people.ids[rows],
        "arm": Coded(arm, ("control", "treatment")),
        "assigned_at": Moments(at),
    }
    seen = below(draw(blueprint.seed, Purpose.USER_ARM, unit, 2000 + action.number), 0.93)
    exposure: Sheet = {
        "unit_id": unit[seen],
        "arm": Coded(arm[seen], ("control", "treatment")),
        "first_exposed_at": Moments(at[seen] + 3600),
    }
    return assignment, exposure
