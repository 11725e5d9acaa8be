"""The building page: how far a case is, polled by htmx or by a meta refresh.

In: `GET /case/ID` while it is built, `GET /case/ID/progress`. Out: a page, or its progress part.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.cases import build_state, start_build
from caseroom.service.views import BuildState
from caseroom.web.handling import Posted, room_of
from caseroom.web.render import Part, fill, parts, redirect, show

__all__ = ["building", "progress", "retry"]


def building(request: Request, case_id: str, build: BuildState) -> Response:
    """Show the page of a case that is not ready."""
    return show(request, "building.html", case_id=case_id, build=build)


def progress(request: Request) -> Response:
    """Give htmx the progress, or send it on when the case is ready."""
    case_id = request.path_params["case"]
    build = build_state(room_of(request), case_id)
    if build.state == "ready":
        return parts([], headers={"HX-Redirect": f"/case/{case_id}"})
    html = fill(request, "parts/progress.html", case_id=case_id, build=build)
    return parts([Part("#build-state", html, "innerMorph")])


def retry(request: Request, posted: Posted) -> Response:
    """Build a case again whose build failed."""
    case_id = request.path_params["case"]
    start_build(room_of(request), case_id)
    return redirect(f"/case/{case_id}")
