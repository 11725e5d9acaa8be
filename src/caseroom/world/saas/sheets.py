"""The tables that the company keeps on its accounts, for one block of account numbers.

In: blueprint, policy, a week `until` (the first that has not happened), account numbers.
Out: sheets by table name, in the world's own words, with ordinary noise defects. Nothing in them
says what was planted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from caseroom.world.columns import Coded, Moments, Optional, Sheet
from caseroom.world.noise import below, draw, index
from caseroom.world.saas.blueprint import (
    BILLING_STEP,
    CHANNELS,
    LARGE_SEATS,
    PLANS,
    PLATFORMS,
    REGIONS,
    STEPS,
    Blueprint,
    Cause,
    Purpose,
)
from caseroom.world.saas.events import (
    BOT_VERSION,
    USER_SPAN,
    Cells,
    active_weeks,
    cells,
    event_rows,
)
from caseroom.world.saas.laws import EVENT_TYPES
from caseroom.world.saas.lives import ALIVE, CONNECT, UNPAID, Lives, live
from caseroom.world.saas.people import Ints, People, draw_people, take
from caseroom.world.saas.policy import Policy
from caseroom.world.saas.value import (
    CREDIT_PERMILLE,
    CREDIT_SINCE,
    FREE_WEEKS,
    fee_permille,
)

__all__ = [
    "PROCESSORS",
    "TICKET_TOPICS",
    "Block",
    "block_sheets",
    "campaign_names",
    "client_versions",
    "epoch",
    "seen_lately",
    "simulate_block",
]

TICKET_TOPICS = ("how_to", "bug", "billing", "performance", "feature_request")
PROCESSORS = ("acquirer_a", "acquirer_b")
_STEP_LIMITS = (3600, 7200, 2 * 86400, 7 * 86400, 3 * 86400)
"""Longest time (seconds) between a step and the one before it."""


def campaign_names(blueprint: Blueprint) -> tuple[str, str]:
    """Give the names of the harmless campaign and of the planted one, in this order."""
    names = ("spring_offer", "starter_boost")
    flip = int(draw(blueprint.seed, Purpose.BLUEPRINT, 900)[0]) & 1
    return (names[1], names[0]) if flip else names


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Simulated accounts of one block: those that signed up before `until`."""

    people: People
    lives: Lives
    cells: Cells
    until: int


def epoch(blueprint: Blueprint) -> int:
    """Give the second (since 1970) at which week 0 starts."""
    start = blueprint.start
    return int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp())


def simulate_block(blueprint: Blueprint, policy: Policy, until: int, ids: Ints) -> Block:
    """Simulate the accounts with these numbers up to `until`."""
    everybody = draw_people(blueprint, ids, policy)
    people = take(everybody, np.flatnonzero(everybody.signup < until))
    lives = live(blueprint, people, policy, until)
    return Block(
        people=people,
        lives=lives,
        cells=cells(blueprint, people, lives, policy, until),
        until=until,
    )


def _created(blueprint: Blueprint, people: People) -> Ints:
    return epoch(blueprint) + people.signup * 604800 + people.moment


def _ended(blueprint: Blueprint, block: Block) -> Ints:
    """Give the second at which each subscription ended; -1 where it runs."""
    people, lives = block.people, block.lives
    moment = index(draw(blueprint.seed, Purpose.END_MOMENT, people.ids), 604800)
    same_week = lives.end == people.signup
    moment = np.where(same_week, np.maximum(moment, people.moment + 3600), moment)
    ended = epoch(blueprint) + lives.end * 604800 + np.minimum(moment, 604799)
    return np.where(lives.reason == ALIVE, -1, ended)


def _accounts(blueprint: Blueprint, block: Block) -> Sheet:
    people = block.people
    defect = draw(blueprint.seed, Purpose.DEFECT, people.ids)
    region = np.where(below(defect, 0.015), len(REGIONS), people.region)
    channel = np.where(below(defect << np.uint64(32), 0.012), len(CHANNELS), people.channel)
    campaign = np.where(people.campaign == 0, 2, people.campaign - 1)
    return {
        "account_id": people.ids,
        "created_at": Moments(_created(blueprint, people)),
        "plan": Coded(people.plan.astype(np.uint8), PLANS),
        "seats": people.seats.astype(np.int32),
        "region": Coded(region.astype(np.uint8), REGIONS),
        "channel": Coded(channel.astype(np.uint8), CHANNELS),
        "campaign": Coded(campaign.astype(np.uint8), campaign_names(blueprint)),
        "platform": Coded(people.platform.astype(np.uint8), PLATFORMS),
        "billing": Coded(people.yearly.astype(np.uint8), ("monthly", "yearly")),
        "is_internal": people.staff == 1,
    }


def _users(blueprint: Blueprint, block: Block) -> Sheet:
    people = block.people
    row = np.repeat(np.arange(len(people)), people.users)
    first = np.cumsum(people.users) - people.users
    slot = np.arange(len(row)) - first[row]
    user = people.ids[row] * USER_SPAN + slot
    wait = index(draw(blueprint.seed, Purpose.USER_ARM, user), 20 * 86400) * (slot > 0)
    return {
        "user_id": user,
        "account_id": people.ids[row],
        "role": Coded((slot > 0).astype(np.uint8), ("owner", "member")),
        "invited_at": Moments(_created(blueprint, people)[row] + wait),
    }


def _onboarding(blueprint: Blueprint, block: Block) -> Sheet:
    people, steps = block.people, block.lives.steps
    at = _created(blueprint, people)
    last = epoch(blueprint) + block.until * 604800
    gap_platform, gap_week = blueprint.decoys.step_log_gap
    unlogged = (people.platform == PLATFORMS.index(gap_platform)) & (people.signup >= gap_week)
    unlogged &= people.signup < gap_week + 2
    parts: list[tuple[Ints, Ints, Ints]] = []
    for step, limit in enumerate(_STEP_LIMITS):
        share = index(draw(blueprint.seed, Purpose.STEP_DELAY, people.ids, step), 65536)
        at = at + 60 + ((share * share) >> 16) * limit // 65536
        logged = (steps > step) & (at < last) & ~(unlogged & (step == CONNECT))
        rows = np.flatnonzero(logged)
        parts.append((people.ids[rows], np.full(len(rows), step), at[rows]))
    account, step, when = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return {
        "account_id": account,
        "step": Coded(step.astype(np.uint8), STEPS),
        "completed_at": Moments(when),
    }


def _subscriptions(blueprint: Blueprint, block: Block) -> Sheet:
    people, lives = block.people, block.lives
    reason = np.where(lives.reason == ALIVE, 2, lives.reason - 1)
    return {
        "account_id": people.ids,
        "started_at": Moments(_created(blueprint, people)),
        "ended_at": Moments(_ended(blueprint, block)),
        "end_reason": Coded(reason.astype(np.uint8), ("cancelled", "payment_failed")),
        "monthly_fee_cents": np.where(people.staff > 0, 0, people.fee),
    }


def _processor(blueprint: Blueprint, people: People, row: Ints, week: Ints) -> NDArray[np.uint8]:
    second = np.zeros(len(row), dtype=bool)
    region, since = blueprint.decoys.processor_switch
    second |= (people.region[row] == REGIONS.index(region)) & (week >= since)
    plant = blueprint.plant(Cause.FAILED_PAYMENTS)
    if plant is not None:
        second |= (people.region[row] == REGIONS.index(plant.where["region"])) & (
            week >= plant.week
        )
    return second.astype(np.uint8)


def _billing_weeks(block: Block) -> tuple[Ints, Ints]:
    """Give (row, week) of every invoice issued before `until`."""
    people, lives = block.people, block.lives
    step = np.where(people.yearly, 52, BILLING_STEP)
    last = np.minimum(lives.end, block.until - 1) - (
        (lives.reason != ALIVE) & (lives.reason != UNPAID)
    )
    count = np.where(people.staff > 0, 0, np.maximum((last - people.signup) // step + 1, 0))
    row = np.repeat(np.arange(len(people)), count)
    first = np.cumsum(count) - count
    return row, people.signup[row] + (np.arange(len(row)) - first[row]) * step[row]


def _invoices(blueprint: Blueprint, policy: Policy, block: Block) -> Sheet:
    people, lives = block.people, block.lives
    row, week = _billing_weeks(block)
    months = np.where(people.yearly[row], 12, 1)
    weeks = np.arange(block.until)
    permille = fee_permille(blueprint, policy, people, weeks)[row, week]
    amount = people.fee[row] * permille // 1000 * months
    idle = ~seen_lately(block)[row, week] & (week >= CREDIT_SINCE) & ~people.yearly[row]
    idle &= week - people.signup[row] >= BILLING_STEP
    free = (people.campaign[row] == 2) & (week < people.signup[row] + FREE_WEEKS)
    credit = np.where(free, amount, np.where(idle, amount * CREDIT_PERMILLE // 1000, 0))
    failed = (lives.reason[row] == UNPAID) & (week == lives.end[row])
    late = below(draw(blueprint.seed, Purpose.RECOVERY, people.ids[row], week), 0.03) & ~failed
    status = np.where(failed, 2, np.where(late, 1, 0))
    return {
        "invoice_id": people.ids[row] * 256 + week,
        "account_id": people.ids[row],
        "issued_on": Moments(epoch(blueprint) + week * 604800 + people.moment[row], day=True),
        "amount_cents": amount,
        "credit_cents": credit,
        "status": Coded(status.astype(np.uint8), ("paid", "paid_after_retry", "failed")),
        "processor": Coded(_processor(blueprint, people, row, week), PROCESSORS),
    }


def seen_lately(block: Block) -> NDArray[np.bool_]:
    """Tell where an account had a session in the log in the four weeks before a week."""
    active = active_weeks(block.cells, block.people, block.until)
    total = np.cumsum(np.pad(active, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    start = np.maximum(np.arange(block.until) - 4, 0)
    return (total[:, np.arange(block.until)] - total[:, start]) > 0


def client_versions(blueprint: Blueprint) -> tuple[str, ...]:
    """Give the names of the client versions: the first one, then one per release."""
    return tuple(f"{4 + k // 4}.{k % 4}" for k in range(len(blueprint.releases) + 1))


def _events(blueprint: Blueprint, block: Block) -> Sheet:
    rows = event_rows(block.people, block.cells)
    words = client_versions(blueprint)
    codes = np.where(rows.version == BOT_VERSION, len(words), rows.version).astype(np.uint8)
    return {
        "account_id": rows.account,
        "user_id": rows.user,
        "event": Coded(rows.kind, EVENT_TYPES),
        "occurred_at": Moments(epoch(blueprint) + rows.second),
        "client_version": Coded(codes, (*words, "headless")),
    }


def _tickets(blueprint: Blueprint, block: Block) -> Sheet:
    people, part = block.people, block.cells
    bits = draw(blueprint.seed, Purpose.TICKET, people.ids[part.row], part.week)
    slow = blueprint.plant(Cause.SLOW_SERVICE)
    unpaid = blueprint.plant(Cause.FAILED_PAYMENTS)
    price = blueprint.plant(Cause.PRICE_RISE)
    extra = np.zeros(len(part.row))
    topic = index(bits << np.uint64(32), 5)
    for plant, name in ((slow, "performance"), (unpaid, "billing"), (price, "billing")):
        if plant is None:
            continue
        hit = part.week >= plant.week
        if "region" in plant.where:
            hit &= people.region[part.row] == REGIONS.index(plant.where["region"])
        if "size" in plant.where:
            hit &= people.seats[part.row] >= LARGE_SEATS
        if "plan" in plant.where:
            hit &= people.plan[part.row] == PLANS.index(plant.where["plan"])
        extra = np.where(hit, 0.012, extra)
        topic = np.where(hit & ((bits & np.uint64(3)) != 0), TICKET_TOPICS.index(name), topic)
    rows = np.flatnonzero(below(bits, 0.02 + extra))
    opened = epoch(blueprint) + part.week[rows].astype(np.int64) * 604800
    opened += index(bits[rows] << np.uint64(16), 604800)
    account = people.ids[part.row[rows]]
    return {
        "ticket_id": account * 256 + part.week[rows],
        "account_id": Optional(account, (bits[rows] & np.uint64(63)) == 0),
        "opened_at": Moments(opened),
        "topic": Coded(topic[rows].astype(np.uint8), TICKET_TOPICS),
    }


def _nps(blueprint: Blueprint, block: Block) -> Sheet:
    """One question a quarter; people who are unhappy answer less often."""
    people, lives = block.people, block.lives
    asked = np.arange(12, block.until, 13)
    row, which = np.nonzero((people.signup[:, None] + 4 <= asked) & (lives.end[:, None] > asked))
    week = asked[which]
    bits = draw(blueprint.seed, Purpose.NPS, people.ids[row], week)
    happy = people.intent[row] / 4096.0
    answers = below(bits, 0.02 + 0.08 * happy)
    score = np.clip(np.floor(3 + 6 * happy + index(bits << np.uint64(32), 4)), 0, 10)
    return {
        "account_id": people.ids[row][answers],
        "asked_on": Moments(epoch(blueprint) + week[answers] * 604800, day=True),
        "score": score[answers].astype(np.int8),
    }


def block_sheets(blueprint: Blueprint, policy: Policy, block: Block) -> Mapping[str, Sheet]:
    """Give all tables of a block, by name."""
    return {
        "accounts": _accounts(blueprint, block),
        "users": _users(blueprint, block),
        "onboarding_steps": _onboarding(blueprint, block),
        "subscriptions": _subscriptions(blueprint, block),
        "invoices": _invoices(blueprint, policy, block),
        "events": _events(blueprint, block),
        "tickets": _tickets(blueprint, block),
        "nps": _nps(blueprint, block),
    }
