"""The churn case: verticals, evidence, consequences, exact counterfactuals."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from caseroom.case.contract import Case, CaseSpec, Purchase
from caseroom.case.form import Decision, Submission
from caseroom.case.kinds.saas_churn import kind
from caseroom.case.kinds.saas_churn.consequence import best_decision
from caseroom.case.kinds.saas_churn.menu import CURES, options
from caseroom.case.kinds.saas_churn.process import PROCESS_OF, notes
from caseroom.case.kinds.saas_churn.words import words_of
from caseroom.case.rubric import MemoRule
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.world.saas.blueprint import Cause

CHURN = kind()
TEST = Purchase(
    offer="ab_test",
    params={"treatment": "new_setup", "share": 0.5, "weeks": 4, "unit": "account"},
)


def draw(seed: int, level: Level = Level.MID, vertical: Vertical = Vertical.SAAS) -> Case:
    """Draw a case."""
    return CHURN.draw(
        CaseSpec(
            kind="saas-churn", version=CHURN.version, seed=seed, level=level, vertical=vertical
        )
    )


def quiet(_what: str, _share: float) -> None:
    """Hear of progress."""


def build(case: Case, path: Path, *purchases: Purchase) -> duckdb.DuckDBPyConnection:
    """Build a company and open it."""
    CHURN.build(case, purchases, path, quiet)
    return duckdb.connect(str(path), read_only=True)


def decide(option: str, **params: str | float) -> Submission:
    """Give a submission that holds a decision only."""
    return Submission(values={"decision": Decision(option=option, params=params)}, raw={})


@pytest.mark.parametrize("vertical", list(Vertical))
def test_a_vertical_has_tables_words_and_rules_of_its_own(
    vertical: Vertical, tmp_path: Path
) -> None:
    """Each vertical names its tables itself, and finance and healthcare follow further rules."""
    case = draw(3, vertical=vertical)
    with build(case, tmp_path / "c.duckdb") as company:
        tables = {name for (name,) in company.execute("SHOW TABLES").fetchall()}
        nps = [row[0] for row in company.execute("DESCRIBE nps").fetchall()]

    words = words_of(vertical)
    assert {words.name("accounts"), words.name("events"), "kpi_weekly"} <= tables
    assert ("ledger_weekly" in tables) == (vertical is Vertical.FINANCE)
    assert ("region" in nps) == (vertical is Vertical.HEALTHCARE)
    assert bool(words.lead_weeks) == (vertical is not Vertical.SAAS)


def test_the_dictionary_names_only_tables_and_columns_that_exist(tmp_path: Path) -> None:
    """Every entry of the data dictionary points at something in the database."""
    for vertical in Vertical:
        case = draw(5, vertical=vertical)
        with build(case, tmp_path / f"{vertical}.duckdb") as company:
            have = {
                (table, column)
                for table, column in company.execute(
                    "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
                ).fetchall()
            }
        tables = {table for table, _ in have}

        for entry in case.brief.dictionary:
            assert entry.table in tables
            assert not entry.column or (entry.table, entry.column) in have


def test_the_dictionary_is_outdated_in_one_sentence_above_associate() -> None:
    """The dashboard's churn is described rightly to associates and wrongly to the others."""
    meanings = {
        level: [e.meaning for e in draw(4, level).brief.dictionary if e.column == "dashboard_churn"]
        for level in Level
    }

    assert "silence" in meanings[Level.ASSOCIATE][0]
    assert all("silence" not in meanings[level][0] for level in Level if level != "associate")


@pytest.mark.parametrize("level", list(Level))
def test_the_change_log_has_eight_to_sixteen_entries_up_to_today(level: Level) -> None:
    """The change log is neither a confession nor a wall."""
    for seed in range(6):
        brief = draw(seed, level).brief

        assert 8 <= len(brief.change_log) <= 15
        assert all(entry.on <= brief.today for entry in brief.change_log)


def test_the_dashboard_is_above_the_plan_whatever_the_cause() -> None:
    """The stakeholder's worry is real: both dashboard numbers exceed the plan."""
    for seed in range(12):
        story = draw(seed, Level.MID if seed % 2 else Level.SENIOR).hidden

        assert story.dashboard.churn > story.plan.churn
        assert story.dashboard.early > story.plan.early


def test_a_bought_test_brings_weeks_assignments_and_leaves_the_past_alone(
    tmp_path: Path,
) -> None:
    """After an A/B test the tables hold later weeks and two new tables; old rows are the same."""
    case = draw(6)
    today = case.brief.today
    with build(case, tmp_path / "before.duckdb") as before:
        old = before.execute(
            f"SELECT count(*), sum(hash(e)) FROM events e WHERE occurred_at < DATE '{today}' - 28"
        ).fetchall()
    with build(case, tmp_path / "after.duckdb", TEST) as after:
        same = after.execute(
            f"SELECT count(*), sum(hash(e)) FROM events e WHERE occurred_at < DATE '{today}' - 28"
        ).fetchall()
        later = after.execute(
            f"SELECT count(*) FROM events WHERE occurred_at >= DATE '{today}'"
        ).fetchone()
        arms = after.execute("SELECT arm, count(*) FROM ab_assignment GROUP BY 1").fetchall()

    assert same == old
    assert later is not None
    assert later[0] > 10_000
    assert {arm for arm, _ in arms} == {"control", "treatment"}


def test_people_who_left_answer_the_survey_less_often(tmp_path: Path) -> None:
    """Survey answers are a biased sample, as the offer says."""
    with build(draw(6), tmp_path / "c.duckdb", Purchase(offer="survey")) as company:
        rates = dict(
            company.execute(
                "SELECT s.ended_at IS NOT NULL, avg((a.answered_on IS NOT NULL)::INT) "
                "FROM survey_answers a JOIN subscriptions s USING (account_id) GROUP BY 1"
            ).fetchall()
        )

    assert rates[True] < 0.6 * rates[False]


def test_evidence_over_budget_is_refused_with_what_is_left() -> None:
    """A second long test does not fit, and the error says what would."""
    case = draw(6)

    with pytest.raises(CaseroomError) as refused:
        CHURN.quote(case, (TEST, Purchase(offer="survey")), TEST)

    assert "1 weeks are left" in refused.value.problem


@pytest.mark.parametrize("cause", list(Cause))
def test_the_best_option_is_the_cure_of_the_cause(cause: Cause) -> None:
    """For every cause, the option that takes it away is the best one on the first day."""
    seed = next(s for s in range(200) if list(CHURN.planted(draw(s))) == [cause.value])

    assert best_decision(draw(seed))[0].option == CURES[cause]


def test_doing_nothing_twice_is_the_same_future() -> None:
    """The chosen future of doing nothing equals the future of doing nothing, to the cent."""
    result = CHURN.consequence(draw(7), (), decide("do_nothing"))

    assert result.chosen.series == result.nothing.series
    assert result.chosen.value_cents == result.nothing.value_cents


def test_futures_agree_until_a_decision_takes_effect() -> None:
    """Before its first week a decision changes nothing at all."""
    result = CHURN.consequence(draw(7), (), decide("retry_payments"))

    first = [
        day
        for (day, now), (_, then) in zip(result.chosen.series, result.nothing.series, strict=True)
        if now != then
    ]
    assert first[0] > result.chosen.series[0][0]


def test_regret_is_never_negative_and_zero_for_the_best() -> None:
    """No option beats the best one, and the best one has no regret."""
    case = draw(9)
    best = best_decision(case)[0]
    for option in options(words_of(Vertical.SAAS), case.hidden.fees_cents):
        params = {param.id: param.default for param in option.params}
        result = CHURN.consequence(case, (), decide(option.id, **params))

        assert result.regret_cents >= 0
        assert result.stake_cents > 0
    assert CHURN.consequence(case, (), decide(best.option, **best.params)).regret_cents == 0


def test_waiting_for_evidence_costs() -> None:
    """Evidence has a price and a delay, and the consequence says what they cost together."""
    result = CHURN.consequence(draw(9), (TEST,), decide("do_nothing"))

    assert result.delay_cents > 0


def test_notes_of_the_company_show_one_weak_way_of_working() -> None:
    """At lead level exactly one of the notes tells of a weakness, for every cause."""
    for process in set(PROCESS_OF.values()):
        signs = ("nobody", "no group", "another team", "dropped", "alone")
        weak = [topic for topic, note in notes(process) if any(s in note for s in signs)]

        assert len(weak) == 1


@pytest.mark.parametrize("vertical", [Vertical.FINANCE, Vertical.HEALTHCARE])
def test_a_translated_query_says_the_same(vertical: Vertical, tmp_path: Path) -> None:
    """The same question in two verticals has the same answer, up to words."""
    query = "SELECT plan, count(*) AS n FROM accounts WHERE plan <> 'team' GROUP BY 1 ORDER BY n"
    words = words_of(vertical)
    with build(draw(8), tmp_path / "a.duckdb") as plain:
        expected = plain.execute(query).fetchall()
    with build(draw(8, vertical=vertical), tmp_path / "b.duckdb") as dressed:
        found = dressed.execute(words.translate(query)).fetchall()

    assert [(words.world_value(plan), n) for plan, n in found] == expected


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("I will review the losses of this segment on 2025-10-06.", True),
        ("On 6 October I will check the same comparison.", True),
        ("I will look at it again on October 6th.", True),
        ("In six weeks I report against the same comparison.", True),
        ("We revisit this at the end of the quarter.", True),
        ("The result will be reviewed on 06.10.2025.", True),
        ("Stop if losses are not lower.", True),
        ("I checked the tables before I believed them.", False),
        ("The release of 2025-06-02 lost the session events.", False),
        ("I looked at the losses of the last six weeks.", False),
        ("In the last six weeks 140 accounts left.", False),
    ],
)
def test_a_memo_says_when_it_will_be_looked_at_again(sentence: str, said: bool) -> None:
    """A day counts as a time for a second look as a number of weeks does."""
    rules = [criterion.rule for criterion in draw(3).rubric.criteria if criterion.id == "memo"]
    assert isinstance(rules[0], MemoRule)
    cue = next(each for each in rules[0].cues if each.id == "follow_up")

    assert any(re.search(each, sentence, re.IGNORECASE) for each in cue.patterns) is said
