"""The text grader on answers that nothing was fitted to or chosen by, against two raters.

    python bench/held_out_answers.py [--semantic --encoded FILE]

Five answers to each of twelve questions stand under bench/data/held_out: their authors saw the
question alone, two raters saw question, answers and the points' statements, and neither each other
nor any example. Authors and raters were separate runs of language models, not people. Printed are
how well the raters agree, and how well the verdicts of reports agree with each of them, with a head
fitted on other questions: kappa of three bands by quadratic weights, kappa of covered or not where
neither says partly, and the rank correlation of the answers to a question by weighted coverage,
each with a 95 % interval by resampling questions (2,000 times). With --semantic the reader of the
extra is measured; FILE keeps its encoded texts.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))

import numpy as np
import yaml
from fit_text_head import FOLDS, LABELS, SHARE, Kind, kind, rows_of
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score
from text_grading import unseen_reader

from caseroom.grading.text.grade import grade_answer
from caseroom.questions.bank import load_bank
from caseroom.questions.model import Question

HELD_OUT = Path(__file__).parent / "data/held_out"
RESAMPLED = 2000
Matrix = np.ndarray
"""Bands (answers, points) of one question: 1 found, 0.5 partly, 0 not."""


def rated(question: Question) -> tuple[list[str], list[Matrix]]:
    """Give the answers to a question and one matrix per rater."""
    raw = yaml.safe_load((HELD_OUT / f"{question.id}.yaml").read_text(encoding="utf-8"))["answers"]
    ids = [point.id for point in question.points]
    raters = range(len(raw[0]["ratings"]))
    return [answer["text"] for answer in raw], [
        np.array([[LABELS[answer["ratings"][rater][i]] for i in ids] for answer in raw])
        for rater in raters
    ]


def read(of: Kind) -> list[tuple[Question, Matrix, list[Matrix]]]:
    """Give question, the grader's bands and the raters' for every held-out question."""
    bank, found = load_bank(), []
    rows = rows_of(bank, of)
    for number, question in enumerate(bank):
        if (HELD_OUT / f"{question.id}.yaml").exists():
            texts, ratings = rated(question)
            reader = unseen_reader(rows, number % FOLDS, of)
            reports = [grade_answer(question, text, reader) for text in texts]
            bands = [[SHARE[verdict.band] for verdict in report.points] for report in reports]
            found.append((question, np.array(bands), ratings))
    return found


def compared(pairs: Sequence[tuple[Question, Matrix, Matrix]]) -> dict[str, Any]:
    """Compare two readings of all questions."""
    measures: dict[str, Callable[[Sequence[tuple[Question, Matrix, Matrix]]], float]] = {
        "kappa_bands": _kappa_bands,
        "kappa_clear": _kappa_clear,
        "rank_within_question": _rank,
    }
    return {name: _with_interval(measure, pairs) for name, measure in measures.items()}


def _with_interval(measure: Any, pairs: Sequence[Any]) -> dict[str, float]:
    """Give a measure with the 95 % interval of its bootstrap over questions."""
    dice = np.random.default_rng(1)
    draws = [
        measure([pairs[at] for at in dice.integers(len(pairs), size=len(pairs))])
        for _ in range(RESAMPLED)
    ]
    low, high = np.nanquantile(draws, (0.025, 0.975))
    return {k: round(float(v), 3) for k, v in zip(_ENDS, (measure(pairs), low, high), strict=True)}


_ENDS = ("value", "low", "high")


def _flat(pairs: Sequence[tuple[Question, Matrix, Matrix]]) -> tuple[Matrix, Matrix]:
    return tuple(np.concatenate([pair[at].ravel() for pair in pairs]) for at in (1, 2))  # type: ignore[return-value]


def _kappa_bands(pairs: Sequence[tuple[Question, Matrix, Matrix]]) -> float:
    one, other = _flat(pairs)
    return cohen_kappa_score(one * 2, other * 2, weights="quadratic")


def _kappa_clear(pairs: Sequence[tuple[Question, Matrix, Matrix]]) -> float:
    one, other = _flat(pairs)
    clear = (one != 0.5) & (other != 0.5)
    return cohen_kappa_score(one[clear], other[clear])


def _rank(pairs: Sequence[tuple[Question, Matrix, Matrix]]) -> float:
    """Give the mean rank correlation within a question, where both readings differ at all."""
    ranks = []
    for question, one, other in pairs:
        weights = np.array([point.weight for point in question.points])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ranks.append(spearmanr(one @ weights, other @ weights).statistic)
    return float(np.nanmean(ranks))


def _by_band(label: Matrix, band: Matrix) -> dict[str, dict[str, float]]:
    """Give the shares of the rater's labels among the points of each band, and their number."""
    return {
        name: {
            "points": int((band == value).sum()),
            **{word: round(float((label[band == value] == x).mean()), 3) for word, x in _WORDS},
        }
        for name, value in (("found", 1), ("perhaps", 0.5), ("not found", 0))
    }


_WORDS = tuple(LABELS.items())


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--semantic", action="store_true", help="measure the reader of the extra")
    parser.add_argument("--encoded", type=Path, help="a file that keeps the encoded texts")
    asked = parser.parse_args()
    found = read(kind(asked.semantic, asked.encoded))
    figures: dict[str, Any] = {
        "questions": len(found),
        "answers": sum(len(bands) for _, bands, _ in found),
        "verdicts": sum(bands.size for _, bands, _ in found),
        "rater_1_with_rater_2": compared([(q, r[0], r[1]) for q, _, r in found]),
    }
    for rater in (0, 1):
        pairs = [(q, r[rater], bands) for q, bands, r in found]
        figures[f"rater_{rater + 1}_with_grader"] = {
            **compared(pairs),
            "what_the_rater_says_where_the_grader_says": _by_band(*_flat(pairs)),
        }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
