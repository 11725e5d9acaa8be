"""Loading a case: its record from the store, its kind from the registry, the case drawn again.

In: a case id. Out: a `LoadedCase`. The truth is never stored: it is drawn from the spec each time
(and kept in memory for the few cases that were last in use).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from caseroom.case.contract import Case, CaseKind, CaseSpec, Purchase
from caseroom.investigation.log import InvestigationLog
from caseroom.service.app import Caseroom
from caseroom.service.records import BuiltFile, CaseRecord, State
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["LoadedCase", "load_case", "purchases_of", "ready_database", "require_not_submitted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCase:
    """A case with everything that belongs to it."""

    record: CaseRecord
    kind: CaseKind
    case: Case


def load_case(app: Caseroom, case_id: str) -> LoadedCase:
    """Load a case.

    Raises:
        CaseroomError: For an unknown id, or a case of another version of its kind.
    """
    record = app.store.case(case_id)
    kind = app.kinds.load(record.spec.kind)
    _require_version(record, kind)
    return LoadedCase(record=record, kind=kind, case=_drawn(kind.draw, record.spec))


def purchases_of(log: InvestigationLog) -> tuple[Purchase, ...]:
    """Give what was bought, oldest first, as the kind's functions take it."""
    return tuple(entry.purchase for entry in log.purchases)


def ready_database(app: Caseroom, record: CaseRecord) -> Path:
    """Give the path of a case's database as it stands.

    Raises:
        CaseroomError: While it is being built, after a failed build, or when the file is damaged.
    """
    return app.files.database(record.id, built_file(record))


def built_file(record: CaseRecord) -> BuiltFile:
    """Give the built file of a case that has one; otherwise raise CaseroomError with the reason."""
    if record.built is not None:
        return record.built
    if record.state == State.FAILED:
        raise CaseroomError(
            f"Case {record.id} could not be built: {record.error}",
            next_step=f"run `caseroom rebuild {record.id}`, or delete it and start another.",
            code=ExitCode.ENVIRONMENT,
        )
    raise CaseroomError(
        f"Case {record.id} is still being built.",
        next_step="wait a few seconds and try again.",
        code=ExitCode.ENVIRONMENT,
    )


def require_not_submitted(record: CaseRecord) -> None:
    """Raise CaseroomError for a case that was submitted: its investigation is over."""
    if record.state in (State.SUBMITTED, State.GRADED):
        raise CaseroomError(
            f"Case {record.id} was submitted already.",
            allowed="one submission per case; queries stay possible",
            next_step=f"read `caseroom debrief {record.id}`, or start the kind with a new seed.",
        )


def _require_version(record: CaseRecord, kind: CaseKind) -> None:
    if record.spec.version != kind.version:
        raise CaseroomError(
            f"Case {record.id} was made by {record.spec.content_id}, "
            f"and this Caseroom has {kind.id}-v{kind.version}.",
            next_step="install the Caseroom that made it, or delete the case and start a new one.",
            code=ExitCode.ENVIRONMENT,
        )


@lru_cache(maxsize=8)  # a case on real data holds some 50 MB
def _drawn(draw: Callable[[CaseSpec], Case], spec: CaseSpec) -> Case:
    return draw(spec)
