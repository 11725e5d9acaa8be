"""The exam of the text grader over the whole bank: anchors, attacks, variations, examples.

Anchors were written without sight of the examples, attacks are made from each question's rubric.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from caseroom.grading.text.attacks import attacks
from caseroom.grading.text.check import (
    ORDERED_AT_LEAST,
    PARAPHRASED_AT_LEAST,
    check_questions,
)
from caseroom.grading.text.grade import grade_answer
from caseroom.grading.text.variations import variations
from caseroom.questions.bank import load_bank
from caseroom.questions.model import Band

ORDER = [Band.NOT_FOUND, Band.PERHAPS, Band.FOUND]
NOTHING = (
    "gibberish",
    "one word",
    "question three times",
    "rubric",
    "rubric in the first person",
    "keyword list",
    "shuffled words",
    "denied statements",
    "denied examples",
)


@pytest.fixture(scope="module")
def checked() -> dict[str, Any]:
    """Check the whole bank once."""
    return check_questions(load_bank())


def test_every_question_keeps_the_rules(checked: dict[str, Any]):
    """All items pass the schema and the rules beyond it."""
    assert checked["items"] == 124
    assert checked["problems"] == []


def test_anchors_are_put_in_order(checked: dict[str, Any]):
    """For at least 95 % of the questions weak < middling < strong."""
    assert checked["ordered_share"] >= ORDERED_AT_LEAST, checked["unordered"]


def test_answers_in_other_words_are_found(checked: dict[str, Any]):
    """Of an answer made of held-out examples at least 70 % of the points are found."""
    assert checked["paraphrase_share"] >= PARAPHRASED_AT_LEAST


def test_examples_are_told_from_near_misses(checked: dict[str, Any]):
    """A held-out example of every point beats a held-out near miss more often than not."""
    assert checked["not_told_apart"] == []


def test_every_point_is_credited_by_its_strong_anchor_only(checked: dict[str, Any]):
    """No point escapes its strong anchor, and none credits its weak one."""
    assert checked["uncredited_points"] == []
    assert checked["weak_credited_points"] == []


@pytest.mark.parametrize("kind", NOTHING)
def test_attacks_that_say_nothing_find_nothing(kind: str):
    """Copies, lists, shuffles, gibberish and denials find no point in any question."""
    bank = load_bank()
    found = [
        question.id
        for question in bank
        for attack in attacks(question, bank)
        if attack.kind == kind and grade_answer(question, attack.text).found
    ]
    assert found == []


def test_attacks_that_say_something_stay_within_their_limit(checked: dict[str, Any]):
    """Keyword prose, foreign stories and orders to the grader stay within their limits."""
    assert checked["attacks_over_limit"] == []
    assert checked["ok"], checked["promises"]


def test_telling_it_differently_moves_a_point_by_one_band():
    """Typos, bullets, another order and padding move at most 0.2 % of the points by two bands."""
    moved, points = Counter[str](), 0
    for question in load_bank()[::2]:
        text = question.anchor("strong").text
        before = grade_answer(question, text).points
        for name, changed in variations(text).items():
            after = grade_answer(question, changed).points
            for old, new in zip(before, after, strict=True):
                points += 1
                moved[name] += abs(ORDER.index(old.band) - ORDER.index(new.band)) > 1
    assert moved.total() <= 0.002 * points, moved
