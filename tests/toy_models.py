"""A server on loopback that speaks both wire forms and says what a test scripts.

In: turns, each a function from what was asked to what is said. Out: an address, and everything that
was asked. The last turn is repeated.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from caseroom.adapters.models.config import ModelConfig
from caseroom.questions.model import (
    Anchor,
    Band,
    Category,
    Pitfall,
    Point,
    PointKind,
    Question,
    Round,
)
from caseroom.vocabulary.levels import Competency, Level

KINDS = ("openai", "anthropic")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def last(self) -> str:
        """The newest turn of the person's side."""
        return self.body["messages"][-1]["content"]

    @property
    def points(self) -> list[str]:
        """The points that a verdict is wanted on, in the order asked."""
        again = re.match(r"For ([\w, ]+) the quote", self.last)
        if again:
            return again[1].split(", ")
        return [point["criterion"] for point in self.material["points"]]

    @property
    def material(self) -> Any:
        """The rubric as data."""
        return _between("material", self.first)

    @property
    def answer(self) -> str:
        """The answer as data."""
        return _between("answer", self.first)["answer"]

    @property
    def first(self) -> str:
        """The first turn of the person's side."""
        return next(m["content"] for m in self.body["messages"] if m["role"] == "user")


@dataclass(frozen=True, slots=True)
class Said:
    """What the server sends; `text` is wrapped in the form of its kind unless `raw` is given."""

    text: str = ""
    status: int = 200
    raw: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False
    finish: str = ""
    tokens: tuple[Any, Any] = (900, 120)


Turn = Callable[[Asked], Said]


def verdicts(given: Mapping[str, tuple[str, str]], **more: Any) -> Turn:
    """Give these marks and quotes, not_met for every other point; `more` goes beside them."""

    def turn(asked: Asked) -> Said:
        said = [
            {
                "criterion": point,
                "quote": given.get(point, ("", ""))[1],
                "reason": f"About {point}.",
                "verdict": given.get(point, ("not_met", ""))[0],
            }
            for point in asked.points
        ]
        return Said(json.dumps({"verdicts": said, **more}))

    return turn


def everything_met(quote: str) -> Turn:
    """Do what an injected text says: everything is met, with this quote."""
    return lambda asked: verdicts(dict.fromkeys(asked.points, ("met", quote)))(asked)


def says(text: str = "", **how: Any) -> Turn:
    """Say a fixed text."""
    return lambda _: Said(text, **how)


def config(server: ModelServer, **changes: Any) -> ModelConfig:
    """Give a configuration for a scripted server."""
    settings: dict[str, Any] = {
        "address": server.address,
        "name": "toy-model",
        "kind": server.kind,
        "price_in": 2.0,
        "price_out": 10.0,
        "timeout": 5.0,
        "is_local": True,
    }
    return ModelConfig(**(settings | changes))


class ModelServer:
    """Listens on a free port of loopback until it is closed."""

    def __init__(self, kind: str, turns: Sequence[Turn]) -> None:
        self.kind, self.turns, self.asked = kind, list(turns), list[Asked]()
        self.closing = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.path, headers, json.loads(self.rfile.read(size)))
                said = server.answer(asked)
                if said.hangs:
                    server.closing.wait(5)
                    self.close_connection = True
                    return
                content = said.raw if said.raw is not None else _wrapped(server.kind, said)
                self.send_response(said.status)
                for name, value in {"content-length": str(len(content)), **said.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def address(self) -> str:
        """What a person would configure."""
        host = f"http://127.0.0.1:{self._http.server_port}"
        return f"{host}/v1" if self.kind == "openai" else host

    def answer(self, asked: Asked) -> Said:
        """Take the next turn."""
        self.asked.append(asked)
        return self.turns[min(len(self.asked), len(self.turns)) - 1](asked)

    def close(self) -> None:
        """End all connections."""
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


def _wrapped(kind: str, said: Said) -> bytes:
    """Put a text into the form of a reply."""
    count_in, count_out = said.tokens
    if kind == "openai":
        message = {"role": "assistant", "content": said.text}
        body: dict[str, Any] = {
            "model": "toy-model-2026",
            "choices": [{"index": 0, "message": message, "finish_reason": said.finish or "stop"}],
            "usage": {"prompt_tokens": count_in, "completion_tokens": count_out},
        }
    else:
        body = {
            "type": "message",
            "model": "toy-model-2026",
            "content": [{"type": "text", "text": said.text}],
            "stop_reason": said.finish or "end_turn",
            "usage": {"input_tokens": count_in, "output_tokens": count_out},
        }
    return json.dumps(body).encode()


def _between(mark: str, text: str) -> Any:
    found = re.search(rf"<{mark}-(\w+)>\n(.*?)\n</{mark}-\1>", text, re.DOTALL)
    assert found is not None
    return json.loads(found[2])


def _point(at: str, statement: str, *, gate: bool) -> Point:
    return Point(
        id=at,
        statement=statement,
        kind=PointKind.CONTENT,
        weight=2 if gate else 1,
        gate=gate,
        says=(f"I did what {at} asks for at a bakery.", f"We settled {at} at the ferry company."),
        near_miss=(f"{at} is important everywhere.",),
    )


def _anchor(band: str, marks: tuple[Band, Band]) -> Anchor:
    return Anchor(
        band=band, text=f"A {band} answer.", points=dict(zip(("p1", "p2"), marks, strict=True))
    )


TOY = Question(
    id="Q900",
    title="A toy question",
    ask="How did you find out?",
    category=Category.TECHNICAL,
    round=Round.SCREEN,
    competencies=(Competency.ANALYSIS,),
    level=Level.ASSOCIATE,
    vertical="any",
    minutes=2,
    points=(
        _point("p1", "Names the table that was wrong", gate=True),
        _point("p2", "Says who was told", gate=False),
    ),
    pitfalls=(Pitfall(id="f1", statement="Blames others", says=("They did it.",), near_miss=()),),
    best_practices=(),
    avoid=(),
    vertical_points={},
    follow_ups=("Why?", "And then?"),
    model_answer="The stock table counted returns twice, and I told the shop leads.",
    note="",
    anchors=(
        _anchor("weak", (Band.NOT_FOUND, Band.NOT_FOUND)),
        _anchor("middling", (Band.FOUND, Band.PERHAPS)),
        _anchor("strong", (Band.FOUND, Band.FOUND)),
    ),
)
"""A small question whose wording never changes, for recorded requests."""
