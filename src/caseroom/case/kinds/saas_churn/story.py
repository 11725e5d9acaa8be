"""One drawn churn case behind the scenes: the business, what is true, what the dashboard shows.

In: a `CaseSpec`. Out: a `Story`, which never reaches the candidate before the debrief.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from caseroom.case.contract import CaseSpec
from caseroom.case.kinds.saas_churn.process import PROCESS_OF
from caseroom.vocabulary.levels import Level
from caseroom.world.saas.blueprint import TODAY, Blueprint, Cause, Plant
from caseroom.world.saas.company import WeekSums, blocks, week_sums
from caseroom.world.saas.draw import draw_blueprint
from caseroom.world.saas.lives import ALIVE, Lives, live
from caseroom.world.saas.people import People, draw_people
from caseroom.world.saas.policy import NOTHING
from caseroom.world.saas.sheets import simulate_block

__all__ = ["Dashboard", "Story", "everybody", "harm", "tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """What the company's dashboard says for the last six weeks.

    `churn` is the share that turned quiet, `early` the share gone thirteen weeks after joining.
    """

    churn: float
    early: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A business with its truth.

    `extra_lost` are the accounts lost up to today that would still pay without what is planted
    (the same draws, nothing planted); `lost_inside` all losses of the segments since the onset;
    `fees_cents` the monthly fees of today's paying accounts; `plan` is the dashboard of the same
    business without what is planted, which the company had expected.
    """

    blueprint: Blueprint
    extra_lost: int
    lost_since: int
    fees_cents: int
    paying: int
    dashboard: Dashboard
    plan: Dashboard
    process: str


def everybody(blueprint: Blueprint) -> People:
    """Draw all accounts under the policy that changes nothing."""
    return draw_people(blueprint, np.arange(blueprint.accounts), NOTHING)


def _lost(people: People, lives: Lives, since: int) -> int:
    gone = (lives.reason != ALIVE) & (lives.end >= since) & (people.staff == 0)
    return int(gone.sum())


def _without(blueprint: Blueprint, plants: Iterable[Plant]) -> Blueprint:
    """Give the same business without these plants.

    A shifted channel mix is undone by a strength of 0: the channel keeps its people's intent.
    """
    gone = tuple(plants)
    kept = [
        replace(plant, strength=0.0) if plant in gone else plant
        for plant in blueprint.plants
        if plant not in gone or plant.cause is Cause.CHANNEL_MIX_SHIFT
    ]
    return replace(blueprint, plants=tuple(kept))


def _ended(blueprint: Blueprint, since: int) -> int:
    people = everybody(blueprint)
    return _lost(people, live(blueprint, people, NOTHING, TODAY), since)


def _extra(blueprint: Blueprint, plants: Iterable[Plant]) -> int:
    """Count the accounts lost up to today that would still pay without these plants."""
    return _ended(blueprint, 0) - _ended(_without(blueprint, plants), 0)


def _weaker(plant: Plant, scale: float) -> Plant:
    """Give a plant of a part of its strength."""
    neutral = 1.0 if plant.cause in (Cause.PRICE_RISE, Cause.SLOW_SERVICE) else 0.0
    return replace(plant, strength=round(neutral + (plant.strength - neutral) * scale, 6))


def _told_apart(blueprint: Blueprint) -> Blueprint:
    """Let one of two causes clearly do more harm, and put it first.

    The second of the pair is weakened, as far as it can still be seen; where that does not
    suffice it is the larger one, and the first is weakened instead.
    """
    if len(blueprint.plants) < 2 or blueprint.plants[1].cause is Cause.LOST_EVENT:
        return blueprint
    first, second = blueprint.plants
    for larger, smaller in ((first, second), (second, first)):
        for scale in _SCALES:
            tried = replace(blueprint, plants=(larger, _weaker(smaller, scale)))
            if harm(tried, 0) >= _CLEARLY * harm(tried, 1):
                return tried
    return replace(blueprint, plants=(first, _weaker(second, _SCALES[-1])))


def harm(blueprint: Blueprint, number: int) -> int:
    """Count the accounts lost up to today that would still pay without one of the plants."""
    return _extra(blueprint, blueprint.plants[number : number + 1])


_SCALES = (1.0, 0.8, 0.65, 0.5)
_CLEARLY = 1.6
"""Times as many lost accounts by which the first cause must exceed the second."""


def _dashboard(blueprint: Blueprint) -> Dashboard:
    sums: WeekSums | None = None
    for ids in blocks(blueprint.accounts):
        here = week_sums(simulate_block(blueprint, NOTHING, TODAY, ids))
        sums = here if sums is None else sums.plus(here)
    if sums is None:
        raise ValueError("A company needs at least one account.")
    now = slice(TODAY - 6, TODAY)
    return Dashboard(
        churn=float(sums.quiet[now].sum() / sums.seen[now].sum()),
        early=float(sums.gone[now].sum() / sums.joined[now].sum()),
    )


@lru_cache(maxsize=16)
def tell(spec: CaseSpec) -> Story:
    """Draw the business of a case and work out what is true of it."""
    pair = spec.level in (Level.SENIOR, Level.LEAD)
    salt = list(Level).index(spec.level)
    blueprint = _told_apart(draw_blueprint(spec.seed * 8 + salt, pair=pair))
    people = everybody(blueprint)
    lives = live(blueprint, people, NOTHING, TODAY)
    onset = min(plant.week for plant in blueprint.plants)
    extra = _extra(blueprint, blueprint.plants)
    pays = (people.signup < TODAY) & (lives.reason == ALIVE) & (people.staff == 0)
    harmful = next(
        (plant.cause for plant in blueprint.plants if plant.cause is not Cause.LOST_EVENT),
        Cause.LOST_EVENT,
    )
    return Story(
        blueprint=blueprint,
        extra_lost=extra,
        lost_since=_lost(people, lives, onset),
        fees_cents=int(people.fee[pays].sum()),
        paying=int(pays.sum()),
        dashboard=_dashboard(blueprint),
        plan=_dashboard(_without(blueprint, blueprint.plants)),
        process=PROCESS_OF[harmful],
    )
