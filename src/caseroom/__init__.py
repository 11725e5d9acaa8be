"""Caseroom: a flight simulator for Data Product Managers.

In: a case kind and a seed. Out: a company whose truth is known, a decision, and what would have
happened.

Example:
    >>> from caseroom import open_case
    >>> case = open_case("saas-churn", seed=7)  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caseroom.bootstrap import open_case
    from caseroom.vocabulary.errors import CaseroomError

__version__ = "0.1.0"
__all__ = ["CaseroomError", "__version__", "open_case"]

_HOMES = {"open_case": "caseroom.bootstrap", "CaseroomError": "caseroom.vocabulary.errors"}


def __getattr__(name: str) -> Any:
    """Import what is public when it is first used: query workers start without all of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
