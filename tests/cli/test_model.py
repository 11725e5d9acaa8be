"""`caseroom model`, how a judgment is printed, and one that is kept beside an attempt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from caseroom.bootstrap import open_caseroom
from caseroom.cli.judged import print_judged
from caseroom.grading.judge.endpoint import ModelIdentity
from caseroom.questions.bank import find_question
from caseroom.service.judging import judge_answer
from caseroom.service.practice import finish_attempt, hand_in_part, start_attempt
from caseroom.service.second_opinion import opinions
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


@pytest.fixture
def attempt_id(data_dir: Path) -> str:
    """Give a finished attempt with a strong answer."""
    with open_caseroom(data_dir) as app:
        started = start_attempt(app, "Q001").card.id
        hand_in_part(app, started, "answer", QUESTION.anchor("strong").text, seconds=60)
        return finish_attempt(app, started).card.id


def test_an_attempt_is_judged_and_kept(
    caseroom: Callable[..., Any], server: ModelServer, data_dir: Path, attempt_id: str
) -> None:
    """`model judge` prints both readings, and the judgment is there at the next start."""
    server.turns = [verdicts({QUESTION.gate.id: ("met", QUOTE)})]
    shown = caseroom("model", "judge", "last")
    as_json = caseroom("model", "judge", attempt_id[:5], "--json")
    with open_caseroom(data_dir) as app:
        kept = opinions(app, attempt_id)

    assert (shown.code, as_json.code) == (0, 0)
    assert "Judged by a language model: toy-model at" in shown.out
    assert "3 of 3" in shown.out
    assert as_json.json["stands"] == "language model"
    assert as_json.json["judged"]["outcome"] == "judged"
    assert KEY not in shown.out + as_json.out + str(kept)
    assert [opinion.number for opinion in kept] == [2, 1]
    assert len(server.asked) == 6


def test_an_attempt_is_shown_with_its_judgment(
    caseroom: Callable[..., Any], server: ModelServer, data_dir: Path, attempt_id: str
) -> None:
    """`questions attempt` shows the newest one without asking again; before the first, nothing."""
    before = caseroom("questions", "attempt", "last")
    server.turns = [verdicts({QUESTION.gate.id: ("met", QUOTE)})]
    caseroom("model", "judge", "last")
    asked = len(server.asked)
    shown, as_json = (
        caseroom("questions", "attempt", "last"),
        caseroom("questions", "attempt", "last", "--json"),
    )
    with open_caseroom(data_dir) as app:
        identity = ModelIdentity(name="gone", address="http://127.0.0.1:1/v1", kind="openai")
        app.store.add_judgment(attempt_id, report=1, asked=identity, at=app.clock.now())
    interrupted = caseroom("questions", "attempt", "last")

    assert "Second opinion" not in before.out
    assert "Judged by a language model: toy-model at" in shown.out
    assert as_json.json["opinions"][0]["stands"] == "language model"
    assert as_json.json["card"]["id"] == attempt_id
    assert "Asking gone at http://127.0.0.1:1/v1 was interrupted" in interrupted.out
    assert len(server.asked) == asked


def test_a_judgment_that_failed_is_kept_too(
    caseroom: Callable[..., Any], server: ModelServer, data_dir: Path, attempt_id: str
) -> None:
    """The command succeeds, says what went wrong and whose verdict stands."""
    server.turns = [says(status=401)]
    shown = caseroom("model", "judge", "last")
    with open_caseroom(data_dir) as app:
        (kept,) = opinions(app, attempt_id)

    assert shown.code == 0
    assert "The offline verdict stands." in " ".join(shown.out.split())
    assert "no access" in kept.notice


def test_judging_an_attempt_without_a_model(
    caseroom: Callable[..., Any], attempt_id: str, data_dir: Path
) -> None:
    """It is refused with the way to configure one, and nothing is kept."""
    refused = caseroom("model", "judge", "last")
    with open_caseroom(data_dir) as app:
        kept = opinions(app, attempt_id)

    assert refused.code == 2
    assert "No language model is configured" in refused.err
    assert "CASEROOM_MODEL_URL" in refused.err
    assert kept == ()


def test_judging_what_is_not_there(caseroom: Callable[..., Any], server: ModelServer) -> None:
    """An attempt that there is not is refused as elsewhere, and nothing is sent."""
    refused = caseroom("model", "judge", "zz")

    assert refused.code == 3
    assert "No attempt 'zz'" in refused.err
    assert server.asked == []


def test_a_judgment_that_another_process_runs(
    caseroom: Callable[..., Any], server: ModelServer, data_dir: Path, attempt_id: str
) -> None:
    """The command says so instead of asking a second time."""
    asked = ModelIdentity(name="toy", address="http://127.0.0.1:1/v1", kind="openai")
    with open_caseroom(data_dir) as app, app.files.lock(f"judgment-{attempt_id}-answer"):
        app.store.add_judgment(attempt_id, report=1, asked=asked, at=app.clock.now())
        shown = caseroom("model", "judge", "last")
        as_json = caseroom("model", "judge", "last", "--json")

    assert "Another Caseroom is asking toy at http://127.0.0.1:1/v1" in shown.out
    assert as_json.json["state"] == "running"
    assert server.asked == []


def test_help_lists_judging(caseroom: Callable[..., Any]) -> None:
    """`caseroom model` names the command and says what it sends."""
    assert "judge" in caseroom("model").out
    assert "sends the question, its rubric and the answer" in " ".join(
        caseroom("model", "judge", "--help").out.split()
    )
