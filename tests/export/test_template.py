"""The form as a YAML file to fill in."""

from __future__ import annotations

import yaml

import toy_kind
from caseroom.case.parse import parse_submission
from caseroom.export.template import submission_template

TEMPLATE = submission_template(toy_kind.FORM, case_id="a1b2c3d4", title="The kiosks")


def test_it_is_yaml_with_every_field() -> None:
    """The names are those of the form, in its order."""
    assert list(yaml.safe_load(TEMPLATE)) == [field.id for field in toy_kind.FORM.fields]


def test_as_it_stands_it_answers_nothing() -> None:
    """Handing it in unchanged finds every required field empty, and no field misspelled."""
    _, problems = parse_submission(toy_kind.FORM, yaml.safe_load(TEMPLATE))

    required = {field.id for field in toy_kind.FORM.fields if field.required}
    assert {each.field for each in problems} == required - {"segment"}
    assert all(each.problem.endswith("is empty") for each in problems)


def test_a_filled_in_template_is_a_submission() -> None:
    """A person who writes beside the names is understood."""
    filled = (
        TEMPLATE.replace("  demand:", "  demand: 0.8")
        .replace("onset:", "onset: 2025-03-10")
        .replace("  value:", "  value: 40")
        .replace("  low:", "  low: 30")
        .replace("  high:", "  high: 50")
        .replace("verdict:", "verdict: real")
        .replace("  option:", "  option: campaign")
        .replace("memo: |-\n  ", "memo: |-\n  Dear Ada,\n  sales fell.")
        .replace("findings: []", "findings:\n  - type: duplicates\n    place: payments")
    )

    submission, problems = parse_submission(toy_kind.FORM, yaml.safe_load(filled))

    assert problems == ()
    assert submission is not None
    assert submission.get("memo") == "Dear Ada,\nsales fell."


def test_what_is_allowed_stands_beside_each_field() -> None:
    """Options, parameters, ranges and types are in the comments."""
    for words in (
        "# A day from 2025-01-06 to 2025-05-05",
        "#     params.weeks: Weeks: 1 to 8 weeks; default 4",
        "#   duplicates: Duplicates (percent of rows)",
        "  region: all  # north, south, east",
        "# 40 to 200 words.",
    ):
        assert words in TEMPLATE
