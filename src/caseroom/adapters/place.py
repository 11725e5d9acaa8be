"""Where the data folder is.

In: the environment. Out: a path; nothing is made.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

__all__ = ["default_data_dir"]


def default_data_dir() -> Path:
    """Give the data folder: $CASEROOM_HOME where it is set, else this user's own folder."""
    chosen = os.environ.get("CASEROOM_HOME")
    return Path(chosen).expanduser() if chosen else user_data_path("caseroom", appauthor=False)
