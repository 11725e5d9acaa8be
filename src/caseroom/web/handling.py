"""From a plain function to an endpoint: form reading, the CSRF check, the thread pool.

In: sync functions of a request (and what was posted). Out: endpoints. Use cases are sync (SQLite
and DuckDB are), so every handler runs in Starlette's thread pool.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.app import Caseroom
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.web.auth.local import csrf_matches

__all__ = ["FormExpired", "Posted", "action", "page", "room_of", "wants_fragment", "whole_number"]

_MOST_FIELDS = 5000
_LARGEST_PART = 4 * 1024 * 1024
CSRF_FIELD = "csrf_token"


class FormExpired(CaseroomError):
    """The form does not carry this server's token: another site sent it, or the server is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a form sent: texts by name (the last one of a name counts) and files."""

    fields: Mapping[str, str]
    files: Mapping[str, UploadFile] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """Give a text."""
        return self.fields.get(name, default)


Endpoint = Callable[[Request], Awaitable[Response]]


def room_of(request: Request) -> Caseroom:
    """Give the application that the pages show."""
    return request.app.state.room


def wants_fragment(request: Request) -> bool:
    """Say whether htmx asked, for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def page(handler: Callable[[Request], Response]) -> Endpoint:
    """Make an endpoint of a function that reads."""

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(handler, request)

    return endpoint


def action(handler: Callable[[Request, Posted], Response]) -> Endpoint:
    """Make an endpoint of a function that changes something: the form must be ours."""

    async def endpoint(request: Request) -> Response:
        async with request.form(
            max_fields=_MOST_FIELDS, max_part_size=_LARGEST_PART, max_files=1
        ) as form:
            posted = Posted(
                fields={name: item for name, item in form.items() if isinstance(item, str)},
                files={name: item for name, item in form.items() if isinstance(item, UploadFile)},
            )
            _check_ours(request, posted)
            return await run_in_threadpool(handler, request, posted)

    return endpoint


def _check_ours(request: Request, posted: Posted) -> None:
    if not csrf_matches(request, posted.get(CSRF_FIELD)):
        raise FormExpired(
            "This form does not belong to the running Caseroom, so nothing was changed.",
            next_step="go back, load the page again and send the form once more.",
        )


def whole_number(text: str | None, name: str, *, low: int = 0) -> int:
    """Read a whole number from an address or a form.

    Raises:
        CaseroomError: For anything that is not a whole number from `low`.
    """
    cleaned = (text or "").strip()
    if cleaned.isascii() and cleaned.isdecimal() and len(cleaned) < 20 and int(cleaned) >= low:
        return int(cleaned)
    raise CaseroomError(
        f"{cleaned!r} is not a {name}.",
        allowed=f"a whole number from {low}",
        next_step="go back and choose again.",
        code=ExitCode.BAD_INPUT,
    )
