"""About: what the product is, and the licenses of the code that comes with the pages.

In: `GET /about`. Out: a page that lists the vendored packages from the manifest.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from caseroom import __version__
from caseroom.web.assets import read_manifest
from caseroom.web.render import show

__all__ = ["about"]


def about(request: Request) -> Response:
    """Show version and licenses."""
    return show(request, "about.html", version=__version__, packages=read_manifest()["packages"])
