"""Controls that could catch a fault, and what the company's notes say of them (lead level).

In: the main fault. Out: rows for the tables controls and org_notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.dice import Dice

__all__ = ["CONTROLS", "Control", "control_rows", "note_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A control: what it compares, and who runs it."""

    id: str
    label: str
    owner: str


CONTROLS: tuple[Control, ...] = (
    Control(
        id="unique_key", label="Uniqueness of the business key at every load", owner="platform"
    ),
    Control(
        id="row_counts", label="Row counts by feed and day against the source", owner="network"
    ),
    Control(
        id="unit_contract",
        label="Units in the data contract, with a monitor of each measure's level by feed",
        owner="partners",
    ),
    Control(
        id="hour_profile", label="Monitor of the hour-of-day profile by feed", owner="platform"
    ),
    Control(
        id="default_rule",
        label="Rule that refuses default values where nothing is known",
        owner="partners",
    ),
    Control(
        id="join_test",
        label="Test that joins with second tables keep the number of rows",
        owner="master data",
    ),
    Control(
        id="closed_window",
        label="Completeness by age: publish only days that are closed",
        owner="network",
    ),
    Control(
        id="schema_contract",
        label="Column mapping checked by name at every load",
        owner="partners",
    ),
)

_STATES = (
    ("running", "ran last night, no alarm that it should have raised"),
    ("running", "ran last night; covers all feeds"),
)
_WEAK = (
    ("paused", "paused after too many false alarms; nobody switched it on again"),
    ("planned", "on the plan since last year; the team is measured by punctual delivery"),
    ("running", "alarms go to a mailbox that nobody has read since the reorganization"),
)
_DECOY = ("paused", "paused during a move; the feeds it covers show no change since")


def control_rows(
    main_fault: str, planted: Mapping[str, object], today: date, dice: Dice
) -> list[tuple[str, str, str, str, date]]:
    """Give (control, owner, state, note, last run): the one for the main fault is weak.

    Controls for other planted faults are weak, too; of the rest, one is paused without harm.
    """
    needed = {types.BY_ID[kind].control for kind in planted}
    idle = [c.id for c in CONTROLS if c.id not in needed]
    decoy = dice.pick("controls/decoy", idle) if idle else ""
    rows = []
    for control in CONTROLS:
        state, note = dice.pick(f"controls/{control.id}", _STATES)
        if control.id in needed:
            state, note = dice.pick(f"controls/{control.id}", _WEAK)
        elif control.id == decoy:
            state, note = _DECOY
        ago = 0 if state == "running" else dice.whole(f"controls/ago/{control.id}", 40, 200)
        rows.append((control.label, control.owner, state, note, today - timedelta(days=ago)))
    return rows


_NOTES = (
    ("Targets", "Feed teams have a bonus for delivery by 06:00; completeness is not part of it."),
    ("Alarms", "An alarm costs the team that raises it an hour of meetings. Few are raised."),
    ("Ownership", "The report has an owner; the tables behind it have three and none."),
    ("Budget", "Money for checks was moved to new charts in spring; it comes up again in autumn."),
)  # fmt: skip


def note_rows(main_fault: str) -> list[tuple[str, str]]:
    """Give (topic, note): which team's control failed shows in the table controls."""
    owner = next(c.owner for c in CONTROLS if c.id == types.BY_ID[main_fault].control)
    mention = f"The {owner} team asked twice for a person to look after its checks and got none."
    return [*_NOTES, ("Staff", mention)]
