"""The answer: the form of the case, drafts, the format check, and submitting once.

In: `GET /case/ID/submit` (`checked`, `review`, `rows` in the query string), `POST /case/ID/submit`
(`action` is save, rows, check, review or submit), and from htmx `POST /submit/check`,
`POST /submit/review` and `GET /submit/row`. Out: the form, the check's result, or a redirect to
the debrief.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from caseroom.case.form import FindingsField
from caseroom.service.room import open_room
from caseroom.service.submitting import check_submission, submit
from caseroom.service.views import RoomView, SubmissionCheck
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.answer_form import (
    SELF_SCORE,
    by_field,
    form_values,
    raw_answer,
    save_typed,
    self_score,
)
from caseroom.web.handling import Posted, room_of, whole_number
from caseroom.web.interview_parts import case_banner
from caseroom.web.pages.problems import status_of
from caseroom.web.render import Part, fill, parts, redirect, show

__all__ = ["add_row", "answer", "check_part", "hand_in", "review_part"]

_SUBMITTED = ("submitted", "graded")
_MORE_ROWS = 3


def answer(request: Request) -> Response:
    """Show the form; with `checked` or `review` in the address, also the check of what is saved."""
    app, case_id = room_of(request), request.path_params["case"]
    room = open_room(app, case_id)
    if room.card.state in _SUBMITTED:
        return redirect(f"/case/{case_id}/debrief")
    asked = request.query_params
    check = None
    if "checked" in asked or "review" in asked:
        texts = {name: draft.text for name, draft in room.drafts.items()}
        check = check_submission(app, case_id, raw_answer(room.form, texts))
    more = whole_number(asked["rows"], "number of rows") if "rows" in asked else 0
    return _show(request, room, check=check, review="review" in asked, more_rows=more)


def _show(
    request: Request,
    room: RoomView,
    *,
    check: SubmissionCheck | None = None,
    review: bool = False,
    more_rows: int = 0,
    error: CaseroomError | None = None,
    conflicts: dict[str, str] | None = None,
) -> Response:
    status = status_of(error) if error else 409 if conflicts else 200
    return show(
        request,
        "submit.html",
        status=status,
        id=room.card.id,
        room=room,
        error=error,
        conflicts=conflicts or {},
        problems=by_field(check.problems if check else ()),
        **_check_values(room, check, review),
        **(form_values(room, more_rows=more_rows)),
        **case_banner(room_of(request), room.card.id),
    )


def _check_values(room: RoomView, check: SubmissionCheck | None, review: bool) -> dict[str, Any]:
    draft = room.drafts.get(SELF_SCORE)
    return {
        "check": check,
        "review": review,
        "has_self_score": bool(draft and draft.text.strip()),
    }


def hand_in(request: Request, posted: Posted) -> Response:
    """Save what was typed, then do what the pressed button says."""
    app, case_id = room_of(request), request.path_params["case"]
    room = open_room(app, case_id)
    if room.card.state in _SUBMITTED:  # a second click, or an old tab
        return redirect(f"/case/{case_id}/debrief")
    conflicts = save_typed(app, case_id, room, posted.fields)
    if conflicts:
        return _show(request, open_room(app, case_id), conflicts=conflicts)
    action = posted.get("action")
    if action == "submit":
        return _submit(request, posted, room)
    ends = {"check": "?checked=1#check", "review": "?review=1#check", "rows": f"?rows={_MORE_ROWS}"}
    return redirect(f"/case/{case_id}/submit{ends.get(action, '')}")


def _submit(request: Request, posted: Posted, room: RoomView) -> Response:
    app, case_id = room_of(request), room.card.id
    raw = raw_answer(room.form, posted.fields)
    check = check_submission(app, case_id, raw)
    try:
        if not check.problems:
            submit(app, case_id, raw, self_score=self_score(posted.fields))
            return redirect(f"/case/{case_id}/debrief")
    except CaseroomError as error:
        now = open_room(app, case_id)
        if now.card.state in _SUBMITTED:
            return redirect(f"/case/{case_id}/debrief")
        return _show(request, now, error=error)
    return _show(request, open_room(app, case_id), check=check, review=True)


def check_part(request: Request, posted: Posted) -> Response:
    """Give htmx the check of what stands in the form now."""
    return _checked(request, posted, review=False)


def review_part(request: Request, posted: Posted) -> Response:
    """Give htmx the check and, where the format is right, the button that submits for good."""
    return _checked(request, posted, review=True)


def _checked(request: Request, posted: Posted, *, review: bool) -> Response:
    app, case_id = room_of(request), request.path_params["case"]
    room = open_room(app, case_id)
    check = check_submission(app, case_id, raw_answer(room.form, posted.fields))
    values = form_values(room) | _check_values(room, check, review)
    values["has_self_score"] = bool(posted.get(SELF_SCORE).strip())
    found = by_field(check.problems)
    pieces = [Part("#check", fill(request, "parts/check.html", **values))]
    for field in room.form.fields:
        html = fill(request, "parts/field_problem.html", field_problems=found.get(field.id, ()))
        pieces.append(Part(f"#problem-{field.id}", html))
    return parts(pieces)


def add_row(request: Request) -> Response:
    """Give htmx one more row for a list of findings."""
    app, case_id = room_of(request), request.path_params["case"]
    room = open_room(app, case_id)
    asked = request.query_params
    field = next((f for f in room.form.fields if f.id == asked.get("field")), None)
    number = whole_number(asked.get("number"), "row number")
    if not isinstance(field, FindingsField) or number >= field.most:
        raise CaseroomError(
            "There is no more room for findings.", next_step="use the rows there are."
        )
    values = form_values(room) | {
        "id": case_id,
        "field": field,
        "number": number,
        "problems": {},
        "conflicts": {},
    }
    row = fill(request, "parts/finding_row.html", **values)
    more = fill(request, "parts/more_rows.html", **values)
    return parts(
        [Part(f"#rows-{field.id}", row, "beforeend"), Part(f"#more-{field.id}", more)],
        say=f"Finding {number + 1} added.",
    )
