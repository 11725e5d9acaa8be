"""A language model behind HTTP, with a limit on everything: time, size, tries.

In: a configuration and a key. Out: replies, or `ModelFailure`. The key goes into one header and
nowhere else: not into errors, not into logs, and not along a redirect.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from caseroom.adapters.models.config import KEY, ModelConfig
from caseroom.adapters.models.wire import WIRES, Dialect, complaint
from caseroom.grading.judge.endpoint import (
    FailureKind,
    ModelFailure,
    ModelIdentity,
    ModelReply,
    ModelRequest,
)
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["HttpModel"]

TRIES = 3
FIRST_WAIT = 0.5
LONGEST_WAIT = 20.0
LARGEST = 2_000_000
"""Bytes of a response; a whole judgment has about 5,000."""

_AGAIN = (429, 500, 502, 503, 504, 529)
_SIMPLER = (400, 415, 422, 501)
_CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    content: bytes
    wait: float | None


class HttpModel:
    """Implements `ModelEndpoint`.

    It learns which dialect a server takes and stays with it. `sleep` and `now` are the system's
    unless a test brings its own.

    Raises:
        CaseroomError: When the HTTP library is not installed.
    """

    def __init__(
        self,
        config: ModelConfig,
        key: str = "",
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = _library()
        self._config, self._key = config, key
        self._sleep, self._now = sleep, now
        self._wire, self._dialect = WIRES[config.kind], Dialect()
        self._client = self._open()

    @property
    def identity(self) -> ModelIdentity:
        """Give which model this is."""
        config = self._config
        return ModelIdentity(
            name=config.name,
            address=config.address,
            kind=config.kind,
            price_in=config.price_in,
            price_out=config.price_out,
        )

    def ask(self, request: ModelRequest) -> ModelReply:
        """Send a request, in simpler dialects where the server refuses one. Raises ModelFailure."""
        dialect, sent = self._dialect, 0
        while True:
            response, tries = self._send(self._wire.body(self._config.name, request, dialect))
            sent += tries
            if response.status == 200:
                reply = self._wire.read(response.content)
                self._dialect = dialect
                return replace(reply, requests=sent, form=dialect.form)
            following = None
            if response.status in _SIMPLER:
                following = self._wire.simpler(dialect, complaint(response.content).lower())
            if following is None:
                raise self._failure(response)
            dialect = following

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _open(self) -> Any:
        """Open a client. A proxy is for other machines; nothing on this one goes through it."""
        config = self._config
        connect = min(config.timeout, _CONNECT_SECONDS)
        try:
            return self._http.Client(
                timeout=self._http.Timeout(config.timeout, connect=connect),
                trust_env=not config.is_local,
                follow_redirects=False,
                # Plain http never leads to https here, so it can do without certificates.
                verify=config.address.startswith("https:"),
            )
        except (ImportError, ValueError, OSError):
            raise CaseroomError(
                "The proxy or the certificates that the environment names can't be used.",
                next_step="correct HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE, or unset them.",
                code=ExitCode.ENVIRONMENT,
            ) from None

    def _send(self, body: dict[str, Any]) -> tuple[_Response, int]:
        """Post a body; wait and try again where the server is busy or broken."""
        tries, wait = 1, FIRST_WAIT
        while True:
            try:
                response = self._post(body)
            except self._http.ConnectError:
                response = None
            last = tries == TRIES
            if response is not None and (response.status not in _AGAIN or last):
                return response, tries
            if last:
                raise self._unreachable()
            pause = wait if response is None or response.wait is None else response.wait
            if response is not None and pause > LONGEST_WAIT:
                return response, tries
            self._sleep(pause)
            tries, wait = tries + 1, wait * 2

    def _post(self, body: dict[str, Any]) -> _Response:
        """Post once. A server that sends drop by drop is cut off by the same limit of time."""
        url = self._wire.url(self._config.address)
        headers = {"content-type": "application/json", **self._wire.headers(self._key)}
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        deadline, got = self._now() + self._config.timeout, bytearray()
        try:
            with self._client.stream("POST", url, content=content, headers=headers) as answer:
                for piece in answer.iter_bytes():
                    got += piece
                    if len(got) > LARGEST:
                        raise ModelFailure(FailureKind.MALFORMED, "The response has no end.")
                    if self._now() > deadline:
                        raise self._timed_out()
                return _Response(answer.status_code, bytes(got), _pause(answer.headers))
        except self._http.ConnectTimeout:
            raise self._unreachable() from None
        except self._http.TimeoutException:
            raise self._timed_out() from None
        except self._http.ConnectError:
            raise
        except self._http.HTTPError as problem:
            kind = type(problem).__name__
            text = f"The connection to {self._config.address} broke off ({kind})."
            raise ModelFailure(FailureKind.SERVER, text) from None

    def _timed_out(self) -> ModelFailure:
        return ModelFailure(
            FailureKind.TIMED_OUT,
            f"No whole reply came within {self._config.timeout:g} seconds.",
            next_step="allow more with CASEROOM_MODEL_TIMEOUT, or choose a faster model.",
        )

    def _unreachable(self) -> ModelFailure:
        return ModelFailure(
            FailureKind.UNREACHABLE,
            f"{self._config.address} can't be reached.",
            next_step="start the server, or correct the address.",
        )

    def _failure(self, response: _Response) -> ModelFailure:
        """Put a status into words. What a server says about keys is not repeated."""
        status = response.status
        if status in (401, 403):
            text = f"{self._config.address} does not accept the key (status {status})."
            return ModelFailure(FailureKind.NO_ACCESS, text, next_step=f"set {KEY}.")
        said = self._clean(complaint(response.content))
        text = f"{self._config.address} answers with status {status}{said}."
        if status == 429 or status == 529:
            return ModelFailure(FailureKind.BUSY, text, next_step="try again later.")
        if status >= 500:
            return ModelFailure(FailureKind.SERVER, text, next_step="try again later.")
        step = "check address, name and kind of the model with `caseroom model status`."
        return ModelFailure(FailureKind.REJECTED, text, next_step=step)

    def _clean(self, said: str) -> str:
        """Give a server's words as one short line without the key."""
        line = "".join(c if c.isprintable() else " " for c in said)
        line = " ".join((line.replace(self._key, "…") if self._key else line).split())
        return f": {line[:200].rstrip('.')}" if line else ""


def _pause(headers: Any) -> float | None:
    """Give the seconds that a server asks to wait, None where it names no number."""
    text = headers.get("retry-after", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None


def _library() -> ModuleType:
    """Import the HTTP library; it is an optional part of the installation."""
    try:
        import httpx2
    except ImportError:
        raise CaseroomError(
            "A language model is configured, but the HTTP library httpx2 is not installed.",
            next_step="install it with: python -m pip install 'caseroom[llm]'",
            code=ExitCode.ENVIRONMENT,
        ) from None
    return httpx2
