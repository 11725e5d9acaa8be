"""From what a person typed to a `Submission`, or to the full list of what could not be read.

In: a form and a raw submission (the shape of a submission file). Out: a `Submission` or every
format problem at once; soft warnings. Nothing here raises for bad input, whatever it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from caseroom.case.collector import Problems
from caseroom.case.flat import flatten_fields, nest_fields
from caseroom.case.form import (
    ChoiceField,
    DateField,
    Decision,
    DecisionField,
    Field,
    Finding,
    FindingsField,
    Form,
    FormatProblem,
    Interval,
    IntervalField,
    Option,
    Param,
    ProbabilitiesField,
    SegmentField,
    Submission,
    TextField,
)
from caseroom.case.soft import warnings
from caseroom.case.values import (
    Unreadable,
    closest,
    is_blank,
    listed,
    read_day,
    read_flag,
    read_id,
    read_number,
    read_probability,
    read_text,
    shown,
)

__all__ = ["flatten_fields", "nest_fields", "parse_submission", "read_param", "warnings"]

T = TypeVar("T")

_FINDING_PARTS = ("type", "place", "slice", "since", "size", "confidence", "original", "note")
_MOST_PROBLEMS = 200


def parse_submission(form: Form, raw: Any) -> tuple[Submission | None, tuple[FormatProblem, ...]]:
    """Read a raw submission against a form.

    Args:
        form: The case's form.
        raw: Field id to plain values, as in a submission file: texts, numbers, dates, lists and
            mappings. Blank values are the same as absent ones.

    Returns:
        The submission and no problems, or None and all problems (in the order of the form,
        unknown fields last; the first 200). `FormatProblem.field` is the field's id, the unknown
        name, or empty where the whole submission is not a mapping.
    """
    if not isinstance(raw, Mapping):
        problem = f"The submission {shown(raw)} is not a list of fields with answers"
        return None, (FormatProblem("", problem, _field_ids(form)),)
    values: dict[str, Any] = {}
    found: list[FormatProblem] = []
    for field in form.fields:
        problems = Problems(field)
        value = _read_field(field, raw.get(field.id), problems)
        if value is not None and not problems.found:
            values[field.id] = value
        found.extend(problems.found)
    found.extend(_unknown_fields(form, raw))
    if found:
        return None, tuple(found[:_MOST_PROBLEMS])
    return Submission(values, dict(raw)), ()


def _field_ids(form: Form) -> str:
    return listed(field.id for field in form.fields)


def _unknown_fields(form: Form, raw: Mapping[Any, Any]) -> list[FormatProblem]:
    ids = [field.id for field in form.fields]
    unknown = [key for key in raw if key not in ids]
    return [
        FormatProblem(
            key if isinstance(key, str) else shown(key),
            f"There is no field {shown(key)}{closest(key, ids) if isinstance(key, str) else ''}",
            _field_ids(form),
        )
        for key in unknown
    ]


def _read_field(field: Field, value: Any, problems: Problems) -> Any:
    if is_blank(value):
        if field.required:
            problems.add(f"{field.label} is empty", _allowed(field))
        return None
    reader = _READERS.get(type(field))
    if reader is None:
        raise TypeError(f"no reader for {type(field).__name__}")
    return reader(field, value, problems)


def _allowed(field: Field) -> str:
    match field:
        case ProbabilitiesField():
            return f"a probability for one or more of {listed(c.id for c in field.choices)}"
        case ChoiceField():
            return listed(choice.id for choice in field.choices)
        case DecisionField():
            return listed(option.id for option in field.options)
        case SegmentField():
            return f"one value, or all, for {listed(field.dimensions)}"
        case DateField():
            return f"a day as YYYY-MM-DD from {field.first} to {field.last}"
        case IntervalField():
            return f"value, low and high from {field.low:g} to {field.high:g} {field.unit}".rstrip()
        case FindingsField():
            return f"1 to {field.most} findings, each with a type and a place"
        case _:
            return "text"


def _probabilities(
    field: ProbabilitiesField, value: Any, problems: Problems
) -> dict[str, float] | None:
    ids = tuple(choice.id for choice in field.choices)
    given = problems.mapping(value, ids, field.label)
    read = {
        key: problems.read(read_probability, item, f"the probability of {key}")
        for key, item in given.items()
    }
    return {key: number for key, number in read.items() if number is not None}


def _choice(field: ChoiceField, value: Any, problems: Problems) -> str | None:
    return problems.read(read_id, value, (choice.id for choice in field.choices), field.label)


def _segment(field: SegmentField, value: Any, problems: Problems) -> dict[str, str] | None:
    given = problems.mapping(value, tuple(field.dimensions), field.label)
    segment = dict.fromkeys(field.dimensions, "all")
    for dimension, item in given.items():
        ids = ("all", *(choice.id for choice in field.dimensions[dimension]))
        segment[dimension] = problems.read(read_id, item, ids, dimension) or "all"
    return segment


def _date(field: DateField, value: Any, problems: Problems) -> Any:
    return problems.read(read_day, value, field.first, field.last, field.label)


def _interval(field: IntervalField, value: Any, problems: Problems) -> Interval | None:
    given = problems.mapping(value, ("value", "low", "high"), field.label)
    numbers: dict[str, float] = {}
    for part in ("value", "low", "high"):
        if part not in given:
            if not problems.found:
                problems.add(f"{field.label} has no {part}", _allowed(field))
            continue
        number = problems.read(read_number, given[part], part, unit=field.unit)
        if number is not None and not field.low <= number <= field.high:
            problems.add(f"{part} {number:g} is outside the range", _allowed(field))
        elif number is not None:
            numbers[part] = number
    return _ordered(numbers, problems)


def _ordered(numbers: dict[str, float], problems: Problems) -> Interval | None:
    if len(numbers) < 3:
        return None
    interval = Interval(**numbers)
    if interval.low <= interval.value <= interval.high:
        return interval
    text = f"low {interval.low:g}, value {interval.value:g}, high {interval.high:g}"
    problems.add(f"the interval is not in order: {text}", "low <= value <= high")
    return None


def _decision(field: DecisionField, value: Any, problems: Problems) -> Decision | None:
    options = {option.id: option for option in field.options}
    raw = {"option": value} if isinstance(value, str) else value
    given = problems.mapping(raw, ("option", "params"), field.label)
    if "option" not in given:
        if not problems.found:
            problems.add(f"{field.label} has no option", _allowed(field))
        return None
    option_id = problems.read(read_id, given["option"], options, "the option")
    if option_id is None:
        return None
    return Decision(
        option=option_id, params=_params(options[option_id], given.get("params"), problems)
    )


def _params(option: Option, value: Any, problems: Problems) -> dict[str, str | float]:
    params = {param.id: param for param in option.params}
    chosen: dict[str, str | float] = {key: param.default for key, param in params.items()}
    if params:
        given = problems.mapping(value, tuple(params), f"the parameters of {option.id}")
    else:
        given = {}
        if not is_blank(value):
            problems.add(f"{option.id} takes no parameters, not {shown(value)}", "leave them out")
    for key, item in given.items():
        read = problems.read(read_param, params[key], item)
        if read is not None:
            chosen[key] = read
    return chosen


def read_param(param: Param, value: Any) -> str | float:
    """Read the value of a parameter of a decision or of bought evidence.

    Raises:
        Unreadable: For an unknown choice, and for numbers outside the range or not whole.
    """
    if param.choices:
        return read_id(value, (choice.id for choice in param.choices), param.id)
    number = read_number(value, param.id, unit=param.unit)
    kind = "whole number" if param.whole else "number"
    allowed = f"a {kind} from {param.low:g} to {param.high:g} {param.unit}".rstrip()
    if not param.low <= number <= param.high:
        raise Unreadable(f"{param.id} {number:g} is outside the range", allowed)
    if param.whole and not number.is_integer():
        raise Unreadable(f"{param.id} {number:g} is not whole", allowed)
    return math.trunc(number) if param.whole else number


def _text(field: TextField, value: Any, problems: Problems) -> str | None:
    return problems.read(read_text, value, field.label)


def _findings(field: FindingsField, value: Any, problems: Problems) -> tuple[Finding, ...] | None:
    if not isinstance(value, list | tuple):
        problems.add(f"{field.label} {shown(value)} is not a list", _allowed(field))
        return None
    rows = [row for row in value if not is_blank(row)]
    if len(rows) > field.most:
        problems.add(f"{field.label} has {len(rows)} findings", _allowed(field))
        rows = rows[: field.most]
    read = [_finding(field, row, number, problems) for number, row in enumerate(rows, 1)]
    return tuple(finding for finding in read if finding is not None)


def _finding(field: FindingsField, row: Any, number: int, problems: Problems) -> Finding | None:
    what = f"finding {number}:"
    given = problems.mapping(row, _FINDING_PARTS, f"finding {number}")
    if not given:
        return None
    for part in ("type", "place"):
        if part not in given:
            problems.add(f"{what} has no {part}", _allowed(field))
    parts = {
        "type": _part(given, "type", problems, read_id, _ids(field.types), f"{what} the type"),
        "place": _part(given, "place", problems, read_id, _ids(field.places), f"{what} the place"),
        "since": _part(
            given, "since", problems, read_day, field.first, field.last, f"{what} the start"
        ),
        "size": _part(given, "size", problems, read_number, f"{what} the size"),
        "confidence": _part(
            given, "confidence", problems, read_probability, f"{what} the confidence"
        ),
        "original": _part(given, "original", problems, read_flag, f"{what} original"),
        "note": _part(given, "note", problems, read_text, f"{what} the note"),
        "slice": _slice(field, given.get("slice"), what, problems),
    }
    if parts["type"] is None or parts["place"] is None:
        return None
    return Finding(**{key: item for key, item in parts.items() if item is not None})


def _ids(choices: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(choice.id for choice in choices)


def _part(
    given: Mapping[str, Any], part: str, problems: Problems, reader: Callable[..., T], *args: Any
) -> T | None:
    return problems.read(reader, given[part], *args) if part in given else None


def _slice(field: FindingsField, value: Any, what: str, problems: Problems) -> dict[str, str]:
    given = problems.mapping(value, tuple(field.slices), f"{what} the slice")
    read = {
        key: problems.read(read_id, item, ("all", *_ids(field.slices[key])), f"{what} {key}")
        for key, item in given.items()
    }
    return {key: item for key, item in read.items() if item is not None and item != "all"}


_READERS: dict[type[Field], Callable[[Any, Any, Problems], Any]] = {
    ProbabilitiesField: _probabilities,
    ChoiceField: _choice,
    SegmentField: _segment,
    DateField: _date,
    IntervalField: _interval,
    DecisionField: _decision,
    TextField: _text,
    FindingsField: _findings,
}
