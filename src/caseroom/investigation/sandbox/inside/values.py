"""Cells that JSON can carry.

In: what the engine's client gives for a value. Out: None, bool, int, float, text, lists, objects.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

__all__ = ["cell"]

_EXACT_INTEGER = 2**53  # JavaScript and other readers of JSON hold whole numbers up to here
_ITEMS = 1_000


def cell(value: Any, longest: int) -> Any:
    """Give a JSON-ready form of `value`, with at most `longest` characters of text.

    Dates and times become ISO text, decimals floats, bytes hex text, whole numbers beyond 2^53
    text, numbers that are not finite their names. Nested values that would be too long as JSON
    become shortened text.
    """
    plain = _plain(value, longest)
    if isinstance(plain, (list, dict)):
        text = json.dumps(plain, ensure_ascii=False)
        return plain if len(text) <= longest else _shorten(text, longest)
    return plain


def _plain(value: Any, longest: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _shorten(_printable(value), longest)
    if isinstance(value, int):
        return value if abs(value) <= _EXACT_INTEGER else str(value)
    if isinstance(value, (float, Decimal)):
        return _number(float(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _hex(bytes(value[: longest // 2 + 1]), longest)
    if isinstance(value, dict):
        return _mapping(value, longest)
    if isinstance(value, (list, tuple)):
        return [_plain(item, longest) for item in value[:_ITEMS]] + ["…"] * (len(value) > _ITEMS)
    return _shorten(_printable(str(value)), longest)


def _mapping(value: dict[Any, Any], longest: int) -> dict[str, Any]:
    items = list(value.items())[:_ITEMS]
    return {str(_plain(key, longest)): _plain(item, longest) for key, item in items}


def _number(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def _hex(value: bytes, longest: int) -> str:
    return _shorten(value.hex(), longest)


def _printable(text: str) -> str:
    """Replace halves of surrogate pairs, which UTF-8 cannot carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
