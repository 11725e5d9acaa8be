"""Serves a toy room in a process of its own, by a clock in a file: for tests that kill it.

In: `python launcher.py FOLDER PORT CLOCK TOKEN`. Out: pages, until the process ends.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import toy_room
from caseroom.service.recovery import recover
from caseroom.web.serve import serve
from set_clock import FileClock


def main(folder: str, port: str, clock: str, token: str) -> None:
    """Serve."""
    room = replace(toy_room.open_toy_room(Path(folder)), clock=FileClock(Path(clock)))
    recover(room, background=True)
    serve(room, port=int(port), open_browser=False, token=token)


if __name__ == "__main__":
    main(*sys.argv[1:])
