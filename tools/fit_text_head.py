"""Fit a head of the text grader, choose its cut-offs, and print how well it agrees with labels.

In: anchors of the bank, the labeled answers under bench/data/labeled, and per question two attacks
and some small talk as answers that cover nothing. Out: src/caseroom/content/data/text_head.json, or
that of the semantic reader. Answers are split by question: what is measured and what the cut-offs
rest on are likelihoods for questions that the fit has not seen. The window of a point is chosen by
the head itself, fitted in turns (multiple-instance learning). Needs scikit-learn (dependency group
`fit`); for the semantic reader also the extra `semantic`, and ten minutes to encode all texts,
which a second run finds in FILE.

    python tools/fit_text_head.py
    python tools/fit_text_head.py --semantic --encoded FILE
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import yaml
from agreement import agreement
from encoded_texts import remembered
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from caseroom.grading.text.attacks import fluent_keywords, off_topic_story
from caseroom.grading.text.features import FEATURES, Sought
from caseroom.grading.text.head import HEAD, Head
from caseroom.grading.text.reader import embedded_features
from caseroom.grading.text.semantic import SEMANTIC_FEATURES, SEMANTIC_HEAD, semantic_features
from caseroom.grading.text.semantic_models import load_encoder
from caseroom.questions.bank import load_bank
from caseroom.questions.model import Band, Question

ROOT = Path(__file__).parent.parent
DATA = ROOT / "src/caseroom/content/data"
LABELED = ROOT / "bench/data/labeled"
SHARE = {Band.FOUND: 1.0, Band.PERHAPS: 0.5, Band.NOT_FOUND: 0.0}
LABELS = {"found": 1.0, "partly": 0.5, "none": 0.0}
FOLDS, ROUNDS, PENALTY = 8, 4, 0.3
LABELED_WEIGHT, TALK_WEIGHT = 3.0, 0.2
"""Weights of a labeled answer (anchors are more, and longer the better they are) and of small talk,
which must not count because it is unlike any mistake, but of which there is one for all."""

SMALL_TALK = (
    "Yes, that is roughly what I would say here. Of course it depends a little. I could talk about "
    "this for hours. I remember that day well, it was raining. Everybody was quite tired at that "
    "point. As I said before, it was not easy. Maybe I should begin differently. So that was the "
    "first part, and now comes the second. You know how these things go. I think that answers it, "
    "more or less."
)

FOUND_RIGHT, NOT_FOUND_RIGHT, SURE_RIGHT = 0.89, 0.90, 0.94
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


@dataclass(frozen=True)
class Kind:
    """A kind of head: its file, the names of its features and what computes them."""

    file: str
    names: tuple[str, ...]
    features: Callable[[Sought, str], NDArray[np.float32]]


def kind(semantic: bool, encoded: Path | None) -> Kind:
    """Give the kind of head to fit; the models are read only if it needs them."""
    if not semantic:
        return Kind(HEAD, FEATURES, embedded_features)
    encode = remembered(load_encoder(), encoded) if encoded else load_encoder()
    compute = lambda sought, text: semantic_features(sought, text, encode)  # noqa: E731
    return Kind(SEMANTIC_HEAD, SEMANTIC_FEATURES, compute)


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
        ("small talk", SMALL_TALK, nothing),
    ]
    return anchors + labeled(question) + attacks


def rows_of(bank: tuple[Question, ...], head: Kind) -> list[Row]:
    """Give one row per point of every answer."""
    rows: list[Row] = []
    for number, question in enumerate(bank):
        for count, (source, text, labels) in enumerate(answers(question)):
            values = head.features(Sought.by(question), text)
            rows += [
                Row(number, source, count, label, point.weight, values[at])
                for at, (label, point) in enumerate(zip(labels, question.points, strict=True))
            ]
    return rows


def fit(rows: list[Row], names: tuple[str, ...]) -> Head:
    """Fit the head; in each round a point stands for its window that spoke most for it before."""
    says, near, others = (names.index(f"{name}, text by meaning") for name in _FIRST)
    start = lambda values: values[:, says] - values[:, near] - 0.5 * values[:, others]  # noqa: E731
    head, value = None, start
    for _ in range(ROUNDS):
        chosen = np.array([row.features[value(row.features).argmax()] for row in rows])
        head = _logistic(chosen, rows, names)
        value = head.likelihood
    assert head
    return head


_FIRST = ("says best", "near miss best", "other points best")


def _logistic(chosen: NDArray[np.float32], rows: list[Row], names: tuple[str, ...]) -> Head:
    """Fit one logistic regression; a partly covered point counts half for either label."""
    mean, scale = chosen.mean(axis=0), chosen.std(axis=0) + 1e-6
    standard = (chosen - mean) / scale
    label = np.array([row.label for row in rows])
    weight = np.array([WEIGHTS.get(row.source, 1.0) for row in rows])
    twice = np.concatenate([standard, standard])
    target = np.repeat([1, 0], len(rows))
    weights = np.concatenate([label * weight, (1 - label) * weight])
    model = LogisticRegression(C=PENALTY, max_iter=5000)
    model.fit(twice[weights > 0], target[weights > 0], sample_weight=weights[weights > 0])
    return Head(
        features=names,
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
WEIGHTS = {"small talk": TALK_WEIGHT, **dict.fromkeys(STYLES, LABELED_WEIGHT)}


def unseen(rows: list[Row], names: tuple[str, ...]) -> NDArray[np.float64]:
    """Give each row's likelihood from a head that was fitted on other questions."""
    likely = np.zeros(len(rows))
    for fold in range(FOLDS):
        head = fit([row for row in rows if row.question % FOLDS != fold], names)
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--semantic", action="store_true", help="fit the head of the extra")
    parser.add_argument("--encoded", type=Path, help="a file that keeps the encoded texts")
    parser.add_argument("--dry", action="store_true", help="measure only, write nothing")
    asked = parser.parse_args()
    head, bank = kind(asked.semantic, asked.encoded), load_bank()
    rows = rows_of(bank, head)
    likely = unseen(rows, head.names)
    cuts = cut_offs(rows, likely)
    own = [(row, value) for row, value in zip(rows, likely, strict=True) if row.source in STYLES]
    figures = agreement(own, found=cuts["found"], not_found=cuts["not_found"])
    print(json.dumps({"head": head.file, "cut_offs": cuts, "unseen_questions": figures}, indent=1))
    if not asked.dry:
        write(head, rows, cuts, len(bank))


def write(head: Kind, rows: list[Row], cuts: dict[str, float], questions: int) -> None:
    """Fit on all rows and write the file."""
    count = len({(row.question, row.answer) for row in rows})
    fitted_on = f"{count} answers to {questions} questions, {len(rows)} labels of points"
    values = msgspec.to_builtins(fit(rows, head.names)) | cuts | {"fitted_on": fitted_on}
    packed = msgspec.json.format(msgspec.json.encode(values), indent=1)
    (DATA / head.file).write_bytes(packed + b"\n")
    print(f"wrote {head.file}: {fitted_on}")


if __name__ == "__main__":
    main()
