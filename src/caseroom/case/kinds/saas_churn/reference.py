"""The reference solver: the right path, step by step, with nothing but what a candidate sees.

In: a `Desk`. Out: a raw submission. Data validity first; then, for every kind of cause, a signal
(did something change for good, where, when?) and a test of its effect on hazards at equal age,
largest effect first, each without the accounts that a cause already found explains.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from caseroom.analysis.estimate import Estimate
from caseroom.analysis.excess import Risk, excess_losses
from caseroom.analysis.stepscan import Step, Weekly, scan_steps
from caseroom.case.contract import Desk
from caseroom.case.kinds.saas_churn import queries
from caseroom.case.kinds.saas_churn.forecast import forecast
from caseroom.case.kinds.saas_churn.memo import write_memo
from caseroom.case.kinds.saas_churn.menu import COST_SHARE, CURE_PLACE, CURES, DIMENSIONS
from caseroom.case.kinds.saas_churn.process import read_process
from caseroom.case.kinds.saas_churn.words import Words, words_of
from caseroom.vocabulary.levels import Level
from caseroom.vocabulary.rows import Rows
from caseroom.world.saas.blueprint import TODAY, WEEKS, Cause

__all__ = ["Found", "investigate", "solve"]

_SCAN = range(52, TODAY - 5)
"""Weeks that may be the first of a new level."""

_SIGNAL = 15.0
"""Log likelihood ratio from which a lasting change is a signal: 26 x 5 splits are looked at."""

_EFFECT_Z = 3.0
"""Standard errors from which an effect on losses counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A cause with its place (world's words), first week, effect and worth of curing it."""

    cause: Cause
    where: Mapping[str, str]
    week: int
    effect: Estimate
    worth_cents: float

    @property
    def inside(self) -> str:
        """Give the segment as an SQL condition in the world's words."""
        names = {
            "plan": "plan = '{}'",
            "region": "region = '{}'",
            "platform": "platform = '{}'",
            "channel": "channel = '{}'",
        }
        parts = [names[key].format(value) for key, value in self.where.items() if key in names]
        return " AND ".join([*parts, *(["seats >= 20"] if "size" in self.where else [])])


class _Bench:
    """A desk with the case's words: asks in the world's words, runs in the vertical's."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.today: date = desk.brief.today
        self.words: Words = words_of(desk.vertical)

    def ask(self, title: str, query: str) -> Rows:
        return self.words.back(self.desk.sql(self.words.translate(query), title=title))

    def note(self, text: str) -> None:
        self.desk.note(text)

    def day(self, week: int) -> date:
        return self.today - timedelta(weeks=TODAY - int(week))

    def week(self, day: Any) -> int:
        plain = day if isinstance(day, date) else date.fromisoformat(str(day)[:10])
        return TODAY - (self.today - plain).days // 7


def _weekly(rows: Rows, length: int) -> dict[str, Weekly]:
    segments: dict[str, Weekly] = {}
    for row in rows:
        name = str(row["segment"])
        if name == "unknown":
            continue
        weekly = segments.setdefault(name, Weekly(hits=np.zeros(length), trials=np.zeros(length)))
        week = int(row["week"])
        if 0 <= week < length:
            weekly.hits[week] += float(row["hits"])
            weekly.trials[week] += float(row["trials"])
    return segments


def _signals(steps: Iterable[Step], sign: int, *, least_change: float) -> list[Step]:
    """Keep lasting changes of the right sign that the other segments do not share."""
    return [
        step for step in steps if step.ratio > _SIGNAL and sign * step.own_change > least_change
    ]


def _effect(
    bench: _Bench, title: str, inside: str, week: int, *, joiners: bool, reason: str, without: str
) -> Estimate:
    rows = bench.ask(
        title,
        queries.risk_table(
            bench.today, inside, week, joiners=joiners, reason=reason, without=without
        ),
    )
    effect = excess_losses(
        Risk(
            inside=bool(row["inside"]),
            after=bool(row["after_change"]),
            age=int(row["age_band"]),
            at_risk=float(row["at_risk"]),
            lost=float(row["lost"]),
        )
        for row in rows
    )
    at_risk = sum(float(r["at_risk"]) for r in rows if r["inside"] and r["after_change"])
    lost = sum(float(r["lost"]) for r in rows if r["inside"] and r["after_change"])
    weeks = (TODAY - week) // 2 if joiners else TODAY - week
    effect = _still_missing(effect, (lost - effect.value) / max(at_risk, 1.0), weeks)
    bench.note(f"Lost and still missing: {effect.sentence()}.")
    return effect


def _still_missing(effect: Estimate, usual: float, weeks: int) -> Estimate:
    """Leave out those who would have left by today anyway, at the usual weekly hazard."""
    exposure = max(usual, 0.0) * weeks
    share = (1 - math.exp(-exposure)) / exposure if exposure > 1e-9 else 1.0
    return replace(
        effect,
        value=effect.value * share,
        low=effect.low * share,
        high=effect.high * share,
        method=effect.method + ", less those who would have left anyway",
    )


def _z(effect: Estimate) -> float:
    return effect.value / max((effect.high - effect.low) / 2.563, 1e-9)


def _check_data(bench: _Bench) -> None:
    bench.ask("Rows, keys and dates of the main tables", queries.checks(bench.today))
    bench.note("One row per account and per subscription; dates reach up to today.")
    rows = bench.ask("Duplicates, staff and robots", queries.duplicates(bench.today)).one()
    bench.note(
        f"{rows['sent_twice']:,} events were delivered twice, {rows['internal_accounts']} accounts "
        f"are staff and {rows['robots']} are robots: leave them out, count distinct."
    )
    bench.ask("Is a week of events missing?", queries.coverage(bench.today))
    bench.ask("The dashboard beside real endings", queries.kpi(bench.today))


_PLATFORM_EFFECT = "Losses by platform of those who signed up before and after"


def _lost_event(bench: _Bench) -> list[Found]:
    rows = bench.ask("Pays, but had no session for four weeks", queries.paid_but_quiet(bench.today))
    steps = _signals(scan_steps(_weekly(rows, TODAY), _SCAN, +1), +1, least_change=0.5)
    if not steps:
        bench.note("Accounts that pay are seen in the log as before: tracking is whole.")
        return []
    shares = bench.ask("Which client lost its session events?", queries.session_share(bench.today))
    here = [row for row in shares if row["platform"] == steps[0].segment and row["released_on"]]
    usual = max((float(row["session_share"]) for row in here), default=0.0)
    broken = [row for row in here if float(row["session_share"]) < 0.93 * usual]
    week = min((bench.week(row["released_on"]) for row in broken), default=steps[0].week - 4)
    bench.note(
        f"On {steps[0].segment}, {steps[0].after:.0%} of paying accounts look inactive, "
        f"{steps[0].before:.1%} before: the client released on {bench.day(week)} loses session "
        "starts. They pay and work; churn did not change for them."
    )
    money = bench.ask("What the mistaken credits cost", queries.credits(bench.today)).one()
    extra = float(money["lately_cents_a_week"] or 0) - float(money["before_cents_a_week"] or 0)
    nothing = Estimate(
        value=0.0,
        low=-8.0,
        high=8.0,
        level=0.8,
        n=steps[0].n_after,
        unit="accounts",
        method="subscriptions against the log",
    )
    return [
        Found(
            cause=Cause.LOST_EVENT,
            where={"platform": steps[0].segment},
            week=week,
            effect=nothing,
            worth_cents=extra * (WEEKS - TODAY - 5 + 26),
        )
    ]


def _candidates(bench: _Bench) -> list[tuple[Cause, dict[str, str], int]]:
    """Give (cause, place, week) wherever a lasting change is seen, whatever its effect."""
    today = bench.today
    found: list[tuple[Cause, dict[str, str], int]] = []
    unpaid = _weekly(bench.ask("Invoices never collected", queries.failed_invoices(today)), TODAY)
    for step in _signals(scan_steps(unpaid, _SCAN, +1), +1, least_change=0.5)[:1]:
        found.append((Cause.FAILED_PAYMENTS, {"region": step.segment}, step.week))
    connect = bench.ask("Who connects a tool", queries.by_platform_connect(today))
    weekly = _weekly(connect, TODAY - 2)
    for step in _signals(scan_steps(weekly, _SCAN, -1), -1, least_change=0.7)[:1]:
        found.append((Cause.BROKEN_ONBOARDING, {"platform": step.segment}, step.week))
    first = _weekly(
        bench.ask("Who gets through the first steps", queries.first_steps(today)), TODAY - 1
    )
    for step in _signals(scan_steps(first, _SCAN, -1), -1, least_change=0.4)[:1]:
        found.append((Cause.LOW_INTENT_CAMPAIGN, {"channel": step.segment}, step.week))
    mix = _weekly(bench.ask("Where sign-ups come from", queries.channel_mix(today)), TODAY)
    for step in _signals(scan_steps(mix, _SCAN, +1), +1, least_change=0.8)[:1]:
        found.append((Cause.CHANNEL_MIX_SHIFT, {"channel": step.segment}, step.week))
    for row in bench.ask("Response times", queries.latency(today)):
        if row["lately"] > 1.6 * row["usual"] and row["slow_since"] is not None:
            where = {"region": str(row["region"]), "size": "large"}
            found.append((Cause.SLOW_SERVICE, where, bench.week(row["slow_since"])))
    for row in bench.ask("Price changes", queries.price_list(today)):
        if row["rise"] > 0:
            found.append(
                (Cause.PRICE_RISE, {"plan": str(row["plan"])}, bench.week(row["valid_from"]))
            )
    return found


_INVOLUNTARY = Cause.FAILED_PAYMENTS
"""Its losses are counted apart (by reason), so nobody has to be left out for it."""

_MODEL_SHARE = 0.12
"""Standard deviation, as a share, of what age and comparison group do not standardize away."""

_JOINERS = {Cause.BROKEN_ONBOARDING, Cause.LOW_INTENT_CAMPAIGN}


def _measure(bench: _Bench, cause: Cause, where: dict[str, str], week: int, without: str) -> Found:
    probe = Found(cause=cause, where=where, week=week, effect=_NONE, worth_cents=0.0)
    if cause is Cause.CHANNEL_MIX_SHIFT:
        effect = _mix_effect(bench, where["channel"], week)
    else:
        effect = _effect(
            bench,
            f"Effect on losses: {cause.value.replace('_', ' ')}, {probe.inside}",
            probe.inside,
            week,
            joiners=cause in _JOINERS,
            reason="payment_failed" if cause is Cause.FAILED_PAYMENTS else "cancelled",
            without=without,
        )
    standing = bench.ask("Who pays what there", queries.standing(bench.today, probe.inside, week))
    now = standing.one()
    worth = _worth(effect, week, float(now["fee_inside_cents"] or 0), cause)
    if cause is Cause.LOW_INTENT_CAMPAIGN:
        worth += _campaign_cost(bench, where["channel"])
    if cause is Cause.PRICE_RISE:
        worth -= _price_income(bench, where["plan"])
    price = COST_SHARE[CURES[cause]] * float(now["fees_cents"])
    return Found(cause=cause, where=where, week=week, effect=effect, worth_cents=worth - price)


def _worth(effect: Estimate, week: int, fee_cents: float, cause: Cause) -> float:
    """Value losses that stop: fees over the rest of the window plus half a year after it.

    Losses that stop in week k of 34 bring the fees of (34 - k) + 26 weeks; causes that reach
    sign-ups alone take about half the window to build up.
    """
    weeks_of_fees = sum(WEEKS - TODAY - k + 26 for k in range(WEEKS - TODAY))
    share = 0.5 if cause in _JOINERS or cause is Cause.CHANNEL_MIX_SHIFT else 1.0
    return effect.value / max(TODAY - week, 1) * fee_cents * 12 / 52 * weeks_of_fees * share


def _campaign_cost(bench: _Bench, channel: str) -> float:
    """Give what the campaign would pay out until the end of the window, in cents."""
    rows = bench.ask(
        "What the campaign pays out", queries.campaign_cost(bench.today, channel)
    ).one()
    return float(rows["cents_a_week"] or 0) * (WEEKS - TODAY)


_NONE = Estimate(value=0, low=0, high=0, level=0.8, n=0, unit="accounts", method="none")


def _price_income(bench: _Bench, plan: str) -> float:
    """Give what the higher price brings in over the window and half a year after it, in cents."""
    rows = bench.ask("What the new price brings in", queries.price_income(bench.today, plan)).one()
    return float(rows["cents_a_month"] or 0) * 12 / 52 * (WEEKS - TODAY + 26)


def _mix_effect(bench: _Bench, channel: str, week: int) -> Estimate:
    """Losses that the extra sign-ups of a channel add, against the other channels' hazards."""
    rows = list(
        bench.ask(
            f"Do sign-ups from {channel} leave more, at equal age?",
            queries.mix_outcome(bench.today, channel, week),
        )
    )
    lost = sum(float(r["lost"]) for r in rows if r["inside"])
    expected = 0.0
    for row in rows:
        if row["inside"]:
            other = [r for r in rows if not r["inside"] and r["age_band"] == row["age_band"]]
            expected += float(row["at_risk"]) * float(other[0]["lost"]) / float(other[0]["at_risk"])
    mix = _weekly(bench.ask("Share of the channel", queries.channel_mix(bench.today)), TODAY)[
        channel
    ]
    before = mix.hits[52:week].sum() / max(mix.trials[52:week].sum(), 1)
    after = mix.hits[week:].sum() / max(mix.trials[week:].sum(), 1)
    extra_share = max(0.0, 1 - before / max(after, 1e-9))
    value = (lost - expected) * extra_share
    error = extra_share * float(np.sqrt(lost + expected))
    bench.note(
        f"{channel}: {after:.0%} of sign-ups since {bench.day(week)}, {before:.0%} before; "
        f"{lost:.0f} left where {expected:.0f} would have at the others' hazards."
    )
    at_risk = sum(float(r["at_risk"]) for r in rows if r["inside"])
    estimate = Estimate(
        value=value,
        low=value - 1.2816 * error,
        high=value + 1.2816 * error,
        level=0.8,
        n=int(lost),
        unit="accounts",
        method="excess share of sign-ups times their excess losses at equal age",
        assumptions=("the extra sign-ups would have come through the other channels",),
    )
    return _still_missing(estimate, expected / max(at_risk, 1.0), (TODAY - week) // 2)


def investigate(desk: Desk) -> list[Found]:
    """Find the causes, the most harmful first (by what curing it is worth)."""
    bench = _Bench(desk)
    _check_data(bench)
    tracking = _lost_event(bench)
    open_cases = _candidates(bench)
    found: list[Found] = []
    while open_cases:
        without = " OR ".join(f"({f.inside})" for f in found if f.cause is not _INVOLUNTARY)
        measured = [
            _measure(bench, cause, where, week, without or "FALSE")
            for cause, where, week in open_cases
        ]
        best = max(measured, key=lambda m: _z(m.effect))
        if _z(best.effect) < _EFFECT_Z:
            break
        found.append(best)
        open_cases = [case for case in open_cases if case[0] is not best.cause]
    ranked = sorted(found, key=lambda f: -f.effect.value)
    return [*ranked, *tracking] if ranked else tracking


def solve(desk: Desk) -> Mapping[str, Any]:
    """Investigate and fill in the form."""
    bench = _Bench(desk)
    words = bench.words
    found = investigate(desk)
    most = 1 if desk.level in (Level.ASSOCIATE, Level.MID) else 2
    found = found[:most] if found else []
    return _answer(bench, words, found)


def _answer(bench: _Bench, words: Words, found: list[Found]) -> Mapping[str, Any]:
    causes = {cause.value: 0.03 for cause in Cause} | {"something_else": 0.03}
    for item in found:
        causes[item.cause.value] = 0.95
    if not found:
        return {"causes": causes, "memo": "I found no cause that the data support."}
    first = found[0]
    segment = dict.fromkeys(DIMENSIONS, "all")
    for name, value in first.where.items():
        segment[name] = "20_plus" if name == "size" else words.value(name, value)
    total = sum(item.effect.value for item in found)
    noise = float(np.sqrt(sum((item.effect.high - item.effect.low) ** 2 for item in found))) / 2
    error = math.hypot(noise, 1.2816 * _MODEL_SHARE * total)
    decision = _decision(words, max(found, key=lambda item: item.worth_cents))
    outlook = forecast(bench.ask, bench.today, found, decision["option"])
    return {
        "causes": causes,
        "segment": segment,
        "onset": bench.day(first.week).isoformat(),
        "effect": {
            "value": round(max(total, 0.0)),
            "low": round(max(total, 0.0) - error),
            "high": round(max(total, 0.0) + error),
        },
        "decision": decision,
        "forecast": {
            "value": round(outlook.value),
            "low": round(outlook.low),
            "high": round(outlook.high),
        },
        **_process(bench, first.cause),
        **write_memo(bench.desk.brief, words, found, decision, outlook),
    }


def _process(bench: _Bench, cause: Cause) -> Mapping[str, str]:
    if bench.desk.level is not Level.LEAD:
        return {}
    return {"process": read_process(bench.ask, cause)}


def _decision(words: Words, item: Found) -> dict[str, Any]:
    option = CURES[item.cause]
    if option == "redesign_onboarding":
        return {"option": option, "params": {"platform": "all"}}
    place = CURE_PLACE.get(option)
    params = {place: words.value(place, item.where[place])} if place else {}
    return {"option": option, "params": params}
