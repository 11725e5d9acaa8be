"""The reference solver of the churn case: it recovers what is planted, by fair means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.case.contract import CaseSpec
from caseroom.case.kinds.saas_churn import kind
from caseroom.case.kinds.saas_churn.flows import AGES, paying
from caseroom.case.kinds.saas_churn.story import harm, tell
from caseroom.grading.check_draw import check_draw
from caseroom.vocabulary.levels import Level, Vertical

CHURN = kind()

HARD = {
    "a price and slow service in overlapping segments": (28, Level.SENIOR),
    "two causes that share few accounts": (104, Level.LEAD),
    "a second cause that is worth more than the first": (40, Level.LEAD),
    "accounts that are quiet by chance": (99, Level.ASSOCIATE),
    "a campaign whose free weeks look like win-back credits": (54, Level.LEAD),
    "a channel that grows at the cost of the others": (14, Level.SENIOR),
}


@pytest.mark.parametrize("name", HARD)
def test_hard_cases_are_recovered(name: str) -> None:
    """Cases in which one short cut or another misleads come out within tolerance."""
    seed, level = HARD[name]

    found = check_draw(CHURN, seed, level, build=True, repeat=False)

    assert found.reference_passed, found.failures


@pytest.mark.parametrize("seed", [0, 15, 41, 49])
@pytest.mark.parametrize("level", [Level.SENIOR, Level.LEAD])
def test_of_two_causes_one_clearly_does_more_harm(seed: int, level: Level) -> None:
    """What the form calls the main cause can be told from the other one."""
    spec = CaseSpec(
        kind=CHURN.id, version=CHURN.version, seed=seed, level=level, vertical=Vertical.SAAS
    )
    story = tell(spec)

    first, second = (harm(story.blueprint, number) for number in (0, 1))
    assert first >= 1.6 * second
    assert second >= 0


@given(
    stock=st.lists(st.integers(min_value=0, max_value=500), min_size=1, max_size=60),
    arrivals=st.lists(st.integers(min_value=0, max_value=300), min_size=1, max_size=34),
)
def test_nobody_appears_or_vanishes_without_a_hazard(stock: list[int], arrivals: list[int]) -> None:
    """With no hazard, who pays is the stock and everybody who joined."""
    start = np.zeros(AGES)
    start[: len(stock)] = stock
    joined = np.array(arrivals, dtype=float)

    series = paying(start, joined, np.zeros((len(arrivals), AGES)))

    assert series.sum(axis=1) == pytest.approx(sum(stock) + np.cumsum(joined))


@given(low=st.floats(0, 0.5), high=st.floats(0, 0.5))
def test_a_higher_hazard_never_keeps_more(low: float, high: float) -> None:
    """Who pays falls as the hazard rises."""
    low, high = sorted((low, high))
    start, joined = np.full(AGES, 10.0), np.full(5, 20.0)

    few = paying(start, joined, np.full((5, AGES), high)).sum(axis=1)
    many = paying(start, joined, np.full((5, AGES), low)).sum(axis=1)

    assert (few <= many + 1e-9).all()
