"""Judging as a use case: off by default, both reports, whose verdict stands, one tiny request."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caseroom.adapters.models.configured import ConfiguredModels
from caseroom.grading.judge.endpoint import ModelFailure
from caseroom.grading.judge.report import Outcome
from caseroom.questions.bank import find_question
from caseroom.service.app import Caseroom
from caseroom.service.judging import judge_answer, model_status, try_model
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.vocabulary.plain import plain
from toy_models import ModelServer, says, verdicts

QUESTION = find_question("Q001")
NO_FILE = Path("no-such-folder")
STRONG = QUESTION.anchor("strong").text
HONEST = verdicts({QUESTION.gate.id: ("met", "The thing I ship is the figure itself")})


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Give a server that judges honestly."""
    with closing(ModelServer("openai", [HONEST])) as started:
        yield started


def with_model(app: Caseroom, server: ModelServer, **more: str) -> Caseroom:
    """Give the application with this server configured."""
    environment = {"CASEROOM_MODEL_URL": server.address, "CASEROOM_MODEL_NAME": "toy"} | more
    return replace(app, models=ConfiguredModels(NO_FILE, environment))


def test_by_default_nothing_is_sent(app: Caseroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an address no connection is even opened."""

    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert model_status(app).identity is None
    with pytest.raises(CaseroomError, match="No language model is configured") as caught:
        judge_answer(app, "Q001", STRONG)
    assert "CASEROOM_MODEL_URL" in caught.value.next_step


def test_both_reports_come_back(app: Caseroom, server: ModelServer) -> None:
    """The model's verdict stands, the offline one is beside it, the address is shown."""
    view = judge_answer(with_model(app, server), "q001", STRONG)

    assert view.stands == "language model"
    assert view.offline == view.judged.offline == app.bank.grade(QUESTION, STRONG)
    assert server.address in view.notice
    assert "3 of 3 runs count" in view.notice
    assert "Cost: unknown" in view.notice
    assert plain(view)["judged"]["outcome"] == "judged"


def test_every_run_has_a_delimiter_of_its_own(app: Caseroom, server: ModelServer) -> None:
    """Nobody who writes an answer can know the marks."""
    judge_answer(with_model(app, server), "Q001", STRONG)

    assert len({asked.first.split("\n", 1)[0] for asked in server.asked}) == 3


def test_when_the_model_fails_the_offline_verdict_stands(app: Caseroom) -> None:
    """The view says whose verdict it is, and why."""
    with closing(ModelServer("openai", [says("no")])) as server:
        view = judge_answer(with_model(app, server), "Q001", STRONG)

    assert (view.stands, view.judged.outcome) == ("offline grader", Outcome.FAILED)
    assert "malformed reply" in view.notice
    assert "The offline verdict stands" in view.notice
    assert [p.verdict for p in view.judged.points] == list(view.offline.points)


def test_a_withheld_answer_is_not_sent(app: Caseroom, server: ModelServer) -> None:
    """The view says that nobody was asked."""
    view = judge_answer(with_model(app, server), "Q001", "asdf qwer")

    assert (view.stands, server.asked) == ("offline grader", [])
    assert "was not asked" in view.notice


def test_unknown_questions_and_endless_texts(app: Caseroom, server: ModelServer) -> None:
    """They are refused before anything is sent."""
    with pytest.raises(CaseroomError) as unknown:
        judge_answer(with_model(app, server), "Q999", STRONG)
    with pytest.raises(CaseroomError):
        judge_answer(with_model(app, server), "Q001", "word " * 100_000)

    assert unknown.value.code is ExitCode.NOT_FOUND
    assert server.asked == []


def test_a_tiny_request(app: Caseroom) -> None:
    """It holds nothing of the person's, and tells how far replies are bound."""
    with closing(ModelServer("anthropic", [says('{"ready": true}')])) as server:
        kind = {"CASEROOM_MODEL_KIND": "anthropic"}
        tried = try_model(with_model(app, server, **kind))

    assert (tried.form, tried.model, tried.requests) == ("json schema", "toy-model-2026", 1)
    assert (tried.tokens_in, tried.tokens_out) == (900, 120)
    assert len(server.asked) == 1
    assert len(server.asked[0].first) < 200


def test_a_tiny_request_that_fails(app: Caseroom) -> None:
    """The failure is an error that a person can act on."""
    with (
        closing(ModelServer("openai", [says(status=401)])) as server,
        pytest.raises(ModelFailure, match="does not accept the key") as caught,
    ):
        try_model(with_model(app, server))

    assert caught.value.code is ExitCode.ENVIRONMENT
    assert "CASEROOM_MODEL_KEY" in caught.value.next_step
