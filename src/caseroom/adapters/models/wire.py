"""What goes over the wire: the OpenAI form of chat completions and Anthropic's messages.

In: a request, or the bytes of a response. Out: a JSON body, or a `ModelReply`. Nothing is sent
here. A `Dialect` is how much of a form a server takes; `simpler` gives the next one to try when it
refuses. Forms: https://platform.openai.com/docs/api-reference/chat,
https://docs.claude.com/en/api/messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from caseroom.grading.judge.endpoint import FailureKind, ModelFailure, ModelReply, ModelRequest

__all__ = ["WIRES", "AnthropicWire", "Dialect", "OpenAIWire", "Wire", "complaint"]

_SCHEMA, _JSON, _PLAIN = "json schema", "json mode", "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How much of a form a server takes; the first one asks for everything."""

    form: str = _SCHEMA
    takes_temperature: bool = True
    tokens_field: str = "max_tokens"


class Wire(Protocol):
    """One wire format."""

    def url(self, address: str) -> str:
        """Give where requests go, from the address that the person configured."""
        ...

    def headers(self, key: str) -> dict[str, str]:
        """Give the headers that carry the key, if there is one."""
        ...

    def body(self, name: str, request: ModelRequest, dialect: Dialect) -> dict[str, Any]:
        """Give the JSON body of a request."""
        ...

    def read(self, content: bytes) -> ModelReply:
        """Read a response of status 200. Raises ModelFailure."""
        ...

    def simpler(self, dialect: Dialect, refusal: str) -> Dialect | None:
        """Give the next dialect after a refusal with this text, None when there is none."""
        ...


class OpenAIWire:
    """Chat completions, as OpenAI and most local servers speak it."""

    def url(self, address: str) -> str:
        """Add the path; a bare host gets the usual /v1."""
        base = address.removesuffix("/chat/completions")
        return f"{base if urlsplit(base).path else base + '/v1'}/chat/completions"

    def headers(self, key: str) -> dict[str, str]:
        """Give the bearer token, nothing without a key."""
        return {"Authorization": f"Bearer {key}"} if key else {}

    def body(self, name: str, request: ModelRequest, dialect: Dialect) -> dict[str, Any]:
        """Give the body; the schema goes into `response_format` where the server takes it."""
        system = {"role": "system", "content": request.system}
        turns = [{"role": turn.role, "content": turn.text} for turn in request.messages]
        body: dict[str, Any] = {"model": name, "messages": [system, *turns]}
        body[dialect.tokens_field] = request.most_tokens
        if dialect.takes_temperature:
            body["temperature"] = request.temperature
        if dialect.form == _SCHEMA:
            schema = {"name": "reply", "strict": True, "schema": dict(request.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif dialect.form == _JSON:
            body["response_format"] = {"type": "json_object"}
        return body

    def read(self, content: bytes) -> ModelReply:
        """Read the first choice."""
        body = _object(content)
        choice = _first(body.get("choices"))
        message = _mapping(choice.get("message"))
        finish = choice.get("finish_reason")
        if message.get("refusal") or finish == "content_filter":
            raise ModelFailure(FailureKind.REFUSED, "The model refused to judge the answer.")
        text = _text(message.get("content"))
        usage = _mapping(body.get("usage"))
        return _reply(
            body,
            text,
            cut_off=finish == "length",
            counts=(usage.get("prompt_tokens"), usage.get("completion_tokens")),
        )

    def simpler(self, dialect: Dialect, refusal: str) -> Dialect | None:
        """Follow what the refusal names, else bind the reply less."""
        if "max_completion_tokens" in refusal and dialect.tokens_field == "max_tokens":
            return replace(dialect, tokens_field="max_completion_tokens")
        if "temperature" in refusal and dialect.takes_temperature:
            return replace(dialect, takes_temperature=False)
        following = {_SCHEMA: _JSON, _JSON: _PLAIN}.get(dialect.form)
        return replace(dialect, form=following) if following else None


class AnthropicWire:
    """Anthropic's messages."""

    def url(self, address: str) -> str:
        """Add the path, with or without /v1 in the address."""
        return f"{address.removesuffix('/messages').removesuffix('/v1')}/v1/messages"

    def headers(self, key: str) -> dict[str, str]:
        """Give the version of the form, and the key where there is one."""
        version = {"anthropic-version": "2023-06-01"}
        return {**version, "x-api-key": key} if key else version

    def body(self, name: str, request: ModelRequest, dialect: Dialect) -> dict[str, Any]:
        """Give the body; the schema goes into `output_config` where the server takes it."""
        body: dict[str, Any] = {
            "model": name,
            "max_tokens": request.most_tokens,
            "system": request.system,
            "messages": [{"role": turn.role, "content": turn.text} for turn in request.messages],
        }
        if dialect.takes_temperature:
            body["temperature"] = request.temperature
        if dialect.form == _SCHEMA:
            form = {"type": "json_schema", "schema": dict(request.schema)}
            body["output_config"] = {"format": form}
        return body

    def read(self, content: bytes) -> ModelReply:
        """Join the text blocks."""
        body = _object(content)
        if body.get("stop_reason") == "refusal":
            raise ModelFailure(FailureKind.REFUSED, "The model refused to judge the answer.")
        usage = _mapping(body.get("usage"))
        return _reply(
            body,
            _text(body.get("content")),
            cut_off=body.get("stop_reason") == "max_tokens",
            counts=(usage.get("input_tokens"), usage.get("output_tokens")),
        )

    def simpler(self, dialect: Dialect, refusal: str) -> Dialect | None:
        """Follow what the refusal names, else do without a schema."""
        if "temperature" in refusal and dialect.takes_temperature:
            return replace(dialect, takes_temperature=False)
        return replace(dialect, form=_PLAIN) if dialect.form == _SCHEMA else None


WIRES: Mapping[str, Wire] = {"openai": OpenAIWire(), "anthropic": AnthropicWire()}


def complaint(content: bytes) -> str:
    """Give what an error response says, "" when it says nothing in a form that we know."""
    try:
        body = _mapping(msgspec.json.decode(content))
    except (msgspec.DecodeError, RecursionError):
        return ""
    error = body.get("error", body)
    said = error if isinstance(error, str) else _mapping(error).get("message")
    return said if isinstance(said, str) else ""


def _reply(
    body: Mapping[str, Any], text: str, *, cut_off: bool, counts: tuple[Any, Any]
) -> ModelReply:
    """Give the reply, if there is a whole one."""
    if cut_off:
        raise ModelFailure(
            FailureKind.CUT_OFF, "The reply reached its limit of tokens before it was complete."
        )
    if not text.strip():
        raise ModelFailure(FailureKind.EMPTY, "The reply holds no text.")
    model = body.get("model")
    return ModelReply(
        text=text,
        model=model[:200] if isinstance(model, str) else "",
        tokens_in=_count(counts[0]),
        tokens_out=_count(counts[1]),
    )


def _object(content: bytes) -> Mapping[str, Any]:
    """Read a response's JSON object; some servers report errors with status 200."""
    try:
        body = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ModelFailure(
            FailureKind.MALFORMED,
            "The server's response is not of the form that this kind of endpoint has.",
            next_step="check the address and the kind with `caseroom model status`.",
        )
    if body.get("error"):
        raise ModelFailure(FailureKind.SERVER, "The server reports an error instead of a reply.")
    return body


def _first(choices: Any) -> Mapping[str, Any]:
    """Give the first of the choices."""
    if not isinstance(choices, list) or not choices:
        raise ModelFailure(FailureKind.EMPTY, "The response holds no reply.")
    return _mapping(choices[0])


def _text(content: Any) -> str:
    """Give a content's text: a plain one, or its text blocks joined."""
    if isinstance(content, str):
        return content
    blocks = [_mapping(block) for block in content] if isinstance(content, list) else []
    texts = (block.get("text") for block in blocks if block.get("type") == "text")
    return "".join(text for text in texts if isinstance(text, str))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: Any) -> int | None:
    """Give a number of tokens, None for anything that can't be one."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9
    return value if is_count else None
