"""Fit the head of the text grader and choose its cut-offs.

In: anchors of the bank, the labeled answers under bench/data/labelled, and two attacks per
question as answers that cover nothing. Out: src/caseroom/content/data/text_head.json. Answers are
split by question: what is measured and what the cut-offs rest on are likelihoods for questions
that the fit has not seen. The window of a point is chosen by the head itself, fitted in turns
(multiple-instance learning). Needs scikit-learn (dependency group `dev`).

    python tools/fit_text_head.py
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from caseroom.grading.text.attacks import fluent_keywords, off_topic_story
from caseroom.grading.text.features import FEATURES, PointExamples, features
from caseroom.grading.text.head import HEAD, Head
from caseroom.grading.text.vectors import load_vectors
from caseroom.questions.bank import load_bank
from caseroom.questions.model import Band, Question

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "src/caseroom/content/data" / HEAD
LABELED = ROOT / "bench/data/labelled"
SHARE = {Band.FOUND: 1.0, Band.PERHAPS: 0.5, Band.NOT_FOUND: 0.0}
LABELS = {"found": 1.0, "partly": 0.5, "none": 0.0}
FOLDS, ROUNDS, PENALTY = 8, 4, 0.3
LABELED_WEIGHT = 3.0
"""Weight of a labeled answer; anchors are more, and longer the better they are."""

FOUND_RIGHT, NOT_FOUND_RIGHT, SURE_RIGHT = 0.85, 0.88, 0.93
"""Shares of right verdicts that the cut-offs must reach; the marks are 0.80, 0.85 and 0.90."""


@dataclass(frozen=True)
class Row:
    """A point of an answer: its label (1 covered, 0.5 partly, 0 not) and features (windows, k)."""

    question: int
    source: str
    answer: int
    label: float
    weight: int
    features: NDArray[np.float32]


def labeled(question: Question) -> list[tuple[str, str, list[float]]]:
    """Give (style, text, labels) of the labeled answers to a question, none for most."""
    path = LABELED / f"{question.id}.yaml"
    if not path.exists():
        return []
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["answers"]
    ids = [point.id for point in question.points]
    return [(a["style"], a["text"], [LABELS[a["points"][i]] for i in ids]) for a in raw]


def answers(question: Question) -> list[tuple[str, str, list[float]]]:
    """Give every answer to a question with its labels."""
    ids = [point.id for point in question.points]
    anchors = [
        (anchor.band, anchor.text, [SHARE[anchor.points[i]] for i in ids])
        for anchor in question.anchors
    ]
    nothing = [0.0] * len(ids)
    attacks = [
        ("fluent keywords", fluent_keywords(question), nothing),
        ("off-topic story", off_topic_story(), nothing),
    ]
    return anchors + labeled(question) + attacks


def rows_of(bank: tuple[Question, ...]) -> list[Row]:
    """Give one row per point of every answer."""
    vectors = load_vectors()
    rows: list[Row] = []
    for number, question in enumerate(bank):
        examples = PointExamples.of(question.points, vectors)
        for count, (source, text, labels) in enumerate(answers(question)):
            values = features(examples, text, vectors)
            rows += [
                Row(number, source, count, label, point.weight, values[at])
                for at, (label, point) in enumerate(zip(labels, question.points, strict=True))
            ]
    return rows


def fit(rows: list[Row]) -> Head:
    """Fit the head; in each round a point stands for its window that spoke most for it before."""
    says, near, others = (FEATURES.index(f"{name}, text by meaning") for name in _FIRST)
    start = lambda values: values[:, says] - values[:, near] - 0.5 * values[:, others]  # noqa: E731
    head, value = None, start
    for _ in range(ROUNDS):
        chosen = np.array([row.features[value(row.features).argmax()] for row in rows])
        head = _logistic(chosen, rows)
        value = head.likelihood
    assert head
    return head


_FIRST = ("says best", "near miss best", "other points best")


def _logistic(chosen: NDArray[np.float32], rows: list[Row]) -> Head:
    """Fit one logistic regression; a partly covered point counts half for either label."""
    mean, scale = chosen.mean(axis=0), chosen.std(axis=0) + 1e-6
    standard = (chosen - mean) / scale
    label = np.array([row.label for row in rows])
    weight = np.array([LABELED_WEIGHT if row.source in STYLES else 1.0 for row in rows])
    twice = np.concatenate([standard, standard])
    target = np.repeat([1, 0], len(rows))
    weights = np.concatenate([label * weight, (1 - label) * weight])
    model = LogisticRegression(C=PENALTY, max_iter=5000)
    model.fit(twice[weights > 0], target[weights > 0], sample_weight=weights[weights > 0])
    return Head(
        features=FEATURES,
        mean=tuple(np.round(mean, 6).tolist()),
        scale=tuple(np.round(scale, 6).tolist()),
        coefficients=tuple(np.round(model.coef_[0], 6).tolist()),
        intercept=round(float(model.intercept_[0]), 6),
        found=0.5,
        not_found=0.5,
        sure_found=1.0,
        sure_not_found=0.0,
        fitted_on="",
    )


STYLES = ("paraphrase", "partial", "wrong", "verbose", "terse", "non_native")


def unseen(rows: list[Row]) -> NDArray[np.float64]:
    """Give each row's likelihood from a head that was fitted on other questions."""
    likely = np.zeros(len(rows))
    for fold in range(FOLDS):
        head = fit([row for row in rows if row.question % FOLDS != fold])
        for at, row in enumerate(rows):
            if row.question % FOLDS == fold:
                likely[at] = head.likelihood(row.features).max()
    return likely


def cut_offs(rows: list[Row], likely: NDArray[np.float64]) -> dict[str, float]:
    """Choose cut-offs from the labeled answers to unseen questions.

    The lowest likelihood from which on "covered" (fully or partly) is right often enough, and the
    highest up to which "not covered" is; anchors are left out, because they are longer.
    """
    own = np.array([row.source in STYLES for row in rows])
    value = likely[own]
    label = np.array([row.label for row in rows])[own]
    grid = np.linspace(0.02, 0.98, 97)

    def lowest(share: float) -> float:
        fine = [c for c in grid if (value >= c).any() and label[value >= c].mean() >= share]
        return round(float(min(fine)), 2)

    def highest(share: float) -> float:
        fine = [c for c in grid if (value <= c).any() and 1 - label[value <= c].mean() >= share]
        return round(float(max(fine)), 2)

    found, not_found = lowest(FOUND_RIGHT), highest(NOT_FOUND_RIGHT)
    return {
        "found": found,
        "not_found": min(not_found, found - 0.01),
        "sure_found": max(found, lowest(SURE_RIGHT)),
        "sure_not_found": min(not_found, highest(SURE_RIGHT)),
    }


def main() -> None:
    """Fit on everything, with cut-offs from unseen questions, and write the file."""
    bank = load_bank()
    rows = rows_of(bank)
    cuts = cut_offs(rows, unseen(rows))
    count = len({(row.question, row.answer) for row in rows})
    fitted_on = f"{count} answers to {len(bank)} questions, {len(rows)} labels of points"
    values = msgspec.to_builtins(fit(rows)) | cuts | {"fitted_on": fitted_on}
    TARGET.write_bytes(msgspec.json.format(msgspec.json.encode(values), indent=1) + b"\n")
    print(f"{TARGET.name}: {fitted_on}; {cuts}")


if __name__ == "__main__":
    main()
