"""Use cases of the end of a case: checking, submitting, debrief, regrading.

In: a raw submission. Out: a debrief. What was handed in is saved before it is graded, so that a
crash in between loses nothing: `service.recovery` grades it at the next start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caseroom.case.contract import Consequence
from caseroom.case.form import FormatProblem, Submission
from caseroom.case.parse import parse_submission, warnings
from caseroom.debrief.calibration import calibration_sentence, interval_coverage
from caseroom.debrief.next_steps import next_steps
from caseroom.debrief.timeline import timeline
from caseroom.grading.evidence import GradeReport
from caseroom.grading.report import grade, submission_digest
from caseroom.investigation.log import InvestigationLog
from caseroom.service.app import Caseroom
from caseroom.service.cases import busy, card
from caseroom.service.loading import (
    LoadedCase,
    built_file,
    load_case,
    purchases_of,
    require_not_submitted,
)
from caseroom.service.pausing import require_not_paused
from caseroom.service.records import SubmissionRecord
from caseroom.service.texts import plain_raw
from caseroom.service.views import DebriefView, SubmissionCheck
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["check_submission", "debrief", "grade_saved", "regrade", "submit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _HandedIn:
    """A saved submission with all that its grade follows from."""

    loaded: LoadedCase
    record: SubmissionRecord
    log: InvestigationLog
    submission: Submission
    consequence: Consequence


def check_submission(app: Caseroom, case_id: str, raw: Mapping[str, Any]) -> SubmissionCheck:
    """Check the format of a submission; never costs an attempt."""
    form = load_case(app, case_id).case.form
    submission, problems = parse_submission(form, plain_raw(raw))
    soft = warnings(form, submission) if submission is not None else ()
    return SubmissionCheck(problems=problems, warnings=soft)


def submit(
    app: Caseroom, case_id: str, raw: Mapping[str, Any], *, self_score: float | None
) -> DebriefView:
    """Save a submission, then grade it and give the debrief.

    `self_score` is the total (0 to 100) that the person expects.

    Raises:
        CaseroomError: For format problems (all of them; nothing is saved then), a self-score out
            of range, a case that is still being built or whose interview is paused, and a second
            submission.
    """
    loaded = load_case(app, case_id)
    require_not_submitted(loaded.record)
    require_not_paused(app, case_id)
    built_file(loaded.record)
    plain = plain_raw(raw)
    _require_readable(loaded, plain)
    _require_self_score(self_score)
    with app.files.lock(case_id) as mine:
        if not mine:
            raise busy(case_id)
        app.store.add_submission(
            case_id,
            raw=plain,
            sha256=submission_digest(plain),
            self_score=self_score,
            at=app.clock.now(),
        )
        _grade(app, case_id)
    return debrief(app, case_id)


def grade_saved(app: Caseroom, case_id: str) -> None:
    """Grade a submission that was saved and has no report yet; no more than one process does."""
    with app.files.lock(case_id) as mine:
        if mine and not app.store.reports(case_id):
            _grade(app, case_id)


def regrade(app: Caseroom, case_id: str) -> DebriefView:
    """Grade the submission again with today's grader; the earlier reports stay."""
    with app.files.lock(case_id) as mine:
        if not mine:
            raise busy(case_id)
        _grade(app, case_id)
    return debrief(app, case_id)


def debrief(app: Caseroom, case_id: str) -> DebriefView:
    """Give score, truth, consequence, process and what to do next.

    Raises:
        CaseroomError: Before there is a submission.
    """
    handed_in = _handed_in(app, case_id)
    if not app.store.reports(case_id):
        grade_saved(app, case_id)
    reports = tuple(entry.report for entry in app.store.reports(case_id))
    if not reports:
        raise busy(case_id)
    return _view(app, handed_in, reports)


def _grade(app: Caseroom, case_id: str) -> None:
    it = _handed_in(app, case_id)
    report = grade(it.loaded.case, it.loaded.kind, it.log, it.submission, it.consequence)
    app.store.add_report(case_id, it.record.number, report, app.clock.now())


def _handed_in(app: Caseroom, case_id: str) -> _HandedIn:
    """Load what was handed in, with the investigation as it stood at that moment."""
    loaded = load_case(app, case_id)
    record = app.store.submission(case_id)
    if record is None:
        raise CaseroomError(
            f"Case {case_id} was not submitted yet, so there is no debrief.",
            next_step=f"fill in `caseroom form {case_id}` and `caseroom submit {case_id} FILE`.",
        )
    submission = _require_readable(loaded, record.raw)
    log = app.store.log(case_id, before=record.seq)
    consequence = loaded.kind.consequence(loaded.case, purchases_of(log), submission)
    return _HandedIn(
        loaded=loaded, record=record, log=log, submission=submission, consequence=consequence
    )


def _view(app: Caseroom, it: _HandedIn, reports: tuple[GradeReport, ...]) -> DebriefView:
    record = app.store.case(it.loaded.record.id)
    newest = reports[0]
    return DebriefView(
        card=card(record),
        report=newest,
        reports=reports,
        truth=it.loaded.case.truth,
        consequence=it.consequence,
        timeline=timeline(it.loaded.case, it.log, started=record.created_at),
        self_score=it.record.self_score,
        calibration=_calibration(it, newest),
        submission=it.record.raw,
        next_steps=next_steps(it.loaded.kind, it.loaded.case, newest),
        hints_taken=it.log.hints_taken,
    )


def _calibration(it: _HandedIn, report: GradeReport) -> str:
    own = calibration_sentence(it.record.self_score, report.total)
    return " ".join((own, *interval_coverage(it.loaded.case, it.submission, it.consequence)))


def _require_readable(loaded: LoadedCase, raw: Mapping[str, Any]) -> Submission:
    submission, problems = parse_submission(loaded.case.form, raw)
    if submission is None:
        raise _unreadable(problems)
    return submission


def _unreadable(problems: tuple[FormatProblem, ...]) -> CaseroomError:
    lines = [f"{p.field}: {p.problem} (allowed: {p.allowed})" for p in problems]
    count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
    return CaseroomError(
        f"The submission has {count}: " + "; ".join(lines) + ".",
        next_step="correct these fields and submit again; this attempt was not counted.",
    )


def _require_self_score(self_score: float | None) -> None:
    if self_score is not None and not 0 <= self_score <= 100:
        raise CaseroomError(
            f"{self_score:g} is not a self-score.",
            allowed="a number from 0 to 100: the total that you expect",
            next_step="correct the self-score, or leave it out.",
        )
