"""Cases in the store: adding, reading, switching to a newly built database, deleting.

In: specs and built files. Out: `CaseRecord`s with what their events add up to.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, case, delete, func, insert, select
from sqlalchemy import update as update_rows

from caseroom.adapters.sqlstore import schema
from caseroom.adapters.sqlstore.engine import Transactions
from caseroom.case.contract import CaseSpec, SourceData
from caseroom.service.records import BuiltFile, CaseRecord, State
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.vocabulary.levels import Level, Vertical

__all__ = ["CaseRows", "next_number", "next_seq", "require_case"]


def next_seq(connection: Connection, case_id: str) -> int:
    """Give the next place among a case's events; holds the case's row until the transaction ends.

    Raises:
        CaseroomError: For an unknown case.
    """
    taken = connection.execute(
        update_rows(schema.cases)
        .where(schema.cases.c.id == case_id)
        .values(sequence=schema.cases.c.sequence + 1)
        .returning(schema.cases.c.sequence)
    ).scalar_one_or_none()
    if taken is None:
        raise _unknown(case_id)
    return taken


def next_number(connection: Connection, column: Any, case_id: str) -> int:
    """Give the next number in a table of a case's events (the caller holds the case's row)."""
    largest = select(func.coalesce(func.max(column), 0)).where(column.table.c.case_id == case_id)
    return connection.execute(largest).scalar_one() + 1


def require_case(connection: Connection, case_id: str) -> None:
    """Raise CaseroomError for an unknown case."""
    found = select(schema.cases.c.id).where(schema.cases.c.id == case_id)
    if connection.execute(found).first() is None:
        raise _unknown(case_id)


class CaseRows(Transactions):
    """The cases of a store. `sources` is the folder that holds copies of people's tables."""

    def __init__(self, engine: Engine, sources: Path) -> None:
        super().__init__(engine)
        self._sources = sources

    def add_case(self, case_id: str, spec: CaseSpec, title: str, at: datetime) -> CaseRecord:
        """Add a case in state building."""
        row = {
            "id": case_id,
            "kind": spec.kind,
            "version": spec.version,
            "seed": spec.seed,
            "level": str(spec.level),
            "vertical": str(spec.vertical),
            "title": title,
            "source_file": spec.source.path.name if spec.source else None,
            "source_name": spec.source.name if spec.source else None,
            "source_sha256": spec.source.sha256 if spec.source else None,
            "state": State.BUILDING,
            "error": "",
            "sequence": 0,
            "created_at": at,
        }
        with self.write() as connection:
            connection.execute(insert(schema.cases).values(row))
        return self.case(case_id)

    def case(self, case_id: str) -> CaseRecord:
        """Give a case. Raises CaseroomError (NOT_FOUND) for an unknown id."""
        with self.read() as connection:
            row = connection.execute(_records().where(schema.cases.c.id == case_id)).one_or_none()
        if row is None:
            raise _unknown(case_id)
        return self._record(row)

    def cases(self) -> tuple[CaseRecord, ...]:
        """Give all cases, newest first."""
        order = (schema.cases.c.created_at.desc(), schema.cases.c.id)
        with self.read() as connection:
            rows = connection.execute(_records().order_by(*order)).all()
        return tuple(self._record(row) for row in rows)

    def delete_case(self, case_id: str) -> None:
        """Remove a case with all its events."""
        with self.write() as connection:
            require_case(connection, case_id)
            connection.execute(delete(schema.cases).where(schema.cases.c.id == case_id))

    def set_built(self, case_id: str, built: BuiltFile) -> None:
        """Switch to a newly built database; a case that was building or failed is then open."""
        was_waiting = schema.cases.c.state.in_([State.BUILDING, State.FAILED])
        self._change(
            case_id,
            built_name=built.name,
            built_bytes=built.size_bytes,
            built_purchases=built.purchases,
            state=case((was_waiting, str(State.OPEN)), else_=schema.cases.c.state),
            error="",
        )

    def set_failed(self, case_id: str, error: str) -> None:
        """Record why a build failed; a case that has no database yet is then failed."""
        nothing_built = schema.cases.c.built_name.is_(None)
        self._change(
            case_id,
            state=case((nothing_built, str(State.FAILED)), else_=schema.cases.c.state),
            error=error,
        )

    def _change(self, case_id: str, **values: Any) -> None:
        with self.write() as connection:
            require_case(connection, case_id)
            connection.execute(
                update_rows(schema.cases).where(schema.cases.c.id == case_id).values(**values)
            )

    def _record(self, row: Row[Any]) -> CaseRecord:
        return CaseRecord(
            id=row.id,
            spec=self._spec(row),
            title=row.title,
            state=State(row.state),
            created_at=row.created_at,
            built=_built(row),
            purchases=row.bought - row.refunded,
            error=row.error,
            total=row.total,
            passed=row.passed,
        )

    def _spec(self, row: Row[Any]) -> CaseSpec:
        source = row.source_file and SourceData(
            path=self._sources / row.source_file, name=row.source_name, sha256=row.source_sha256
        )
        return CaseSpec(
            kind=row.kind,
            version=row.version,
            seed=row.seed,
            level=Level(row.level),
            vertical=Vertical(row.vertical),
            source=source or None,
        )


def _built(row: Row[Any]) -> BuiltFile | None:
    if row.built_name is None:
        return None
    return BuiltFile(name=row.built_name, size_bytes=row.built_bytes, purchases=row.built_purchases)


def _count(table: Any) -> Any:
    counted = select(func.count()).select_from(table).where(table.c.case_id == schema.cases.c.id)
    return counted.scalar_subquery()


def _records() -> Select[Any]:
    newest = (
        select(schema.reports.c.case_id, func.max(schema.reports.c.number).label("number"))
        .group_by(schema.reports.c.case_id)
        .subquery()
    )
    report = and_(
        schema.reports.c.case_id == newest.c.case_id, schema.reports.c.number == newest.c.number
    )
    return select(
        schema.cases,
        _count(schema.purchases).label("bought"),
        _count(schema.refunds).label("refunded"),
        schema.reports.c.total,
        schema.reports.c.passed,
    ).select_from(
        schema.cases.outerjoin(newest, schema.cases.c.id == newest.c.case_id).outerjoin(
            schema.reports, report
        )
    )


def _unknown(case_id: str) -> CaseroomError:
    return CaseroomError(
        f"There is no case {case_id!r}.",
        next_step="`caseroom list` shows the cases that were started.",
        code=ExitCode.NOT_FOUND,
    )
