"""Recovery at start: what a crash cut short is swept away and done again.

In: what store and data folder hold. Out: no half-built file, no case that waits for a build or a
grade. Two Caserooms may share a data folder: a case that another one holds is left to it.
"""

from __future__ import annotations

import logging

from caseroom.case.contract import Progress
from caseroom.service.app import Caseroom
from caseroom.service.cases import build_locked, start_build
from caseroom.service.loading import load_case
from caseroom.service.practice import grade_waiting
from caseroom.service.records import CaseRecord, State
from caseroom.service.submitting import grade_saved
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["recover"]

_log = logging.getLogger(__name__)


def recover(app: Caseroom, *, background: bool = False, progress: Progress | None = None) -> None:
    """Sweep half-built files, finish interrupted builds, grade saved submissions and answers.

    A case that cannot be finished keeps the reason and never keeps the rest from starting.
    `background` is for the web server: builds are finished in threads, and interviews that nobody
    looks at are paused.
    """
    for case_id in app.files.leftovers():
        _tidy(app, case_id)
    for record in app.store.cases():
        if record.state != State.FAILED and record.build_due:
            _finish_build(app, record, background, progress)
        if record.state == State.SUBMITTED:
            _finish_grade(app, record)
    grade_waiting(app)
    if app.store.open_interviews():
        from caseroom.service.interviews import resume_interrupted

        resume_interrupted(app, serving=background)


def _tidy(app: Caseroom, case_id: str) -> None:
    with app.files.lock(case_id) as mine:
        if mine:
            app.files.prune(case_id, keep=_databases(app, case_id))


def _databases(app: Caseroom, case_id: str) -> frozenset[str]:
    try:
        built = app.store.case(case_id).built
    except CaseroomError as error:
        if error.code == ExitCode.NOT_FOUND:  # its row went first: the folder follows
            return frozenset()
        raise
    return frozenset({built.name} if built else ())


def _finish_build(
    app: Caseroom, record: CaseRecord, background: bool, progress: Progress | None
) -> None:
    if background:
        start_build(app, record.id)
        return
    try:
        with app.files.lock(record.id) as mine:
            if mine and app.store.case(record.id).build_due:
                build_locked(app, load_case(app, record.id), progress)
    except Exception as error:
        _log.warning("case %s could not be built again: %s", record.id, error)


def _finish_grade(app: Caseroom, record: CaseRecord) -> None:
    try:
        grade_saved(app, record.id)
    except Exception as error:
        _log.warning("case %s could not be graded: %s", record.id, error)
