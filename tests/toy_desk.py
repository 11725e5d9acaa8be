"""A desk on a folder for toy cases: builds the file, runs SQL, keeps the steps.

In: a kind, a case, a folder. Out: the `Desk` that solvers see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from caseroom.case.contract import Brief, Case, CaseKind, Purchase
from caseroom.case.form import Form
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.vocabulary.rows import Rows


@dataclass(frozen=True, slots=True)
class Step:
    """One query of a solver."""

    title: str
    sql: str


class ToyDesk:
    """A desk without a sandbox, for kinds that a test wrote itself."""

    def __init__(self, kind: CaseKind, case: Case, folder: Path) -> None:
        self._case = case
        self._path = folder / "company.duckdb"
        self._steps: list[Step] = []
        self._bought: list[Purchase] = []
        kind.build(case, (), self._path, lambda what, share: None)

    @property
    def brief(self) -> Brief:
        """What the candidate is told."""
        return self._case.brief

    @property
    def form(self) -> Form:
        """What is to be filled in."""
        return self._case.form

    @property
    def vertical(self) -> Vertical:
        """The industry."""
        return self._case.spec.vertical

    @property
    def level(self) -> Level:
        """The level."""
        return self._case.spec.level

    @property
    def steps(self) -> Sequence[Step]:
        """What was run."""
        return self._steps

    @property
    def purchases(self) -> Sequence[Purchase]:
        """What was bought."""
        return self._bought

    def sql(self, query: str, *, title: str = "") -> Rows:
        """Run a query."""
        self._steps.append(Step(title, query))
        with duckdb.connect(str(self._path), read_only=True) as db:
            found = db.execute(query)
            columns = tuple(each[0] for each in found.description)
            return Rows(columns, tuple(found.fetchall()))

    def note(self, text: str) -> None:
        """Take no notes."""

    def buy(self, purchase: Purchase) -> None:
        """Note what was bought."""
        self._bought.append(purchase)
