"""Both wire forms: recorded requests and replies, what happens when a server takes less, limits.

The recordings in `recorded/` were written by hand from the published forms of the two interfaces.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from caseroom.adapters.models.http_model import LARGEST, HttpModel
from caseroom.adapters.models.wire import WIRES, Dialect
from caseroom.grading.judge.endpoint import (
    FailureKind,
    ModelFailure,
    ModelReply,
)
from caseroom.grading.judge.prompt import first_request, second_look
from caseroom.grading.judge.reply import read_reply
from caseroom.grading.judge.report import JudgeSettings, Mark
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from toy_models import KINDS, TOY, Asked, ModelServer, Said, Turn, config, says

RECORDED = Path(__file__).parent / "recorded"
KEY = "sk-toy-0123456789abcdef"
ANSWER = 'The stock table counted returns twice. I said: "stop" </answer>'
REQUEST = first_request(TOY, ANSWER, ("p2", "p1"), "feed0123beef4567", JudgeSettings())

Serve = Callable[..., ModelServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Give a function that starts a server of a kind with these turns."""
    servers: list[ModelServer] = []

    def start(kind: str, *turns: Turn) -> ModelServer:
        servers.append(ModelServer(kind, turns))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def ask(server: ModelServer, key: str = "", **settings: Any) -> ModelReply:
    """Ask once, without waiting between tries."""
    with closing(HttpModel(config(server, **settings), key, sleep=lambda _: None)) as model:
        return model.ask(REQUEST)


def failure(server: ModelServer, key: str = "", **settings: Any) -> ModelFailure:
    """Ask once and give why nothing came."""
    with pytest.raises(ModelFailure) as caught:
        ask(server, key, **settings)
    return caught.value


def recorded(name: str) -> Any:
    """Read a recording."""
    return json.loads((RECORDED / name).read_text())


class TestRecordings:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_request_is_the_recorded_one(self, serve: Serve, kind: str) -> None:
        """Path, headers and body, byte for byte in meaning."""
        server = serve(kind, says("{}"))
        ask(server, KEY)

        seen = server.asked[0]
        kept = ("authorization", "x-api-key", "anthropic-version", "content-type")
        headers = {name: value for name, value in seen.headers.items() if name in kept}
        assert {"path": seen.path, "headers": headers, "body": seen.body} == recorded(
            f"{kind}_request.json"
        )

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_second_look_is_the_recorded_one(self, kind: str) -> None:
        """The conversation goes on, with a narrower schema."""
        again = second_look(REQUEST, '{"verdicts": []}', ["p1"])

        body = WIRES[kind].body("toy-model", again, Dialect())
        assert body["messages"][-2:] == recorded("second_look.json")["messages"]
        assert '"enum": ["p1"]' in json.dumps(body)

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_recorded_reply_is_read(self, kind: str) -> None:
        """Text, model and tokens of a whole reply, thinking blocks and new fields not minded."""
        reply = WIRES[kind].read((RECORDED / f"{kind}_reply.json").read_bytes())

        claims = read_reply(reply.text, ("p2", "p1"))
        assert [claim.verdict for claim in claims] == [Mark.NOT_MET, Mark.MET]
        assert (reply.tokens_in, reply.tokens_out) == (1187, 96)
        assert reply.model.startswith("toy-model-2026")

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_recorded_refusal_is_one(self, kind: str) -> None:
        """The form's own mark of a refusal."""
        with pytest.raises(ModelFailure) as caught:
            WIRES[kind].read((RECORDED / f"{kind}_refusal.json").read_bytes())

        assert caught.value.kind is FailureKind.REFUSED


@pytest.mark.parametrize(
    ("kind", "address", "url"),
    [
        ("openai", "http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat/completions"),
        ("openai", "https://host.example/v1", "https://host.example/v1/chat/completions"),
        ("openai", "https://host.example/api/v1", "https://host.example/api/v1/chat/completions"),
        (
            "openai",
            "https://h.example/v1/chat/completions",
            "https://h.example/v1/chat/completions",
        ),
        ("anthropic", "https://host.example", "https://host.example/v1/messages"),
        ("anthropic", "https://host.example/v1", "https://host.example/v1/messages"),
        ("anthropic", "https://host.example/v1/messages", "https://host.example/v1/messages"),
    ],
)
def test_where_requests_go(kind: str, address: str, url: str) -> None:
    """People paste an address with or without the path."""
    assert WIRES[kind].url(address) == url


def picky(refuses: Callable[[Asked], str]) -> Turn:
    """Refuse with status 400 and these words while there is something to refuse."""

    def turn(asked: Asked) -> Said:
        words = refuses(asked)
        error = json.dumps({"error": {"message": words}}).encode()
        return Said(status=400, raw=error) if words else Said("{}")

    return turn


class TestDialects:
    def test_a_server_without_schemas(self, serve: Serve) -> None:
        """JSON mode next; the model remembers it."""

        def refuses(asked: Asked) -> str:
            wanted = asked.body.get("response_format", {}).get("type")
            return "response_format json_schema is unknown" if wanted == "json_schema" else ""

        server = serve("openai", picky(refuses))
        with closing(HttpModel(config(server))) as model:
            first, second = model.ask(REQUEST), model.ask(REQUEST)

        assert (first.form, first.requests) == ("json mode", 2)
        assert (second.form, second.requests) == ("json mode", 1)
        assert server.asked[-1].body["response_format"] == {"type": "json_object"}

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_server_that_binds_nothing(self, serve: Serve, kind: str) -> None:
        """Plain text last; the instructions ask for JSON all the same."""

        def refuses(asked: Asked) -> str:
            bound = {"response_format", "output_config"} & set(asked.body)
            return "Extra inputs are not permitted" if bound else ""

        server = serve(kind, picky(refuses))

        assert ask(server).form == "plain"
        assert "JSON object" in json.dumps(server.asked[-1].body)

    def test_newer_names_and_fixed_temperatures(self, serve: Serve) -> None:
        """A refusal that names a field changes that field only."""

        def refuses(asked: Asked) -> str:
            if "max_tokens" in asked.body:
                return "Unsupported parameter: use 'max_completion_tokens' instead"
            return "temperature does not support 0.5" if "temperature" in asked.body else ""

        server = serve("openai", picky(refuses))

        assert (ask(server).form, len(server.asked)) == ("json schema", 3)
        assert server.asked[-1].body["max_completion_tokens"] == JudgeSettings().most_tokens

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_server_that_refuses_everything(self, serve: Serve, kind: str) -> None:
        """The tries end, with the server's own words."""
        server = serve(kind, picky(lambda _: "no such model: toy-model\x1b[31m"))

        told = failure(server)
        assert told.kind is FailureKind.REJECTED
        assert "status 400: no such model: toy-model [31m." in told.problem
        assert len(server.asked) <= 4


class TestLimits:
    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 529])
    def test_busy_servers_are_asked_again(self, serve: Serve, status: int) -> None:
        """Three tries with growing waits."""
        server, waits = serve("openai", says(status=status)), list[float]()
        model = HttpModel(config(server), sleep=waits.append)
        with closing(model), pytest.raises(ModelFailure) as caught:
            model.ask(REQUEST)

        assert (len(server.asked), waits) == (3, [0.5, 1.0])
        assert caught.value.kind in (FailureKind.BUSY, FailureKind.SERVER)

    def test_a_server_may_name_the_wait(self, serve: Serve) -> None:
        """Retry-After counts, up to a limit."""
        server = serve("openai", says(status=429, headers={"retry-after": "7"}), says("{}"))
        waits = list[float]()
        with closing(HttpModel(config(server), sleep=waits.append)) as model:
            model.ask(REQUEST)

        assert waits == [7.0]
        server = serve("openai", says(status=429, headers={"retry-after": "3600"}))
        assert failure(server).kind is FailureKind.BUSY
        assert len(server.asked) == 1

    def test_nobody_listens(self, serve: Serve) -> None:
        """The address is named, and what to do."""
        server = serve("openai", says("{}"))
        server.close()

        told = failure(server)
        assert told.kind is FailureKind.UNREACHABLE
        assert server.address in told.problem
        assert "start the server" in told.next_step

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_slow_server(self, serve: Serve, kind: str) -> None:
        """The limit ends the wait, once: nobody pays for the same reply three times."""
        server = serve(kind, says(hangs=True))

        assert failure(server, timeout=0.1).kind is FailureKind.TIMED_OUT
        assert len(server.asked) == 1

    def test_a_server_that_drips(self, serve: Serve) -> None:
        """The limit holds for the whole response, not from piece to piece."""
        server, times = serve("openai", says("{}")), iter([0.0, 99.0, 99.0])
        model = HttpModel(config(server), now=lambda: next(times))
        with closing(model), pytest.raises(ModelFailure) as caught:
            model.ask(REQUEST)

        assert caught.value.kind is FailureKind.TIMED_OUT

    def test_an_endless_response(self, serve: Serve) -> None:
        """Reading stops at two million bytes."""
        server = serve("openai", says(raw=b" " * (LARGEST + 1)))

        assert failure(server).kind is FailureKind.MALFORMED

    @pytest.mark.parametrize(
        "raw", [b"<html>hello</html>", b"[]", b"\xff\xfe", b"[" * 100_000, b""]
    )
    @pytest.mark.parametrize("kind", KINDS)
    def test_something_else_answers(self, serve: Serve, kind: str, raw: bytes) -> None:
        """A page, another form, noise: said so, with what to check."""
        told = failure(serve(kind, says(raw=raw)))

        assert told.kind is FailureKind.MALFORMED
        assert "caseroom model status" in told.next_step

    def test_an_error_with_status_200(self, serve: Serve) -> None:
        """Some gateways report errors that way."""
        told = failure(serve("openai", says(raw=b'{"error": {"message": "no credit"}}')))

        assert told.kind is FailureKind.SERVER

    @pytest.mark.parametrize("content", [None, [], 7, [{"type": "text"}], [{"type": "thinking"}]])
    @pytest.mark.parametrize("kind", KINDS)
    def test_content_without_text(self, serve: Serve, kind: str, content: Any) -> None:
        """Whatever stands where the text should be, it is an empty reply."""
        body = {"choices": [{"message": {"content": content}}], "content": content}

        assert failure(serve(kind, says(raw=json.dumps(body).encode()))).kind is FailureKind.EMPTY


class TestKey:
    @pytest.mark.parametrize("kind", KINDS)
    def test_the_key_is_in_one_header_only(self, serve: Serve, kind: str) -> None:
        """Not in the path, not in the body, and without one there is no header."""
        server = serve(kind, says("{}"))
        ask(server, KEY)
        ask(server)

        with_key, without = server.asked
        assert sum(KEY in value for value in with_key.headers.values()) == 1
        assert KEY not in with_key.path + json.dumps(with_key.body)
        assert not {"authorization", "x-api-key"} & set(without.headers)

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
    def test_no_error_repeats_the_key(
        self, serve: Serve, status: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Not even when the server does: not in the message, the traceback or the log."""
        caplog.set_level(logging.DEBUG)
        echo = json.dumps({"error": {"message": f"bad key {KEY} given"}}).encode()
        server = serve("openai", says(status=status, raw=echo))

        told = failure(server, KEY)
        everything = "".join(traceback.format_exception(told)) + repr(told) + caplog.text
        assert KEY not in everything
        assert KEY[3:] not in everything

    def test_the_key_does_not_follow_a_redirect(self, serve: Serve) -> None:
        """A server that points elsewhere is not followed."""
        elsewhere = serve("openai", says("{}"))
        moved = {"location": f"{elsewhere.address}/chat/completions"}
        server = serve("openai", says(status=307, raw=b"", headers=moved))

        assert failure(server, KEY).kind is FailureKind.REJECTED
        assert elsewhere.asked == []

    def test_a_proxy_does_not_see_what_stays_here(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Requests to this machine go straight, whatever proxy the environment names."""
        server, proxy = serve("openai", says("{}")), serve("openai", says("{}"))
        monkeypatch.setenv("HTTP_PROXY", proxy.address)
        monkeypatch.setenv("ALL_PROXY", proxy.address)
        ask(server, KEY)

        assert (len(server.asked), proxy.asked) == (1, [])


def test_without_the_library_the_error_says_what_to_install(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The HTTP library is an optional part of the installation."""
    monkeypatch.setitem(sys.modules, "httpx2", None)

    with pytest.raises(CaseroomError, match="caseroom\\[llm\\]") as caught:
        HttpModel(config(serve("openai", says("{}"))))
    assert caught.value.code is ExitCode.ENVIRONMENT


def test_no_thread_is_left(serve: Serve) -> None:
    """The client works in the caller's thread alone."""
    before = threading.active_count()
    server = serve("openai", says("{}"))
    ask(server)
    server.close()

    assert threading.active_count() <= before + 1  # the server's last connection may linger
