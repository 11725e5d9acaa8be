"""Checking questions with the grader: what breaks a promise, and what is too little to tell."""

from __future__ import annotations

from dataclasses import replace

from caseroom.grading.text.check import check_questions
from caseroom.questions.bank import find_question

QUESTION = find_question("Q028")


def test_shares_of_few_questions_are_shown_but_not_held_against_marks():
    """Two questions can be checked alone; a share of eleven points says nothing."""
    checked = check_questions([QUESTION, find_question("Q001")])
    assert checked["ok"], checked
    assert set(checked["promises"]) == {
        "schema",
        "every_point_credited",
        "weak_not_credited",
        "examples_told_apart",
        "attacks_hold",
    }
    assert 0 < checked["paraphrase_share"] <= 1


def test_swapped_anchors_break_promises():
    """A question whose weak anchor is the strong one is out of order, and says which points."""
    weak, middling, strong = QUESTION.anchors
    swapped = replace(
        QUESTION,
        anchors=(
            replace(weak, text=strong.text),
            middling,
            replace(strong, text=weak.text),
        ),
    )
    checked = check_questions([swapped])
    assert not checked["ok"]
    assert checked["unordered"] == ["Q028"]
    assert checked["uncredited_points"]
    assert checked["weak_credited_points"]


def test_examples_under_the_wrong_point_are_told():
    """Says that stand as near misses, and the reverse, are not told apart."""
    first, *others = QUESTION.points
    mixed = replace(first, says=first.near_miss, near_miss=first.says)
    checked = check_questions([replace(QUESTION, points=(mixed, *others))])
    assert "Q028.p1" in checked["uncredited_points"] or "Q028.p1" in checked["not_told_apart"]
