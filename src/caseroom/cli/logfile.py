"""The log: where unexpected errors are written in full.

In: an exception that is being handled, or log records of a server. Out: lines in a file.
"""

from __future__ import annotations

import logging
import tempfile
from logging.handlers import RotatingFileHandler
from pathlib import Path

__all__ = ["log_to", "write_log"]

_BYTES = 1_000_000


def log_to(path: Path) -> logging.Handler:
    """Send log records (warnings and worse) to a file that never grows over a few megabytes."""
    handler = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=2, delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    return handler


def write_log(path: Path) -> Path:
    """Write the exception that is being handled; gives the file, in the worst case a temporary one.

    Raises nothing: a log that can't be written must not hide the error itself.
    """
    for place in (path, Path(tempfile.gettempdir()) / "caseroom.log"):
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            handler = log_to(place)
        except OSError:
            continue
        try:
            logging.getLogger("caseroom").exception("unexpected error")
            if place.exists():
                return place
        finally:
            logging.getLogger().removeHandler(handler)
            handler.close()
    return path
