"""Templates to responses: whole pages, and parts for htmx with a sentence for the live region.

In: a template's name and values. Out: HTML; everything is escaped unless a template says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from caseroom.web.assets import asset_url
from caseroom.web.filters import FILTERS
from caseroom.web.handling import CSRF_FIELD

__all__ = ["THEMES", "Part", "fill", "parts", "redirect", "show"]

TEMPLATES = Path(__file__).parent / "templates"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a page: which element (a CSS selector) gets which HTML, and how."""

    target: str
    html: str
    swap: str = "innerHTML"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.filters["compact_json"] = _compact_json
    environment.globals["asset"] = asset_url
    environment.tests["field"] = lambda value, name: type(value).__name__ == name
    return environment


def _compact_json(value: Any) -> str:
    """Give JSON for an attribute; escaping is the template's (the text is not marked safe)."""
    return json.dumps(value, separators=(",", ":"), default=str)


def fill(request: Request, template: str, **values: Any) -> str:
    """Fill in a template."""
    theme = request.cookies.get("caseroom-theme", "auto")
    return (
        _environment()
        .get_template(template)
        .render(
            nonce=request.state.nonce,
            csrf=request.state.csrf,
            csrf_field=_csrf_input(request.state.csrf),
            theme=theme if theme in THEMES else "auto",
            themes=THEMES,
            plain_editor=request.cookies.get("caseroom-editor") == "plain",
            here=request.url.path,
            section=_section(request.url.path),
            section_name=_SECTIONS[_section(request.url.path)],
            **values,
        )
    )


_SECTIONS = {"/": "case", "/questions": "question", "/interviews": "interview"}


def _section(path: str) -> str:
    """Give the entry of the main navigation that a page belongs to."""
    if path.startswith(("/questions", "/attempts")):
        return "/questions"
    return "/interviews" if path.startswith("/interviews") else "/"


def _csrf_input(token: str) -> Markup:
    return Markup(f'<input type="hidden" name="{CSRF_FIELD}" value="{escape(token)}">')


def show(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Give a whole page."""
    return HTMLResponse(fill(request, template, **values), status_code=status)


def parts(
    pieces: Sequence[Part],
    *,
    say: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give pieces of a page to htmx; `say` is read out politely."""
    all_pieces = [*pieces, *([Part("#live", str(escape(say)), "textContent")] if say else [])]
    body = "\n".join(
        f'<hx-partial hx-target="{escape(piece.target)}" hx-swap="{escape(piece.swap)}">'
        f"{piece.html}</hx-partial>"
        for piece in all_pieces
    )
    return HTMLResponse(body, status_code=status, headers=headers)


def redirect(path: str) -> Response:
    """Send the browser on after a form was handled, so that a refresh repeats nothing."""
    return RedirectResponse(path, status_code=303)
