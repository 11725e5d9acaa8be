"""The end of a case: format checks, the submission, debrief, solution, regrading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import toy_kind
from caseroom.case.contract import Purchase
from caseroom.service.app import Caseroom
from caseroom.service.cases import list_cases
from caseroom.service.evidence import buy
from caseroom.service.loading import load_case
from caseroom.service.room import open_room, run_query, save_draft, take_hint
from caseroom.service.solution import worked_solution
from caseroom.service.submitting import check_submission, debrief, regrade, submit
from caseroom.vocabulary.errors import CaseroomError


def perfect(app: Caseroom, case_id: str) -> dict[str, Any]:
    """Give the answer that uses the truth."""
    return toy_kind.perfect(load_case(app, case_id).case)


class TestChecking:
    def test_a_check_finds_every_problem_and_costs_nothing(
        self, app: Caseroom, case_id: str
    ) -> None:
        """All problems are told at once, and the case stays open."""
        raw = {"causes": {"demand": 80}, "onset": "soon", "nonsense": 1}

        found = check_submission(app, case_id, raw)

        assert {"causes", "onset", "nonsense", "memo"} <= {each.field for each in found.problems}
        assert open_room(app, case_id).card.state == "open"

    def test_a_good_answer_has_no_problems(self, app: Caseroom, case_id: str) -> None:
        """What can be handed in passes the check."""
        assert check_submission(app, case_id, perfect(app, case_id)).problems == ()


class TestSubmitting:
    def test_a_submission_is_graded_at_once(self, app: Caseroom, case_id: str) -> None:
        """Score, truth, consequence, process and next steps come with the debrief."""
        run_query(app, case_id, "SELECT count(DISTINCT sale_id), count(*) FROM payments")

        view = submit(app, case_id, perfect(app, case_id), self_score=90)

        assert view.report.passed
        assert (view.card.state, view.card.total) == ("graded", view.report.total)
        assert view.truth[0][0] == "Cause"
        assert view.consequence.regret_cents == 0
        assert [entry.kind for entry in view.timeline] == ["query"]
        assert "90" in view.calibration
        assert view.next_steps

    def test_format_problems_cost_nothing(self, app: Caseroom, case_id: str) -> None:
        """All of them are in the refusal, and the same case can be submitted afterwards."""
        with pytest.raises(CaseroomError) as refusal:
            submit(app, case_id, {"causes": {"demand": 80}}, self_score=None)

        assert "causes" in refusal.value.problem
        assert "memo" in refusal.value.problem
        assert "not counted" in refusal.value.next_step
        assert submit(app, case_id, perfect(app, case_id), self_score=None).report.passed

    @pytest.mark.parametrize("score", [-1.0, 100.5, float("nan")])
    def test_a_self_score_out_of_range_costs_nothing(
        self, app: Caseroom, case_id: str, score: float
    ) -> None:
        """It is refused before anything is saved."""
        with pytest.raises(CaseroomError, match="is not a self-score"):
            submit(app, case_id, perfect(app, case_id), self_score=score)

        assert app.store.submission(case_id) is None

    def test_there_is_one_submission_per_case(self, app: Caseroom, case_id: str) -> None:
        """After it the truth is known."""
        submit(app, case_id, perfect(app, case_id), self_score=None)

        with pytest.raises(CaseroomError, match="was submitted already"):
            submit(app, case_id, perfect(app, case_id), self_score=None)

    def test_after_it_evidence_and_hints_are_over_but_queries_are_not(
        self, app: Caseroom, case_id: str
    ) -> None:
        """People may look again; the grade rests on what was done before."""
        submit(app, case_id, perfect(app, case_id), self_score=None)

        for late in (
            lambda: buy(app, case_id, Purchase(offer="survey")),
            lambda: take_hint(app, case_id),
        ):
            with pytest.raises(CaseroomError, match="was submitted already"):
                late()
        assert run_query(app, case_id, "SELECT 1").rows == ((1,),)
        assert save_draft(app, case_id, "memo", "late", version=0).version == 1
        assert debrief(app, case_id).timeline == ()

    def test_values_of_a_notebook_are_taken(self, app: Caseroom, case_id: str) -> None:
        """NumPy's numbers and Python's days are as good as texts."""
        numpy = pytest.importorskip("numpy")
        raw = perfect(app, case_id)
        raw["effect"] = {name: numpy.float64(value) for name, value in raw["effect"].items()}
        raw["decision"] = {"option": "campaign", "params": {"weeks": numpy.int64(3)}}

        view = submit(app, case_id, raw, self_score=None)

        assert view.submission["decision"]["params"] == {"weeks": 3}

    @pytest.mark.parametrize("shape", ["deep", "wide"])
    def test_an_endless_structure_is_refused(self, app: Caseroom, case_id: str, shape: str) -> None:
        """A structure that a few YAML aliases unfold into is not expanded."""
        value: Any = ["x"] * 10
        for _ in range(30 if shape == "deep" else 8):
            value = [value] if shape == "deep" else [value] * 10

        with pytest.raises(CaseroomError, match="nested too deeply or holds too many"):
            submit(app, case_id, {"memo": value}, self_score=None)


class TestDebrief:
    def test_there_is_none_before_the_submission(self, app: Caseroom, case_id: str) -> None:
        """Neither truth nor solution can be had early."""
        with pytest.raises(CaseroomError, match="not submitted yet"):
            debrief(app, case_id)
        with pytest.raises(CaseroomError, match="give the truth away"):
            worked_solution(app, case_id)

    def test_it_is_the_same_every_time(
        self, app: Caseroom, case_id: str, opened: Callable[..., Caseroom]
    ) -> None:
        """The truth is drawn again, in another process too, and nothing of it is stored."""
        view = submit(app, case_id, perfect(app, case_id), self_score=50)

        assert debrief(app, case_id) == view
        assert debrief(opened(), case_id) == view

    def test_the_solution_runs_on_the_same_data(self, app: Caseroom, case_id: str) -> None:
        """Each step's SQL gives the step's rows when a person runs it."""
        submit(app, case_id, perfect(app, case_id), self_score=None)

        steps = worked_solution(app, case_id)

        assert steps[0].title == "Are payments unique?"
        assert steps[0].reading.endswith("sales")
        again = run_query(app, case_id, steps[0].sql)
        assert again.rows == steps[0].rows

    def test_the_solution_is_worked_out_once(self, app: Caseroom, case_id: str) -> None:
        """The second reader gets the same steps without a second build."""
        submit(app, case_id, perfect(app, case_id), self_score=None)

        assert worked_solution(app, case_id) is worked_solution(app, case_id)

    def test_regrading_keeps_the_earlier_report(self, app: Caseroom, case_id: str) -> None:
        """Late queries do not change the score."""
        first = submit(app, case_id, perfect(app, case_id), self_score=None)
        run_query(app, case_id, "SELECT count(DISTINCT sale_id) FROM payments")

        again = regrade(app, case_id)

        assert (len(again.reports), again.report) == (2, first.report)

    def test_the_list_shows_the_score(self, app: Caseroom, case_id: str) -> None:
        """Total and pass are on the card."""
        view = submit(app, case_id, perfect(app, case_id), self_score=None)

        (card,) = list_cases(app)
        assert (card.state, card.total, card.passed) == ("graded", view.report.total, True)
