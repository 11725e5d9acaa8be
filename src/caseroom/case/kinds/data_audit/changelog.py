"""The change log: entries that matter, look-alikes about other slices, and ordinary ones.

In: a drawn case. Out: 8 to 15 `ChangeEntry` values by day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from caseroom.case.contract import ChangeEntry
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.dice import Dice
from caseroom.case.kinds.data_audit.drawn import Drawn
from caseroom.case.kinds.data_audit.planting import PlannedFault
from caseroom.vocabulary.levels import Level

__all__ = ["change_log", "changed_on", "slice_words"]

_MATTERS: Mapping[str, tuple[str, str]] = {
    types.REPEATED: ("platform", "New queue client for {place}; it sends again when unsure."),
    types.MISSING: ("network", "Night maintenance on the line of {place}."),
    types.UNIT: ("partners", "{place} moved to a new export template."),
    types.CLOCK: ("platform", "Servers of {place} moved to another region."),
    types.PLACEHOLDER: ("partners", "Entry form of {place} changed: fewer mandatory fields."),
    types.FAN_OUT: ("master data", "Names from the partner directory merged into {dim}."),
    types.LATE: ("network", "{place} now sends its files in parts, shift by shift."),
    types.SWAP: ("partners", "Column order of the export of {place} brought into line."),
}
_ORDINARY = (
    ("web", "New colors for the report's charts."),
    ("platform", "Database moved to larger disks; no change in content."),
    ("support", "Help page on delays rewritten."),
    ("security", "Passwords of service accounts renewed."),
    ("web", "Report can be downloaded as a spreadsheet."),
    ("platform", "Log files are kept for 90 days now."),
    ("master data", "Contact persons of the feeds updated."),
    ("web", "Sign-in page shows the last visit."),
    ("platform", "Nightly backup moved from 01:00 to 02:00."),
    ("support", "New ticket category for questions on definitions."),
    ("platform", "Index on the loader's table rebuilt."),
    ("security", "Yearly access review finished."),
)
_JUMP = ("platform", "Sequence for technical ids switched to the standby server and back.")


def slice_words(slice_: Mapping[str, str]) -> str:
    """Name a slice in words."""
    return (
        " and ".join(f"{dimension} {value}" for dimension, value in slice_.items()) or "all feeds"
    )


def change_log(drawn: Drawn, jump_at: date) -> tuple[ChangeEntry, ...]:
    """Write the change log."""
    dice, plan = drawn.dice, drawn.plan
    told = [f for f in plan.faults if f.role != "minor"]
    entries = [_matters(drawn, fault) for fault in told]
    entries += _look_alikes(drawn, dice)
    entries.append(ChangeEntry(on=jump_at, team=_JUMP[0], what=_JUMP[1]))
    wanted = dice.whole("log/entries", 9, 14)
    for at, (team, what) in enumerate(dice.shuffled("log/ordinary", _ORDINARY)):
        if len(entries) >= wanted:
            break
        entries.append(ChangeEntry(on=_day(drawn, dice, f"log/{at}"), team=team, what=what))
    return tuple(sorted(entries, key=lambda entry: (entry.on, entry.team, entry.what)))


def changed_on(drawn: Drawn, fault: PlannedFault) -> date:
    """Give the day of the change behind a fault; a feed that is late today changed long ago."""
    if fault.type == types.LATE or fault.since is None:
        return drawn.frame.sound_until - timedelta(days=drawn.dice.whole("log/late", 10, 60))
    return fault.since


def _matters(drawn: Drawn, fault: PlannedFault) -> ChangeEntry:
    """The entry for a fault is dated on its first day (a late feed was changed long ago)."""
    team, what = _MATTERS[fault.type]
    on = changed_on(drawn, fault)
    if fault.type != types.LATE and drawn.spec.level in (Level.SENIOR, Level.LEAD):
        on -= timedelta(days=drawn.dice.whole(f"log/lag/{fault.type}", 0, 1))
    place = slice_words(fault.slice)
    return ChangeEntry(on=on, team=team, what=what.format(place=place, dim=drawn.frame.dim_name))


def _look_alikes(drawn: Drawn, dice: Dice) -> list[ChangeEntry]:
    """Changes of kinds that could break something, in slices where nothing broke."""
    used = {fault.type for fault in drawn.plan.faults}
    slices = {tuple(fault.slice.items()) for fault in drawn.plan.faults}
    kinds = [k for k in dice.shuffled("log/decoys", list(_MATTERS)) if k not in used]
    cells = [c for c in drawn.ground.slices(least_daily=1) if ((c[0], c[1]),) not in slices]
    count = 1 if drawn.spec.level is Level.ASSOCIATE else 3
    entries = []
    for at, kind in enumerate(kinds[:count]):
        if not cells or kind == types.FAN_OUT:
            continue
        team, what = _MATTERS[kind]
        place = slice_words(dict([dice.pick(f"log/decoy/{at}", cells)]))
        on = _day(drawn, dice, f"log/decoy_day/{at}")
        entries.append(ChangeEntry(on=on, team=team, what=what.format(place=place, dim="")))
    return entries


def _day(drawn: Drawn, dice: Dice, name: str) -> date:
    frame = drawn.frame
    first = frame.sound_until - timedelta(days=20)
    return first + timedelta(days=dice.whole(name, 0, (frame.last - first).days))
