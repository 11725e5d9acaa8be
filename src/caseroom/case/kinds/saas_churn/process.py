"""At lead level: which way of working let it happen, told in the company's own notes.

In: a cause. Out: the choices, the notes that the company keeps, and how to read them.
"""

from __future__ import annotations

from collections.abc import Callable

from caseroom.case.form import Choice
from caseroom.vocabulary.rows import Rows
from caseroom.world.saas.blueprint import Cause

__all__ = ["CHOICES", "PROCESS_OF", "notes", "read_process"]

CHOICES = (
    Choice(
        id="release_gate", label="Client changes reach everybody at once, without a staged gate"
    ),
    Choice(id="signup_bonus", label="Acquisition is paid by sign-ups, not by who stays"),
    Choice(id="price_review", label="Prices change without a test or a review date"),
    Choice(id="vendor_watch", label="Changes at vendors and servers have no owner and no alert"),
)

PROCESS_OF = {
    Cause.BROKEN_ONBOARDING: "release_gate",
    Cause.LOST_EVENT: "release_gate",
    Cause.LOW_INTENT_CAMPAIGN: "signup_bonus",
    Cause.CHANNEL_MIX_SHIFT: "signup_bonus",
    Cause.PRICE_RISE: "price_review",
    Cause.FAILED_PAYMENTS: "vendor_watch",
    Cause.SLOW_SERVICE: "vendor_watch",
}

_TOPICS = {
    "release_gate": "Releases",
    "signup_bonus": "Acquisition targets",
    "price_review": "Pricing",
    "vendor_watch": "Infrastructure and vendors",
}
_WEAK = {
    "release_gate": "Client teams may now ship to all users in one step; the staged share was "
    "dropped to save time, and nobody compares completion before and after.",
    "signup_bonus": "The quarterly bonus of the acquisition team counts sign-ups on the day they "
    "arrive. Whether they are still here later belongs to another team.",
    "price_review": "Changes of the price list are approved by the revenue lead alone. There was "
    "no group that kept the old price and no date to look at the result.",
    "vendor_watch": "After the reorganization nobody was named for the payment and hosting "
    "contracts; the alert channel was archived with the old team.",
}
_SOUND = {
    "release_gate": "Client releases go out to 5% first; completion and crash rates are compared "
    "before the rest follows.",
    "signup_bonus": "The acquisition team is measured by accounts that still pay after 90 days.",
    "price_review": "Every price change keeps a group on the old list and is reviewed after six "
    "weeks; the last one was.",
    "vendor_watch": "Payment and hosting each have an owner, a weekly review and alerts that were "
    "tested last month.",
}


def notes(weak: str) -> list[tuple[str, str]]:
    """Give (topic, note) pairs in which one way of working is weak and the others are sound."""
    return [
        (topic, _WEAK[name] if name == weak else _SOUND[name]) for name, topic in _TOPICS.items()
    ]


def read_process(ask: Callable[[str, str], Rows], cause: Cause) -> str:
    """Read the notes for signs that nobody compares, reviews, owns or follows up."""
    rows = ask("What the company's notes say", "SELECT topic, note FROM org_notes ORDER BY topic")
    signs = ("nobody", "no group", "another team", "dropped", "alone")
    weak = [row["topic"] for row in rows if any(sign in row["note"] for sign in signs)]
    by_topic = {topic: name for name, topic in _TOPICS.items()}
    return by_topic[weak[0]] if weak else PROCESS_OF[cause]
