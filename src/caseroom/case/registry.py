"""The case kinds by id.

In: kinds, registered as functions that load them lazily. Out: a kind, or an error that names the
ids there are and the closest one.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from importlib import import_module

from caseroom.case.contract import CaseKind
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["kind_ids", "load_kind"]

_MODULES: dict[str, str] = {
    "saas-churn": "caseroom.case.kinds.saas_churn",
    "data-audit": "caseroom.case.kinds.data_audit",
}


def kind_ids() -> tuple[str, ...]:
    """Give the ids of all registered kinds, in the order in which they are offered."""
    return tuple(_MODULES)


def load_kind(kind_id: str) -> CaseKind:
    """Give the kind with this id.

    Raises:
        CaseroomError: For an unknown id, with the closest known one.
    """
    if kind_id not in _MODULES:
        close = difflib.get_close_matches(kind_id, _MODULES, n=1)
        hint = f"did you mean {close[0]}?" if close else "run `caseroom cases` for the list."
        raise CaseroomError(
            f"There is no case kind {kind_id!r}.",
            allowed=", ".join(_MODULES),
            next_step=hint,
            code=ExitCode.NOT_FOUND,
        )
    kind: Callable[[], CaseKind] = import_module(_MODULES[kind_id]).kind
    return kind()
