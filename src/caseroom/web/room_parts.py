"""What the parts of the case room show, as values for their templates.

In: use cases and the state in an address. Out: mappings that whole pages and htmx parts share, so
that both show the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caseroom.case.contract import Purchase
from caseroom.service.app import Caseroom
from caseroom.service.evidence import quote_purchase
from caseroom.service.room import chart, open_room, query_page
from caseroom.service.views import ChartView, QueryView, QuoteView, RoomView
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.addresses import Pager, ResultPlace, Sorting
from caseroom.web.chart_form import build_builder, choice_from
from caseroom.web.filters import count, plural
from caseroom.web.handling import whole_number

__all__ = [
    "CHART_NOTE_DRAFT",
    "NOTE_DRAFT",
    "PAGE_SIZE",
    "SQL_DRAFT",
    "AskedQuote",
    "ask_quote",
    "chart_values",
    "result_place",
    "result_values",
    "room_values",
    "shown_result",
]

PAGE_SIZE = 50
SQL_DRAFT = "room.sql"
NOTE_DRAFT = "room.note"
CHART_NOTE_DRAFT = "room.chart-note"
_MARK_SUBMITTED = ("submitted", "graded")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuote:
    """The answer to "what does it cost?": a quote or the reason why it is not possible."""

    typed: Mapping[str, str]
    view: QuoteView | None = None
    problem: str = ""


def room_values(app: Caseroom, case_id: str, room: RoomView | None = None) -> dict[str, Any]:
    """Give what every part of the room reads."""
    view = room or open_room(app, case_id)
    sql = view.drafts.get(SQL_DRAFT)
    note = view.drafts.get(NOTE_DRAFT)
    chart_note = view.drafts.get(CHART_NOTE_DRAFT)
    return {
        "id": case_id,
        "room": view,
        "graded": view.card.state in _MARK_SUBMITTED,
        "schema": schema_of(view),
        "sql": sql.text if sql else "",
        "sql_version": sql.version if sql else 0,
        "note": note.text if note else "",
        "note_version": note.version if note else 0,
        "chart_note": chart_note.text if chart_note else "",
        "chart_note_version": chart_note.version if chart_note else 0,
        "last_good": next((query.id for query in view.history if not query.error), None),
        "query_problem": "",
        "quotes": {},
    }


def schema_of(room: RoomView) -> dict[str, list[dict[str, str]]]:
    """Give tables with their columns, for the editor's completion."""
    return {
        table.name: [{"name": column.name, "type": column.type} for column in table.columns]
        for table in room.tables
    }


def result_place(case_id: str, query: int, values: Mapping[str, str]) -> ResultPlace:
    """Read page and order of a result from an address."""
    page = values.get("page", "")
    return ResultPlace(
        case_id=case_id,
        query=query,
        page=whole_number(page, "page number", low=1) if page else 1,
        order=values.get("order", ""),
        descending=values.get("desc") == "1",
    )


def shown_result(app: Caseroom, place: ResultPlace) -> QueryView:
    """Run a query of the history again for one of its pages (not recorded)."""
    return query_page(
        app,
        place.case_id,
        place.query,
        page=place.page,
        page_size=PAGE_SIZE,
        order_by=place.order or None,
        descending=place.descending,
    )


def result_values(place: ResultPlace, result: QueryView | None) -> dict[str, Any]:
    """Give what the result's part reads."""
    if result is None or result.error:
        return {"result": None, "result_line": "", "pager": None, "sorting": None}
    return {
        "result": result,
        "result_line": result_line(result),
        "pager": Pager.of(place, result.total_rows, result.page_size),
        "sorting": Sorting(place),
    }


def result_line(result: QueryView) -> str:
    """Say how large a result is and how long it took."""
    rows = plural(result.total_rows, "row")
    if result.capped:
        rows = f"first {count(result.total_rows)} rows (there are more)"
    return f"{rows}, {plural(len(result.columns), 'column')}, {result.milliseconds:.0f} ms"


def chart_values(
    app: Caseroom, case_id: str, result: QueryView | None, values: Mapping[str, str]
) -> dict[str, Any]:
    """Give what the chart builder and the chart read."""
    choice = choice_from(values)
    builder = build_builder(result, choice) if result is not None else None
    drawn: ChartView | None = None
    problem = ""
    if choice is not None and builder is not None:
        try:
            drawn = chart(app, case_id, builder.query, choice)
        except CaseroomError as error:
            problem = str(error)
    return {"builder": builder, "chart": drawn, "chart_problem": problem}


def ask_quote(app: Caseroom, case_id: str, purchase: Purchase) -> AskedQuote:
    """Ask what a purchase costs."""
    typed = {name: str(value) for name, value in purchase.params.items()}
    try:
        return AskedQuote(typed=typed, view=quote_purchase(app, case_id, purchase))
    except CaseroomError as error:
        return AskedQuote(typed=typed, problem=str(error))


def purchase_from(values: Mapping[str, str]) -> Purchase:
    """Read an offer and its parameters from an address or a form."""
    start = "param."
    params = {
        name.removeprefix(start): value for name, value in values.items() if name.startswith(start)
    }
    return Purchase(offer=values.get("offer", ""), params=params)
