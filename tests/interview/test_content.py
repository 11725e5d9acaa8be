"""The interviewer's and the personas' own words: complete, and without a leak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from caseroom.interview.check import secrets_in
from caseroom.interview.lines import load_lines
from caseroom.interview.panel import PANEL
from caseroom.interview.personas import CONCERNS, load_personas
from caseroom.interview.reactions import Trouble
from caseroom.interview.scales import load_scales
from caseroom.questions.bank import load_bank
from caseroom.vocabulary.plain import plain


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a plain value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in texts(item))


def spoken() -> list[str]:
    """Give everything that is fixed and may be said to a candidate."""
    lines = list(texts(plain(load_lines())))
    for persona in load_personas():
        lines += [persona.greeting, persona.situation, *texts(plain(persona.replies))]
        for one in persona.concerns:
            lines += [one.opens, one.addressed, one.half, one.evaded]
    return lines


def test_no_fixed_line_holds_words_of_any_rubric_or_answer() -> None:
    """No six words in a row of the whole bank's hidden texts stand in a fixed line."""
    assert secrets_in(spoken(), load_bank(), load_personas()) == []


def test_every_reaction_has_its_words() -> None:
    """Each kind of trouble has a polite reaction."""
    assert set(load_lines().reactions) == set(Trouble)


def test_every_profile_says_how_it_scores() -> None:
    """The scorecard's words cover the panel."""
    assert {profile.id for profile in PANEL} == set(load_scales().profiles)


@pytest.mark.parametrize("persona", load_personas(), ids=lambda persona: persona.id)
def test_a_persona_has_four_concerns_with_distinct_words(persona) -> None:
    """Each concern is one of the four, with examples and lines of its own."""
    lines = [
        text
        for one in persona.concerns
        for text in (one.opens, one.addressed, one.half, one.evaded, *one.says, *one.near_miss)
    ]

    assert tuple(one.topic for one in persona.concerns) == CONCERNS
    assert len(set(lines)) == len(lines)
