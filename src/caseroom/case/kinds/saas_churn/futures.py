"""What each cure is worth: the reached accounts run forward week by week, cured and not cured.

In: a `Bench`, found causes. Out: a `Cure` per cause: money by the value rule of the brief, and
accounts that pay at the end. Ages, hazards, fees and sign-ups are those of the company's tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from caseroom.case.kinds.saas_churn import queries
from caseroom.case.kinds.saas_churn.bench import Bench, Found
from caseroom.case.kinds.saas_churn.effects import mix_shares
from caseroom.case.kinds.saas_churn.flows import AGES, WINDOW, Company, Floats, Flow, paying, read
from caseroom.case.kinds.saas_churn.menu import COST_SHARE, CURES, start_weeks
from caseroom.world.saas.blueprint import Cause
from caseroom.world.saas.value import FREE_WEEKS, SIGNUP_COST

__all__ = ["Cure", "cure"]

_TAIL_WEEKS = 26
"""Weeks of the last fees that the value rule adds (the brief says so)."""
_RECOVERED = 0.75
"""Part of the failed payments that smart retries save."""
_STAYS = 0.5
"""Part of a campaign's sign-ups that come without it (the menu says so)."""
_IDLE = 4
"""Weeks of silence after which the dashboard counts an account as inactive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """What curing a cause brings: cents by the value rule, accounts that pay at the end."""

    found: Found
    option: str
    worth_cents: float
    kept: float


def _from(start: int, before: Floats, after: Floats) -> Floats:
    """Give hazards (weeks, ages) that change in week `start` of the window."""
    return np.where(np.arange(WINDOW)[:, None] < start, before[None, :], after[None, :])


def _money(accounts: Floats, fee_cents: float) -> float:
    """Value a weekly series of accounts: fees of the window and of half a year after it."""
    return fee_cents * 12 / 52 * float(accounts.sum() + _TAIL_WEEKS * accounts[-1])


def cure(bench: Bench, company: Company, found: Found) -> Cure:
    """Say what curing a cause brings, by the option that cures it."""
    option = CURES[found.cause]
    start = start_weeks(option, bench.words)
    worth, kept = _GAINS[found.cause](bench, company, found, start)
    fees = company.everybody.fee_cents * float(company.everybody.stock.sum())
    bench.note(
        f"{option.replace('_', ' ')} would bring ${(worth - COST_SHARE[option] * fees) / 100:,.0f} "
        f"and {kept:+,.0f} {bench.words.nouns['accounts']} at the end."
    )
    return Cure(
        found=found, option=option, worth_cents=worth - COST_SHARE[option] * fees, kept=kept
    )


def _gain(company: Company, flow: Flow, start: int, cured: Floats) -> tuple[Floats, Floats]:
    """Give who pays by week without and with a cure that reaches everybody in a segment."""
    arrivals = company.joins(flow)
    without = paying(flow.stock, arrivals, _from(WINDOW, flow.hazard, cured)).sum(axis=1)
    cured_series = paying(flow.stock, arrivals, _from(start, flow.hazard, cured)).sum(axis=1)
    return without, cured_series


def _cancels_less(flow: Flow, share: float) -> Floats:
    return flow.hazard - (flow.hazard - flow.unpaid) * min(max(share, 0.0), 1.0)


def _of_service(bench: Bench, company: Company, found: Found, start: int) -> tuple[float, float]:
    flow = read(bench, found.inside, found.week, company.everybody)
    without, cured = _gain(company, flow, start, _cancels_less(flow, found.share))
    return _money(cured - without, flow.fee_cents), float(cured[-1] - without[-1])


def _of_price(bench: Bench, company: Company, found: Found, start: int) -> tuple[float, float]:
    """A price taken back keeps accounts and gives up the higher fee of all who stay."""
    flow = read(bench, found.inside, found.week, company.everybody)
    rise = max(
        float(row["rise"])
        for row in bench.ask("Price changes", queries.price_list(bench.today))
        if row["plan"] == found.where["plan"]
    )
    without, cured = _gain(company, flow, start, _cancels_less(flow, found.share))
    level = np.where(np.arange(WINDOW) < start, 1 + rise, 1.0)
    return (
        _money(cured * level - without * (1 + rise), flow.fee_cents),
        float(cured[-1] - without[-1]),
    )


def _of_payments(bench: Bench, company: Company, found: Found, start: int) -> tuple[float, float]:
    """Retries recover payments everywhere, most where most fail."""
    worth = kept = 0.0
    for inside in (found.inside, f"NOT ({found.inside})"):
        flow = read(bench, inside, found.week, company.everybody)
        without, cured = _gain(company, flow, start, flow.hazard - _RECOVERED * flow.unpaid)
        worth += _money(cured - without, flow.fee_cents)
        kept += float(cured[-1] - without[-1])
    return worth, kept


def _joined_from(start: int, arrivals: Floats) -> Floats:
    return np.where(np.arange(WINDOW) < start, 0.0, arrivals)


def _new(arrivals: Floats, hazard: Floats) -> Floats:
    """Run arrivals forward at one hazard by age; who pays by week and age."""
    return paying(np.zeros(AGES), arrivals, np.tile(hazard, (WINDOW, 1)))


def _of_setup(bench: Bench, company: Company, found: Found, start: int) -> tuple[float, float]:
    """Leading new sign-ups through the step brings back what it kept before it broke."""
    usual = read(bench, f"{found.inside} AND joined < {found.week}", 0, company.everybody)
    here = read(bench, f"{found.inside} AND joined >= {found.week}", found.week)
    share = min(max(found.share, 0.0), 0.95)
    arrivals = _joined_from(start, company.joins(here))
    cured = _new(arrivals, usual.hazard).sum(axis=1)
    broken = _new(arrivals, usual.hazard / (1 - share)).sum(axis=1)
    return _money(cured - broken, company.everybody.fee_cents), float(cured[-1] - broken[-1])


def _of_campaign(bench: Bench, company: Company, found: Found, start: int) -> tuple[float, float]:
    """Half of a campaign's people stay away, half come as the others of the channel do."""
    channel = found.where["channel"]
    usual = read(bench, f"{found.inside} AND campaign IS NULL", 0, company.everybody)
    drawn = f"{found.inside} AND campaign IS NOT NULL AND joined >= {found.week}"
    lured = read(bench, drawn, found.week)
    seen = lured.hazard[0:13].sum() / max(usual.hazard[0:13].sum(), 1e-9)
    arrivals = _joined_from(start, company.joins(lured))
    with_it = _new(arrivals, usual.hazard * max(float(seen), 1.0))
    without = _new(_STAYS * arrivals, usual.hazard)
    pays_for = with_it.copy()
    pays_for[:, :FREE_WEEKS] = 0.0
    fees = _money(without.sum(axis=1) - pays_for.sum(axis=1), company.everybody.fee_cents)
    costs = bench.ask(
        "What a sign-up of the campaign costs", queries.campaign_cost(bench.today, channel)
    )
    each = float(costs.one()["cents_a_signup"] or 0)
    saved = float(arrivals.sum()) * (each + (1 - _STAYS) * SIGNUP_COST[channel])
    return fees + saved, float(without.sum(axis=1)[-1] - with_it.sum(axis=1)[-1])


def _of_mix(bench: Bench, company: Company, found: Found, start: int) -> tuple[float, float]:
    """The extra sign-ups of a channel would come through the others, and leave as they do."""
    channel = found.where["channel"]
    before, after = mix_shares(bench, channel, found.week)
    other = read(bench, f"NOT ({found.inside})", 0, company.everybody)
    own = read(bench, found.inside, 0, company.everybody)
    moved = _joined_from(start, company.joining * max(after - before, 0.0))
    kept = _new(moved, other.hazard).sum(axis=1) - _new(moved, own.hazard).sum(axis=1)
    shares = {
        str(row["channel"]): float(row["joined"])
        for row in bench.ask("Channels before", queries.channels_before(bench.today, found.week))
    }
    total = sum(shares.values())
    usual_cost = sum(SIGNUP_COST[name] * joined / total for name, joined in shares.items())
    saved = float(moved.sum()) * (SIGNUP_COST[channel] - usual_cost)
    return _money(kept, company.everybody.fee_cents) + saved, float(kept[-1])


def _of_tracking(bench: Bench, company: Company, found: Found, start: int) -> tuple[float, float]:
    """The mistaken credits: what the platform got beyond the growth of the other platforms."""
    rows = list(bench.ask("What the mistaken credits cost", queries.credits(bench.today)))
    here = [row for row in rows if row["platform"] == found.where["platform"]]
    rest = [row for row in rows if row["platform"] != found.where["platform"]]

    def total(some: Sequence[Mapping[str, Any]], name: str) -> float:
        return sum(float(row[name]) for row in some)

    growth = total(rest, "lately_cents_a_week") / max(total(rest, "before_cents_a_week"), 1.0)
    extra = total(here, "lately_cents_a_week") - growth * total(here, "before_cents_a_week")
    return max(extra, 0.0) * (WINDOW - start - _IDLE + _TAIL_WEEKS), 0.0


_GAINS = {
    Cause.BROKEN_ONBOARDING: _of_setup,
    Cause.LOW_INTENT_CAMPAIGN: _of_campaign,
    Cause.PRICE_RISE: _of_price,
    Cause.CHANNEL_MIX_SHIFT: _of_mix,
    Cause.LOST_EVENT: _of_tracking,
    Cause.SLOW_SERVICE: _of_service,
    Cause.FAILED_PAYMENTS: _of_payments,
}
