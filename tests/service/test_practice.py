"""The question bank and practice: what people find, answer, contest and get back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from caseroom.questions.bank import find_question
from caseroom.questions.model import Band
from caseroom.service.app import Bank, Caseroom
from caseroom.service.practice import (
    LONGEST_ANSWER,
    attempt,
    contest,
    finish_attempt,
    grade_text,
    hand_in_part,
    list_attempts,
    list_questions,
    open_question,
    regrade_attempt,
    save_attempt_draft,
    start_attempt,
)
from caseroom.service.practice_records import Mode, Part
from caseroom.service.practice_views import AttemptView, QuestionFilter
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.vocabulary.plain import plain

STRONG = find_question("Q001").anchor("strong").text
WEAK = find_question("Q001").anchor("weak").text

POOR = grade_text("Q001", WEAK).level


def answered(app: Caseroom, text: str = STRONG) -> AttemptView:
    """Start a drill of the first question and hand in an answer."""
    return hand_in_part(app, start_attempt(app, "Q001").card.id, "answer", text, seconds=90)


class TestBank:
    def test_all_questions_are_listed(self, app: Caseroom) -> None:
        """In the order of their ids, each with what a person chooses by."""
        cards = list_questions(app)

        assert [card.id for card in cards] == sorted(card.id for card in cards)
        assert (cards[0].id, cards[0].times_answered, cards[0].best_level) == ("Q001", 0, None)

    def test_filters_narrow_the_list(self, app: Caseroom) -> None:
        """Words and every filter together."""
        chosen = list_questions(
            app, QuestionFilter(text="data", category="behavioral", level="senior")
        )

        assert chosen
        assert {(card.category, card.level) for card in chosen} == {("behavioral", "senior")}
        assert len(chosen) < len(list_questions(app, QuestionFilter(category="behavioral")))

    @pytest.mark.parametrize(
        "name", ["category", "round", "level", "vertical", "competency", "answered"]
    )
    def test_an_unknown_filter_value_is_named(self, app: Caseroom, name: str) -> None:
        """With the values that there are."""
        with pytest.raises(CaseroomError, match="'nonsense'") as refusal:
            list_questions(app, QuestionFilter(**{name: "nonsense"}))

        assert refusal.value.allowed

    def test_answered_questions_are_told_apart(self, app: Caseroom) -> None:
        """Only drills count: a study answer is given beside the rubric."""
        answered(app)
        study = start_attempt(app, "Q002", mode="study")
        hand_in_part(app, study.card.id, "answer", STRONG, seconds=5)

        yes = list_questions(app, QuestionFilter(answered="yes"))
        no = list_questions(app, QuestionFilter(answered="no"))

        assert [(card.id, card.times_answered) for card in yes] == [("Q001", 1)]
        assert len(yes) + len(no) == len(list_questions(app))

    def test_the_card_holds_best_and_last_level(self, app: Caseroom) -> None:
        """Of first answers, so that a follow-up after the feedback changes neither."""
        finish_attempt(app, answered(app, STRONG).card.id)
        last = answered(app, WEAK)
        hand_in_part(app, last.card.id, "follow_up_1", STRONG, seconds=60)

        card = open_question(app, "Q001").card

        assert (card.times_answered, card.best_level, card.last_level) == (2, 5, POOR)

    def test_the_study_view_holds_no_examples(self, app: Caseroom) -> None:
        """Examples and anchors calibrate the grader; to show them would teach their words."""
        question, shown = find_question("Q001"), str(plain(open_question(app, "q001")))

        assert question.points[0].statement in shown
        assert question.model_answer[:60] in shown
        assert not any(say in shown for point in question.points for say in point.says)
        assert not any(say in shown for point in question.points for say in point.near_miss)
        assert not any(anchor.text[:60] in shown for anchor in question.anchors)

    def test_an_unknown_question_is_not_found(self, app: Caseroom) -> None:
        """Wherever a question is named."""
        for call in (
            lambda: open_question(app, "Q999"),
            lambda: start_attempt(app, "Q999"),
            lambda: grade_text("Q999", "x"),
        ):
            with pytest.raises(CaseroomError, match="no question 'Q999'") as refusal:
                call()
            assert refusal.value.code == ExitCode.NOT_FOUND


class TestAnswering:
    def test_a_drill_hides_the_rubric_until_an_answer(self, app: Caseroom) -> None:
        """Nor does it tell the follow-ups ahead."""
        view = start_attempt(app, "Q001")

        assert (view.turn, view.question, view.reports) == ("answer", None, ())
        assert [part.prompt for part in view.parts] == [find_question("Q001").ask]
        assert answered(app).question is not None

    def test_giving_up_shows_the_rubric(self, app: Caseroom) -> None:
        """A person who has no answer can see what one holds."""
        view = finish_attempt(app, start_attempt(app, "Q001").card.id)

        assert (view.turn, view.parts, view.card.state) == ("", (), "finished")
        assert view.question is not None

    def test_study_shows_the_rubric_at_once(self, app: Caseroom) -> None:
        """Study mode is reading first."""
        assert start_attempt(app, "Q001", mode="study").question is not None

    def test_an_unknown_mode_is_refused(self, app: Caseroom) -> None:
        """With the modes that there are."""
        with pytest.raises(CaseroomError, match="no mode of practice 'exam'") as refusal:
            start_attempt(app, "Q001", mode="exam")

        assert refusal.value.allowed == "drill, study"

    def test_an_unfinished_attempt_is_resumed(self, app: Caseroom) -> None:
        """With its draft and its time."""
        first = start_attempt(app, "Q001")
        save_attempt_draft(app, first.card.id, "answer", "I began", version=0, seconds=31)

        again = start_attempt(app, "Q001")

        assert again.card.id == first.card.id
        assert (again.drafts["answer"].text, again.seconds) == ("I began", 31)

    def test_a_strong_answer_is_graded_at_once(self, app: Caseroom) -> None:
        """The report rests on words of the text that is shown with it."""
        view = answered(app)

        (step,) = view.steps
        assert step.report.level == 5
        for point in step.report.points:
            assert point.span is not None
            assert step.text[point.span.start : point.span.end] == point.span.quote

    def test_each_follow_up_has_a_before_and_after(self, app: Caseroom) -> None:
        """The report after a follow-up is on the answer and all follow-ups so far."""
        one = answered(app, WEAK)
        two = hand_in_part(app, one.card.id, "follow_up_1", STRONG, seconds=40)
        three = hand_in_part(app, one.card.id, "follow_up_2", "It was Ann.", seconds=5)

        assert [step.report.level for step in three.steps] == [POOR, 5, 5]
        assert three.steps[1].text == f"{WEAK}\n\n{STRONG}"
        assert (one.turn, two.turn, three.turn) == ("follow_up_1", "follow_up_2", "")
        assert (three.card.state, three.seconds) == ("finished", 135)
        assert (three.card.level, three.card.level_after) == (POOR, 5)
        assert [part.prompt for part in three.parts[1:]] == list(find_question("Q001").follow_ups)

    def test_handing_in_twice_is_harmless(self, app: Caseroom) -> None:
        """A repeated request (a form sent again) changes nothing, whatever its line ends."""
        first = answered(app, "I asked the team.\nThen I left.")

        again = hand_in_part(
            app, first.card.id, "answer", "I asked the team.\r\nThen I left.", seconds=95
        )

        assert len(again.reports) == 1
        assert again.parts[0].seconds == 90

    @pytest.mark.parametrize("text", ["", "  \n\t"])
    def test_an_empty_answer_costs_nothing(self, app: Caseroom, text: str) -> None:
        """It is refused before it is saved."""
        started = start_attempt(app, "Q001")

        with pytest.raises(CaseroomError, match="is empty"):
            hand_in_part(app, started.card.id, "answer", text, seconds=1)

        assert attempt(app, started.card.id).turn == "answer"

    @pytest.mark.parametrize(
        ("part", "text", "seconds", "problem"),
        [
            ("encore", "x", 1, "no part of an attempt 'encore'"),
            ("answer", "x" * (LONGEST_ANSWER + 1), 1, "20,001 characters"),
            ("answer", "x", -1, "-1 is not a number of seconds"),
            ("follow_up_1", "x", 1, "not the turn of follow_up_1"),
        ],
    )
    def test_what_cannot_be_taken_is_named(
        self, app: Caseroom, part: str, text: str, seconds: int, problem: str
    ) -> None:
        """With what would have been."""
        started = start_attempt(app, "Q001")

        with pytest.raises(CaseroomError, match=problem):
            hand_in_part(app, started.card.id, part, text, seconds=seconds)

    def test_a_draft_of_another_tab_is_not_lost(self, app: Caseroom) -> None:
        """The first text stays, the second is kept, and the person is told."""
        started = start_attempt(app, "Q001").card.id
        save_attempt_draft(app, started, "answer", "one", version=0, seconds=1)

        second = save_attempt_draft(app, started, "answer", "two", version=0, seconds=1)

        assert (second.conflict, second.text, second.kept_version) == (True, "one", 2)

    def test_a_draft_of_a_part_that_was_handed_in_is_refused(self, app: Caseroom) -> None:
        """A tab that was left open is told, so that its text is not thought saved."""
        view = answered(app)

        with pytest.raises(CaseroomError, match="handed in already"):
            save_attempt_draft(app, view.card.id, "answer", "more", version=0, seconds=1)


class TestSafety:
    def test_a_text_is_saved_before_it_is_graded(self, app: Caseroom) -> None:
        """When grading fails, the text is there, and the next look grades it."""

        def broken(question: object, text: str) -> None:
            raise RuntimeError("no grader")

        started = start_attempt(app, "Q001").card.id
        failing = replace(app, bank=Bank(grade=broken))  # type: ignore[arg-type]
        with pytest.raises(RuntimeError, match="no grader"):
            hand_in_part(failing, started, "answer", STRONG, seconds=90)
        assert app.store.attempt(started).handed_in == ("answer",)

        assert attempt(app, started).steps[0].report.level == 5

    def test_an_answer_without_a_report_is_graded_at_the_next_start(
        self, opened: Callable[..., Caseroom]
    ) -> None:
        """A crash between saving and grading costs nothing."""
        app = opened()
        started = start_attempt(app, "Q001").card.id
        app.store.add_answer(started, Part.ANSWER, STRONG, seconds=3, at=app.clock.now())

        again = opened()

        assert again.store.ungraded() == ()
        assert list_attempts(again)[0].level == 5

    def test_an_answer_that_cannot_be_graded_keeps_nothing_from_starting(
        self, opened: Callable[..., Caseroom]
    ) -> None:
        """An attempt at a question that has left the bank is listed by its id."""
        app = opened()
        app.store.add_attempt("a1", "Q999", Mode.DRILL, "", app.clock.now())
        app.store.add_answer("a1", Part.ANSWER, "I asked.", seconds=3, at=app.clock.now())

        cards = list_attempts(opened())

        assert [(card.title, card.level) for card in cards] == [("Q999", None)]


class TestContesting:
    def test_a_contest_stands_beside_the_verdict(self, app: Caseroom) -> None:
        """The machine's verdict stays; the person's last word is shown with it."""
        view = answered(app, WEAK)
        report = view.steps[0]

        contest(app, view.card.id, report.id, "p1", "perhaps", "I named it.")
        after = contest(app, view.card.id, report.id, "p1", "found", "Sentence 2 names it.")

        said = after.steps[0].contests["p1"]
        assert (said.machine, said.band, said.reason) == (
            report.report.points[0].band,
            Band.FOUND,
            "Sentence 2 names it.",
        )
        assert after.steps[0].report == report.report
        assert len(after.contests) == 2

    @pytest.mark.parametrize(
        ("report", "point", "band", "reason", "problem"),
        [
            (1, "p1", "yes", "I did.", "no band 'yes'"),
            (1, "p99", "found", "I did.", "no point 'p99'"),
            (7, "p1", "found", "I did.", "Report 7"),
            (1, "p1", "found", "  ", "reason is empty"),
        ],
    )
    def test_a_contest_says_what_and_why(
        self, app: Caseroom, report: int, point: str, band: str, reason: str, problem: str
    ) -> None:
        """Report, point and band are known ones, and there is a reason."""
        view = answered(app)

        with pytest.raises(CaseroomError, match=problem):
            contest(app, view.card.id, report, point, band, reason)

    def test_regrading_keeps_earlier_reports(self, app: Caseroom) -> None:
        """A new report per part stands beside the old one, which keeps what was contested."""
        view = answered(app)
        view = hand_in_part(app, view.card.id, "follow_up_1", "It was Ann.", seconds=5)
        contest(app, view.card.id, view.steps[0].id, "p1", "not found", "I did not.")

        after = regrade_attempt(app, view.card.id)

        assert len(after.reports) == 4
        assert [len(part.earlier) for part in after.parts] == [1, 1, 0]
        assert after.steps[0].contests == {}
        assert set(after.parts[0].earlier[0].contests) == {"p1"}

    def test_there_is_nothing_to_regrade_without_an_answer(self, app: Caseroom) -> None:
        """The refusal says what to do first."""
        with pytest.raises(CaseroomError, match="no answer yet"):
            regrade_attempt(app, start_attempt(app, "Q001").card.id)


def test_a_text_alone_can_be_graded() -> None:
    """Without a store, and with the same report as in an attempt."""
    assert grade_text("q001", STRONG).level == 5
