"""The types of fault that a person may name: those that are planted, and decoys that never are.

In: nothing. Out: `FaultType` values in the order in which the form lists them.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BY_ID",
    "CLOCK",
    "DECOYS",
    "FAN_OUT",
    "LATE",
    "MISSING",
    "PLACEHOLDER",
    "PLANTED",
    "REPEATED",
    "SWAP",
    "UNIT",
    "FaultType",
]

REPEATED = "repeated_delivery"
MISSING = "missing_feed_day"
UNIT = "unit_switch"
CLOCK = "clock_shift"
PLACEHOLDER = "placeholder_values"
FAN_OUT = "fan_out_join"
LATE = "late_rows"
SWAP = "swapped_columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultType:
    """A type of fault.

    Attributes:
        id: Stable id in submissions.
        trap: Id in the catalog of traps that cases share ("" where it is not one of them).
        label: The words that a person sees.
        help: Which place, start and size to name.
        size_unit: What the size counts.
        control: Id of the control that would have caught it.
        cure: "rule" (a rule can repair the rows that are there), "source" (rows must be delivered
            again) or "window" (waiting is enough).
    """

    id: str
    label: str
    help: str
    size_unit: str
    trap: str = ""
    control: str = ""
    cure: str = ""


PLANTED: tuple[FaultType, ...] = (
    FaultType(
        id=REPEATED,
        trap="T8",
        label="Records delivered twice under new ids",
        help="Place: the table. Start: first day with a repeat. Size: extra rows.",
        size_unit="extra rows",
        control="unique_key",
        cure="rule",
    ),
    FaultType(
        id=MISSING,
        label="A day of one feed did not come",
        help="Place: the table. Start: the missing day. Size: rows that are missing.",
        size_unit="missing rows",
        control="row_counts",
        cure="source",
    ),
    FaultType(
        id=UNIT,
        trap="T10",
        label="Unit or currency changed",
        help="Place: the column. Start: first day in the new unit. Size: new value / old value.",
        size_unit="factor (new value divided by old value)",
        control="unit_contract",
        cure="rule",
    ),
    FaultType(
        id=CLOCK,
        trap="T9",
        label="Time zone or clock shifted",
        help="Place: the time column. Start: first shifted day. Size: hours (later is positive).",
        size_unit="hours (later is positive)",
        control="hour_profile",
        cure="rule",
    ),
    FaultType(
        id=PLACEHOLDER,
        trap="T13",
        label="A default value stands for missing",
        help="Place: the column. Start: first day with the default. Size: rows that hold it.",
        size_unit="rows with the default",
        control="default_rule",
        cure="rule",
    ),
    FaultType(
        id=FAN_OUT,
        trap="T12",
        label="Repeated keys in a second table multiply joined rows",
        help="Place: the second table. Start: the day the second rows were written. "
        "Size: extra rows in that table.",
        size_unit="extra rows in the second table",
        control="join_test",
        cure="rule",
    ),
    FaultType(
        id=LATE,
        trap="T11",
        label="Late rows: the last days are not complete yet",
        help="Place: the table. Start: first day that is not complete today. "
        "Size: rows still to come.",
        size_unit="rows still to come",
        control="closed_window",
        cure="window",
    ),
    FaultType(
        id=SWAP,
        label="Two columns exchanged",
        help="Place: one of the two columns. Start: first exchanged day. Size: rows exchanged.",
        size_unit="rows",
        control="schema_contract",
        cure="rule",
    ),
)

DECOYS: tuple[FaultType, ...] = (
    FaultType(
        id="empty_values",
        label="Values left empty (NULL)",
        help="Place: the column. Size: rows without a value.",
        size_unit="rows",
    ),
    FaultType(
        id="extreme_values",
        label="Extreme values that cannot be right",
        help="Place: the column. Size: rows.",
        size_unit="rows",
    ),
    FaultType(
        id="unknown_keys",
        label="Keys that the second table does not know",
        help="Place: the column. Size: rows.",
        size_unit="rows",
    ),
    FaultType(
        id="renumbered_ids",
        label="Gaps or jumps in technical ids",
        help="Place: the table. Size: ids skipped.",
        size_unit="ids",
    ),
    FaultType(
        id="real_change",
        label="No fault: the business itself changed",
        help="Place: the column or table. Size: change in percent.",
        size_unit="percent",
    ),
)

BY_ID: dict[str, FaultType] = {kind.id: kind for kind in (*PLANTED, *DECOYS)}
