"""The audit itself: one check after the other, each on rows that earlier findings have repaired.

In: a desk. Out: what was found, by ordinary queries only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from caseroom.analysis.audit import (
    Relation,
    Signal,
    Span,
    TableProfile,
    count_days,
    equals,
    find_default_spikes,
    find_duplicates,
    find_fan_out,
    find_hour_shift,
    find_keys,
    find_late,
    find_missing_days,
    find_swaps,
    find_unit_steps,
    guess_roles,
    literal,
    looks_like_id,
    name,
    profile_table,
    value_counts,
)
from caseroom.case.contract import Desk, Purchase
from caseroom.case.form import FindingsField
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.repairs import Found, View, repaired

__all__ = ["Inspection", "inspect", "look_around"]

_HISTORY_WEEKS = 12
_RECORD, _LOADED, _CHANGED = "record_id", "loaded_at", "changed_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """The tables as a candidate sees them, and the faults that were found."""

    view: View
    profile: TableProfile
    groups: Mapping[str, Mapping[str, int]]
    measures: tuple[str, ...]
    positive: tuple[str, ...]
    found: tuple[Found, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Types that were found so far."""
        return tuple(fault.type for fault in self.found)

    def relation(self) -> Relation:
        """Give the rows with everything repaired that was found so far."""
        return Relation(
            sql=repaired(self.view, self.found, self.kinds),
            day=name(self.view.moment),
            slices=self.view.slices,
        )

    def adding(self, *faults: Found) -> Inspection:
        """Give the inspection with more findings."""
        return replace(self, found=(*self.found, *faults))

    def span(self) -> Span:
        """Give the calendar that the checks take."""
        view = self.view
        return Span(since=view.since, sound_until=view.sound_until, until=view.until)


def look_around(desk: Desk) -> Inspection:
    """Read names from the form, then profile the table, its groups and its key."""
    field = desk.form.field("findings")
    if not isinstance(field, FindingsField):
        raise TypeError("the form of a data-audit case asks for findings")
    places = [choice.id for choice in field.places]
    tables = [place for place in places if "." not in place]
    profile = profile_table(desk.sql, tables[0])
    desk.note(f"{profile.rows:,} rows in {tables[0]}.")
    slices = tuple(field.slices)
    groups = value_counts(desk.sql, tables[0], slices)
    definition = desk.sql("SELECT * FROM report_definition", title="How is each number computed?")
    moment = next(iter(definition))["day_column"]
    roles = guess_roles(profile, profile.column(moment), groups, most_slices=len(slices))
    sound = field.first - timedelta(days=1)
    low = profile.column(moment).low
    first = low.date() if hasattr(low, "date") else low
    view = View(
        main=tables[0],
        dim=tables[1],
        dim_key=next(p.split(".")[1] for p in places if p.startswith(f"{tables[1]}.")),
        moment=moment,
        key=(),
        record=_RECORD,
        loaded=_LOADED,
        slices=slices,
        since=max(first, sound - timedelta(weeks=_HISTORY_WEEKS)),
        sound_until=sound,
        until=field.last,
        today=desk.brief.today,
        has_hours=profile.column(moment).hours > 6,
    )
    audit = Inspection(
        view=view, profile=profile, groups=groups, measures=roles.measures, positive=roles.positive
    )
    return replace(audit, view=replace(view, key=_key(desk, audit)))


def _key(desk: Desk, audit: Inspection) -> tuple[str, ...]:
    """Find the business key on the sound period, where nothing is repeated."""
    view = audit.view
    columns = [
        c.name
        for c in audit.profile.columns
        if c.name not in (*audit.measures, _RECORD, _LOADED) and c.null_share < 0.02
    ]
    sound = (
        f"(SELECT * FROM {name(view.main)} WHERE {view.day()} BETWEEN {literal(view.since)} "
        f"AND {literal(view.sound_until)})"
    )
    keys = find_keys(desk.sql, sound, audit.profile, columns, first=view.moment)
    if keys:
        desk.note(f"Business key: {', '.join(keys[0].columns)}.")
        return keys[0].columns
    return tuple(c.name for c in audit.profile.columns if c.name not in (_RECORD, _LOADED))


def inspect(desk: Desk) -> Inspection:
    """Run all checks, validity of rows first."""
    audit = look_around(desk)
    audit = _rows_twice(desk, audit)
    audit = _second_table(desk, audit)
    audit = _clock(desk, audit)
    audit = _defaults(desk, audit)
    audit = _exchanged(desk, audit)
    audit = _units(desk, audit)
    return _absent(desk, audit)


def _found(kind: str, place: str, signal: Signal, size: float | None = None) -> Found:
    return Found(
        type=kind,
        place=place,
        columns=signal.columns,
        slice=dict(signal.slice),
        since=signal.since,
        until=signal.until,
        size=signal.size.value if size is None else size,
        detail=dict(signal.detail),
    )


def _rows_twice(desk: Desk, audit: Inspection) -> Inspection:
    view = audit.view
    signal = find_duplicates(
        desk.sql,
        audit.relation(),
        view.key,
        _RECORD,
        audit.groups,
        audit.span(),
    )
    if signal is None:
        desk.note("No business key is repeated more often than before.")
        return audit
    desk.note(f"{signal.size.sentence()} in {signal.slice or 'all slices'} since {signal.since}.")
    return audit.adding(_found(types.REPEATED, view.main, signal))


def _second_table(desk: Desk, audit: Inspection) -> Inspection:
    view = audit.view
    signal = find_fan_out(
        desk.sql, view.main, view.dim, {view.dim_key: view.dim_key}, changed=_CHANGED
    )
    if signal is None:
        desk.note(f"{view.dim} has one row per {view.dim_key}.")
        return audit
    desk.note(f"{signal.size.sentence()}; a join multiplies rows.")
    return audit.adding(_found(types.FAN_OUT, view.dim, signal))


def _clock(desk: Desk, audit: Inspection) -> Inspection:
    view = audit.view
    if not view.has_hours:
        return audit
    signal = find_hour_shift(desk.sql, audit.relation(), view.moment, audit.span())
    if signal is None:
        desk.note("Every slice keeps its hours.")
        return audit
    desk.note(f"{signal.slice} is shifted by {signal.size.value:+.0f} hours since {signal.since}.")
    return audit.adding(_found(types.CLOCK, f"{view.main}.{view.moment}", signal))


def _defaults(desk: Desk, audit: Inspection) -> Inspection:
    view = audit.view
    keep = {view.moment, *view.slices, *view.key, _RECORD, _LOADED}
    columns = [c for c in audit.profile.columns if c.name not in keep]
    signals = find_default_spikes(desk.sql, audit.relation(), columns, audit.groups, audit.span())
    best: dict[str, Signal] = {}
    for signal in signals:
        column = signal.columns[0]
        if column not in best or signal.size.value > best[column].size.value:
            best[column] = signal
    for column, signal in best.items():
        desk.note(f"{column} = {signal.detail['value']}: {signal.size.sentence()}.")
    return audit.adding(
        *(_found(types.PLACEHOLDER, f"{view.main}.{c}", s) for c, s in best.items())
    )


def _exchanged(desk: Desk, audit: Inspection) -> Inspection:
    signals = find_swaps(desk.sql, audit.relation(), audit.positive, audit.span())
    for signal in signals:
        desk.note(f"{' and '.join(signal.columns)} change places in {signal.slice}.")
    place = f"{audit.view.main}."
    return audit.adding(*(_found(types.SWAP, place + s.columns[0], s) for s in signals))


def _units(desk: Desk, audit: Inspection) -> Inspection:
    measures = tuple(m for m in audit.measures if not looks_like_id(m))
    signals = find_unit_steps(desk.sql, audit.relation(), measures, audit.span())
    faults = []
    for signal in signals:
        usual = signal.detail["conversion"] != "no conventional factor"
        if usual and not signal.detail.get("mix"):
            desk.note(f"{signal.columns[0]} in {signal.slice}: {signal.size.sentence()}.")
            faults.append(_found(types.UNIT, f"{audit.view.main}.{signal.columns[0]}", signal))
        else:
            desk.note(f"{signal.columns[0]} in {signal.slice} moves, but not like a unit.")
    return audit.adding(*faults)


def _absent(desk: Desk, audit: Inspection) -> Inspection:
    """Look for late rows and missing days; where there are any, ask the sources for counts."""
    view, relation = audit.view, audit.relation()
    late = find_late(
        desk.sql, relation, view.loaded, audit.groups, as_of=view.today, since=view.since
    )
    counts = count_days(desk.sql, relation, since=view.since, until=view.until)
    first = view.sound_until + timedelta(days=1)
    last = late.since - timedelta(days=1) if late and late.since else view.until
    missing = find_missing_days(counts, since=first, until=last)
    faults = [_found(types.MISSING, view.main, signal) for signal in missing]
    faults += [_found(types.LATE, view.main, late)] if late else []
    if not faults:
        desk.note("Every slice has its rows on every day.")
        return audit
    for fault in faults:
        desk.note(f"{dict(fault.slice)}: about {fault.size:,.0f} rows not there at {fault.since}.")
    desk.buy(Purchase(offer="source_counts"))
    return audit.adding(*(_counted(desk, audit, fault) for fault in faults))


def _counted(desk: Desk, audit: Inspection, fault: Found) -> Found:
    """Replace an estimate of absent rows by the difference to the counts of the source."""
    if len(fault.slice) != 1 or fault.since is None or fault.until is None:
        return fault
    ((dimension, value),) = fault.slice.items()
    relation = audit.relation()
    here = relation.days(where=equals(dict(fault.slice)))
    counted_here = f"SELECT audit_day, count(*) AS row_count FROM {here} AS here GROUP BY ALL"
    rows = desk.sql(
        "SELECT s.day, s.source_rows - coalesce(h.row_count, 0) AS absent FROM source_counts AS s "
        f"LEFT JOIN ({counted_here}) AS h ON h.audit_day = s.day "
        f"WHERE s.dimension = {literal(dimension)} AND s.value = {literal(value)} "
        "AND s.source_rows IS NOT NULL "
        f"AND s.day BETWEEN {literal(fault.since - timedelta(days=2))} AND {literal(fault.until)} "
        "ORDER BY s.day",
        title=f"Rows of {value} that the source has and we do not",
    )
    absent = [(row["day"], int(row["absent"])) for row in rows]
    if fault.type == types.MISSING:
        absent = [(day, n) for day, n in absent if day >= fault.since]
    counted = [(day, n) for day, n in absent if n > 0]
    if not counted:
        return fault
    total = sum(n for _, n in counted)
    desk.note(f"The source has {total:,} rows more.")
    since = counted[0][0] if fault.type == types.LATE else fault.since
    return replace(fault, since=since, size=float(total))
