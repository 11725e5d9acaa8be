"""Error pages: what was wrong, what is allowed, what to do now.

In: an exception. Out: a page, or for htmx a message at the top of the page that is open.
"""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.web.handling import FormExpired, wants_fragment
from caseroom.web.render import Part, fill, parts, show

__all__ = ["on_caseroom_error", "on_http_error", "on_unexpected", "status_of"]

_log = logging.getLogger(__name__)

_STATUS = {
    ExitCode.BAD_INPUT: 400,
    ExitCode.NOT_FOUND: 404,
    ExitCode.ENVIRONMENT: 503,
    ExitCode.DAMAGED: 500,
}
_TITLES = {
    400: "That did not work",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    500: "Something is damaged",
    503: "Caseroom cannot do this now",
}


def status_of(error: CaseroomError) -> int:
    """Give the HTTP status of a refusal."""
    if isinstance(error, FormExpired):
        return 403
    return _STATUS.get(error.code, 400)


def _answer(request: Request, status: int, error: CaseroomError) -> Response:
    if wants_fragment(request):
        html = fill(request, "parts/problem.html", error=error)
        return parts([Part("#notice", html)], status=status)
    title = _TITLES.get(status, "That did not work")
    return show(request, "problem.html", status=status, title=title, error=error)


async def on_caseroom_error(request: Request, error: Exception) -> Response:
    """Show a refusal in its own words."""
    assert isinstance(error, CaseroomError)
    return _answer(request, status_of(error), error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Show what Starlette refused: an unknown address, a method, a form that is too large."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        words = CaseroomError(
            "There is no page at this address.", next_step="go to the list of cases."
        )
    else:
        words = CaseroomError(f"{error.detail}.", next_step="go back and try again.")
    return _answer(request, error.status_code, words)


async def on_unexpected(request: Request, error: Exception) -> Response:
    """Show that something went wrong which nobody foresaw; the log holds the rest."""
    _log.error("unexpected error at %s", request.url.path, exc_info=error)
    words = CaseroomError(
        "Something went wrong that Caseroom did not foresee. What you typed is saved.",
        next_step="load the page again; if it happens again, the terminal shows the details.",
    )
    return _answer(request, 500, words)
