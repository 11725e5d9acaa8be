"""Use cases of the case room: opening it, queries, charts, the evidence board, hints, drafts.

In: what a candidate does. Out: views; everything is recorded as it happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from caseroom.case.contract import Case
from caseroom.investigation.chart import LARGEST_CHART, Chart, ChartChoice, draw_chart
from caseroom.investigation.log import QueryRecord
from caseroom.investigation.sandbox import QueryRefused, SandboxResult
from caseroom.investigation.sandbox.pool import ROW_CAP
from caseroom.service.app import Caseroom
from caseroom.service.cases import build_state, card
from caseroom.service.evidence import budget_left, purchase_view
from caseroom.service.loading import load_case, ready_database, require_not_submitted
from caseroom.service.pausing import require_not_paused
from caseroom.service.records import CaseRecord, DraftRecord, PinRecord, TableInfo
from caseroom.service.texts import clean
from caseroom.service.views import (
    ChartView,
    ColumnView,
    DraftView,
    PinView,
    QueryView,
    RoomView,
    TableView,
)
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = [
    "LARGEST_PAGE",
    "PIN_ROWS",
    "chart",
    "edit_pin",
    "open_room",
    "pin",
    "query_page",
    "run_query",
    "save_draft",
    "take_hint",
    "unpin",
]

PIN_ROWS = 20
"""A pin keeps this many rows of its result, as they were when it was pinned."""

LARGEST_PAGE = ROW_CAP
"""One page may hold all rows of a result that the sandbox ever looks at."""

LONGEST_SQL = 100_000
LONGEST_DRAFT = 200_000


def open_room(app: Caseroom, case_id: str) -> RoomView:
    """Give everything that the room shows; while the case is built, no tables yet.

    Raises:
        CaseroomError: For an unknown case or a damaged case folder.
    """
    loaded = load_case(app, case_id)
    log = app.store.log(case_id)
    left = budget_left(loaded.case, log)
    hints = loaded.case.brief.hints
    weeks = sum(entry.weeks for entry in log.purchases)
    return RoomView(
        card=card(loaded.record),
        brief=loaded.case.brief,
        form=loaded.case.form,
        offers=loaded.case.offers,
        purchases=tuple(purchase_view(loaded.case.offers, entry) for entry in log.purchases),
        build=build_state(app, case_id),
        today=loaded.case.brief.today + timedelta(weeks=weeks),
        cents_left=left.cents,
        weeks_left=left.weeks,
        tables=_tables(app, loaded.record, loaded.case),
        history=tuple(_history_entry(entry) for entry in reversed(log.queries)),
        pins=tuple(_pin_view(entry) for entry in app.store.pins(case_id)),
        drafts={entry.field: _draft_view(entry) for entry in app.store.drafts(case_id)},
        hints=hints[: log.hints_taken],
        hints_left=max(0, len(hints) - log.hints_taken),
    )


def run_query(
    app: Caseroom, case_id: str, sql: str, *, page: int = 1, page_size: int = 100
) -> QueryView:
    """Run a query and record it; a query that is refused is recorded with its error.

    Raises:
        CaseroomError: While there is no whole database or the case's interview is paused, or for
            pages out of range.
    """
    database = ready_database(app, app.store.case(case_id))
    require_not_paused(app, case_id)
    limit, offset = _page(page, page_size)
    at, text = app.clock.now(), _checked_sql(sql)
    try:
        result = app.sandbox.query(database, text, limit=limit, offset=offset)
    except QueryRefused as refusal:
        if refusal.code != ExitCode.BAD_INPUT:  # not the query's fault
            raise
        refused = app.store.add_query(
            case_id,
            sql=text,
            at=at,
            milliseconds=0.0,
            row_count=0,
            columns=(),
            error=clean(str(refusal)),
        )
        return _history_entry(refused)
    record = app.store.add_query(
        case_id,
        sql=text,
        at=at,
        milliseconds=result.milliseconds,
        row_count=result.total_rows,
        columns=result.columns,
        error="",
    )
    return _query_view(record, result, page, page_size)


def query_page(
    app: Caseroom,
    case_id: str,
    query_id: int,
    *,
    page: int = 1,
    page_size: int = 100,
    order_by: str | None = None,
    descending: bool = False,
) -> QueryView:
    """Run a recorded query again for another page or order; nothing is recorded.

    Raises:
        CaseroomError: For an unknown query, or a page or column that there is not.
    """
    record = app.store.query(case_id, query_id)
    if record.error:
        return _history_entry(record)
    limit, offset = _page(page, page_size)
    result = app.sandbox.query(
        ready_database(app, app.store.case(case_id)),
        record.sql,
        limit=limit,
        offset=offset,
        order_by=order_by or "",
        descending=descending,
    )
    return _query_view(record, result, page, page_size)


def chart(app: Caseroom, case_id: str, query_id: int, choice: ChartChoice) -> ChartView:
    """Draw a chart of a recorded query's result.

    Raises:
        CaseroomError: For a query that gave no result, and columns or marks that do not fit it.
    """
    return _chart_view(draw_chart(_result(app, case_id, query_id, LARGEST_CHART), choice))


def pin(
    app: Caseroom, case_id: str, query_id: int, note: str, choice: ChartChoice | None = None
) -> PinView:
    """Pin a result, or a chart of it, to the evidence board as it is now."""
    head = _result(app, case_id, query_id, PIN_ROWS)
    drawn = chart(app, case_id, query_id, choice) if choice is not None else None
    saved = app.store.add_pin(
        case_id,
        query_id=query_id,
        note=clean(note),
        at=app.clock.now(),
        columns=head.columns,
        rows=head.rows,
        chart=_chart_values(drawn) if drawn is not None else None,
    )
    return _pin_view(saved)


def edit_pin(app: Caseroom, case_id: str, pin_id: int, note: str) -> PinView:
    """Change the note of a pin."""
    return _pin_view(app.store.edit_pin(case_id, pin_id, clean(note), app.clock.now()))


def unpin(app: Caseroom, case_id: str, pin_id: int) -> None:
    """Take a pin off the evidence board."""
    app.store.remove_pin(case_id, pin_id, app.clock.now())


def take_hint(app: Caseroom, case_id: str) -> str:
    """Give the next hint; the debrief will tell how many were taken.

    Raises:
        CaseroomError: When there are no more hints, after the submission, and while the case's
            interview is paused.
    """
    loaded = load_case(app, case_id)
    require_not_submitted(loaded.record)
    require_not_paused(app, case_id)
    hints = loaded.case.brief.hints
    if app.store.log(case_id).hints_taken >= len(hints):
        raise CaseroomError(
            f"There are no more hints: all {len(hints)} were given." if hints else "No hints here.",
            next_step="read them again in the room.",
        )
    return hints[min(app.store.add_hint(case_id, app.clock.now()), len(hints)) - 1]


def save_draft(app: Caseroom, case_id: str, field: str, text: str, *, version: int) -> DraftView:
    """Save what was typed into a field on top of the version that it was typed on (0 for none).

    Raises:
        CaseroomError: For a text that is longer than any answer can be.
    """
    if len(text) > LONGEST_DRAFT or len(field) > 200:
        raise CaseroomError(
            f"The text of {field[:40]!r} has {len(text):,} characters.",
            allowed=f"up to {LONGEST_DRAFT:,} characters",
            next_step="shorten it.",
        )
    current, kept = app.store.save_draft(
        case_id, clean(field), clean(text), version=version, at=app.clock.now()
    )
    return _draft_view(current, kept)


def _result(app: Caseroom, case_id: str, query_id: int, limit: int) -> SandboxResult:
    record = app.store.query(case_id, query_id)
    if record.error:
        raise CaseroomError(
            f"Query {query_id} gave no result: {record.error}",
            next_step="correct the query and run it first.",
        )
    return app.sandbox.query(ready_database(app, app.store.case(case_id)), record.sql, limit=limit)


def _checked_sql(sql: str) -> str:
    if len(sql) > LONGEST_SQL:
        raise CaseroomError(
            f"The query has {len(sql):,} characters.",
            allowed=f"up to {LONGEST_SQL:,} characters",
            next_step="split it into several queries.",
        )
    return clean(sql)


def _page(page: int, page_size: int) -> tuple[int, int]:
    """Give limit and offset of a page."""
    if page < 1 or not 1 <= page_size <= LARGEST_PAGE:
        raise CaseroomError(
            f"There is no page {page} of {page_size} rows.",
            allowed=f"pages from 1 on, of 1 to {LARGEST_PAGE:,} rows",
            next_step="choose another page.",
            code=ExitCode.BAD_INPUT,
        )
    return page_size, (page - 1) * page_size


def _tables(app: Caseroom, record: CaseRecord, case: Case) -> tuple[TableView, ...]:
    if record.built is None:
        return ()
    said = {(entry.table, entry.column): entry.meaning for entry in case.brief.dictionary}
    found = app.files.tables(record.id, record.built)
    return tuple(_table_view(table, said) for table in found)


def _table_view(table: TableInfo, said: Mapping[tuple[str, str], str]) -> TableView:
    return TableView(
        name=table.name,
        row_count=table.row_count,
        meaning=said.get((table.name, ""), ""),
        columns=tuple(
            ColumnView(name=c.name, type=c.type, meaning=said.get((table.name, c.name), ""))
            for c in table.columns
        ),
    )


def _query_view(record: QueryRecord, result: SandboxResult, page: int, size: int) -> QueryView:
    return QueryView(
        id=record.id,
        sql=record.sql,
        at=record.at,
        columns=result.columns,
        types=result.types,
        rows=tuple(tuple(row) for row in result.rows),
        page=page,
        page_size=size,
        total_rows=result.total_rows,
        capped=result.capped,
        milliseconds=result.milliseconds,
    )


def _history_entry(record: QueryRecord) -> QueryView:
    """Give a recorded query without its rows."""
    return QueryView(
        id=record.id,
        sql=record.sql,
        at=record.at,
        columns=record.columns,
        types=(),
        rows=(),
        page=1,
        page_size=0,
        total_rows=record.row_count,
        capped=False,
        milliseconds=record.milliseconds,
        error=record.error,
    )


def _chart_view(drawn: Chart) -> ChartView:
    return ChartView(
        spec=drawn.spec, columns=drawn.columns, rows=drawn.rows, sentence=drawn.sentence
    )


def _chart_values(drawn: ChartView) -> dict[str, Any]:
    return {
        "spec": drawn.spec,
        "columns": list(drawn.columns),
        "rows": [list(row) for row in drawn.rows],
        "sentence": drawn.sentence,
    }


def _pin_view(record: PinRecord) -> PinView:
    return PinView(
        id=record.id,
        query_id=record.query_id,
        sql=record.sql,
        note=record.note,
        at=record.at,
        columns=record.columns,
        rows=record.rows,
        chart=_stored_chart(record.chart) if record.chart is not None else None,
    )


def _stored_chart(values: Mapping[str, Any]) -> ChartView:
    return ChartView(
        spec=values["spec"],
        columns=tuple(values["columns"]),
        rows=tuple(tuple(row) for row in values["rows"]),
        sentence=values["sentence"],
    )


def _draft_view(current: DraftRecord, kept: DraftRecord | None = None) -> DraftView:
    return DraftView(
        field=current.field,
        text=current.text,
        version=current.version,
        conflict=kept is not None,
        kept_version=kept.version if kept is not None else None,
    )
