"""A language model's second opinion on an attempt: asking for it, and how far it is.

In: `POST /attempts/N/judgment`, `GET /attempts/N/judgment?part=`. Out: the attempt's page again, or
the section for htmx, which asks until the judgment is there.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.practice import attempt
from caseroom.service.second_opinion import OpinionState, ask_opinion
from caseroom.web.attempt_parts import shown_report
from caseroom.web.handling import Posted, room_of
from caseroom.web.opinion_parts import opinion_values
from caseroom.web.render import Part, fill, parts, redirect

__all__ = ["ask", "progress"]

_THERE = "The second opinion is there."


def ask(request: Request, posted: Posted) -> Response:
    """Have the newest graded part judged, and show the page while that goes on."""
    attempt_id = request.path_params["attempt"]
    ask_opinion(room_of(request), attempt_id)
    return redirect(f"/attempts/{attempt_id}#opinion")


def progress(request: Request) -> Response:
    """Give htmx the section as it stands; without a judgment under way it asks no further."""
    app, attempt_id = room_of(request), request.path_params["attempt"]
    view = attempt(app, attempt_id)
    shown = shown_report(view, request.query_params.get("part", ""))
    if shown is None:
        return parts([])
    latest = shown.id == view.steps[-1].id
    values = opinion_values(app, attempt_id, shown.part, shown.id, latest=latest)
    opinion = values["opinion"]
    runs = opinion is not None and opinion.state is OpinionState.RUNNING
    html = fill(request, "parts/opinion_state.html", **values)
    return parts([Part("#opinion-state", html, "innerMorph")], say="" if runs else _THERE)
