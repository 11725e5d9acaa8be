"""The commands of the question bank and of practice, as text and as JSON."""

from __future__ import annotations

import io
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import toy_shop
from caseroom.bootstrap import open_caseroom
from caseroom.cli import run
from caseroom.questions.bank import find_question
from caseroom.service.practice import contest

QUESTION = find_question("Q001")
STRONG = QUESTION.anchor("strong").text.strip()


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True


class TestQuestions:
    def test_questions_are_listed(self, caseroom: Any) -> None:
        """All of them, or those that hold the words and fit the filters."""
        every = caseroom("questions", "list", "--json").json["questions"]
        some = caseroom("questions", "list", "data", "--round", "screen", "--json").json

        assert len(every) > len(some["questions"]) > 0
        assert {card["round"] for card in some["questions"]} == {"screen"}
        assert "Q001  What a data product manager answers for" in caseroom("questions", "list").out
        assert caseroom("questions", "list", "xyzzy").out == "No question fits all of this.\n"

    def test_a_question_is_shown(self, caseroom: Any) -> None:
        """With rubric and model answer, without the examples of the grader."""
        text = " ".join(caseroom("questions", "show", "q001").out.split())

        assert QUESTION.ask in text
        assert QUESTION.points[0].statement in text
        assert QUESTION.follow_ups[1] in text
        assert QUESTION.points[0].says[0][:60] not in text
        view = caseroom("questions", "show", "Q001", "--json").json
        assert view["model_answer"] == QUESTION.model_answer

    def test_questions_are_checked(self, caseroom: Any) -> None:
        """Only the named ones here; the exit code says whether all promises hold."""
        ran = caseroom("questions", "check", "Q001", "Q002", "--json")

        assert ran.json["items"] == 2
        assert {"ordered_share", "uncredited_points"} <= set(ran.json)
        assert ran.code == (0 if ran.json["ok"] else 1)
        assert "promise" in caseroom("questions", "check", "Q001").out

    def test_a_check_is_quiet_when_piped(self, caseroom: Any) -> None:
        """No progress but on a terminal."""
        assert caseroom("questions", "check", "Q001").err == ""

    def test_progress_is_shown_on_a_terminal(
        self, caseroom: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On standard error, and removed at the end; a program that reads JSON gets none."""
        monkeypatch.setattr(sys, "stderr", Terminal())
        ran = caseroom("questions", "check", "Q001", "Q002")
        drawn = sys.stderr.getvalue()  # type: ignore[attr-defined]
        monkeypatch.setattr(sys, "stderr", Terminal())
        caseroom("questions", "check", "Q001", "--json")

        assert "Checking questions   0%\rChecking questions  50%" in drawn
        assert drawn.endswith("\r")
        assert "Checking" not in ran.out
        assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


class TestAttempts:
    def test_an_attempt_is_shown(self, caseroom: Any, data_dir: Path) -> None:
        """What was said and its report, with a contested verdict beside the machine's."""
        typed = f"{STRONG}\n.\nAnn decides, and I write it down.\n.\n"
        view = caseroom("drill", "Q001", "--json", stdin=typed).json
        point = QUESTION.points[1]
        with closing(open_caseroom(data_dir, kinds=toy_shop.kinds())) as app:
            for part, why in ((0, "I never said that."), (1, "Nor here.")):
                report = view["parts"][part]["report"]["id"]
                contest(app, view["card"]["id"], report, point.id, "not found", why)

        text = " ".join(caseroom("questions", "attempt").out.split())

        assert " ".join(STRONG.split()[:12]) in text
        assert "You see it differently: not found. Nor here." in text
        assert "you say not found. I never said that." in text
        assert "Not looked at: whether facts are true, whether numbers are right" in text
        kept = caseroom("questions", "attempt", view["card"]["id"][:6], "--json").json
        assert [each["reason"] for each in kept["contests"]] == ["I never said that.", "Nor here."]
        assert view["card"]["id"] in caseroom("questions", "show", "Q001").out

    def test_an_attempt_that_there_is_not_is_explained(self, caseroom: Any) -> None:
        """With what makes one."""
        ran = caseroom("questions", "attempt", "last")

        assert (ran.code, "caseroom drill" in ran.err) == (3, True)


class TestGrading:
    def test_an_answer_is_graded(self, caseroom: Any, tmp_path: Path) -> None:
        """From a file or from standard input, with the same report."""
        path = tmp_path / "answer.txt"
        path.write_text(STRONG)

        report = caseroom("grade", "answer", "--question", "Q001", "--file", path, "--json").json
        text = caseroom("grade", "answer", "--question", "Q001", "--file", "-", stdin=STRONG).out

        assert (report["level"], report["question"]) == (5, "Q001")
        bands = [point["band"] for point in report["points"]]
        counts = [bands.count("found"), bands.count("perhaps")]
        assert counts[0] >= 5
        assert f"{counts[0]} of 6 points found, {counts[1]} perhaps." in text
        assert "no language model" in text
        assert "Not looked at: whether facts are true" in text

    def test_a_batch_goes_on_after_bad_lines(self, caseroom: Any) -> None:
        """They are named with their numbers, and the exit code says that there were some."""
        lines = [
            json.dumps({"question": "Q001", "answer": STRONG, "id": "mine"}),
            "{broken",
            "",
            '["Q001", "x"]',
            '{"question": "Q001"}',
            '{"question": "Q999", "answer": "x"}',
            json.dumps({"question": "Q002", "answer": "I asked."}),
        ]

        ran = caseroom("grade", "batch", "--file", "-", "--json", stdin="\n".join(lines))

        assert ran.code == 2
        assert (ran.json["graded"], ran.json["failed"]) == (2, 4)
        results = ran.json["results"]
        assert [entry["line"] for entry in results] == [1, 2, 4, 5, 6, 7]
        assert (results[0]["id"], results[0]["report"]["level"]) == ("mine", 5)
        assert [bool(entry.get("error")) for entry in results] == [False, *[True] * 4, False]
        table = caseroom("grade", "batch", "--file", "-", stdin="\n".join(lines))
        assert "line 6: There is no question 'Q999'" in table.err
        assert [line.split()[0] for line in table.out.splitlines()[2:]] == ["1", "7"]

    def test_a_batch_writes_a_new_file(self, caseroom: Any, tmp_path: Path) -> None:
        """One JSON value per line; a file that is there is not replaced."""
        source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        source.write_text(json.dumps({"question": "Q001", "answer": STRONG}) + "\n")

        ran = caseroom("grade", "batch", "--file", source, "--out", out)

        assert (ran.code, ran.out) == (0, f"Wrote 1 lines to {out}.\n")
        assert json.loads(out.read_text())["report"]["level"] == 5
        assert "is there already" in caseroom("grade", "batch", "--file", source, "--out", out).err


class TestDrill:
    def test_a_drill_asks_and_gives_feedback(self, caseroom: Any) -> None:
        """The answer, then both follow-ups, each up to a line with a single dot."""
        typed = f"{STRONG}\n.\nAnn decides, and I write it down.\n.\nThe privacy rules.\n.\n"

        text = caseroom("drill", "Q001", stdin=typed).out

        flat = " ".join(text.split())
        assert QUESTION.ask in flat
        assert all(follow_up in flat for follow_up in QUESTION.follow_ups)
        assert text.count("\nPoints\n") == 3
        assert "follow_up_2" in text
        card = caseroom("questions", "list", "--answered", "yes", "--json").json["questions"][0]
        assert (card["id"], card["times_answered"], card["last_level"]) == ("Q001", 1, 5)

    def test_the_end_of_the_input_ends_the_drill(self, caseroom: Any) -> None:
        """An answer without a dot counts; nothing after it means no follow-up."""
        view = caseroom("drill", "Q001", "--json", stdin=STRONG).json

        assert (view["card"]["state"], view["card"]["level"]) == ("finished", 5)
        assert len(view["parts"]) == 1

    def test_a_question_is_drawn(self, caseroom: Any) -> None:
        """Among those that fit the filters, one that was answered least often."""
        view = caseroom("drill", "--round", "screen", "--level", "associate", "--json").json

        assert (view["ask"]["round"], view["ask"]["level"]) == ("screen", "associate")

    def test_typed_lines_survive_a_crash(
        self, caseroom: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every line is saved as it comes; the next drill goes on after them."""

        class Interrupted:
            """Standard input on which somebody presses Ctrl-C after two lines."""

            lines = iter(["I ran the feed.\n", "It was late.\n"])

            def readline(self) -> str:
                """Give a line, then stop."""
                for line in self.lines:
                    return line
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("sys.stdin", Interrupted())
            assert run(["drill", "Q001"], kinds=toy_shop.kinds()) == 130

        again = caseroom("drill", "Q001", "--json", stdin="We mended it.\n.\n")

        assert again.json["parts"][0]["text"] == "I ran the feed.\nIt was late.\nWe mended it."
        assert "You had typed:" in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["questions", "show", "Q999"], 3, "no question 'Q999'"),
        (["questions", "list", "--round", "lunch"], 2, "no round 'lunch'"),
        (["questions", "lst"], 2, "Did you mean `caseroom questions list`?"),
        (["questions", "check", "Q999"], 3, "no question 'Q999'"),
        (["drill", "Q999"], 3, "no question 'Q999'"),
        (["drill", "--category", "small talk"], 2, "no category 'small talk'"),
        (["grade", "answer", "--question", "Q999", "--file", "-"], 3, "no question 'Q999'"),
        (["grade", "answer", "--question", "Q001", "--file", "no.txt"], 3, "No such file"),
        (["grade", "answer", "--question", "Q001"], 2, "Missing option '--file'"),
        (["grade", "batch", "--file", "no.jsonl"], 3, "No such file"),
        (["grade", "batch", "--file", "-", "--out", "no/x.jsonl"], 4, "cannot be written"),
    ],
)
def test_a_refusal_says_what_was_wrong(
    caseroom: Any, arguments: list[str], code: int, words: str
) -> None:
    """In words, with the documented exit code, and as JSON where that was asked for."""
    ran = caseroom(*arguments)

    assert (ran.code, words in ran.err) == (code, True)
    if "Missing" not in words and "mean" not in words:
        assert words in json.loads(caseroom(*arguments, "--json").err)["error"]["problem"]
