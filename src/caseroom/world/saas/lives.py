"""How long accounts stay: onboarding, then a weekly decision to leave and invoices that may fail.

In: blueprint, people, policy, a last week. Out: `Lives`. Probabilities change with the policy,
draws never do, so a policy that lowers a hazard only ever lengthens lives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caseroom.world.noise import Bits, below, draw
from caseroom.world.saas.blueprint import (
    BILLING_STEP,
    GUIDED_WEEKS,
    LARGE_SEATS,
    PLANS,
    PLATFORMS,
    REGIONS,
    STEPS,
    Blueprint,
    Cause,
    Plant,
    Purpose,
)
from caseroom.world.saas.laws import (
    AGE_FACTOR,
    BASE_HAZARD,
    EXP_HALF,
    EXP_INTENT,
    PAYMENT_FAILURE,
    STEP_ODDS,
    YEARLY_FACTOR,
    factor,
)
from caseroom.world.saas.people import Floats, Ints, People
from caseroom.world.saas.policy import Action, Policy, dose

__all__ = ["ALIVE", "CONNECT", "LEFT", "UNPAID", "Lives", "in_scope", "live", "steps_done"]

ALIVE, LEFT, UNPAID = 0, 1, 2
CONNECT = STEPS.index("connect")

_GUIDED_ODDS = 2.2
_REDESIGN_ODDS = 9.0
_ASSIST_FACTOR = 0.9
_RECOVERED_SHARE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """What became of each account.

    `steps` counts onboarding steps done (0..5), `end` is the week in which the subscription ended
    (the first week not simulated for accounts that still pay), `reason` ALIVE, LEFT or UNPAID.
    """

    steps: Ints
    end: Ints
    reason: Ints


def in_scope(action: Action, people: People) -> NDArray[np.bool_]:
    """Tell which accounts an action is meant for, by its parameters."""
    scope = np.ones(len(people), dtype=bool)
    for name, values, codes in (
        ("plan", PLANS, people.plan),
        ("region", REGIONS, people.region),
        ("platform", PLATFORMS, people.platform),
    ):
        wanted = action.text(name)
        if wanted != "all":
            scope &= codes == values.index(wanted)
    if "min_seats" in action.params:
        scope &= people.seats >= float(action.params["min_seats"])
    return scope


def _reach(action: Action, blueprint: Blueprint, people: People) -> Floats:
    return dose(action, blueprint.seed, people.ids) * in_scope(action, people)


def _step_odds(blueprint: Blueprint, people: People, policy: Policy, step: int) -> Floats:
    slope, table = (1.0, EXP_INTENT) if step == CONNECT else (0.5, EXP_HALF)
    shifts = np.unique(people.shift)
    by_shift = np.array([factor(slope * float(value)) for value in shifts])
    odds = STEP_ODDS[step] * table[people.intent] * by_shift[np.searchsorted(shifts, people.shift)]
    if step != CONNECT:
        return odds
    guided = people.signup >= np.array(GUIDED_WEEKS)[people.region]
    odds = np.where(guided, odds * _GUIDED_ODDS, odds)
    plant = blueprint.plant(Cause.BROKEN_ONBOARDING)
    if plant is not None:
        broken = people.platform == PLATFORMS.index(plant.where["platform"])
        odds = np.where(broken & (people.signup >= plant.week), odds * plant.strength, odds)
    for action in policy.of("redesign_onboarding"):
        new = (people.signup >= action.start) & (people.signup < action.stop)
        reach = _reach(action, blueprint, people) * new
        odds = odds * (1.0 + reach * (_REDESIGN_ODDS - 1.0))
    return odds


def steps_done(blueprint: Blueprint, people: People, policy: Policy) -> Ints:
    """Count the onboarding steps that each account completes, in order, 0..5."""
    done = np.zeros(len(people), dtype=np.int64)
    still = np.ones(len(people), dtype=bool)
    for step in range(len(STEPS)):
        odds = _step_odds(blueprint, people, policy, step)
        still &= below(draw(blueprint.seed, Purpose.STEP, people.ids, step), odds / (1.0 + odds))
        done += still
    return done


def _plant_scope(plant: Plant | None, people: People) -> NDArray[np.bool_]:
    if plant is None:
        return np.zeros(len(people), dtype=bool)
    scope = np.ones(len(people), dtype=bool)
    for name, values, codes in (
        ("plan", PLANS, people.plan),
        ("region", REGIONS, people.region),
    ):
        if name in plant.where:
            scope &= codes == values.index(plant.where[name])
    if "size" in plant.where:
        scope &= people.seats >= LARGE_SEATS
    return scope


_CURES = {Cause.PRICE_RISE: "rollback_price", Cause.SLOW_SERVICE: "scale_service"}


class _Hazard:
    """Weekly hazard factors of plants and levers, prepared once per simulation."""

    def __init__(self, blueprint: Blueprint, people: People, policy: Policy) -> None:
        self.policy = policy
        self.interaction = blueprint.interaction
        self.plants = [
            (plant, _plant_scope(plant, people))
            for plant in blueprint.plants
            if plant.cause in _CURES
        ]
        self.reach = {
            id(action): _reach(action, blueprint, people)
            for lever in ("rollback_price", "scale_service", "sales_assist", "retry_payments")
            for action in policy.of(lever)
        }
        self.unpaid_plant = blueprint.plant(Cause.FAILED_PAYMENTS)
        self.unpaid_scope = _plant_scope(self.unpaid_plant, people)

    def _running(self, lever: str, week: int) -> list[Action]:
        return [a for a in self.policy.of(lever) if a.start <= week < a.stop]

    def leaving(self, week: int, rows: Ints) -> Floats:
        """Give the factor on the hazard of these accounts in this week."""
        total = np.ones(len(rows))
        meeting = np.zeros(len(rows), dtype=np.int64)
        for plant, scope in self.plants:
            if week < plant.week:
                continue
            strength = np.where(scope[rows], plant.strength - 1.0, 0.0)
            for action in self._running(_CURES[plant.cause], week):
                strength = strength * (1.0 - self.reach[id(action)][rows])
            total *= 1.0 + strength
            meeting += strength > 0
        total = np.where(meeting > 1, total * self.interaction, total)
        for action in self._running("sales_assist", week):
            total = total * (1.0 - self.reach[id(action)][rows] * (1.0 - _ASSIST_FACTOR))
        return total

    def unpaid(self, week: int, rows: Ints) -> Floats:
        """Give the chance that an invoice of this week is never collected."""
        chance = np.full(len(rows), PAYMENT_FAILURE)
        if self.unpaid_plant is not None and week >= self.unpaid_plant.week:
            chance[self.unpaid_scope[rows]] = self.unpaid_plant.strength
        for action in self._running("retry_payments", week):
            chance = chance * (1.0 - _RECOVERED_SHARE * self.reach[id(action)][rows])
        return chance


def _draws(seed: int, purpose: Purpose, ids: Ints, week: int) -> Bits:
    return draw(seed, purpose, ids, week)


def live(
    blueprint: Blueprint,
    people: People,
    policy: Policy,
    until: int,
    *,
    since: int = 0,
    before: Lives | None = None,
) -> Lives:
    """Simulate the weeks since..until-1.

    Args:
        blueprint: The business.
        people: Its accounts, drawn under the same policy.
        policy: Actions; those that start before `since` must already be in `before`.
        until: First week that is not simulated.
        since: First week that is simulated; earlier ends are taken from `before`.
        before: Lives up to `since`, needed where `since` is above 0.

    Returns:
        Lives; accounts that sign up at `until` or later have end == until and reason ALIVE.
    """
    steps = steps_done(blueprint, people, policy)
    hazard = _Hazard(blueprint, people, policy)
    connected = steps > CONNECT
    half = factor(0.5 * math.log(blueprint.connect_factor))
    base = BASE_HAZARD * people.leave * np.where(connected, half, round(1.0 / half, 9))
    end = np.full(len(people), until, dtype=np.int64)
    reason = np.zeros(len(people), dtype=np.int64)
    if before is not None:
        gone = (before.reason != ALIVE) & (before.end < since)
        end[gone], reason[gone] = before.end[gone], before.reason[gone]
    by_signup = np.argsort(people.signup, kind="stable")
    entered = np.searchsorted(people.signup[by_signup], np.arange(until + 1))
    rows = by_signup[: entered[since]] if since else by_signup[:0]
    rows = rows[reason[rows] == ALIVE]
    for week in range(since, until):
        rows = _week(blueprint, people, hazard, base, week, rows, end, reason)
        rows = np.concatenate([rows, by_signup[entered[week] : entered[week + 1]]])
    return Lives(steps=steps, end=end, reason=reason)


def _week(
    blueprint: Blueprint,
    people: People,
    hazard: _Hazard,
    base: Floats,
    week: int,
    rows: Ints,
    end: Ints,
    reason: Ints,
) -> Ints:
    """Let one week pass for the accounts that pay (`rows`); give those that still do."""
    if not len(rows):
        return rows
    age = week - people.signup[rows]
    ids = people.ids[rows]
    yearly = people.yearly[rows]
    chance = base[rows] * AGE_FACTOR[age] * hazard.leaving(week, rows)
    renewal = np.minimum(chance * YEARLY_FACTOR, 0.85) * (age % 52 == 0)
    leaves = below(
        _draws(blueprint.seed, Purpose.CHURN, ids, week), np.where(yearly, renewal, chance)
    )
    billed = ~yearly & (age % BILLING_STEP == 0) & ~leaves
    unpaid = np.zeros(len(rows), dtype=bool)
    due = rows[billed]
    unpaid[billed] = below(
        _draws(blueprint.seed, Purpose.PAYMENT, people.ids[due], week), hazard.unpaid(week, due)
    )
    end[rows[leaves | unpaid]] = week
    reason[rows[leaves]] = LEFT
    reason[rows[unpaid]] = UNPAID
    return rows[~(leaves | unpaid)]
