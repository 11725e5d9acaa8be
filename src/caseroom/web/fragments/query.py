"""Running SQL: the query form, pages and orders of a result, the editor's text.

In: `POST /case/ID/query`, `GET /case/ID/query/N`, `POST /case/ID/editor`. Out: the result, the
history, the chart builder, or the error near the editor.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.room import open_room, run_query, save_draft
from caseroom.service.views import QueryView
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.addresses import ResultPlace
from caseroom.web.handling import Posted, room_of, wants_fragment, whole_number
from caseroom.web.render import Part, fill, parts, redirect
from caseroom.web.room_parts import (
    PAGE_SIZE,
    SQL_DRAFT,
    chart_values,
    result_line,
    result_place,
    result_values,
    room_values,
    shown_result,
)

__all__ = ["put_into_editor", "run", "show_result"]


def run(request: Request, posted: Posted) -> Response:
    """Run the query in the editor; it goes into the history, errors too."""
    app, case_id = room_of(request), request.path_params["case"]
    sql = posted.get("sql")
    if not wants_fragment(request):
        keep_text(request, case_id, sql)
    result = run_query(app, case_id, sql, page_size=PAGE_SIZE)
    if not wants_fragment(request):
        anchor = "query" if result.error else "results"
        return redirect(f"/case/{case_id}?query={result.id}#{anchor}")
    if result.error:
        return _refused(request, case_id, result.error)
    return _answered(request, ResultPlace(case_id=case_id, query=result.id), result, new=True)


def show_result(request: Request) -> Response:
    """Give a page of a result, in an order; `fresh` also offers its columns for a chart."""
    case_id = request.path_params["case"]
    query = whole_number(request.path_params["query"], "query number", low=1)
    place = result_place(case_id, query, dict(request.query_params))
    try:
        result = shown_result(room_of(request), place)
    except CaseroomError as error:
        return _refused(request, case_id, str(error))
    if result.error:
        return _refused(request, case_id, result.error)
    return _answered(request, place, result, new="fresh" in request.query_params)


def _answered(request: Request, place: ResultPlace, result: QueryView, *, new: bool) -> Response:
    values = room_values(room_of(request), place.case_id) | result_values(place, result)
    pieces = [
        Part("#result", fill(request, "parts/result.html", **values)),
        Part("#query-problem", ""),
    ]
    if new:
        values |= chart_values(room_of(request), place.case_id, result, {})
        pieces += [
            Part("#history", fill(request, "parts/history.html", **values)),
            Part("#chart-builder", fill(request, "parts/chart_builder.html", **values)),
            Part("#chart", ""),
        ]
    headers = {"HX-Replace-Url": place.address().page}
    return parts(pieces, say=result_line(result), headers=headers)


def _refused(request: Request, case_id: str, problem: str) -> Response:
    values = room_values(room_of(request), case_id) | {"query_problem": problem}
    return parts(
        [
            Part("#query-problem", fill(request, "parts/query_problem.html", **values)),
            Part("#history", fill(request, "parts/history.html", **values)),
        ]
    )


def put_into_editor(request: Request, posted: Posted) -> Response:
    """Keep a query (of the worked solution, say) as the editor's text and go there."""
    case_id = request.path_params["case"]
    keep_text(request, case_id, posted.get("sql"))
    return redirect(f"/case/{case_id}#query")


def keep_text(request: Request, case_id: str, sql: str) -> None:
    """Save the editor's text over whatever it was."""
    app = room_of(request)
    draft = open_room(app, case_id).drafts.get(SQL_DRAFT)
    if draft is None or draft.text != sql:
        save_draft(app, case_id, SQL_DRAFT, sql, version=draft.version if draft else 0)
