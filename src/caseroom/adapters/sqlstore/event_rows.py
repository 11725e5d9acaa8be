"""What a candidate did, in the store: queries, pins, purchases and hints, only ever added.

In: events as they happen. Out: records with their numbers, and the whole `InvestigationLog`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from caseroom.adapters.sqlstore import schema
from caseroom.adapters.sqlstore.case_rows import CaseRows, next_number, next_seq, require_case
from caseroom.adapters.sqlstore.pin_rows import pin_events, standing
from caseroom.case.contract import Purchase, Quote
from caseroom.investigation.log import InvestigationLog, Pin, PurchaseRecord, QueryRecord
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["EventRows"]


class EventRows(CaseRows):
    """The events of an investigation."""

    def log(self, case_id: str, before: int | None = None) -> InvestigationLog:
        """Give what was done (only events before this place, if given), oldest first."""
        with self.read() as connection:
            require_case(connection, case_id)
            return InvestigationLog(
                queries=_queries(connection, case_id, before),
                pins=_pins(connection, case_id, before),
                purchases=_purchases(connection, case_id, before),
                hints_taken=len(_events(connection, schema.hints, case_id, before)),
            )

    def add_query(
        self,
        case_id: str,
        *,
        sql: str,
        at: datetime,
        milliseconds: float,
        row_count: int,
        columns: tuple[str, ...],
        error: str,
    ) -> QueryRecord:
        """Add a query to the history."""
        values = {
            "sql": sql,
            "at": at,
            "milliseconds": milliseconds,
            "row_count": row_count,
            "columns": list(columns),
            "error": error,
        }
        number = self._add(schema.queries, case_id, values)
        return self.query(case_id, number)

    def query(self, case_id: str, query_id: int) -> QueryRecord:
        """Give one query of the history. Raises CaseroomError (NOT_FOUND) for an unknown one."""
        wanted = select(schema.queries).where(
            schema.queries.c.case_id == case_id, schema.queries.c.number == query_id
        )
        with self.read() as connection:
            require_case(connection, case_id)
            row = connection.execute(wanted).one_or_none()
        if row is None:
            raise CaseroomError(
                f"Case {case_id} has no query number {query_id}.",
                next_step=f"`caseroom history {case_id}` lists them.",
                code=ExitCode.NOT_FOUND,
            )
        return _query(row)

    def add_purchase(
        self, case_id: str, purchase: Purchase, quote: Quote, at: datetime
    ) -> PurchaseRecord:
        """Add a purchase (paid; its rows come with the next build)."""
        values = {
            "offer": purchase.offer,
            "params": dict(purchase.params),
            "cost_cents": quote.cost_cents,
            "weeks": quote.weeks,
            "at": at,
        }
        number = self._add(schema.purchases, case_id, values)
        return PurchaseRecord(
            id=number, purchase=purchase, at=at, cost_cents=quote.cost_cents, weeks=quote.weeks
        )

    def refund_purchase(self, case_id: str, number: int, reason: str, at: datetime) -> None:
        """Take a purchase back that could not be delivered."""
        values = {"purchase": number, "reason": reason, "at": at}
        with self.write() as connection:
            row = values | {"case_id": case_id, "seq": next_seq(connection, case_id)}
            connection.execute(insert(schema.refunds).values(row))

    def add_hint(self, case_id: str, at: datetime) -> int:
        """Record that a hint was taken; gives the number of hints taken so far."""
        return self._add(schema.hints, case_id, {"at": at})

    def _add(self, table: Any, case_id: str, values: Mapping[str, Any]) -> int:
        with self.write() as connection:
            seq = next_seq(connection, case_id)
            number = next_number(connection, table.c.number, case_id)
            row = {**values, "case_id": case_id, "seq": seq, "number": number}
            connection.execute(insert(table).values(row))
        return number


def _events(
    connection: Connection, table: Any, case_id: str, before: int | None
) -> Sequence[Row[Any]]:
    wanted = select(table).where(table.c.case_id == case_id).order_by(table.c.seq)
    if before is not None:
        wanted = wanted.where(table.c.seq < before)
    return connection.execute(wanted).all()


def _queries(connection: Connection, case_id: str, before: int | None) -> tuple[QueryRecord, ...]:
    return tuple(_query(row) for row in _events(connection, schema.queries, case_id, before))


def _query(row: Row[Any]) -> QueryRecord:
    return QueryRecord(
        id=row.number,
        sql=row.sql,
        at=row.at,
        milliseconds=row.milliseconds,
        row_count=row.row_count,
        columns=tuple(row.columns),
        error=row.error,
    )


def _pins(connection: Connection, case_id: str, before: int | None) -> tuple[Pin, ...]:
    pins = standing(pin_events(connection, case_id, before))
    return tuple(
        Pin(id=p.id, query_id=p.query_id, at=p.at, note=p.note, chart=p.chart and p.chart["spec"])
        for p in pins
    )


def _purchases(
    connection: Connection, case_id: str, before: int | None
) -> tuple[PurchaseRecord, ...]:
    refunded = {row.purchase for row in _events(connection, schema.refunds, case_id, before)}
    return tuple(
        PurchaseRecord(
            id=row.number,
            purchase=Purchase(offer=row.offer, params=row.params),
            at=row.at,
            cost_cents=row.cost_cents,
            weeks=row.weeks,
        )
        for row in _events(connection, schema.purchases, case_id, before)
        if row.number not in refunded
    )
