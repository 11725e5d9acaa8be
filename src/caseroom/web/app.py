"""The Starlette app: addresses, access, security headers, error pages.

In: a `Caseroom` and the secret of the printed address. Out: an ASGI app for this machine only.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from caseroom.service.app import Caseroom
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.assets import static_file
from caseroom.web.auth.local import LocalAccess
from caseroom.web.fragments import board, chart, drafts, evidence, query
from caseroom.web.handling import action, page
from caseroom.web.pages import (
    about,
    attempts,
    building,
    debrief,
    downloads,
    home,
    interviews,
    opinions,
    problems,
    questions,
    scorecards,
    submit,
)
from caseroom.web.pages import room as room_page
from caseroom.web.security import SecurityHeaders

__all__ = ["ROUTES", "create_app"]

CASE = "/case/{case}"
QUESTION = "/questions/{question}"
ATTEMPT = "/attempts/{attempt}"
INTERVIEW = "/interviews/{interview}"

ROUTES = (
    Route("/", page(home.home)),
    Route("/about", page(about.about)),
    Route("/settings", action(home.set_theme), methods=["POST"]),
    Route("/static/{name}", static_file),
    Route("/cases", action(home.start), methods=["POST"]),
    Route(CASE, page(room_page.case_room)),
    Route(f"{CASE}/progress", page(building.progress)),
    Route(f"{CASE}/retry", action(building.retry), methods=["POST"]),
    Route(f"{CASE}/delete", action(home.delete), methods=["POST"]),
    Route(f"{CASE}/query", action(query.run), methods=["POST"]),
    Route(f"{CASE}/query/{{query}}", page(query.show_result)),
    Route(f"{CASE}/query/{{query}}/download/{{format}}", page(downloads.download_result)),
    Route(f"{CASE}/editor", action(query.put_into_editor), methods=["POST"]),
    Route(f"{CASE}/chart", page(chart.draw)),
    Route(f"{CASE}/pins", action(board.add), methods=["POST"]),
    Route(f"{CASE}/pins/{{pin}}", action(board.edit), methods=["POST"]),
    Route(f"{CASE}/pins/{{pin}}/remove", action(board.remove), methods=["POST"]),
    Route(f"{CASE}/quote", page(evidence.quote)),
    Route(f"{CASE}/buy", action(evidence.buy), methods=["POST"]),
    Route(f"{CASE}/purchase", page(evidence.purchase_progress)),
    Route(f"{CASE}/hint", action(evidence.hint), methods=["POST"]),
    Route(f"{CASE}/drafts", action(drafts.save), methods=["POST"]),
    Route(f"{CASE}/submit", page(submit.answer), methods=["GET"]),
    Route(f"{CASE}/submit", action(submit.hand_in), methods=["POST"]),
    Route(f"{CASE}/submit/row", page(submit.add_row)),
    Route(f"{CASE}/submit/check", action(submit.check_part), methods=["POST"]),
    Route(f"{CASE}/submit/review", action(submit.review_part), methods=["POST"]),
    Route(f"{CASE}/debrief", page(debrief.read_debrief)),
    Route(f"{CASE}/solution", page(debrief.solution_part)),
    Route(f"{CASE}/regrade", action(debrief.grade_again), methods=["POST"]),
    Route(f"{CASE}/download/{{format}}", page(downloads.download)),
    Route("/questions", page(questions.questions)),
    Route(QUESTION, page(questions.study)),
    Route(f"{QUESTION}/attempts", action(questions.start), methods=["POST"]),
    Route("/attempts", page(questions.past_attempts)),
    Route(ATTEMPT, page(attempts.read_attempt)),
    Route(f"{ATTEMPT}/drafts", action(attempts.save_draft), methods=["POST"]),
    Route(f"{ATTEMPT}/hand-in", action(attempts.hand_in), methods=["POST"]),
    Route(f"{ATTEMPT}/finish", action(attempts.finish), methods=["POST"]),
    Route(f"{ATTEMPT}/contest", action(attempts.contest_point), methods=["POST"]),
    Route(f"{ATTEMPT}/regrade", action(attempts.grade_again), methods=["POST"]),
    Route(f"{ATTEMPT}/judgment", page(opinions.progress), methods=["GET"]),
    Route(f"{ATTEMPT}/judgment", action(opinions.ask), methods=["POST"]),
    Route("/interviews", page(interviews.history), methods=["GET"]),
    Route("/interviews", action(interviews.start), methods=["POST"]),
    Route("/interviews/new", page(interviews.new)),
    Route(INTERVIEW, page(interviews.read_interview)),
    Route(f"{INTERVIEW}/answer", action(interviews.answer), methods=["POST"]),
    Route(f"{INTERVIEW}/skip", action(interviews.skip), methods=["POST"]),
    Route(f"{INTERVIEW}/pause", action(interviews.stop_clock), methods=["POST"]),
    Route(f"{INTERVIEW}/resume", action(interviews.resume_clock), methods=["POST"]),
    Route(f"{INTERVIEW}/end", action(interviews.leave), methods=["POST"]),
    Route(f"{INTERVIEW}/case", action(interviews.open_case), methods=["POST"]),
    Route(f"{INTERVIEW}/drafts", action(interviews.save_draft), methods=["POST"]),
    Route(f"{INTERVIEW}/tick", action(interviews.look), methods=["POST"]),
    Route(f"{INTERVIEW}/scorecard", page(scorecards.read_scorecard)),
    Route(f"{INTERVIEW}/retry", action(scorecards.retry), methods=["POST"]),
    Route(f"{INTERVIEW}/export/{{format}}", page(scorecards.export)),
)


def create_app(room: Caseroom, *, token: str | None) -> Starlette:
    """Give the app.

    Args:
        room: The application that the pages show.
        token: The secret of the printed address; None lets in everybody on this machine (tests).
    """
    app = Starlette(
        routes=list(ROUTES),
        middleware=[Middleware(SecurityHeaders), Middleware(LocalAccess, token=token)],
        exception_handlers={
            CaseroomError: problems.on_caseroom_error,
            HTTPException: problems.on_http_error,
            Exception: problems.on_unexpected,
        },
    )
    app.state.room = room
    return app
