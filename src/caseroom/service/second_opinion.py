"""A second opinion: what a configured language model says about an answer that was practiced.

In: an attempt whose answer has an offline report. Out: views of judgments that are kept beside that
report. Nothing is sent unless the person asks about this very answer, and each request is in the
store before the model hears of it. Who asks holds a lock of the operating system: a judgment that
is not done and whose lock is free was interrupted.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from caseroom.grading.judge.endpoint import ModelEndpoint
from caseroom.grading.judge.report import JudgedReport
from caseroom.questions.model import Question
from caseroom.service.app import Caseroom
from caseroom.service.judging import OFFLINE_GRADER, judged_view
from caseroom.service.practice import attempt
from caseroom.service.practice_records import JudgmentRecord, JudgmentState
from caseroom.service.practice_views import ReportView
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = [
    "Opinion",
    "OpinionState",
    "ask_opinion",
    "judge_attempt",
    "latest_opinion",
    "opinions",
    "wait_for_opinion",
]

_log = logging.getLogger(__name__)


class OpinionState(StrEnum):
    """How far a judgment is."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One time that a language model was asked about the answer up to `part`.

    `report_id` is the offline report that it stands beside; `model` and `address` say who was
    asked. When it is done, `stands` is "language model" or "offline grader", and `notice` says in a
    sentence or two who judged, or why nobody did. `judged` is None where there is no report, or
    none that this version can read; `notice` then says so.
    """

    number: int
    part: str
    report_id: int
    state: OpinionState
    model: str
    address: str
    asked_at: datetime
    stands: str
    notice: str
    judged: JudgedReport | None


def ask_opinion(app: Caseroom, attempt_id: str) -> Opinion:
    """Ask the configured model about the newest graded part, behind the caller's back.

    Gives the judgment that runs already, if there is one.

    Raises:
        CaseroomError: For an unknown attempt, one without an answer or with a report on another
            version of the question, and without a usable configuration of a model.
    """
    step, asked = _begin(app, attempt_id)
    if asked is not None:
        try:
            app.errands.start(_name(attempt_id, step.part), lambda: _judge_quietly(app, asked))
        except BaseException:
            asked.held.close()
            raise
    return _newest(app, attempt_id, step.part)


def judge_attempt(app: Caseroom, attempt_id: str) -> Opinion:
    """Ask as `ask_opinion` does, and wait for the answer unless another one waits already.

    Raises:
        CaseroomError: As `ask_opinion` does.
    """
    step, asked = _begin(app, attempt_id)
    if asked is not None:
        _judge(app, asked)
    return _newest(app, attempt_id, step.part)


def opinions(app: Caseroom, attempt_id: str) -> tuple[Opinion, ...]:
    """Give all judgments of an attempt, newest first. Raises CaseroomError for an unknown one."""
    records = app.store.judgments(attempt_id)
    asked = {record.part for record in records if record.state is JudgmentState.ASKED}
    running = {part for part in asked if _is_running(app, attempt_id, part)}
    if asked - running:  # one may have ended between the two looks
        records = app.store.judgments(attempt_id)
    newest = {record.part: record.number for record in records}
    return tuple(
        _opinion(each, running=each.part in running and newest[each.part] == each.number)
        for each in reversed(records)
    )


def latest_opinion(app: Caseroom, attempt_id: str, part: str) -> Opinion | None:
    """Give the newest judgment of the answer up to `part`, None before the first."""
    found = opinions(app, attempt_id)
    return next((opinion for opinion in found if opinion.part == part), None)


def wait_for_opinion(app: Caseroom, attempt_id: str, part: str, seconds: float) -> None:
    """Wait until a judgment that this process runs ends, at most this long."""
    app.errands.wait(_name(attempt_id, part), seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A judgment that is in the store, with what it needs; `held` lets go of lock and endpoint."""

    attempt_id: str
    number: int
    question: Question
    step: ReportView
    endpoint: ModelEndpoint
    held: ExitStack


def _begin(app: Caseroom, attempt_id: str) -> tuple[ReportView, _Asked | None]:
    """Write down that a model is asked; None where another one asks about the same answer."""
    question, step = _material(app, attempt_id)
    with ExitStack() as held:
        endpoint = held.enter_context(closing(app.models.open()))
        if not held.enter_context(app.files.lock(_name(attempt_id, step.part))):
            return step, None
        now = app.clock.now()
        number = app.store.add_judgment(attempt_id, report=step.id, asked=endpoint.identity, at=now)
        return step, _Asked(
            attempt_id=attempt_id,
            number=number,
            question=question,
            step=step,
            endpoint=endpoint,
            held=held.pop_all(),
        )


def _material(app: Caseroom, attempt_id: str) -> tuple[Question, ReportView]:
    """Give the question and the newest report with its text."""
    view = attempt(app, attempt_id)
    if not view.steps:
        raise CaseroomError(
            f"Attempt {attempt_id} has no answer yet.", next_step="hand in an answer first."
        )
    question, step = app.bank.find(view.ask.id), view.steps[-1]
    if [each.id for each in question.points] != [each.point for each in step.report.points]:
        raise CaseroomError(
            f"The report on attempt {attempt_id} is about other points than the question has now.",
            next_step="grade the attempt again, then ask.",
        )
    return question, step


def _judge_quietly(app: Caseroom, asked: _Asked) -> None:
    """Judge in a thread, whose errors nobody would see."""
    try:
        _judge(app, asked)
    except Exception as error:
        _log.warning("judgment %s of %s was not kept: %s", asked.number, asked.attempt_id, error)


def _judge(app: Caseroom, asked: _Asked) -> None:
    """Ask and keep what came of it; lock and endpoint are let go after that."""
    stands, notice, judged = OFFLINE_GRADER, "", None
    with asked.held:
        try:
            view = judged_view(asked.question, asked.step.text, asked.step.report, asked.endpoint)
            stands, notice, judged = view.stands, view.notice, view.judged
        except Exception as error:
            _log.exception("judgment %s of %s broke off", asked.number, asked.attempt_id)
            notice = _broken(error)
        app.store.finish_judgment(
            asked.attempt_id, asked.number, stands=stands, notice=notice, judged=judged
        )


def _broken(error: Exception) -> str:
    """Say that nothing came of a judgment by a fault that is not the model's."""
    why = error.problem if isinstance(error, CaseroomError) else type(error).__name__
    return f"The judgment broke off inside Caseroom ({why}). The offline verdict stands."


def _newest(app: Caseroom, attempt_id: str, part: str) -> Opinion:
    """Give the judgment that was just asked for, or that another one asked for."""
    found = latest_opinion(app, attempt_id, part)
    if found is None:  # another process holds the lock and has not written yet
        raise CaseroomError(
            f"Another Caseroom is just asking about attempt {attempt_id}.",
            next_step="look at the attempt again in a moment.",
            code=ExitCode.ENVIRONMENT,
        )
    return found


def _is_running(app: Caseroom, attempt_id: str, part: str) -> bool:
    with app.files.lock(_name(attempt_id, part)) as free:
        return not free


def _name(attempt_id: str, part: str) -> str:
    """Give the name of the lock and of the thread."""
    return f"judgment-{attempt_id}-{part}"


def _opinion(record: JudgmentRecord, *, running: bool) -> Opinion:
    state = OpinionState.RUNNING if running else OpinionState.INTERRUPTED
    done = record.state is JudgmentState.DONE
    return Opinion(
        number=record.number,
        part=record.part,
        report_id=record.report,
        state=OpinionState.DONE if done else state,
        model=record.model,
        address=record.address,
        asked_at=record.asked_at,
        stands=record.stands,
        notice=record.notice if record.readable else _unreadable(record),
        judged=record.judged,
    )


def _unreadable(record: JudgmentRecord) -> str:
    """Say that the details are of another version; what was said above them is kept."""
    said = "Another version of Caseroom wrote this judgment, and this one can't read its details."
    return f"{record.notice} {said}".strip()
