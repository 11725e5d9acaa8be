"""What each lasting change did to losses: hazards at equal age, all changes at once.

In: a `Bench` and `Candidate`s. Out: `Found` causes, those whose effect is beyond chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from caseroom.analysis.attribution import Attribution, Cell, Effect, attribute
from caseroom.analysis.estimate import Estimate
from caseroom.analysis.excess import Risk, excess_losses
from caseroom.case.kinds.saas_churn import queries
from caseroom.case.kinds.saas_churn.bench import JOINERS, Bench, Candidate, Found, weekly
from caseroom.vocabulary.rows import Rows
from caseroom.world.saas.blueprint import TODAY, Cause

__all__ = ["measure", "mix_shares"]

_APART = frozenset({Cause.FAILED_PAYMENTS, Cause.CHANNEL_MIX_SHIFT})
"""Causes with a comparison of their own: losses by reason, and channels at equal age."""


def measure(bench: Bench, found: Sequence[Candidate]) -> list[Found]:
    """Measure all candidates; keep those whose effect is large enough beside its error."""
    kept = [_payments(bench, each) for each in found if each.cause is Cause.FAILED_PAYMENTS]
    kept += [_mix(bench, each) for each in found if each.cause is Cause.CHANNEL_MIX_SHIFT]
    asked = {each.cause: each.z for each in found}
    kept = [item for item in kept if item.z >= asked[item.cause]]
    return [*kept, *_together(bench, [each for each in found if each.cause not in _APART])]


def _together(bench: Bench, found: list[Candidate]) -> list[Found]:
    """Fit cancellations with all changes at once; drop the weakest one until all hold."""
    while found:
        fit = _fit(bench, found)
        weakest = min(
            range(len(found)), key=lambda k: fit.effects[k].z - found[k].z, default=len(found)
        )
        if fit.effects[weakest].z >= found[weakest].z:
            return [_found(each, effect) for each, effect in zip(found, fit.effects, strict=True)]
        bench.note(
            f"{found[weakest].cause.value.replace('_', ' ')}, {found[weakest].inside}: no effect "
            f"beyond chance ({fit.effects[weakest].z:.1f} standard errors)."
        )
        found = [each for number, each in enumerate(found) if number != weakest]
    return []


def _fit(bench: Bench, found: Sequence[Candidate]) -> Attribution:
    reaches = [(each.inside, each.week, each.cause in JOINERS) for each in found]
    title = "Effect on cancellations at equal age: " + "; ".join(each.inside for each in found)
    rows = bench.ask(title, queries.risk_cells(bench.today, reaches))
    fit = attribute(_cells(rows, len(found)))
    bench.note("Lost since: " + "; ".join(each.losses.sentence() for each in fit.effects) + ".")
    return fit


def _cells(rows: Rows, causes: int) -> list[Cell]:
    return [
        Cell(
            stratum=(row["age_band"], *(bool(row[f"inside_{k}"]) for k in range(causes))),
            period=int(row["period"]),
            reached=tuple(bool(row[f"reached_{k}"]) for k in range(causes)),
            at_risk=float(row["at_risk"]),
            lost=float(row["lost"]),
        )
        for row in rows
    ]


def _found(each: Candidate, effect: Effect) -> Found:
    weeks = (TODAY - each.week) // 2 if each.cause in JOINERS else TODAY - each.week
    return Found(
        cause=each.cause,
        where=each.where,
        week=each.week,
        effect=_still_missing(effect.losses, effect.usual, weeks),
        z=effect.z,
        share=effect.share,
    )


def _risks(rows: Rows) -> list[Risk]:
    return [
        Risk(
            inside=bool(row["inside"]),
            after=bool(row["after_change"]),
            age=int(row["age_band"]),
            at_risk=float(row["at_risk"]),
            lost=float(row["lost"]),
        )
        for row in rows
    ]


def _payments(bench: Bench, each: Candidate) -> Found:
    """Invoices that fail: counted by the reason of the ending, so no other cause mixes in."""
    rows = bench.ask(
        f"Lost to failed payments: {each.inside}",
        queries.risk_table(bench.today, each.inside, each.week, reason="payment_failed"),
    )
    raw = excess_losses(_risks(rows))
    here = [row for row in rows if row["inside"] and row["after_change"]]
    usual = sum(float(row["cancelled"]) for row in here) / max(
        sum(float(row["at_risk"]) for row in here), 1.0
    )
    effect = _still_missing(raw, usual, TODAY - each.week)
    bench.note(f"Lost and still missing: {effect.sentence()}.")
    lost = sum(float(row["lost"]) for row in here)
    return Found(
        cause=each.cause,
        where=each.where,
        week=each.week,
        effect=effect,
        z=_z(raw),
        share=raw.value / max(lost, 1.0),
    )


def _mix(bench: Bench, each: Candidate) -> Found:
    """Losses that the extra sign-ups of a channel add, against the other channels' hazards."""
    channel, week = each.where["channel"], each.week
    rows = bench.ask(
        f"Do sign-ups from {channel} leave more, at equal age?",
        queries.mix_outcome(bench.today, channel, week),
    )
    here = [row for row in rows if row["inside"]]
    at_risk, lost = (sum(float(row[name]) for row in here) for name in ("at_risk", "lost"))
    expected = _at_others_hazards(rows)
    before, after = mix_shares(bench, channel, week)
    extra_share = max(0.0, 1 - before / max(after, 1e-9))
    value = (lost - expected) * extra_share
    error = extra_share * float(np.sqrt(lost + expected))
    bench.note(
        f"{channel}: {after:.0%} of sign-ups since {bench.day(week)}, {before:.0%} before; "
        f"{lost:.0f} left where {expected:.0f} would have at the others' hazards."
    )
    raw = Estimate(
        value=value,
        low=value - 1.2816 * error,
        high=value + 1.2816 * error,
        level=0.8,
        n=int(lost),
        unit="accounts",
        method="excess share of sign-ups times their excess losses at equal age",
        assumptions=("the extra sign-ups would have come through the other channels",),
    )
    effect = _still_missing(raw, expected / max(at_risk, 1.0), (TODAY - week) // 2)
    return Found(cause=each.cause, where=each.where, week=week, effect=effect, z=_z(raw))


def _at_others_hazards(rows: Rows) -> float:
    """Give the losses of a channel if it left as the others do at equal age."""
    hazards = {
        row["age_band"]: float(row["lost"]) / max(float(row["at_risk"]), 1.0)
        for row in rows
        if not row["inside"]
    }
    return sum(float(r["at_risk"]) * hazards.get(r["age_band"], 0.0) for r in rows if r["inside"])


def mix_shares(bench: Bench, channel: str, week: int) -> tuple[float, float]:
    """Give the share of sign-ups of a channel in the half year before a week, and since."""
    rows = bench.ask("Share of the channel", queries.channel_mix(bench.today))
    mix = weekly(rows, TODAY)[channel]
    first = max(week - 26, 0)
    before = mix.hits[first:week].sum() / max(mix.trials[first:week].sum(), 1)
    after = mix.hits[week:].sum() / max(mix.trials[week:].sum(), 1)
    return float(before), float(after)


def _z(effect: Estimate) -> float:
    return effect.value / max((effect.high - effect.low) / 2.563, 1e-9)


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
