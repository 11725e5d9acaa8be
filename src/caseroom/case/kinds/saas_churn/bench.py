"""The reference solver's workbench: a desk with the case's words, and what it finds there.

In: a `Desk`. Out: answers in the world's own words, weeks for days, and `Found` causes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from caseroom.analysis.estimate import Estimate
from caseroom.analysis.stepscan import Weekly
from caseroom.case.contract import Desk
from caseroom.case.kinds.saas_churn.words import Words, words_of
from caseroom.vocabulary.rows import Rows
from caseroom.world.saas.blueprint import TODAY, Cause

__all__ = ["JOINERS", "Bench", "Candidate", "Found", "inside_sql", "weekly"]

JOINERS = frozenset({Cause.BROKEN_ONBOARDING, Cause.LOW_INTENT_CAMPAIGN})
"""Causes that reach those who sign up from their first week on, and nobody else."""

_NEAR = 6
"""Weeks between a scanned week and the entry of the change log that explains it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A lasting change that may be a cause: where (world's words), since which week.

    `z` is how many standard errors of an effect on losses are asked for before it counts.
    """

    cause: Cause
    where: Mapping[str, str]
    week: int
    z: float = 3.0

    @property
    def inside(self) -> str:
        """Give the segment as an SQL condition in the world's words."""
        return inside_sql(self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A cause with its place, first week and effect on losses.

    `share` is the part of the losses among those it reaches that it explains.
    """

    cause: Cause
    where: Mapping[str, str]
    week: int
    effect: Estimate
    z: float
    share: float = 0.0

    @property
    def inside(self) -> str:
        """Give the segment as an SQL condition in the world's words."""
        return inside_sql(self.where)


def inside_sql(where: Mapping[str, str]) -> str:
    """Give a place as an SQL condition on accounts."""
    parts = [f"{name} = '{value}'" for name, value in where.items() if name != "size"]
    return " AND ".join([*parts, *(["seats >= 20"] if "size" in where else [])])


def weekly(rows: Rows, length: int) -> dict[str, Weekly]:
    """Sort rows (segment, week, hits, trials) by segment; unknown segments are left out."""
    segments: dict[str, Weekly] = {}
    for row in rows:
        name = str(row["segment"])
        if name == "unknown":
            continue
        here = segments.setdefault(name, Weekly(hits=np.zeros(length), trials=np.zeros(length)))
        week = int(row["week"])
        if 0 <= week < length:
            here.hits[week] += float(row["hits"])
            here.trials[week] += float(row["trials"])
    return segments


class Bench:
    """A desk with the case's words: asks in the world's words, runs in the vertical's."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.today: date = desk.brief.today
        self.words: Words = words_of(desk.vertical)

    def ask(self, title: str, query: str) -> Rows:
        """Run a query that is written in the world's words."""
        return self.words.back(self.desk.sql(self.words.translate(query), title=title))

    def note(self, text: str) -> None:
        """Write down what the last query shows."""
        self.desk.note(text)

    def day(self, week: int) -> date:
        """Give the Monday of a week."""
        return self.today - timedelta(weeks=TODAY - int(week))

    def week(self, day: Any) -> int:
        """Give the week of a day."""
        plain = day if isinstance(day, date) else date.fromisoformat(str(day)[:10])
        return TODAY - -(-(self.today - plain).days // 7)

    def logged(self, team: str, place: str, week: int) -> int:
        """Give the week of a team's nearest change log entry on a place, or `week` without one."""
        name = re.compile(rf"\b{re.escape(self.words.value('', place))}\b")
        weeks = [
            self.week(entry.on)
            for entry in self.desk.brief.change_log
            if entry.team == team and name.search(entry.what)
        ]
        near = [each for each in weeks if abs(each - week) <= _NEAR]
        return min(near, key=lambda each: abs(each - week), default=week)
