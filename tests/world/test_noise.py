"""Keyed noise: independence of order, uniformity, neighbors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.world.noise import below, draw, index, spread, stream

KNOWN = [7236173197406054239, 8378456483547826114, 5155017217046831071]
KNOWN_CHILD = 5004525517809825008


@given(st.integers(0, 2**63 - 1), st.integers(0, 50), st.integers(0, 10**6), st.integers(0, 500))
def test_a_draw_depends_on_its_name_alone(seed: int, purpose: int, entity: int, step: int) -> None:
    """A single draw equals the same draw inside any array."""
    many = draw(seed, purpose, np.arange(entity, entity + 5)[::-1], step)

    assert draw(seed, purpose, entity, step)[0] == many[-1]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (draw(1, 1, np.arange(100_000)), draw(1, 1, np.arange(1, 100_001))),
        (draw(1, 1, np.arange(100_000)), draw(1, 2, np.arange(100_000))),
        (draw(1, 1, np.arange(100_000)), draw(2, 1, np.arange(100_000))),
        (draw(1, 1, np.arange(100_000), 3), draw(1, 1, np.arange(100_000), 4)),
    ],
    ids=["neighboring entities", "purposes", "seeds", "steps"],
)
def test_neighboring_names_are_uncorrelated(left: np.ndarray, right: np.ndarray) -> None:
    """The correlation of neighboring draws stays within 4 standard errors of zero."""
    correlation = np.corrcoef(left.astype(float), right.astype(float))[0, 1]

    assert abs(correlation) < 4 / np.sqrt(len(left))


def test_index_and_below_are_uniform() -> None:
    """Shares of 16 cells and of a 30% coin lie within 5 standard errors."""
    bits = draw(7, 3, np.arange(160_000))
    cells = np.bincount(index(bits, 16), minlength=16)

    assert np.all(np.abs(cells - 10_000) < 5 * np.sqrt(10_000))
    assert abs(below(bits, 0.3).mean() - 0.3) < 5 * np.sqrt(0.21 / 160_000)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_probability_only_adds_successes(one: float, other: float) -> None:
    """Successes under the lower probability are a subset of those under the higher one."""
    low, high = sorted((one, other))
    bits = draw(5, 1, np.arange(500))

    assert not np.any(below(bits, low) & ~below(bits, high))


def test_known_values_hold() -> None:
    """These bits may never change: built worlds depend on them."""
    assert stream(0, 0) == 11309818405589028606
    assert [int(b) for b in draw(7, 1, np.arange(3), 2)] == KNOWN
    assert int(spread(draw(7, 1, 0), np.array([1], np.uint64))[0]) == KNOWN_CHILD
