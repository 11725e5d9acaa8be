"""A desk for solvers: a case's company database, built in a folder, and what was done with it.

In: a kind, a case, an empty folder. Out: query results for a solver; its steps and purchases, which
are the worked solution. The desk trusts its solver: queries run in this process, read-only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from caseroom.case.contract import Brief, Case, CaseKind, Progress, Purchase, Quote
from caseroom.case.form import Form
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.vocabulary.rows import Rows

__all__ = ["HEAD_ROWS", "LocalDesk", "Step"]

HEAD_ROWS = 20
"""Rows of a result that a step keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done: a query with the first rows of its result, or a purchase.

    `sql` is empty for a purchase. `row_count` counts the whole result. `notes` say what it shows.
    """

    title: str
    sql: str
    head: Rows
    row_count: int
    notes: tuple[str, ...] = ()


def _quiet(what: str, share: float) -> None:
    """Report progress to nobody."""


class LocalDesk:
    """A `caseroom.case.contract.Desk` on files of its own.

    The folder holds company-N.duckdb: the company as it stands after N purchases.

    Args:
        kind, case: What is solved.
        folder: Where the files are built; it must exist and hold none of them.
        purchases: What was bought before; it counts against the budget.
        progress: Told how far a build is.
    """

    def __init__(
        self,
        kind: CaseKind,
        case: Case,
        folder: Path,
        *,
        purchases: Iterable[Purchase] = (),
        progress: Progress = _quiet,
    ) -> None:
        self._kind = kind
        self._case = case
        self._folder = folder
        self._progress = progress
        self._purchases: list[Purchase] = list(purchases)
        self._steps: list[Step] = []
        self._connection = self._build(tuple(self._purchases))

    @property
    def brief(self) -> Brief:
        """What the candidate is told."""
        return self._case.brief

    @property
    def form(self) -> Form:
        """The fields of a submission."""
        return self._case.form

    @property
    def vertical(self) -> Vertical:
        """The industry that the case plays in."""
        return self._case.spec.vertical

    @property
    def level(self) -> Level:
        """How much help the case gives."""
        return self._case.spec.level

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was done, in order."""
        return tuple(self._steps)

    @property
    def purchases(self) -> tuple[Purchase, ...]:
        """What was bought, in order."""
        return tuple(self._purchases)

    @property
    def database(self) -> Path:
        """The file that queries run on now."""
        return self._path(len(self._purchases))

    def sql(self, query: str, *, title: str = "") -> Rows:
        """Run one query and keep it as a step; `title` says why it is asked.

        Raises:
            CaseroomError: For a query that the engine refuses, with the engine's reason.
        """
        try:
            rows = self._run(query)
        except duckdb.Error as error:
            raise CaseroomError(
                f"The query {title or query[:80]!r} failed: {str(error).splitlines()[0]}",
                next_step="correct the query.",
            ) from error
        head = Rows(rows.columns, rows.rows[:HEAD_ROWS])
        self._steps.append(Step(title=title, sql=query, head=head, row_count=len(rows)))
        return rows

    def _run(self, query: str) -> Rows:
        """Run a query; after a fault of the engine itself, once more without its optimizer.

        Source: https://github.com/duckdb/duckdb/issues/24807 (DuckDB 2.0.0)
        """
        try:
            return _rows(self._connection.execute(query))
        except (duckdb.InternalException, duckdb.FatalException):
            self._connection.close()
            with _connect(self.database) as plain:
                plain.execute("PRAGMA disable_optimizer")
                rows = _rows(plain.execute(query))
            self._connection = _connect(self.database)
            return rows

    def note(self, text: str) -> None:
        """Write down what the last step shows.

        Raises:
            CaseroomError: Before the first step.
        """
        if not self._steps:
            raise CaseroomError("There is nothing to note yet.", next_step="run a query first.")
        self._steps[-1] = replace(self._steps[-1], notes=(*self._steps[-1].notes, text))

    def buy(self, purchase: Purchase) -> None:
        """Buy evidence: the company is built again with the later weeks and the new rows.

        Raises:
            CaseroomError: For evidence that is not offered or not within the budget that is left.
        """
        quote = self._affordable(purchase)
        bought = (*self._purchases, purchase)
        connection = self._build(bought)
        self._connection.close()
        self._connection = connection
        self._purchases.append(purchase)
        self._steps.append(_bought(purchase, quote))

    def close(self) -> None:
        """Close the database. The files stay."""
        self._connection.close()

    def __enter__(self) -> LocalDesk:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _path(self, purchases: int) -> Path:
        return self._folder / f"company-{purchases}.duckdb"

    def _build(self, purchases: tuple[Purchase, ...]) -> duckdb.DuckDBPyConnection:
        path = self._path(len(purchases))
        self._kind.build(self._case, purchases, path, self._progress)
        return _connect(path)

    def _affordable(self, purchase: Purchase) -> Quote:
        """Quote a purchase. Raises CaseroomError when it is over what is left of the budget."""
        spent = [
            self._kind.quote(self._case, tuple(self._purchases[:at]), earlier)
            for at, earlier in enumerate(self._purchases)
        ]
        cents = self.brief.budget_cents - sum(each.cost_cents for each in spent)
        weeks = self.brief.budget_weeks - sum(each.weeks for each in spent)
        quote = self._kind.quote(self._case, tuple(self._purchases), purchase)
        if quote.cost_cents > cents or quote.weeks > weeks:
            raise CaseroomError(
                f"{purchase.offer} costs {quote.cost_cents / 100:,.2f} and takes "
                f"{quote.weeks} weeks.",
                allowed=f"up to {cents / 100:,.2f} and {weeks} weeks, what is left",
                next_step="choose cheaper or smaller evidence, or decide with what you have.",
            )
        return quote


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a company's file. On one thread sums of floats come out the same in every run."""
    return duckdb.connect(str(path), read_only=True, config={"threads": 1})


def _rows(cursor: duckdb.DuckDBPyConnection) -> Rows:
    columns = tuple(column[0] for column in cursor.description or ())
    return Rows(columns, tuple(cursor.fetchall()))


def _bought(purchase: Purchase, quote: Quote) -> Step:
    params = ", ".join(f"{name} {value}" for name, value in purchase.params.items())
    title = f"Bought: {purchase.offer}" + (f" ({params})" if params else "")
    facts = Rows(("cost", "weeks"), ((quote.cost_cents / 100, quote.weeks),))
    notes = (quote.note,) if quote.note else ()
    return Step(title=title, sql="", head=facts, row_count=1, notes=notes)
