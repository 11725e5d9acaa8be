"""One draw of a kind, put to the test: determinism, leaks, solvers, samples with known scores.

In: a kind, a seed, a level. Out: a `DrawResult`. What a kind does wrong, also an exception in its
functions, becomes a failure in words.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from caseroom.case.contract import Case, CaseKind, CaseSpec
from caseroom.case.form import ProbabilitiesField
from caseroom.case.rubric import CauseRule, MemoRule, ProcessRule
from caseroom.grading.check_result import DrawResult, UnderCheck
from caseroom.grading.check_rubric import rubric_problems
from caseroom.grading.check_samples import check_samples
from caseroom.grading.leaks import find_leaks
from caseroom.grading.report import grade
from caseroom.investigation.desk import LocalDesk
from caseroom.investigation.log import InvestigationLog, PurchaseRecord, QueryRecord
from caseroom.vocabulary.levels import Level

__all__ = ["check_draw", "table_digests"]

RIGHT = 0.5
"""Score from which a criterion (all but memo and process) counts as right."""

_START = datetime(2000, 1, 1, tzinfo=UTC)


def check_draw(kind: CaseKind, seed: int, level: Level, *, build: bool, repeat: bool) -> DrawResult:
    """Check one draw; `repeat` draws and builds a second time to compare.

    The vertical is the kind's vertical number `seed`, counted in a circle. Without
    `build`, no file is written, no solver runs, and the samples are graded without queries.
    """
    result = DrawResult(seed=seed, level=level)
    vertical = kind.verticals[seed % len(kind.verticals)]
    spec = CaseSpec(kind=kind.id, version=kind.version, seed=seed, level=level, vertical=vertical)
    try:
        case = _drawn(kind, spec, result, repeat)
        log = InvestigationLog()
        if build:
            with tempfile.TemporaryDirectory(prefix="caseroom-check-") as folder:
                log = _check_files(kind, case, result, Path(folder), repeat)
        check_samples(UnderCheck(kind=kind, case=case, log=log, result=result))
    except Exception as error:  # a kind's own mistake must not end the check of other draws
        result.fail(f"stopped by {type(error).__name__}: {str(error)[:200]}")
    return result


def _drawn(kind: CaseKind, spec: CaseSpec, result: DrawResult, repeat: bool) -> Case:
    case = kind.draw(spec)
    result.planted = tuple(kind.planted(case))
    result.offered = _offered(case)
    for problem in rubric_problems(case):
        result.fail(f"rubric: {problem}")
    if repeat and not _same(case, kind.draw(spec)):
        result.fail("drawing twice gives two cases")
    return case


def _offered(case: Case) -> tuple[str, ...]:
    """Give the causes that the form offers, decoys among them."""
    asked = {each.rule.field for each in case.rubric.criteria if isinstance(each.rule, CauseRule)}
    return tuple(
        choice.id
        for field in case.form.fields
        if isinstance(field, ProbabilitiesField) and field.id in asked
        for choice in field.choices
    )


def _same(one: Case, other: Case) -> bool:
    """Compare two cases in all but `hidden`, which may hold arrays; its effect is in the rest."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("spec", "brief", "form", "offers", "rubric", "truth", "secret_words")
    )


def _check_files(
    kind: CaseKind, case: Case, result: DrawResult, folder: Path, repeat: bool
) -> InvestigationLog:
    """Run both solvers on built files, search the files, and give the reference solver's log."""
    if repeat:
        _check_repeat(kind, case, result, folder)
    log = _check_solvers(kind, case, result, folder)
    _check_leaks(case, result, folder)
    return log


def _check_solvers(
    kind: CaseKind, case: Case, result: DrawResult, folder: Path
) -> InvestigationLog:
    """Run both solvers; they share the file unless the naive one bought evidence."""
    with _desk(kind, case, folder / "naive") as desk:
        _check_naive(kind, case, desk, result)
        if not desk.purchases:
            return _check_reference(kind, case, desk, result)
    with _desk(kind, case, folder / "reference") as desk:
        return _check_reference(kind, case, desk, result)


def _desk(kind: CaseKind, case: Case, folder: Path) -> LocalDesk:
    folder.mkdir()
    return LocalDesk(kind, case, folder)


def _check_leaks(case: Case, result: DrawResult, folder: Path) -> None:
    files = [path for path in sorted(folder.rglob("*")) if _is_database(path)]
    if not files:
        result.fail("no database file was built")
    leaks = [leak for path in files for leak in find_leaks(path, case.secret_words)]
    result.leaks = tuple(dict.fromkeys(leaks))
    for leak in result.leaks:
        result.explain(f"leak: {leak}")


def _is_database(path: Path) -> bool:
    """Say whether a file is a DuckDB database, by the four letters that follow its checksum."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def _check_repeat(kind: CaseKind, case: Case, result: DrawResult, folder: Path) -> None:
    digests: list[dict[str, str]] = []
    for name in ("first.duckdb", "second.duckdb"):
        kind.build(case, (), folder / name, _silent)
        digests.append(table_digests(folder / name))
    if digests[0] != digests[1]:
        differing = sorted(t for t in digests[0] if digests[0][t] != digests[1].get(t))
        result.fail(f"building twice gives other rows in {', '.join(differing) or 'other tables'}")
    (folder / "second.duckdb").unlink()


def _silent(what: str, share: float) -> None:
    """Report progress to nobody."""


def table_digests(path: Path) -> dict[str, str]:
    """Give a digest of each table's rows and columns, whatever their order in the file."""
    with duckdb.connect(str(path), read_only=True, config={"threads": 1}) as db:
        names = db.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        return {
            f"{schema}.{table}": str(
                db.execute(
                    f'SELECT count(*), bit_xor(hash(t)), sum(hash(t)) FROM "{schema}"."{table}" t'
                ).fetchone()
            )
            for schema, table in names
        }


def _check_naive(kind: CaseKind, case: Case, desk: LocalDesk, result: DrawResult) -> None:
    raw = kind.naive(desk)
    it = UnderCheck(kind=kind, case=case, log=InvestigationLog(), result=result)
    submission = it.read(raw, "naive solver's")
    if submission is not None:
        consequence = kind.consequence(case, desk.purchases, submission)
        result.naive_regret = consequence.regret_cents / max(1, consequence.stake_cents)


def _check_reference(
    kind: CaseKind, case: Case, desk: LocalDesk, result: DrawResult
) -> InvestigationLog:
    result.reference_passed = False
    before = len(desk.steps)
    raw = kind.reference(desk)
    log = _log_of(kind, case, desk, before)
    it = UnderCheck(kind=kind, case=case, log=log, result=result)
    submission = it.read(raw, "reference solver's")
    if submission is None:
        return log
    consequence = kind.consequence(case, desk.purchases, submission)
    report = grade(case, kind, log, submission, consequence)
    rules = {each.id: each.rule for each in case.rubric.criteria}
    wrong = [
        f"{each.criterion} {each.score:.2f}"
        for each in report.evidence
        if each.score < RIGHT and not isinstance(rules[each.criterion], MemoRule | ProcessRule)
    ]
    result.reference_passed = report.passed and not wrong
    if not result.reference_passed:
        gates = [f"gate {gate.gate}" for gate in report.gates]
        why = ", ".join(wrong + gates) or "below the pass mark"
        result.explain(f"the reference solver gets {report.total:g} ({why})")
    return log


def _log_of(kind: CaseKind, case: Case, desk: LocalDesk, before: int) -> InvestigationLog:
    """Give a solver's work after `before` steps as a log: a query a minute, on day zero."""
    texts = [step.sql for step in desk.steps[before:] if step.sql.strip()]
    queries = tuple(
        QueryRecord(
            id=number, sql=sql, at=_START + timedelta(minutes=number), milliseconds=0, row_count=0
        )
        for number, sql in enumerate(texts, 1)
    )
    bought = desk.purchases
    quotes = [kind.quote(case, bought[:at], each) for at, each in enumerate(bought)]
    purchases = tuple(
        PurchaseRecord(
            id=number, purchase=purchase, at=_START, cost_cents=quote.cost_cents, weeks=quote.weeks
        )
        for number, (purchase, quote) in enumerate(zip(bought, quotes, strict=True), 1)
    )
    return InvestigationLog(queries=queries, purchases=purchases)
