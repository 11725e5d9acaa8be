"""What changed for good: every lasting change that could be a cause, with its place and week.

In: a `Bench`. Out: `Candidate`s, whatever their effect; data validity and tracking come first.
"""

from __future__ import annotations

from collections.abc import Iterable

from caseroom.analysis.estimate import Estimate
from caseroom.analysis.stepscan import Step, scan_steps
from caseroom.case.kinds.saas_churn import queries
from caseroom.case.kinds.saas_churn.bench import Bench, Candidate, Found, weekly
from caseroom.world.saas.blueprint import TODAY, Cause

__all__ = ["candidates", "check_data", "lost_event"]

_SCAN = range(52, TODAY - 5)
"""Weeks that may be the first of a new level."""

_SIGNAL = 15.0
"""Log likelihood ratio from which a lasting change is a signal: 26 x 5 splits are looked at."""

_SESSIONS_LOST = 0.93
"""Share of the usual part of session starts, below which a client version loses some."""

_MATERIAL_RISE = 0.05
_LIKELY = 2.0
"""Standard errors asked for where the change itself is large: a doubled response time, a price
that rose by more than a twentieth. Without an effect such changes would be a surprise."""


def check_data(bench: Bench) -> None:
    """Look at rows, keys, dates, duplicates, staff and robots before anything else."""
    bench.ask("Rows, keys and dates of the main tables", queries.checks(bench.today))
    bench.note("One row per account and per subscription; dates reach up to today.")
    rows = bench.ask("Duplicates, staff and robots", queries.duplicates(bench.today)).one()
    bench.note(
        f"{rows['sent_twice']:,} events were delivered twice, {rows['internal_accounts']} accounts "
        f"are staff and {rows['robots']} are robots: leave them out, count distinct."
    )
    bench.ask("Is a week of events missing?", queries.coverage(bench.today))
    bench.ask("The dashboard beside real endings", queries.kpi(bench.today))


def _lasting(steps: Iterable[Step], sign: int, *, least_change: float) -> list[Step]:
    """Keep lasting changes of the right sign that the other segments do not share."""
    return [
        step for step in steps if step.ratio > _SIGNAL and sign * step.own_change > least_change
    ]


def lost_event(bench: Bench) -> list[Found]:
    """Find a client that loses session starts: accounts that pay but look inactive."""
    rows = bench.ask("Pays, but had no session for four weeks", queries.paid_but_quiet(bench.today))
    steps = _lasting(scan_steps(weekly(rows, TODAY), _SCAN, +1), +1, least_change=0.5)
    if not steps:
        bench.note("Accounts that pay are seen in the log as before: tracking is whole.")
        return []
    week = _broken_client(bench, steps[0].segment)
    if week is None:
        bench.note("More accounts are quiet, but every client sends its session starts.")
        return []
    bench.note(
        f"On {steps[0].segment}, {steps[0].after:.0%} of paying accounts look inactive, "
        f"{steps[0].before:.1%} before: the client released on {bench.day(week)} loses session "
        "starts. They pay and work; churn did not change for them."
    )
    nothing = Estimate(
        value=0.0,
        low=-8.0,
        high=8.0,
        level=0.8,
        n=steps[0].n_after,
        unit="accounts",
        method="subscriptions against the log",
    )
    where = {"platform": steps[0].segment}
    return [Found(cause=Cause.LOST_EVENT, where=where, week=week, effect=nothing, z=99.0)]


def _broken_client(bench: Bench, platform: str) -> int | None:
    """Give the week of the first release with few session starts on a platform, if there is one."""
    rows = bench.ask("Which client lost its session events?", queries.session_share(bench.today))
    here = [row for row in rows if row["platform"] == platform and row["released_on"]]
    usual = max((float(row["session_share"]) for row in here), default=0.0)
    broken = [row for row in here if float(row["session_share"]) < _SESSIONS_LOST * usual]
    return min((bench.week(row["released_on"]) for row in broken), default=None)


def candidates(bench: Bench) -> list[Candidate]:
    """Give every lasting change, whatever its effect; one at most per kind, but for prices."""
    return [
        *_payments(bench),
        *_setup(bench),
        *_campaign(bench),
        *_mix(bench),
        *_service(bench),
        *_prices(bench),
    ]


def _payments(bench: Bench) -> list[Candidate]:
    rows = bench.ask("Invoices never collected", queries.failed_invoices(bench.today))
    steps = _lasting(scan_steps(weekly(rows, TODAY), _SCAN, +1), +1, least_change=0.5)
    return [
        Candidate(
            cause=Cause.FAILED_PAYMENTS,
            where={"region": step.segment},
            week=bench.logged("Payments", step.segment, step.week),
        )
        for step in steps[:1]
    ]


def _setup(bench: Bench) -> list[Candidate]:
    rows = bench.ask("Who connects a tool", queries.by_platform_connect(bench.today))
    steps = _lasting(scan_steps(weekly(rows, TODAY - 2), _SCAN, -1), -1, least_change=0.7)
    return [
        Candidate(
            cause=Cause.BROKEN_ONBOARDING,
            where={"platform": step.segment},
            week=bench.logged("Client", step.segment, step.week),
        )
        for step in steps[:1]
    ]


def _campaign(bench: Bench) -> list[Candidate]:
    rows = bench.ask("Who gets through the first steps", queries.first_steps(bench.today))
    steps = _lasting(scan_steps(weekly(rows, TODAY - 1), _SCAN, -1), -1, least_change=0.4)
    if not steps:
        return []
    channel = steps[0].segment
    begun = [
        bench.week(row["starts_on"])
        for row in bench.ask("Campaigns and when they began", queries.campaigns(bench.today))
        if row["channel"] == channel
    ]
    week = min(begun, key=lambda each: abs(each - steps[0].week), default=steps[0].week)
    return [Candidate(cause=Cause.LOW_INTENT_CAMPAIGN, where={"channel": channel}, week=week)]


def _mix(bench: Bench) -> list[Candidate]:
    rows = bench.ask("Where sign-ups come from", queries.channel_mix(bench.today))
    steps = _lasting(scan_steps(weekly(rows, TODAY), _SCAN, +1), +1, least_change=0.8)
    return [
        Candidate(
            cause=Cause.CHANNEL_MIX_SHIFT,
            where={"channel": step.segment},
            week=bench.logged("Marketing", step.segment, step.week),
        )
        for step in steps[:1]
    ]


def _service(bench: Bench) -> list[Candidate]:
    return [
        Candidate(
            cause=Cause.SLOW_SERVICE,
            where={"region": str(row["region"]), "size": "large"},
            week=bench.week(row["slow_since"]),
            z=_LIKELY,
        )
        for row in bench.ask("Response times", queries.latency(bench.today))
        if row["lately"] > 1.6 * row["usual"] and row["slow_since"] is not None
    ]


def _prices(bench: Bench) -> list[Candidate]:
    return [
        Candidate(
            cause=Cause.PRICE_RISE,
            where={"plan": str(row["plan"])},
            week=bench.week(row["valid_from"]),
            z=_LIKELY if row["rise"] > _MATERIAL_RISE else 3.0,
        )
        for row in bench.ask("Price changes", queries.price_list(bench.today))
        if row["rise"] > 0
    ]
