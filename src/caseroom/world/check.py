"""Check a world against its contract: determinism, any partition, exact counterfactuals, monotony.

In: a `World` and seeds. Out: the promises that it breaks, as sentences (none for a sound world).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caseroom.world.columns import Coded, Column, Moments, Optional, Sheet, digest
from caseroom.world.registry import World

__all__ = ["changed_entities", "check_world"]

_ACCOUNTS = 6_000


def check_world(world: World, seeds: Iterable[int], *, accounts: int = _ACCOUNTS) -> list[str]:
    """Try a world with these seeds; give what is broken.

    A world must give the same tables twice and for any split of its entities; a policy may change
    only entities that it reaches, and only rows; a lever that helps may never shorten a life.
    """
    broken: list[str] = []
    for seed in seeds:
        blueprint = world.draw(seed, accounts)
        ids = np.arange(accounts)
        plain = world.sheets(blueprint, world.nothing, world.today, ids)
        broken += _same_twice(world, seed, accounts, plain)
        broken += _same_split(world, blueprint, seed, ids, plain)
        for name, policy in world.levers.items():
            broken += _exact(world, blueprint, seed, ids, plain, name, policy)
            broken += _monotone(world, blueprint, seed, ids, name, policy)
    return broken


def _same_twice(world: World, seed: int, accounts: int, plain: Mapping[str, Sheet]) -> list[str]:
    again = world.sheets(
        world.draw(seed, accounts), world.nothing, world.today, np.arange(accounts)
    )
    return [
        f"seed {seed}: table {name} differs when it is built again"
        for name in plain
        if digest(plain[name]) != digest(again[name])
    ]


def _same_split(
    world: World, blueprint: Any, seed: int, ids: NDArray[np.int64], plain: Mapping[str, Sheet]
) -> list[str]:
    """Compare the rows of a third of the entities, simulated alone, with theirs among all."""
    part = ids[len(ids) // 3 : 2 * len(ids) // 3]
    alone = world.sheets(blueprint, world.nothing, world.today, part)
    return [
        f"seed {seed}: rows of {name} depend on who else is simulated"
        for name in plain
        if _by_entity(plain[name], world.entity, part)
        != _by_entity(alone[name], world.entity, part)
    ]


def _exact(
    world: World,
    blueprint: Any,
    seed: int,
    ids: NDArray[np.int64],
    plain: Mapping[str, Sheet],
    name: str,
    policy: Any,
) -> list[str]:
    changed = changed_entities(
        plain, world.sheets(blueprint, policy, world.today, ids), world.entity, ids
    )
    stray = changed & ~world.reach(blueprint, policy, ids)
    if not stray.any():
        return []
    return [f"seed {seed}: {name} changes {int(stray.sum())} entities that it does not reach"]


def _monotone(
    world: World, blueprint: Any, seed: int, ids: NDArray[np.int64], name: str, policy: Any
) -> list[str]:
    before = world.lifetimes(blueprint, world.nothing, world.today, ids)
    after = world.lifetimes(blueprint, policy, world.today, ids)
    shorter = int((after < before).sum())
    return [f"seed {seed}: {name} shortens {shorter} lives"] if shorter else []


def changed_entities(
    one: Mapping[str, Sheet], other: Mapping[str, Sheet], entity: str, ids: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which entities have any different row in any table of two builds."""
    changed = np.zeros(len(ids), dtype=bool)
    for name in one:
        left = _by_entity(one[name], entity, ids)
        right = _by_entity(other[name], entity, ids)
        changed |= np.array([left.get(int(i)) != right.get(int(i)) for i in ids])
    return changed


def _values(column: Column) -> NDArray[np.int64]:
    if isinstance(column, Coded):
        return column.codes.astype(np.int64)
    if isinstance(column, Moments):
        return column.seconds
    if isinstance(column, Optional):
        return np.where(column.missing, -1, column.values)
    return np.asarray(column).astype(np.int64)


def _by_entity(sheet: Sheet, entity: str, ids: NDArray[np.int64]) -> dict[int, bytes]:
    """Give the bytes of every entity's rows, in the order in which they stand in the table."""
    owner = sheet[entity]
    key = np.asarray(owner.values if isinstance(owner, Optional) else owner)
    rows = np.stack([_values(column) for column in sheet.values()], axis=1)
    order = np.argsort(key, kind="stable")
    key, rows = key[order], rows[order]
    first = np.searchsorted(key, ids, side="left")
    last = np.searchsorted(key, ids, side="right")
    return {int(i): rows[a:b].tobytes() for i, a, b in zip(ids, first, last, strict=True) if b > a}
