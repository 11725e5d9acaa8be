"""The question bank: searching, studying a question, starting an attempt, past attempts.

In: `GET /questions`, `GET /questions/ID`, `POST /questions/ID/attempts`, `GET /attempts`. Out: the
list (as a part while it is searched), the study page, or a redirect to the attempt.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.practice import (
    list_attempts,
    list_questions,
    open_question,
    start_attempt,
)
from caseroom.service.practice_views import QuestionFilter
from caseroom.web.filters import plural
from caseroom.web.handling import Posted, room_of, wants_fragment
from caseroom.web.question_filters import asked_filter, facets, list_address
from caseroom.web.render import Part, fill, parts, redirect, show

__all__ = ["past_attempts", "questions", "start", "study"]

_MOST_UNFINISHED = 3


def questions(request: Request) -> Response:
    """Show the questions that fit; while somebody types, only the list and the counts."""
    asked = asked_filter(request.query_params)
    values = _found(request, asked)
    if not wants_fragment(request):
        unfinished = [card for card in list_attempts(room_of(request)) if card.state == "open"]
        return show(request, "questions.html", unfinished=unfinished[:_MOST_UNFINISHED], **values)
    pieces = [Part("#found", fill(request, "parts/questions_found.html", **values))]
    for facet in values["facets"]:
        options = fill(request, "parts/facet_options.html", facet=facet)
        pieces.append(Part(f"#filter-{facet.name}", options))
    say = f"{plural(len(values['found']), 'question')} found."
    return parts(pieces, say=say, headers={"HX-Replace-Url": list_address(asked)})


def _found(request: Request, asked: QuestionFilter) -> dict[str, Any]:
    app = room_of(request)
    found = list_questions(app, asked)
    by_words = list_questions(app, QuestionFilter(text=asked.text))
    return {
        "asked": asked,
        "found": found,
        "total": len(list_questions(app)),
        "facets": facets(by_words, asked),
        "without_words": list_address(replace(asked, text="")),
    }


def study(request: Request) -> Response:
    """Show a question with its rubric, practices, pitfalls and model answer."""
    view = open_question(room_of(request), request.path_params["question"])
    return show(request, "question.html", view=view)


def start(request: Request, posted: Posted) -> Response:
    """Start an attempt, or go on with the unfinished one."""
    question = request.path_params["question"]
    view = start_attempt(room_of(request), question, mode=posted.get("mode", "drill"))
    return redirect(f"/attempts/{view.card.id}")


def past_attempts(request: Request) -> Response:
    """Show all attempts, newest first."""
    return show(request, "attempts.html", attempts=list_attempts(room_of(request)))
