"""An answer with the words that scores rest on, as pieces that never overlap.

In: a text and marks that may overlap. Out: pieces whose texts, put together, are the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from caseroom.grading.evidence import GradeReport

__all__ = ["Mark", "Piece", "field_marks", "pieces"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A marked part of a text, `start` to `end` in characters, with what it is evidence for."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a text with the labels of all marks that cover it, in the order of the marks."""

    text: str
    labels: tuple[str, ...] = ()


def field_marks(report: GradeReport, field_id: str) -> tuple[Mark, ...]:
    """Give the marks that a report's evidence sets in the text of a field."""
    return tuple(
        Mark(start=span.start, end=span.end, label=evidence.label)
        for evidence in report.evidence
        for span in evidence.spans
        if span.source == "field" and span.ref == field_id
    )


def pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """Split a text where marks start and end.

    Marks may overlap, nest, be empty or reach beyond the text; a label that covers a piece twice
    is given once. Neighboring pieces differ in their labels. An empty text has no pieces.
    """
    inside = [
        Mark(start=max(0, mark.start), end=min(len(text), mark.end), label=mark.label)
        for mark in marks
    ]
    inside = [mark for mark in inside if mark.start < mark.end]
    cuts = sorted({0, len(text), *(m.start for m in inside), *(m.end for m in inside)})
    found: list[Piece] = []
    for start, end in pairwise(cuts):
        covering = (mark.label for mark in inside if mark.start <= start and end <= mark.end)
        piece = Piece(text=text[start:end], labels=tuple(dict.fromkeys(covering)))
        if found and found[-1].labels == piece.labels:
            piece = Piece(text=found.pop().text + piece.text, labels=piece.labels)
        found.append(piece)
    return tuple(found)
