"""The result of an estimation.

In: numbers from a method. Out: one immutable value that a page or a memo can show in full.
"""

from __future__ import annotations

from dataclasses import dataclass

from caseroom.vocabulary.numbers import readable

__all__ = ["Estimate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An estimate with its central interval.

    `level` is the interval's coverage, `n` the number of units it rests on, `assumptions` what
    must hold, `warnings` what may not.
    """

    value: float
    low: float
    high: float
    level: float
    n: int
    unit: str
    method: str
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say the estimate in one line."""
        share = round(100 * self.level)
        return (
            f"{readable(self.value)} {self.unit} ({share}% interval {readable(self.low)} to "
            f"{readable(self.high)}, n = {self.n:,}, {self.method})"
        )
