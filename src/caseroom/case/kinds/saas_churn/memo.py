"""The memo of the reference solver: plain words, numbers with ranges, what would change its mind.

In: what was found and decided. Out: memo, reversal rule and missing data as texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caseroom.case.contract import Brief
from caseroom.case.kinds.saas_churn.forecast import Outlook
from caseroom.case.kinds.saas_churn.words import Words
from caseroom.world.saas.blueprint import Cause

__all__ = ["write_memo"]

_STORY = {
    Cause.BROKEN_ONBOARDING: "New sign-ups on {place} stopped completing the step of {step} when "
    "the client changed. Those who get through it stay much longer, at equal age and intent.",
    Cause.LOW_INTENT_CAMPAIGN: "The campaign in {place} brings people who only look. They finish "
    "fewer steps of every kind, and the setup itself changes little.",
    Cause.PRICE_RISE: "After the price of {place} rose, {accounts} on it cancel more than "
    "before, at every age; the other prices show no such step.",
    Cause.CHANNEL_MIX_SHIFT: "A larger share of sign-ups now comes through {place}, which always "
    "lost more. Inside each channel nothing got worse.",
    Cause.LOST_EVENT: "The newest client on {place} does not send session starts. These "
    "{accounts} pay and work; only the dashboard lost them.",
    Cause.SLOW_SERVICE: "Large {accounts} in {place} wait twice as long as before, and they "
    "cancel; small ones there do not.",
    Cause.FAILED_PAYMENTS: "In {place} payments fail since the processor changed. These "
    "{accounts} did not decide to leave.",
}


def write_memo(
    brief: Brief,
    words: Words,
    found: Sequence[Any],
    decision: Mapping[str, Any],
    outlook: Outlook,
) -> dict[str, str]:
    """Write the memo (150 to 300 words), the reversal rule and what data are missing."""
    first = found[0]
    stories = " ".join(
        _STORY[item.cause].format(
            place=" and ".join(words.value(k, v) for k, v in item.where.items()), **words.nouns
        )
        for item in found
    )
    option = str(decision["option"]).replace("_", " ")
    low, high = round(first.effect.low), round(first.effect.high)
    memo = (
        f"{brief.stakeholder.name}, my recommendation is to {option} now. {stories} "
        f"I checked the data first: rows, keys and dates are complete, I left out staff, robots "
        f"and events that were sent twice, and I compared the dashboard with subscriptions that "
        f"really ended, because the two count different things. Compared at equal age with the "
        f"{words.nouns['accounts']} that the change did not reach, it cost about "
        f"{first.effect.value:.0f} of them so far (80% between {low} and {high}). "
        f"With the decision I expect {outlook.value:.0f} paying {words.nouns['accounts']} at the "
        f"end of the window, between {outlook.low:.0f} and {outlook.high:.0f}. What I do not know: "
        f"why single {words.nouns['customer']}s left, since nobody asked them; the numbers rest on "
        f"behavior. The main risk is that the effect fades by itself and we pay for a cure that "
        f"was not needed; I would rather wait for proof only if it cost nothing, and it costs "
        f"{words.nouns['accounts']} every week. I will report in six weeks against the same "
        f"comparison, and stop if it does not move. The other changes of these weeks, such as the "
        f"smaller price step, the short slowdown and the spring campaign, show no effect on losses."
    )
    return {
        "memo": memo,
        "reversal_rule": (
            "If weekly losses in the segment are not at least 25% lower, at equal age, six weeks "
            f"after it takes effect, we take the decision back ({option})."
        ),
        "missing_data": (
            f"Reasons of {words.nouns['accounts']} that left (interviews), and a randomized "
            "comparison; both would separate cause from coincidence."
        ),
    }
