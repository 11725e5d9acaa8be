"""What the pages of an attempt show, as values for their templates.

In: an attempt and the part that is looked at. Out: the marked answer, bands in words, what moved
between two reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from caseroom.debrief.highlights import Mark, Piece, pieces
from caseroom.grading.text.report import AnswerReport
from caseroom.questions.model import Band
from caseroom.service.practice_views import AttemptView, ContestView, PartView, ReportView

__all__ = [
    "LEVELS",
    "PARTS",
    "MarkedPiece",
    "Step",
    "feedback_values",
    "level_words",
    "marked_answer",
    "shown_report",
    "steps",
    "turn_values",
]

LEVELS = {
    1: "no usable answer",
    2: "some points, or the gate point is missing",
    3: "the gate point and about half of the points",
    4: "the gate point and most points",
    5: "nearly everything",
}
PARTS = {
    "answer": "Your answer",
    "follow_up_1": "First follow-up",
    "follow_up_2": "Second follow-up",
}
FOLLOW_UP_SECONDS = 90
_PACE = 140
_PITFALL = "pitfall:"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPiece:
    """A piece of the answer: the labels it belongs to, and those that end with it.

    White space on its own is not `marked`, whatever covers it.
    """

    text: str
    marked: bool
    labels: tuple[str, ...]
    ends: tuple[str, ...]
    pitfall: bool
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The verdict after a part, and which points moved since the part before it."""

    part: str
    report: ReportView
    moved: tuple[str, ...]


def turn_values(view: AttemptView) -> dict[str, Any]:
    """Give what the answer form reads: whose turn it is and the time for it."""
    turn = next((part for part in view.parts if part.part == view.turn), None)
    limit = view.ask.minutes * 60 if view.turn == "answer" else FOLLOW_UP_SECONDS
    return {
        "view": view,
        "turn": turn,
        "turn_text": turn.draft.text if turn and turn.draft else "",
        "turn_version": turn.draft.version if turn and turn.draft else 0,
        "limit": limit,
        "pace": round(limit / 60 * _PACE / 10) * 10,
        "part_names": PARTS,
    }


def shown_report(view: AttemptView, part: str) -> ReportView | None:
    """Give the report after `part`; the last one where that part has none."""
    chosen = next((step for step in view.steps if step.part == part), None)
    return chosen or (view.steps[-1] if view.steps else None)


def feedback_values(view: AttemptView, shown: ReportView) -> dict[str, Any]:
    """Give what the feedback reads."""
    report = shown.report
    return {
        "shown": shown,
        "report": report,
        "numbers": {verdict.point: number for number, verdict in enumerate(report.points, 1)},
        "pieces": marked_answer(shown.text, report),
        "steps": steps(view),
        "level_words": level_words(report),
        "said_before": _said_before(view, shown),
        "bands": tuple(Band),
        "score_line": score_line(report),
        "latest": view.steps[-1].id == shown.id,
    }


def level_words(report: AnswerReport) -> str:
    """Say what a level means in this report."""
    if report.level == 2:
        missing = report.gate.band is Band.NOT_FOUND
        return "the gate point is missing" if missing else "some points"
    return LEVELS[report.level]


def _said_before(view: AttemptView, shown: ReportView) -> dict[str, ContestView]:
    """Give per point what the person last said against it in a report before the shown one."""
    return {contest.point_id: contest for contest in view.contests if contest.report_id < shown.id}


def score_line(report: AnswerReport) -> str:
    """Give the points as a range: found, to found with every "perhaps"."""
    low, high = report.found, report.found + report.perhaps
    return str(low) if low == high else f"{low}–{high}"


def marked_answer(text: str, report: AnswerReport) -> tuple[MarkedPiece, ...]:
    """Split an answer where points and pitfalls rest on it; marks may overlap."""
    marks = [
        Mark(start=verdict.span.start, end=verdict.span.end, label=verdict.point)
        for verdict in report.points
        if verdict.span is not None
    ]
    marks += [
        Mark(start=hit.span.start, end=hit.span.end, label=_PITFALL + hit.pitfall)
        for hit in report.pitfalls
    ]
    found = {verdict.point for verdict in report.points if verdict.band is Band.FOUND}
    return tuple(_with_ends(pieces(text, marks), found))


def _with_ends(split: tuple[Piece, ...], found: set[str]) -> Iterable[MarkedPiece]:
    following = [piece.labels for piece in split[1:]] + [()]
    for piece, after in zip(split, following, strict=True):
        yield MarkedPiece(
            text=piece.text,
            marked=bool(piece.labels and piece.text.strip()),
            labels=piece.labels,
            ends=tuple(label for label in piece.labels if label not in after),
            pitfall=any(label.startswith(_PITFALL) for label in piece.labels),
            found=any(label in found for label in piece.labels),
        )


def steps(view: AttemptView) -> tuple[Step, ...]:
    """Give the verdicts in order, each with what moved since the one before."""
    made: list[Step] = []
    before: ReportView | None = None
    for part in view.parts:
        if part.report is not None:
            made.append(_step(part, part.report, before))
            before = part.report
    return tuple(made)


def _step(part: PartView, now: ReportView, before: ReportView | None) -> Step:
    earlier = {verdict.point: verdict.band for verdict in before.report.points} if before else {}
    moved = tuple(
        f"{number}. {earlier[verdict.point]} → {verdict.band}"
        for number, verdict in enumerate(now.report.points, 1)
        if earlier.get(verdict.point, verdict.band) is not verdict.band
    )
    return Step(part=part.part, report=now, moved=moved)
