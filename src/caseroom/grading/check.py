"""The check that every case kind must pass, over many seeds and levels.

In: a kind and seeds. Out: one plain dictionary, ready for JSON: shares, counts, promises kept or
not, and short reasons. Many draws are checked by two processes.
"""

from __future__ import annotations

import multiprocessing
import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from caseroom.case.contract import CaseKind, Progress
from caseroom.case.registry import kind_ids, load_kind
from caseroom.grading.check_draw import check_draw
from caseroom.grading.check_result import DrawResult
from caseroom.grading.report import GRADER
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level

__all__ = ["check_case"]

REFERENCE_PASS = 0.95
NAIVE_REGRET = 0.60
CONSTANT_PASS = 0.25
ENOUGH_SEEDS = 20
"""Seeds from which shares are held against their limits; below, one unlucky draw decides."""

REPEATED = 2
"""Draws that are drawn and built twice."""

MANY = 8
"""Draws from which a second process pays off."""

MOST_FAILURES = 200
WORKERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One draw to check, in values that can travel to another process."""

    kind: CaseKind | str
    seed: int
    level: Level
    build: bool
    repeat: bool


def check_case(
    kind: CaseKind,
    seeds: Iterable[int],
    levels: Sequence[Level] | None = None,
    *,
    build: bool = True,
    progress: Progress | None = None,
    workers: int = WORKERS,
) -> dict[str, Any]:
    """Check a kind over all pairs of seed and level; verticals rotate with the seed.

    Args:
        kind: The kind.
        seeds: Seeds to draw.
        levels: Levels to check; all of the kind's where None.
        build: Whether to write files and run the solvers.
        progress: Called after each draw.
        workers: Processes to use when there are many draws.

    Returns:
        `kind`, `version`, `grader`; `seeds` and `draws` (counts); `levels` (per level
        `reference_pass`, `naive_regret`, `draws`); `reference_pass`, `naive_regret` (share of draws
        where the naive decision has material regret), `shotgun_pass`, `constant_pass` (share of
        the best constant answer) and `constant_pass_by_answer`; `floor_ok`; `leaks` (count);
        `causes_drawn` (count by cause); `decoys` (offered causes that were never planted);
        `promises` (True, False, or None where it was not measured); `ok`; `failures` (reasons).

    Raises:
        CaseroomError: Where there are no seeds.
    """
    pairs = [(seed, level) for seed in seeds for level in levels or kind.levels]
    if not pairs:
        raise CaseroomError(
            "There is nothing to check: no seeds were given.", allowed="one seed or more"
        )
    jobs = _jobs(kind, pairs, build)
    results: list[DrawResult] = []
    for result in _run(jobs, workers):
        results.append(result)
        if progress is not None:
            what = f"Checked seed {result.seed}, {result.level}"
            progress(what, len(results) / len(jobs))
    return _summary(kind, results)


def _jobs(kind: CaseKind, pairs: list[tuple[int, Level]], build: bool) -> list[_Job]:
    portable = kind.id if kind.id in kind_ids() and load_kind(kind.id) == kind else kind
    return [
        _Job(
            kind=portable,
            seed=seed,
            level=level,
            build=build,
            repeat=number < REPEATED,
        )
        for number, (seed, level) in enumerate(pairs)
    ]


def _run(jobs: list[_Job], workers: int) -> Iterator[DrawResult]:
    """Give results in the order of the jobs, from other processes where that pays."""
    if workers < 2 or len(jobs) < MANY or not _can_travel(jobs[0]):
        yield from map(_do, jobs)
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(max_workers=workers, mp_context=context) as pool:
        yield from pool.map(_do, jobs)


def _can_travel(job: _Job) -> bool:
    try:
        pickle.dumps(job)
    except (pickle.PicklingError, AttributeError, TypeError):  # a kind with inner functions
        return False
    return True


def _do(job: _Job) -> DrawResult:
    kind = load_kind(job.kind) if isinstance(job.kind, str) else job.kind
    return check_draw(kind, job.seed, job.level, build=job.build, repeat=job.repeat)


def _summary(kind: CaseKind, results: list[DrawResult]) -> dict[str, Any]:
    by_answer = _constants(results)
    causes = Counter(dict.fromkeys(kind.causes, 0))
    causes.update(cause for result in results for cause in result.planted)
    offered = {cause for result in results for cause in result.offered}
    summary: dict[str, Any] = {
        "kind": kind.id,
        "version": kind.version,
        "grader": GRADER,
        "seeds": len({result.seed for result in results}),
        "draws": len(results),
        "levels": {
            str(level): _of_level(kind, [each for each in results if each.level == level])
            for level in dict.fromkeys(result.level for result in results)
        },
        "reference_pass": _reference(results),
        "naive_regret": _naive(kind, results),
        "constant_pass": max(by_answer.values(), default=0.0),
        "constant_pass_by_answer": by_answer,
        "shotgun_pass": _share([result.shotgun_passed for result in results]),
        "floor_ok": all(result.floor_ok for result in results),
        "leaks": sum(len(result.leaks) for result in results),
        "causes_drawn": dict(sorted(causes.items())),
        "decoys": sorted(offered - causes.keys()),
        "failures": [reason for result in results for reason in result.failures][:MOST_FAILURES],
    }
    summary["promises"] = _promises(summary, results)
    summary["ok"] = False not in summary["promises"].values()
    return summary


def _share(marks: Sequence[bool]) -> float | None:
    return round(sum(marks) / len(marks), 4) if marks else None


def _of_level(kind: CaseKind, results: list[DrawResult]) -> dict[str, Any]:
    return {
        "draws": len(results),
        "reference_pass": _reference(results),
        "naive_regret": _naive(kind, results),
    }


def _reference(results: list[DrawResult]) -> float | None:
    return _share([r.reference_passed for r in results if r.reference_passed is not None])


def _naive(kind: CaseKind, results: list[DrawResult]) -> float | None:
    regrets = [r.naive_regret for r in results if r.naive_regret is not None]
    return _share([regret >= kind.material_regret for regret in regrets])


def _constants(results: list[DrawResult]) -> dict[str, float]:
    """Give the share of draws in which each constant answer passes."""
    names = sorted({name for result in results for name in result.constants})
    counts = {name: sum(result.constants.get(name, False) for result in results) for name in names}
    return {name: round(count / len(results), 4) for name, count in counts.items()}


def _promises(summary: dict[str, Any], results: list[DrawResult]) -> dict[str, bool | None]:
    enough = summary["seeds"] >= ENOUGH_SEEDS
    by_level = summary["levels"].values()

    def held(values: Iterable[float | None], limit: float) -> bool | None:
        found = [value for value in values if value is not None]
        return all(value >= limit for value in found) if enough and found else None

    return {
        "reference_pass": held((each["reference_pass"] for each in by_level), REFERENCE_PASS),
        "naive_regret": held([summary["naive_regret"]], NAIVE_REGRET),
        "constant_pass": summary["constant_pass"] <= CONSTANT_PASS if enough else None,
        "causes_drawn": min(summary["causes_drawn"].values(), default=0) > 0 if enough else None,
        "shotgun_never_passes": summary["shotgun_pass"] == 0,
        "floor": summary["floor_ok"],
        "no_leaks": summary["leaks"] == 0,
        "no_mistakes": not any(result.mistakes for result in results),
    }
