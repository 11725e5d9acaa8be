"""What happens under a decision, under doing nothing and under the best option: the same draws.

In: a case, its purchases, a decision. Out: a `Consequence`. Every option is lived through from the
week of the decision; lives before it are shared.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caseroom.case.contract import Case, Consequence, Outcome, Purchase
from caseroom.case.form import Decision, DecisionField, Submission
from caseroom.case.kinds.saas_churn.company_file import policy_of, weeks_of
from caseroom.case.kinds.saas_churn.menu import (
    action_of,
    cost_cents,
    quote_offer,
    variants,
)
from caseroom.case.kinds.saas_churn.story import Story
from caseroom.case.kinds.saas_churn.words import Words, words_of
from caseroom.world.saas.blueprint import TODAY, WEEKS
from caseroom.world.saas.lives import ALIVE, Lives, in_scope, live
from caseroom.world.saas.people import draw_people
from caseroom.world.saas.policy import Action, Policy, dose
from caseroom.world.saas.value import Worth, worth

__all__ = ["best_decision", "consequence"]

_NOTHING = Decision(option="do_nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """A business in the week in which the decision is taken."""

    story: Story
    words: Words
    policy: Policy
    week: int
    ids: NDArray[np.int64]
    before: Lives
    spent_cents: int

    def play(self, decision: Decision) -> Worth:
        """Live through the window under a decision."""
        policy, price = _decided(self, decision)
        blueprint = self.story.blueprint
        people = draw_people(blueprint, self.ids, policy)
        lives = live(blueprint, people, policy, WEEKS, since=self.week, before=self.before)
        return worth(blueprint, people, lives, policy, price + self.spent_cents)


def _stage(case: Case, purchases: tuple[Purchase, ...]) -> _Stage:
    story: Story = case.hidden
    words = words_of(case.spec.vertical)
    policy = policy_of(purchases, words)
    week = TODAY + weeks_of(purchases)
    people = draw_people(story.blueprint, np.arange(story.blueprint.accounts), policy)
    lives = live(story.blueprint, people, policy, week)
    seen = np.flatnonzero(lives.end >= TODAY)
    return _Stage(
        story=story,
        words=words,
        policy=policy,
        week=week,
        ids=people.ids[seen],
        before=Lives(steps=lives.steps[seen], end=lives.end[seen], reason=lives.reason[seen]),
        spent_cents=sum(quote_offer(purchase).cost_cents for purchase in purchases),
    )


def _decided(stage: _Stage, decision: Decision) -> tuple[Policy, int]:
    """Give the policy that a decision makes and its price."""
    if decision.option == "test_first":
        return _test_first(stage, int(decision.params.get("weeks", 6)))
    action = action_of(decision, stage.words, stage.week)
    if action is None:
        return stage.policy, 0
    return stage.policy.plus(action), cost_cents(decision.option, _fees(stage, action))


def _fees(stage: _Stage, action: Action) -> int:
    """Give the monthly fees that the price of an action rests on."""
    if action.lever != "sales_assist":
        return stage.story.fees_cents
    blueprint = stage.story.blueprint
    people = draw_people(blueprint, stage.ids, stage.policy)
    pays = (people.signup < stage.week) & (stage.before.reason == ALIVE) & (people.staff == 0)
    return int(people.fee[pays & in_scope(action, people)].sum())


def _test_first(stage: _Stage, weeks: int) -> tuple[Policy, int]:
    """Run the test in the world; ship where the treated lose less (one-sided 5%)."""
    fees = stage.story.fees_cents
    ship = Decision(option="redesign_onboarding", params={"platform": "all"})
    whole = action_of(ship, stage.words, stage.week)
    if whole is None:
        raise ValueError("the redesign is an action")
    test = Action(
        lever=whole.lever, start=whole.start, stop=whole.start + weeks, share=0.5, number=91
    )
    policy = stage.policy.plus(test)
    price = cost_cents("test_first", fees)
    if _helps(stage, policy, test):
        launch = Action(lever=whole.lever, start=test.stop + 4, number=92)
        return policy.plus(launch), price + cost_cents(ship.option, fees)
    return policy, price


def _helps(stage: _Stage, policy: Policy, test: Action) -> bool:
    """Compare losses of the two arms four weeks after the last assignment."""
    blueprint = stage.story.blueprint
    people = draw_people(blueprint, stage.ids, policy)
    until = min(test.stop + 4, WEEKS)
    lives = live(blueprint, people, policy, until, since=stage.week, before=stage.before)
    new = (people.signup >= test.start) & (people.signup < test.stop)
    treated = dose(test, blueprint.seed, people.ids) >= 1.0
    lost = lives.reason != ALIVE
    table = [
        [int((new & arm & lost).sum()), int((new & arm & ~lost).sum())]
        for arm in (treated, ~treated)
    ]
    from scipy import stats  # slow to import, needed by one option only

    p_value = np.asarray(stats.fisher_exact(table, alternative="less"))[1]
    return bool(p_value < 0.05)


def _label(case: Case, decision: Decision) -> str:
    """Say a decision with its parameters, in the words of the form."""
    field = case.form.field("decision")
    if not isinstance(field, DecisionField):
        raise TypeError("the field `decision` is a decision")
    option = next(option for option in field.options if option.id == decision.option)
    chosen = ", ".join(str(value) for value in decision.params.values())
    return f"{option.label} ({chosen})" if chosen else option.label


_Played = dict[str, tuple[Decision, Worth]]
_KEPT: OrderedDict[str, tuple[_Stage, _Played]] = OrderedDict()
_MOST_KEPT = 8


def _options(case: Case, purchases: tuple[Purchase, ...]) -> tuple[_Stage, _Played]:
    """Play every option once and keep the last few results: the outcome is a pure function."""
    key = repr((case.spec, purchases))
    if key not in _KEPT:
        stage = _stage(case, purchases)
        field = case.form.field("decision")
        if not isinstance(field, DecisionField):
            raise TypeError("the field `decision` is a decision")
        _KEPT[key] = (
            stage,
            {_label(case, made): (made, stage.play(made)) for made in variants(field.options)},
        )
        while len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return _KEPT[key]


def best_decision(case: Case) -> tuple[Decision, Worth]:
    """Give the best decision on the first day, without any more evidence, and what it is worth."""
    return max(_options(case, ())[1].values(), key=lambda pair: pair[1].value_cents)


def _outcome(case: Case, decision: Decision, result: Worth) -> Outcome:
    story: Story = case.hidden
    return Outcome(
        label=_label(case, decision),
        option=decision.option,
        value_cents=result.value_cents,
        customers=result.customers,
        series=tuple(
            (
                story.blueprint.day(int(week)),
                {"paying": float(paying), "revenue": round(int(cents) / 100, 2)},
            )
            for week, paying, cents in zip(
                result.weeks, result.paying, result.revenue_cents, strict=True
            )
        ),
    )


def consequence(case: Case, purchases: tuple[Purchase, ...], submission: Submission) -> Consequence:
    """Play the chosen decision, doing nothing and every option from the week of the decision."""
    stage, played = _options(case, purchases)
    decision: Decision = submission.get("decision") or _NOTHING
    label = _label(case, decision)
    if label not in played:
        played = played | {label: (decision, stage.play(decision))}
    chosen = played[label][1]
    best, best_worth = max(played.values(), key=lambda pair: pair[1].value_cents)
    nothing = played[_label(case, _NOTHING)][1]
    first_day = best_decision(case)[1].value_cents if purchases else best_worth.value_cents
    story: Story = case.hidden
    stake = max(best_worth.value_cents - nothing.value_cents, story.fees_cents // 50)
    accounts = stage.words.nouns["accounts"]
    regret = best_worth.value_cents - chosen.value_cents
    return Consequence(
        chosen=_outcome(case, decision, chosen),
        nothing=_outcome(case, _NOTHING, nothing),
        best=_outcome(case, best, best_worth),
        values={label: result.value_cents for label, (_, result) in played.items()},
        regret_cents=regret,
        regret_customers=best_worth.customers - chosen.customers,
        stake_cents=stake,
        delay_cents=first_day - best_worth.value_cents,
        measures={"paying": f"Paying {accounts}", "revenue": "Revenue a week (dollars)"},
        sentences=_sentences(chosen, nothing, best_worth, accounts),
    )


def _money(cents: int) -> str:
    return f"${abs(cents) / 100:,.0f}"


def _sentences(chosen: Worth, nothing: Worth, best: Worth, accounts: str) -> tuple[str, ...]:
    gain = chosen.value_cents - nothing.value_cents
    left = best.value_cents - chosen.value_cents
    verb = "more" if gain >= 0 else "less"
    kept = chosen.customers - nothing.customers
    return (
        f"Against doing nothing your decision is worth {_money(gain)} {verb} and leaves "
        f"{abs(kept):,} {'more' if kept >= 0 else 'fewer'} paying {accounts} at the end.",
        "It was the best option."
        if left <= 0
        else f"The best option would have been worth {_money(left)} more "
        f"({best.customers - chosen.customers:+,} {accounts}).",
        "All three futures use the same random numbers: they differ only where a decision "
        "reaches somebody.",
    )
