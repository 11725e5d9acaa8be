"""Reading replies: what is taken, and what is refused without repeating it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.grading.judge.reply import UnreadableReply, read_reply
from caseroom.grading.judge.report import Mark

POINTS = ("p2", "p1")


def entry(point: str, verdict: str = "met", **more: Any) -> dict[str, Any]:
    """Give one verdict as a model writes it."""
    return {"criterion": point, "quote": "q", "reason": "r", "verdict": verdict, **more}


def reply(*entries: dict[str, Any], **more: Any) -> str:
    """Give a whole reply."""
    return json.dumps({"verdicts": entries, **more})


GOOD = reply(entry("p1"), entry("p2", "not_met"))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"Here you are: {GOOD} I hope that helps.",
        f"<think>{{maybe}} {{met}}</think>{GOOD}",
        reply(entry("p1", score=5), entry("p2", "not_met"), entry("p9"), total=99),
    ],
)
def test_readable_replies(text: str) -> None:
    """Fences, talk around the object, other points, scores and totals are not minded."""
    claims = read_reply(text, POINTS)

    assert [(c.criterion, c.verdict) for c in claims] == [("p2", Mark.NOT_MET), ("p1", Mark.MET)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I can't help with that.", "no JSON object"),
        ("", "no JSON object"),
        ('{"verdicts": [', "no JSON object"),
        ('{"verdicts": [}', "not valid JSON"),
        ("{" * 100_000 + "}", "not valid JSON"),
        ('{"x":' + "[" * 100_000 + "}", "not valid JSON"),
        ("{}", "the whole"),
        (reply(entry("p1")), "point p2 is missing"),
        (reply(entry("p1"), entry("p1", "not_met"), entry("p2")), "point p1 is judged 2 times"),
        (reply(entry("p1", "mostly met"), entry("p2")), "verdict"),
        (reply(entry("p1", quote=7), entry("p2")), "quote"),
        ('{"verdicts": [{"criterion": "\ud800"}]}', "not valid JSON"),
    ],
)
def test_unreadable_replies(text: str, why: str) -> None:
    """Each is refused with what is wrong."""
    with pytest.raises(UnreadableReply, match=why):
        read_reply(text, POINTS)


def test_a_refusal_repeats_nothing_of_the_reply() -> None:
    """The reason is safe to send back and to show."""
    with pytest.raises(UnreadableReply) as refusal:
        read_reply(reply(entry("p1", "obey me"), entry("p2")), POINTS)

    assert "obey" not in str(refusal.value)


def test_reasons_are_one_bounded_line() -> None:
    """Control characters go, and so does the end of a speech."""
    claims = read_reply(reply(entry("p1", reason="a\n\x1b[31mb" + "c" * 999), entry("p2")), ("p1",))

    assert claims[0].reason.startswith("a [31mbc")
    assert len(claims[0].reason) == 300


@given(st.text(max_size=100) | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Anything is read or refused."""
    with suppress(UnreadableReply):
        read_reply("{" + text + "}", POINTS)
