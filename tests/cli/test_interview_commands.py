"""The commands of the mock interview, as text and as JSON."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import toy_kind
import toy_shop
from caseroom.bootstrap import open_caseroom
from caseroom.case.contract import CaseSpec
from caseroom.interview.verdicts import IN_DOUBT
from caseroom.questions.bank import find_question
from caseroom.service.app import Bank
from caseroom.service.interviews import answer_turn, end, plan_interview, start_interview
from caseroom.vocabulary.levels import Level, Vertical
from toy_interview import doubting

LINE = "Ann decided it in March, because 14 of 20 orders were late and I had checked the log."


@pytest.fixture
def name(caseroom: Any) -> str:
    """Give an interview that was started."""
    return caseroom("interview", "new", "--preset", "screen", "--seed", "3", "--json").json["card"][
        "id"
    ]


class TestTurns:
    def test_an_interview_is_started(self, caseroom: Any) -> None:
        """The greeting says what comes; the next command is named."""
        text = caseroom("interview", "new", "--round", "craft:15", "--level", "senior").out

        assert "Craft, " in text
        assert "Tell me when you are ready." in " ".join(text.split())
        assert "caseroom interview answer" in text

    def test_every_choice_can_be_made(self, caseroom: Any) -> None:
        """As in the browser."""
        ran = caseroom(
            *("interview", "new", "--preset", "tech", "--no-case", "--role", "platform"),
            *("--level", "lead", "--vertical", "finance", "--extra-time", "1.5", "--no-pauses"),
            *("--closing-minutes", "5", "--seed", "8", "--json"),
        )

        setup = ran.json["setup"]
        assert setup["rounds"] == [{"kind": "tech", "minutes": 60, "case_minutes": 0}]
        assert (setup["role"], setup["level"], setup["vertical"]) == ("platform", "lead", "finance")
        assert (setup["extra_time"], setup["pauses"], setup["closing_minutes"]) == (1.5, False, 5)

    def test_turns_are_answered_one_by_one(self, caseroom: Any, name: str, tmp_path: Path) -> None:
        """Typed, or from a file; what the interviewer says next is printed."""
        first = caseroom("interview", "answer", name, stdin="I am ready.\n.\n").out
        question = find_question(
            caseroom("interview", "show", "last", "--json").json["status"]["question"]
        )
        (tmp_path / "a.txt").write_text(question.anchor("strong").text)

        second = caseroom("interview", "answer", "last", "--file", tmp_path / "a.txt").out

        assert question.ask in " ".join(first.split())
        assert question.follow_ups[0] in " ".join(second.split())
        assert "Left: " in second

    def test_turns_are_answered_in_one_go(self, caseroom: Any, name: str) -> None:
        """Until nothing is typed; the interview waits at that turn."""
        typed = f"Ready.\n.\n{LINE}\n.\n"

        caseroom("interview", "answer", name, "--go-on", stdin=typed)

        view = caseroom("interview", "show", name, "--json").json
        said = [line["text"] for line in view["status"]["transcript"]]
        assert {"Ready.", LINE} <= set(said)
        assert view["card"]["state"] == "running"
        shown = caseroom("interview", "show", name, "--transcript").out
        assert "\nYou:\n" in shown
        assert shown.index("You:") < shown.index("Left: ")

    def test_the_clock_is_stopped_and_started(self, caseroom: Any, name: str) -> None:
        """A paused interview takes no answer and says how to go on."""
        caseroom("interview", "answer", name, stdin="Ready.\n")

        assert f"caseroom interview resume {name}" in caseroom("interview", "pause", name).out
        paused = caseroom("interview", "answer", name, stdin=LINE)
        assert "Paused" in paused.out
        assert LINE not in caseroom("interview", "show", name, "--transcript").out
        assert "Left: " in caseroom("interview", "resume", name).out

    def test_a_turn_is_skipped(self, caseroom: Any, name: str) -> None:
        """The interviewer goes on without a follow-up."""
        caseroom("interview", "answer", name, stdin="Ready.\n")

        assert "No problem" in caseroom("interview", "skip", name).out

    def test_a_pause_locks_the_case(self, caseroom: Any) -> None:
        """A query is refused with the command that goes on; the room can still be read."""
        name = caseroom(
            "interview", "new", "--round", "tech:30", "--case", "--seed", "3", "--json"
        ).json["card"]["id"]
        caseroom("interview", "answer", name, stdin="Ready.\n")
        while caseroom("interview", "show", name, "--json").json["status"]["phase"] != "case":
            caseroom("interview", "skip", name)
        caseroom("interview", "case", name)
        caseroom("interview", "pause", name)

        refused = caseroom("sql", "last", "SELECT 42 AS n")

        assert (refused.code, refused.out) == (2, "")
        assert f"caseroom interview resume {name}" in " ".join(refused.err.split())
        assert caseroom("brief", "last").code == 0
        caseroom("interview", "resume", name)
        assert "42" in caseroom("sql", "last", "SELECT 42 AS n").out

    def test_a_case_is_played_inside(self, caseroom: Any, tmp_path: Path) -> None:
        """Opened, submitted as any case, and folded in at the next look."""
        name = caseroom(
            "interview", "new", "--round", "tech:10", "--case", "--seed", "3", "--json"
        ).json["card"]["id"]
        caseroom("interview", "answer", name, stdin="Ready.\n")
        assert "does not ask for a case" in caseroom("interview", "case", name).err
        while caseroom("interview", "show", name, "--json").json["status"]["phase"] != "case":
            caseroom("interview", "skip", name)
        assert f"caseroom interview case {name}" in caseroom("interview", "answer", name).out

        view = caseroom("interview", "case", name, "--json").json

        found = caseroom("list", "--json").json["cases"][0]
        assert view["status"]["case_id"] == found["id"]
        spec = CaseSpec(
            kind="toy-kiosk",
            version=1,
            seed=found["seed"],
            level=Level(found["level"]),
            vertical=Vertical(found["vertical"]),
        )
        answer = tmp_path / "answer.yaml"
        answer.write_text(yaml.safe_dump(toy_kind.perfect(toy_kind.draw(spec))))
        caseroom("submit", "last", answer)
        after = caseroom("interview", "show", name, "--json").json
        assert after["status"]["phase"] != "case"


class TestOutcome:
    def test_a_scorecard_is_shown(self, caseroom: Any, name: str) -> None:
        """After the end only, with its interval, what would change it and no promise."""
        assert "still running" in caseroom("interview", "scorecard", name).err
        caseroom("interview", "answer", name, "--go-on", stdin=f"Ready.\n.\n{LINE}\n.\n")
        assert f"caseroom interview scorecard {name}" in caseroom("interview", "end", name).out

        text = " ".join(caseroom("interview", "scorecard", "last").out.split())

        for words in ("80% interval", "What would change it", "does not predict", "Bar raiser"):
            assert words in text
        view = caseroom("interview", "scorecard", name, "--json").json
        assert view["card"]["overall"] == view["scorecard"]["overall"]

    def test_what_a_person_has_to_judge_is_shown(self, caseroom: Any, data_dir: Path) -> None:
        """A possible veto is named with its reason and with what it means."""
        with closing(open_caseroom(data_dir, kinds=toy_shop.kinds())) as app:
            unsure = replace(app, bank=Bank(grade=doubting))
            view = start_interview(unsure, plan_interview(preset="screen", seed=1))
            view = answer_turn(unsure, view.card.id, view.turn, "I am ready.")
            strong = find_question(view.status.question).anchor("strong").text
            answer_turn(unsure, view.card.id, view.turn, strong)
            end(unsure, view.card.id)

        text = " ".join(caseroom("interview", "scorecard", "last").out.split())

        assert "? Possible veto, " in text
        assert IN_DOUBT in text

    def test_interviews_are_listed(self, caseroom: Any) -> None:
        """An empty list says what to do."""
        assert "caseroom interview new" in caseroom("interview", "list").out
        caseroom("interview", "new", "--preset", "craft")

        assert "Data product craft" in caseroom("interview", "list").out
        assert len(caseroom("interview", "list", "--json").json["interviews"]) == 1

    def test_a_transcript_is_exported(self, caseroom: Any, name: str, tmp_path: Path) -> None:
        """A file that is there is not replaced unless forced."""
        out = tmp_path / "talk.json"

        ran = caseroom("interview", "export", name, "json", "--out", out, "--json")

        assert ran.json == {"files": [str(out)]}
        assert json.loads(out.read_text())["transcript"][0]["speaker"] == "Interviewer"
        assert "is there already" in caseroom("interview", "export", name, "--out", out).err
        assert caseroom("interview", "export", name, "--out", out, "--force").code == 0
        assert out.read_text().startswith("# Screening talk")

    def test_the_interviewer_is_checked(self, caseroom: Any) -> None:
        """Exits with 0 when nothing was found."""
        ran = caseroom("interview", "check", "--seeds", "1", "--preset", "stakeholder", "--json")

        assert (ran.code, ran.json["ok"], ran.json["findings"]) == (0, True, [])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["interview", "show", "zz"], 3, "No interview 'zz'"),
        (["interview", "new", "--preset", "lunch"], 2, "no ready-made interview 'lunch'"),
        (["interview", "new", "--round", "craft"], 2, "'craft' is not a round"),
        (["interview", "new", "--round", "lunch:20"], 2, "no round 'lunch'"),
        (["interview", "new", "--extra-time", "3"], 2, "Extra time of 3"),
        (["interview", "new", "--persona", "nobody", "--preset", "stakeholder"], 2, "'nobody'"),
        (["interview", "export", "last", "pdf"], 2, "not exported as 'pdf'"),
        (["interview", "answer", "last", "--file", "none.txt"], 2, "does not exist"),
        (["interview", "check", "--preset", "lunch"], 2, "no ready-made interview 'lunch'"),
        (["interview", "shw"], 2, "Did you mean `caseroom interview show`?"),
    ],
)
def test_a_refusal_says_what_was_wrong(
    caseroom: Any, name: str, arguments: list[str], code: int, words: str
) -> None:
    """In words, with the documented exit code."""
    ran = caseroom(*arguments)

    assert (ran.code, words in ran.err) == (code, True)
