"""The text grader's comparison against answers that people judged, on public data, per method.

    python bench/public_answers.py [--argkp FILE] [--semeval FILE] [--saf FILE]

Files are JSON lines, gzip. ArgKP-2021 (IBM, Apache-2.0): arguments and key points, labeled by a
crowd; fields split, group, answer, points, labels; fitted on its train topics, measured on the
others. SemEval-2013 Task 7 (CC BY-SA 3.0): short answers of pupils, correct or not; fields ds,
group, refs, answer, label. SAF 2.0 (MIT): longer answers of undergraduates with a score; fields
group, ref, answer, score. Of the last two the question's reference is the statement of one point,
and what is measured are questions that the fit has not seen (8 folds). Everywhere up to three
examples and six near misses are drawn for each point, and are not measured; all of it is repeated
with five draws, given as mean, low and high. Methods: word stems alone, word meaning alone, both.
The data are not part of this project.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))

import numpy as np
from agreement import agreement
from fit_text_head import Row, fit, unseen
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score
from text_methods import METHODS, chosen

from caseroom.grading.text.features import FEATURES, PointExamples, Sought, features
from caseroom.grading.text.vectors import load_vectors
from caseroom.questions.model import Point, PointKind

SAYS, NEAR_MISSES, DRAWS = 3, 6, 5
Record = dict[str, Any]
Judged = tuple[str, float]
"""An answer and how much of the point people saw in it (0..1)."""


def records(path: Path) -> dict[str, list[Record]]:
    """Read the records of a file, by group."""
    groups: dict[str, list[Record]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            groups[f"{record.get('ds', '')} {record['group']}"].append(record)
    return groups


def drawn(seed: tuple[int, ...], statement: str, judged: Sequence[Judged]) -> Point:
    """Put a point together: examples from answers that cover it, near misses from the others."""
    dice = np.random.default_rng(seed)
    best = max(label for _, label in judged)

    def some(texts: list[str], size: int) -> tuple[str, ...]:
        return tuple(map(str, dice.permutation(np.array(texts, object))[:size]))

    return Point(
        id="-".join(map(str, seed)),
        statement=statement,
        kind=PointKind.CONTENT,
        weight=1,
        gate=False,
        says=some([text for text, label in judged if label == best], SAYS),
        near_miss=some([text for text, label in judged if label <= best / 2], NEAR_MISSES),
    )


def key_points(path: Path, draw: int) -> Iterator[tuple[str, Row]]:
    """Give (split, row) for every labeled pair of ArgKP that is not an example itself."""
    for number, group in enumerate(records(path).values()):
        pairs: dict[str, list[Judged]] = defaultdict(list)
        for record in group:
            for key, label in zip(record["points"], record["labels"], strict=True):
                pairs[key].append((record["answer"], float(label)))
        points = [
            drawn((draw, number, at), key, judged)
            for at, (key, judged) in enumerate(sorted(pairs.items()))
        ]
        examples = PointExamples.of(Sought(tuple(points)), load_vectors())
        for count, record in enumerate(group):
            for label, values in _read(record, points, examples):
                yield record["split"], Row(number, "argkp", count, label, 1, values)


def _read(
    record: Record, points: Sequence[Point], examples: PointExamples
) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Give label and features of each key point that an argument was compared with."""
    values = features(examples, record["answer"], load_vectors())
    places = {point.statement: at for at, point in enumerate(points)}
    for key, label in zip(record["points"], record["labels"], strict=True):
        point = points[places[key]]
        if record["answer"] not in (*point.says, *point.near_miss):
            yield float(label), values[places[key]]


def argkp(path: Path, draw: int) -> dict[str, Any]:
    """Measure every method on topics that the fit has not seen; the cut comes from the others."""
    rows = list(key_points(path, draw))
    figures: dict[str, Any] = {}
    for method in METHODS:
        train = [chosen(row, method) for split, row in rows if split == "train"]
        test = [chosen(row, method) for split, row in rows if split != "train"]
        head = fit(train, FEATURES)
        known = np.array([head.likelihood(row.features).max() for row in train])
        cut = best_cut(np.array([row.label for row in train]), known)
        likely = [float(head.likelihood(row.features).max()) for row in test]
        figures[method] = agreement(
            list(zip(test, likely, strict=True)), found=cut, not_found=cut / 2
        )
        covered = np.array([row.label for row in test])
        figures[method]["kappa_at_train_cut"] = kappa(covered, np.array(likely) >= cut)
    return figures


def best_cut(label: NDArray[np.float64], likely: NDArray[np.float64]) -> float:
    """Give the likelihood from which on "covered" agrees best with labels."""
    return float(max(np.linspace(0.1, 0.8, 36), key=lambda cut: kappa(label, likely >= cut)))


def kappa(label: NDArray[np.float64], said: NDArray[np.bool_]) -> float:
    """Give Cohen's kappa of "more than half covered" with verdicts."""
    return round(float(cohen_kappa_score(label > 0.5, said)), 4)


def one_point(draw: int, number: int, statement: str, judged: Sequence[Judged]) -> Iterator[Row]:
    """Give the rows of a question whose answers were judged as a whole."""
    point = drawn((draw, number), statement, judged)
    examples = PointExamples.of(Sought((point,)), load_vectors())
    for count, (text, label) in enumerate(judged):
        if text not in (*point.says, *point.near_miss) and any(map(str.isalnum, text)):
            values = features(examples, text, load_vectors())[0]
            yield Row(number, "judged", count, label, 1, values)


def semeval(path: Path, draw: int) -> dict[str, Any]:
    """Measure every method on the questions of SemEval that the fit has not seen."""
    rows = [
        row
        for number, group in enumerate(records(path).values())
        for row in one_point(
            draw,
            number,
            group[0]["refs"][0],
            [(record["answer"], float(record["label"] == "correct")) for record in group],
        )
    ]
    label = np.array([row.label for row in rows])
    figures: dict[str, Any] = {"answers": len(rows), "correct_share": round(label.mean(), 4)}
    for method in METHODS:
        likely = unseen([chosen(row, method) for row in rows], FEATURES)
        figures[method] = {
            "auc": round(float(roc_auc_score(label, likely)), 4),
            "kappa": kappa(label, likely >= 0.5),
            "macro_f1": round(float(f1_score(label, likely >= 0.5, average="macro")), 4),
        }
    return figures


def saf(path: Path, draw: int) -> dict[str, Any]:
    """Measure every method on the questions of SAF that the fit has not seen."""
    rows: list[Row] = []
    for number, group in enumerate(records(path).values()):
        most = max(record["score"] for record in group)
        judged = [(record["answer"], record["score"] / most) for record in group]
        rows += one_point(draw, number, group[0]["ref"], judged)
    label = np.array([row.label for row in rows])
    figures: dict[str, Any] = {"answers": len(rows), "questions": len({r.question for r in rows})}
    for method in METHODS:
        likely = unseen([chosen(row, method) for row in rows], FEATURES)
        figures[method] = {
            "r": round(float(np.corrcoef(label, likely)[0, 1]), 4),
            "rank_within_question": _rank(rows, label, likely),
        }
    return figures


def _rank(rows: list[Row], label: NDArray[np.float64], likely: NDArray[np.float64]) -> float:
    """Give the mean rank correlation within a question, over questions whose scores differ."""
    numbers = np.array([row.question for row in rows])
    ranks = [
        spearmanr(label[numbers == number], likely[numbers == number]).statistic
        for number in np.unique(numbers)
        if len(set(label[numbers == number])) > 1
    ]
    return round(float(np.mean(ranks)), 4)


def over_draws(figures: Sequence[Any]) -> Any:
    """Give mean, low and high of every figure; what doesn't differ stands as it is."""
    if isinstance(figures[0], dict):
        return {name: over_draws([one[name] for one in figures]) for name in figures[0]}
    if min(figures) == max(figures):
        return figures[0]
    mean = round(float(np.mean(figures)), 4)
    return {"mean": mean, "low": min(figures), "high": max(figures)}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    measures = {"argkp": argkp, "semeval": semeval, "saf": saf}
    for name in measures:
        parser.add_argument(f"--{name}", type=Path)
    asked = vars(parser.parse_args())
    if not any(asked.values()):
        parser.error("name at least one file; each data set has its own option")
    figures = {
        name: over_draws([measure(asked[name], draw) for draw in range(DRAWS)])
        for name, measure in measures.items()
        if asked[name]
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
