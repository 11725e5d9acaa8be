"""The built static files: fingerprinted names from the manifest, served with long caching.

In: web/static as `frontend/build.mjs` wrote it. Out: the address of an asset, and the files.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response

__all__ = ["STATIC", "asset_url", "read_manifest", "static_file"]

STATIC = Path(__file__).parent / "static"

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}
_YEAR = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1)
def read_manifest() -> dict[str, Any]:
    """Give the manifest: entries (name to file), files with digests, vendored packages."""
    return json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))


def asset_url(name: str) -> str:
    """Give the address of an entry such as app.js. Raises KeyError for an unknown name."""
    return f"/static/{read_manifest()['entries'][name]}"


@lru_cache(maxsize=1)
def _known_files() -> frozenset[str]:
    return frozenset(entry["name"] for entry in read_manifest()["files"])


async def static_file(request: Request) -> Response:
    """Serve one built file; only names that the manifest lists are looked up."""
    name = request.path_params["name"]
    if name not in _known_files():
        return Response("There is no such file.", status_code=404, media_type="text/plain")
    headers = {"Cache-Control": _YEAR if "-" in name else "no-cache"}
    path = STATIC / name
    return FileResponse(path, media_type=_TYPES[path.suffix], headers=headers)
