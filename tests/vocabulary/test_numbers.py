"""Numbers as a person reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.vocabulary.numbers import readable, signed_percent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (24.93, "+24.9%"),
        (-130.04, "-130.0%"),
        (0.1, "+0.1%"),
        (-0.034, "-0.034%"),
        (0.00071, "+0.00071%"),
        (0.0, "0%"),
        (-1e-12, "0%"),
    ],
)
def test_a_small_change_is_not_rounded_to_nothing(value: float, text: str) -> None:
    """Nothing is 0%, and a little is as little as it is."""
    assert signed_percent(value) == text


@given(value=st.floats(min_value=-1e6, max_value=1e6))
def test_a_change_keeps_its_sign_and_size(value: float) -> None:
    """The text is the number, to a twentieth of a point or a twentieth of itself."""
    shown = float(signed_percent(value).rstrip("%"))

    assert shown == pytest.approx(value, abs=max(1e-4, min(0.0501, abs(value) / 20)))


def test_large_numbers_have_separators_and_no_decimals() -> None:
    """False precision is left out."""
    assert [readable(each) for each in (14090.4, 0.8312, -231.0)] == ["14,090", "0.831", "-231"]
