"""Every registered world keeps its contract."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caseroom.vocabulary.errors import CaseroomError
from caseroom.world.build import build_world
from caseroom.world.check import changed_entities, check_world
from caseroom.world.registry import load_world, world_ids


@pytest.mark.parametrize("world_id", world_ids())
def test_a_world_keeps_its_contract(world_id: str) -> None:
    """Same tables twice, for any split; policies touch only whom they reach; help never hurts."""
    assert check_world(load_world(world_id), range(3), accounts=3000) == []


@pytest.mark.parametrize("world_id", world_ids())
def test_the_check_notices_a_world_that_leaks_a_policy(world_id: str) -> None:
    """A world that claims to reach nobody is told to change entities that it does not reach."""
    world = load_world(world_id)
    blind = replace(world, reach=lambda _blueprint, _policy, ids: np.zeros(len(ids), dtype=bool))

    broken = check_world(blind, [1], accounts=3000)

    assert any("does not reach" in sentence for sentence in broken)


@pytest.mark.parametrize("world_id", world_ids())
def test_most_entities_stay_byte_identical_under_an_experiment(world_id: str) -> None:
    """An experiment on 30% leaves all rows of at least 70% of the entities as they were."""
    world = load_world(world_id)
    ids = np.arange(6000)
    blueprint = world.draw(5, 6000)
    plain = world.sheets(blueprint, world.nothing, world.today, ids)
    tested = world.sheets(blueprint, world.levers["experiment"], world.today, ids)

    changed = changed_entities(plain, tested, world.entity, ids)

    assert 0 < changed.mean() < 0.3


def test_a_build_has_one_checksum_for_any_number_of_partitions(tmp_path: Path) -> None:
    """One and three partitions, one of them in other processes, give the same content."""
    built = [
        build_world("saas-churn", seed=7, accounts=20_000, partitions=p, out=tmp_path / str(p))
        for p in (1, 3)
    ]

    assert built[0]["checksum"] == built[1]["checksum"]
    assert built[0]["table_rows"] == built[1]["table_rows"]


def test_known_content_of_a_seed(tmp_path: Path) -> None:
    """The content of world saas-churn-v1, seed 7, may not change without a new version."""
    built = build_world("saas-churn", seed=7, accounts=4000, partitions=1, out=tmp_path / "w")

    assert built["checksum"] == "82da8e9e8bf4779cbede5464596a9980"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"seed": -1}, "seed -1"),
        ({"accounts": 0}, "0 accounts"),
        ({"partitions": 0}, "0 partitions"),
        ({"world_id": "saas-chrun"}, "saas-chrun"),
    ],
)
def test_numbers_out_of_range_are_named(
    tmp_path: Path, change: dict[str, object], expected: str
) -> None:
    """An impossible build says which value was wrong and what is allowed."""
    arguments = {"world_id": "saas-churn", "seed": 1, "accounts": 10, "partitions": 1} | change
    world_id = str(arguments.pop("world_id"))

    with pytest.raises(CaseroomError) as refused:
        build_world(world_id, out=tmp_path / "w", **arguments)  # pyright: ignore

    assert expected in refused.value.problem
    assert refused.value.allowed


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    """A build never writes into a folder that holds something."""
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")

    with pytest.raises(CaseroomError, match="not an empty folder"):
        build_world("saas-churn", seed=1, accounts=10, partitions=1, out=tmp_path)

    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "keep"
