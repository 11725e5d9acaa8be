"""Text grading against labels, per method, and its cost.

    python bench/text_grading.py [--argkp FILE]

Agreement on the labeled answers under bench/data/labeled, always for questions that the head has
not seen, for word stems alone, word meaning alone, and both (the shipped features). With --argkp
also on ArgKP-2021 (IBM, Apache-2.0; JSON lines, gzip, with the fields split, group, answer, points,
labels), fitted on its train topics and measured on the others, with three examples and six near
misses drawn for each key point. Cost: milliseconds for an answer of 300 words in one thread,
against json.dumps of the report in the same run, and peak memory of a process that grades one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))

import numpy as np
from agreement import agreement
from fit_text_head import STYLES, Row, cut_offs, fit, kind, rows_of, unseen

from caseroom.grading.text.features import FEATURES, PointExamples, Sought, features
from caseroom.grading.text.grade import grade_answer
from caseroom.grading.text.vectors import load_vectors
from caseroom.questions.bank import load_bank
from caseroom.questions.model import Point, PointKind
from caseroom.vocabulary.plain import plain

METHODS = {"stems": "by stem", "meaning": "by meaning", "stems and meaning": ""}
POSITIVE, NEGATIVE = 3, 6


def chosen(row: Row, method: str) -> Row:
    """Blank out the features that a method does not use (a constant earns no coefficient)."""
    other = {"stems": "by meaning", "meaning": "by stem"}.get(method)
    keep = np.array([not (other and name.endswith(other)) for name in FEATURES])
    values = row.features * keep
    return Row(row.question, row.source, row.answer, row.label, row.weight, values)


def own(rows: list[Row]) -> dict[str, Any]:
    """Measure each method on the labeled answers to unseen questions."""
    figures: dict[str, Any] = {}
    for method in METHODS:
        picked = [chosen(row, method) for row in rows]
        likely = unseen(picked, FEATURES)
        cuts = cut_offs(picked, likely)
        pairs = [(r, v) for r, v in zip(picked, likely, strict=True) if r.source in STYLES]
        figures[method] = agreement(pairs, found=cuts["found"], not_found=cuts["not_found"])
    return figures


def argkp(path: Path) -> Iterator[tuple[str, Row]]:
    """Give (split, row) for every labeled pair that is not an example itself."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            groups[record["group"]].append(record)
    for number, records in enumerate(groups.values()):
        yield from _group(number, records)


def _group(number: int, records: list[dict[str, Any]]) -> Iterator[tuple[str, Row]]:
    """Draw the examples of a topic's key points and read all other pairs."""
    dice = np.random.default_rng(number)
    pairs = [
        (r["answer"], key, label, r["split"])
        for r in records
        for key, label in zip(r["points"], r["labels"], strict=True)
    ]
    keys = sorted({key for _, key, _, _ in pairs})
    drawn = {key: _draw(dice, [p for p in pairs if p[1] == key]) for key in keys}
    points = tuple(_point(at, key, *drawn[key]) for at, key in enumerate(keys))
    examples, vectors = PointExamples.of(Sought(points), load_vectors()), load_vectors()
    by_answer: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for answer, key, label, split in pairs:
        if answer not in drawn[key][0] and answer not in drawn[key][1]:
            by_answer[answer].append((key, label, split))
    for count, (answer, labels) in enumerate(by_answer.items()):
        values = features(examples, answer, vectors)
        for key, label, split in labels:
            yield split, Row(number, "argkp", count, label, 1, values[keys.index(key)])


def _draw(dice: np.random.Generator, pairs: list[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw examples and near misses of one key point."""
    texts = [[p[0] for p in pairs if p[2] == label] for label in (1, 0)]
    sizes = (POSITIVE, NEGATIVE)
    good, bad = (
        tuple(map(str, dice.permutation(np.array(some, object))[:size]))
        for some, size in zip(texts, sizes, strict=True)
    )
    return good, bad


def _point(at: int, key: str, says: tuple[str, ...], near: tuple[str, ...]) -> Point:
    """Put a key point into the form of a rubric point."""
    return Point(
        id=f"p{at + 1}",
        statement=key,
        kind=PointKind.CONTENT,
        weight=1,
        gate=False,
        says=says,
        near_miss=near,
    )


def public(path: Path) -> dict[str, Any]:
    """Fit on the train topics, measure on the others."""
    rows = list(argkp(path))
    train = [row for split, row in rows if split == "train"]
    test = [row for split, row in rows if split != "train"]
    head = fit(train, FEATURES)
    value = {True: np.array([head.likelihood(r.features).max() for r in train])}
    truth = np.array([r.label for r in train])
    grid = np.linspace(0.1, 0.8, 36)
    cut = max(grid, key=lambda c: _kappa(truth, value[True] >= c))
    likely = [float(head.likelihood(row.features).max()) for row in test]
    figures = agreement(
        list(zip(test, likely, strict=True)), found=float(cut), not_found=float(cut) / 2
    )
    figures["kappa_at_train_cut"] = round(
        _kappa(np.array([r.label for r in test]), np.array(likely) >= cut), 4
    )
    return {"train_pairs": len(train), **figures}


def _kappa(label: Any, said: Any) -> float:
    """Give Cohen's kappa of two binary series."""
    from sklearn.metrics import cohen_kappa_score

    return float(cohen_kappa_score(label > 0.5, said))


def cost() -> dict[str, Any]:
    """Time answers of about 300 words."""
    bank = load_bank()
    texts = [(q, " ".join((q.anchor("strong").text * 2).split()[:300])) for q in bank[:40]]
    for question, text in texts:
        grade_answer(question, text)
    grading, dumping = [], []
    for question, text in texts * 3:
        start = time.perf_counter()
        report = grade_answer(question, text)
        middle = time.perf_counter()
        json.dumps(plain(report))
        grading.append((middle - start) * 1000)
        dumping.append((time.perf_counter() - middle) * 1000)
    return {
        "grading_ms": _spread(grading),
        "report_to_json_ms": _spread(dumping),
        "peak_mb_of_one_answer": peak(),
        "target_p95_ms": 50,
        "target_mb": 80,
    }


def _spread(values: list[float]) -> dict[str, float]:
    """Give median and 95th percentile."""
    return {
        "p50": round(statistics.median(values), 2),
        "p95": round(float(np.quantile(values, 0.95)), 2),
    }


ONE_ANSWER = """
from caseroom.grading.text.grade import grade_answer
from caseroom.questions.bank import find_question
question = find_question("Q002")
grade_answer(question, question.anchor("strong").text)
lines = open("/proc/self/status").read().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


def peak() -> float:
    """Give the peak memory in MB of a fresh process that grades one answer (Linux)."""
    done = subprocess.run([sys.executable, "-c", ONE_ANSWER], capture_output=True, check=True)
    return round(int(done.stdout) / 1024, 1)


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--argkp", type=Path, help="argkp_train_dev.jsonl.gz")
    asked = parser.parse_args()
    figures: dict[str, Any] = {"cost": cost()}
    figures["labeled_answers_unseen_questions"] = own(rows_of(load_bank(), kind(False, None)))
    if asked.argkp:
        figures["argkp_unseen_topics"] = public(asked.argkp)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
