"""Setups: presets, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caseroom.interview.rounds import PRESETS, RoundKind, check_setup, make_setup
from caseroom.vocabulary.errors import CaseroomError


@pytest.mark.parametrize("preset", [preset.id for preset in PRESETS])
def test_every_preset_can_be_held(preset: str) -> None:
    """A ready-made interview passes the check of setups."""
    check_setup(make_setup(preset=preset, seed=1))


def test_the_short_loop_takes_45_minutes_and_has_a_case() -> None:
    """The full loop in 45 minutes holds four rounds, a case and the candidate's questions."""
    setup = make_setup(preset="loop-45", seed=1)

    assert setup.minutes == 45
    assert [plan.kind for plan in setup.rounds] == [
        RoundKind.SCREEN,
        RoundKind.ANALYTICAL,
        RoundKind.TECH,
        RoundKind.BEHAVIORAL,
    ]
    assert setup.rounds[2].case_minutes > 0


def test_the_case_can_be_left_out() -> None:
    """Without a case the round keeps its minutes."""
    setup = make_setup(preset="loop-45", with_case=False, seed=1)

    assert setup.minutes == 45
    assert all(plan.case_minutes == 0 for plan in setup.rounds)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"role": "barista"}, "platform, analytics, ml"),
        ({"level": "guru"}, "associate, mid, senior, lead"),
        ({"vertical": "space"}, "saas, finance, healthcare"),
        ({"preset": "loop-7"}, "loop-45"),
        ({"rounds": (("tea", 20),)}, "screen"),
        ({"rounds": (("screen", 2),)}, "5 to 90"),
        ({"extra_time": 1.1}, "1, 1.25, 1.5, 2"),
        ({"case_kind": "chess"}, "saas-churn"),
        ({"seed": -1}, "from 0"),
    ],
)
def test_a_wrong_choice_is_refused_with_what_is_allowed(wrong: dict, named: str) -> None:
    """The error names the allowed values."""
    with pytest.raises(CaseroomError) as refused:
        make_setup(**{"seed": 1, **wrong})

    assert named in refused.value.allowed


def test_a_case_belongs_into_the_tech_round() -> None:
    """Another round with a case is refused."""
    setup = make_setup(rounds=(("screen", 20),), seed=1)
    wrong = replace(setup, rounds=(replace(setup.rounds[0], case_minutes=10),))

    with pytest.raises(CaseroomError, match="has a case"):
        check_setup(wrong)
