"""What the judge needs of a language model, as one small protocol.

In: nothing. Out: `ModelEndpoint`; adapters implement it on a wire format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = [
    "FailureKind",
    "Message",
    "ModelEndpoint",
    "ModelFailure",
    "ModelIdentity",
    "ModelReply",
    "ModelRequest",
]


class FailureKind(StrEnum):
    """Why a model gave nothing that can be read."""

    TIMED_OUT = "timed out"
    UNREACHABLE = "unreachable"
    NO_ACCESS = "no access"
    BUSY = "busy"
    SERVER = "server error"
    REJECTED = "request rejected"
    REFUSED = "refused to answer"
    EMPTY = "empty reply"
    CUT_OFF = "cut off"
    MALFORMED = "malformed reply"


class ModelFailure(CaseroomError):
    """A request that gave no reply; the text never holds the key."""

    def __init__(self, kind: FailureKind, problem: str, *, next_step: str = "") -> None:
        self.kind = kind
        super().__init__(problem, next_step=next_step, code=ExitCode.ENVIRONMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a conversation; `role` is "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """What is asked: instructions, the conversation so far, and the JSON schema of the reply.

    `temperature` is a wish: an endpoint leaves it out for a model that takes none.
    `most_tokens` bounds the reply.
    """

    system: str
    messages: tuple[Message, ...]
    schema: Mapping[str, Any]
    temperature: float
    most_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """What came back.

    `model` is the name that the server gives ("" when it gives none). Tokens are None where the
    server does not count them. `requests` is how many requests the reply took. `form` says how far
    the server bound it: "json schema", "json mode" or "plain".
    """

    text: str
    model: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    requests: int = 1
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIdentity:
    """Which model at which address, as a person may read it: never with a key.

    Prices are millionths of the person's currency per token, that is, their price per million
    tokens; None where they gave none.
    """

    name: str
    address: str
    kind: str
    price_in: float | None = None
    price_out: float | None = None


class ModelEndpoint(Protocol):
    """Answers one request at a time."""

    @property
    def identity(self) -> ModelIdentity:
        """Give which model this is."""
        ...

    def ask(self, request: ModelRequest) -> ModelReply:
        """Send a request. Raises ModelFailure when no usable reply comes within the limits."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
