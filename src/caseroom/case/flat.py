"""Between the flat names of a web form (and of drafts) and the shape of a submission file.

In: `causes.price_change` -> "0.8", `findings.0.slice.carrier` -> "UA", ... Out: nested values that
`parse_submission` reads, and the other way round. Nothing here judges values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from caseroom.case.form import (
    DecisionField,
    Field,
    FindingsField,
    Form,
    IntervalField,
    ProbabilitiesField,
    SegmentField,
)
from caseroom.case.values import is_blank, shown

__all__ = ["flatten_fields", "nest_fields"]

_MARKS_A_ROW = frozenset({"type", "place", "since", "size", "note"})


def nest_fields(form: Form, flat: Mapping[str, str]) -> dict[str, Any]:
    """Turn form names into the shape of a submission file; blank values are left out.

    A decision keeps only the parameters of the option that was chosen. A row of findings counts
    when its type, place, start, size or note is filled in. Names that do not belong to the form
    stay, so that `parse_submission` reports them: take out a page's own names first.
    """
    filled = {name: text for name, text in flat.items() if not is_blank(text)}
    raw: dict[str, Any] = {}
    used: set[str] = set()
    for field in form.fields:
        parts = _parts_of(field, filled)
        used.update(f"{field.id}.{part}" for part in parts)
        if field.id in filled:
            used.add(field.id)
        nested = _nest(field, parts) if parts else filled.get(field.id)
        if not is_blank(nested):
            raw[field.id] = nested
    return raw | {name: text for name, text in filled.items() if name not in used}


def _parts_of(field: Field, filled: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(
        field, ProbabilitiesField | SegmentField | IntervalField | DecisionField | FindingsField
    ):
        return {}
    start = f"{field.id}."
    parts = {name[len(start) :]: text for name, text in filled.items() if name.startswith(start)}
    if isinstance(field, FindingsField):
        return {part: text for part, text in parts.items() if _row_number(part) is not None}
    return parts


def _nest(field: Field, parts: dict[str, str]) -> Any:
    if isinstance(field, DecisionField):
        return _nest_decision(parts)
    if isinstance(field, FindingsField):
        return _nest_findings(parts)
    return parts


def _nest_decision(parts: dict[str, str]) -> dict[str, Any]:
    option = parts.get("option", "").strip()
    decision: dict[str, Any] = {}
    params: dict[str, str] = {}
    for part, text in parts.items():
        head, _, rest = part.partition(".")
        if head != "params" or not rest:
            decision[part] = text
        elif rest.startswith(f"{option}."):
            params[rest[len(option) + 1 :]] = text
    if params:
        decision["params"] = params
    return decision


def _row_number(part: str) -> int | None:
    head, dot, _ = part.partition(".")
    return int(head) if dot and head.isascii() and head.isdecimal() and len(head) < 5 else None


def _nest_findings(parts: dict[str, str]) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for part, text in parts.items():
        head, _, rest = part.partition(".")
        row = rows.setdefault(int(head), {})
        name, _, dimension = rest.partition(".")
        if name == "slice" and dimension:
            row.setdefault("slice", {})[dimension] = text
        else:
            row[rest] = text
    return [row for _, row in sorted(rows.items()) if _MARKS_A_ROW & row.keys()]


def flatten_fields(form: Form, raw: Mapping[str, Any]) -> dict[str, str]:
    """Turn a submission of the shape of a file into form names, to fill in a page or drafts.

    The inverse of `nest_fields` for every submission that can be parsed. Values of a shape that
    the form does not know are given as they would be shown, so that a person can mend them.
    """
    flat: dict[str, str] = {}
    for field in form.fields:
        if field.id in raw and not is_blank(raw[field.id]):
            flat.update(_flatten(field, raw[field.id]))
    return flat


def _flatten(field: Field, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(field, DecisionField):
        yield from _flatten_decision(field, value)
    elif isinstance(field, FindingsField) and isinstance(value, list | tuple):
        for number, row in enumerate(value):
            yield from _flatten_row(f"{field.id}.{number}", row)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield f"{field.id}.{as_text(key)}", as_text(item)
    else:
        yield field.id, as_text(value)


def _flatten_decision(field: DecisionField, value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield f"{field.id}.option", as_text(value)
        return
    option = as_text(value.get("option", ""))
    yield f"{field.id}.option", option
    params = value.get("params")
    if isinstance(params, Mapping):
        for key, item in params.items():
            yield f"{field.id}.params.{option}.{as_text(key)}", as_text(item)


def _flatten_row(name: str, row: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(row, Mapping):
        yield f"{name}.note", as_text(row)
        return
    for key, item in row.items():
        if key == "slice" and isinstance(item, Mapping):
            for dimension, choice in item.items():
                yield f"{name}.slice.{as_text(dimension)}", as_text(choice)
        else:
            yield f"{name}.{as_text(key)}", as_text(item)


def as_text(value: Any) -> str:
    """Give one value as a form control holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, str | date):
        return str(value)
    if isinstance(value, float):
        return repr(float(value))
    return shown(value)
