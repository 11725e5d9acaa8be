"""Mock interviews: history, settings, the interview itself.

In: `GET /interviews`, `GET /interviews/new`, `POST /interviews`, `GET /interviews/N` and its posts.
Out: pages; every post leads back to the page, which shows the exact turn by the server's clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from caseroom.service.app import Caseroom
from caseroom.service.interview_results import list_interviews
from caseroom.service.interview_views import InterviewView
from caseroom.service.interviews import (
    answer_turn,
    end,
    interview,
    open_interview_case,
    pause,
    plan_interview,
    resume,
    save_turn_draft,
    skip_turn,
    start_interview,
    tick,
)
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.handling import Posted, room_of, whole_number
from caseroom.web.interview_parts import interview_values, tick_values
from caseroom.web.interview_setup import FIRST, setup_choices, setup_fields
from caseroom.web.pages.problems import status_of
from caseroom.web.render import redirect, show
from caseroom.web.trend_chart import trend_chart

__all__ = [
    "answer",
    "history",
    "leave",
    "look",
    "new",
    "open_case",
    "read_interview",
    "resume_clock",
    "save_draft",
    "skip",
    "start",
    "stop_clock",
]


_CASE_PAGE = re.compile(r"/case/[\w-]+(/submit|/debrief)?")


def history(request: Request) -> Response:
    """Show all interviews, newest first, and the trend."""
    found = list_interviews(room_of(request))
    return show(request, "interviews.html", interviews=found.interviews, trend=trend_chart(found))


def new(request: Request) -> Response:
    """Show the settings."""
    return _settings(request, FIRST)


def _settings(
    request: Request, typed: Mapping[str, str], error: CaseroomError | None = None
) -> Response:
    return show(
        request,
        "interview_new.html",
        status=status_of(error) if error else 200,
        typed=typed,
        error=error,
        **setup_choices(room_of(request)),
    )


def start(request: Request, posted: Posted) -> Response:
    """Start an interview; settings that are not possible come back with the reason."""
    try:
        setup = plan_interview(**setup_fields(posted.fields))
        view = start_interview(room_of(request), setup)
    except CaseroomError as error:
        return _settings(request, posted.fields, error)
    return redirect(f"/interviews/{view.card.id}")


def _id(request: Request) -> str:
    return request.path_params["interview"]


def read_interview(request: Request) -> Response:
    """Show an interview at its exact turn."""
    return _page(request, interview(room_of(request), _id(request)))


def _page(
    request: Request,
    view: InterviewView,
    *,
    error: CaseroomError | None = None,
    typed: str = "",
) -> Response:
    values = interview_values(view) | {"error": error, "typed": typed}
    return show(request, "interview.html", status=status_of(error) if error else 200, **values)


def _changed(
    request: Request, change: Callable[[Caseroom, str], object], typed: str = "", back: str = ""
) -> Response:
    """Change an interview and go back to its page; a refusal shows the page with the reason.

    `back` may name a page of a case to go to instead.
    """
    app, interview_id = room_of(request), _id(request)
    try:
        change(app, interview_id)
    except CaseroomError as error:
        return _page(request, interview(app, interview_id), error=error, typed=typed)
    return redirect(back if _CASE_PAGE.fullmatch(back) else f"/interviews/{interview_id}")


def answer(request: Request, posted: Posted) -> Response:
    """Take an answer, or keep it as a draft."""
    turn, text = posted.get("turn"), posted.get("text")
    if posted.get("action") == "save":
        version = whole_number(posted.get(f"version:{turn}", "0"), "version")
        return _changed(
            request, lambda app, of: save_turn_draft(app, of, turn, text, version=version), text
        )
    return _changed(request, lambda app, of: answer_turn(app, of, turn, text), text)


def skip(request: Request, posted: Posted) -> Response:
    """Pass on what is asked."""
    return _changed(request, lambda app, of: skip_turn(app, of, posted.get("turn")))


def stop_clock(request: Request, posted: Posted) -> Response:
    """Pause."""
    return _changed(request, pause)


def resume_clock(request: Request, posted: Posted) -> Response:
    """Let the clock run on; from a page of the interview's case, back to that page."""
    return _changed(request, resume, back=posted.get("back"))


def leave(request: Request, posted: Posted) -> Response:
    """Break the interview off."""
    return _changed(request, end)


def open_case(request: Request, posted: Posted) -> Response:
    """Open the case that the interviewer gives."""
    case_id = open_interview_case(room_of(request), _id(request))
    return redirect(f"/case/{case_id}")


def save_draft(request: Request, posted: Posted) -> Response:
    """Save what was typed at a turn."""
    draft = save_turn_draft(
        room_of(request),
        _id(request),
        posted.get("field"),
        posted.get("text"),
        version=whole_number(posted.get("version"), "version"),
    )
    return JSONResponse(asdict(draft))


def look(request: Request, posted: Posted) -> Response:
    """Let the interviewer look at the clock; tell the page where it stands."""
    return JSONResponse(tick_values(tick(room_of(request), _id(request))))
