"""The worlds by id.

In: an id. Out: a `World`: its version and pure functions that draw, build and compare it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.world.columns import Sheet

__all__ = ["World", "load_world", "world_ids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A kind of business.

    Attributes:
        id, version: Together the content id; a change of behavior is a new version.
        draw: Blueprint of (seed, accounts).
        blocks: Entity numbers of each block, in order, of a number of accounts.
        sheets: Tables of one block of a blueprint, under a policy, up to a week.
        nothing: The policy that changes nothing.
        levers: Policies that `check_world` tries, by name; none of them may shorten a life.
        reach: Which of these entities a policy may touch at all.
        lifetimes: Weeks that each of these entities stays, under a policy, up to a week.
        today: The week in which cases open.
        events: Name of the table whose rows are counted as events.
        entity: Name of the column that holds the entity number in every table.
    """

    id: str
    version: int
    draw: Callable[[int, int], Any]
    blocks: Callable[[int], Iterator[NDArray[np.int64]]]
    sheets: Callable[[Any, Any, int, NDArray[np.int64]], Mapping[str, Sheet]]
    nothing: Any
    levers: Mapping[str, Any]
    reach: Callable[[Any, Any, NDArray[np.int64]], NDArray[np.bool_]]
    lifetimes: Callable[[Any, Any, int, NDArray[np.int64]], NDArray[np.int64]]
    today: int
    events: str
    entity: str


def _saas() -> World:
    from caseroom.world.saas.world import world

    return world()


_WORLDS: Mapping[str, Callable[[], World]] = {"saas-churn": _saas}


def world_ids() -> tuple[str, ...]:
    """Give the ids of all worlds."""
    return tuple(_WORLDS)


def load_world(world_id: str) -> World:
    """Give a world.

    Raises:
        CaseroomError: For an unknown id, with the ids there are.
    """
    if world_id not in _WORLDS:
        close = difflib.get_close_matches(world_id, _WORLDS, n=1)
        raise CaseroomError(
            f"There is no world {world_id!r}.",
            allowed=", ".join(_WORLDS),
            next_step=f"did you mean {close[0]}?" if close else "choose one of these.",
            code=ExitCode.NOT_FOUND,
        )
    return _WORLDS[world_id]()
