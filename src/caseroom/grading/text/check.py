"""Check every question of the bank with the grader itself.

In: questions. Out: a mapping that says which rules, anchors, examples and attacks fail. Anchors
were written without sight of the examples; attacks are made from the rubrics.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from caseroom.grading.text.attacks import Attack, attacks, paraphrase
from caseroom.grading.text.features import PointExamples, Sought, features
from caseroom.grading.text.grade import expected_share, grade_answer
from caseroom.grading.text.head import load_head
from caseroom.grading.text.report import GRADER, AnswerReport
from caseroom.grading.text.vectors import load_vectors
from caseroom.questions.bank import load_bank
from caseroom.questions.model import Band, Question
from caseroom.questions.rules import BANDS, problems

__all__ = ["ORDERED_AT_LEAST", "PARAPHRASED_AT_LEAST", "check_questions", "told_apart"]

ORDERED_AT_LEAST = 0.95
PARAPHRASED_AT_LEAST = 0.70
TOLD_APART_AT_LEAST = 0.50
"""Marks: share of questions whose anchors are in order; share of points found in an answer made of
held-out examples; probability that a held-out example speaks more for its point than a held-out
near miss (area under the curve)."""

ENOUGH = 30
"""Questions from which on shares are held against their marks; of fewer they say little."""


def check_questions(
    questions: Sequence[Question], progress: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, Any]:
    """Check the questions; `ok` says whether every promise is kept.

    The two shares are held against their marks for 30 questions or more.
    """
    broken = [problem for question in questions for problem in problems(question)]
    checked: list[dict[str, Any]] = []
    for done, question in enumerate(questions):
        checked.append(_one(question))
        progress(done + 1, len(questions))
    points = sum(len(question.points) for question in questions)
    gathered = {key: [e for one in checked for e in one[key]] for key in _LISTS}
    shares = {
        "ordered_share": _share(one["ordered"] for one in checked),
        "paraphrase_share": _share(share for one in checked for share in one["paraphrase"]),
    }
    promises = {
        "schema": not broken,
        "every_point_credited": not gathered["uncredited_points"],
        "weak_not_credited": not gathered["weak_credited_points"],
        "examples_told_apart": not gathered["not_told_apart"],
        "attacks_hold": not gathered["attacks_over_limit"],
    }
    if len(questions) >= ENOUGH:
        promises["ordered"] = shares["ordered_share"] >= ORDERED_AT_LEAST
        promises["paraphrases_found"] = shares["paraphrase_share"] >= PARAPHRASED_AT_LEAST
    return {
        "items": len(questions),
        "points": points,
        "grader": GRADER,
        **shares,
        **gathered,
        "problems": broken,
        "promises": promises,
        "ok": all(promises.values()),
    }


_LISTS = (
    "unordered",
    "uncredited_points",
    "weak_credited_points",
    "not_told_apart",
    "attacks_over_limit",
)


def _share(values: Iterator[float]) -> float:
    """Give a mean, rounded; 0 for nothing."""
    seen = list(values)
    return round(float(np.mean(seen)), 4) if seen else 0.0


def _one(question: Question) -> dict[str, Any]:
    """Check one question."""
    reports = {band: grade_answer(question, question.anchor(band).text) for band in BANDS}
    scores = [expected_share(question, question.anchor(band).text) for band in BANDS]
    ordered = scores[0] < scores[1] < scores[2]
    held_out, without = paraphrase(question)
    found = grade_answer(without, held_out)
    return {
        "ordered": float(ordered),
        "unordered": [] if ordered else [question.id],
        "uncredited_points": _points_in(reports["strong"], Band.NOT_FOUND),
        "weak_credited_points": _points_in(reports["weak"], Band.FOUND),
        "not_told_apart": [
            f"{question.id}.{point}"
            for point, share in told_apart(question).items()
            if share < TOLD_APART_AT_LEAST
        ],
        "paraphrase": [float(point.band is Band.FOUND) for point in found.points],
        "attacks_over_limit": list(_attacks(question)),
    }


def _points_in(report: AnswerReport, band: Band) -> list[str]:
    """Name the points of a report that are in a band."""
    return [f"{report.question}.{point.point}" for point in report.points if point.band is band]


def _attacks(question: Question) -> Iterator[str]:
    """Name the attacks that get more than they may; foreign answers come from the whole bank."""
    kinds: dict[str, list[Attack]] = defaultdict(list)
    for attack in attacks(question, load_bank()):
        kinds[attack.kind].append(attack)
    for kind, tried in kinds.items():
        found = np.mean([grade_answer(question, attack.text).found for attack in tried])
        base = grade_answer(question, tried[0].base).found if tried[0].base else 0
        if found > max(base, tried[0].limit * len(question.points)) + 1e-9:
            yield f"{question.id}: {kind} ({found:g} of {len(question.points)})"


def told_apart(question: Question) -> dict[str, float]:
    """Give per point the chance that a held-out example beats a held-out near miss.

    Each text is read as an answer while it is missing from the point's examples.
    """
    vectors, head = load_vectors(), load_head()
    examples = PointExamples.of(Sought.by(question), vectors)
    _ = examples.tightness
    shares: dict[str, float] = {}
    for number, point in enumerate(question.points):
        rows = (*examples.says[number], *examples.near_miss[number])
        texts = (*point.says, *point.near_miss)
        likely = [
            head.likelihood(features(examples.without(row), text, vectors)[number]).max()
            for row, text in zip(rows, texts, strict=True)
        ]
        good, bad = likely[: len(point.says)], likely[len(point.says) :]
        shares[point.id] = float(np.mean([g > b for g in good for b in bad]))
    return shares
