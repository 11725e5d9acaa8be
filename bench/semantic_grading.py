"""Cost of the semantic grader against the embedded one, on this machine.

In: the installed package with the extra `semantic`. Out: one JSON object: milliseconds per answer,
for the first answer to a question and for later ones, and peak memory, each grader in a process of
its own. How well they agree with labels is printed by tools/fit_text_head.py.

    python bench/semantic_grading.py
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from statistics import quantiles
from time import perf_counter, process_time

GRADERS = ("embedded", "semantic")
WORDS = 300


def main() -> None:
    """Measure every grader in a process of its own, or one of them in this."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=GRADERS)
    parser.add_argument("--questions", type=int, default=20)
    asked = parser.parse_args()
    if asked.only:
        print(json.dumps(measured(asked.only, asked.questions)))
        return
    command = [sys.executable, __file__, "--questions", str(asked.questions), "--only"]
    ran = {
        name: json.loads(subprocess.run([*command, name], check=True, capture_output=True).stdout)
        for name in GRADERS
    }
    print(json.dumps({"words": WORDS, **ran}, indent=2))


def measured(name: str, count: int) -> dict[str, object]:
    """Grade answers of the same length to several questions, two to each."""
    from caseroom.questions.bank import load_bank
    from caseroom.service.text_grader import VARIABLE, chosen_bank

    grade = chosen_bank({VARIABLE: name}).grade
    bank = load_bank()[: count + 1]
    texts = [(" ".join(a.text for a in question.anchors)).split() for question in bank]
    first, later, cpu = [], [], []
    for at, question in enumerate(bank):
        words = texts[at]
        for times, text in ((first, words[:WORDS]), (later, words[-WORDS:])):
            start, used = perf_counter(), process_time()
            grade(question, " ".join(text))
            times.append(1000 * (perf_counter() - start))
            cpu.append(1000 * (process_time() - used))
    return {
        "start_ms": round(first[0]),
        "first_answer_ms": spread(first[1:]),
        "later_answer_ms": spread(later[1:]),
        "later_answer_cpu_ms": spread(cpu[3::2]),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def spread(values: list[float]) -> dict[str, float]:
    """Give median and 95th percentile."""
    cuts = quantiles(values, n=20, method="inclusive")
    return {"p50": round(cuts[9], 1), "p95": round(cuts[18], 1)}


if __name__ == "__main__":
    main()
