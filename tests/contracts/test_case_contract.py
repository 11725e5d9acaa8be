"""What every registered case kind must do, whoever wrote it. Content is tested by contract."""

from __future__ import annotations

import pickle
from functools import cache
from typing import Any

import pytest

from caseroom.case.contract import Case, CaseKind, CaseSpec
from caseroom.case.parse import flatten_fields, nest_fields, parse_submission, warnings
from caseroom.case.registry import kind_ids, load_kind
from caseroom.grading.check import check_case
from caseroom.grading.check_rubric import rubric_problems
from caseroom.vocabulary.levels import Level

SEEDS = range(3)


@pytest.fixture(name="kind", params=kind_ids())
def registered_kind(request: pytest.FixtureRequest) -> CaseKind:
    """Give each registered kind."""
    return load_kind(request.param)


@cache
def drawn(kind_id: str, seed: int, level: Level) -> Case:
    """Draw a case once for all tests."""
    kind = load_kind(kind_id)
    vertical = kind.verticals[seed % len(kind.verticals)]
    return kind.draw(
        CaseSpec(kind=kind.id, version=kind.version, seed=seed, level=level, vertical=vertical)
    )


def cases(kind: CaseKind) -> list[Case]:
    """Give a few cases of a kind at each level."""
    return [drawn(kind.id, seed, level) for seed in SEEDS for level in kind.levels]


def test_the_registered_id_is_the_kinds_own(kind: CaseKind) -> None:
    """A kind is found under its own id, has a version, levels, verticals and minutes."""
    assert load_kind(kind.id).id == kind.id
    assert kind.version >= 1
    assert set(kind.levels) <= kind.minutes.keys()
    assert kind.levels
    assert kind.verticals
    assert kind.causes


def test_the_same_spec_gives_the_same_case(kind: CaseKind) -> None:
    """Brief, form, rubric and truth follow from the spec alone."""
    one = drawn(kind.id, 1, kind.levels[0])
    again = kind.draw(one.spec)

    assert (one.brief, one.form, one.offers, one.rubric, one.truth, one.secret_words) == (
        again.brief,
        again.form,
        again.offers,
        again.rubric,
        again.truth,
        again.secret_words,
    )


def test_seeds_differ_in_truth(kind: CaseKind) -> None:
    """More than one cause is planted over a few seeds, all of them announced."""
    planted = {tuple(kind.planted(case)) for case in cases(kind)}

    assert len(planted) > 1
    assert {cause for causes in planted for cause in causes} <= set(kind.causes)


def test_rubrics_are_sound(kind: CaseKind) -> None:
    """Every rule fits the form, weights add up to 100, scales can work."""
    assert [rubric_problems(case) for case in cases(kind)] == [()] * len(cases(kind))


def test_briefs_say_what_the_company_knows(kind: CaseKind) -> None:
    """A change log of 8 to 15 entries, a dictionary, dates in order, a stakeholder who asks."""
    for case in cases(kind):
        brief = case.brief
        assert 8 <= len(brief.change_log) <= 15
        assert brief.dictionary
        assert brief.today < brief.due
        assert brief.question
        assert brief.stakeholder.name
        assert brief.budget_cents >= 0
        assert brief.budget_weeks >= 0


def test_the_brief_does_not_say_the_truth(kind: CaseKind) -> None:
    """No secret word stands in what the candidate reads, apart from the choices of the form."""
    for case in cases(kind):
        text = repr((case.brief, case.offers)).lower()
        assert [word for word in case.secret_words if word.lower() in text] == []


def test_decoys_are_offered(kind: CaseKind) -> None:
    """The form offers more than what is true."""
    for case in cases(kind):
        for field in case.form.fields:
            for offered in ("choices", "types"):
                choices: Any = getattr(field, offered, None)
                assert choices is None or len(choices) > len(tuple(kind.planted(case)))


def test_samples_survive_a_web_form(kind: CaseKind) -> None:
    """The perfect sample reads the same through form names, and without a warning."""
    case = drawn(kind.id, 2, kind.levels[0])
    raw = kind.samples(case).perfect
    direct, problems = parse_submission(case.form, raw)
    through, _ = parse_submission(case.form, nest_fields(case.form, flatten_fields(case.form, raw)))

    assert problems == ()
    assert direct is not None
    assert through is not None
    assert through.values == direct.values
    assert warnings(case.form, direct) == ()


def test_a_wrong_decision_is_another_future(kind: CaseKind) -> None:
    """The best decision has no regret, its value is the highest, and another option is worse."""
    for case in cases(kind)[: len(kind.levels)]:
        submission, _ = parse_submission(case.form, kind.samples(case).perfect)
        assert submission is not None
        result = kind.consequence(case, (), submission)

        assert result.stake_cents > 0
        assert 0 <= result.regret_cents < kind.material_regret * result.stake_cents
        assert len(set(result.values.values())) > 1
        assert result.chosen.series
        assert result.sentences


def test_a_kind_can_travel_to_another_process(kind: CaseKind) -> None:
    """Kinds hold plain functions, so that checks and builds can run elsewhere."""
    assert pickle.loads(pickle.dumps(kind)) == kind


def test_a_kind_keeps_its_promises_on_a_seed(kind: CaseKind) -> None:
    """One draw: samples get their scores, drawing and building repeat, nothing leaks.

    That the reference solver passes is a promise on many draws: see the sweep.
    """
    found = check_case(kind, [1], kind.levels[-1:], workers=1)

    assert found["reference_pass"] is not None
    assert found["ok"], found["failures"]


@pytest.mark.sweep
def test_a_kind_keeps_its_promises_over_many_seeds(kind: CaseKind) -> None:
    """The shares of the promise hold over many draws at every level."""
    found = check_case(kind, range(40))

    assert found["ok"], found["promises"] | {"failures": found["failures"][:20]}
