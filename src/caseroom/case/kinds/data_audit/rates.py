"""What errors, delays and repairs cost: the planning rates of finance, drawn per case.

In: dice and vertical. Out: `Rates`; the brief's value rule and the table planning_rates show all.
"""

from __future__ import annotations

from dataclasses import dataclass

from caseroom.case.kinds.data_audit.dice import Dice
from caseroom.vocabulary.levels import Vertical

__all__ = [
    "CAP_POINTS",
    "DRIFT",
    "HORIZON_WEEKS",
    "LABELED_SHARE",
    "RIGHT_ENOUGH",
    "Rates",
    "draw_rates",
]

HORIZON_WEEKS = 26
CAP_POINTS = 40.0
"""Percentage points from which a number's error costs no more: nobody believes it."""

LABELED_SHARE = 0.5
"""Share of an error's cost that remains where the report is labeled as provisional."""

DRIFT = 0.25
"""Share of a number's error that a flat correction leaves in later weeks."""


RIGHT_ENOUGH = 0.5
"""Error in percent below which nobody corrects or labels a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Costs in cents; weeks as whole numbers.

    Attributes:
        point_week: One percentage point of silent error in one number for one week.
        first_week: How many times that rate the report of this week costs (it is decided on).
        hold_week: A week without a report.
        hold_weeks: Weeks of holding until an urgent fix at the source is done.
        urgent_fix: An urgent fix of one fault at its source.
        queued_fix: The same fix in the normal queue.
        queue_weeks: Weeks until a queued fix is done.
        label: Writing and explaining a labeled correction.
        manual_week: Keeping a labeled correction up for a week.
        patch: One repair rule with validity dates, written and tested.
        patch_week: Keeping one rule for a week.
        wait_day_week: Publishing one day later, per week.
        rebuild: Loading the whole history again from the sources.
        rebuild_weeks: Weeks of holding that this takes.
        quiet: What a quiet correction costs when it is found out.
        readers: Readers of the report today.
    """

    point_week: int
    first_week: int
    hold_week: int
    hold_weeks: int
    urgent_fix: int
    queued_fix: int
    queue_weeks: int
    label: int
    manual_week: int
    patch: int
    patch_week: int
    wait_day_week: int
    rebuild: int
    rebuild_weeks: int
    quiet: int
    readers: int


def draw_rates(dice: Dice, vertical: Vertical) -> Rates:
    """Draw the rates; finance pays more for a wrong number, healthcare more for a missing one."""
    wrong = {Vertical.FINANCE: 1.3}.get(vertical, 1.0)
    held = {Vertical.HEALTHCARE: 1.4}.get(vertical, 1.0)

    def dollars(name: str, low: int, high: int, step: int, factor: float = 1.0) -> int:
        steps = dice.whole(f"rate/{name}", 0, (high - low) // step)
        return round((low + steps * step) * factor) * 100

    return Rates(
        point_week=dollars("point_week", 100, 240, 10, wrong),
        first_week=10,
        hold_week=dollars("hold_week", 1_500, 6_000, 250, held),
        hold_weeks=dice.whole("rate/hold_weeks", 1, 3),
        urgent_fix=dollars("urgent_fix", 2_500, 8_000, 250),
        queued_fix=dollars("queued_fix", 1_500, 4_000, 250),
        queue_weeks=dice.whole("rate/queue_weeks", 5, 9),
        label=dollars("label", 400, 1_500, 50),
        manual_week=dollars("manual_week", 150, 700, 50),
        patch=dollars("patch", 1_500, 6_000, 250),
        patch_week=dollars("patch_week", 30, 200, 10),
        wait_day_week=dollars("wait_day_week", 40, 200, 10),
        rebuild=dollars("rebuild", 35_000, 60_000, 1_000),
        rebuild_weeks=3,
        quiet=dollars("quiet", 60_000, 120_000, 5_000),
        readers=dice.whole("rate/readers", 12, 60) * 10,
    )
