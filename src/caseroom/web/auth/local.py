"""Local mode: a secret in the printed address, exchanged for a cookie; no other site gets in.

In: requests on the loopback interface. Out: requests that carry the cookie and ask for this host;
anything else gets a short page with the next step. Other sites can neither read (the Host header
must name this machine, against DNS rebinding) nor write (a token in every form, a SameSite cookie).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from html import escape
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["LOOPBACK_NAMES", "LocalAccess", "csrf_matches", "host_name"]

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_OPEN_PATHS = ("/static/",)


def host_name(host: str) -> str:
    """Give the host part of a Host header, without the port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


def csrf_matches(conn: HTTPConnection, given: str) -> bool:
    """Say whether a form carries this server's token."""
    return hmac.compare_digest(conn.state.csrf.encode(), given.encode("utf-8", "replace"))


class LocalAccess:
    """Lets in who opened the printed address once; with `token` None everybody on this machine."""

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self.app = app
        self.token = token
        secret = (token or secrets.token_urlsafe(32)).encode()
        self.session = _derived(secret, "session")
        self.csrf = _derived(secret, "csrf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["csrf"] = self.csrf
        answer = self._refusal(scope)
        await (answer or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        host = Headers(scope=scope).get("host", "")
        if host_name(host) not in LOOPBACK_NAMES:
            return _page(
                scope,
                421,
                "This address is not Caseroom's",
                f"The request names the host {host!r}; Caseroom answers to 127.0.0.1 and localhost"
                " only. Open the address that the caseroom command printed.",
            )
        if self.token is None or scope["path"].startswith(_OPEN_PATHS):
            return None
        return self._entry(scope)

    def _entry(self, scope: Scope) -> Response | None:
        assert self.token is not None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(query).get("token")
        if given is not None and hmac.compare_digest(given.encode(), self.token.encode()):
            return self._exchange(scope, [(key, value) for key, value in query if key != "token"])
        cookie = HTTPConnection(scope).cookies.get(_cookie_name(scope), "")
        if hmac.compare_digest(cookie.encode(), self.session.encode()):
            return None
        return _page(
            scope,
            403,
            "Caseroom does not know this browser yet",
            "Open the address that the caseroom command printed (it ends with a token), once."
            " Nothing that you typed before is lost: saved drafts are in the data folder.",
        )

    def _exchange(self, scope: Scope, rest: list[tuple[str, str]]) -> Response:
        path = "/" + scope["path"].lstrip("/\\")
        response = RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, 303)
        response.set_cookie(
            _cookie_name(scope), self.session, httponly=True, samesite="strict", path="/"
        )
        return response


def _derived(secret: bytes, purpose: str) -> str:
    return hmac.new(secret, purpose.encode(), hashlib.sha256).hexdigest()


def _cookie_name(scope: Scope) -> str:
    """Name the cookie after the port: cookies of one host are shared by all its ports."""
    port = Headers(scope=scope).get("host", "").rpartition(":")[2]
    return f"caseroom-{port}" if port.isdecimal() else "caseroom"


def _page(scope: Scope, status: int, title: str, text: str) -> Response:
    if Headers(scope=scope).get("hx-request") == "true":  # into the page that is open
        part = f'<p class="problem"><strong>{escape(title)}.</strong> {escape(text)}</p>'
        return HTMLResponse(f'<hx-partial hx-target="#notice">{part}</hx-partial>', status)
    body = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{escape(title)}</title><main><h1>{escape(title)}</h1><p>{escape(text)}</p></main>"
    )
    return HTMLResponse(body, status_code=status)
