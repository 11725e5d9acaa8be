"""`caseroom model`, and how a judgment is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from caseroom.bootstrap import open_caseroom
from caseroom.cli.judged import print_judged
from caseroom.questions.bank import find_question
from caseroom.service.judging import judge_answer
from toy_models import ModelServer, everything_met, says, verdicts

KEY = "sk-toy-secret"
QUESTION = find_question("Q001")
QUOTE = "The thing I ship is the figure itself"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """Give a server that is configured in the environment, with a key."""
    with closing(ModelServer("openai", [says('{"ready": true}')])) as started:
        monkeypatch.setenv("CASEROOM_MODEL_URL", started.address)
        monkeypatch.setenv("CASEROOM_MODEL_NAME", "toy-model")
        monkeypatch.setenv("CASEROOM_MODEL_PRICE_IN", "2.5")
        monkeypatch.setenv("CASEROOM_MODEL_KEY", KEY)
        yield started


def test_status_without_a_model(caseroom: Callable[..., Any], data_dir: Path) -> None:
    """Off, and where it could be turned on."""
    shown = caseroom("model", "status")

    assert shown.code == 0
    assert "off: nothing is sent" in shown.out
    assert str(data_dir / "model.yaml") in shown.out
    assert caseroom("model", "status", "--json").json["on"] is False


def test_status_shows_everything_but_the_key(
    caseroom: Callable[..., Any], server: ModelServer
) -> None:
    """Address, name, prices, and that a key is set; nothing is sent."""
    shown, as_json = caseroom("model", "status"), caseroom("model", "status", "--json")

    for part in (server.address, "toy-model", "2.5 in, unknown out", "this machine"):
        assert part in shown.out
    assert as_json.json["status"]["has_key"] is True
    assert KEY not in shown.out + as_json.out
    assert server.asked == []


def test_try_sends_one_request(caseroom: Callable[..., Any], server: ModelServer) -> None:
    """And says how it went."""
    shown = caseroom("model", "try")

    assert shown.code == 0
    for part in (server.address, "toy-model-2026", "json schema", "900, 120"):
        assert part in shown.out
    assert len(server.asked) == 1
    assert caseroom("model", "try", "--json").json["requests"] == 1


def test_try_without_a_model_or_an_answer(caseroom: Callable[..., Any]) -> None:
    """What is missing, and what to do."""
    shown = caseroom("model", "try")

    assert shown.code == 2
    assert "set CASEROOM_MODEL_URL" in shown.err


def test_an_answer_is_judged_on_request(caseroom: Callable[..., Any], server: ModelServer) -> None:
    """`--model` sends the answer; without it nothing is sent."""
    server.turns = [verdicts({QUESTION.gate.id: ("met", QUOTE)})]
    text = QUESTION.anchor("strong").text
    command = ("grade", "answer", "--question", "Q001", "--file", "-")

    assert caseroom(*command, stdin=text).code == 0
    assert server.asked == []
    assert "Judged by a language model" in caseroom(*command, "--model", stdin=text).out
    judged = caseroom(*command, "--model", "--json", stdin=text).json
    assert (judged["stands"], judged["judged"]["outcome"]) == ("language model", "judged")
    assert KEY not in str(judged)


def test_judging_without_a_model_is_refused(caseroom: Callable[..., Any]) -> None:
    """Asked for a model that is not there: said, not graded silently by something else."""
    refused = caseroom(
        "grade", "answer", "--question", "Q001", "--file", "-", "--model", stdin="An answer."
    )

    assert refused.code == 2
    assert "No language model is configured" in refused.err


@pytest.fixture
def printed(
    server: ModelServer, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Give a function that has an answer judged and gives what is printed."""

    def judged(turn: Any, text: str) -> str:
        server.turns = [turn]
        with open_caseroom(data_dir) as app:
            print_judged(judge_answer(app, "Q001", text))
        return " ".join(capsys.readouterr().out.split())

    return judged


def test_a_judgment_shows_both_graders(printed: Callable[..., str], server: ModelServer) -> None:
    """Who judged and where, each point with both bands, the answer's words, the model's reason."""
    out = printed(verdicts({QUESTION.gate.id: ("met", QUOTE)}), QUESTION.anchor("strong").text)

    assert f"Judged by a language model: toy-model at {server.address}." in out
    assert f"“{QUOTE}" in out
    assert f"The model says: About {QUESTION.gate.id}." in out
    assert "3 of 3" in out


def test_a_judgment_shows_what_speaks_against_it(printed: Callable[..., str]) -> None:
    """Alarms come with their reasons, and nothing unverified is printed."""
    out = printed(everything_met("I led forty engineers in Lisbon"), QUESTION.anchor("weak").text)

    assert "Look at this before you believe the model:" in out
    assert "credit without a quote from the answer" in out
    assert "could not tell" in out
    assert "Lisbon" not in out


def test_a_failed_judgment_says_so(printed: Callable[..., str]) -> None:
    """The offline verdict stands, with what went wrong."""
    out = printed(says("no"), QUESTION.anchor("weak").text)

    assert "The offline verdict stands." in out
    assert "What went wrong on the way:" in out
