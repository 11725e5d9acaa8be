"""Scores of texts by simple cues, and the texts that get the floor."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_kind
from caseroom.case.rubric import Cue, MemoRule
from caseroom.grading.criteria.memo import sentences
from caseroom.grading.evidence import Evidence, Method
from toy_grading import judged

CASE = toy_kind.toy_case()
RULE = MemoRule(field="memo", cues=toy_kind.CUES, min_words=40, max_words=200)
GOOD = toy_kind.perfect(CASE)["memo"]
BULLETS = """Ada, three points:

- Sales in the north fell by 40 percent from 7 March on, in the till records and in payments.
- I recommend a campaign there for four weeks, because nothing points to the tills.
- I am unsure about the size, as the weather was odd in that month.

We stop if payments do not move by the end of April, and go on unless you object.
"""


def score(text: str) -> Evidence:
    """Judge a memo."""
    return judged(CASE, RULE, {"memo": text})


def test_a_memo_with_all_points_gets_full_credit() -> None:
    """Every cue found within the length gives 1, labeled as simple text cues."""
    evidence = score(GOOD)

    assert evidence.score == 1
    assert evidence.method is Method.TEXT_CUES
    assert "not that it is right" in evidence.reliability


def test_a_memo_of_bullets_is_a_memo() -> None:
    """Lists of sentences are read like prose."""
    assert score(BULLETS).score == 1


def test_the_score_rests_on_sentences_word_for_word() -> None:
    """Each span is a sentence of the text at its offsets."""
    spans = score(BULLETS).spans

    assert [span.quote for span in spans] == [BULLETS[span.start : span.end] for span in spans]
    assert all(span.source == "field" and span.ref == "memo" for span in spans)
    assert spans[0].quote.startswith("- Sales in the north")
    assert spans[0].quote.endswith("in payments.")


def test_a_missing_point_is_named() -> None:
    """The reason says which point shows no sign."""
    evidence = score(GOOD.replace("recommend", "plan"))

    assert evidence.score == pytest.approx(0.75)
    assert "No sign of: Says what to do" in evidence.why


def test_length_outside_the_range_scales_the_score() -> None:
    """About half of the words asked for earn half; twice the most words earn less."""
    short = (
        "I recommend a campaign, as sales fell by 4 percent, unless it rains; I am unsure of it. "
        "We wait for data."
    )
    filler = " ".join(f"On day {n} the kiosk number {n + 7} sold {n * 13} cups." for n in range(50))
    padded = GOOD + " " + filler

    assert 0.5 <= score(short).score <= 0.6
    assert score(padded).score < 0.5


def keyboard_noise() -> str:
    """Give words of random letters between real ones."""
    rng = random.Random(3)
    letters = "bcdfghjklmnpqrstvwxyz"
    noise = ("".join(rng.choices(letters, k=6)) for _ in range(40))
    return " ".join(f"the {word} is" for word in noise) + " 40 % recommend unsure unless."


ATTACKS = {
    "too short": "I recommend 40 % unless unsure.",
    "keyboard": keyboard_noise(),
    "letters": "asdf qwrt zxcv hjkl " * 15,
    "repetition": "I recommend 40 percent unless we are unsure about it. " * 8,
    "word list": "recommend 40 % unsure unless demand logging sales payments region north south "
    "decline cause effect interval probability budget campaign tills kiosks customers revenue "
    "weekly season weather price staff memo stakeholder decision reversal rule data missing",
    "copied brief": " ".join(
        [CASE.brief.question, CASE.brief.company, *CASE.brief.context, CASE.brief.value_rule]
    )
    + " I recommend 40 % unless unsure.",
    "copied rubric": "States a number. Says what to do. Says what is not known. Says what would "
    "change it. I recommend that the tills be 40 % repaired, I am unsure, unless it rains. " * 2,
    "digits": "1 2 3 40% 5 6 7 8 9 " * 10,
    "marks": "!!! ??? ... --- " * 30,
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())
def test_texts_that_say_nothing_get_the_floor(text: str) -> None:
    """Short, senseless, repeated, listed and copied texts get 0, and the reason says why."""
    evidence = score(text)

    assert evidence.score == 0
    assert "not scored as a text" in evidence.why


def test_a_sentence_of_mere_words_carries_no_cue() -> None:
    """A list of cue words inside a real memo earns nothing."""
    plain = GOOD.replace("recommend", "plan").replace("unsure", "clear").replace("stop if", "end")
    keywords = " Recommend propose unsure uncertain unless reversal percent decision campaign."

    assert score(plain + keywords).score == score(plain).score


def test_words_of_the_domain_are_words() -> None:
    """Abbreviations, column names and numbers do not make a memo senseless."""
    text = GOOD + " See subscriptions.mrr_cents, SKU 4711, v5.2 and the KPI by P95, Q2 vs. Q1."

    assert score(text).score == 1


def test_a_small_field_needs_only_a_few_words() -> None:
    """A rule of reversal is a sentence; guards for long texts do not apply to it."""
    cue = Cue(id="when", label="Says when", patterns=(r"\bif\b",))
    rule = MemoRule(field="memo", cues=(cue,), min_words=5, max_words=60)

    assert judged(CASE, rule, {"memo": "Roll back if churn exceeds 3% in June."}).score == 1


@given(st.text(max_size=300))
def test_sentences_are_disjoint_parts_of_the_text(text: str) -> None:
    """Offsets rise, do not overlap, and leave out white space only at the edges."""
    places = list(sentences(text))
    ends = [0, *(end for _, end in places)]

    assert all(text[start:end] == text[start:end].strip() != "" for start, end in places)
    assert all(start >= end for (start, _), end in zip(places, ends, strict=False))


@given(st.text(max_size=400))
def test_any_text_gets_a_score_with_true_quotes(text: str) -> None:
    """Whatever is typed, the score lies in 0..1 and quotes stand where they are said to stand."""
    evidence = score(text)

    assert 0 <= evidence.score <= 1
    assert all(text[span.start : span.end] == span.quote for span in evidence.spans)
