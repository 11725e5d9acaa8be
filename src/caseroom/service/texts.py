"""Text and raw answers as every store can hold them.

In: what a person typed or a notebook passed. Out: JSON-ready values without the characters that
databases refuse; a structure that is too deep or too large is refused, not expanded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from numbers import Integral, Real
from typing import Any

from caseroom.vocabulary.errors import CaseroomError

__all__ = ["clean", "plain_raw"]

DEEPEST = 20
MOST_VALUES = 20_000
"""A full submission with 20 findings has about 300 values; YAML aliases can multiply any number."""


def clean(text: str) -> str:
    """Replace NUL characters and lone surrogates, which PostgreSQL or UTF-8 cannot hold.

    Example:
        >>> clean("a" + chr(0) + "b")
        'a�b'
    """
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def plain_raw(raw: Any) -> Any:
    """Give a raw submission as JSON-ready values: days as ISO text, texts clean, the rest as is.

    Raises:
        CaseroomError: When the structure is too deep or too large.

    Example:
        >>> plain_raw({"onset": date(2025, 3, 10)})
        {'onset': '2025-03-10'}
    """
    return _Plain().value(raw, 0)


class _Plain:
    """One walk through a structure, counting what it meets."""

    def __init__(self) -> None:
        self._met = 0

    def value(self, value: Any, depth: int) -> Any:
        self._met += 1
        if depth > DEEPEST or self._met > MOST_VALUES:
            raise CaseroomError(
                "The submission is nested too deeply or holds too many values.",
                allowed=f"up to {DEEPEST} levels and {MOST_VALUES:,} values",
                next_step="start again from the template that `caseroom form CASE` writes.",
            )
        if isinstance(value, Mapping):
            return {clean(str(k)): self.value(item, depth + 1) for k, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item, depth + 1) for item in value]
        return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, Real) and not isinstance(value, bool | int):
        return float(value)
    return value
