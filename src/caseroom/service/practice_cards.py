"""From records of practice to views.

In: questions of the bank and what the store keeps. Out: the values of `service.practice_views`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from caseroom.questions.model import Question
from caseroom.service.practice_records import (
    AnswerRecord,
    AttemptRecord,
    AttemptReportRecord,
    ContestRecord,
    Mode,
    Part,
    PartDraftRecord,
)
from caseroom.service.practice_views import (
    AttemptCard,
    ContestView,
    PitfallCard,
    PointCard,
    QuestionCard,
    QuestionView,
    ReportView,
)
from caseroom.service.views import DraftView

__all__ = [
    "attempt_card",
    "contest_views",
    "joined",
    "part_draft_view",
    "question_card",
    "question_view",
    "report_views",
]


def question_card(question: Question, attempts: Iterable[AttemptRecord]) -> QuestionCard:
    """Give the card of a question; `attempts` are those at it, newest first."""
    drills = [each for each in attempts if each.mode is Mode.DRILL and each.handed_in]
    levels = [each.levels[Part.ANSWER] for each in drills if Part.ANSWER in each.levels]
    return QuestionCard(
        id=question.id,
        title=question.title,
        ask=question.ask,
        category=question.category,
        round=question.round,
        level=question.level,
        vertical=question.vertical,
        competencies=question.competencies,
        minutes=question.minutes,
        times_answered=len(drills),
        best_level=max(levels, default=None),
        last_level=levels[0] if levels else None,
    )


def question_view(question: Question, attempts: Sequence[AttemptRecord]) -> QuestionView:
    """Give everything of a question that a person may read."""
    return QuestionView(
        card=question_card(question, attempts),
        points=tuple(
            PointCard(
                id=point.id,
                statement=point.statement,
                kind=point.kind,
                weight=point.weight,
                gate=point.gate,
            )
            for point in question.points
        ),
        pitfalls=tuple(
            PitfallCard(id=each.id, statement=each.statement) for each in question.pitfalls
        ),
        best_practices=question.best_practices,
        avoid=question.avoid,
        vertical_points=question.vertical_points,
        follow_ups=question.follow_ups,
        model_answer=question.model_answer,
        note=question.note,
        attempts=tuple(attempt_card(each, question.title) for each in attempts),
    )


def attempt_card(record: AttemptRecord, title: str) -> AttemptCard:
    """Give the card of an attempt."""
    graded = [record.levels[part] for part in Part if part in record.levels]
    return AttemptCard(
        id=record.id,
        question=record.question,
        title=title,
        mode=record.mode,
        state=record.state,
        origin=record.origin,
        started_at=record.created_at,
        finished_at=record.finished_at,
        seconds=record.seconds,
        level=graded[0] if graded else None,
        level_after=graded[-1] if graded else None,
    )


def joined(answers: Iterable[AnswerRecord], last: Part) -> str:
    """Give the answer with all follow-ups up to `last`, as it is graded: one paragraph break each.

    Example:
        >>> from datetime import UTC, datetime
        >>> at = datetime(2025, 3, 1, tzinfo=UTC)
        >>> one = AnswerRecord(part=Part.ANSWER, text="We asked.", seconds=9, at=at)
        >>> joined([one], Part.FOLLOW_UP_1)
        'We asked.'
    """
    order = tuple(Part)
    upto = order[: order.index(last) + 1]
    return "\n\n".join(answer.text for answer in answers if answer.part in upto)


def report_views(
    reports: Sequence[AttemptReportRecord],
    answers: Sequence[AnswerRecord],
    contests: Sequence[ContestView],
) -> tuple[ReportView, ...]:
    """Give all reports of an attempt with their texts and what was contested, newest first."""
    said: dict[int, dict[str, ContestView]] = defaultdict(dict)
    for contest in contests:
        said[contest.report_id][contest.point_id] = contest
    return tuple(
        ReportView(
            id=record.number,
            part=record.part,
            text=joined(answers, record.part),
            report=record.report,
            at=record.at,
            contests=said[record.number],
        )
        for record in reversed(reports)
    )


def contest_views(
    contests: Iterable[ContestRecord], reports: Iterable[AttemptReportRecord]
) -> tuple[ContestView, ...]:
    """Give what was contested beside the machine's verdicts, oldest first."""
    verdicts = {
        (record.number, verdict.point): verdict
        for record in reports
        for verdict in record.report.points
    }
    return tuple(
        ContestView(
            report_id=contest.report,
            point_id=contest.point,
            statement=verdicts[contest.report, contest.point].statement,
            machine=verdicts[contest.report, contest.point].band,
            band=contest.band,
            reason=contest.reason,
            at=contest.at,
        )
        for contest in contests
    )


def part_draft_view(current: PartDraftRecord, kept: PartDraftRecord | None = None) -> DraftView:
    """Give a draft of a part; `kept` is the caller's own text where another one had come first."""
    return DraftView(
        field=current.part,
        text=current.text,
        version=current.version,
        conflict=kept is not None,
        kept_version=kept.version if kept is not None else None,
    )
