"""What a decision costs: the same faults, the same weeks, another action.

In: a drawn case and a submission. Out: a `Consequence` over 26 weekly reports. Later weeks are
taken to be like the report's week; nothing here is drawn at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from caseroom.case.contract import Consequence, Outcome
from caseroom.case.form import Decision, Finding, Interval, Submission
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.decisions import OPTION_IDS, OPTIONS
from caseroom.case.kinds.data_audit.rates import (
    CAP_POINTS,
    DRIFT,
    HORIZON_WEEKS,
    LABELED_SHARE,
    RIGHT_ENOUGH,
    Rates,
)
from caseroom.case.kinds.data_audit.states import Rule, States

__all__ = [
    "Answer",
    "Week",
    "answer_of",
    "best_choice",
    "consequence_of",
    "perfect_answer",
    "weeks_of",
]

Errors = Mapping[str, float]

MEASURES = {
    "reported": "The wrong number as published that week; 0 in weeks without a report",
    "true": "What the number should be (later weeks are taken to be like this one)",
    "error_percent": "Error of that number in the published report, in percent",
    "readers": "People who still use the report",
}
_LABELS = {option.id: option.label for option in OPTIONS}
_COVERING = frozenset(
    option.id for option in OPTIONS if any(param.id == "cover" for param in option.params)
)
_MOST_LEAVE = 0.04
_LEAVE_PER_POINT = 0.0008
_LEAVE_HELD = 0.005
_STAKE = 4
"""The stake is a quarter of what doing nothing costs beyond the best option."""

_LEAST_STAKE = 600_000
"""Cents that a stake has at least: less than one repair is no large regret."""


_NOTHING = 1e-6
"""Share of the true value below which a claimed report can't be scaled up to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a decision acts on: the option, the findings, the main fault, the number, its error."""

    option: str
    params: Mapping[str, str | float]
    findings: tuple[Finding, ...]
    main_fault: str
    number: str
    error: float

    @property
    def covered(self) -> tuple[Finding, ...]:
        """The findings that are repaired."""
        if self.params.get("cover") == "main":
            return tuple(f for f in self.findings if f.type == self.main_fault)
        return self.findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One weekly report under a decision: errors as published, cost in cents.

    `held` weeks have no report; `labeled` ones say that they are provisional.
    """

    errors: Errors
    cost: float
    held: bool = False
    labeled: bool = False


def answer_of(submission: Submission) -> Answer:
    """Read what a decision acts on from a submission; no decision is the same as publishing."""
    decision: Decision | None = submission.get("decision")
    interval: Interval | None = submission.get("error")
    findings: tuple[Finding, ...] = submission.get("findings") or ()
    return Answer(
        option=decision.option if decision else "publish",
        params=decision.params if decision else {},
        findings=tuple(f for f in findings if not f.original and f.confidence >= 0.5),
        main_fault=submission.get("main_fault") or "",
        number=submission.get("wrong_number") or "",
        error=interval.value if interval else 0.0,
    )


def perfect_answer(states: States, option: str, cover: str = "all") -> Answer:
    """Give the answer that knows everything, with this cover and the right days to wait."""
    plan = states.plan
    return Answer(
        option=option,
        params={"days": states.late_days, "scope": "as_found", "cover": cover},
        findings=tuple(
            Finding(
                type=fault.type,
                place=min(fault.places),
                slice=fault.slice,
                since=fault.since,
                size=fault.size,
            )
            for fault in plan.faults
        ),
        main_fault=plan.main.type,
        number=plan.wrong_number,
        error=plan.errors[plan.wrong_number],
    )


def weeks_of(states: States, rates: Rates, answer: Answer) -> tuple[tuple[Week, ...], float]:
    """Give the 26 weeks under an answer and what the action costs once, in cents."""
    return _ACTIONS[answer.option](_Desk(states=states, rates=rates, answer=answer))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    states: States
    rates: Rates
    answer: Answer

    @property
    def found(self) -> frozenset[str]:
        """Types of planted faults that are repaired at the source: their place was named."""
        return frozenset(
            fault.type
            for fault in self.states.plan.faults
            if any(f.type == fault.type and f.place in fault.places for f in self.answer.covered)
        )

    def silent(
        self, errors: Errors, *, first: bool, share: float = 1.0, extra: float = 0.0
    ) -> Week:
        """Give a published week; `share` of the errors' cost counts."""
        points = sum(min(abs(error), CAP_POINTS) for error in errors.values())
        times = self.rates.first_week if first else 1
        cost = points * self.rates.point_week * times * share + extra
        return Week(errors=errors, cost=cost, labeled=share < 1)

    def held(self) -> Week:
        """Give a week without a report."""
        return Week(errors={}, cost=self.rates.hold_week, held=True)

    def corrected(self, errors: Errors, *, first: bool) -> Errors:
        """Give the errors after a flat correction of one number by the claimed error.

        In later weeks at least a quarter of the number's error stays, as the error moves; a number
        that is right again is no longer corrected.
        """
        number = self.answer.number
        claimed = 1 + self.answer.error / 100
        if number not in errors or abs(claimed) < _NOTHING:
            return errors
        if not first and abs(errors[number]) < RIGHT_ENOUGH:
            return errors
        left = 100 * ((1 + errors[number] / 100) / claimed - 1)
        if not first and abs(left) < DRIFT * abs(errors[number]):
            left = DRIFT * errors[number]
        return {**errors, number: left}

    def labeled(self, *, first: bool) -> Week:
        """Give a published week with a labeled correction; without errors it needs none."""
        errors = self.states.errors(later=not first)
        if max(map(abs, errors.values())) < RIGHT_ENOUGH:
            return self.silent(errors, first=first)
        extra = 0.0 if first else float(self.rates.manual_week)
        corrected = self.corrected(errors, first=first)
        return self.silent(corrected, first=first, share=LABELED_SHARE, extra=extra)


def _weeks(first: Week, later: Sequence[Week]) -> tuple[Week, ...]:
    return (first, *later)[:HORIZON_WEEKS]


def _publish(desk: _Desk) -> tuple[tuple[Week, ...], float]:
    first = desk.silent(desk.states.errors(), first=True)
    later = desk.silent(desk.states.errors(later=True), first=False)
    return _weeks(first, [later] * (HORIZON_WEEKS - 1)), 0.0


def _publish_labeled(desk: _Desk) -> tuple[tuple[Week, ...], float]:
    later = [desk.labeled(first=False)] * (HORIZON_WEEKS - 1)
    return _weeks(desk.labeled(first=True), later), float(desk.rates.label)


def _label_and_fix(desk: _Desk) -> tuple[tuple[Week, ...], float]:
    rates = desk.rates
    fixed = desk.silent(desk.states.errors(fixed=desk.found, later=True), first=False)
    waiting = [desk.labeled(first=False)] * (rates.queue_weeks - 1)
    weeks = _weeks(desk.labeled(first=True), waiting + [fixed] * HORIZON_WEEKS)
    return weeks, float(rates.label + rates.queued_fix * len(desk.answer.covered))


def _hold_and_fix(desk: _Desk) -> tuple[tuple[Week, ...], float]:
    rates = desk.rates
    fixed = desk.silent(desk.states.errors(fixed=desk.found, later=True), first=False)
    waiting = [desk.held()] * (rates.hold_weeks - 1)
    weeks = _weeks(desk.held(), waiting + [fixed] * HORIZON_WEEKS)
    return weeks, float(rates.urgent_fix * len(desk.answer.covered))


def _patch(desk: _Desk) -> tuple[tuple[Week, ...], float]:
    everywhere = desk.answer.params.get("scope") == "everywhere"
    rules = tuple(
        Rule(finding, everywhere)
        for finding in _in_order(desk.answer.covered)
        if types.BY_ID[finding.type].cure == "rule"
    )
    upkeep = float(desk.rates.patch_week * len(rules))
    first = desk.silent(desk.states.errors(rules=rules), first=True, extra=upkeep)
    later = desk.silent(desk.states.errors(rules=rules, later=True), first=False, extra=upkeep)
    return _weeks(first, [later] * (HORIZON_WEEKS - 1)), float(desk.rates.patch * len(rules))


def _in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Undo faults in the reverse order of their making: rows, clock, defaults, units, columns."""
    order = (types.FAN_OUT, types.REPEATED, types.CLOCK, types.PLACEHOLDER, types.UNIT, types.SWAP)
    return sorted(findings, key=lambda f: order.index(f.type) if f.type in order else len(order))


def _wait(desk: _Desk) -> tuple[tuple[Week, ...], float]:
    days = int(desk.answer.params.get("days", 1))
    extra = float(desk.rates.wait_day_week * days)
    first = desk.silent(desk.states.errors(closed_days=days), first=True, extra=extra)
    later = desk.silent(desk.states.errors(closed_days=days, later=True), first=False, extra=extra)
    return _weeks(first, [later] * (HORIZON_WEEKS - 1)), 0.0


def _rebuild(desk: _Desk) -> tuple[tuple[Week, ...], float]:
    every = frozenset(fault.type for fault in desk.states.plan.faults)
    clean = desk.silent(desk.states.errors(fixed=every), first=False)
    waiting = [desk.held()] * (desk.rates.rebuild_weeks - 1)
    return _weeks(desk.held(), waiting + [clean] * HORIZON_WEEKS), float(desk.rates.rebuild)


def _quietly(desk: _Desk) -> tuple[tuple[Week, ...], float]:
    first = desk.silent(desk.corrected(desk.states.errors(), first=True), first=True)
    errors = desk.corrected(desk.states.errors(later=True), first=False)
    later = desk.silent(errors, first=False)
    return _weeks(first, [later] * (HORIZON_WEEKS - 1)), float(desk.rates.quiet)


_ACTIONS = {
    "publish": _publish,
    "publish_labeled": _publish_labeled,
    "label_and_fix": _label_and_fix,
    "hold_and_fix": _hold_and_fix,
    "patch_by_rule": _patch,
    "wait_for_close": _wait,
    "rebuild_all": _rebuild,
    "correct_quietly": _quietly,
}


def _value(weeks: Sequence[Week], once: float) -> int:
    return -round(sum(week.cost for week in weeks) + once)


def _readers(weeks: Sequence[Week], start: int) -> list[float]:
    """Readers after each week: silent errors drive them away, labeled ones half as much."""
    left, found = float(start), []
    for week in weeks:
        worst = max(map(abs, week.errors.values()), default=0.0)
        leave = _LEAVE_HELD if week.held else min(_MOST_LEAVE, _LEAVE_PER_POINT * worst)
        left *= 1 - (leave * LABELED_SHARE if week.labeled else leave)
        found.append(left)
    return found


def _outcome(
    label: str, option: str, weeks: Sequence[Week], once: float, states: States, rates: Rates
) -> Outcome:
    plan, start = states.plan, states.frame.week
    number, true = plan.wrong_number, plan.true[plan.wrong_number]
    readers = _readers(weeks, rates.readers)
    series: list[tuple[date, dict[str, float]]] = []
    for at, week in enumerate(weeks):
        error = week.errors.get(number, 0.0)
        series.append(
            (
                start + timedelta(weeks=at),
                {
                    "reported": 0.0 if week.held else true * (1 + error / 100),
                    "true": true,
                    "error_percent": 0.0 if week.held else error,
                    "readers": round(readers[at], 1),
                },
            )
        )
    return Outcome(
        label=label,
        option=option,
        value_cents=_value(weeks, once),
        customers=round(readers[-1]),
        series=tuple(series),
    )


def _best_of(option: str, states: States, rates: Rates) -> Outcome:
    """Give an option's outcome with all faults known and its better cover."""
    tried = [
        _outcome(
            _LABELS[option],
            option,
            *weeks_of(states, rates, perfect_answer(states, option, cover)),
            states,
            rates,
        )
        for cover in (("all", "main") if option in _COVERING else ("all",))
    ]
    return max(tried, key=lambda outcome: outcome.value_cents)


def best_choice(states: States, rates: Rates) -> tuple[str, str]:
    """Give the option and the cover that are worth most where all faults are known."""
    tried = [
        (_value(*weeks_of(states, rates, perfect_answer(states, option, cover))), option, cover)
        for option in OPTION_IDS
        for cover in ("all", "main")
    ]
    _, option, cover = max(tried, key=lambda entry: entry[0])
    return option, cover


def consequence_of(
    states: States, rates: Rates, submission: Submission, delay_cents: int
) -> Consequence:
    """Replay the chosen decision beside doing nothing and the best option."""
    outcomes = {option: _best_of(option, states, rates) for option in OPTION_IDS}
    best = max(outcomes.values(), key=lambda outcome: outcome.value_cents)
    nothing = outcomes["publish"]
    answer = answer_of(submission)
    chosen = _outcome(
        _LABELS[answer.option], answer.option, *weeks_of(states, rates, answer), states, rates
    )
    regret = max(0, best.value_cents - chosen.value_cents)
    return Consequence(
        chosen=chosen,
        nothing=nothing,
        best=best,
        values={option: outcome.value_cents for option, outcome in outcomes.items()},
        regret_cents=regret,
        regret_customers=max(0, best.customers - chosen.customers),
        stake_cents=max(_LEAST_STAKE, (best.value_cents - nothing.value_cents) // _STAKE),
        delay_cents=delay_cents,
        measures=MEASURES,
        sentences=_sentences(chosen, nothing, best, regret),
    )


def _sentences(chosen: Outcome, nothing: Outcome, best: Outcome, regret: int) -> tuple[str, ...]:
    def money(cents: int) -> str:
        return f"${abs(cents) / 100:,.0f}"

    return (
        f"Your decision ({chosen.label.lower()}) costs {money(chosen.value_cents)} over "
        f"{HORIZON_WEEKS} weeks, errors that stay in the report included.",
        f"Publishing as it stands would have cost {money(nothing.value_cents)}; the best option "
        f"({best.label.lower()}) costs {money(best.value_cents)}.",
        f"Regret: {money(regret)} and {max(0, best.customers - chosen.customers)} readers.",
    )
