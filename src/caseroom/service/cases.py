"""Use cases of the case list: kinds, starting, building, finding and deleting cases.

In: what a person chose. Out: cards and build states; a built case opens in `service.room`.
"""

from __future__ import annotations

import contextlib
import difflib
import logging
import secrets
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from caseroom.case.contract import CaseKind, CaseSpec, Progress, SourceData
from caseroom.service.app import Caseroom, Kinds
from caseroom.service.loading import LoadedCase, load_case
from caseroom.service.records import CaseRecord, State
from caseroom.service.views import BuildState, CaseCard, KindCard
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.vocabulary.levels import Level, Vertical

__all__ = [
    "LARGEST_SEED",
    "CaseBusy",
    "build_case",
    "build_locked",
    "build_state",
    "busy",
    "card",
    "create_case",
    "delete_case",
    "find_case",
    "list_cases",
    "list_kinds",
    "one_of",
    "rebuild_case",
    "start_build",
]

LARGEST_SEED = 2**63 - 1
"""Seeds are whole numbers from 0 to this one (what a database column holds)."""

_SURPRISES = 1_000_000  # a drawn seed stays short enough to be read out to a friend

_log = logging.getLogger(__name__)
_Word = TypeVar("_Word", bound=StrEnum)


def list_kinds(kinds: Kinds | None = None) -> tuple[KindCard, ...]:
    """Give a card per case kind, in the order in which they are offered."""
    source = kinds or Kinds()
    return tuple(_kind_card(source.load(kind_id)) for kind_id in source.ids())


def list_cases(app: Caseroom) -> tuple[CaseCard, ...]:
    """Give a card per started case, newest first."""
    return tuple(card(record) for record in app.store.cases())


def find_case(app: Caseroom, text: str) -> str:
    """Give the id of the case that `text` names: an id, the beginning of one, or "last".

    Raises:
        CaseroomError: When no case, or more than one, fits.
    """
    ids = [record.id for record in app.store.cases()]
    fitting = ids[:1] if text == "last" else [known for known in ids if known.startswith(text)]
    if len(fitting) == 1:
        return fitting[0]
    raise _not_one_case(text, fitting, ids)


def create_case(
    app: Caseroom,
    kind: str,
    *,
    seed: int | None,
    level: str,
    vertical: str,
    data: Path | None = None,
) -> CaseCard:
    """Check what was chosen and save a case in state building; `seed` None draws one.

    Raises:
        CaseroomError: For an unknown kind, level, vertical or seed, or a table that cannot be read.
    """
    chosen = app.kinds.load(kind)
    spec = CaseSpec(
        kind=chosen.id,
        version=chosen.version,
        seed=_checked_seed(seed),
        level=one_of(Level, level, chosen.levels, "level", kind),
        vertical=one_of(Vertical, vertical, chosen.verticals, "vertical", kind),
        source=_kept_source(app, chosen, data),
    )
    title = chosen.draw(spec).brief.title
    return card(app.store.add_case(secrets.token_hex(4), spec, title, app.clock.now()))


def build_case(app: Caseroom, case_id: str, progress: Progress | None = None) -> None:
    """Build the case's database as it stands after its purchases, and switch to it in one step.

    Raises:
        CaseroomError: When another process builds it, or the build fails (the reason is kept).
    """
    with app.files.lock(case_id) as mine:
        if not mine:
            raise busy(case_id)
        if app.store.case(case_id).build_due:
            build_locked(app, load_case(app, case_id), progress)


def rebuild_case(app: Caseroom, case_id: str, progress: Progress | None = None) -> None:
    """Build the database again, byte for byte as it was, whatever happened to the file."""
    with app.files.lock(case_id) as mine:
        if not mine:
            raise busy(case_id)
        build_locked(app, load_case(app, case_id), progress)


def start_build(app: Caseroom, case_id: str) -> None:
    """Build in a background thread; `build_state` tells how far it is."""
    app.builds.start(case_id, lambda: _build_quietly(app, case_id))


def build_state(app: Caseroom, case_id: str) -> BuildState:
    """Tell how far a case's build is."""
    record, running = app.store.case(case_id), app.builds.state(case_id)
    if running is None or (running.state == "failed" and not record.error):
        return _stored_state(record)  # nothing ran here, or somebody has put it right since
    return running


def delete_case(app: Caseroom, case_id: str) -> None:
    """Delete a case with its files and its whole history."""
    record = app.store.case(case_id)
    with app.files.lock(case_id) as mine:
        if not mine:
            raise busy(case_id)
        _forget(app, record)
        app.files.delete(case_id)
        app.store.delete_case(case_id)
    app.builds.forget(case_id)


def card(record: CaseRecord) -> CaseCard:
    """Give the card of a case."""
    return CaseCard(
        id=record.id,
        kind=record.spec.kind,
        title=record.title,
        seed=record.spec.seed,
        level=record.spec.level,
        vertical=record.spec.vertical,
        state=record.state,
        created_at=record.created_at,
        total=record.total,
        passed=record.passed,
    )


class CaseBusy(CaseroomError):
    """A case that is being built or graded right now, here or by another process."""


def busy(case_id: str) -> CaseBusy:
    """Give the refusal for a case that somebody else holds."""
    return CaseBusy(
        f"Case {case_id} is being built right now.",
        next_step="wait until that has finished and try again.",
        code=ExitCode.ENVIRONMENT,
    )


def build_locked(app: Caseroom, loaded: LoadedCase, progress: Progress | None = None) -> None:
    """Build a case whose lock the caller holds; a failure is recorded and raised."""
    case_id = loaded.record.id
    tell = app.builds.progress(case_id, progress)
    try:
        _build_and_switch(app, loaded, tell)
    except Exception as error:
        app.store.set_failed(case_id, str(error))
        app.builds.report(case_id, "failed", str(error), 1.0)
        raise
    app.builds.report(case_id, "ready", "Ready", 1.0)


def _build_and_switch(app: Caseroom, loaded: LoadedCase, tell: Progress) -> None:
    record = loaded.record
    bought = app.store.log(record.id).purchases
    purchases = tuple(entry.purchase for entry in bought)
    name = f"company-{bought[-1].id}.duckdb" if bought else "company.duckdb"
    tell("Building the company", 0.0)
    built = app.files.build(
        record.id,
        name,
        len(purchases),
        lambda path: loaded.kind.build(loaded.case, purchases, path, tell),
    )
    app.store.set_built(record.id, built)
    _drop_older(app, record, name)


def _drop_older(app: Caseroom, record: CaseRecord, name: str) -> None:
    """Keep the new file and the one before it, which a running query may still have open."""
    before: set[str] = set()
    if record.built is not None and record.built.name != name:
        before = {record.built.name}
        _forget(app, record)
    app.files.prune(record.id, keep=frozenset({name} | before))


def _forget(app: Caseroom, record: CaseRecord) -> None:
    """Let the query workers go of a case's file; a damaged one they can't have."""
    if record.built is not None:
        with contextlib.suppress(CaseroomError):
            app.sandbox.forget(app.files.database(record.id, record.built))


def _build_quietly(app: Caseroom, case_id: str) -> None:
    try:
        build_case(app, case_id)
    except CaseBusy:
        app.builds.forget(case_id)  # the one who holds it tells how far it is
    except CaseroomError as error:
        app.builds.report(case_id, "failed", str(error), 1.0)
    except Exception:
        _log.exception("building case %s failed", case_id)
        app.builds.report(case_id, "failed", "An unexpected error; the log has it.", 1.0)


def _stored_state(record: CaseRecord) -> BuildState:
    if record.state == State.FAILED:
        return BuildState(state="failed", message=record.error, share=1.0)
    if record.build_due:
        return BuildState(state="building", message="Waiting to be built", share=0.0)
    return BuildState(state="ready", message="Ready", share=1.0)


def _kind_card(kind: CaseKind) -> KindCard:
    return KindCard(
        id=kind.id,
        version=kind.version,
        title=kind.title,
        summary=kind.summary,
        trains=tuple(kind.trains),
        minutes=kind.minutes,
        levels=kind.levels,
        verticals=kind.verticals,
        takes_data=kind.takes_data,
    )


def _checked_seed(seed: int | None) -> int:
    if seed is None:
        return secrets.randbelow(_SURPRISES)
    if not 0 <= seed <= LARGEST_SEED:
        raise CaseroomError(
            f"{seed} is not a seed.",
            allowed=f"a whole number from 0 to {LARGEST_SEED}",
            next_step="choose another number, or none for a surprise.",
        )
    return seed


def one_of(words: type[_Word], text: str, some: tuple[_Word, ...], noun: str, kind: str) -> _Word:
    """Read a word of an enumeration that a kind offers; raise CaseroomError for another one."""
    allowed = [str(word) for word in some]
    if text in allowed:
        return words(text)
    close = difflib.get_close_matches(text, allowed, n=1)
    raise CaseroomError(
        f"{kind} has no {noun} {text!r}.",
        allowed=", ".join(allowed),
        next_step=f"did you mean {close[0]}?" if close else f"choose one of these {noun}s.",
    )


def _kept_source(app: Caseroom, kind: CaseKind, data: Path | None) -> SourceData | None:
    if data is None:
        return None
    if not kind.takes_data:
        raise CaseroomError(
            f"{kind.id} makes its own company and takes no data file.",
            next_step=f"leave {data} out, or choose a kind that takes data: data-audit.",
        )
    return app.files.keep_source(data)


def _not_one_case(text: str, fitting: list[str], ids: list[str]) -> CaseroomError:
    if not ids:
        return CaseroomError(
            f"There is no case {text!r}: none was started yet.",
            next_step="start one with `caseroom new KIND`; `caseroom cases` lists the kinds.",
            code=ExitCode.NOT_FOUND,
        )
    problem = f"{len(fitting)} cases begin with {text!r}." if fitting else f"No case {text!r}."
    return CaseroomError(
        problem,
        allowed=", ".join(fitting or ids[:10]) + ", last",
        next_step="`caseroom list` shows all of them.",
        code=ExitCode.NOT_FOUND,
    )
