"""An attempt at a question: the answer form, the feedback, contests, follow-ups.

In: `GET /attempts/N`, `POST /attempts/N/drafts|hand-in|finish|contest|regrade`. Out: one page that
shows the attempt as it stands; `?part=` looks at the feedback before a follow-up.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from caseroom.service.practice import (
    attempt,
    contest,
    finish_attempt,
    hand_in_part,
    regrade_attempt,
    save_attempt_draft,
)
from caseroom.service.practice_views import AttemptView
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.attempt_parts import feedback_values, shown_report, turn_values
from caseroom.web.handling import Posted, room_of, wants_fragment, whole_number
from caseroom.web.opinion_parts import opinion_values
from caseroom.web.pages.problems import status_of
from caseroom.web.render import Part, fill, parts, redirect, show

__all__ = ["contest_point", "finish", "grade_again", "hand_in", "read_attempt", "save_draft"]


def read_attempt(request: Request) -> Response:
    """Show an attempt as it stands."""
    view = attempt(room_of(request), _id(request))
    return _page(request, view, part=request.query_params.get("part", ""))


def _id(request: Request) -> str:
    return request.path_params["attempt"]


def _page(
    request: Request,
    view: AttemptView,
    *,
    part: str = "",
    error: CaseroomError | None = None,
    typed: str | None = None,
) -> Response:
    shown = shown_report(view, part)
    values: dict[str, Any] = turn_values(view)
    if shown is not None:
        latest = shown.id == view.steps[-1].id
        values |= opinion_values(
            room_of(request), view.card.id, shown.part, shown.id, latest=latest
        )
        values |= feedback_values(view, shown)
    values |= {"shown": shown, "error": error, "typed": typed, "id": view.card.id}
    return show(request, "attempt.html", status=status_of(error) if error else 200, **values)


def save_draft(request: Request, posted: Posted) -> Response:
    """Save what was typed, with the seconds that the timer shows."""
    draft = save_attempt_draft(
        room_of(request),
        _id(request),
        posted.get("field"),
        posted.get("text"),
        version=whole_number(posted.get("version"), "version"),
        seconds=whole_number(posted.get("seconds", "0"), "number of seconds"),
    )
    return JSONResponse(asdict(draft))


def hand_in(request: Request, posted: Posted) -> Response:
    """Hand a part in, or keep its draft; a refusal shows the page again with the text."""
    app, attempt_id = room_of(request), _id(request)
    part, text = posted.get("part"), posted.get("text")
    try:
        seconds = whole_number(posted.get("seconds", "0"), "number of seconds")
        if posted.get("action") == "save":
            version = whole_number(posted.get(f"version:{part}", "0"), "version")
            save_attempt_draft(app, attempt_id, part, text, version=version, seconds=seconds)
            return redirect(f"/attempts/{attempt_id}")
        hand_in_part(app, attempt_id, part, text, seconds=seconds)
    except CaseroomError as error:
        return _page(request, attempt(app, attempt_id), error=error, typed=text)
    return redirect(f"/attempts/{attempt_id}#feedback")


def finish(request: Request, posted: Posted) -> Response:
    """Close the attempt."""
    finish_attempt(room_of(request), _id(request))
    return redirect(f"/attempts/{_id(request)}")


def contest_point(request: Request, posted: Posted) -> Response:
    """Keep the person's own verdict on a point beside the machine's."""
    app, attempt_id = room_of(request), _id(request)
    report_id = whole_number(posted.get("report"), "report number", low=1)
    point = posted.get("point")
    view = contest(app, attempt_id, report_id, point, posted.get("band"), posted.get("reason"))
    shown = next((report for report in view.steps if report.id == report_id), None)
    if shown is None or not wants_fragment(request):
        return redirect(f"/attempts/{attempt_id}#point-{point}")
    values = feedback_values(view, shown) | {"id": attempt_id}
    verdict = next(each for each in shown.report.points if each.point == point)
    html = fill(request, "parts/point.html", verdict=verdict, just_contested=True, **values)
    return parts([Part(f"#point-{point}", html)], say="Kept beside the machine's verdict.")


def grade_again(request: Request, posted: Posted) -> Response:
    """Grade again with today's grader; earlier reports stay."""
    regrade_attempt(room_of(request), _id(request))
    return redirect(f"/attempts/{_id(request)}#reports")
