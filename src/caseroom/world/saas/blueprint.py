"""What one subscription business is: calendar, size, what is planted and what only looks so.

In: a seed and choices. Out: a `Blueprint`, from which everything else of the world follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

__all__ = [
    "BILLING_STEP",
    "CHANNELS",
    "GUIDED_WEEKS",
    "LARGE_SEATS",
    "PLANS",
    "PLATFORMS",
    "REGIONS",
    "STEPS",
    "TODAY",
    "WEEKS",
    "Blueprint",
    "Cause",
    "Decoys",
    "Plant",
    "Purpose",
]

TODAY = 84
"""Week in which a case opens; weeks before it are history."""

WEEKS = 118
"""Weeks simulated at most: history, eight weeks to gather evidence, six months of consequence."""

BILLING_STEP = 4
"""Weeks between two invoices of an account that pays monthly."""

LARGE_SEATS = 20
"""Seats from which an account counts as large."""

CHANNELS: tuple[str, ...] = ("organic", "search", "partner", "outbound", "ads")
PLANS: tuple[str, ...] = ("starter", "team", "business")
REGIONS: tuple[str, ...] = ("NA", "EU", "LATAM", "APAC")
PLATFORMS: tuple[str, ...] = ("web", "desktop", "ios", "android")
STEPS: tuple[str, ...] = ("workspace", "profile", "invite", "connect", "first_project")

GUIDED_WEEKS = (30, 36, 44, 50)
"""Week in which the guided setup was released, by region: a staggered release before any cause."""


class Cause(StrEnum):
    """What may be planted behind a rise in churn."""

    BROKEN_ONBOARDING = "broken_onboarding"
    LOW_INTENT_CAMPAIGN = "low_intent_campaign"
    PRICE_RISE = "price_rise"
    CHANNEL_MIX_SHIFT = "channel_mix_shift"
    LOST_EVENT = "lost_event"
    SLOW_SERVICE = "slow_service"
    FAILED_PAYMENTS = "failed_payments"


class Purpose(IntEnum):
    """What a draw decides. Numbers are part of the world's version and may never be reused."""

    SIGNUP = 1
    MOMENT = 2
    CHANNEL = 3
    MOVED = 4
    PLAN = 5
    SEATS = 6
    REGION = 7
    PLATFORM = 8
    BILLING = 9
    INTENT = 10
    STAFF = 11
    LAG = 12
    FRAILTY = 13
    CAMPAIGN = 14
    VANISH = 15
    STEP = 16
    STEP_DELAY = 17
    CHURN = 18
    PAYMENT = 19
    RECOVERY = 20
    COUNT = 21
    EVENT = 22
    DEFECT = 23
    TICKET = 24
    NPS = 25
    ARM = 26
    ANSWER = 27
    LATENCY = 28
    PROCESSOR = 29
    END_MOMENT = 30
    BLUEPRINT = 31
    USER_ARM = 32
    LOSES_EVENT = 33


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One planted cause: since which week, where (dimension to value), how strong.

    `strength` is a hazard factor (price rise, slow service), a probability per invoice (failed
    payments), a share of sign-ups (campaign, channel mix) or of accounts on the platform (lost
    event), or a factor on the odds of completing the step (broken onboarding).
    """

    cause: Cause
    week: int
    where: dict[str, str]
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoys:
    """Changes that look like causes and are none; each is (place, week)."""

    quiet_price: tuple[str, int]
    latency_bump: tuple[str, int]
    processor_switch: tuple[str, int]
    channel_burst: tuple[str, int]
    step_log_gap: tuple[str, int]
    quiet_campaign: tuple[str, int]
    outage_week: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """A business before its noise is drawn.

    `connect_factor` is the weekly churn hazard of an account that completed the step "connect"
    over that of the same account without it (1 means that the step does nothing); `releases` are
    the weeks of client versions, in order; `interaction` multiplies the hazard where two planted
    hazards meet.
    """

    seed: int
    accounts: int
    start: date
    plants: tuple[Plant, ...]
    connect_factor: float
    releases: tuple[int, ...]
    decoys: Decoys
    interaction: float = 1.0

    def plant(self, cause: Cause) -> Plant | None:
        """Give the plant of this cause, or None where it is not planted."""
        return next((plant for plant in self.plants if plant.cause is cause), None)

    def day(self, week: int) -> date:
        """Give the Monday of a week."""
        return self.start + timedelta(weeks=int(week))
