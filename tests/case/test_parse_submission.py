"""What a submission may look like, and what is said when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import toy_kind
from caseroom.case.form import Decision, Finding, Form, FormatProblem, Interval, Submission
from caseroom.case.parse import flatten_fields, nest_fields, parse_submission, warnings

FORM = toy_kind.FORM
PERFECT = toy_kind.perfect(toy_kind.toy_case())
OPTIONAL = Form(tuple(replace(field, required=False) for field in FORM.fields))


def parse(raw: Any) -> Submission:
    """Parse a submission that must be readable, required fields or not."""
    submission, problems = parse_submission(OPTIONAL, raw)
    assert problems == ()
    assert submission is not None
    return submission


def problems_of(raw: Any) -> tuple[FormatProblem, ...]:
    """Give the problems of a submission that must not be readable."""
    submission, problems = parse_submission(OPTIONAL, raw)
    assert submission is None
    assert problems
    return problems


def one_problem(**raw: Any) -> FormatProblem:
    """Give the only problem."""
    (problem,) = problems_of(raw)
    return problem


def test_a_file_is_read_into_typed_values() -> None:
    """YAML's own types and texts both become the form's types."""
    text = """
    causes: {demand: 80%, price: 0.1, season: "0"}
    segment: {region: north}
    onset: 2025-03-10
    effect: {value: 40, low: "35", high: 45 %}
    verdict: real
    decision: {option: campaign, params: {region: south}}
    findings:
      - {type: duplicates, place: payments, since: 2025-02-01, size: 50, confidence: 90%}
      - {type: missing_rows, place: sales, slice: {region: all}, original: yes, note: old}
    memo: |
      Two lines
      of text.
    """
    submission = parse(yaml.safe_load(text))

    assert submission.values == {
        "causes": {"demand": 0.8, "price": 0.1, "season": 0.0},
        "segment": {"region": "north"},
        "onset": date(2025, 3, 10),
        "effect": Interval(value=40, low=35, high=45),
        "verdict": "real",
        "decision": Decision(option="campaign", params={"region": "south", "weeks": 4}),
        "findings": (
            Finding(
                type="duplicates",
                place="payments",
                since=date(2025, 2, 1),
                size=50,
                confidence=0.9,
            ),
            Finding(type="missing_rows", place="sales", original=True, note="old"),
        ),
        "memo": "Two lines\nof text.\n",
    }


def test_raw_is_kept_word_for_word() -> None:
    """What was typed is stored beside what was read."""
    raw = {"memo": "  two  spaces ", "causes": {"demand": "80%"}}

    assert parse(raw).raw == raw
    assert parse(raw).get("memo") == "  two  spaces "
    assert parse(raw).get("onset") is None


def test_numbers_of_a_notebook_are_numbers() -> None:
    """NumPy scalars, datetimes and thousands commas are read as what they mean."""
    raw = {
        "effect": {"value": np.float64(40), "low": np.int64(35), "high": "45.5"},
        "onset": datetime(2025, 3, 10, 12, tzinfo=UTC),
        "findings": [{"type": "duplicates", "place": "sales", "size": "1,200"}],
    }

    assert parse(raw).values == {
        "effect": Interval(value=40, low=35, high=45.5),
        "onset": date(2025, 3, 10),
        "findings": (Finding(type="duplicates", place="sales", size=1200),),
    }


@pytest.mark.parametrize(
    ("typed", "says", "allows"),
    [
        (80, "80 percent write 0.8 or 80%", "0 to 1"),
        ("80", "80 percent write 0.8 or 80%", "0 to 1"),
        (1.5, "1.5 percent write 0.015 or 1.5%", "0 to 1"),
        ("120%", "outside 0 to 1", "0 to 1"),
        (-0.1, "outside 0 to 1", "0 to 1"),
        (True, "not a number", "a number"),
        ("likely", "not a number", "a number"),
        (float("nan"), "not a number", "a number"),
        (10**400, "not a number", "a number"),
        (10**6000, "not a number", "a number"),
        ("1e999", "not a number", "a number"),
    ],
    ids=lambda value: "huge" if isinstance(value, int) and value > 10**9 else None,
)
def test_probabilities_outside_the_range_are_refused_with_a_hint(
    typed: Any, says: str, allows: str
) -> None:
    """A probability is 0 to 1, or a text with a percent sign."""
    problem = one_problem(causes={"demand": typed})

    assert problem.field == "causes"
    assert says in problem.problem
    assert allows in problem.allowed


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"causes": {"demnad": 0.5}}, "did you mean demand?"),
        ({"causes": [0.5]}, "not a list of names with values"),
        ({"segment": {"regoin": "north"}}, "did you mean region?"),
        ({"segment": {"region": "nort"}}, "did you mean north?"),
        ({"onset": "10.03.2025"}, "'10.03.2025' is not a day"),
        ({"onset": "2025-02-30"}, "is not a day"),
        ({"onset": 20250310}, "is not a day"),
        ({"onset": date(2024, 1, 1)}, "2024-01-01 is outside the range"),
        ({"effect": {"value": 40, "low": 45, "high": 50}}, "not in order"),
        ({"effect": {"value": 40, "low": 35}}, "has no high"),
        ({"effect": {"value": 400, "low": 35, "high": 45}}, "400 is outside the range"),
        ({"effect": 40}, "not a list of names"),
        ({"verdict": "Real?"}, "did you mean real?"),
        ({"decision": "compaign"}, "did you mean campaign?"),
        ({"decision": {"params": {"weeks": 2}}}, "has no option"),
        ({"decision": {"option": "campaign", "params": {"week": 2}}}, "did you mean weeks?"),
        ({"decision": {"option": "campaign", "params": {"weeks": 2.5}}}, "2.5 is not whole"),
        ({"decision": {"option": "campaign", "params": {"weeks": 9}}}, "9 is outside"),
        ({"decision": {"option": "campaign", "params": {"region": "west"}}}, "'west' is not known"),
        ({"decision": {"option": "nothing", "params": {"weeks": 2}}}, "takes no parameters"),
        ({"findings": {"type": "duplicates"}}, "is not a list"),
        ({"findings": ["duplicates"]}, "not a list of names"),
        ({"findings": [{"type": "duplicates"}]}, "finding 1: has no place"),
        ({"findings": [{"type": "duplicate", "place": "sales"}]}, "did you mean duplicates?"),
        (
            {"findings": [{"type": "duplicates", "place": "sales", "confidence": 90}]},
            "write 0.9 or 90%",
        ),
        ({"findings": [{"type": "duplicates", "place": "sales"}] * 11}, "has 11 findings"),
        (
            {"findings": [{"type": "duplicates", "place": "sales", "original": "perhaps"}]},
            "neither yes nor no",
        ),
        ({"memo": False}, "is not text"),
        ({"memo": ["a", "b"]}, "is not text"),
        ({"memo": "word " * 20_000}, "100,000 characters"),
        ({"memmo": "text"}, "did you mean memo?"),
        ({7: "text"}, "There is no field 7"),
        ([], "is not a list of fields"),
        (None, "is not a list of fields"),
        ("causes: 1", "is not a list of fields"),
    ],
)
def test_a_problem_says_what_is_wrong(raw: Any, says: str) -> None:
    """Every kind of mistake has one problem that names the value and what is allowed."""
    (problem,) = problems_of(raw)

    assert says in problem.problem
    assert problem.allowed


def test_all_problems_come_at_once() -> None:
    """A person mends a file in one go: every field and every part is reported, in form order."""
    raw = {
        "memmo": "",
        "onset": "soon",
        "causes": {"demand": 80, "prise": 0.5},
        "effect": {"value": "x", "low": "y", "high": 3},
    }
    found = [problem.field for problem in problems_of(raw)]

    assert found == ["causes", "causes", "onset", "effect", "effect", "memmo"]


def test_required_fields_must_be_filled_in() -> None:
    """An empty submission lists every required field, and nothing else."""
    submission, problems = parse_submission(FORM, {"memo": "  \n", "causes": {"demand": None}})

    assert submission is None
    assert [problem.field for problem in problems] == [
        field.id for field in FORM.fields if field.required
    ]
    assert all(problem.allowed for problem in problems)


def test_parameters_that_are_left_out_take_their_defaults() -> None:
    """A decision always has every parameter of its option."""
    assert parse({"decision": "campaign"}).get("decision") == Decision(
        option="campaign", params={"region": "north", "weeks": 4}
    )


def test_yaml_readings_of_ids_are_undone() -> None:
    """An id such as no, 7 or a date is found although YAML reads another type."""
    ids = toy_kind.choices("no", "7", "2025-01-01", "1.5")
    form = Form((replace(FORM.field("causes"), choices=ids),))  # pyright: ignore[reportCallIssue]
    raw = yaml.safe_load("causes: {no: 0.1, 7: 0.2, 2025-01-01: 0.3, 1.5: 0.4}")
    submission, problems = parse_submission(form, raw)

    assert problems == ()
    assert submission is not None
    assert submission.get("causes") == {"no": 0.1, "7": 0.2, "2025-01-01": 0.3, "1.5": 0.4}


def test_a_web_form_sends_every_option_and_blank_rows() -> None:
    """Only the chosen option's parameters and the filled-in rows count."""
    flat = {
        "causes.demand": "0.8",
        "causes.price": "",
        "effect.value": "40",
        "effect.low": "35",
        "effect.high": "45",
        "decision.option": "campaign",
        "decision.params.campaign.weeks": "2",
        "decision.params.discount.percent": "10",
        "findings.3.type": "duplicates",
        "findings.3.place": "payments.cents",
        "findings.3.slice.region": "south",
        "findings.3.original": "on",
        "findings.10.slice.region": "all",
        "findings.10.confidence": "1",
        "memo": "",
    }

    assert nest_fields(FORM, flat) == {
        "causes": {"demand": "0.8"},
        "effect": {"value": "40", "low": "35", "high": "45"},
        "decision": {"option": "campaign", "params": {"weeks": "2"}},
        "findings": [
            {
                "type": "duplicates",
                "place": "payments.cents",
                "slice": {"region": "south"},
                "original": "on",
            }
        ],
    }


def test_names_that_do_not_belong_to_the_form_are_reported() -> None:
    """A name that no field knows survives nesting, so that parsing can name it."""
    raw = nest_fields(OPTIONAL, {"causses.demand": "0.5", "effect.vaule": "3"})

    assert {problem.field for problem in problems_of(raw)} == {"causses.demand", "effect"}


@st.composite
def submissions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw submissions that can be read, with fields left out at random."""
    days = st.dates(toy_kind.FIRST, toy_kind.LAST)
    texts = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
    numbers = st.lists(st.floats(0, 100), min_size=3, max_size=3).map(sorted)
    probability = st.floats(0, 1) | st.integers(0, 100).map(lambda n: f"{n}%")
    finding = st.fixed_dictionaries(
        {
            "type": st.sampled_from(["duplicates", "missing_rows"]),
            "place": st.sampled_from(["sales", "payments.cents"]),
        },
        optional={
            "slice": st.dictionaries(st.just("region"), st.sampled_from([*toy_kind.REGIONS])),
            "since": days,
            "size": st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9),
            "confidence": probability,
            "original": st.booleans(),
            "note": texts,
        },
    )
    fields = {
        "causes": st.dictionaries(
            st.sampled_from(["demand", "price", "other"]), probability, min_size=1
        ),
        "segment": st.fixed_dictionaries({"region": st.sampled_from(["all", *toy_kind.REGIONS])}),
        "onset": days,
        "effect": numbers.map(lambda n: {"low": n[0], "value": n[1], "high": n[2]}),
        "verdict": st.sampled_from(["real", "measurement"]),
        "decision": st.sampled_from(["nothing", {"option": "campaign"}])
        | st.fixed_dictionaries(
            {
                "option": st.just("campaign"),
                "params": st.fixed_dictionaries({"weeks": st.integers(1, 8)}),
            }
        ),
        "findings": st.lists(finding, min_size=1, max_size=5),
        "memo": texts,
    }
    return draw(st.fixed_dictionaries({}, optional=fields))


@given(submissions())
def test_flat_and_nested_forms_mean_the_same(raw: dict[str, Any]) -> None:
    """A submission that goes through a web form's names is read as the same values."""
    nested = nest_fields(OPTIONAL, flatten_fields(OPTIONAL, raw))

    assert parse(nested).values == parse(raw).values


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.dates()
    | st.datetimes()
    | st.complex_numbers()
    | st.sampled_from(["campaign", "demand", "all", "north", "sales", "80%", np.arange(3)]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner)
        | st.dictionaries(
            st.text(max_size=5)
            | st.integers()
            | st.none()
            | st.sampled_from(["demand", "option", "params", "value", "low", "high", "type"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
FIELD_NAMES = st.sampled_from([*(field.id for field in FORM.fields), "nonsense"]) | st.integers()


@given(JUNK | st.dictionaries(FIELD_NAMES, JUNK))
def test_garbage_gives_problems_and_never_raises(raw: Any) -> None:
    """Whatever is handed in, the answer is a submission or a list of problems."""
    submission, problems = parse_submission(FORM, raw)

    assert (submission is None) == bool(problems)
    assert all(problem.problem and problem.allowed for problem in problems)


@given(
    st.dictionaries(
        st.text(max_size=20)
        | st.sampled_from(
            ["findings.0.type", "findings.²", "findings.x.type", "decision.params", "causes", "a."]
        )
        | st.builds("{}.{}".format, FIELD_NAMES, st.text(max_size=10)),
        st.text(max_size=10),
    )
)
def test_any_form_data_can_be_nested(flat: dict[str, str]) -> None:
    """Whatever a browser sends, nesting and parsing give a submission or problems."""
    submission, problems = parse_submission(FORM, nest_fields(FORM, flat))

    assert (submission is None) == bool(problems)


def test_a_file_that_contains_itself_is_refused() -> None:
    """A YAML anchor that points at its own mapping gives problems, not endless work."""
    raw: dict[str, Any] = {}
    raw["causes"] = {"demand": raw}
    raw["memo"] = [raw]

    assert {problem.field for problem in problems_of(raw)} == {"causes", "memo"}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"memo": "Too short."}, "has 2 words; 40 to 200"),
        ({"causes": dict.fromkeys(("demand", "logging", "season", "price", "staff", "other"), 0.2)},
         "the same probability"),
        ({"causes": {"demand": 0.4}}, "no choice has 0.5 or more"),
        ({"causes": dict.fromkeys(("demand", "logging", "season", "price"), 0.6)}, "4 of 6"),
        ({"effect": {"value": 4, "low": 4, "high": 4}}, "has no width"),
        ({"effect": {"value": 4, "low": 1, "high": 99}}, "nearly everything"),
        ({"findings": [{"type": "duplicates", "place": "sales"}] * 2}, "more than once"),
        (
            {"findings": [{"type": "duplicates", "place": place} for place in
                          ("sales", "payments", "sales.cents", "payments.cents")]
             + [{"type": "missing_rows", "place": "sales"}]},
            "every finding has confidence 1",
        ),
    ],
)  # fmt: skip
def test_soft_things_are_told_and_not_refused(raw: dict[str, Any], says: str) -> None:
    """What looks unintended is a warning; the submission stays readable."""
    (sentence,) = warnings(OPTIONAL, parse(raw))

    assert says in sentence


def test_a_good_submission_has_no_warnings() -> None:
    """The perfect sample reads without a remark."""
    assert warnings(FORM, parse(PERFECT)) == ()
