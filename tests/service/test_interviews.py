"""Mock interviews through their use cases: turns, clock, crash and resume, a case, the outcome."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import text

import toy_kind
from caseroom.adapters.sqlstore import SqlStore
from caseroom.grading.text.report import AnswerReport
from caseroom.interview.verdicts import IN_DOUBT
from caseroom.questions.bank import find_question
from caseroom.questions.model import Question
from caseroom.service.app import Bank, Caseroom
from caseroom.service.cases import list_cases
from caseroom.service.interview_check import check_interviewer
from caseroom.service.interview_state import load, replayed
from caseroom.service.interview_views import InterviewView
from caseroom.service.interviews import (
    INTERRUPTED_AFTER,
    answer_turn,
    case_finished,
    end,
    export_transcript,
    find_interview,
    interview,
    interview_of_case,
    list_interviews,
    open_interview_case,
    pause,
    plan_interview,
    resume,
    resume_interrupted,
    retry_question,
    save_turn_draft,
    scorecard,
    skip_turn,
    start_interview,
    tick,
)
from caseroom.service.loading import load_case
from caseroom.service.submitting import submit
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from toy_interview import doubting, grader

LINE = "Ann decided it in March, because 14 of 20 orders were late and I had checked the log."


class Watch:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.at = datetime(2025, 3, 3, 9, tzinfo=UTC)

    def now(self) -> datetime:
        """Give the time."""
        return self.at

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def watch() -> Watch:
    """Give a clock that stands still."""
    return Watch()


@pytest.fixture
def room(app: Caseroom, watch: Watch) -> Caseroom:
    """Give an application with that clock."""
    return replace(app, clock=watch)


def begun(room: Caseroom, preset: str = "screen", **choices: object) -> InterviewView:
    """Start an interview and say that one is ready."""
    setup = plan_interview(preset=preset, seed=3, **choices)  # type: ignore[arg-type]
    view = start_interview(room, setup)
    return answer_turn(room, view.card.id, view.turn, "I am ready.")


def reply(room: Caseroom, view: InterviewView, words: str = LINE) -> InterviewView:
    """Answer the present turn: a question with its strong anchor, all else with `words`."""
    if view.status.phase == "question":
        words = find_question(view.status.question).anchor("strong").text
    return answer_turn(room, view.card.id, view.turn, words)


def held(room: Caseroom, view: InterviewView) -> InterviewView:
    """Answer everything to the end; a case is skipped."""
    count = 0
    while view.card.state != "closed":
        count += 1
        if view.status.phase == "case":
            view = skip_turn(room, view.card.id, view.turn)
        else:
            view = reply(room, view, f"{LINE} That was on day {count} at depot {count}.")
    return view


def doubted(room: Caseroom) -> tuple[Caseroom, InterviewView]:
    """Start a talk that begins with a question on data quality, with a grader that is not sure."""
    unsure = replace(room, bank=Bank(grade=doubting))
    return unsure, begun(unsure)


def no_grader(question: Question, text: str) -> AnswerReport:
    """Grade nothing."""
    raise RuntimeError("no grader")


class TestSettingUp:
    @pytest.mark.parametrize(
        ("choice", "problem"),
        [
            ({"preset": "lunch"}, "no ready-made interview 'lunch'"),
            ({"role": "boss"}, "no role 'boss'"),
            ({"level": "boss"}, "no level 'boss'"),
            ({"rounds": [("screen", 1)]}, "screen round has 1 minutes"),
            ({"extra_time": 9.0}, "Extra time of 9"),
            ({"seed": -1}, "seed is -1"),
        ],
    )
    def test_what_cannot_be_held_is_refused(self, choice: dict, problem: str) -> None:
        """With what is allowed."""
        with pytest.raises(CaseroomError, match=problem) as refusal:
            plan_interview(**choice)

        assert refusal.value.allowed

    def test_the_clock_waits_for_the_candidate(self, room: Caseroom, watch: Watch) -> None:
        """In the opening no time is used."""
        view = start_interview(room, plan_interview(preset="screen", seed=3))
        watch.wait(600)

        view = interview(room, view.card.id)

        assert (view.status.phase, view.turn, view.card.state) == ("opening", "1", "running")
        assert view.status.left.interview == 20 * 60

    def test_later_interviews_ask_other_questions(self, room: Caseroom) -> None:
        """With the same seed too, as long as the bank has some that were not asked."""
        asked = []
        for _ in range(3):
            view = begun(room, "behavioral")
            asked.append(view.status.question)
            skip_turn(room, view.card.id, view.turn)
            end(room, view.card.id)

        assert len(set(asked)) == 3


class TestTurns:
    def test_an_answer_leads_to_the_follow_up(self, room: Caseroom) -> None:
        """In its fixed words, as a new turn."""
        first = begun(room)
        second = reply(room, first)

        assert (first.status.phase, second.status.phase) == ("question", "follow_up_1")
        assert second.status.prompt == find_question(first.status.question).follow_ups[0]
        assert int(second.turn) > int(first.turn)

    def test_an_answer_is_taken_once(self, room: Caseroom) -> None:
        """The same form sent twice answers one turn; another text for it is refused."""
        first = begun(room)
        once = reply(room, first)
        twice = reply(room, first)

        assert once.turn == twice.turn
        with pytest.raises(CaseroomError, match="interviewer has gone on"):
            answer_turn(room, first.card.id, first.turn, "Something else.")
        with pytest.raises(CaseroomError, match="interviewer has gone on"):
            save_turn_draft(room, first.card.id, first.turn, "x", version=0)
        with pytest.raises(CaseroomError, match="interviewer has gone on"):
            skip_turn(room, first.card.id, first.turn)

    def test_two_windows_answer_one_turn(self, room: Caseroom) -> None:
        """At the same moment, with the same text: it counts once."""
        first = begun(room)
        seen: list[str] = []
        threads = [
            threading.Thread(target=lambda: seen.append(reply(room, first).turn)) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(set(seen)) == 1
        assert len(room.store.interview_events(first.card.id)) == 2

    def test_every_turn_has_its_own_name(self, room: Caseroom) -> None:
        """Whatever is said, a taken answer changes what is asked now."""
        view, names = begun(room, "loop-90"), []
        while view.card.state != "closed":
            names.append(view.turn)
            if view.status.phase == "case":
                view = skip_turn(room, view.card.id, view.turn)
            else:
                view = reply(room, view, LINE if len(names) % 3 else "")

        assert len(set(names)) == len(names)

    def test_the_view_holds_no_rubric(self, room: Caseroom) -> None:
        """Not before the interview is over."""
        view = begun(room)
        question = find_question(view.status.question)

        assert question.points[0].statement not in repr(view)
        with pytest.raises(CaseroomError, match="still running"):
            scorecard(room, view.card.id)
        with pytest.raises(CaseroomError, match="still running"):
            retry_question(room, view.card.id, question.id)

    def test_an_ended_interview_takes_nothing_more(self, room: Caseroom) -> None:
        """It says where to look instead."""
        view = end(room, reply(room, begun(room)).card.id)

        assert (view.card.state, view.card.ended, view.card.answers) == ("closed", "broken_off", 1)
        with pytest.raises(CaseroomError, match="is over") as refusal:
            answer_turn(room, view.card.id, view.turn, LINE)
        assert "scorecard" in refusal.value.next_step


class TestClock:
    def test_what_is_in_the_box_is_taken_when_time_is_up(
        self, room: Caseroom, watch: Watch
    ) -> None:
        """First the interviewer says that time is nearly used."""
        view = begun(room)
        limit = find_question(view.status.question).minutes * 60
        watch.wait(limit + 1)
        nudged = tick(room, view.card.id)
        save_turn_draft(room, view.card.id, view.turn, LINE, version=0)
        watch.wait(limit)

        cut = tick(room, view.card.id)

        assert (nudged.turn, nudged.status.transcript[-1].kind) == (view.turn, "nudge")
        assert nudged.status.left.turn == 0
        assert cut.turn != view.turn
        assert LINE in [line.text for line in cut.status.transcript]

    def test_time_runs_out_without_anybody_looking(self, room: Caseroom, watch: Watch) -> None:
        """Whoever comes back after the time finds the interview over."""
        view = reply(room, begun(room))
        watch.wait(3 * 3600)

        assert interview(room, view.card.id).card.ended == "time"

    def test_a_pause_costs_no_time(self, room: Caseroom, watch: Watch) -> None:
        """All clocks stand still, and nothing can be answered meanwhile."""
        view = begun(room)
        watch.wait(30)
        paused = pause(room, view.card.id)
        watch.wait(3600)
        with pytest.raises(CaseroomError, match="is paused"):
            reply(room, view)

        back = resume(room, view.card.id)

        assert (paused.card.state, back.card.state) == ("paused", "running")
        assert back.status.left == paused.status.left
        assert back.turn == view.turn

    def test_a_setup_without_pauses_keeps_none(self, room: Caseroom) -> None:
        """The clock of a strict interview can't be stopped."""
        view = begun(room, pauses=False)

        with pytest.raises(CaseroomError, match="without pauses"):
            pause(room, view.card.id)

    def test_a_look_that_changes_nothing_leaves_no_event(
        self, room: Caseroom, watch: Watch
    ) -> None:
        """Only a sign of life."""
        view = begun(room)
        for _ in range(5):
            watch.wait(6)
            tick(room, view.card.id)

        assert len(room.store.interview_events(view.card.id)) == 1
        assert room.store.interview(view.card.id).seen_at == watch.at


class TestCrash:
    def test_an_answer_is_saved_before_it_is_graded(self, room: Caseroom, watch: Watch) -> None:
        """The next look takes it, as of the moment when it was handed in."""
        view = begun(room)
        watch.wait(40)
        with pytest.raises(RuntimeError, match="no grader"):
            reply(replace(room, bank=Bank(grade=no_grader)), view)
        watch.wait(60)

        after = interview(room, view.card.id)

        assert after.status.phase == "follow_up_1"
        said = [line for line in after.status.transcript if line.speaker == "candidate"]
        assert said[-1].at == watch.at - timedelta(seconds=60)

    def test_the_next_start_takes_it(self, opened: Callable[..., Caseroom]) -> None:
        """Without anybody looking at the interview."""
        app = opened()
        view = begun(app)
        app.store.add_turn_answer(view.card.id, view.turn, LINE, app.clock.now())

        again = opened()

        assert len(again.store.interview_events(view.card.id)) == 2

    def test_a_server_that_was_down_takes_nobodys_time(self, room: Caseroom, watch: Watch) -> None:
        """The interview is paused at the last sign of life, at the exact turn, with its draft."""
        view = reply(room, begun(room))
        watch.wait(20)
        save_turn_draft(room, view.card.id, view.turn, "I had just", version=0)
        left = interview(room, view.card.id).status.left
        watch.wait(7200)

        resume_interrupted(room, serving=True)

        found = interview(room, view.card.id)
        assert (found.card.state, found.turn, found.draft and found.draft.text) == (
            "paused",
            view.turn,
            "I had just",
        )
        assert resume(room, view.card.id).status.left == left

    def test_a_second_server_leaves_a_live_interview_alone(
        self, room: Caseroom, watch: Watch
    ) -> None:
        """Somebody looked at it a moment ago."""
        view = begun(room)
        watch.wait(INTERRUPTED_AFTER.total_seconds() - 1)
        resume_interrupted(room, serving=True)
        watch.wait(60)
        resume_interrupted(room, serving=False)

        assert interview(room, view.card.id).card.state == "running"

    def test_events_alone_give_the_state(self, room: Caseroom, watch: Watch) -> None:
        """Played again with the kept reports, whatever the grader of the day says."""
        view = begun(room, "loop-90")
        for step in range(12):
            watch.wait(25)
            if view.status.phase == "case":
                view = skip_turn(room, view.card.id, view.turn)
            else:
                view = reply(room, view, f"{LINE} Step {step}.")
        pause(room, view.card.id)
        running = load(room, view.card.id)

        again = replayed(replace(room, bank=Bank(grade=no_grader)), running.record)

        assert again == running.state

    def test_a_state_that_cannot_be_read_is_made_again(self, room: Caseroom) -> None:
        """It is only a cache of the events."""
        view = reply(room, begun(room))
        assert isinstance(room.store, SqlStore)
        with room.store.write() as connection:
            connection.execute(text("UPDATE interviews SET state = 'broken'"))

        assert interview(room, view.card.id).status.prompt == view.status.prompt

    def test_an_interview_without_a_beginning_is_named(self, room: Caseroom) -> None:
        """When nothing can be read, the person is told, and others go on."""
        view, other = begun(room), begun(room, "craft")
        assert isinstance(room.store, SqlStore)
        with room.store.write() as connection:
            damage = text("UPDATE interviews SET state = '{}', begun = '{}' WHERE id = :id")
            connection.execute(damage, {"id": view.card.id})
        room.store.add_turn_answer(other.card.id, other.turn, LINE, room.clock.now())

        resume_interrupted(room)

        with pytest.raises(CaseroomError, match="can't be read") as refusal:
            interview(room, view.card.id)
        assert refusal.value.code == ExitCode.DAMAGED
        assert len(room.store.interview_events(other.card.id)) == 2


class TestCase:
    @pytest.fixture
    def at_case(self, room: Caseroom) -> InterviewView:
        """Give an interview that has come to its case."""
        view = begun(room, "tech")
        while view.status.phase != "case":
            view = skip_turn(room, view.card.id, view.turn)
        return view

    def test_a_case_is_played_inside(
        self, room: Caseroom, watch: Watch, at_case: InterviewView
    ) -> None:
        """Its time begins when it is built, and its graded result ends the round."""
        interview_id = at_case.card.id
        watch.wait(90)
        case_id = open_interview_case(room, interview_id, background=False)
        opened = interview(room, interview_id)
        watch.wait(600)
        submit(room, case_id, toy_kind.perfect(load_case(room, case_id).case), self_score=None)

        after = case_finished(room, interview_id)

        assert opened.status.case_id == case_id == open_interview_case_id(opened)
        assert opened.status.left.turn == at_case.status.left.turn
        assert interview_of_case(room, case_id) == interview_id
        assert after.status.phase != "case"
        assert after.card.state == "closed"
        cases = scorecard(room, interview_id).cases
        assert cases == {case_id: list_cases(room)[0].total}

    def test_a_case_is_built_in_the_background(
        self, room: Caseroom, at_case: InterviewView
    ) -> None:
        """Asking again gives the same one; the next look after the build finds it open."""
        first = open_interview_case(room, at_case.card.id)
        assert open_interview_case(room, at_case.card.id) == first
        room.builds.wait(first, 20)

        view = interview(room, at_case.card.id)

        assert view.status.case_id == first
        assert view.case is not None
        assert view.case.build is not None
        assert (view.case.build.state, view.case.graded) == ("ready", False)

    def test_a_result_may_come_late(
        self, room: Caseroom, watch: Watch, at_case: InterviewView
    ) -> None:
        """After the round's time the interview goes on, and the result is folded in afterwards."""
        case_id = open_interview_case(room, at_case.card.id, background=False)
        watch.wait(2 * 3600)
        over = interview(room, at_case.card.id)
        assert over.card.state == "closed"
        submit(room, case_id, toy_kind.perfect(load_case(room, case_id).case), self_score=None)

        assert scorecard(room, at_case.card.id).cases == {case_id: list_cases(room)[0].total}
        assert interview(room, at_case.card.id).card.ended_at == over.card.ended_at

    def test_a_case_without_a_result_is_waited_for(
        self, room: Caseroom, at_case: InterviewView
    ) -> None:
        """The person is told what to do; the case can be skipped as well."""
        with pytest.raises(CaseroomError, match="at a case"):
            answer_turn(room, at_case.card.id, at_case.turn, LINE)
        case_id = open_interview_case(room, at_case.card.id, background=False)
        with pytest.raises(CaseroomError, match=f"Case {case_id} has no result yet"):
            case_finished(room, at_case.card.id)

        view = skip_turn(room, at_case.card.id, interview(room, at_case.card.id).turn)

        assert view.card.state == "closed"

    def test_no_case_is_opened_out_of_turn(self, room: Caseroom) -> None:
        """Only when the interviewer gives one."""
        view = begun(room)

        with pytest.raises(CaseroomError, match="does not ask for a case"):
            open_interview_case(room, view.card.id)
        with pytest.raises(CaseroomError, match="has no case"):
            case_finished(room, view.card.id)


def open_interview_case_id(view: InterviewView) -> str:
    """Give the id that the view tells for the present case."""
    return view.case.case_id if view.case else ""


class TestOutcome:
    def test_a_held_interview_has_a_scorecard(self, room: Caseroom) -> None:
        """With every answer, its reports before and after each follow-up, and the words."""
        view = held(room, begun(room))

        found = scorecard(room, view.card.id)

        assert found.card.overall == found.scorecard.overall == pytest.approx(found.card.overall)
        assert len(found.turns) == found.card.answers
        for turn in found.turns:
            assert [exchange.part for exchange in turn.exchanges][:1] == ["answer"]
            assert turn.exchanges[-1].text.startswith(turn.exchanges[0].answer)
        assert set(found.verdict_words) >= {found.scorecard.verdict}

    def test_a_question_can_be_tried_again(self, room: Caseroom) -> None:
        """As a drill of its own that the scorecard lists; a question of another one can't."""
        view = held(room, begun(room))
        question = scorecard(room, view.card.id).turns[0].question

        drill = retry_question(room, view.card.id, question)

        assert (drill.card.origin, drill.card.mode) == (view.card.id, "drill")
        assert scorecard(room, view.card.id).turns[0].retries[0].id == drill.card.id
        with pytest.raises(CaseroomError, match="did not ask"):
            retry_question(room, view.card.id, "Q124")

    def test_an_interview_without_an_answer_has_no_score(self, room: Caseroom) -> None:
        """It is listed and exported all the same."""
        view = end(room, start_interview(room, plan_interview(preset="screen", seed=3)).card.id)

        with pytest.raises(CaseroomError, match="Nothing was answered"):
            scorecard(room, view.card.id)
        assert list_interviews(room).interviews[0].overall is None
        assert b"Transcript" in export_transcript(room, view.card.id, "md")[1]

    def test_a_transcript_is_exported(self, room: Caseroom) -> None:
        """In three formats; what a person typed is text in each of them, never markup."""
        view = begun(room)
        nasty = 'We had 14 <script>alert("x")</script> orders and *stars*, I counted them.'
        view = answer_turn(room, view.card.id, view.turn, nasty)
        view = end(room, view.card.id)

        files = {fmt: export_transcript(room, view.card.id, fmt) for fmt in ("md", "html", "json")}

        assert files["md"][0] == f"interview-{view.card.id}.md"
        assert b"\\<script>" in files["md"][1]
        assert b"&lt;script&gt;" in files["html"][1]
        assert b"<script>" not in files["html"][1]
        whole = json.loads(files["json"][1])
        assert nasty in [line["text"] for line in whole["transcript"]]
        assert whole["scorecard"]["overall"] == scorecard(room, view.card.id).scorecard.overall
        with pytest.raises(CaseroomError, match="not exported as 'pdf'"):
            export_transcript(room, view.card.id, "pdf")

    def test_what_a_person_has_to_judge_is_exported(self, room: Caseroom) -> None:
        """A possible veto stands in every format with what it means, beside the verdict's range."""
        view = held(*doubted(room))
        (doubt,) = scorecard(room, view.card.id).scorecard.doubts

        files = {fmt: export_transcript(room, view.card.id, fmt) for fmt in ("md", "html", "json")}

        for fmt in ("md", "html"):
            text = unescape(files[fmt][1].decode())
            assert f"Possible veto, {doubt.title}" in text
            assert IN_DOUBT in text
            assert "The verdict could be: " in text
        kept = json.loads(files["json"][1])["scorecard"]["doubts"]
        assert [each["question"] for each in kept] == [doubt.question]

    def test_interviews_are_found_by_name(self, room: Caseroom, watch: Watch) -> None:
        """By id, the beginning of one, or as the last one."""
        first = begun(room).card.id
        watch.wait(60)
        second = begun(room).card.id

        assert find_interview(room, "last") == second
        assert find_interview(room, first[:6]) == first
        with pytest.raises(CaseroomError, match="No interview 'zz'"):
            find_interview(room, "zz")

    def test_the_history_is_newest_first(self, room: Caseroom, watch: Watch) -> None:
        """Running ones show no score."""
        first = held(room, begun(room)).card.id
        watch.wait(60)
        second = begun(room).card.id

        history = list_interviews(room)

        assert [card.id for card in history.interviews] == [second, first]
        assert [card.overall is None for card in history.interviews] == [True, False]
        assert history.trend.scores == (history.interviews[1].overall,)


def test_an_interviewer_that_everybody_passes_fails_its_check(room: Caseroom) -> None:
    """With a grader that praises every text, the strong candidate is not ahead: not ok."""

    def praising(question: Question, text: str) -> AnswerReport:
        return grader(question, question.anchor("strong").text)

    told: list[float] = []
    found = check_interviewer(
        range(1),
        ("screen",),
        bank=Bank(grade=praising),
        progress=lambda message, share: told.append(share),
    )

    assert not found["ok"]
    assert found["findings"]
    assert (told[0], told[-1]) == (0.0, 1.0)
