"""Drawing a chart from a result.

In: `GET /case/ID/chart?query=N&mark=...`. Out: the chart with its sentence and table.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from caseroom.web.addresses import case_address
from caseroom.web.handling import room_of, whole_number
from caseroom.web.render import Part, fill, parts
from caseroom.web.room_parts import chart_values, result_place, room_values, shown_result

__all__ = ["draw"]


def draw(request: Request) -> Response:
    """Give the chart that was chosen."""
    app, case_id = room_of(request), request.path_params["case"]
    asked = dict(request.query_params)
    query = whole_number(asked.get("query"), "query number", low=1)
    result = shown_result(app, result_place(case_id, query, {}))
    values = room_values(app, case_id) | chart_values(app, case_id, result, asked)
    drawn = values["chart"]
    return parts(
        [Part("#chart", fill(request, "parts/chart.html", **values))],
        say=drawn.sentence if drawn else "",
        headers={"HX-Replace-Url": case_address(case_id, asked)},
    )
