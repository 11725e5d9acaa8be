"""The one place that wires adapters to ports.

In: a data folder. Out: a `Caseroom` on which every use case runs, or an open case for a notebook.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from caseroom.adapters.clock import SystemClock
from caseroom.adapters.files import DataFolder
from caseroom.adapters.models.configured import ConfiguredModels
from caseroom.adapters.place import default_data_dir
from caseroom.adapters.sqlstore import open_sqlite
from caseroom.case.contract import Progress
from caseroom.investigation.sandbox import SandboxPool
from caseroom.service.app import Caseroom, Kinds
from caseroom.service.cases import build_case, create_case, find_case
from caseroom.service.desk import OpenCase
from caseroom.service.recovery import recover
from caseroom.service.text_grader import chosen_bank
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["open_case", "open_caseroom"]


def open_caseroom(
    data_dir: Path | None = None,
    *,
    kinds: Kinds | None = None,
    serving: bool = False,
    progress: Progress | None = None,
) -> Caseroom:
    """Open a data folder: migrate its store, then finish what a crash cut short.

    Args:
        data_dir: The folder; by default $CASEROOM_HOME, else this user's own data folder.
        kinds: The kinds that can be played; all registered ones by default.
        serving: For a server: interrupted builds go on in the background, and a sandbox worker is
            kept ready.
        progress: Told how far interrupted builds are.

    Raises:
        CaseroomError: When the folder or its store cannot be used, or $CASEROOM_TEXT_GRADER names
            a grader that is not there.
    """
    bank = chosen_bank(os.environ)
    files = DataFolder(data_dir or default_data_dir())
    app = Caseroom(
        store=open_sqlite(files.progress, files.sources),
        files=files,
        sandbox=SandboxPool(spares=1 if serving else 0),
        clock=SystemClock(),
        kinds=kinds or Kinds(),
        bank=bank,
        models=ConfiguredModels(files.root),
    )
    try:
        recover(app, background=serving, progress=progress)
    except BaseException:
        app.close()
        raise
    return app


def open_case(
    kind_or_id: str,
    *,
    seed: int | None = None,
    level: str = "associate",
    vertical: str = "saas",
    data: Path | str | None = None,
    data_dir: Path | str | None = None,
    kinds: Kinds | None = None,
) -> OpenCase:
    """Open a case in a notebook or script: a new one of a kind, or one that was started.

    Args:
        kind_or_id: A kind (`caseroom cases` lists them) starts a new case; the id of a case, the
            beginning of one, or "last" opens that case.
        seed: A whole number; none draws one.
        level: associate, mid, senior or lead.
        vertical: saas, finance or healthcare.
        data: For kinds that take a table of yours: a CSV or Parquet file.
        data_dir: The data folder; the same one as the command line's by default.
        kinds: The kinds that can be played; all registered ones by default.

    Raises:
        CaseroomError: For unknown names and values, with what is allowed.

    Example:
        >>> from caseroom import open_case
        >>> case = open_case("saas-churn", seed=7)  # doctest: +SKIP
        >>> case.sql("SELECT count(*) AS n FROM accounts").one()["n"]  # doctest: +SKIP
        20000
    """
    app = open_caseroom(Path(data_dir) if data_dir is not None else None, kinds=kinds)
    try:
        if kind_or_id not in app.kinds.ids():
            return OpenCase(app, _started(app, kind_or_id))
        table = Path(data) if data is not None else None
        card = create_case(app, kind_or_id, seed=seed, level=level, vertical=vertical, data=table)
        build_case(app, card.id)
        return OpenCase(app, card.id)
    except BaseException:
        app.close()
        raise


def _started(app: Caseroom, name: str) -> str:
    """Give the id of a started case; a misspelled kind is told from a missing case."""
    close = difflib.get_close_matches(name, app.kinds.ids(), n=1)
    if not close:
        return find_case(app, name)
    raise CaseroomError(
        f"{name!r} is neither a kind nor a started case.",
        allowed=", ".join(app.kinds.ids()),
        next_step=f"did you mean {close[0]}?",
        code=ExitCode.NOT_FOUND,
    )
