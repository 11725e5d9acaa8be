"""The worked solution: the reference solver at work on the same data, step by step.

In: a submitted case. Out: steps that run as they stand. The solver sees only what a candidate sees.
"""

from __future__ import annotations

from pathlib import Path

from caseroom.case.contract import Progress
from caseroom.investigation.desk import LocalDesk, Step
from caseroom.service.app import Caseroom
from caseroom.service.loading import LoadedCase, load_case
from caseroom.service.views import SolutionStep
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["worked_solution"]


def worked_solution(
    app: Caseroom, case_id: str, progress: Progress | None = None
) -> tuple[SolutionStep, ...]:
    """Solve the case as the reference solver does, from its first day on.

    Raises:
        CaseroomError: Before the submission: the solution would give the truth away.
    """
    loaded = load_case(app, case_id)
    if app.store.submission(case_id) is None:
        raise CaseroomError(
            f"Case {case_id} was not submitted yet, and its solution would give the truth away.",
            next_step=f"submit it first: `caseroom form {case_id}`.",
        )
    if case_id not in app.solutions:
        app.solutions[case_id] = _solved(app, loaded, progress)
    return app.solutions[case_id]


def _solved(
    app: Caseroom, loaded: LoadedCase, progress: Progress | None
) -> tuple[SolutionStep, ...]:
    with app.files.scratch() as folder, _desk(loaded, folder, progress) as desk:
        loaded.kind.reference(desk)
        return tuple(_step(step) for step in desk.steps)


def _desk(loaded: LoadedCase, folder: Path, progress: Progress | None) -> LocalDesk:
    if progress is None:
        return LocalDesk(loaded.kind, loaded.case, folder)
    return LocalDesk(loaded.kind, loaded.case, folder, progress=progress)


def _step(step: Step) -> SolutionStep:
    return SolutionStep(
        title=step.title,
        sql=step.sql,
        columns=step.head.columns,
        rows=step.head.rows,
        reading="\n".join(step.notes),
    )
