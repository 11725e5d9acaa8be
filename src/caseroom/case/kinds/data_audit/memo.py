"""The texts of a good answer: memo, reversal rule, missing data.

In: what was found and decided. Out: texts by field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.vocabulary.levels import Vertical

__all__ = ["Told", "write_memo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fault as it is told to the owner."""

    type: str
    place: str
    slice: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    size: float = 0.0

    @property
    def where(self) -> str:
        """The slice in words."""
        parts = [f"{dimension} {value}" for dimension, value in self.slice.items()]
        return " and ".join(parts) or "all slices"


_STORIES = {
    types.REPEATED: "{where} delivers some events again under new ids, {size:,.0f} extra rows",
    types.MISSING: "one day of {where} never arrived, about {size:,.0f} rows",
    types.UNIT: "{where} sends {place} in another unit, {size:.4g} times the old values",
    types.CLOCK: "the clock of {where} is off by {size:+.0f} hours in {place}",
    types.PLACEHOLDER: "{where} writes a default into {place} where nothing is known, "
    "{size:,.0f} rows",
    types.FAN_OUT: "{place} has {size:.0f} key(s) twice ({where}), so every join counts these "
    "rows double",
    types.LATE: "{where} arrives late, so that about {size:,.0f} rows of the last days are still "
    "to come",
    types.SWAP: "{where} has two columns exchanged around {place}, {size:,.0f} rows",
}
_ACTIONS = {
    "publish": "we publish the report as it stands",
    "publish_labeled": "we publish on time with a labeled correction and no repair",
    "label_and_fix": "we publish on time with a labeled correction, and the source team fixes "
    "the feed in its queue",
    "hold_and_fix": "we hold the report until the source team has fixed the feed, as an urgent "
    "order",
    "patch_by_rule": "we patch the rows by a rule with validity dates and keep the raw rows",
    "wait_for_close": "we wait until the days are complete and publish later every week",
    "rebuild_all": "we hold the report and rebuild the whole history from the sources",
}
_RULES = {
    Vertical.SAAS: "I tell the customers who read it today what changes and why.",
    Vertical.FINANCE: "The figure then reconciles to the source, and its lineage is on record.",
    Vertical.HEALTHCARE: "For crews a wrong figure is a matter of safety; I asked for the minimum "
    "of data only.",
}


def _story(told: Told) -> str:
    text = _STORIES[told.type].format(where=told.where, place=told.place, size=told.size)
    return f"{text} (since {told.since})" if told.since else text


def write_memo(
    *,
    asker: str,
    vertical: Vertical,
    number: str,
    reported: float,
    error: tuple[float, float, float],
    main: Told,
    others: Sequence[Told],
    option: str,
) -> dict[str, str]:
    """Write memo, reversal rule and missing data.

    Args:
        asker: Who reads the memo.
        vertical: The vertical, for its rule.
        number: Label of the wrong number.
        reported: Its reported value.
        error: Its error in percent with a low and a high end.
        main: The fault that moves it most.
        others: Other faults.
        option: The decision.
    """
    value, low, high = error
    true = reported / (1 + value / 100) if value > -99 else 0.0
    side = "too high" if value > 0 else "too low"
    rest = "; ".join(_story(told) for told in others)
    rest_text = f" I also found smaller things: {rest}." if rest else ""
    memo = (
        f"{asker}, please do not use the figure '{number}' as it stands. It is {abs(value):.1f}% "
        f"{side}: the report says {reported:,.2f}, and the right value is about {true:,.2f}. "
        f"The cause is in the data, not in the business: {_story(main)}. My interval for the "
        f"error is {low:.1f}% to {high:.1f}%, because part of it is an estimate. I compared every "
        f"slice with its own past, counted rows by business key and by day, and computed the "
        f"report again after repairing the rows in a query; that is how each fault got its size."
        f"{rest_text} What we do now: {_ACTIONS.get(option, option)}. {_RULES[vertical]} What I do "
        f"not know is whether older reports need the same note; I will check them this week and "
        f"come back to you. If next Monday's figures differ from the counts of the source by more "
        f"than 1%, I stop and we look again together."
    )
    return {
        "memo": memo,
        "reversal_rule": "If the next report differs from the counts of the source by more than "
        "1% in any number, or the repair is not in place within 6 weeks, we take the decision "
        "back and hold the report.",
        "missing_data": "Row counts by day and slice from the source systems for older weeks, and "
        "a word from the feed's owner on what was changed and when.",
    }
