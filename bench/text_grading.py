"""Text grading against labels, per method, and its cost.

    python bench/text_grading.py

Agreement on the labeled answers under bench/data/labeled, always for questions that the head has
not seen, for word stems alone, word meaning alone, and both (the shipped features); likewise of the
verdicts that a report shows, after guards, topic and sharing out the windows. How often real
answers and answers to other questions are held to be off topic. Cost: milliseconds for an answer of
300 words in one thread, against json.dumps of the report in the same run, and peak memory of a
process that grades one.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))

import numpy as np
from agreement import agreement
from fit_text_head import (
    FOLDS,
    SHARE,
    STYLES,
    Kind,
    Row,
    answers,
    cut_offs,
    fit,
    kind,
    labeled,
    rows_of,
    unseen,
)
from sklearn.metrics import cohen_kappa_score
from text_methods import METHODS, chosen

from caseroom.grading.text.attacks import off_topic_story
from caseroom.grading.text.features import FEATURES
from caseroom.grading.text.grade import grade_answer
from caseroom.grading.text.head import load_head
from caseroom.grading.text.reader import Reader
from caseroom.grading.text.topic import off_topic
from caseroom.grading.text.vectors import load_vectors
from caseroom.questions.bank import load_bank
from caseroom.questions.model import Question
from caseroom.vocabulary.plain import plain


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


def as_reported(rows: list[Row], bank: tuple[Question, ...], of: Kind) -> dict[str, Any]:
    """Compare the bands of reports with labels; heads are fitted on other questions."""
    pairs: list[tuple[float, float]] = []
    for fold in range(FOLDS):
        reader = unseen_reader(rows, fold, of)
        for question in bank[fold::FOLDS]:
            pairs += _bands(question, reader)
    return {"labels": len(pairs), **banded(pairs)}


def unseen_reader(rows: list[Row], fold: int, of: Kind) -> Reader:
    """Give a reader that has not seen the questions of a fold; cut-offs are the shipped ones."""
    shipped = load_head(of.file, of.names)
    fitted = fit([row for row in rows if row.question % FOLDS != fold], of.names)
    cuts = ("found", "not_found", "sure_found", "sure_not_found")
    head = replace(fitted, **{cut: getattr(shipped, cut) for cut in cuts})
    return Reader(grader="unseen", head=head, features=of.features)


def banded(pairs: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Compare labels with bands, both 1, 0.5 or 0."""
    label, band = np.array(pairs).T
    return {
        "kappa_bands": round(cohen_kappa_score(label * 2, band * 2, weights="quadratic"), 4),
        "found_share": round(float((band == 1).mean()), 4),
        "perhaps_share": round(float((band == 0.5).mean()), 4),
        "found_right": round(float(label[band == 1].mean()), 4),
        "not_found_right": round(float(1 - label[band == 0].mean()), 4),
    }


def _bands(question: Question, reader: Reader) -> Iterator[tuple[float, float]]:
    """Give label and band (1 found, 0.5 perhaps, 0 not) of the points of a question's answers."""
    for _, text, labels in labeled(question):
        report = grade_answer(question, text, reader)
        yield from zip(labels, (SHARE[verdict.band] for verdict in report.points), strict=True)


def topic(bank: tuple[Question, ...]) -> dict[str, Any]:
    """Say how often an answer is held to be off topic: real ones, and ones to other questions."""
    vectors, real, foreign = load_vectors(), [], []
    for number, question in enumerate(bank):
        for source, text, _ in answers(question):
            if source in REAL:
                real.append(bool(off_topic(question.id, text, vectors)))
        others = [o for o in bank if not set(o.competencies) & set(question.competencies)]
        for other in others[number % 5 :: 5]:
            text = other.anchor("strong").text
            foreign.append(bool(off_topic(question.id, text, vectors)))
    story = [bool(off_topic(question.id, off_topic_story(), vectors)) for question in bank]
    return {
        "real_answers": len(real),
        "real_answers_held_off_topic": round(statistics.mean(real), 4),
        "strong_answers_to_other_questions": len(foreign),
        "of_these_held_off_topic": round(statistics.mean(foreign), 4),
        "story_held_off_topic": round(statistics.mean(story), 4),
    }


def pitfalls(bank: tuple[Question, ...]) -> dict[str, float]:
    """Say what share of a question's pitfalls is named in good answers, and in poor ones."""
    named: dict[str, list[bool]] = {"good_answers": [], "poor_answers": []}
    for question in bank:
        for source, text, _ in answers(question):
            kind = next((kind for kind, some in KINDS.items() if source in some), None)
            if kind:
                hits = {hit.pitfall for hit in grade_answer(question, text).pitfalls}
                named[kind] += [pitfall.id in hits for pitfall in question.pitfalls]
    return {kind: round(statistics.mean(hits), 4) for kind, hits in named.items()}


KINDS = {"good_answers": ("strong", "paraphrase", "terse"), "poor_answers": ("weak", "wrong")}
REAL = (*(style for style in STYLES if style != "wrong"), "middling", "strong")
"""Sources of answers that are about their question."""


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
    argparse.ArgumentParser(description=__doc__).parse_args()
    figures: dict[str, Any] = {"cost": cost(), "topic": topic(load_bank())}
    figures["share_of_pitfalls_named"] = pitfalls(load_bank())
    embedded = kind(False, None)
    rows = rows_of(load_bank(), embedded)
    figures["labeled_answers_unseen_questions"] = own(rows)
    figures["verdicts_of_reports_unseen_questions"] = as_reported(rows, load_bank(), embedded)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
