"""What the columns of a table are for: the moment of a row, measures, slices.

In: a profile and group sizes. Out: `Roles`, guessed by rules that are written down here; a person
may overrule them by building the value themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from caseroom.analysis.audit.profile import ColumnProfile, TableProfile

__all__ = ["Roles", "guess_moment", "guess_roles", "looks_like_id"]

_ID_WORDS = (
    "ids?|keys?|codes?|no|nr|nums?|numbers?|zips?|postcodes?|postal|phones?|flights?|index|seq|"
    "sequence|version|rows?|uuid|hash|lat|lon|latitude|longitude|"
    "year|month|day|week|hour|minute|second"
)
_ID_NAME = re.compile(rf"(^|_)({_ID_WORDS})$", re.IGNORECASE)
_ID_CAMEL = re.compile(r"[a-z](Id|ID|Key|Code|No)$")
_MOST_SLICES = 40
_LEAST_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Columns by role.

    Attributes:
        moment: The column with the time (or day) at which a row happened.
        has_hours: Whether `moment` tells the hour.
        measures: Numeric columns that mean an amount, best first.
        positive: Those of `measures` that are (nearly) always above 0.
        slices: Columns with few values, with the number of rows per value.
    """

    moment: str
    has_hours: bool
    measures: tuple[str, ...]
    positive: tuple[str, ...]
    slices: Mapping[str, Mapping[str, int]]


def looks_like_id(column: str) -> bool:
    """Say whether a name looks like an identifier, a code or a part of a date."""
    return bool(_ID_NAME.search(column) or _ID_CAMEL.search(column))


def guess_moment(profile: TableProfile) -> ColumnProfile | None:
    """Give the column with the most different days that is nearly always filled."""
    fitting = [c for c in profile.columns if _is_moment(c)]
    return max(fitting, key=lambda c: (c.days, c.hours > 1), default=None)


def _is_moment(column: ColumnProfile) -> bool:
    return (
        column.is_moment
        and column.null_share <= 0.05
        and column.days >= _LEAST_DAYS
        and _year(column.low) >= 1950
        and _year(column.high) <= 2100
    )


def _year(value: object) -> int:
    return value.year if isinstance(value, date | datetime) else 0


def slice_candidates(profile: TableProfile) -> tuple[str, ...]:
    """Give the columns with 2 to 40 values that may cut the table into groups."""
    return tuple(
        c.name
        for c in profile.columns
        if (c.is_text or c.is_whole) and 2 <= c.distinct <= _MOST_SLICES and c.null_share <= 0.05
    )


def guess_roles(
    profile: TableProfile,
    moment: ColumnProfile,
    groups: Mapping[str, Mapping[str, int]],
    *,
    most_slices: int = 3,
) -> Roles:
    """Guess the roles of a table's columns.

    Args:
        profile: The table's profile.
        moment: The column with the time of a row.
        groups: Rows per value for the columns of `slice_candidates`.
        most_slices: How many slicing columns to keep.
    """
    measures = [c for c in profile.columns if _is_measure(c, profile.rows)]
    named = {c.name for c in measures}
    apart = {column: values for column, values in groups.items() if column not in named}
    measures.sort(key=lambda c: (c.positive < 0.97, c.null_share > 0.2, c.name))
    return Roles(
        moment=moment.name,
        has_hours=moment.hours > 6,
        measures=tuple(c.name for c in measures),
        positive=tuple(c.name for c in measures if _mostly_positive(c)),
        slices=_best_slices(apart, profile, most_slices),
    )


def _mostly_positive(column: ColumnProfile) -> bool:
    return column.positive >= 0.97 * (1 - column.null_share)


def _is_measure(column: ColumnProfile, rows: int) -> bool:
    """A number with many values that is no identifier; durations such as `minutes` are measures,
    parts of a date such as `minute` are not."""
    if not column.is_number or looks_like_id(column.name) or column.null_share > 0.5:
        return False
    unique = column.is_whole and column.distinct > 0.9 * rows
    return column.distinct >= 20 and not unique and column.low != column.high


def _best_slices(
    groups: Mapping[str, Mapping[str, int]], profile: TableProfile, most: int
) -> dict[str, Mapping[str, int]]:
    fitting = {
        column: values
        for column, values in groups.items()
        if sum(count >= 0.03 * profile.rows for count in values.values()) >= 2
        and (profile.column(column).is_text or not looks_like_id(column))
    }
    order = sorted(fitting, key=lambda c: (profile.column(c).is_whole, len(fitting[c]), c))
    return {column: fitting[column] for column in order[:most]}
