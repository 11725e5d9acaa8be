"""A started case as one object, for notebooks, scripts and the demo.

In: the use cases. Out: `OpenCase`, which is also a `caseroom.case.contract.Desk`: a solver sees
exactly what a candidate sees.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Self

from caseroom.case.contract import Brief, Progress, Purchase
from caseroom.case.form import Form
from caseroom.service.app import Caseroom
from caseroom.service.evidence import buy
from caseroom.service.room import LARGEST_PAGE, open_room, pin, run_query, take_hint
from caseroom.service.submitting import check_submission, debrief, submit
from caseroom.service.views import (
    DebriefView,
    PinView,
    PurchaseView,
    RoomView,
    SubmissionCheck,
    TableView,
)
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.vocabulary.rows import Rows

__all__ = ["OpenCase"]


class OpenCase:
    """One started case. Everything is recorded in the data folder, as from the browser.

    Use it as a context manager, or call `close` at the end.
    """

    def __init__(self, app: Caseroom, case_id: str) -> None:
        self.id = case_id
        self._app = app
        self._last_query: int | None = None
        self._room = open_room(app, case_id)

    def __repr__(self) -> str:
        return f"<case {self.id}: {self.brief.title}>"

    @property
    def brief(self) -> Brief:
        """What the candidate is told."""
        return self._room.brief

    @property
    def form(self) -> Form:
        """The fields of a submission."""
        return self._room.form

    @property
    def level(self) -> Level:
        """How much help the case gives."""
        return self._room.card.level

    @property
    def vertical(self) -> Vertical:
        """The industry that the case plays in."""
        return self._room.card.vertical

    def room(self) -> RoomView:
        """Give everything that the room shows, as it is now."""
        return open_room(self._app, self.id)

    def tables(self) -> tuple[TableView, ...]:
        """Give the company's tables with their documented meaning."""
        return self.room().tables

    def sql(self, query: str, *, title: str = "") -> Rows:
        """Run one read-only query on the company's database; `title` becomes a comment.

        Warns when the result is cut at the sandbox's row cap.

        Raises:
            CaseroomError: For a query that does not run, with the reason.
        """
        text = f"-- {' '.join(title.split())}\n{query}" if title else query
        page = run_query(self._app, self.id, text, page_size=LARGEST_PAGE)
        if page.error:
            raise CaseroomError(page.error, next_step="correct the query.")
        self._last_query = page.id
        if page.capped:
            cut = f"The result is cut at {len(page.rows):,} rows: aggregate it"
            warnings.warn(cut, stacklevel=2)
        readers = [_READERS.get(kind.split("(")[0], _same) for kind in page.types]
        return Rows(page.columns, tuple(_typed(row, readers) for row in page.rows))

    def note(self, text: str) -> PinView:
        """Pin the last query to the evidence board with a note of what it shows."""
        if self._last_query is None:
            raise CaseroomError("There is nothing to note yet.", next_step="run a query first.")
        return pin(self._app, self.id, self._last_query, text)

    def hint(self) -> str:
        """Take the next hint; the debrief tells how many were taken."""
        return take_hint(self._app, self.id)

    def buy(
        self, purchase: Purchase | str, *, progress: Progress | None = None, **params: Any
    ) -> PurchaseView:
        """Buy evidence: a `Purchase`, or an offer's id with its parameters."""
        wanted = Purchase(offer=purchase, params=params) if isinstance(purchase, str) else purchase
        return buy(self._app, self.id, wanted, progress)

    def check(self, raw: Mapping[str, Any]) -> SubmissionCheck:
        """Check the format of a submission; never costs an attempt."""
        return check_submission(self._app, self.id, raw)

    def submit(self, raw: Mapping[str, Any], *, self_score: float | None = None) -> DebriefView:
        """Hand in the answer (once) and give the debrief."""
        return submit(self._app, self.id, raw, self_score=self_score)

    def debrief(self) -> DebriefView:
        """Give the debrief of a submitted case."""
        return debrief(self._app, self.id)

    def close(self) -> None:
        """End the query workers and close the store."""
        self._app.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _same(value: Any) -> Any:
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "DATE": date.fromisoformat,
    "TIME": time.fromisoformat,
    "TIME WITH TIME ZONE": time.fromisoformat,
    "TIMESTAMP": datetime.fromisoformat,
    "TIMESTAMP_S": datetime.fromisoformat,
    "TIMESTAMP_MS": datetime.fromisoformat,
    "TIMESTAMP_NS": datetime.fromisoformat,
    "TIMESTAMP WITH TIME ZONE": datetime.fromisoformat,
    "DECIMAL": lambda value: Decimal(str(value)),
    "BIGINT": int,
    "UBIGINT": int,
    "HUGEINT": int,
    "UHUGEINT": int,
}
"""How JSON-ready values become Python's again, by DuckDB type; others stay as they are."""


def _typed(row: tuple[Any, ...], readers: list[Callable[[Any], Any]]) -> tuple[Any, ...]:
    return tuple(_read(read, value) for value, read in zip(row, readers, strict=True))


def _read(read: Callable[[Any], Any], value: Any) -> Any:
    """Read a value; one that its Python type does not have (a day B.C.) stays text."""
    if value is None:
        return None
    try:
        return read(value)
    except (ValueError, ArithmeticError):
        return value
