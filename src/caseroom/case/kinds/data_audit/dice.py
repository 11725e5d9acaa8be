"""Draws by name: every choice of a case is a pure function of (seed, name).

In: a seed. Out: numbers and picks that do not depend on the order in which they are asked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from caseroom.world.noise import draw

__all__ = ["Dice"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dice:
    """Named draws of one seed."""

    seed: int

    def bits(self, name: str) -> int:
        """Give 64 random bits for a name."""
        return int(draw(self.seed, zlib.crc32(name.encode()), 0)[0])

    def share(self, name: str, low: float = 0.0, high: float = 1.0) -> float:
        """Give a number from low (inclusive) to high (exclusive)."""
        return low + (high - low) * (self.bits(name) >> 11) / 2**53

    def whole(self, name: str, low: int, high: int) -> int:
        """Give a whole number from low to high, both inclusive."""
        return low + self.bits(name) % (high - low + 1)

    def pick(self, name: str, items: Sequence[T]) -> T:
        """Give one of the items. Raises ZeroDivisionError for an empty sequence."""
        return items[self.bits(name) % len(items)]

    def shuffled(self, name: str, items: Sequence[T]) -> list[T]:
        """Give the items in a random order."""
        keyed = [(self.bits(f"{name}/{at}"), at, item) for at, item in enumerate(items)]
        return [item for _, _, item in sorted(keyed, key=lambda entry: entry[:2])]

    def seed_of(self, name: str) -> int:
        """Give a seed of its own for a part."""
        return self.bits(name) >> 1
