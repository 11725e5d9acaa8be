"""Single values as people type them: numbers, probabilities, days, ids, yes or no, prose.

In: one plain value (from a YAML or JSON file, a web form or a notebook). Out: the typed value, or
`Unreadable` with what was wrong and what is allowed.
"""

from __future__ import annotations

import difflib
import math
import re
import reprlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from numbers import Real
from typing import Any

__all__ = [
    "Unreadable",
    "closest",
    "is_blank",
    "listed",
    "read_day",
    "read_flag",
    "read_id",
    "read_number",
    "read_probability",
    "read_text",
    "shown",
]

LONGEST_TEXT = 50_000
"""Characters that one text may have; a memo of 300 words has about 2,000."""

_DEPTH = 8
_LISTED = 15
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})


class Unreadable(Exception):
    """A value that can't be read: what was wrong, and what is allowed."""

    def __init__(self, problem: str, allowed: str) -> None:
        self.problem = problem
        self.allowed = allowed
        super().__init__(problem)


def shown(value: Any) -> str:
    """Give a value as a person may recognize it, cut to about 60 characters. Never raises."""
    try:
        text = value if isinstance(value, str) else reprlib.repr(value)
        text = repr(text) if isinstance(value, str) else text
    except Exception:  # a number of thousands of digits, or an object without a usable repr
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def is_blank(value: Any, depth: int = _DEPTH) -> bool:
    """Say whether nothing was filled in: None, white space, or a container of such values."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if depth == 0:
        return False
    if isinstance(value, Mapping):
        return all(is_blank(item, depth - 1) for item in value.values())
    if isinstance(value, list | tuple):
        return all(is_blank(item, depth - 1) for item in value)
    return False


def listed(ids: Iterable[str]) -> str:
    """Give ids as one line; a long list is cut and says how many were left out."""
    every = tuple(ids)
    rest = len(every) - _LISTED
    more = f" and {rest} more" if rest > 0 else ""
    return ", ".join(every[:_LISTED]) + more


def closest(text: str, ids: Iterable[str]) -> str:
    """Give a hint that names the closest id, or an empty text where none is close."""
    found = difflib.get_close_matches(text[:80].lower(), list(ids), n=1, cutoff=0.5)
    return f"; did you mean {found[0]}?" if found else ""


def read_id(value: Any, ids: Iterable[str], what: str) -> str:
    """Read one of `ids`. YAML's reading of ids such as yes, 7 or 2024-01-01 is undone.

    Raises:
        Unreadable: For anything else, with the closest id.
    """
    allowed = tuple(ids)
    for candidate in _spellings(value):
        if candidate in allowed:
            return candidate
    text = value.strip() if isinstance(value, str) else ""
    hint = closest(text, allowed) if text else ""
    raise Unreadable(f"{what} {shown(value)} is not known{hint}", listed(allowed))


def _spellings(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value.strip(),)
    if isinstance(value, bool):
        return ("yes", "true", "on", "y") if value else ("no", "false", "off", "n")
    if isinstance(value, int) and abs(value) < 10**18:
        return (str(value),)
    if isinstance(value, float | date):
        return (str(value),)
    return ()


def read_number(value: Any, what: str, *, unit: str = "") -> float:
    """Read a finite number; texts may have thousands commas ("1,200") and a percent unit's sign.

    Raises:
        Unreadable: For anything else (also true and false, NaN and infinity).
    """
    allowed = f"a number{f' in {unit}' if unit else ''} such as 12 or 0.5"
    number = _number(value, percent="%" in unit)
    if number is None or not math.isfinite(number):
        raise Unreadable(f"{what} {shown(value)} is not a number", allowed)
    return number


def _number(value: Any, *, percent: bool) -> float | None:
    if isinstance(value, str):
        text = value.strip()
        if percent and text.endswith("%"):
            text = text[:-1].rstrip()
        if _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        return float(text) if len(text) < 400 and _NUMBER.fullmatch(text) else None
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return None
    return None


def read_probability(value: Any, what: str) -> float:
    """Read a probability from 0 to 1; the text "80%" is 0.8, the number 80 is refused.

    Raises:
        Unreadable: For anything else, with a hint where a percentage was probably meant.
    """
    allowed = "a probability from 0 to 1, such as 0.8 or 80%"
    if isinstance(value, str) and value.strip().endswith("%"):
        number = read_number(value, what, unit="%") / 100
    else:
        number = read_number(value, what)
    if 0 <= number <= 1:
        return number
    meant = 1 < number <= 100 and not (isinstance(value, str) and "%" in value)
    hint = f"; for {number:g} percent write {number / 100:g} or {number:g}%" if meant else ""
    raise Unreadable(f"{what} {shown(value)} is outside 0 to 1{hint}", allowed)


def read_day(value: Any, first: date, last: date, what: str) -> date:
    """Read a day from `first` to `last`: a date, a datetime (its day), or text as YYYY-MM-DD.

    Raises:
        Unreadable: For anything else, and for days outside the range.
    """
    allowed = f"a day as YYYY-MM-DD from {first} to {last}"
    day = _day(value)
    if day is None:
        raise Unreadable(f"{what} {shown(value)} is not a day", allowed)
    if not first <= day <= last:
        raise Unreadable(f"{what} {day} is outside the range", allowed)
    return day


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    return None


def read_flag(value: Any, what: str) -> bool:
    """Read yes or no; blank is no (an unticked box sends nothing).

    Raises:
        Unreadable: For anything else.
    """
    if is_blank(value):
        return False
    if isinstance(value, bool):
        return value
    text = value.strip().lower() if isinstance(value, str) else ""
    number = value if isinstance(value, Real) else None
    if number == 1 or text in _YES:
        return True
    if number == 0 or text in _NO:
        return False
    raise Unreadable(f"{what} {shown(value)} is neither yes nor no", "true or false")


def read_text(value: Any, what: str) -> str:
    """Read prose, word for word (offsets into it stay valid); a bare number or day is its text.

    Raises:
        Unreadable: For lists, mappings, true and false, and texts over 50,000 characters.
    """
    allowed = f"text of at most {LONGEST_TEXT:,} characters (in a file: in quotes or after |)"
    if isinstance(value, str):
        text = value
    elif isinstance(value, int | float | date) and not isinstance(value, bool):
        text = shown(value) if isinstance(value, int | float) else str(value)
    else:
        raise Unreadable(f"{what} {shown(value)} is not text", allowed)
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"{what} has {len(text):,} characters", allowed)
    return text
