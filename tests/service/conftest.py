"""Applications on a data folder of their own, with the toy kind.

In: `toy_shop`. Out: the fixtures `app` and `case_id`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import toy_shop
from caseroom.bootstrap import open_caseroom
from caseroom.investigation.sandbox import SandboxPool
from caseroom.service.app import Caseroom, Kinds
from caseroom.service.cases import build_case, create_case


class Lent:
    """A sandbox that many applications use one after the other: closing it gives it back."""

    def __init__(self, pool: SandboxPool) -> None:
        self.query = pool.query
        self.forget = pool.forget

    def close(self) -> None:
        """Leave the workers to the next test."""


@pytest.fixture(scope="session")
def workers() -> Iterator[SandboxPool]:
    """Give query workers that get ready while other tests run."""
    with SandboxPool(most=6, spares=2) as pool:
        yield pool


@pytest.fixture
def opened(data_dir: Path, workers: SandboxPool) -> Iterator[Callable[..., Caseroom]]:
    """Give a function that opens the same data folder (again), with other kinds if wanted."""
    apps: list[Caseroom] = []

    def open_it(kinds: Kinds | None = None, *, serving: bool = False) -> Caseroom:
        app = open_caseroom(data_dir, kinds=kinds or toy_shop.kinds(), serving=serving)
        app.sandbox.close()
        apps.append(replace(app, sandbox=Lent(workers)))
        return apps[-1]

    yield open_it
    for app in apps:
        app.close()


@pytest.fixture
def app(opened: Callable[..., Caseroom]) -> Caseroom:
    """Give an application on an empty data folder."""
    return opened()


@pytest.fixture
def case_id(app: Caseroom) -> str:
    """Give a started and built case."""
    card = create_case(app, "toy-kiosk", seed=3, level="associate", vertical="saas")
    build_case(app, card.id)
    return card.id
