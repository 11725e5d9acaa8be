"""Reading on after the first problem: the collector of what is wrong with one field.

In: readers that raise `Unreadable`. Out: what they read, and every problem on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from caseroom.case.form import Field, FormatProblem
from caseroom.case.values import Unreadable, is_blank, listed, read_id, shown

__all__ = ["Problems"]

T = TypeVar("T")


class Problems:
    """The problems of one field, collected while the rest of it is read."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.found: list[FormatProblem] = []

    def add(self, problem: str, allowed: str) -> None:
        """Note a problem with this field."""
        self.found.append(FormatProblem(self.field.id, problem, allowed))

    def read(self, reader: Callable[..., T], *args: Any, **options: Any) -> T | None:
        """Give what the reader reads, or None after noting why it could not."""
        try:
            return reader(*args, **options)
        except Unreadable as error:
            self.add(error.problem, error.allowed)
            return None

    def mapping(self, value: Any, keys: tuple[str, ...], what: str) -> dict[str, Any]:
        """Give the filled-in entries of a mapping whose keys are all known; note the rest."""
        if is_blank(value):
            return {}
        if not isinstance(value, Mapping):
            self.add(f"{what} {shown(value)} is not a list of names with values", listed(keys))
            return {}
        known: dict[str, Any] = {}
        for key, item in value.items():
            name = self.read(read_id, key, keys, f"the name in {what}")
            if name is not None and not is_blank(item):
                known[name] = item
        return known
