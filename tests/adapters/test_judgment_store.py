"""Judgments in the progress store: one suite for SQLite and PostgreSQL."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from sqlalchemy import text

from caseroom.adapters.models.http_model import HttpModel
from caseroom.adapters.sqlstore import SqlStore
from caseroom.grading.judge.endpoint import ModelIdentity
from caseroom.grading.judge.report import JudgedReport
from caseroom.grading.text.grade import grade_answer
from caseroom.questions.bank import find_question
from caseroom.service.judging import judged_view
from caseroom.service.practice_records import JudgmentState, Mode, Part
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from toy_models import ModelServer, config, everything_met, says, verdicts

AT = datetime(2025, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
ASKED = ModelIdentity(name="toy", address="http://127.0.0.1:1/v1", kind="openai")
QUESTION = find_question("Q001")
STRONG = QUESTION.anchor("strong").text
SENTENCES = ("The thing I ship is the figure itself", "I led forty engineers in Lisbon")


@cache
def judged() -> JudgedReport:
    """Give a judgment with a verified quote, an invented one, an alarm and a lost run."""
    honest = verdicts({QUESTION.gate.id: ("met", SENTENCES[0])})
    turns = [everything_met(SENTENCES[1]), everything_met(SENTENCES[1]), honest, says("no")]
    with closing(ModelServer("openai", turns)) as server, closing(HttpModel(config(server))) as to:
        report = judged_view(QUESTION, STRONG, grade_answer(QUESTION, STRONG), to).judged
    assert report.alarms
    assert report.failures
    return report


@pytest.fixture
def graded(store: SqlStore) -> SqlStore:
    """Give a store with attempt a1, whose answer has report 1."""
    store.add_attempt("a1", "Q001", Mode.DRILL, "", AT)
    store.add_answer("a1", Part.ANSWER, STRONG, seconds=20, at=AT)
    report = grade_answer(QUESTION, STRONG)
    store.add_attempt_report("a1", Part.ANSWER, report, AT, again=False)
    return store


def ask(store: SqlStore) -> int:
    """Ask about report 1 of attempt a1."""
    return store.add_judgment("a1", report=1, asked=ASKED, at=AT)


def finish(
    store: SqlStore, number: int, report: JudgedReport | None, notice: str = "Said."
) -> None:
    """Keep what came of a judgment."""
    store.finish_judgment("a1", number, stands="language model", notice=notice, judged=report)


def rewrite(store: SqlStore, body: Any) -> None:
    """Put another body in place of all that is kept of judgments."""
    with store.write() as connection:
        connection.execute(text("UPDATE judgments SET body = :body"), {"body": json.dumps(body)})


def test_a_judgment_is_there_before_it_ends(graded: SqlStore) -> None:
    """What was asked, where and when survives a process that ends in between."""
    number = ask(graded)
    (record,) = graded.judgments("a1")

    assert (record.number, record.report, record.part) == (number, 1, Part.ANSWER)
    assert (record.model, record.address, record.asked_at) == (ASKED.name, ASKED.address, AT)
    assert (record.state, record.judged, record.notice) == (JudgmentState.ASKED, None, "")
    assert record.readable


def test_a_judgment_is_read_as_it_was_written(graded: SqlStore) -> None:
    """Points, votes, spans, alarms, failures and costs survive the store."""
    finish(graded, ask(graded), judged())
    (record,) = graded.judgments("a1")

    assert record.judged == judged()
    assert (record.state, record.stands, record.notice, record.readable) == (
        JudgmentState.DONE,
        "language model",
        "Said.",
        True,
    )


def test_a_judgment_without_a_report_is_done_too(graded: SqlStore) -> None:
    """A notice alone says what went wrong; that is not the same as unreadable."""
    finish(graded, ask(graded), None, "It broke off.")
    (record,) = graded.judgments("a1")

    assert (record.state, record.notice) == (JudgmentState.DONE, "It broke off.")
    assert (record.judged, record.readable) == (None, True)


def test_a_judgment_ends_once(graded: SqlStore) -> None:
    """What is done stays as it is, and asking again adds a row beside it."""
    first = ask(graded)
    finish(graded, first, judged(), "First.")
    finish(graded, first, None, "Second.")
    second = ask(graded)

    assert [(r.number, r.notice, r.state) for r in graded.judgments("a1")] == [
        (first, "First.", JudgmentState.DONE),
        (second, "", JudgmentState.ASKED),
    ]


def test_characters_that_no_page_can_hold_are_replaced(graded: SqlStore) -> None:
    """A server may call its model anything: half characters and NUL don't reach a page."""
    finish(graded, ask(graded), judged(), "half \ud800 and \0 nothing")

    assert graded.judgments("a1")[0].notice == "half ? and \ufffd nothing"


def test_a_judgment_of_any_length_is_kept(graded: SqlStore) -> None:
    """An answer of nothing but numbers has thousands of spans, in the offline report as well."""
    offline = grade_answer(QUESTION, "7 % " * 4900)
    report = replace(judged(), offline=offline)
    finish(graded, ask(graded), report)

    assert len(offline.structure.numbers) > 4000
    assert graded.judgments("a1")[0].judged == report


@pytest.mark.parametrize(
    "body",
    [
        {"stands": "language model", "notice": "Kept.", "judged": {"judge": "judge-0"}},
        {"stands": "language model", "notice": "Kept.", "judged": "a text"},
        {"stands": 7, "notice": ["Kept."], "judged": None},
        ["no", "object"],
        7,
    ],
)
def test_another_versions_judgment_is_unreadable(graded: SqlStore, body: Any) -> None:
    """It is said to be, nothing is raised, and what can be read of it is given."""
    finish(graded, ask(graded), judged())
    rewrite(graded, body)
    (record,) = graded.judgments("a1")

    assert (record.judged, record.readable) == (None, False)
    told = isinstance(body, dict) and body["notice"] == "Kept."
    assert record.notice == ("Kept." if told else "")


def test_a_judgment_stands_beside_a_report(graded: SqlStore) -> None:
    """One beside a report that there is not is refused, and nothing is kept of it."""
    with pytest.raises(CaseroomError, match="no report number 2") as refusal:
        graded.add_judgment("a1", report=2, asked=ASKED, at=AT)

    assert refusal.value.code == ExitCode.NOT_FOUND
    assert graded.judgments("a1") == ()


def test_judgments_of_unknown_attempts(store: SqlStore) -> None:
    """Asking about one and reading them refuses an unknown attempt in the usual way."""
    for call in (lambda: ask(store), lambda: store.judgments("a1")):
        with pytest.raises(CaseroomError, match="no attempt 'a1'") as refusal:
            call()
        assert refusal.value.code == ExitCode.NOT_FOUND


def test_deleting_an_attempt_takes_its_judgments(graded: SqlStore) -> None:
    """Nothing of what a model said stays behind."""
    finish(graded, ask(graded), judged())
    with graded.write() as connection:
        connection.execute(text("DELETE FROM attempts"))

    with graded.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM judgments")).scalar_one() == 0
