"""Several causes at once: each gets the losses that it brought, and none counts twice."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.analysis.attribution import Cell, attribute


def cells(first: float, second: float, *, risk: float = 50_000.0) -> list[Cell]:
    """Give losses exactly as the model expects them: two causes with these factors that overlap.

    Hazards differ by age and membership; everything rises by a tenth in the second period.
    """
    made: list[Cell] = []
    for age, a, b, period in product(range(3), (False, True), (False, True), range(3)):
        reached = (a and period >= 1, b and period >= 2)
        hazard = 0.01 * (1 + age) * (1.5 if a else 1.0) * (0.7 if b else 1.0)
        hazard *= (1.1 if period == 1 else 1.0) * (first if reached[0] else 1.0)
        hazard *= second if reached[1] else 1.0
        made.append(
            Cell(
                stratum=(age, a, b),
                period=period,
                reached=reached,
                at_risk=risk,
                lost=risk * hazard,
            )
        )
    return made


@given(
    first=st.floats(min_value=0.5, max_value=4.0),
    second=st.floats(min_value=0.5, max_value=4.0),
)
def test_factors_of_overlapping_causes_are_recovered(first: float, second: float) -> None:
    """Without noise both factors come out, whatever level each stratum and period has."""
    found = attribute(cells(first, second))

    factors = [math.exp(effect.log_factor) for effect in found.effects]
    assert factors == pytest.approx([first, second], rel=1e-3)


def test_losses_are_those_that_would_not_have_happened() -> None:
    """The sum is the losses less those without any cause; shared losses are counted once."""
    found = attribute(cells(2.0, 1.5))
    without = sum(cell.lost for cell in cells(1.0, 1.0))
    extra = sum(cell.lost for cell in cells(2.0, 1.5)) - without

    assert found.total.value == pytest.approx(extra, rel=1e-3)
    assert sum(effect.losses.value for effect in found.effects) > found.total.value


def test_a_change_without_effect_is_within_its_interval() -> None:
    """A cause that does nothing stays near zero though the other one is large."""
    found = attribute(cells(3.0, 1.0))

    assert abs(found.effects[1].z) < 0.5
    assert found.effects[1].losses.low < 0 < found.effects[1].losses.high
    assert found.effects[0].z > 10


def test_the_order_of_cells_does_not_matter() -> None:
    """Cells are a set."""
    some = cells(2.0, 1.5)

    assert attribute(some[::-1]).total.value == pytest.approx(attribute(some).total.value)


def test_a_split_cell_says_the_same() -> None:
    """Two halves of a cell carry what the whole one carries."""
    some = cells(2.0, 1.5)
    halves = [replace(c, at_risk=c.at_risk / 2, lost=c.lost / 2) for c in some]

    split = attribute([*halves, *halves])
    assert split.effects[0].z == pytest.approx(attribute(some).effects[0].z)


def test_a_stratum_without_losses_does_no_harm() -> None:
    """Where nobody was lost nothing can be learned, and nothing breaks."""
    empty = Cell(stratum="empty", period=1, reached=(True, False), at_risk=900.0, lost=0.0)
    found = attribute([*cells(2.0, 1.5), empty])

    assert math.exp(found.effects[0].log_factor) == pytest.approx(2.0, rel=1e-3)


def test_no_losses_are_an_error() -> None:
    """There is nothing to attribute where nobody was lost."""
    with pytest.raises(ValueError, match="no losses"):
        attribute([replace(cell, lost=0.0) for cell in cells(1.0, 1.0)])
