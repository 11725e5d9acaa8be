"""Rules that a question must keep beyond its schema.

In: a question. Out: what is wrong with it, one sentence each; nothing when all is well. The rules
come from measuring text graders: each point needs several examples and near misses, and examples
in words of their own (see docs/explanation/text-grading.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from caseroom.questions.model import Band, Question

__all__ = ["BANDS", "problems"]

BANDS = ("weak", "middling", "strong")
_VERTICALS = {"saas", "finance", "healthcare"}


def problems(question: Question) -> tuple[str, ...]:
    """Give every rule that a question breaks."""
    found = (*_points(question), *_texts(question), *_anchors(question))
    return tuple(f"{question.id}: {problem}" for problem in found)


def _points(question: Question) -> Iterator[str]:
    """Check ids, the gate, weights and the number of examples."""
    ids = [point.id for point in question.points]
    if ids != [f"p{number + 1}" for number in range(len(ids))]:
        yield f"points must be numbered p1, p2, ...; they are {', '.join(ids)}"
    gates = [point.id for point in question.points if point.gate]
    if len(gates) != 1:
        yield f"one gate point is needed; there are {len(gates)}"
    for point in question.points:
        if point.weight not in (1, 2, 3):
            yield f"{point.id} weighs {point.weight}; 1, 2 or 3 is allowed"
        yield from _counted(f"{point.id} says", point.says, 3, 6)
        yield from _counted(f"{point.id} near_miss", point.near_miss, 2, 6)
    for pitfall in question.pitfalls:
        yield from _counted(f"{pitfall.id} says", pitfall.says, 2, 6)
        yield from _counted(f"{pitfall.id} near_miss", pitfall.near_miss, 1, 3)


def _counted(name: str, texts: Sequence[str], low: int, high: int) -> Iterator[str]:
    """Check the number of texts and that none is written twice."""
    if not low <= len(texts) <= high:
        yield f"{name} has {len(texts)} sentences; {low} to {high} are allowed"
    if len(set(texts)) < len(texts):
        yield f"{name} has a sentence twice"


def _texts(question: Question) -> Iterator[str]:
    """Check what study pages show."""
    if set(question.vertical_points) != _VERTICALS:
        yield "vertical_points need saas, finance and healthcare"
    if question.vertical not in _VERTICALS | {"any"}:
        yield f"vertical {question.vertical!r} is none of any, saas, finance, healthcare"
    words = len(question.model_answer.split())
    if not 150 <= words <= 340:
        yield f"the model answer has {words} words; 150 to 340 are a spoken answer"
    if not (question.best_practices and question.avoid and question.pitfalls):
        yield "best_practices, avoid and pitfalls may not be empty"


def _anchors(question: Question) -> Iterator[str]:
    """Check that the three anchors stand there with a label for every point."""
    bands = tuple(anchor.band for anchor in question.anchors)
    if bands != BANDS:
        yield f"anchors must be {', '.join(BANDS)}; they are {', '.join(bands)}"
        return
    ids = {point.id for point in question.points}
    for anchor in question.anchors:
        if set(anchor.points) != ids:
            yield f"the {anchor.band} anchor needs a label for each of {', '.join(sorted(ids))}"
    if set(question.anchor("weak").points.values()) != {Band.NOT_FOUND}:
        yield "the weak anchor covers a point"
    if set(question.anchor("strong").points.values()) != {Band.FOUND}:
        yield "the strong anchor misses a point"
