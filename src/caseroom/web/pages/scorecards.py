"""After an interview: the scorecard, retrying a question, files to take away.

In: `GET /interviews/N/scorecard`, `POST /interviews/N/retry`, `GET /interviews/N/export/FORMAT`.
Out: a page, a redirect to an attempt of practice, a file.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.interview_results import export_transcript, retry_question, scorecard
from caseroom.service.interviews import interview
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.handling import Posted, room_of
from caseroom.web.interview_parts import scorecard_values, spoken_lines
from caseroom.web.pages.downloads import attachment
from caseroom.web.render import redirect, show

__all__ = ["export", "read_scorecard", "retry"]


def read_scorecard(request: Request) -> Response:
    """Show the scorecard; a running interview is shown itself."""
    app, interview_id = room_of(request), request.path_params["interview"]
    view = interview(app, interview_id)
    if view.card.state != "closed":
        return redirect(f"/interviews/{interview_id}")
    transcript = spoken_lines(view.status.transcript)
    try:
        values = scorecard_values(scorecard(app, interview_id))
    except CaseroomError as error:
        return show(
            request,
            "scorecard_empty.html",
            id=interview_id,
            title=view.card.title,
            error=error,
            transcript=transcript,
        )
    return show(request, "scorecard.html", transcript=transcript, **values)


def retry(request: Request, posted: Posted) -> Response:
    """Start a drill of one of the interview's questions."""
    interview_id = request.path_params["interview"]
    view = retry_question(room_of(request), interview_id, posted.get("question"))
    return redirect(f"/attempts/{view.card.id}")


def export(request: Request) -> Response:
    """Give the transcript, with the scorecard of a closed interview, as a file."""
    interview_id, wanted = request.path_params["interview"], request.path_params["format"]
    return attachment(*export_transcript(room_of(request), interview_id, wanted))
