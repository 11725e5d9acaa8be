"""Single faults that fit a table: a place, a slice, a start and a size for one type and role.

In: `Ground`, a type, a role and dice. Out: a `Proposal` that an ordinary check can find, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from math import log

import numpy as np

from caseroom.analysis.audit import expected_rows, natural_step
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.dice import Dice
from caseroom.case.kinds.data_audit.frame import CHANGED, LOADED, RECORD
from caseroom.case.kinds.data_audit.ground import Cell, Ground, audited_columns
from caseroom.case.kinds.data_audit.planting import Injector
from caseroom.vocabulary.levels import Level
from caseroom.world.faults import (
    ClockShift,
    LateRows,
    MissingRows,
    Placeholder,
    RepeatedKeys,
    RepeatedRows,
    Scope,
    SwappedColumns,
    UnitSwitch,
)

__all__ = ["Ask", "Proposal", "propose"]

_FACTORS: Mapping[str, tuple[float, ...]] = {
    "miles": (1.609344,),
    "minutes": (1 / 60, 60.0),
    "": (100.0, 0.01, 1000.0, 0.001, 12.0, 1 / 12, 60.0),
}
_NUMBER_DEFAULTS = (0.0, -1.0, 999.0, 9999.0, -999.0)
_TEXT_DEFAULTS = ("UNKNOWN", "N/A")
_DAY_DEFAULT = date(1900, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is wanted: role ("main", "second" or "minor"), level, and dice of this attempt."""

    role: str
    level: Level
    dice: Dice

    @property
    def is_minor(self) -> bool:
        """Whether the fault should move the report only a little."""
        return self.role == "minor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An injector with the places and the slice under which a finding counts as the same fault."""

    injector: Injector
    places: frozenset[str]
    slice: Mapping[str, str]


def propose(ground: Ground, kind: str, ask: Ask) -> Proposal | None:
    """Propose a fault of a type, or None where this attempt fits nothing."""
    return _PROPOSERS[kind](ground, ask)


def _slice(ground: Ground, ask: Ask, *, least: float, most: float = 0.6) -> Cell | None:
    """Draw a slice; the main fault prefers slices that hold at least 4% of the rows."""
    cells = ground.slices(least_daily=least, most_share=most)
    if not ask.is_minor:
        cells = tuple(c for c in cells if ground.share(c) >= 0.04)
    return ask.dice.pick("slice", cells) if cells else None


def _since(ground: Ground, ask: Ask, *, last: date | None = None) -> date:
    """Draw an onset from three days after the sound period to the first day of the week."""
    frame = ground.frame
    first = frame.sound_until + timedelta(days=3)
    latest = last or frame.week
    return first + timedelta(days=ask.dice.whole("since", 0, max(0, (latest - first).days)))


def _rows_place(ground: Ground, *columns: str) -> frozenset[str]:
    main = ground.frame.main
    return frozenset({main, *(f"{main}.{column}" for column in columns)})


def _repeated(ground: Ground, ask: Ask) -> Proposal | None:
    cell = _slice(ground, ask, least=12)
    if cell is None or (types.REPEATED, ground.frame.main) in ground.oddities:
        return None
    low, high = {
        Level.ASSOCIATE: (0.3, 0.8),
        Level.MID: (0.2, 0.6),
    }.get(ask.level, (0.15, 0.5))
    since, until = _since(ground, ask), None
    if ask.is_minor:
        since = _since(ground, ask, last=ground.frame.week - timedelta(days=5))
        until = since + timedelta(days=ask.dice.whole("length", 1, 3))
    share = ask.dice.share("share", low, high)
    days = ((until or ground.frame.last) - since).days + 1
    if ground.daily(cell) * days * share < 25:
        return None
    return Proposal(
        injector=RepeatedRows(
            scope=Scope(slice=dict([cell]), since=since, until=until),
            share=share,
            loaded=LOADED,
            seed=ask.dice.seed_of("rows"),
        ),
        places=_rows_place(ground, RECORD),
        slice=dict([cell]),
    )


def _missing(ground: Ground, ask: Ask) -> Proposal | None:
    frame = ground.frame
    cell = _slice(ground, ask, least=12, most=0.45)
    if cell is None or (types.MISSING, frame.main) in ground.oddities:
        return None
    first, last = frame.week, frame.last
    if ask.is_minor:
        first, last = frame.sound_until + timedelta(days=4), frame.week - timedelta(days=2)
    day = first + timedelta(days=ask.dice.whole("day", 0, max(0, (last - first).days)))
    there = ground.counts.at(cell, day)
    usual = expected_rows(ground.counts, cell, day)
    if there < 12 or abs(usual.value - there) > 0.1 * there or usual.n < 4:
        return None
    return Proposal(
        injector=MissingRows(scope=Scope(slice=dict([cell]), since=day, until=day)),
        places=_rows_place(ground, frame.roles.moment, LOADED),
        slice=dict([cell]),
    )


def _unit(ground: Ground, ask: Ask) -> Proposal | None:
    frame = ground.frame
    cell = _slice(ground, ask, least=10)
    column = ask.dice.pick("column", frame.roles.measures)
    if cell is None or (types.UNIT, f"{frame.main}.{column}") in ground.oddities:
        return None
    unit = frame.survey.source.units.get(column, "")
    factor = ask.dice.pick("factor", _FACTORS.get(unit, _FACTORS[""]))
    if abs(log(factor)) < _needed_step(ground, column, cell):
        return None
    if _own_step(ground, column, cell) > max(0.07, 0.08 * abs(log(factor))):
        return None
    return Proposal(
        injector=UnitSwitch(
            scope=Scope(slice=dict([cell]), since=_since(ground, ask)),
            column=column,
            factor=factor,
            decimals=2 if factor > 1 else 4,
        ),
        places=frozenset({f"{frame.main}.{column}"}),
        slice=dict([cell]),
    )


def _needed_step(ground: Ground, column: str, cell: Cell) -> float:
    """Give the step (log scale) that stands out three times from what the slice does anyway."""
    level = ground.levels.series.get((column, cell))
    if level is None or level.rows.mean() < 8:
        return float("inf")
    after = ground.levels.index(ground.frame.sound_until) + 1
    early = natural_step(ground.levels, column, cell, until=after)
    return max(0.42, 3 * early, 3 * _own_step(ground, column, cell))


def _own_step(ground: Ground, column: str, cell: Cell) -> float:
    """Give the largest step (log scale) that a slice makes by itself over the whole history."""
    return natural_step(ground.levels, column, cell, until=ground.levels.days)


def _clock(ground: Ground, ask: Ask) -> Proposal | None:
    frame = ground.frame
    cell = _slice(ground, ask, least=14)
    place = f"{frame.main}.{frame.roles.moment}"
    if not frame.roles.has_hours or cell is None or (types.CLOCK, place) in ground.oddities:
        return None
    low, high = {Level.ASSOCIATE: (4, 8), Level.MID: (3, 7)}.get(ask.level, (2, 6))
    hours = ask.dice.whole("hours", low, high) * ask.dice.pick("sign", (1, -1))
    before = ground.hours[cell] / ground.hours[cell].sum()
    if np.abs(np.roll(before, hours) - before).sum() / 2 < 0.4:
        return None
    return Proposal(
        injector=ClockShift(
            scope=Scope(slice=dict([cell]), since=_since(ground, ask)),
            column=frame.roles.moment,
            hours=hours,
        ),
        places=frozenset({place}),
        slice=dict([cell]),
    )


def _placeholder(ground: Ground, ask: Ask) -> Proposal | None:
    frame = ground.frame
    cell = _slice(ground, ask, least=12)
    columns = _default_columns(ground, ask)
    if cell is None or not columns:
        return None
    column = ask.dice.pick("column", columns)
    value = _default(ground, ask, column)
    share = ask.dice.share("share", *((0.08, 0.3) if ask.is_minor else (0.2, 0.6)))
    since = _since(ground, ask)
    rows = ground.daily(cell) * ((frame.last - since).days + 1) * share
    if value is None or rows < 40:
        return None
    return Proposal(
        injector=Placeholder(
            scope=Scope(slice=dict([cell]), since=since),
            column=column,
            value=value,
            share=share,
            seed=ask.dice.seed_of("rows"),
        ),
        places=frozenset({f"{frame.main}.{column}"}),
        slice=dict([cell]),
    )


def _default_columns(ground: Ground, ask: Ask) -> Sequence[str]:
    frame = ground.frame
    if not ask.is_minor:
        return frame.roles.measures
    columns = [
        c.name
        for c in audited_columns(frame)
        if c.name not in frame.survey.key and c.null_share < 0.5
    ]
    return [c for c in columns if (types.PLACEHOLDER, f"{frame.main}.{c}") not in ground.oddities]


def _default(ground: Ground, ask: Ask, column: str) -> float | str | date | None:
    """Draw a default that the column hardly ever holds in earnest."""
    profile = ground.frame.survey.profile.column(column)
    options: Sequence[float | str | date] = ()
    if profile.is_number:
        options = _NUMBER_DEFAULTS
    elif profile.is_moment:
        options = (_DAY_DEFAULT,)
    elif profile.is_text:
        options = _TEXT_DEFAULTS
    limit = 0.0002 * ground.frame.table.num_rows
    rare = [v for v in options if ground.usual_values.get((column, v), 0) <= limit]
    return ask.dice.pick("value", rare) if rare else None


def _fan_out(ground: Ground, ask: Ask) -> Proposal | None:
    frame = ground.frame
    sizes = frame.groups[frame.dim_key]
    known = set(frame.dim_table[frame.dim_key].to_pylist())
    values = [v for v in sorted(sizes) if v in known and ground.daily((frame.dim_key, v)) >= 1]
    if not ask.is_minor:
        values = [v for v in values if ground.share((frame.dim_key, v)) >= 0.04]
    if not values:
        return None
    count = min(len(values), ask.dice.whole("count", 1, 2 if ask.is_minor else 3))
    keys = tuple(sorted(ask.dice.shuffled("keys", values)[:count]))
    day = _since(ground, ask)
    written = datetime(day.year, day.month, day.day, ask.dice.whole("hour", 7, 18))
    name = frame.dim_name
    return Proposal(
        injector=RepeatedKeys(
            key=frame.dim_key, keys=keys, changed=CHANGED, written=written, respelled="name"
        ),
        places=frozenset({name, f"{name}.{frame.dim_key}"}),
        slice={frame.dim_key: keys[0]} if len(keys) == 1 else {},
    )


def _late(ground: Ground, ask: Ask) -> Proposal | None:
    frame = ground.frame
    cell = _slice(ground, ask, least=60)
    if cell is None:
        return None
    lags = (0.6, 0.25, 0.15) if ask.is_minor else (0.35, 0.25, 0.2, 0.2)
    if not ask.is_minor and ask.level is not Level.ASSOCIATE:
        lags = ask.dice.pick("lags", (lags, (0.45, 0.3, 0.25), (0.4, 0.25, 0.2, 0.15)))
    return Proposal(
        injector=LateRows(
            scope=Scope(slice=dict([cell])),
            lags=lags,
            loaded=LOADED,
            as_of=frame.as_of,
            seed=ask.dice.seed_of("rows"),
        ),
        places=_rows_place(ground, frame.roles.moment, LOADED),
        slice=dict([cell]),
    )


def _swap(ground: Ground, ask: Ask) -> Proposal | None:
    frame = ground.frame
    cell = _slice(ground, ask, least=10)
    pairs = list(combinations(frame.roles.positive, 2))
    if cell is None or not pairs:
        return None
    pair = ask.dice.pick("pair", pairs)
    if any((types.SWAP, f"{frame.main}.{column}") in ground.oddities for column in pair):
        return None
    if not _apart(ground, pair, cell):
        return None
    return Proposal(
        injector=SwappedColumns(
            scope=Scope(slice=dict([cell]), since=_since(ground, ask)), columns=pair
        ),
        places=frozenset(f"{frame.main}.{column}" for column in pair),
        slice=dict([cell]),
    )


def _apart(ground: Ground, pair: tuple[str, str], cell: Cell) -> bool:
    """Say whether the two columns differ by a factor that stands out from their own steps."""
    one, other = (ground.levels.series.get((column, cell)) for column in pair)
    if one is None or other is None:
        return False
    days = ground.levels.days
    distance = abs(one.between(0, days) - other.between(0, days))
    return distance >= max(log(1.8), *(_needed_step(ground, column, cell) for column in pair))


_PROPOSERS: dict[str, Callable[[Ground, Ask], Proposal | None]] = {
    types.REPEATED: _repeated,
    types.MISSING: _missing,
    types.UNIT: _unit,
    types.CLOCK: _clock,
    types.PLACEHOLDER: _placeholder,
    types.FAN_OUT: _fan_out,
    types.LATE: _late,
    types.SWAP: _swap,
}
