"""Which faults a case has: one that moves the report, at senior one more that interacts, minors.

In: `Ground`, the report's numbers, level and dice. Out: a `Plan` whose main fault clearly matters
most, or a `CaseroomError` where fewer than three types fit the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.dice import Dice
from caseroom.case.kinds.data_audit.frame import Frame
from caseroom.case.kinds.data_audit.ground import Ground
from caseroom.case.kinds.data_audit.planting import (
    Injector,
    PlannedFault,
    Tables,
    measured,
    plant,
    type_of,
    week_tables,
)
from caseroom.case.kinds.data_audit.propose import Ask, Proposal, propose
from caseroom.case.kinds.data_audit.report import Number, errors_percent, report_values
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level
from caseroom.world.faults import (
    LateRows,
    MissingRows,
    Placeholder,
    SwappedColumns,
    UnitSwitch,
    plant_placeholder,
    undo_placeholder,
)

__all__ = ["Plan", "draw_plan", "week_errors"]

_ROUNDS = 6
_ATTEMPTS = 8
_LEAST_TYPES = 3
_BANDS: Mapping[Level, tuple[float, float]] = {
    Level.ASSOCIATE: (5.0, 150.0),
    Level.MID: (4.0, 120.0),
    Level.SENIOR: (3.0, 100.0),
    Level.LEAD: (3.0, 100.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The faults of a case and what they do to the report together.

    `errors` are in percent, by number; `wrong_number` has the largest one.
    """

    faults: tuple[PlannedFault, ...]
    true: Mapping[str, float]
    reported: Mapping[str, float]
    errors: Mapping[str, float]
    wrong_number: str

    @property
    def main(self) -> PlannedFault:
        """The fault that moves the wrong number most."""
        return next(fault for fault in self.faults if fault.role == "main")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Study:
    """What every step of planning needs."""

    ground: Ground
    numbers: Sequence[Number]
    week: Tables
    true: Mapping[str, float]
    level: Level

    def errors(self, injectors: Sequence[Injector]) -> dict[str, float]:
        return week_errors(self.ground.frame, self.numbers, self.week, injectors, self.true)


def week_errors(
    frame: Frame,
    numbers: Sequence[Number],
    week: Tables,
    injectors: Sequence[Injector],
    true: Mapping[str, float],
) -> dict[str, float]:
    """Give the error in percent of every number under these faults."""
    faulty, _ = plant(week, injectors)
    return errors_percent(report_values(frame, numbers, faulty.main, faulty.dim), true)


def draw_plan(ground: Ground, numbers: Sequence[Number], level: Level, dice: Dice) -> Plan:
    """Draw the faults of a case.

    Raises:
        CaseroomError: Where fewer than three types of fault fit the table.
    """
    week = week_tables(ground.frame)
    kinds = _fitting(ground, level, dice)
    true = report_values(ground.frame, numbers, week.main, week.dim)
    study = _Study(ground=ground, numbers=numbers, week=week, true=true, level=level)
    faults = _best_round(study, kinds, dice)
    if faults is None:
        raise _too_few(kinds)
    return _finish(study, faults)


def _best_round(study: _Study, kinds: Sequence[str], dice: Dice) -> list[PlannedFault] | None:
    """Give the first round that stands out clearly; every type gets some rounds as main fault."""
    best: tuple[float, list[PlannedFault]] | None = None
    for main in kinds:
        failed = 0
        for at in range(_ROUNDS):
            faults = _draw_round(study, main, kinds, _attempt(dice, "round", main, at))
            failed += faults is None
            if failed > 1:
                break
            if faults is None:
                continue
            margin = _margin(study, faults)
            if margin >= 1:
                return faults
            if best is None or margin > best[0]:
                best = (margin, faults)
    return best[1] if best else None


def _fitting(ground: Ground, level: Level, dice: Dice) -> list[str]:
    """Give the types of which at least one of 40 attempts fits, in a drawn order."""
    kinds = [
        kind.id
        for kind in types.PLANTED
        if any(
            propose(ground, kind.id, Ask(role=role, level=level, dice=_attempt(dice, "fit", at)))
            for at in range(20)
            for role in ("main", "minor")
        )
    ]
    if len(kinds) < _LEAST_TYPES:
        raise _too_few(kinds)
    return dice.shuffled("kinds", kinds)


def _too_few(kinds: Sequence[str]) -> CaseroomError:
    fitting = ", ".join(types.BY_ID[kind].label for kind in kinds) or "none"
    return CaseroomError(
        f"Too few kinds of fault fit this table (those that fit: {fitting}).",
        allowed="a table in which at least three kinds fit: enough rows a day in a slice, measures "
        "with a steady level, times of day, a column whose values repeat",
        next_step="give a larger extract with more columns, or leave out --data.",
    )


def _attempt(dice: Dice, *parts: object) -> Dice:
    return Dice(dice.seed_of("/".join(map(str, parts))))


def _draw_round(
    study: _Study, kind: str, kinds: Sequence[str], dice: Dice
) -> list[PlannedFault] | None:
    """Draw a main fault of this type and what goes with it, or None where nothing fits."""
    low, high = _BANDS[study.level]
    main = _first(
        study, [kind], "main", dice, [], lambda e: low <= _most(e) <= high and _lead(e) >= 1.15
    )
    if main is None:
        return None
    faults = [main]
    if study.level in (Level.SENIOR, Level.LEAD):
        others = [other for other in dice.shuffled("order", kinds) if other != kind]
        second = _second(study, others, main, dice)
        if second is None:
            return None
        faults.append(second)
    faults += _minors(study, kinds, faults, dice)
    return faults if len(faults) > 1 else None


def _second(
    study: _Study, kinds: Sequence[str], main: PlannedFault, dice: Dice
) -> PlannedFault | None:
    """Draw a fault that moves the main fault's number by 20% to 70% of what that one does."""
    top = _top(main.errors)
    size = abs(main.errors[top])
    return _first(
        study,
        kinds,
        "second",
        dice,
        [main],
        lambda e: 0.2 * size <= abs(e[top]) <= 0.7 * size and _most(e) <= size,
    )


def _minors(
    study: _Study, kinds: Sequence[str], faults: Sequence[PlannedFault], dice: Dice
) -> list[PlannedFault]:
    """Draw minor faults of types that are not taken yet."""
    low, high = {Level.ASSOCIATE: (1, 1), Level.MID: (2, 3)}.get(study.level, (1, 2))
    top = _top(faults[0].errors)
    size = abs(faults[0].errors[top])
    minors: list[PlannedFault] = []
    for at in range(dice.whole("minors", low, high)):
        taken = [*faults, *minors]
        used = {fault.type for fault in taken}
        minor = _first(
            study,
            [kind for kind in dice.shuffled(f"minor/{at}", kinds) if kind not in used],
            "minor",
            _attempt(dice, "minor", at),
            taken,
            lambda e: _most(e) <= 0.3 * size and abs(e[top]) <= 0.2 * size,
        )
        minors += [minor] if minor is not None else []
    return minors


def _most(errors: Mapping[str, float]) -> float:
    return max(abs(error) for error in errors.values())


def _lead(errors: Mapping[str, float]) -> float:
    """Give the largest error divided by the second largest one."""
    ranked = sorted((abs(error) for error in errors.values()), reverse=True)
    return ranked[0] / max(1e-9, ranked[1]) if len(ranked) > 1 else float("inf")


def _top(errors: Mapping[str, float]) -> str:
    return max(errors, key=lambda number: abs(errors[number]))


def _first(
    study: _Study,
    kinds: Sequence[str],
    role: str,
    dice: Dice,
    faults: Sequence[PlannedFault],
    accept: Callable[[Mapping[str, float]], bool],
) -> PlannedFault | None:
    """Give the first proposal of these types whose errors are accepted and that fits the rest."""
    for kind in kinds:
        for at in range(_ATTEMPTS):
            ask = Ask(role=role, level=study.level, dice=_attempt(dice, role, kind, at))
            proposal = propose(study.ground, kind, ask)
            if proposal is None or not _compatible(proposal, faults):
                continue
            errors = study.errors([proposal.injector])
            if accept(errors):
                return _planned(proposal, role, errors)
    return None


def _planned(proposal: Proposal, role: str, errors: Mapping[str, float]) -> PlannedFault:
    return PlannedFault(
        type=type_of(proposal.injector),
        injector=proposal.injector,
        places=proposal.places,
        slice=proposal.slice,
        role=role,
        errors=errors,
    )


def _compatible(proposal: Proposal, faults: Sequence[PlannedFault]) -> bool:
    """Keep faults apart that would hide or rewrite each other.

    A column is exchanged or rescaled at most once and an exchanged one gets no defaults; faults of
    rows and of the clock have slices of their own; no missing day lies in the days that are not
    complete yet.
    """
    new = proposal.injector
    for fault in faults:
        old = fault.injector
        if _columns(new) & _columns(old) and not _unit_and_default(new, old):
            return False
        if proposal.slice and proposal.slice == fault.slice:
            return False
        for one, other in ((new, old), (old, new)):
            if isinstance(one, MissingRows) and isinstance(other, LateRows):
                day = one.scope.until
                if day and day >= other.as_of.date() - timedelta(days=len(other.lags) + 1):
                    return False
    return True


def _columns(injector: Injector) -> set[str]:
    if isinstance(injector, SwappedColumns):
        return set(injector.columns)
    return {injector.column} if isinstance(injector, UnitSwitch | Placeholder) else set()


def _unit_and_default(one: Injector, other: Injector) -> bool:
    return {type(one), type(other)} == {UnitSwitch, Placeholder}


def _margin(study: _Study, faults: Sequence[PlannedFault]) -> float:
    """Give 1 or more where number and main fault stand out clearly, together and alone."""
    joint = study.errors([fault.injector for fault in faults])
    top = _top(joint)
    lead = _lead(joint) / 1.15
    large = abs(joint[top]) / max(2.0, _BANDS[study.level][0] * 0.6)
    alone = sorted((abs(fault.errors[top]) for fault in faults), reverse=True)
    ahead = alone[0] / max(1e-9, 1.3 * alone[1])
    leads = alone[0] == abs(faults[0].errors[top])
    if not leads or not _knowable(study, faults, top, joint[top]):
        return 0.1
    return min(lead, large, ahead)


def _knowable(study: _Study, faults: Sequence[PlannedFault], top: str, error: float) -> bool:
    """Say whether the true value can be worked out from what is there.

    Rows that nobody has seen may move a count, as their number can be estimated, but hardly a mean
    or a share; and leaving out rows that hold a default must not bend a mean by itself.
    """
    if abs(_left_by_blanking(study, faults)[top]) > max(0.3, 0.04 * abs(error)):
        return False
    counts = {number.id for number in study.numbers if number.is_count}
    unseen = [f.errors for f in faults if isinstance(f.injector, MissingRows | LateRows)]
    bent = sum(max((abs(e[k]) for k in e if k not in counts), default=0.0) for e in unseen)
    return bent <= max(0.5, (0.35 if top in counts else 0.15) * abs(error))


def _left_by_blanking(study: _Study, faults: Sequence[PlannedFault]) -> dict[str, float]:
    """Give the errors that remain where defaults are blanked: rows without a value are left out of
    a mean, which is right only where the slice is like the rest."""
    tables = study.week
    for fault in faults:
        if isinstance(fault.injector, Placeholder):
            scope, column, value = fault.injector.scope, fault.injector.column, fault.injector.value
            main = plant_placeholder(tables.main, fault.injector).table
            tables = replace(tables, main=undo_placeholder(main, scope, column, value))
    return errors_percent(
        report_values(study.ground.frame, study.numbers, tables.main, tables.dim), study.true
    )


def _finish(study: _Study, faults: Sequence[PlannedFault]) -> Plan:
    """Plant everything into the whole table and measure start and size as they came out."""
    frame = study.ground.frame
    injectors = [fault.injector for fault in faults]
    final, done = plant(Tables(main=frame.table, dim=frame.dim_table), injectors)
    sized = []
    for fault in faults:
        since, size = measured(fault.injector, done, final.main)
        sized.append(replace(fault, since=since, size=size))
    reported = report_values(frame, study.numbers, final.main, final.dim)
    errors = errors_percent(reported, study.true)
    return Plan(
        faults=tuple(sized),
        true=study.true,
        reported=reported,
        errors=errors,
        wrong_number=_top(errors),
    )
