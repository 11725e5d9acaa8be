"""Panel and scorecard: caps, independence, intervals, vetoes, what would change the verdict."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import stdtrit

from caseroom.interview.candidates import CANDIDATES, hold
from caseroom.interview.events import CaseFinished, Skipped, Tick
from caseroom.interview.items import heard_in, items_of
from caseroom.interview.machine import start, step
from caseroom.interview.panel import PANEL, Heard, dimensions_of, panel_score
from caseroom.interview.rounds import make_setup
from caseroom.interview.scales import Dimension, Verdict, load_scales
from caseroom.interview.scorecard import scorecard
from caseroom.interview.state import State
from caseroom.interview.verdicts import above, doubts_in, verdict_of, vetoes_in
from caseroom.questions.bank import find_question, load_bank
from caseroom.questions.model import Band, Round
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Competency, Level
from toy_interview import START, answer, begun, doubting, grader, later

BANK = load_bank()


@cache
def held(name: str) -> State:
    """Give a scripted candidate's 45 minutes."""
    setup = make_setup(preset="loop-45", seed=1)
    return hold(CANDIDATES[name], setup, BANK, grader, START).final


def heard(question_id: str, band: str = "strong", level: Level = Level.MID) -> Heard:
    """Give an anchor answer as it was heard, without follow-ups."""
    question = find_question(question_id)
    report = grader(question, question.anchor(band).text)
    return Heard(question=question, first=report, final=report, probed=report, level=level)


def with_bands(report, gate: Band, rest: Band):
    """Give a report with these bands."""
    points = tuple(replace(p, band=gate if p.gate else rest) for p in report.points)
    return replace(report, points=points)


def test_every_question_feeds_two_to_four_dimensions_with_communication() -> None:
    """No question claims to show everything."""
    for question in BANK:
        fed = dimensions_of(question)
        assert 2 <= len(fed) <= 4
        assert len(set(fed)) == len(fed)
        assert Dimension.COMMUNICATION in fed


@given(gate=st.sampled_from(Band), rest=st.sampled_from(Band), place=st.integers(0, 123))
def test_scores_stay_on_the_scale_and_a_missing_gate_point_caps_them(
    gate: Band, rest: Band, place: int
) -> None:
    """Every profile scores 1 to 5; without the gate point no more than 2, communication aside."""
    one = heard("Q001")
    one = replace(one, question=BANK[place])
    report = with_bands(grader(BANK[place], BANK[place].anchor("strong").text), gate, rest)
    one = replace(one, first=report, final=report, probed=report)
    for profile in PANEL:
        for dimension in dimensions_of(one.question):
            score = profile.score(one, dimension)
            assert 1 <= score <= 5
            if gate is Band.NOT_FOUND and dimension is not Dimension.COMMUNICATION:
                assert score <= 2


def test_a_gate_point_that_needed_the_probe_caps_above_associate() -> None:
    """The hiring manager gives 3 at most from mid on, 4 to an associate."""
    base = heard("Q001")
    without = with_bands(base.final, Band.NOT_FOUND, Band.FOUND)
    found = with_bands(base.final, Band.FOUND, Band.FOUND)
    for level, most in ((Level.ASSOCIATE, 4.0), (Level.MID, 3.0), (Level.LEAD, 3.0)):
        one = replace(base, first=without, final=without, probed=found, level=level)
        manager = next(profile for profile in PANEL if profile.id == "hiring_manager")
        assert manager.score(one, Dimension.FRAMING) == most


def test_profiles_differ_before_they_meet() -> None:
    """On the same uncertain answer the strict and the lenient readers give different scores."""
    story = next(q for q in BANK if q.round is Round.BEHAVIORAL)
    one = heard(story.id)
    report = with_bands(one.final, Band.FOUND, Band.PERHAPS)
    one = replace(one, first=report, final=report, probed=report)
    scores = {profile.id: profile.score(one, Dimension.JUDGMENT) for profile in PANEL}

    assert len(set(scores.values())) >= 3
    assert scores["data_partner"] > scores["hiring_manager"]
    assert min(scores.values()) <= panel_score(scores, Dimension.JUDGMENT) <= max(scores.values())


def test_only_what_came_unprompted_counts_fully_with_the_bar_raiser() -> None:
    """Points that came in follow-ups bring 40% of their worth."""
    one = heard("Q001")
    nothing = with_bands(one.final, Band.FOUND, Band.NOT_FOUND)
    everything = with_bands(one.final, Band.FOUND, Band.FOUND)
    late = replace(one, first=nothing, final=everything, probed=everything)
    early = replace(one, first=everything, final=everything, probed=everything)
    raiser = next(profile for profile in PANEL if profile.id == "bar_raiser")

    assert raiser.score(late, Dimension.FRAMING) < raiser.score(early, Dimension.FRAMING) == 5


def test_a_scorecard_says_what_it_rests_on() -> None:
    """Dimensions name their parts, bounds enclose the score, spread lies between the profiles."""
    card = scorecard(held("strong"))

    assert card.answers == 6
    assert card.n == len(card.items) == 7
    for one in card.dimensions:
        assert len(one.rests_on) == one.n
        assert one.low <= one.score <= one.high
        assert one.spread_low <= one.score <= one.spread_high
        assert one.anchor in load_scales().dimensions[one.dimension].anchors.values()
        assert one.how
    assert card.low < card.overall < card.high
    assert "does not predict" in card.disclaimer
    assert len(card.how) == 4


def test_skipping_everything_is_a_strong_no_and_says_why() -> None:
    """Skipped questions count with the floor."""
    state = begun(make_setup(rounds=(("behavioral", 30),), seed=1))
    at = 10
    while not state.ended:
        state, _ = step(state, Skipped(), later(at), grader)
        at += 5
    card = scorecard(state)

    assert (card.overall, card.verdict) == (1.0, Verdict.STRONG_NO)
    assert card.changes


def test_a_question_that_time_cut_off_does_not_count() -> None:
    """Who was interrupted before they could answer is not marked down for it."""
    setup = make_setup(rounds=(("analytical", 9), ("behavioral", 5)), seed=2)
    state = begun(setup)
    state, _ = step(state, answer(state), later(60), grader)
    state, _ = step(state, Tick(), later(541), grader)
    asked = len(state.turns)
    state, _ = step(state, Tick(), later(700), grader)
    state, _ = step(state, Tick(), later(2000), grader)

    assert asked == 2
    assert len(heard_in(state)) < len(state.turns) or state.turns[-1].exchanges[0].answer == ""


def test_nothing_to_score_is_an_error() -> None:
    """An interview without an answer has no scorecard."""
    state, _ = start(make_setup(preset="screen", seed=1), BANK, (), START)

    with pytest.raises(CaseroomError, match="Nothing was answered"):
        scorecard(state)


def test_few_answers_are_called_indicative() -> None:
    """Below six answers the scorecard says so, and one answer alone bounds nothing."""
    state = begun(make_setup(rounds=(("screen", 8),), seed=1))
    state, _ = step(state, answer(state), later(60), grader)
    card = scorecard(state)

    assert card.indicative
    assert (card.low, card.high) == (1.0, 5.0)
    assert not scorecard(held("strong")).indicative


def test_verdicts_have_four_levels_and_a_veto_caps_them() -> None:
    """From 2 no, from 3 yes, from 4 strong yes; with a veto no more than no."""
    scores = (1.0, 1.99, 2.0, 3.0, 3.99, 4.0, 5.0)

    assert [verdict_of(score) for score in scores] == [
        Verdict.STRONG_NO,
        Verdict.STRONG_NO,
        Verdict.NO,
        Verdict.YES,
        Verdict.YES,
        Verdict.STRONG_YES,
        Verdict.STRONG_YES,
    ]
    assert verdict_of(4.5, vetoed=True) is Verdict.NO
    assert verdict_of(1.5, vetoed=True) is Verdict.STRONG_NO


def test_the_floor_in_data_validity_or_privacy_is_a_veto() -> None:
    """A weak answer on governance vetoes with its reason; on strategy it does not."""
    guarded = next(q for q in BANK if q.competencies[0] is Competency.GOVERNANCE)
    free = next(
        q for q in BANK if set(q.competencies) == {Competency.STRATEGY, Competency.PLATFORM}
    )
    for question, vetoes in ((guarded, 1), (free, 0)):
        report = grader(question, "")
        one = Heard(question=question, first=report, final=report, probed=report, level=Level.MID)
        found = vetoes_in([one])
        assert len(found) == vetoes
        assert all(question.title == veto.title and veto.why for veto in found)


def test_strong_answers_are_not_vetoed() -> None:
    """Over the bank, at most 5% of strong anchors on data validity or privacy meet a veto."""
    guarded = {Competency.QUALITY, Competency.GOVERNANCE}
    answers = [heard(q.id) for q in BANK if guarded & set(q.competencies)]

    assert len(vetoes_in(answers)) <= 0.05 * len(answers)


@pytest.mark.parametrize("confidence", ["high", "fair"])
def test_only_a_sure_floor_is_a_veto(confidence: str) -> None:
    """A gate point that is not found with fair confidence is a doubt for a person to judge."""
    question = next(q for q in BANK if q.competencies[0] is Competency.GOVERNANCE)
    report = with_bands(grader(question, ""), Band.NOT_FOUND, Band.NOT_FOUND)
    points = tuple(replace(point, confidence=confidence) for point in report.points)
    report = replace(report, points=points)
    one = Heard(question=question, first=report, final=report, probed=report, level=Level.MID)

    assert len(vetoes_in([one])) == (confidence == "high")
    assert len(doubts_in([one])) == (confidence == "fair")


def test_a_mistake_beside_an_uncertain_gate_point_is_for_a_person_to_judge() -> None:
    """It is a doubt with its reason, and no veto."""
    question = next(q for q in BANK if q.competencies[0] is Competency.GOVERNANCE)
    one = heard(question.id)
    report = doubting(question, question.anchor("strong").text)
    seen = [replace(one, first=report, final=report, probed=report)]

    assert vetoes_in(seen) == ()
    (doubt,) = doubts_in(seen)
    assert "Keeps everything" in doubt.why


@given(
    freedom=st.integers(1, 200),
    level=st.floats(0.5, 0.999),
)
def test_quantiles_are_those_of_students_t(freedom: int, level: float) -> None:
    """The function that loads in a moment gives what the large library gives."""
    ours = float(stdtrit(freedom, (1 + level) / 2))

    assert ours == pytest.approx(float(stats.t.ppf((1 + level) / 2, freedom)), rel=1e-12)


def test_a_scorecard_loads_no_large_library() -> None:
    """It is shown at once: scipy.stats alone takes seconds."""
    loads = "import sys, caseroom.interview.scorecard as _; print('scipy.stats' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False"


def test_what_would_change_the_verdict_is_computed() -> None:
    """Each change that is said to lift leads to a better verdict by the same formula."""
    state = held("weak")
    card = scorecard(state)
    gates = [change for change in card.changes if len(change.questions) == 1]

    assert gates
    for change in card.changes:
        assert change.overall >= card.overall
        assert change.lifts is above(change.verdict, card.verdict)
    missing = {one.question.id for one in heard_in(state) if one.final.gate.band is not Band.FOUND}
    assert {change.questions[0] for change in gates} == missing


def test_a_late_case_result_changes_the_scorecard() -> None:
    """A case result that comes after the end is part of the evidence from then on."""
    state = held("strong")
    name = state.cases[0].case_id
    worse, _ = step(state, CaseFinished(name, score=0.0, passed=False), later(86_400), grader)

    assert scorecard(worse).overall < scorecard(state).overall


def test_the_stakeholder_talk_counts_for_users_and_communication() -> None:
    """Final trust is one part of two dimensions."""
    setup = make_setup(preset="stakeholder", seed=1)
    state = hold(CANDIDATES["strong"], setup, BANK, grader, START).final
    (item,) = items_of(state, heard_in(state))

    assert item.kind == "stakeholder"
    assert set(item.panel) == {Dimension.USER, Dimension.COMMUNICATION}
    assert item.score == 5.0
