"""What accounts do in the product: weekly counts, then one row per event.

In: blueprint, people, lives, a policy, a last week. Out: `Cells` (account-weeks with a count) and
`EventRows` (arrays of equal length). One 64-bit draw per event decides its moment, user and type.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caseroom.world.noise import Bits, draw, spread
from caseroom.world.saas.blueprint import WEEKS, Blueprint, Cause, Purpose
from caseroom.world.saas.laws import (
    ACTIVITY_BINS,
    EVENT_TABLE,
    POISSON,
    WEEK_SECONDS,
    season,
)
from caseroom.world.saas.lives import ALIVE, Lives
from caseroom.world.saas.people import People, loses_event
from caseroom.world.saas.policy import Policy

__all__ = ["BOT_VERSION", "USER_SPAN", "Cells", "EventRows", "active_weeks", "cells", "event_rows"]

USER_SPAN = 64
"""User numbers are account * USER_SPAN + 0..39."""

BOT_VERSION = 255
"""Client version code of automated traffic."""

_SESSION = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Account-weeks in which something happened, by account, then week.

    `row` is the position in People, `version` a release number (BOT_VERSION for robots), `lost`
    marks cells whose client loses the session event, `bits` is the parent draw of its events.
    """

    row: NDArray[np.int32]
    week: NDArray[np.int32]
    count: NDArray[np.int64]
    version: NDArray[np.uint8]
    lost: NDArray[np.bool_]
    bits: Bits


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRows:
    """Events: account and user numbers, second since week 0 began, type and version codes."""

    account: NDArray[np.int32]
    user: NDArray[np.int64]
    second: NDArray[np.int64]
    kind: NDArray[np.uint8]
    version: NDArray[np.uint8]


def _season_bins(blueprint: Blueprint) -> NDArray[np.int64]:
    start = blueprint.start.isocalendar().week - 1
    activity = np.array([season((start + w) % 52)[1] for w in range(WEEKS)])
    bins = np.round(np.log(activity) * 10.0).astype(np.int64)
    bins[blueprint.decoys.outage_week] -= 7
    return bins


def _versions(
    blueprint: Blueprint, people: People, row: NDArray[np.int32], week: NDArray[np.int32]
):
    installed = week.astype(np.int64) - people.lag[row]
    version = np.searchsorted(np.array(blueprint.releases), installed, side="right")
    return np.where(people.staff[row] == 2, BOT_VERSION, version).astype(np.uint8)


def _lost(blueprint: Blueprint, policy: Policy, people: People, part: Cells) -> NDArray[np.bool_]:
    plant = blueprint.plant(Cause.LOST_EVENT)
    if plant is None:
        return np.zeros(len(part.row), dtype=bool)
    lost = loses_event(blueprint, people)[part.row]
    lost &= (part.version == len(blueprint.releases)) & (part.week >= plant.week)
    for action in policy.of("fix_tracking"):
        if action.text("platform") in ("all", plant.where["platform"]):
            lost &= part.week < action.start
    return lost


def cells(blueprint: Blueprint, people: People, lives: Lives, policy: Policy, until: int) -> Cells:
    """Draw how many events each account has in each week before `until`."""
    weeks = np.arange(until, dtype=np.int32)
    stays = (weeks >= people.signup[:, None]) & (weeks <= lives.end[:, None])
    row, week = np.nonzero(stays)
    row, week = row.astype(np.int32), week.astype(np.int32)
    left = lives.end[row] - week
    fading = np.where((lives.reason[row] != ALIVE) & (left < 3), 5 * (3 - left), 0)
    bins = people.activity[row] + _season_bins(blueprint)[week] - fading
    bins = np.clip(bins, 0, ACTIVITY_BINS - 1)
    bits = draw(blueprint.seed, Purpose.COUNT, people.ids[row], week)
    count = POISSON[bins, (bits >> np.uint64(54)).astype(np.int64)].astype(np.int64)
    some = count > 0
    part = Cells(
        row=row[some],
        week=week[some],
        count=count[some],
        version=_versions(blueprint, people, row[some], week[some]),
        lost=np.zeros(int(some.sum()), dtype=bool),
        bits=bits[some],
    )
    lost = _lost(blueprint, policy, people, part)
    return Cells(
        row=part.row,
        week=part.week,
        count=part.count,
        version=part.version,
        lost=lost,
        bits=part.bits,
    )


def active_weeks(part: Cells, people: People, until: int) -> NDArray[np.bool_]:
    """Give the account-weeks with a session event in the log, shape (accounts, until)."""
    active = np.zeros((len(people), until), dtype=bool)
    active[part.row[~part.lost], part.week[~part.lost]] = True
    return active


def event_rows(people: People, part: Cells) -> EventRows:
    """Turn counts into events. The first event of an account-week is the start of a session."""
    first = np.cumsum(part.count) - part.count
    cell = np.repeat(np.arange(len(part.count), dtype=np.int32), part.count)
    position = np.arange(len(cell), dtype=np.int64) - first[cell]
    bits = spread(part.bits[cell], position.astype(np.uint64))
    kind = EVENT_TABLE[(bits & np.uint64(255)).astype(np.uint8)]
    kind[first] = _SESSION
    cell, bits, kind = _drop_lost(part, cell, bits, kind)
    cell, bits, kind = _send_twice(cell, bits, kind)
    row = part.row[cell]
    second = WEEK_SECONDS[((bits >> np.uint64(8)) & np.uint64(65535)).astype(np.int32)]
    share = (bits >> np.uint64(24)) & np.uint64(65535)
    user = ((share * people.users[row].astype(np.uint64)) >> np.uint64(16)).astype(np.int64)
    account = people.ids[row]
    return EventRows(
        account=account.astype(np.int32),
        user=account * USER_SPAN + user,
        second=part.week[cell].astype(np.int64) * 604800 + second,
        kind=kind,
        version=part.version[cell],
    )


def _drop_lost(part: Cells, cell: NDArray[np.int32], bits: Bits, kind: NDArray[np.uint8]):
    if not part.lost.any():
        return cell, bits, kind
    keep = ~(part.lost[cell] & (kind == _SESSION))
    return cell[keep], bits[keep], kind[keep]


def _send_twice(cell: NDArray[np.int32], bits: Bits, kind: NDArray[np.uint8]):
    """Repeat one event in 128, at the end: clients that retry deliver it again."""
    again = np.flatnonzero((bits >> np.uint64(57)) == np.uint64(0))
    return (
        np.concatenate([cell, cell[again]]),
        np.concatenate([bits, bits[again]]),
        np.concatenate([kind, kind[again]]),
    )
