"""What speaks for and against a point: mistakes, words that points share, fragments, denials."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caseroom.grading.evidence import Span
from caseroom.grading.text.features import FEATURES, PointExamples, Sought, features
from caseroom.grading.text.guards import denial_within
from caseroom.grading.text.head import load_head
from caseroom.grading.text.reader import embedded_features
from caseroom.grading.text.vectors import load_vectors
from caseroom.grading.text.words import windows
from caseroom.questions.bank import find_question

QUESTION = find_question("Q028")
SOUGHT = Sought.by(QUESTION)


def test_a_known_mistake_speaks_against_every_point():
    """The same sentence is less likely to cover a point once it is known as a mistake."""
    mistaken = QUESTION.pitfalls[0].says[0]
    knowing, unknowing = embedded_features(SOUGHT, mistaken), Sought(QUESTION.points, ())
    likely = load_head().likelihood(knowing).max(axis=1)
    before = load_head().likelihood(embedded_features(unknowing, mistaken)).max(axis=1)
    assert (likely < before).all()


def test_a_question_without_mistakes_is_read():
    """Where no mistakes are known, their features are 0 and the others stay finite."""
    found = embedded_features(Sought(QUESTION.points), QUESTION.points[0].says[0])
    named = dict(zip(FEATURES, np.moveaxis(found, 2, 0), strict=True))
    assert np.isfinite(found).all()
    assert not any(named[name].any() for name in FEATURES if name.startswith("mistakes"))


def test_what_all_points_share_tells_nothing_about_one():
    """A word in the examples of every point and mistake weighs next to nothing, a rare one 1."""
    vectors = load_vectors()
    points = tuple(
        replace(point, says=tuple(f"zeppelin {say}" for say in point.says))
        for point in QUESTION.points
    )
    shared = PointExamples.of(Sought(points), vectors).examples.tells
    assert shared["zeppelin"] < 0.01
    assert max(shared.values()) > 0.5
    echo = features(PointExamples.of(Sought(points), vectors), "A zeppelin flew over us.", vectors)
    own = features(PointExamples.of(SOUGHT, vectors), "A zeppelin flew over us.", vectors)
    at = FEATURES.index("says best, text by stem")
    assert echo[:, :, at].max() <= own[:, :, at].max() + 0.01


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We asked nine nurses. That is it.", ["We asked nine nurses. That is it."]),
        ("Yes. We asked nine nurses.", ["Yes. We asked nine nurses."]),
        (
            "We asked nine nurses. Three had left.",
            [
                *("We asked nine nurses.", "Three had left."),
                "We asked nine nurses. Three had left.",
            ],
        ),
        ("Yes.", ["Yes."]),
    ],
)
def test_a_fragment_is_read_with_its_neighbor(text: str, expected: list[str]):
    """A sentence with fewer than two telling words is no window of its own."""
    assert [text[window.start : window.end] for window in windows(text)] == expected


@pytest.mark.parametrize(
    ("sentence", "denies"),
    [
        ("We never wrote down who owned the numbers.", True),
        ("I didn't want to rely on opinion, so I looked at 11,000 tickets.", False),
        ("We did not go to seven sites at once but began with one.", False),
        ("It is not true that we asked the nurses until they were tired.", True),
        ("It was not the case that I asked, but somebody did.", True),
        ("Nobody checked it.", True),
    ],
)
def test_a_denial_that_tells_what_was_done_instead_is_none(sentence: str, denies: bool):
    """ "I did not X but Y" tells Y; a sentence that calls a whole story untrue tells nothing."""
    assert denial_within(sentence) is denies


def test_spans_of_one_text_overlap_where_they_share_characters():
    """Stretches that touch do not overlap, and neither do those of different texts."""
    one = Span(source="answer", ref="answer", quote="abc", start=0, end=3)
    assert one.overlaps(replace(one, start=2, end=5))
    assert not one.overlaps(replace(one, start=3, end=6))
    assert not one.overlaps(replace(one, ref="other"))
