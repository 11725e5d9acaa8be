"""What to write next: a prompt for every point that is not found, with where and why.

In: a point and its verdict. Out: sentences.
"""

from __future__ import annotations

from caseroom.grading.evidence import Span
from caseroom.questions.model import Band, Point, PointKind

__all__ = ["point_advice", "point_why"]

_WHY = {
    Band.FOUND: "These words are closer to people who cover this than to people who come near it.",
    Band.PERHAPS: "These words come near it, but not clearly nearer than a near miss does.",
    Band.NOT_FOUND: "No sentence is close to how people cover this.",
}
_PROMPT = {
    PointKind.CONTENT: "tell it on your case: what you did, with whom, and what came of it",
    PointKind.STRUCTURE: "say it in a sentence of its own, at the place where it steers the answer",
    PointKind.QUANTIFICATION: "give the number, its unit, and what it is compared with",
    PointKind.REFLECTION: "say what you would do otherwise now, and what taught you so",
}


def point_why(band: Band, *, looked_at: bool) -> str:
    """Say what a verdict rests on."""
    return _WHY[band] if looked_at else "Nothing was credited; see the flag above."


def point_advice(point: Point, band: Band, nearest: Span | None) -> str:
    """Give a rewrite prompt: which point, where to put it, how to put it."""
    if band is Band.FOUND:
        return ""
    goal = point.statement[0].lower() + point.statement[1:]
    where = f"At “{_short(nearest.quote)}”" if nearest else "In a new sentence"
    lead = "make explicit" if band is Band.PERHAPS else "show"
    return f"{where}, {lead} that the answer {goal}: {_PROMPT[point.kind]}."


def _short(quote: str, size: int = 70) -> str:
    """Shorten a quote."""
    one_line = " ".join(quote.split())
    return one_line if len(one_line) <= size else one_line[: size - 1].rsplit(" ", 1)[0] + " …"
