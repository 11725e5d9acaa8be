"""The clean company: the table as it stands on the day of the case, and its second table.

In: a survey and a seed. Out: a `Frame`; faults are planted into it, and its numbers are the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from caseroom.analysis.audit import Roles
from caseroom.case.kinds.data_audit.dice import Dice
from caseroom.case.kinds.data_audit.survey import Survey
from caseroom.world.faults import DAY, ROW

__all__ = ["CHANGED", "DESKS", "LOADED", "RECORD", "Frame", "clean_frame", "recent"]

pc: Any = compute  # the module has no types for its generated functions

RECORD = "record_id"
LOADED = "loaded_at"
CHANGED = "changed_at"
DESKS = ("north", "south", "west")
_LOAD_HOUR = 4
_DAY_US = 86_400_000_000
_MONDAYS = (date(2013, 6, 3), date(2013, 12, 16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The clean tables and the calendar of a case.

    Attributes:
        survey: What is known of the table.
        table: Clean rows before `today` with `ROW`, `DAY` and the time of loading.
        dim_table: One row per value of `dim_key`: its name, its desk, when it was written.
        dim_name: What the second table is called.
        today: The day of the case, a week after `week`; reports are made at 08:00.
        week: First day of the report's week (seven days, the last one is yesterday).
        sound_until: Last day of the period that the last audit signed off.
        first: First day of the table.
        groups: Rows per slice value in the last twelve weeks.
    """

    survey: Survey
    table: pa.Table
    dim_table: pa.Table
    dim_name: str
    dim_key: str
    today: date
    week: date
    sound_until: date
    first: date
    groups: Mapping[str, Mapping[str, int]]

    @property
    def roles(self) -> Roles:
        """Roles of the columns."""
        return self.survey.roles

    @property
    def main(self) -> str:
        """Name of the audited table."""
        return self.survey.source.table_name

    @property
    def last(self) -> date:
        """Last day of the table."""
        return self.today - timedelta(days=1)

    @property
    def as_of(self) -> datetime:
        """When the extract and the report are made."""
        return datetime(self.today.year, self.today.month, self.today.day, 8)


def clean_frame(survey: Survey, dice: Dice) -> Frame:
    """Cut the table at a drawn day and add what a company's loader adds."""
    today = _today(survey, dice)
    weeks = min(9, int(((today - survey.first).days // 7) * 0.4))
    sound_until = today - timedelta(weeks=weeks)
    table = _with_loading(_cut(survey, today), survey, dice)
    key = max(survey.roles.slices, key=lambda c: (len(survey.roles.slices[c]), c))
    return Frame(
        survey=survey,
        table=table,
        dim_table=_dimension(survey, key, sound_until, dice),
        dim_name="airlines" if survey.source.built_in else "owners",
        dim_key=key,
        today=today,
        week=today - timedelta(days=7),
        sound_until=sound_until,
        first=survey.first,
        groups=_groups(table, survey.roles, today - timedelta(weeks=12)),
    )


def recent(frame: Frame, days: int = 21) -> Frame:
    """Give the frame with the rows of the last days only."""
    since = pa.scalar(frame.today - timedelta(days=days), pa.date32())
    return replace(frame, table=frame.table.filter(pc.greater_equal(frame.table[DAY], since)))


def _today(survey: Survey, dice: Dice) -> date:
    """Draw a Monday for the built-in table; a person's own table is used up to its last day."""
    if not survey.source.built_in:
        return survey.last + timedelta(days=1)
    first, last = _MONDAYS
    return first + timedelta(weeks=dice.whole("today", 0, (last - first).days // 7))


def _cut(survey: Survey, today: date) -> pa.Table:
    table = survey.table
    day = table[survey.roles.moment].cast(pa.date32())
    row = pa.array(np.arange(table.num_rows, dtype=np.int64))
    table = table.append_column(ROW, row).append_column(DAY, day)
    return table.filter(pc.less(table[DAY], pa.scalar(today, pa.date32())))


def _with_loading(table: pa.Table, survey: Survey, dice: Dice) -> pa.Table:
    """Rows come the night after: every feed (value of the first slice) as one file a day."""
    feed = next(iter(survey.roles.slices))
    values = sorted(survey.roles.slices[feed])
    position = pc.index_in(table[feed].cast(pa.string()), pa.array(values))
    position = np.asarray(pc.fill_null(position, len(values)).cast(pa.int64()))
    days = np.asarray(table[DAY].cast(pa.int32())).astype(np.int64)
    jitter = (days * 7 + position * 13 + dice.whole("load", 0, 30)) % 37
    minutes = _LOAD_HOUR * 60 + position * 4 + jitter
    loaded = (days + 1) * _DAY_US + minutes * 60_000_000
    return table.append_column(LOADED, pa.array(loaded, pa.int64()).cast(pa.timestamp("us")))


def _groups(table: pa.Table, roles: Roles, since: date) -> dict[str, dict[str, int]]:
    recent = table.filter(pc.greater_equal(table[DAY], pa.scalar(since, pa.date32())))
    found: dict[str, dict[str, int]] = {}
    for column in roles.slices:
        counted = recent[column].cast(pa.string()).value_counts().to_pylist()
        found[column] = {c["values"]: c["counts"] for c in counted if c["values"] is not None}
    return found


def _dimension(survey: Survey, key: str, sound_until: date, dice: Dice) -> pa.Table:
    """One row per value: desks are dealt out so that each has some of the large values."""
    sizes = survey.roles.slices[key]
    values = sorted(sizes, key=lambda v: (-sizes[v], v))
    offset = dice.whole("desks", 0, 2)
    desks = [DESKS[(at + offset + (at // 3)) % 3] for at in range(len(values))]
    labels = survey.source.labels.get(key, {})
    written = [
        datetime(sound_until.year, sound_until.month, sound_until.day, 9)
        - timedelta(days=dice.whole(f"written/{value}", 5, 300))
        for value in values
    ]
    return pa.table(
        {
            key: pa.array(values, pa.string()),
            "name": pa.array([labels.get(v, v.replace("_", " ").title()) for v in values]),
            "desk": pa.array(desks, pa.string()),
            CHANGED: pa.array(written, pa.timestamp("us")),
        }
    )
