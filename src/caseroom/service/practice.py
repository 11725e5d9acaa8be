"""Use cases of the question bank and of practice: finding, studying, answering, contesting.

In: what a person looks for and types. Out: views. A text is saved before it is graded, so that a
crash in between loses nothing: it is graded at the next start, or when the attempt is opened.
"""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from enum import StrEnum
from typing import TypeVar

from caseroom.grading.text.report import AnswerReport
from caseroom.questions.model import Band, Category, Question, Round
from caseroom.service.app import Bank, Caseroom
from caseroom.service.practice_cards import (
    attempt_card,
    contest_views,
    joined,
    part_draft_view,
    question_card,
    question_view,
    report_views,
)
from caseroom.service.practice_records import (
    AnswerRecord,
    AttemptRecord,
    AttemptState,
    Mode,
    Part,
    PartDraftRecord,
)
from caseroom.service.practice_views import (
    AttemptCard,
    AttemptView,
    PartView,
    QuestionCard,
    QuestionFilter,
    QuestionView,
    ReportView,
)
from caseroom.service.texts import clean
from caseroom.service.views import DraftView
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.vocabulary.levels import Competency, Level, Vertical

__all__ = [
    "LONGEST_ANSWER",
    "LONGEST_REASON",
    "MOST_SECONDS",
    "attempt",
    "contest",
    "find_attempt",
    "finish_attempt",
    "grade_text",
    "grade_waiting",
    "hand_in_part",
    "list_attempts",
    "list_questions",
    "one_word",
    "open_question",
    "regrade_attempt",
    "save_attempt_draft",
    "spoken",
    "start_attempt",
]

LONGEST_ANSWER = 20_000
"""Characters of one part: about 25 minutes of speech."""

LONGEST_REASON = 2_000
MOST_SECONDS = 7 * 24 * 3600
"""A timer that shows more than a week is wrong."""

_log = logging.getLogger(__name__)
_Word = TypeVar("_Word", bound=StrEnum)


def list_questions(
    app: Caseroom, filters: QuestionFilter | None = None
) -> tuple[QuestionCard, ...]:
    """Give the questions that fit every filter, in the order of their ids.

    Raises:
        CaseroomError: For a filter value that there is not, with those there are.
    """
    asked = filters or QuestionFilter()
    _require_filters(asked)
    attempts: dict[str, list[AttemptRecord]] = defaultdict(list)
    for record in app.store.attempts():
        attempts[record.question].append(record)
    found = app.bank.search(
        asked.text,
        category=asked.category,
        round=asked.round,
        level=asked.level,
        vertical=asked.vertical,
        competency=asked.competency,
    )
    cards = (question_card(question, attempts[question.id]) for question in found)
    return tuple(card for card in cards if _is_wanted(card, asked.answered))


def open_question(app: Caseroom, question_id: str) -> QuestionView:
    """Give a question to study, with past attempts.

    Raises:
        CaseroomError: For an unknown question.
    """
    question = app.bank.find(question_id)
    return question_view(question, app.store.attempts(question.id))


def list_attempts(app: Caseroom) -> tuple[AttemptCard, ...]:
    """Give a card per attempt, newest first; one whose question is gone is named by its id."""
    titles = {question.id: question.title for question in app.bank.search("")}
    records = app.store.attempts()
    return tuple(attempt_card(each, titles.get(each.question, each.question)) for each in records)


def start_attempt(
    app: Caseroom, question_id: str, *, mode: str = "drill", origin: str = ""
) -> AttemptView:
    """Start an attempt, or resume the unfinished one of this question in this mode.

    Args:
        app: The application.
        question_id: A question of the bank.
        mode: "drill" hides the rubric until an answer is handed in, "study" shows it.
        origin: The interview that the question is retried from.

    Raises:
        CaseroomError: For an unknown question or mode.
    """
    question = app.bank.find(question_id)
    chosen = one_word(Mode, mode, "mode of practice")
    attempt_id = secrets.token_hex(4)
    record = app.store.add_attempt(attempt_id, question.id, chosen, origin, app.clock.now())
    return attempt(app, record.id)


def attempt(app: Caseroom, attempt_id: str) -> AttemptView:
    """Give an attempt as it stands; a part that a crash left without a report is graded first.

    Raises:
        CaseroomError: For an unknown attempt, or one whose question is no longer in the bank.
    """
    record = app.store.attempt(attempt_id)
    question = app.bank.find(record.question)
    if set(record.handed_in) - set(record.levels):
        _grade(app, attempt_id, question, again=False)
        record = app.store.attempt(attempt_id)
    return _view(app, record, question)


def find_attempt(app: Caseroom, text: str) -> str:
    """Give the id of the attempt that `text` names: an id, the beginning of one, or "last".

    Raises:
        CaseroomError: When no attempt, or more than one, fits.
    """
    ids = [record.id for record in app.store.attempts()]
    fitting = ids[:1] if text == "last" else [known for known in ids if known.startswith(text)]
    if len(fitting) == 1:
        return fitting[0]
    raise CaseroomError(
        f"{len(fitting)} attempts begin with {text!r}." if fitting else f"No attempt {text!r}.",
        allowed=", ".join([*(fitting or ids)[:10], "last"]) if ids else "",
        next_step="`caseroom questions show QUESTION` lists attempts; `caseroom drill` makes one.",
        code=ExitCode.NOT_FOUND,
    )


def save_attempt_draft(
    app: Caseroom, attempt_id: str, part: str, text: str, *, version: int, seconds: int
) -> DraftView:
    """Save what was typed into a part on top of the version that it was typed on (0 for none).

    Raises:
        CaseroomError: For an unknown part, one that was handed in, or a text that is too long.
    """
    place, typed, used = _checked(part, text, seconds)
    if place in app.store.attempt(attempt_id).handed_in:
        raise CaseroomError(
            f"The part {place} of attempt {attempt_id} was handed in already.",
            next_step="copy your text, reload the page and answer the next part.",
        )
    current, kept = app.store.save_part_draft(
        attempt_id, place, typed, version=version, seconds=used, at=app.clock.now()
    )
    return part_draft_view(current, kept)


def hand_in_part(
    app: Caseroom, attempt_id: str, part: str, text: str, *, seconds: int
) -> AttemptView:
    """Save a part, then grade the answer with all follow-ups so far.

    Raises:
        CaseroomError: For an empty or too long text, a part out of turn, and a finished attempt.
    """
    place, typed, used = _checked(part, text, seconds)
    if not typed.strip():
        raise CaseroomError(
            f"The part {place} is empty.",
            allowed="an answer in words",
            next_step="write what you would say; finish the attempt to see the rubric without it.",
        )
    app.store.add_answer(attempt_id, place, typed, seconds=used, at=app.clock.now())
    return attempt(app, attempt_id)


def finish_attempt(app: Caseroom, attempt_id: str) -> AttemptView:
    """Close an attempt: no further follow-ups; the rubric is shown from now on."""
    app.store.finish_attempt(attempt_id, app.clock.now())
    return attempt(app, attempt_id)


def contest(
    app: Caseroom, attempt_id: str, report_id: int, point_id: str, band: str, reason: str
) -> AttemptView:
    """Keep what the person says against a verdict; the machine's verdict stays as it is.

    Raises:
        CaseroomError: For an unknown report, point or band, and without a reason.
    """
    chosen, why = one_word(Band, band, "band"), clean(reason).strip()
    if not why or len(why) > LONGEST_REASON:
        raise CaseroomError(
            "The reason is empty." if not why else f"The reason has {len(why):,} characters.",
            allowed=f"1 to {LONGEST_REASON:,} characters",
            next_step="say in a sentence which words of the answer cover the point, or do not.",
        )
    _require_point(app, attempt_id, report_id, point_id)
    app.store.add_contest(
        attempt_id, report=report_id, point=point_id, band=chosen, reason=why, at=app.clock.now()
    )
    return attempt(app, attempt_id)


def regrade_attempt(app: Caseroom, attempt_id: str) -> AttemptView:
    """Grade every part again with today's grader; the earlier reports stay."""
    record = app.store.attempt(attempt_id)
    if not record.handed_in:
        raise CaseroomError(
            f"Attempt {attempt_id} has no answer yet.", next_step="hand in an answer first."
        )
    _grade(app, attempt_id, app.bank.find(record.question), again=True)
    return attempt(app, attempt_id)


def grade_text(question_id: str, text: str, bank: Bank | None = None) -> AnswerReport:
    """Grade a text that is not kept anywhere.

    Raises:
        CaseroomError: For an unknown question or a text that is too long.
    """
    source = bank or Bank()
    return source.grade(source.find(question_id), spoken(text))


def grade_waiting(app: Caseroom) -> None:
    """Grade what a crash left without a report; one that can't be graded keeps no other waiting."""
    for attempt_id in app.store.ungraded():
        try:
            question = app.bank.find(app.store.attempt(attempt_id).question)
            _grade(app, attempt_id, question, again=False)
        except Exception as error:
            _log.warning("attempt %s could not be graded: %s", attempt_id, error)


def spoken(text: str) -> str:
    """Give a text as it is kept: storable characters, line feeds only.

    Raises:
        CaseroomError: For a text that is longer than any answer can be.
    """
    if len(text) > LONGEST_ANSWER:
        raise CaseroomError(
            f"The answer has {len(text):,} characters.",
            allowed=f"up to {LONGEST_ANSWER:,} characters",
            next_step="shorten it: a spoken answer of five minutes has about 4,000.",
        )
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")


def one_word(words: type[_Word], text: str, noun: str) -> _Word:
    """Read a word of an enumeration; raise CaseroomError that lists them for another one."""
    try:
        return words(text)
    except ValueError:
        raise CaseroomError(
            f"There is no {noun} {text!r}.",
            allowed=", ".join(words),
            next_step="choose one of these.",
        ) from None


def _require_filters(asked: QuestionFilter) -> None:
    offered: tuple[tuple[type[StrEnum], str, str], ...] = (
        (Category, asked.category, "category"),
        (Round, asked.round, "round"),
        (Level, asked.level, "level"),
        (Vertical, asked.vertical, "vertical"),
        (Competency, asked.competency, "competency"),
    )
    for words, text, noun in offered:
        if text:
            one_word(words, text, noun)
    if asked.answered not in ("", "yes", "no"):
        raise CaseroomError(
            f"{asked.answered!r} does not say whether a question was answered.",
            allowed="yes, no, or nothing for both",
            next_step="choose one of these.",
        )


def _is_wanted(card: QuestionCard, answered: str) -> bool:
    return not answered or (card.times_answered > 0) == (answered == "yes")


def _checked(part: str, text: str, seconds: int) -> tuple[Part, str, int]:
    return one_word(Part, part, "part of an attempt"), spoken(text), _checked_seconds(seconds)


def _checked_seconds(seconds: int) -> int:
    if not 0 <= seconds <= MOST_SECONDS:
        raise CaseroomError(
            f"{seconds} is not a number of seconds that an answer takes.",
            allowed=f"0 to {MOST_SECONDS:,}",
            next_step="send the seconds that the timer shows.",
        )
    return int(seconds)


def _require_point(app: Caseroom, attempt_id: str, report_id: int, point_id: str) -> None:
    reports = {record.number: record.report for record in app.store.attempt_reports(attempt_id)}
    points = [each.point for each in reports[report_id].points] if report_id in reports else []
    if point_id not in points:
        raise CaseroomError(
            f"Report {report_id} of attempt {attempt_id} has no point {point_id!r}.",
            allowed=", ".join(points),
            next_step="open the attempt to see its reports with their points.",
            code=ExitCode.NOT_FOUND,
        )


def _grade(app: Caseroom, attempt_id: str, question: Question, *, again: bool) -> None:
    answers = app.store.answers(attempt_id)
    graded = {record.part for record in app.store.attempt_reports(attempt_id)}
    for answer in answers:
        if again or answer.part not in graded:
            report = app.bank.grade(question, joined(answers, answer.part))
            now = app.clock.now()
            app.store.add_attempt_report(attempt_id, answer.part, report, now, again=again)


def _view(app: Caseroom, record: AttemptRecord, question: Question) -> AttemptView:
    answers = app.store.answers(record.id)
    stored = app.store.attempt_reports(record.id)
    contests = contest_views(app.store.contests(record.id), stored)
    reports = report_views(stored, answers, contests)
    drafts = {draft.part: draft for draft in app.store.part_drafts(record.id)}
    study = question_view(question, app.store.attempts(question.id))
    turn = _turn(record)
    shown = (*record.handed_in, turn) if turn else record.handed_in
    parts = tuple(_part_view(part, question, answers, drafts.get(part), reports) for part in shown)
    return AttemptView(
        card=attempt_card(record, question.title),
        ask=study.card,
        question=study if _is_open_book(record) else None,
        parts=parts,
        turn=turn or "",
        drafts={part: part_draft_view(draft) for part, draft in drafts.items()},
        reports=reports,
        contests=contests,
        seconds=sum(part.seconds for part in parts),
    )


def _turn(record: AttemptRecord) -> Part | None:
    """Give the part whose turn it is, None when the attempt is finished."""
    if record.state is AttemptState.FINISHED:
        return None
    return next((part for part in Part if part not in record.handed_in), None)


def _is_open_book(record: AttemptRecord) -> bool:
    """Tell whether the rubric may be seen: in study, after an answer, or when given up."""
    closed = record.state is AttemptState.FINISHED
    return record.mode is Mode.STUDY or bool(record.handed_in) or closed


def _part_view(
    part: Part,
    question: Question,
    answers: tuple[AnswerRecord, ...],
    draft: PartDraftRecord | None,
    reports: tuple[ReportView, ...],
) -> PartView:
    answer = next((each for each in answers if each.part is part), None)
    of_part = tuple(report for report in reports if report.part == part)
    timed = answer or draft
    return PartView(
        part=part,
        prompt=(question.ask, *question.follow_ups)[tuple(Part).index(part)],
        text=answer.text if answer is not None else None,
        draft=part_draft_view(draft) if draft is not None else None,
        seconds=timed.seconds if timed is not None else 0,
        handed_in_at=answer.at if answer is not None else None,
        report=of_part[0] if of_part else None,
        earlier=of_part[1:],
    )
