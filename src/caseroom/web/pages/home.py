"""The list of cases: kinds to start, and cases that were started.

In: `GET /`, `POST /cases`, `POST /case/ID/delete`. Out: the list, or a redirect to the new case.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath

from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.cases import create_case, delete_case, list_cases, list_kinds, start_build
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.handling import Posted, room_of, whole_number
from caseroom.web.pages.problems import status_of
from caseroom.web.render import redirect, show

__all__ = ["delete", "home", "set_theme", "start"]

_YEAR_SECONDS = 31_536_000


def home(request: Request) -> Response:
    """Show kinds and started cases."""
    return _home(request)


def _home(
    request: Request, *, error: CaseroomError | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    app = room_of(request)
    return show(
        request,
        "home.html",
        status=status_of(error) if error else 200,
        kinds=list_kinds(app.kinds),
        cases=list_cases(app),
        error=error,
        typed=typed or {},
    )


def start(request: Request, posted: Posted) -> Response:
    """Start a case; a choice that is not possible shows the list again with the reason."""
    app = room_of(request)
    try:
        seed = posted.get("seed").strip()
        with _uploaded(posted) as data:
            card = create_case(
                app,
                posted.get("kind"),
                seed=whole_number(seed, "seed") if seed else None,
                level=posted.get("level"),
                vertical=posted.get("vertical"),
                data=data,
            )
    except CaseroomError as error:
        return _home(request, error=error, typed=posted.fields)
    start_build(app, card.id)
    return redirect(f"/case/{card.id}")


@contextmanager
def _uploaded(posted: Posted) -> Iterator[Path | None]:
    """Give the path of an uploaded table under its own name, for as long as it is read."""
    upload = posted.files.get("data")
    if upload is None or not upload.filename:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="caseroom-upload-") as folder:
        path = Path(folder) / (PurePath(upload.filename.replace("\\", "/")).name or "table")
        with path.open("wb") as target:
            shutil.copyfileobj(upload.file, target)
        yield path


def delete(request: Request, posted: Posted) -> Response:
    """Delete a case with its whole history, once it is confirmed."""
    case_id = request.path_params["case"]
    if posted.get("confirmed") != "yes":
        return show(request, "delete.html", case_id=case_id)
    delete_case(room_of(request), case_id)
    return redirect("/")


def set_theme(request: Request, posted: Posted) -> Response:
    """Keep the chosen theme, or the plain editor, in a cookie and go back to the page."""
    back = posted.get("back", "/")
    response = redirect(back if back.startswith("/") and not back.startswith("//") else "/")
    for name in ("theme", "editor"):
        if value := posted.get(name):
            response.set_cookie(
                f"caseroom-{name}", value[:20], max_age=_YEAR_SECONDS, samesite="strict", path="/"
            )
    return response
