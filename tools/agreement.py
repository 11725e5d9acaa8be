"""How well likelihoods of points agree with labels.

In: rows of labeled answers with the likelihoods of a head that has not seen their questions.
Out: figures by name. "Partly" counts half for either side where a figure has two sides only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score, roc_auc_score


class Labeled(Protocol):
    """A point of an answer: label 1 covered, 0.5 partly, 0 not; weight of the point."""

    @property
    def question(self) -> int: ...  # noqa: D102
    @property
    def answer(self) -> int: ...  # noqa: D102
    @property
    def label(self) -> float: ...  # noqa: D102
    @property
    def weight(self) -> int: ...  # noqa: D102


def agreement(
    rows: Sequence[tuple[Labeled, float]], *, found: float, not_found: float
) -> dict[str, float]:
    """Give the area under the curve, Cohen's kappa, shares of right verdicts, rank correlation.

    `kappa` compares "likelihood at least 0.5" with "covered", without partly covered points;
    `kappa_bands` compares three bands with three labels, by quadratic weights.
    """
    label = np.array([row.label for row, _ in rows])
    value = np.array([likely for _, likely in rows])
    clear = label != 0.5
    sides = np.repeat([1, 0], len(rows))
    weights = np.concatenate([label, 1 - label])
    bands = np.where(value >= found, 2, np.where(value > not_found, 1, 0))
    figures = {
        "labels": len(rows),
        "covered_share": label.mean(),
        "auc": roc_auc_score(sides, np.tile(value, 2), sample_weight=weights),
        "auc_clear": roc_auc_score(label[clear] > 0, value[clear]),
        "kappa": cohen_kappa_score(label[clear] > 0, value[clear] >= 0.5),
        "kappa_bands": cohen_kappa_score((label * 2).astype(int), bands, weights="quadratic"),
        "found_share": (bands == 2).mean(),
        "perhaps_share": (bands == 1).mean(),
        "found_right": label[bands == 2].mean(),
        "not_found_right": 1 - label[bands == 0].mean(),
        "rank_within_question": _rank(rows, label, value),
    }
    return {name: round(float(figure), 4) for name, figure in figures.items()}


def _rank(
    rows: Sequence[tuple[Labeled, float]], label: NDArray[np.float64], value: NDArray[np.float64]
) -> float:
    """Give the mean rank correlation between the answers of a question, by weighted coverage."""
    scores: dict[int, dict[int, NDArray[np.float64]]] = {}
    for (row, _), truth, likely in zip(rows, label, value, strict=True):
        answers = scores.setdefault(row.question, {})
        answers.setdefault(row.answer, np.zeros(2))
        answers[row.answer] += row.weight * np.array([truth, likely])
    tables = [np.stack(list(answers.values())) for answers in scores.values()]
    return float(np.mean([spearmanr(t[:, 0], t[:, 1]).statistic for t in tables if len(t) > 2]))
