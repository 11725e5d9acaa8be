"""Numbers as a person reads them.

In: a number. Out: text without exponents.
"""

from __future__ import annotations

__all__ = ["readable", "signed_percent"]


def readable(value: float) -> str:
    """Give a number with thousands separated and no false precision.

    Example:
        >>> readable(14090.4), readable(0.8312), readable(-231.0)
        ('14,090', '0.831', '-231')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def signed_percent(value: float) -> str:
    """Give a change in percent with its sign; a small one is never rounded to nothing.

    Example:
        >>> signed_percent(24.93), signed_percent(-0.034), signed_percent(0.0)
        ('+24.9%', '-0.034%', '0%')
    """
    if abs(value) < 1e-4:
        return "0%"
    return f"{value:+.1f}%" if abs(value) >= 1 else f"{float(f'{value:.2g}'):+}%"
