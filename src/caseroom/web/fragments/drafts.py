"""Saving what is typed, field by field.

In: `POST /case/ID/drafts` with field, text and the version that the page knows. Out: JSON with the
version now saved; on a conflict the newer text, while the caller's own is kept in the history.
"""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from caseroom.service.room import save_draft
from caseroom.web.handling import Posted, room_of, whole_number

__all__ = ["save"]


def save(request: Request, posted: Posted) -> Response:
    """Save one field."""
    draft = save_draft(
        room_of(request),
        request.path_params["case"],
        posted.get("field"),
        posted.get("text"),
        version=whole_number(posted.get("version"), "version"),
    )
    return JSONResponse(asdict(draft))
