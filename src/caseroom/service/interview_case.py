"""The case room inside an interview: starting a real case, and folding its result in.

In: an interview that asks for a case. Out: a case of `service.cases`, linked to the turn that asked
for it; when its company is built the interviewer's clock starts, when it is graded the round ends.
"""

from __future__ import annotations

from caseroom.interview.events import CaseFinished, CaseOpened
from caseroom.interview.state import CaseRequest, CaseTurn, Phase, State
from caseroom.service.app import Caseroom
from caseroom.service.cases import build_case, build_state, create_case, delete_case, start_build
from caseroom.service.interview_state import Running, happen
from caseroom.service.interview_views import InterviewCase
from caseroom.service.records import CaseRecord
from caseroom.service.records import State as CaseState
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.vocabulary.levels import Level

__all__ = ["case_of_turn", "fold_results", "open_case_of_turn", "refuse_without_case"]

_LEVELS = tuple(Level)


def open_case_of_turn(app: Caseroom, running: Running, *, background: bool) -> str:
    """Give the id of the case of this turn; the first call creates it and builds its company.

    Raises:
        CaseroomError: When the interview does not ask for a case now.
    """
    request = _request(running)
    case_id = app.store.linked_case(running.id, running.turn)
    if case_id is None:
        case_id = _created(app, running, request)
    record = app.store.case(case_id)
    if record.build_due:
        start_build(app, case_id) if background else build_case(app, case_id)
    return case_id


def case_of_turn(app: Caseroom, running: Running) -> InterviewCase | None:
    """Tell about the case of this turn, None where none is asked for."""
    if running.state.phase is not Phase.CASE:
        return None
    turn = running.state.cases[-1]
    case_id = app.store.linked_case(running.id, running.turn) or turn.case_id
    record = _case(app, case_id)
    return InterviewCase(
        case_id=case_id if record else "",
        kind=record.spec.kind if record else turn.request.kind,
        build=build_state(app, case_id) if record else None,
        graded=record is not None and record.state is CaseState.GRADED,
    )


def fold_results(app: Caseroom, running: Running) -> Running:
    """Add what happened to the interview's cases since: one was built, one was graded."""
    if running.state.phase is Phase.CASE and not running.state.cases[-1].case_id:
        case_id = app.store.linked_case(running.id, running.turn)
        record = _case(app, case_id) if case_id else None
        if record is not None and not record.build_due:
            running = happen(app, running, CaseOpened(case_id=record.id))
    for turn in running.state.cases:
        record = _case(app, turn.case_id) if _waits(running.state, turn) else None
        if record is not None and record.state is CaseState.GRADED:
            running = happen(app, running, _finished(record))
    return running


def refuse_without_case(app: Caseroom, running: Running) -> None:
    """Raise CaseroomError when the interview waits for a case that was not handed in."""
    waiting = [turn.case_id for turn in running.state.cases if _waits(running.state, turn)]
    if waiting:
        raise CaseroomError(
            f"Case {waiting[-1]} has no result yet.",
            next_step=f"hand it in with `caseroom submit {waiting[-1]} FILE`, or skip it.",
        )
    if not running.state.cases:
        raise CaseroomError(
            f"Interview {running.id} has no case.", next_step="answer its questions."
        )


def _waits(state: State, turn: CaseTurn) -> bool:
    """Tell whether a case may still bring a result: open, or out of time."""
    return bool(turn.case_id) and turn.score is None and turn.status in ("open", "time")


def _request(running: Running) -> CaseRequest:
    if running.state.phase is not Phase.CASE:
        raise CaseroomError(
            f"Interview {running.id} does not ask for a case now.",
            allowed="a case when the interviewer gives one",
            next_step=f"`caseroom interview show {running.id}` tells where it stands.",
        )
    return running.state.cases[-1].request


def _created(app: Caseroom, running: Running, request: CaseRequest) -> str:
    """Create the case; when another window was faster, its case is taken."""
    kind = _kind(app, request)
    level, vertical = _fitting(app, kind, request)
    card = create_case(app, kind, seed=request.seed, level=level, vertical=vertical)
    linked = app.store.link_case(running.id, running.turn, card.id, app.clock.now())
    if linked != card.id:
        delete_case(app, card.id)
    return linked


def _kind(app: Caseroom, request: CaseRequest) -> str:
    """Give the kind that was asked for, or another one where this program does not have it."""
    ids = app.kinds.ids()
    return request.kind if request.kind in ids else ids[request.seed % len(ids)]


def _fitting(app: Caseroom, kind_id: str, request: CaseRequest) -> tuple[str, str]:
    """Give level and vertical as asked for, or the nearest that the kind has."""
    kind = app.kinds.load(kind_id)
    wanted = _LEVELS.index(request.level)
    level = min(kind.levels, key=lambda each: abs(_LEVELS.index(each) - wanted))
    offers = request.vertical in kind.verticals
    return level, request.vertical if offers else kind.verticals[0]


def _finished(record: CaseRecord) -> CaseFinished:
    passed = "passed" if record.passed else "not passed"
    summary = f"{record.title}: {record.total or 0:.0f} of 100, {passed}."
    return CaseFinished(
        case_id=record.id, score=record.total, passed=record.passed, summary=summary
    )


def _case(app: Caseroom, case_id: str) -> CaseRecord | None:
    """Give a case, None for one that was deleted."""
    try:
        return app.store.case(case_id)
    except CaseroomError as error:
        if error.code == ExitCode.NOT_FOUND:
            return None
        raise
