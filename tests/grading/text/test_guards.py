"""Guards speak on what they are for and stay silent on real answers."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from caseroom.grading.text.attacks import attacks
from caseroom.grading.text.grade import grade_answer
from caseroom.grading.text.report import FlagKind
from caseroom.questions.bank import find_question, load_bank

LABELED = Path(__file__).parents[3] / "bench" / "data" / "labeled"
KINDS = {
    "gibberish": FlagKind.NOT_WORDS,
    "one word": FlagKind.EMPTY,
    "question three times": FlagKind.COPY,
    "rubric": FlagKind.COPY,
    "rubric in the first person": FlagKind.COPY,
    "keyword list": FlagKind.WORD_LIST,
    "shuffled words": FlagKind.WORD_SALAD,
    "denied examples": FlagKind.DENIAL,
    "instruction to the grader": FlagKind.INSTRUCTION,
    "fluent keywords": FlagKind.KEYWORDS,
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_attack_is_named(kind: str):
    """An attack is flagged by the guard that is meant for it."""
    question = find_question("Q012")
    attack = next(a for a in attacks(question, load_bank()) if a.kind == kind)
    flags = grade_answer(question, attack.text).flags
    assert KINDS[kind] in {flag.kind for flag in flags}


def test_real_answers_are_hardly_ever_withheld():
    """Of the labeled answers, which nobody wrote to cheat, at most 2 % are withheld."""
    answers = [
        (find_question(path.stem), answer["text"])
        for path in sorted(LABELED.glob("*.yaml"))
        for answer in yaml.safe_load(path.read_text(encoding="utf-8"))["answers"]
    ]
    withheld = [question.id for question, text in answers if grade_answer(question, text).withheld]
    assert len(answers) >= 200
    assert len(withheld) <= 0.02 * len(answers), withheld
