"""A paused interview locks the case that belongs to it: the clock stands still, so work does too.

In: a case id. Out: nothing, or a refusal that names the interview. Reading stays possible, and so
does saving what was typed: a pause must never cost anybody a word.
"""

from __future__ import annotations

from caseroom.service.app import Caseroom
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["CasePaused", "require_not_paused"]


class CasePaused(CaseroomError):
    """The interview that the case belongs to is paused; `interview_id` names it."""

    def __init__(self, interview_id: str, case_id: str) -> None:
        self.interview_id = interview_id
        super().__init__(
            f"Interview {interview_id} is paused, and case {case_id} is a part of it.",
            allowed="reading and typing; queries, evidence, hints and handing in wait",
            next_step=f"go on with `caseroom interview resume {interview_id}`, or with “Go on” on "
            f"the page /interviews/{interview_id}.",
        )


def require_not_paused(app: Caseroom, case_id: str) -> None:
    """Let work on a case pass unless its interview is paused.

    Raises:
        CasePaused: While it is.
    """
    interview_id = app.store.interview_of_case(case_id)
    if interview_id is None:
        return
    from caseroom.service.interview_state import load  # large; most cases have no interview

    running = load(app, interview_id)
    if not running.record.closed and running.state.clock.paused is not None:
        raise CasePaused(interview_id, case_id)
