"""Numbers as a person reads them.

In: a number. Out: text without exponents.
"""

from __future__ import annotations

__all__ = ["readable"]


def readable(value: float) -> str:
    """Give a number with thousands separated and no false precision.

    Example:
        >>> readable(14090.4), readable(0.8312), readable(-231.0)
        ('14,090', '0.831', '-231')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
