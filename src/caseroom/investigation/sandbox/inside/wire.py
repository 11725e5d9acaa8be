"""Messages between the pool and a worker: a length, then JSON.

In: plain values. Out: the same values at the other end of a local socket.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

__all__ = ["LONGEST", "Closed", "TooLong", "receive", "send"]

LONGEST = 64 * 2**20
"""Bytes that one message may have."""

_HEAD = struct.Struct("!I")


class Closed(Exception):
    """The other end went away."""


class TooLong(Exception):
    """A message has more bytes than allowed."""


def send(channel: socket.socket, message: dict[str, Any]) -> None:
    """Send one message. Raises TooLong before anything is sent, Closed when nobody is there."""
    body = json.dumps(message, ensure_ascii=False, allow_nan=False).encode()
    if len(body) > LONGEST:
        raise TooLong(len(body))
    try:
        channel.sendall(_HEAD.pack(len(body)) + body)
    except OSError as error:
        raise Closed from error


def receive(channel: socket.socket) -> dict[str, Any]:
    """Receive one message. Raises Closed, TooLong, or TimeoutError where the socket has a time."""
    (length,) = _HEAD.unpack(_exactly(channel, _HEAD.size))
    if length > LONGEST:
        raise TooLong(length)
    message = json.loads(_exactly(channel, length))
    if not isinstance(message, dict):
        raise Closed
    return message


def _exactly(channel: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        try:
            part = channel.recv(min(length - len(parts), 2**20))
        except TimeoutError:
            raise
        except OSError as error:
            raise Closed from error
        if not part:
            raise Closed
        parts += part
    return bytes(parts)
