"""What the check of one draw of a kind found.

In: a seed and a level. Out: a record that grows while the draw is checked; plain values only, so
that it can travel between processes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from caseroom.case.contract import Case, CaseKind
from caseroom.case.form import Submission
from caseroom.case.parse import parse_submission
from caseroom.investigation.log import InvestigationLog
from caseroom.vocabulary.levels import Level

__all__ = ["DrawResult", "UnderCheck"]


@dataclass(kw_only=True, slots=True)
class DrawResult:
    """What was found in one draw.

    `reference_passed` and `naive_regret` (a share of the stake) are None where no solver ran;
    `offered` are the causes that the form names. `failures` are sentences; `mistakes` counts those
    of them that no other mark (solvers, samples, leaks) stands for.
    """

    seed: int
    level: Level
    planted: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    reference_passed: bool | None = None
    naive_regret: float | None = None
    constants: dict[str, bool] = field(default_factory=dict)
    shotgun_passed: bool = False
    floor_ok: bool = True
    leaks: tuple[str, ...] = ()
    failures: list[str] = field(default_factory=list)
    mistakes: int = 0

    def fail(self, reason: str) -> None:
        """Note a mistake of the kind, with the draw that it belongs to."""
        self.mistakes += 1
        self.explain(reason)

    def explain(self, reason: str) -> None:
        """Note the reason for a mark of this result that is counted by itself."""
        self.failures.append(f"seed {self.seed} {self.level}: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderCheck:
    """A drawn case, the log that its samples are graded with, and the result that grows."""

    kind: CaseKind
    case: Case
    log: InvestigationLog
    result: DrawResult

    def read(self, raw: Any, name: str) -> Submission | None:
        """Read a submission that should be readable; a failure and None where it is not."""
        submission, problems = parse_submission(self.case.form, raw)
        if submission is None:
            what = "; ".join(f"{each.field}: {each.problem}" for each in problems[:3])
            self.result.fail(f"the {name} answer can't be read ({what})")
        return submission
