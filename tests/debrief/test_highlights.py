"""Splitting an answer where marks start and end."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

import toy_kind
from caseroom.debrief.highlights import Mark, Piece, field_marks, pieces
from toy_grading import report_of

CASE = toy_kind.toy_case()
PERFECT = toy_kind.perfect(CASE)


def test_overlapping_marks_are_split() -> None:
    """Where two marks overlap, the shared part has both labels."""
    marks = [Mark(start=0, end=5, label="a"), Mark(start=3, end=8, label="b")]

    assert pieces("abcdefghij", marks) == (
        Piece(text="abc", labels=("a",)),
        Piece(text="de", labels=("a", "b")),
        Piece(text="fgh", labels=("b",)),
        Piece(text="ij"),
    )


def test_adjacent_marks_of_one_label_are_one_piece() -> None:
    """Neighboring pieces always differ in their labels."""
    marks = [Mark(start=0, end=2, label="a"), Mark(start=2, end=4, label="a")]

    assert pieces("abcdef", marks) == (Piece(text="abcd", labels=("a",)), Piece(text="ef"))


def test_a_text_without_marks_is_one_piece() -> None:
    """No marks, no labels; no text, no pieces."""
    assert pieces("abc", ()) == (Piece(text="abc"),)
    assert pieces("", [Mark(start=0, end=3, label="a")]) == ()


MARKS = st.lists(
    st.builds(
        Mark,
        start=st.integers(-5, 40),
        end=st.integers(-5, 40),
        label=st.sampled_from("abc"),
    ),
    max_size=8,
)


@given(st.text(max_size=30), MARKS)
def test_pieces_put_together_are_the_text(text: str, marks: list[Mark]) -> None:
    """Nothing is lost, doubled or moved, and each character has the labels that cover it."""
    found = pieces(text, marks)
    labels = [piece.labels for piece in found for _ in piece.text]

    assert "".join(piece.text for piece in found) == text
    assert all(
        set(each) == {m.label for m in marks if m.start <= at < m.end}
        for at, each in enumerate(labels)
    )
    assert all(one.labels != two.labels for one, two in itertools.pairwise(found))


def test_the_marks_of_a_report_are_the_sentences_of_the_memo() -> None:
    """Spans of evidence on a field become marks with the criterion's label."""
    report = report_of(CASE, PERFECT)
    marks = field_marks(report, "memo")
    found = pieces(PERFECT["memo"], marks)

    assert {mark.label for mark in marks} == {"Memo"}
    assert "".join(piece.text for piece in found) == PERFECT["memo"]
    assert any(piece.text.startswith("Sales fell") and piece.labels == ("Memo",) for piece in found)
    assert field_marks(report, "causes") == ()
