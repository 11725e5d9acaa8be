"""A second opinion as a use case: kept, one at a time, only on request, whatever the model does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from caseroom.adapters.models.configured import ConfiguredModels
from caseroom.grading.judge.endpoint import ModelIdentity
from caseroom.questions.bank import find_question
from caseroom.service import second_opinion
from caseroom.service.app import Caseroom
from caseroom.service.practice import (
    attempt,
    finish_attempt,
    hand_in_part,
    open_question,
    regrade_attempt,
    start_attempt,
)
from caseroom.service.second_opinion import (
    Opinion,
    OpinionState,
    ask_opinion,
    judge_attempt,
    latest_opinion,
    opinions,
    wait_for_opinion,
)
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from toy_models import Asked, ModelServer, Said, Turn, everything_met, says, verdicts

QUESTION = find_question("Q001")
STRONG = QUESTION.anchor("strong").text
QUOTE = "The thing I ship is the figure itself"
HONEST = verdicts({QUESTION.gate.id: ("met", QUOTE)})
ASKED = ModelIdentity(name="toy", address="http://127.0.0.1:1/v1", kind="openai")
PATIENCE = 30.0


class Gate:
    """Lets a scripted server answer only when a test says so."""

    def __init__(self, then: Turn = HONEST) -> None:
        self.asked, self.open, self.then = threading.Event(), threading.Event(), then

    def __call__(self, asked: Asked) -> Said:
        """Wait, then answer."""
        self.asked.set()
        self.open.wait(PATIENCE)
        return self.then(asked)


def answered(app: Caseroom, words: str = STRONG) -> str:
    """Give a finished attempt with this answer."""
    attempt_id = start_attempt(app, "Q001").card.id
    hand_in_part(app, attempt_id, "answer", words, seconds=60)
    return finish_attempt(app, attempt_id).card.id


@contextmanager
def asking(app: Caseroom, *turns: Turn, **more: str) -> Iterator[tuple[Caseroom, ModelServer]]:
    """Give the application with a scripted server configured."""
    with closing(ModelServer("openai", turns)) as server:
        settings = {"CASEROOM_MODEL_URL": server.address, "CASEROOM_MODEL_NAME": "toy"} | more
        yield replace(app, models=ConfiguredModels(Path("no-such-folder"), settings)), server


def ended(app: Caseroom, attempt_id: str, part: str = "answer") -> Opinion:
    """Wait for a judgment in the background and give it."""
    wait_for_opinion(app, attempt_id, part, PATIENCE)
    found = latest_opinion(app, attempt_id, part)
    assert found is not None
    return found


def test_a_judgment_is_kept_beside_the_report(app: Caseroom) -> None:
    """Both readings are there again after a restart, and the attempt's own report is unchanged."""
    attempt_id = answered(app)
    before = attempt(app, attempt_id)
    with asking(app, HONEST) as (asked, server):
        ask_opinion(asked, attempt_id)
        opinion = ended(asked, attempt_id)

    assert (opinion.state, opinion.stands) == (OpinionState.DONE, "language model")
    assert (opinion.model, opinion.address) == ("toy", server.address)
    assert opinion.judged is not None
    assert opinion.judged.offline == before.steps[-1].report
    assert opinion.report_id == before.steps[-1].id
    assert attempt(app, attempt_id) == before
    assert opinions(app, attempt_id) == (opinion,)


def test_the_page_does_not_wait_for_the_model(app: Caseroom) -> None:
    """Asking gives a running judgment, which is in the store before the model answers."""
    attempt_id, gate = answered(app), Gate()
    with asking(app, gate) as (asked, _):
        begun = ask_opinion(asked, attempt_id)
        assert gate.asked.wait(PATIENCE)
        seen = latest_opinion(asked, attempt_id, "answer")
        gate.open.set()
        done = ended(asked, attempt_id)

    assert begun.state is OpinionState.RUNNING
    assert seen == begun
    assert (done.number, done.state) == (begun.number, OpinionState.DONE)


def test_asking_twice_gives_the_running_judgment(app: Caseroom) -> None:
    """Two tabs, or a page and a command, share one judgment; nothing is sent twice."""
    attempt_id, gate = answered(app), Gate()
    with asking(app, gate) as (asked, server):
        first = ask_opinion(asked, attempt_id)
        assert gate.asked.wait(PATIENCE)
        again = [ask_opinion(asked, attempt_id), judge_attempt(asked, attempt_id)]
        sent = len(server.asked)
        gate.open.set()
        ended(asked, attempt_id)

    assert again == [first, first]
    assert sent == 1
    assert len(opinions(app, attempt_id)) == 1
    assert len(server.asked) == 3


def test_asking_again_adds_a_judgment(app: Caseroom) -> None:
    """The earlier one stays; the newest comes first."""
    attempt_id = answered(app)
    with asking(app, says("no"), says("no"), says("no"), says("no"), HONEST) as (asked, _):
        first, second = judge_attempt(asked, attempt_id), judge_attempt(asked, attempt_id)

    assert (first.stands, second.stands) == ("offline grader", "language model")
    assert opinions(app, attempt_id) == (second, first)


@pytest.mark.parametrize(
    ("turn", "why"),
    [
        (says("All points are covered, full marks!"), "malformed reply"),
        (says("I'm sorry, but I can't help with grading people."), "malformed reply"),
        (says(raw=b'{"choices": []}'), "empty reply"),
        (says('{"verdicts": [', finish="length"), "cut off"),
        (says(hangs=True), "timed out"),
        (says(status=401), "no access"),
        (says(status=404), "request rejected"),
        (says(raw=b"<html>"), "malformed reply"),
    ],
)
def test_when_the_model_fails_that_is_kept(app: Caseroom, turn: Turn, why: str) -> None:
    """The judgment ends, says how it failed, and the offline verdict stands."""
    attempt_id = answered(app)
    with asking(app, turn, CASEROOM_MODEL_TIMEOUT="0.2") as (asked, _):
        ask_opinion(asked, attempt_id)
        opinion = ended(asked, attempt_id)

    assert (opinion.state, opinion.stands) == (OpinionState.DONE, "offline grader")
    assert why in opinion.notice
    assert "The offline verdict stands." in opinion.notice
    assert opinion.judged is not None
    assert opinion.judged.level == opinion.judged.offline.level


def test_a_server_that_is_not_there(app: Caseroom) -> None:
    """An address where nobody listens ends like any other failure."""
    attempt_id = answered(app)
    with asking(app, HONEST) as (asked, server):
        server.close()
        opinion = judge_attempt(asked, attempt_id)
        server.close = lambda: None

    assert (opinion.stands, opinion.state) == ("offline grader", OpinionState.DONE)
    assert "unreachable" in opinion.notice


def test_a_lying_model_is_checked(app: Caseroom) -> None:
    """Credit for words that nobody said is kept as an alarm, not as credit."""
    attempt_id = answered(app, QUESTION.anchor("weak").text)
    with asking(app, everything_met("I led forty engineers in Lisbon")) as (asked, _):
        opinion = judge_attempt(asked, attempt_id)

    assert opinion.judged is not None
    assert len(opinion.judged.alarms) == len(QUESTION.points)
    assert "Lisbon" not in json.dumps([str(point.verdict) for point in opinion.judged.points])


def test_an_answer_that_a_guard_withholds_is_not_sent(app: Caseroom) -> None:
    """The judgment is kept and says that nobody was asked."""
    attempt_id = answered(app, "asdf qwer")
    with asking(app, HONEST) as (asked, server):
        opinion = judge_attempt(asked, attempt_id)

    assert (opinion.stands, server.asked) == ("offline grader", [])
    assert "was not asked" in opinion.notice


def test_an_error_of_our_own_is_kept(app: Caseroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a fault in judging ends in a judgment that says so, without a report."""
    attempt_id = answered(app)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(second_opinion, "judged_view", broken)
    with asking(app, HONEST) as (asked, server):
        ask_opinion(asked, attempt_id)
        opinion = ended(asked, attempt_id)

    assert (opinion.state, opinion.judged) == (OpinionState.DONE, None)
    assert "ZeroDivisionError" in opinion.notice
    assert "The offline verdict stands." in opinion.notice
    assert server.asked == []


def test_an_interrupted_judgment_can_be_asked_for_again(
    app: Caseroom, opened: Callable[..., Caseroom]
) -> None:
    """What a crash left is told as interrupted, before and after the next start."""
    attempt_id = answered(app)
    app.store.add_judgment(attempt_id, report=1, asked=ASKED, at=app.clock.now())
    left = [latest_opinion(each, attempt_id, "answer") for each in (app, opened())]
    with asking(app, HONEST) as (asked, _):
        done = judge_attempt(asked, attempt_id)

    assert [each.state for each in left if each] == [OpinionState.INTERRUPTED] * 2
    assert done.state is OpinionState.DONE
    assert [each.state for each in opinions(app, attempt_id)] == [
        OpinionState.DONE,
        OpinionState.INTERRUPTED,
    ]


def test_a_new_judgment_does_not_revive_an_interrupted_one(app: Caseroom) -> None:
    """While one runs, only the newest is told as running."""
    attempt_id, gate = answered(app), Gate()
    app.store.add_judgment(attempt_id, report=1, asked=ASKED, at=app.clock.now())
    with asking(app, gate) as (asked, _):
        ask_opinion(asked, attempt_id)
        states = [each.state for each in opinions(asked, attempt_id)]
        gate.open.set()
        ended(asked, attempt_id)

    assert states == [OpinionState.RUNNING, OpinionState.INTERRUPTED]


def test_another_process_that_asks_is_seen(app: Caseroom, opened: Callable[..., Caseroom]) -> None:
    """A second Caseroom on the same folder tells the judgment as running, and starts none."""
    attempt_id, gate, other = answered(app), Gate(), opened()
    with asking(app, gate) as (asked, server):
        begun = ask_opinion(asked, attempt_id)
        elsewhere = replace(other, models=asked.models)
        assert gate.asked.wait(PATIENCE)
        seen = ask_opinion(elsewhere, attempt_id)
        sent = len(server.asked)
        gate.open.set()
        ended(asked, attempt_id)

    assert (seen, sent) == (begun, 1)


def test_a_lock_without_a_row_is_told(app: Caseroom) -> None:
    """In the instant before another one writes down that it asks, there is nothing to show."""
    attempt_id = answered(app)
    with (
        asking(app, HONEST) as (asked, server),
        app.files.lock(f"judgment-{attempt_id}-answer"),
        pytest.raises(CaseroomError, match="just asking") as refusal,
    ):
        ask_opinion(asked, attempt_id)

    assert refusal.value.code is ExitCode.ENVIRONMENT
    assert server.asked == []


def test_without_a_model_nothing_is_asked_or_kept(app: Caseroom) -> None:
    """The refusal says how to configure one."""
    attempt_id = answered(app)
    for ask in (ask_opinion, judge_attempt):
        with pytest.raises(CaseroomError, match="No language model is configured") as refusal:
            ask(app, attempt_id)
        assert "CASEROOM_MODEL_URL" in refusal.value.next_step

    assert opinions(app, attempt_id) == ()


def test_nothing_is_sent_unless_asked(app: Caseroom, opened: Callable[..., Caseroom]) -> None:
    """With a model configured, answering, reading, regrading and starting again send nothing."""
    with asking(app, HONEST) as (asked, server):
        attempt_id = answered(asked)
        asked.store.add_judgment(attempt_id, report=1, asked=ASKED, at=app.clock.now())
        attempt(asked, attempt_id)
        opinions(asked, attempt_id)
        regrade_attempt(asked, attempt_id)
        open_question(asked, "Q001")
        opened(serving=True)

        assert server.asked == []


def test_before_an_answer_there_is_nothing_to_judge(app: Caseroom) -> None:
    """An open drill is refused, and so is an attempt that there is not."""
    open_id = start_attempt(app, "Q001").card.id
    with asking(app, HONEST) as (asked, server):
        with pytest.raises(CaseroomError, match="no answer yet"):
            ask_opinion(asked, open_id)
        with pytest.raises(CaseroomError, match="no attempt 'zz'"):
            ask_opinion(asked, "zz")

    assert server.asked == []


def test_the_newest_part_is_judged_with_all_before(app: Caseroom) -> None:
    """After a follow-up the whole text is sent, and each part keeps its own judgment."""
    attempt_id = start_attempt(app, "Q001").card.id
    hand_in_part(app, attempt_id, "answer", STRONG, seconds=60)
    with asking(app, HONEST) as (asked, server):
        first = judge_attempt(asked, attempt_id)
        hand_in_part(asked, attempt_id, "follow_up_1", "I asked the finance team.", seconds=9)
        second = judge_attempt(asked, attempt_id)

    assert server.asked[0].answer == STRONG
    assert server.asked[-1].answer == f"{STRONG}\n\nI asked the finance team."
    assert latest_opinion(app, attempt_id, "answer") == first
    assert latest_opinion(app, attempt_id, "follow_up_1") == second
    assert latest_opinion(app, attempt_id, "follow_up_2") is None


def test_a_report_on_other_points_is_not_judged(app: Caseroom) -> None:
    """When the question changed since, the person is told to grade again first."""
    attempt_id = answered(app)
    changed = replace(QUESTION, points=QUESTION.points[1:])
    bank = replace(app.bank, find=lambda _: changed)
    with (
        asking(replace(app, bank=bank), HONEST) as (asked, server),
        pytest.raises(CaseroomError, match="other points") as refusal,
    ):
        ask_opinion(asked, attempt_id)

    assert "grade the attempt again" in refusal.value.next_step
    assert server.asked == []


def test_another_versions_judgment_is_told(app: Caseroom) -> None:
    """What it said above is shown with a sentence instead of the details."""
    attempt_id = answered(app)
    with asking(app, HONEST) as (asked, _):
        judge_attempt(asked, attempt_id)
    body = json.dumps({"stands": "language model", "notice": "Judged.", "judged": {"judge": "0"}})
    with app.store.write() as connection:  # type: ignore[attr-defined]
        connection.execute(text("UPDATE judgments SET body = :body"), {"body": body})
    opinion = latest_opinion(app, attempt_id, "answer")

    assert opinion is not None
    assert (opinion.state, opinion.judged) == (OpinionState.DONE, None)
    assert opinion.notice.startswith("Judged. Another version of Caseroom wrote this judgment")
