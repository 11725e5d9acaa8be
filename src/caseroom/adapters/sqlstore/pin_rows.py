"""The evidence board in the store: a pin is the sum of its events (pinned, edited, removed).

In: pin events. Out: the pins that stand now, in the order in which they were pinned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select

from caseroom.adapters.sqlstore import schema
from caseroom.adapters.sqlstore.case_rows import CaseRows, next_number, next_seq, require_case
from caseroom.service.records import PinRecord
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["PinRows", "pin_events", "standing"]


def pin_events(
    connection: Connection, case_id: str, before: int | None = None
) -> Sequence[Row[Any]]:
    """Give a case's pin events with the SQL of their queries, oldest first."""
    its_query = and_(
        schema.queries.c.case_id == schema.pin_events.c.case_id,
        schema.queries.c.number == schema.pin_events.c.query,
    )
    wanted = (
        select(schema.pin_events, schema.queries.c.sql)
        .join(schema.queries, its_query)
        .where(schema.pin_events.c.case_id == case_id)
        .order_by(schema.pin_events.c.seq)
    )
    if before is not None:
        wanted = wanted.where(schema.pin_events.c.seq < before)
    return connection.execute(wanted).all()


def standing(events: Sequence[Row[Any]]) -> tuple[PinRecord, ...]:
    """Play the events: give the pins that stand after the last one."""
    pins: dict[int, PinRecord] = {}
    for event in events:
        if event.action == "pinned":
            pins[event.pin] = _pinned(event)
        elif event.action == "edited" and event.pin in pins:
            pins[event.pin] = replace(pins[event.pin], note=event.note)
        elif event.action == "removed":
            pins.pop(event.pin, None)
    return tuple(pins.values())


class PinRows(CaseRows):
    """The evidence board."""

    def add_pin(
        self,
        case_id: str,
        *,
        query_id: int,
        note: str,
        at: datetime,
        columns: tuple[str, ...],
        rows: Sequence[Sequence[Any]],
        chart: Mapping[str, Any] | None,
    ) -> PinRecord:
        """Add a pin."""
        with self.write() as connection:
            seq = next_seq(connection, case_id)
            pin = next_number(connection, schema.pin_events.c.pin, case_id)
            values = {
                "columns": list(columns),
                "rows": [list(row) for row in rows],
                "chart": dict(chart) if chart is not None else None,
            }
            _add(connection, case_id, seq, pin, "pinned", query_id, note, at, values)
        return self._pin(case_id, pin)

    def edit_pin(self, case_id: str, pin_id: int, note: str, at: datetime) -> PinRecord:
        """Add a newer note to a pin."""
        with self.write() as connection:
            seq = next_seq(connection, case_id)
            query = _found(connection, case_id, pin_id).query_id
            _add(connection, case_id, seq, pin_id, "edited", query, note, at)
        return self._pin(case_id, pin_id)

    def remove_pin(self, case_id: str, pin_id: int, at: datetime) -> None:
        """Take a pin off the board (its history stays)."""
        with self.write() as connection:
            seq = next_seq(connection, case_id)
            query = _found(connection, case_id, pin_id).query_id
            _add(connection, case_id, seq, pin_id, "removed", query, "", at)

    def pins(self, case_id: str) -> tuple[PinRecord, ...]:
        """Give the pins on the board, in the order in which they were pinned."""
        with self.read() as connection:
            require_case(connection, case_id)
            return standing(pin_events(connection, case_id))

    def _pin(self, case_id: str, pin_id: int) -> PinRecord:
        with self.read() as connection:
            return _found(connection, case_id, pin_id)


def _add(
    connection: Connection,
    case_id: str,
    seq: int,
    pin: int,
    action: str,
    query: int,
    note: str,
    at: datetime,
    values: Mapping[str, Any] | None = None,
) -> None:
    row = {
        "case_id": case_id,
        "seq": seq,
        "pin": pin,
        "action": action,
        "query": query,
        "note": note,
        "at": at,
        "columns": [],
        "rows": [],
        "chart": None,
    }
    connection.execute(insert(schema.pin_events).values({**row, **(values or {})}))


def _found(connection: Connection, case_id: str, pin_id: int) -> PinRecord:
    for pin in standing(pin_events(connection, case_id)):
        if pin.id == pin_id:
            return pin
    raise CaseroomError(
        f"Case {case_id} has no pin number {pin_id} on its board.",
        next_step="look at the evidence board for the pins there are.",
        code=ExitCode.NOT_FOUND,
    )


def _pinned(event: Row[Any]) -> PinRecord:
    return PinRecord(
        id=event.pin,
        query_id=event.query,
        sql=event.sql,
        note=event.note,
        at=event.at,
        columns=tuple(event.columns),
        rows=tuple(tuple(row) for row in event.rows),
        chart=event.chart,
    )
