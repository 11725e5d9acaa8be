"""What an audit check gives: a signal with its place, its start and its size.

In: numbers of a check. Out: immutable results; sizes are estimates with interval, n and method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from caseroom.analysis.estimate import Estimate

__all__ = ["LEVEL", "Signal", "Z", "counted"]

LEVEL = 0.8
"""Coverage of the intervals of this package."""

Z = 1.2816
"""Normal quantile that belongs to `LEVEL`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something that looks like a fault: where, in which slice, since when and how big.

    `columns` are the columns it sits in (empty: the rows themselves). `slice` maps a dimension to
    one of its values; an empty one means everywhere. `detail` holds values of the check by name.
    """

    check: str
    columns: tuple[str, ...]
    slice: Mapping[str, str]
    since: date | None
    until: date | None
    size: Estimate
    detail: Mapping[str, object] = field(default_factory=dict)


def counted(
    value: float,
    unit: str,
    *,
    n: int,
    method: str,
    assumptions: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
) -> Estimate:
    """Give an exact count as an estimate: the interval is the value itself."""
    return Estimate(
        value=value,
        low=value,
        high=value,
        level=LEVEL,
        n=n,
        unit=unit,
        method=method,
        assumptions=assumptions,
        warnings=warnings,
    )
