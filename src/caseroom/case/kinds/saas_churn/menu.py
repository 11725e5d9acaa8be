"""What can be decided and what evidence can be bought, with prices.

In: the company's monthly fees, the words of a vertical. Out: options, offers, and the world's
actions that they mean.
"""

from __future__ import annotations

from collections.abc import Mapping

from caseroom.case.contract import Offer, Purchase, Quote
from caseroom.case.form import Choice, Decision, Option, Param
from caseroom.case.kinds.saas_churn.words import Words
from caseroom.world.saas.blueprint import CHANNELS, PLANS, PLATFORMS, REGIONS, Cause
from caseroom.world.saas.company import SIZES
from caseroom.world.saas.policy import Action

__all__ = [
    "COST_SHARE",
    "CURES",
    "CURE_PLACE",
    "DIMENSIONS",
    "TREATMENTS",
    "action_of",
    "cost_cents",
    "dimension_choices",
    "experiment_of",
    "offers",
    "options",
    "quote_offer",
    "start_weeks",
    "variants",
]

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "plan": PLANS,
    "region": REGIONS,
    "platform": PLATFORMS,
    "channel": CHANNELS,
    "size": SIZES,
}

COST_SHARE: Mapping[str, float] = {
    "do_nothing": 0.0,
    "redesign_onboarding": 0.035,
    "test_first": 0.012,
    "sales_assist": 0.36,
    "rollback_price": 0.03,
    "fix_tracking": 0.015,
    "retry_payments": 0.17,
    "rebalance_channels": 0.06,
    "end_campaign": 0.02,
    "scale_service": 0.12,
}
"""Price of an option as a share of one month's fees (of the fees reached, for sales_assist)."""

CURES: Mapping[Cause, str] = {
    Cause.BROKEN_ONBOARDING: "redesign_onboarding",
    Cause.LOW_INTENT_CAMPAIGN: "end_campaign",
    Cause.PRICE_RISE: "rollback_price",
    Cause.CHANNEL_MIX_SHIFT: "rebalance_channels",
    Cause.LOST_EVENT: "fix_tracking",
    Cause.SLOW_SERVICE: "scale_service",
    Cause.FAILED_PAYMENTS: "retry_payments",
}
"""The option that takes a cause away."""

CURE_PLACE: Mapping[str, str] = {
    "end_campaign": "channel",
    "rollback_price": "plan",
    "rebalance_channels": "channel",
    "fix_tracking": "platform",
    "scale_service": "region",
}
"""The parameter that says where an option works."""

_BUILD_WEEKS: Mapping[str, int] = {
    "redesign_onboarding": 3,
    "test_first": 1,
    "sales_assist": 2,
    "rollback_price": 1,
    "fix_tracking": 1,
    "retry_payments": 1,
    "rebalance_channels": 1,
    "end_campaign": 1,
    "scale_service": 2,
}
"""Weeks from a decision until it takes effect, before the rules of a vertical."""

TREATMENTS: Mapping[str, str] = {
    "new_setup": "redesign_onboarding",
    "old_price": "rollback_price",
    "payment_retry": "retry_payments",
    "more_servers": "scale_service",
}


def dimension_choices(words: Words, name: str, *, everywhere: bool = False) -> tuple[Choice, ...]:
    """Give the values of a dimension as choices in the vertical's words."""
    values = [words.value(name, value) for value in DIMENSIONS[name]]
    some = tuple(Choice(id=value, label=value.replace("_", " ")) for value in values)
    return (Choice(id="all", label="all"), *some) if everywhere else some


def _place(words: Words, name: str, label: str, *, everywhere: bool = False) -> Param:
    choices = dimension_choices(words, name, everywhere=everywhere)
    return Param(id=name, label=label, default=choices[0].id, choices=choices)


def _money(cents: float) -> str:
    return f"${round(cents / 100, -3):,.0f}"


def start_weeks(option: str, words: Words) -> int:
    """Give the weeks from a decision until it takes effect, rules of the vertical included."""
    return _BUILD_WEEKS[option] + words.lead_weeks.get(option, 0)


def _cost(option: str, fees_cents: int, words: Words) -> str:
    weeks = start_weeks(option, words)
    when = f"in effect after {weeks} week{'s' if weeks > 1 else ''}"
    return f"Costs {_money(COST_SHARE[option] * fees_cents)}, {when}."


def options(words: Words, fees_cents: int) -> tuple[Option, ...]:
    """Give the decision menu with prices in words."""

    def option(name: str, label: str, text: str, *params: Param) -> Option:
        return Option(
            id=name, label=label, help=f"{text} {_cost(name, fees_cents, words)}", params=params
        )

    assist = _BUILD_WEEKS["sales_assist"]
    return (
        option(
            "redesign_onboarding",
            "Redesign the setup for everybody",
            words.say("New sign-ups are led through {step}."),
            _place(words, "platform", "Platform", everywhere=True),
        ),
        option(
            "test_first",
            "Test the new setup first, ship it if it helps",
            "Half of the new sign-ups get it; it ships if early loss falls (one-sided 5%). "
            "Shipping costs the price of the redesign on top.",
            Param(id="weeks", label="Weeks of test", default=6, low=4, high=10, whole=True),
        ),
        Option(
            id="sales_assist",
            label=words.say("A contact person for large {accounts}"),
            help=(
                f"Costs {COST_SHARE['sales_assist']:.0%} of the monthly fees of the "
                + words.say("{accounts} reached, ")
                + f"in effect after {assist} weeks."
            ),
            params=(
                Param(
                    id="min_seats",
                    label=words.say("From how many {seats}"),
                    default=20,
                    low=5,
                    high=200,
                    whole=True,
                    unit=words.nouns["seats"],
                ),
            ),
        ),
        option(
            "rollback_price",
            "Take back the last price change",
            words.say("Fees of the {plan} return to the first price list."),
            _place(words, "plan", words.nouns["plan"].capitalize()),
        ),
        option(
            "fix_tracking",
            "Fix the tracking of a client",
            "Events that are lost today arrive again.",
            _place(words, "platform", "Platform", everywhere=True),
        ),
        option("retry_payments", "Retry failed payments", "Smart retries and reminders."),
        option(
            "rebalance_channels",
            "Take the growth of a channel back",
            "Spending returns to the mix before.",
            _place(words, "channel", "Channel"),
        ),
        option(
            "end_campaign",
            "End the running campaign of a channel",
            "About half of the sign-ups it brings stay away, the others come without it.",
            _place(words, "channel", "Channel"),
        ),
        option(
            "scale_service",
            "Add servers in a region",
            words.say("Makes {service} faster there."),
            _place(words, "region", "Region"),
        ),
        Option(id="do_nothing", label="Change nothing", help="Costs nothing."),
    )


def variants(options_given: tuple[Option, ...]) -> list[Decision]:
    """Give every decision worth comparing: each option at each place."""
    decisions: list[Decision] = []
    for option in options_given:
        if option.id == "sales_assist":
            decisions += [Decision(option=option.id, params={"min_seats": s}) for s in (20, 50)]
        elif option.params and option.params[0].choices:
            param = option.params[0]
            chosen = param.choices[:1] if param.choices[0].id == "all" else param.choices
            decisions += [Decision(option=option.id, params={param.id: c.id}) for c in chosen]
        else:
            decisions.append(
                Decision(option=option.id, params={p.id: p.default for p in option.params})
            )
    return decisions


def action_of(decision: Decision, words: Words, week: int, *, number: int = 90) -> Action | None:
    """Give the world's action of a decision taken in `week`; None where nothing changes."""
    if decision.option in ("do_nothing", "test_first"):
        return None
    params = {
        name: words.world_value(value) if isinstance(value, str) else value
        for name, value in decision.params.items()
    }
    start = week + start_weeks(decision.option, words)
    return Action(lever=decision.option, params=params, start=start, number=number)


def cost_cents(option: str, fees_cents: int) -> int:
    """Give the price of an option, rounded to a thousand dollars.

    For sales_assist `fees_cents` are the monthly fees of the accounts that are reached.
    """
    return round(COST_SHARE[option] * fees_cents / 100_000) * 100_000


_WEEKS = Param(id="weeks", label="Weeks", default=6, low=2, high=8, whole=True, unit="weeks")


def offers(words: Words) -> tuple[Offer, ...]:
    """Give the evidence that can be bought."""
    treatments = (
        Choice(id="new_setup", label="New setup for sign-ups"),
        Choice(id="old_price", label="Price list of the start"),
        Choice(id="payment_retry", label="Smart payment retries"),
        Choice(id="more_servers", label="More servers"),
    )
    return (
        Offer(
            id="interviews",
            title=words.say("Twelve interviews with {accounts} that left lately"),
            what_you_get="Table interviews: who was asked, when, what they said first.",
            price_note="$6,000, 2 weeks",
        ),
        Offer(
            id="survey",
            title=words.say("A survey among {accounts} of the last half year"),
            what_you_get="Table survey_answers: who was asked, who answered, the main reason.",
            price_note="$9,000, 3 weeks; those who left answer less often",
        ),
        Offer(
            id="ab_test",
            title="An A/B test",
            what_you_get="Tables ab_assignment and ab_exposure, and the weeks of the test in all "
            "other tables.",
            price_note="$8,000 and $1,500 a week; runs for the weeks that you choose",
            params=(
                Param(
                    id="treatment",
                    label="Treatment",
                    default="new_setup",
                    choices=treatments,
                ),
                _place(words, "plan", f"{words.nouns['plan'].capitalize()} (for the price)"),
                Param(
                    id="share",
                    label="Share of units treated",
                    default=0.5,
                    low=0.05,
                    high=0.5,
                    help="the rest is the control group",
                ),
                _WEEKS,
                Param(
                    id="unit",
                    label="Unit of assignment",
                    default="account",
                    choices=(
                        Choice(id="account", label=words.nouns["account"]),
                        Choice(id="user", label="single user"),
                    ),
                ),
            ),
        ),
        Offer(
            id="expert",
            title="A day with an outside expert",
            what_you_get="Table expert_notes: an opinion from experience with other companies.",
            price_note="$4,000, 1 week; experts are right more often than not, not always",
        ),
    )


def quote_offer(purchase: Purchase) -> Quote:
    """Give price and delay of an offer."""
    if purchase.offer == "ab_test":
        weeks = int(purchase.params.get("weeks", 6))
        note = ""
        if purchase.params.get("unit") == "user":
            note = "Users of one account will meet different arms; accounts cannot be compared."
        return Quote(cost_cents=800_000 + 150_000 * weeks, weeks=weeks, note=note)
    cost, weeks = {"interviews": (600_000, 2), "survey": (900_000, 3), "expert": (400_000, 1)}[
        purchase.offer
    ]
    return Quote(cost_cents=cost, weeks=weeks)


def experiment_of(purchase: Purchase, words: Words, week: int, number: int) -> Action | None:
    """Give the world's action of a bought A/B test that starts in `week`."""
    if purchase.offer != "ab_test":
        return None
    lever = TREATMENTS[str(purchase.params.get("treatment", "new_setup"))]
    params: dict[str, str | float] = {}
    if lever == "rollback_price":
        params["plan"] = words.world_value(str(purchase.params.get("plan", "starter")))
    return Action(
        lever=lever,
        params=params,
        start=week,
        stop=week + int(purchase.params.get("weeks", 6)),
        share=float(purchase.params.get("share", 0.5)),
        unit=str(purchase.params.get("unit", "account")),
        number=number,
    )
