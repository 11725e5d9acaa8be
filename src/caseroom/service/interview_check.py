"""Checking the interviewer over many setups.

In: seeds. Out: what scripted candidates met in whole interviews with a made-up clock: findings, and
the verdict that each candidate got.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from caseroom.case.contract import Progress
from caseroom.interview.check import examine
from caseroom.interview.rounds import make_setup
from caseroom.service.app import Bank
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.vocabulary.plain import plain

__all__ = ["PRESETS_CHECKED", "check_interviewer"]

PRESETS_CHECKED = ("loop-45", "behavioral", "stakeholder")
"""Between them they have every kind of turn."""

_AT = datetime(2025, 1, 6, 9, tzinfo=UTC)  # any moment: only differences count


def check_interviewer(
    seeds: Iterable[int],
    presets: Iterable[str] = PRESETS_CHECKED,
    *,
    bank: Bank | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Let all scripted candidates hold each preset with each seed; `ok` says nothing was found.

    Levels and industries change with the seed.
    """
    source = bank or Bank()
    chosen = [(preset, seed) for seed in seeds for preset in presets]
    findings: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    interviews = 0
    if progress is not None:
        progress("Holding interviews", 0.0)
    for done, (preset, seed) in enumerate(chosen):
        level = tuple(Level)[seed % len(Level)]
        vertical = tuple(Vertical)[seed % len(Vertical)]
        setup = make_setup(preset=preset, seed=seed, level=level, vertical=vertical)
        exam = examine(setup, source.search(""), source.grade, _AT)
        where = {"preset": preset, "seed": seed}
        findings += [where | plain(finding) for finding in exam.findings]
        verdicts.append(where | {name: str(card.verdict) for name, card in exam.cards.items()})
        interviews += len(exam.runs)
        if progress is not None:
            progress("Holding interviews", (done + 1) / len(chosen))
    return {
        "ok": not findings,
        "interviews": interviews,
        "findings": findings,
        "verdicts": verdicts,
    }
