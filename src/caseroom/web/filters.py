"""How values read on a page: money, shares, days, times, counts, missing values.

In: plain values. Out: text. Numbers get thin separators that do not change what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from caseroom.case.contract import Offer

__all__ = [
    "FILTERS",
    "cell",
    "clock",
    "count",
    "day",
    "is_numeric",
    "moment",
    "money",
    "param_text",
    "plural",
    "share",
    "words_in",
]

_DATE = "%b %-d, %Y"


def money(cents: int | float) -> str:
    """Give cents as dollars: $1,250, or $12.50 where cents matter."""
    whole, rest = divmod(abs(round(cents)), 100)
    sign = "−" if cents < 0 else ""
    return f"{sign}${whole:,}" + (f".{rest:02d}" if rest and whole < 1000 else "")


def count(number: float) -> str:
    """Give a number with separators between thousands."""
    if isinstance(number, float) and not number.is_integer():
        return f"{number:,.1f}"
    return f"{int(number):,}".replace("-", "−")


def plural(number: int, noun: str) -> str:
    """Give a count with its noun: 1 row, 2 rows."""
    return f"{count(number)} {noun}" if number == 1 else f"{count(number)} {noun}s"


def share(part: float) -> str:
    """Give a share (0 to 1) in percent."""
    return f"{part * 100:.0f}%"


def day(on: date) -> str:
    """Give a day: Mar 10, 2025."""
    return on.strftime(_DATE)


def moment(at: datetime) -> str:
    """Give a time for a `<time>` element's text, in UTC."""
    return at.strftime(f"{_DATE}, %H:%M UTC")


def cell(value: Any) -> str:
    """Give a value of a result as text; None is shown by the template itself."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        plain = 1 <= abs(value) < 1e15
        return f"{round(value, 6):.15g}" if plain else f"{value:.6g}"
    return str(value)


def words_in(text: str) -> int:
    """Count words the way the pages and the check do: runs between white space."""
    return len(text.split())


def labeled(word: str) -> str:
    """Give an id in words: saas-churn becomes "Saas churn"."""
    return _NAMES.get(word, word.replace("-", " ").replace("_", " ").capitalize())


def is_numeric(type_name: str) -> bool:
    """Say whether a DuckDB type holds numbers."""
    name = type_name.upper()
    return any(part in name for part in _NUMERIC) and "[" not in name and "INTERVAL" not in name


_NUMERIC = ("INT", "DECIMAL", "DOUBLE", "FLOAT", "REAL", "NUMERIC")


def param_text(offer: Offer, name: str, value: str | float) -> str:
    """Give one parameter of a purchase in the offer's own words."""
    param = next((param for param in offer.params if param.id == name), None)
    if param is None:
        return f"{name}: {value}"
    chosen = next((choice.label for choice in param.choices if choice.id == value), None)
    text = chosen or f"{cell(value)} {param.unit}".rstrip()
    return f"{param.label.lower()}: {text}"


def clock(seconds: float) -> str:
    """Give a span of time as minutes and seconds: 3:05, or 1:02:05."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


_NAMES: Mapping[str, str] = {
    "saas": "SaaS",
    "open": "In progress",
    "building": "Being built",
    "data_tech": "Data and technology",
    "ml": "Machine learning",
    "problem-solving": "Problem solving",
    "modelling": "Modeling",
}

FILTERS = {
    "money": money,
    "count": count,
    "plural": plural,
    "share": share,
    "day": day,
    "moment": moment,
    "cell": cell,
    "words_in": words_in,
    "labeled": labeled,
    "is_numeric": is_numeric,
    "param_text": param_text,
    "clock": clock,
}
