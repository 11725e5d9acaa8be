"""The addresses of a result: as a whole page (a plain link) and as a part (for htmx).

In: case, query, page and order. Out: paths whose query strings hold all state, so that a refresh
or a bookmark shows the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

__all__ = ["Address", "Pager", "ResultPlace", "Sorting", "case_address"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a view is: the whole page, and the part that htmx asks for."""

    page: str
    part: str


def case_address(case_id: str, values: Mapping[str, object]) -> str:
    """Give the address of a case room in a certain state; empty values are left out."""
    filled = {name: value for name, value in values.items() if value not in ("", None, False)}
    return f"/case/{case_id}" + (f"?{urlencode(filled)}" if filled else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPlace:
    """A page of the result of one query, in an order."""

    case_id: str
    query: int
    page: int = 1
    order: str = ""
    descending: bool = False

    def address(self) -> Address:
        """Give where this page is."""
        place = {
            "page": self.page if self.page > 1 else "",
            "order": self.order,
            "desc": "1" if self.descending else "",
        }
        filled = urlencode({name: value for name, value in place.items() if value})
        part = f"/case/{self.case_id}/query/{self.query}"
        return Address(
            page=case_address(self.case_id, {"query": self.query, **place}),
            part=f"{part}?{filled}" if filled else part,
        )

    def turned(self, page: int) -> ResultPlace:
        """Give another page in the same order."""
        return ResultPlace(
            case_id=self.case_id,
            query=self.query,
            page=page,
            order=self.order,
            descending=self.descending,
        )

    def ordered(self, column: str) -> ResultPlace:
        """Give the first page sorted by a column; a second time turns the direction around."""
        again = self.order == column and not self.descending
        return ResultPlace(case_id=self.case_id, query=self.query, order=column, descending=again)


@dataclass(frozen=True, slots=True)
class Sorting:
    """How a result is sorted now, and where each column's order is."""

    place: ResultPlace

    @property
    def order(self) -> str:
        """Give the column that the result is sorted by."""
        return self.place.order

    @property
    def descending(self) -> bool:
        """Say whether the largest value comes first."""
        return self.place.descending

    def address(self, column: str) -> Address:
        """Give where the result sorted by this column is."""
        return self.place.ordered(column).address()


@dataclass(frozen=True, slots=True)
class Pager:
    """Which page is shown, how many there are, and where its neighbors are."""

    now: int
    last: int
    before: Address | None
    after: Address | None

    @classmethod
    def of(cls, place: ResultPlace, total_rows: int, page_size: int) -> Pager:
        """Give the pager of a page."""
        last = max(1, -(-total_rows // page_size))
        now = min(place.page, last)
        return cls(
            now=now,
            last=last,
            before=place.turned(now - 1).address() if now > 1 else None,
            after=place.turned(now + 1).address() if now < last else None,
        )
