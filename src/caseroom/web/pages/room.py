"""The case room: one page with brief, data, editor, result, chart, board and evidence.

In: `GET /case/ID`, with what to show in the query string (`query`, `page`, `order`, `desc`, `edit`,
`mark`, `x`, `y`, `color`, `facet`, `offer`, `param.*`). Out: the whole page in that state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.app import Caseroom
from caseroom.service.cases import build_state, list_cases
from caseroom.service.room import open_room
from caseroom.service.views import QueryView, RoomView
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.handling import room_of, whole_number
from caseroom.web.interview_parts import case_banner
from caseroom.web.pages.building import building
from caseroom.web.render import show
from caseroom.web.room_parts import (
    ask_quote,
    chart_values,
    purchase_from,
    result_place,
    result_values,
    room_values,
    shown_result,
)

__all__ = ["DOWNLOADS", "case_room"]

DOWNLOADS = (
    ("csv", "CSV (zip)"),
    ("parquet", "Parquet (zip)"),
    ("duckdb", "DuckDB file"),
    ("notebook", "Open as notebook"),
)


def case_room(request: Request) -> Response:
    """Show the room, or how far its building is."""
    app, case_id = room_of(request), request.path_params["case"]
    build = build_state(app, case_id)
    card = next((card for card in list_cases(app) if card.id == case_id), None)
    if card is not None and card.state in ("building", "failed"):
        return building(request, case_id, build)
    room = open_room(app, case_id)
    values = room_values(app, case_id, room) | _asked_for(app, room, dict(request.query_params))
    values |= case_banner(app, case_id)
    return show(request, "room.html", downloads=DOWNLOADS, **values)


def _asked_for(app: Caseroom, room: RoomView, asked: Mapping[str, str]) -> dict[str, Any]:
    """Give the state that the address asks for."""
    values: dict[str, Any] = {"open_history": "edit" in asked}
    values |= _result(app, room, asked)
    if "edit" in asked:
        values |= _edited(room, asked["edit"])
    if asked.get("offer"):
        purchase = purchase_from(asked)
        values["quotes"] = {purchase.offer: ask_quote(app, room.card.id, purchase)}
    return values


def _result(app: Caseroom, room: RoomView, asked: Mapping[str, str]) -> dict[str, Any]:
    case_id = room.card.id
    nothing = {"builder": None, "chart": None, "chart_problem": ""}
    place = result_place(case_id, 0, {})
    if not asked.get("query"):
        return result_values(place, None) | nothing
    place = result_place(case_id, whole_number(asked["query"], "query number", low=1), asked)
    past = _in_history(room, place.query)
    if past.error:
        return result_values(place, None) | nothing | {"query_problem": past.error, "sql": past.sql}
    try:
        result = shown_result(app, place)
    except CaseroomError as error:
        return result_values(place, None) | nothing | {"query_problem": str(error)}
    return result_values(place, result) | chart_values(app, case_id, result, asked)


def _edited(room: RoomView, asked: str) -> dict[str, Any]:
    return {"sql": _in_history(room, whole_number(asked, "query number", low=1)).sql}


def _in_history(room: RoomView, query_id: int) -> QueryView:
    for query in room.history:
        if query.id == query_id:
            return query
    raise CaseroomError(
        f"There is no query {query_id} in this case.",
        allowed=f"1 to {len(room.history)}" if room.history else "",
        next_step="choose one from the history in the case room.",
    )
