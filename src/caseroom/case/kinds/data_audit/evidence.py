"""Evidence that can be bought: counts and records of the source, and a talk with the engineer.

In: a drawn case and purchases. Out: offers, quotes, and the tables that come with them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from caseroom.case.contract import Offer, Purchase, Quote
from caseroom.case.form import Choice, Param
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.brief import BUDGET_CENTS, BUDGET_WEEKS
from caseroom.case.kinds.data_audit.changelog import changed_on, slice_words
from caseroom.case.kinds.data_audit.drawn import Drawn
from caseroom.case.kinds.data_audit.frame import Frame
from caseroom.case.kinds.data_audit.words import SMALL_CELL, words_of
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Vertical
from caseroom.world.faults import Scope, in_scope, row_numbers
from caseroom.world.noise import draw

__all__ = ["COUNTS", "INTERVIEW", "SAMPLE", "bought_tables", "offers_of", "quote_of"]

pc: Any = compute  # the module has no types for its generated functions

COUNTS, SAMPLE, INTERVIEW = "source_counts", "source_sample", "interview"
_PRICES = {COUNTS: (30_000, 0), SAMPLE: (90_000, 1), INTERVIEW: (15_000, 0)}
_SAMPLE_ROWS = 200
_SAMPLE_DAYS = 14
_PICK = 7301
_MISTAKEN = 0.25


def offers_of(drawn: Drawn) -> tuple[Offer, ...]:
    """Give what can be bought, with its parameters."""
    slices = [Choice(id="all", label="All records")]
    slices += [
        Choice(id=f"{dimension}={value}", label=f"{dimension} {value}")
        for dimension, value in drawn.ground.slices(least_daily=1, most_share=1.0)
    ]
    return (
        Offer(
            id=COUNTS,
            title="Ask the owners of the source systems for row counts",
            what_you_get="The table source_counts: records in the source by day and slice since "
            "the last audit.",
            price_note="$300, the same day",
        ),
        Offer(
            id=SAMPLE,
            title=f"Compare {_SAMPLE_ROWS} records with the source, by key",
            what_you_get=f"The table source_sample: {_SAMPLE_ROWS} records of the last two weeks "
            "as they stand in the source system.",
            price_note="$900 and a week",
            params=(
                Param(id="slice", label="From which slice", default="all", choices=tuple(slices)),
            ),
        ),
        Offer(
            id=INTERVIEW,
            title="Talk to the data engineer",
            what_you_get="The table interview_notes: what the engineer remembers. People are "
            "mistaken at times.",
            price_note="$150, the same day",
        ),
    )


def quote_of(drawn: Drawn, bought: tuple[Purchase, ...], purchase: Purchase) -> Quote:
    """Give price and delay of one more purchase.

    Raises:
        CaseroomError: For what is not offered, was bought before, or is over budget.
    """
    if purchase.offer not in _PRICES:
        raise CaseroomError(f"There is no evidence {purchase.offer!r}.", allowed=", ".join(_PRICES))
    if any(purchase == earlier for earlier in bought):
        raise CaseroomError(
            f"{purchase.offer} was bought before.",
            next_step="look at its table, or choose other parameters.",
        )
    _slice_of(drawn, purchase)
    cents, weeks = _PRICES[purchase.offer]
    left = BUDGET_CENTS - sum(_PRICES[p.offer][0] for p in bought)
    weeks_left = BUDGET_WEEKS - sum(_PRICES[p.offer][1] for p in bought)
    if cents > left or weeks > weeks_left:
        raise CaseroomError(
            f"This costs ${cents / 100:,.0f} and {weeks} weeks, but ${left / 100:,.0f} and "
            f"{weeks_left} weeks are left.",
            allowed=f"up to ${left / 100:,.0f} and {weeks_left} weeks",
            next_step="decide with what you have.",
        )
    note = "The extract stays as it is; the report waits." if weeks else ""
    return Quote(cost_cents=cents, weeks=weeks, note=note)


def _slice_of(drawn: Drawn, purchase: Purchase) -> dict[str, str]:
    asked = str(purchase.params.get("slice", "all"))
    if purchase.offer != SAMPLE or asked == "all":
        return {}
    dimension, _, value = asked.partition("=")
    known = drawn.frame.roles.slices.get(dimension, {})
    if value not in known:
        raise CaseroomError(
            f"There is no slice {asked!r}.",
            allowed="all, or dimension=value of the table",
            next_step="take one of the values of the form.",
        )
    return {dimension: value}


def bought_tables(drawn: Drawn, purchases: tuple[Purchase, ...]) -> dict[str, pa.Table]:
    """Give the tables that purchases bring."""
    found: dict[str, pa.Table] = {}
    samples = [p for p in purchases if p.offer == SAMPLE]
    if any(p.offer == COUNTS for p in purchases):
        found["source_counts"] = _counts(drawn)
    if samples:
        parts = [_sample(drawn, p, at) for at, p in enumerate(samples)]
        found["source_sample"] = pa.concat_tables(parts)
    if any(p.offer == INTERVIEW for p in purchases):
        found["interview_notes"] = _interview(drawn)
    return found


def _counts(drawn: Drawn) -> pa.Table:
    """True counts by day and slice; in healthcare small cells are left empty."""
    counts, first = drawn.ground.counts, drawn.frame.sound_until + timedelta(days=1)
    small = SMALL_CELL if drawn.spec.vertical is Vertical.HEALTHCARE else 0
    rows = [
        {
            "day": day,
            "dimension": dimension or "all",
            "value": value or "all",
            "source_rows": n if n >= small else None,
        }
        for (dimension, value), days in sorted(counts.cells.items())
        for day, n in sorted(days.items())
        if day >= first
    ]
    schema = pa.schema(
        [
            ("day", pa.date32()),
            ("dimension", pa.string()),
            ("value", pa.string()),
            ("source_rows", pa.int64()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _sample(drawn: Drawn, purchase: Purchase, number: int) -> pa.Table:
    frame = drawn.frame
    since = frame.today - timedelta(days=_SAMPLE_DAYS)
    hit = in_scope(frame.table, Scope(slice=_slice_of(drawn, purchase), since=since))
    rows = frame.table.filter(pa.array(hit))
    order = np.argsort(draw(drawn.spec.seed, _PICK, row_numbers(rows), number), kind="stable")
    picked = rows.take(pa.array(np.sort(order[:_SAMPLE_ROWS])))
    return picked.select(sample_columns(frame, drawn.spec.vertical))


def sample_columns(frame: Frame, vertical: Vertical) -> list[str]:
    """Give the columns of a sample: all, or in healthcare keys, slices and measures only."""
    columns = [c.name for c in frame.survey.profile.columns]
    if vertical is not Vertical.HEALTHCARE:
        return columns
    needed = {frame.roles.moment, *frame.survey.key, *frame.roles.slices, *frame.roles.measures}
    return [column for column in columns if column in needed]


_SAYS = {
    types.REPEATED: "Since the new queue client I sometimes see the same events again for {place}.",
    types.MISSING: "One night the line of {place} was down. I thought the file came later.",
    types.UNIT: "{place} has a new export. They measure things their own way, I believe.",
    types.CLOCK: "The servers of {place} moved. I would look at the times.",
    types.PLACEHOLDER: "The people at {place} no longer have to fill in everything.",
    types.FAN_OUT: "Somebody merged names into {dim}. I did not check what that did.",
    types.LATE: "{place} sends in parts these days. The last part can take a while.",
    types.SWAP: "{place} changed the order of columns in the file; ours is by position.",
}


def _interview(drawn: Drawn) -> pa.Table:
    """What the engineer says of the main fault; one time in four it is about another slice."""
    frame, main = drawn.frame, drawn.plan.main
    place, dice = slice_words(main.slice), drawn.dice
    if dice.share("interview/mistaken") < _MISTAKEN:
        others = [
            cell
            for cell in drawn.ground.slices(least_daily=1)
            if dict([cell]) not in [dict(f.slice) for f in drawn.plan.faults]
        ]
        place = slice_words(dict([dice.pick("interview/slice", others)])) if others else place
    said = _SAYS[main.type].format(place=place, dim=frame.dim_name)
    around = changed_on(drawn, main) + timedelta(days=dice.whole("interview/day", -4, 4))
    around = min(around, frame.last)
    words = words_of(drawn.spec.vertical, frame.survey.source)
    return pa.table(
        {
            "who": [words.engineer] * 2,
            "topic": ["What changed lately", "When"],
            "said": [said, f"Around {around}, but I would not swear to the day."],
        }
    )


def delay_cents(drawn: Drawn, purchases: tuple[Purchase, ...]) -> int:
    """Give what purchases and waiting cost: their prices, and a held report for every week."""
    weeks = sum(_PRICES[p.offer][1] for p in purchases)
    return sum(_PRICES[p.offer][0] for p in purchases) + weeks * drawn.rates.hold_week
