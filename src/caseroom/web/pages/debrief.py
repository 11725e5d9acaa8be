"""The debrief: score, truth, consequence, process, calibration, worked solution, what to do next.

In: `GET /case/ID/debrief`, `GET /case/ID/solution`, `POST /case/ID/regrade`. Out: one page; the
worked solution is fetched when it is asked for, because it runs the reference solver.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from caseroom.case.form import DecisionField, Form
from caseroom.debrief.highlights import Mark, Piece, pieces
from caseroom.grading.evidence import GradeReport
from caseroom.service.cases import list_cases, list_kinds
from caseroom.service.room import open_room
from caseroom.service.solution import worked_solution
from caseroom.service.submitting import debrief, regrade
from caseroom.service.views import DebriefView
from caseroom.web.futures import future_charts
from caseroom.web.handling import Posted, room_of
from caseroom.web.interview_parts import case_banner
from caseroom.web.render import Part, fill, parts, redirect, show

__all__ = ["grade_again", "read_debrief", "solution_part"]

_SUBMITTED = ("submitted", "graded")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text field of the answer with the words that criteria rest on."""

    label: str
    pieces: tuple[Piece, ...]


def read_debrief(request: Request) -> Response:
    """Show the debrief; before there is a submission, go to the form."""
    app, case_id = room_of(request), request.path_params["case"]
    card = next((card for card in list_cases(app) if card.id == case_id), None)
    if card is not None and card.state not in _SUBMITTED:
        return redirect(f"/case/{case_id}/submit")
    view = debrief(app, case_id)
    kind = next((kind for kind in list_kinds(app.kinds) if kind.id == view.card.kind), None)
    form = open_room(app, case_id).form
    asked = "solution" in request.query_params
    return show(
        request,
        "debrief.html",
        id=case_id,
        view=view,
        kind=kind,
        band=total_band(view.report),
        charts=future_charts(view.consequence),
        options=option_values(view, form),
        marked=marked_texts(view, form),
        labels={item.criterion: item.label for item in view.report.evidence},
        steps=worked_solution(app, case_id) if asked else None,
        **case_banner(app, case_id),
    )


def total_band(report: GradeReport) -> str:
    """Say in words where the total lies; a band, because a decimal would claim too much."""
    if report.passed:
        return "Strong" if report.total >= (100 + report.pass_mark) / 2 else "Passed"
    return "Close" if report.total >= report.pass_mark - 15 else "Not passed"


def option_values(view: DebriefView, form: Form) -> list[tuple[str, int]]:
    """Give every option in the form's words with its value, the best first."""
    labels = {
        option.id: option.label
        for field in form.fields
        if isinstance(field, DecisionField)
        for option in field.options
    }
    ranked = sorted(view.consequence.values.items(), key=lambda item: -item[1])
    return [(labels.get(option, option), cents) for option, cents in ranked]


def marked_texts(view: DebriefView, form: Form) -> tuple[MarkedText, ...]:
    """Give the texts of the answer that some criterion quotes, with the quoted words marked."""
    labels = {field.id: field.label for field in form.fields}
    marks: dict[str, list[Mark]] = {}
    for item in view.report.evidence:
        for span in item.spans:
            if span.source == "field" and span.end > span.start:
                mark = Mark(start=span.start, end=span.end, label=item.criterion)
                marks.setdefault(span.ref, []).append(mark)
    return tuple(
        MarkedText(labels.get(field, field), pieces(text, found))
        for field, found in marks.items()
        if isinstance(text := view.submission.get(field), str)
    )


def solution_part(request: Request) -> Response:
    """Give htmx the worked solution."""
    app, case_id = room_of(request), request.path_params["case"]
    steps = worked_solution(app, case_id)
    html = fill(request, "parts/solution.html", id=case_id, steps=steps, focus=True)
    return parts(
        [Part("#solution-steps", html)], say=f"The worked solution has {len(steps)} steps."
    )


def grade_again(request: Request, posted: Posted) -> Response:
    """Grade the submission again with today's grader; earlier reports stay."""
    app, case_id = room_of(request), request.path_params["case"]
    regrade(app, case_id)
    return redirect(f"/case/{case_id}/debrief#reports")
