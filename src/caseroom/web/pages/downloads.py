"""Downloads: the company's tables, one result, the notebook.

In: `GET /case/ID/download/FORMAT`, `GET /case/ID/query/N/download/FORMAT`. Out: files.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from caseroom.service.exports import export_notebook, export_query, export_tables
from caseroom.web.handling import room_of, whole_number

__all__ = ["attachment", "download", "download_result"]

_BYTES = "application/octet-stream"
_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
    ".ipynb": "application/json",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}


def download(request: Request) -> Response:
    """Give all tables as CSV or Parquet (zipped), the database file, or the notebook."""
    app, case_id = room_of(request), request.path_params["case"]
    wanted = request.path_params["format"]
    if wanted == "notebook":
        return attachment(*export_notebook(app, case_id))
    name, path = export_tables(app, case_id, wanted)
    return FileResponse(path, filename=name, media_type=_type_of(name))


def download_result(request: Request) -> Response:
    """Give the whole result of one query."""
    query = whole_number(request.path_params["query"], "query number", low=1)
    case_id, wanted = request.path_params["case"], request.path_params["format"]
    return attachment(*export_query(room_of(request), case_id, query, wanted))


def attachment(name: str, content: bytes) -> Response:
    """Give a file to save under a name."""
    disposition = f"attachment; filename*=utf-8''{quote(name)}"
    return Response(
        content, media_type=_type_of(name), headers={"Content-Disposition": disposition}
    )


def _type_of(name: str) -> str:
    return next((kind for ending, kind in _TYPES.items() if name.endswith(ending)), _BYTES)
