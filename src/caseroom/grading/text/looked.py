"""What was seen of an answer: its windows, which of them may count, and how likely each point is.

In: windows and likelihoods. Out: the best window of each point, as a verbatim quote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caseroom.grading.evidence import Span
from caseroom.grading.text.head import Head, Reading
from caseroom.grading.text.words import Window
from caseroom.questions.model import Point

__all__ = ["Looked", "quoted"]


@dataclass(frozen=True, slots=True)
class Looked:
    """Windows, which of them `may` count, and the likelihoods (points, windows) of the points."""

    parts: tuple[Window, ...]
    may: NDArray[np.bool_]
    likely: NDArray[np.float64]

    def readings(
        self, points: Sequence[Point], head: Head, text: str
    ) -> dict[str, tuple[Reading, Span]]:
        """Read every point at the window that speaks most for it."""
        readings = (head.read(row) for row in self.likely)
        return {
            point.id: (reading, quoted(text, self.parts[reading.window]))
            for point, reading in zip(points, readings, strict=True)
        }


def quoted(text: str, window: Window) -> Span:
    """Give a window as a verbatim quote."""
    quote = text[window.start : window.end]
    return Span(source="answer", ref="answer", quote=quote, start=window.start, end=window.end)
