"""The form of a case as a YAML file to fill in, with what each field takes as comments.

In: a form. Out: text that is valid YAML; as it stands it answers nothing.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from caseroom.case.form import (
    Choice,
    ChoiceField,
    DateField,
    DecisionField,
    Field,
    FindingsField,
    Form,
    IntervalField,
    Option,
    Param,
    ProbabilitiesField,
    SegmentField,
    TextField,
)

__all__ = ["submission_template"]

_WIDTH = 96


def submission_template(form: Form, *, case_id: str, title: str) -> str:
    """Give the template of a case's submission file."""
    lines = [
        f"# Case {case_id}: {title}",
        f"# Check it as often as you like: caseroom submit {case_id} FILE --check-only",
        f"# Hand it in, once: caseroom submit {case_id} FILE --self-score POINTS",
    ]
    for field in form.fields:
        lines += ["", *_comments(field), *_entry(field)]
    return "\n".join(lines) + "\n"


def _comments(field: Field) -> Iterator[str]:
    optional = "" if field.required else " (may stay empty)"
    yield from _wrapped(f"{field.label}{optional}")
    yield from _wrapped(field.help)
    yield from _wrapped(_allowed(field))


def _wrapped(text: str, indent: str = "# ") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def _allowed(field: Field) -> str:
    match field:
        case ProbabilitiesField():
            return "A probability from 0 to 1 for each; they need not add up to 1."
        case ChoiceField():
            return "One of the ids below."
        case SegmentField():
            return 'For each dimension one value, or "all".'
        case DateField():
            return f"A day from {field.first} to {field.last}, as YYYY-MM-DD."
        case IntervalField():
            return (
                f"In {field.unit}, from {field.low:g} to {field.high:g}; low to high should hold "
                f"the truth with chance {field.level:.0%}."
            )
        case DecisionField():
            return "One option with its parameters; a parameter left out takes its default."
        case TextField() if field.min_words:
            return f"{field.min_words} to {field.max_words} words."
        case FindingsField():
            return f"Up to {field.most} entries, each beginning with a dash; see the example."
        case _:
            return ""


def _entry(field: Field) -> list[str]:
    match field:
        case ProbabilitiesField():
            return [f"{field.id}:", *_names(field.choices)]
        case ChoiceField():
            return [*_listed(field.choices), f"{field.id}:"]
        case SegmentField():
            return [f"{field.id}:", *_dimensions(field.dimensions)]
        case IntervalField():
            return [f"{field.id}:", "  value:", "  low:", "  high:"]
        case DecisionField():
            return [*_options(field.options), f"{field.id}:", "  option:", "  params: {}"]
        case TextField():
            return [f"{field.id}: |-", "  "]
        case FindingsField():
            return [*_finding(field), f"{field.id}: []"]
        case _:
            return [f"{field.id}:"]


def _names(choices: Iterable[Choice]) -> list[str]:
    return [f"  {choice.id}:  # {_line(choice.label)}" for choice in choices]


def _listed(choices: Iterable[Choice]) -> list[str]:
    return [f"#   {choice.id}: {_line(choice.label)}" for choice in choices]


def _dimensions(dimensions: Mapping[str, tuple[Choice, ...]]) -> list[str]:
    return [
        f"  {name}: all  # {', '.join(choice.id for choice in choices)}"
        for name, choices in dimensions.items()
    ]


def _options(options: Iterable[Option]) -> list[str]:
    lines: list[str] = []
    for option in options:
        said = ". ".join(part for part in (_line(option.label), option.help) if part)
        lines += _wrapped(f"{option.id}: {said}", "#   ")
        lines += [f"#     params.{param.id}: {_param(param)}" for param in option.params]
    return lines


def _param(param: Param) -> str:
    if param.choices:
        allowed = ", ".join(choice.id for choice in param.choices)
    else:
        allowed = f"{param.low:g} to {param.high:g} {param.unit}".rstrip()
    return f"{_line(param.label)}: {allowed}; default {param.default}"


def _finding(field: FindingsField) -> list[str]:
    lines = ["# Types, with what the size counts:"]
    for choice in field.types:
        unit = field.size_unit.get(choice.id)
        lines.append(f"#   {choice.id}: {_line(choice.label)}{f' ({unit})' if unit else ''}")
    lines += _wrapped("Places: " + ", ".join(choice.id for choice in field.places))
    for name, choices in field.slices.items():
        lines += _wrapped(f"slice.{name}: " + ", ".join(choice.id for choice in choices))
    return [
        *lines,
        "# Example of one entry:",
        f"#   - type: {field.types[0].id}",
        f"#     place: {field.places[0].id}",
        "#     slice: {}",
        f"#     since: {field.first}",
        "#     size: 10",
        "#     confidence: 0.9",
        "#     original: false  # true: in the data before anything was planted",
        '#     note: ""',
    ]


def _line(text: str) -> str:
    return " ".join(text.split())
