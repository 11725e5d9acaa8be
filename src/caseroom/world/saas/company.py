"""The whole company as tables: accounts block by block, then what the company keeps about itself.

In: blueprint, policy, a week `until`. Out: Arrow tables by name, and sums per week that blocks add
up to. Any split into blocks gives the same tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from caseroom.world.columns import Coded, Moments, Sheet, arrow
from caseroom.world.noise import draw, index
from caseroom.world.saas.blueprint import PLANS, REGIONS, Blueprint, Cause, Purpose
from caseroom.world.saas.events import active_weeks
from caseroom.world.saas.policy import Policy
from caseroom.world.saas.sheets import (
    Block,
    block_sheets,
    campaign_names,
    client_versions,
    epoch,
    simulate_block,
)
from caseroom.world.saas.value import CAMPAIGN_COST, PRICE_PERMILLE, QUIET_PERMILLE

__all__ = ["BLOCK", "SIZES", "WeekSums", "blocks", "company_tables", "global_sheets", "week_sums"]

BLOCK = 8192
"""Accounts simulated together: small enough for the processor's cache."""

SEAT_PRICE = dict(zip(PLANS, (900, 1200, 1500), strict=True))
_EARLY_WEEKS = 13
SIZES = ("under_20", "20_plus")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSums:
    """Sums per week over accounts, as the company's dashboard counts.

    `paying` and `new` accounts; `seen` in weeks -12..-7 and of these now `quiet` (no session in
    weeks -6..-1); `joined` thirteen weeks ago and of these `gone` (no session in weeks -6..-1).
    """

    paying: NDArray[np.int64]
    new: NDArray[np.int64]
    quiet: NDArray[np.int64]
    seen: NDArray[np.int64]
    joined: NDArray[np.int64]
    gone: NDArray[np.int64]

    def plus(self, other: WeekSums) -> WeekSums:
        """Add the sums of another block."""
        return WeekSums(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )


def blocks(accounts: int) -> Iterator[NDArray[np.int64]]:
    """Give the account numbers of each block, in order."""
    for first in range(0, accounts, BLOCK):
        yield np.arange(first, min(first + BLOCK, accounts))


def week_sums(block: Block) -> WeekSums:
    """Sum one block by week, as the company's dashboard counts."""
    people, until = block.people, block.until
    weeks = np.arange(until)
    staff = people.staff > 0
    pays = (people.signup[:, None] < weeks) & (block.lives.end[:, None] >= weeks)
    pays &= ~staff[:, None]
    active = active_weeks(block.cells, people, until) & ~staff[:, None]
    total = np.cumsum(np.pad(active, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    start, middle = np.maximum(weeks - 12, 0), np.maximum(weeks - 6, 0)
    before = (total[:, middle] - total[:, start]) > 0
    lately = (total[:, weeks] - total[:, middle]) > 0
    early = (people.signup[:, None] + _EARLY_WEEKS == weeks) & ~staff[:, None]
    return WeekSums(
        paying=pays.sum(axis=0),
        new=np.bincount(people.signup[~staff], minlength=until)[:until],
        joined=early.sum(axis=0),
        gone=(early & ~lately).sum(axis=0),
        quiet=(before & ~lately).sum(axis=0),
        seen=before.sum(axis=0),
    )


def _kpi(blueprint: Blueprint, sums: WeekSums, until: int) -> Sheet:
    weeks = np.arange(_EARLY_WEEKS, until)
    share = sums.quiet[weeks] / np.maximum(sums.seen[weeks], 1)
    return {
        "week_start": Moments(epoch(blueprint) + weeks * 604800, day=True),
        "paying_accounts": sums.paying[weeks],
        "new_accounts": sums.new[weeks],
        "active_before": sums.seen[weeks],
        "turned_quiet": sums.quiet[weeks],
        "dashboard_churn": np.round(share, 4),
        "joined_13_weeks_ago": sums.joined[weeks],
        "of_these_quiet": sums.gone[weeks],
    }


def _releases(blueprint: Blueprint, until: int) -> Sheet:
    weeks = np.array([w for w in blueprint.releases if w < until], dtype=np.int64)
    words = client_versions(blueprint)[1:]
    return {
        "client_version": Coded(np.arange(len(weeks), dtype=np.uint8), words),
        "released_on": Moments(epoch(blueprint) + weeks * 604800, day=True),
    }


def _price_rows(blueprint: Blueprint, policy: Policy, until: int) -> list[tuple[int, int, int]]:
    rows = [(0, PLANS.index(plan), cents) for plan, cents in SEAT_PRICE.items()]
    quiet, week = blueprint.decoys.quiet_price
    rows.append((week, PLANS.index(quiet), SEAT_PRICE[quiet] * QUIET_PERMILLE // 1000))
    plant = blueprint.plant(Cause.PRICE_RISE)
    if plant is not None:
        plan = plant.where["plan"]
        rows.append((plant.week, PLANS.index(plan), SEAT_PRICE[plan] * PRICE_PERMILLE // 1000))
    for action in policy.of("rollback_price"):
        if action.share >= 1.0:
            plan = action.text("plan")
            rows.append((action.start, PLANS.index(plan), SEAT_PRICE[plan]))
    return sorted(row for row in rows if row[0] < until)


def _prices(blueprint: Blueprint, policy: Policy, until: int) -> Sheet:
    week, plan, cents = (
        np.array(c) for c in zip(*_price_rows(blueprint, policy, until), strict=True)
    )
    return {
        "plan": Coded(plan.astype(np.uint8), PLANS),
        "valid_from": Moments(epoch(blueprint) + week * 604800, day=True),
        "seat_price_cents": cents,
    }


def _campaigns(blueprint: Blueprint, policy: Policy, until: int) -> Sheet:
    quiet_name, free_name = campaign_names(blueprint)
    rows = [(quiet_name, *blueprint.decoys.quiet_campaign, CAMPAIGN_COST[0])]
    plant = blueprint.plant(Cause.LOW_INTENT_CAMPAIGN)
    if plant is not None:
        rows.append((free_name, plant.where["channel"], plant.week, CAMPAIGN_COST[1]))
    rows = [row for row in sorted(rows, key=lambda r: r[2]) if row[2] < until]
    ends = [
        min(
            (
                action.start
                for action in policy.of("end_campaign")
                if action.text("channel") == channel
            ),
            default=-1,
        )
        for _, channel, _, _ in rows
    ]
    start = epoch(blueprint)
    return {
        "campaign": Coded(np.arange(len(rows), dtype=np.uint8), tuple(r[0] for r in rows)),
        "channel": Coded(np.arange(len(rows), dtype=np.uint8), tuple(r[1] for r in rows)),
        "starts_on": Moments(np.array([start + r[2] * 604800 for r in rows], np.int64), day=True),
        "ends_on": Moments(
            np.array([-1 if e < 0 else start + e * 604800 for e in ends], np.int64), day=True
        ),
        "cost_per_signup_cents": np.array([r[3] for r in rows], np.int64),
    }


def _service_levels(blueprint: Blueprint, policy: Policy, until: int) -> Sheet:
    week, region, size = (
        part.ravel()
        for part in np.meshgrid(np.arange(until), np.arange(4), np.arange(2), indexing="ij")
    )
    noise = index(draw(blueprint.seed, Purpose.LATENCY, region * 2 + size, week), 81) - 40
    p95 = 410 + 35 * region + 60 * size + noise
    place, bump = blueprint.decoys.latency_bump
    p95 += np.where((region == REGIONS.index(place)) & (week >= bump) & (week < bump + 2), 640, 0)
    plant = blueprint.plant(Cause.SLOW_SERVICE)
    if plant is not None:
        hit = (region == REGIONS.index(plant.where["region"])) & (size == 1) & (week >= plant.week)
        for action in policy.of("scale_service"):
            fixed = action.share >= 1.0 and action.text("region") in ("all", plant.where["region"])
            hit &= ~((week >= action.start) & (week < action.stop) & fixed)
        p95 += np.where(hit, 780, 0)
    return {
        "week_start": Moments(epoch(blueprint) + week * 604800, day=True),
        "region": Coded(region.astype(np.uint8), REGIONS),
        "size": Coded(size.astype(np.uint8), SIZES),
        "p95_ms": p95,
    }


def global_sheets(
    blueprint: Blueprint, policy: Policy, until: int, sums: WeekSums
) -> Mapping[str, Sheet]:
    """Give the tables that the company keeps about itself."""
    return {
        "releases": _releases(blueprint, until),
        "prices": _prices(blueprint, policy, until),
        "campaigns": _campaigns(blueprint, policy, until),
        "service_levels": _service_levels(blueprint, policy, until),
        "kpi_weekly": _kpi(blueprint, sums, until),
    }


def company_tables(blueprint: Blueprint, policy: Policy, until: int) -> dict[str, pa.Table]:
    """Simulate the company up to `until` and give all its tables."""
    parts: dict[str, list[pa.Table]] = {}
    sums: WeekSums | None = None
    for ids in blocks(blueprint.accounts):
        block = simulate_block(blueprint, policy, until, ids)
        for name, sheet in block_sheets(blueprint, policy, block).items():
            parts.setdefault(name, []).append(arrow(sheet))
        here = week_sums(block)
        sums = here if sums is None else sums.plus(here)
    if sums is None:
        raise ValueError("A company needs at least one account.")
    tables = {name: pa.concat_tables(some) for name, some in parts.items()}
    for name, sheet in global_sheets(blueprint, policy, until, sums).items():
        tables[name] = arrow(sheet)
    return tables
