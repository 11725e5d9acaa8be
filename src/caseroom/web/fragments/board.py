"""The evidence board: pinning results and charts, notes, unpinning.

In: `POST /case/ID/pins`, `/pins/P`, `/pins/P/remove`. Out: the board, or a redirect to it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.room import edit_pin, open_room, pin, save_draft, unpin
from caseroom.web.chart_form import choice_from
from caseroom.web.handling import Posted, room_of, wants_fragment, whole_number
from caseroom.web.render import Part, fill, parts, redirect
from caseroom.web.room_parts import CHART_NOTE_DRAFT, NOTE_DRAFT, room_values

__all__ = ["add", "edit", "remove"]


def add(request: Request, posted: Posted) -> Response:
    """Pin a result, or a chart of it, with a note."""
    app, case_id = room_of(request), request.path_params["case"]
    query = whole_number(posted.get("query"), "query number", low=1)
    choice = choice_from(posted.fields)
    pinned = pin(app, case_id, query, posted.get("note").strip(), choice)
    used = NOTE_DRAFT if choice is None else CHART_NOTE_DRAFT
    _forget_note(request, case_id, used)
    say = "Pinned to the evidence board."
    return _board(request, case_id, say=say, new_pin=pinned.id, emptied=used)


def edit(request: Request, posted: Posted) -> Response:
    """Change a pin's note."""
    app, case_id = room_of(request), request.path_params["case"]
    edited = edit_pin(app, case_id, _pin_id(request), posted.get("note").strip())
    return _board(request, case_id, say="The note is saved.", new_pin=edited.id)


def remove(request: Request, posted: Posted) -> Response:
    """Take a pin off the board."""
    app, case_id = room_of(request), request.path_params["case"]
    unpin(app, case_id, _pin_id(request))
    return _board(request, case_id, say="Unpinned.", new_pin=None)


def _pin_id(request: Request) -> int:
    return whole_number(request.path_params["pin"], "pin number", low=1)


def _forget_note(request: Request, case_id: str, field: str) -> None:
    """Empty the note's draft: the pin holds the note now."""
    app = room_of(request)
    draft = open_room(app, case_id).drafts.get(field)
    if draft is not None and draft.text:
        save_draft(app, case_id, field, "", version=draft.version)


def _board(
    request: Request, case_id: str, *, say: str, new_pin: int | None, emptied: str = ""
) -> Response:
    if not wants_fragment(request):
        return redirect(f"/case/{case_id}#{f'pin-{new_pin}' if new_pin else 'board'}")
    values = room_values(room_of(request), case_id) | {"new_pin": new_pin}
    pieces = [Part("#pins", fill(request, "parts/board.html", **values))]
    if emptied:
        place, template = _NOTES[emptied]
        pieces.append(Part(place, fill(request, template, **values)))
    return parts(pieces, say=say)


_NOTES = {
    NOTE_DRAFT: ("#pin-note-box", "parts/pin_note.html"),
    CHART_NOTE_DRAFT: ("#chart-note-box", "parts/chart_note.html"),
}
