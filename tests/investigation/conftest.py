"""A small company, another case beside it, and a pool of workers for all tests of the sandbox.

In: nothing. Out: the fixtures `company`, `other_case` and `pool`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from caseroom.investigation.sandbox import SandboxPool
from toy_company import write_company


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the database of the case that tests query."""
    return write_company(tmp_path_factory.mktemp("case") / "company.duckdb")


@pytest.fixture(scope="session")
def other_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the database of a case that queries on the first one must not reach."""
    path = tmp_path_factory.mktemp("other") / "company.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE secrets AS SELECT 'planted cause' AS truth")
    return path


@pytest.fixture(scope="session")
def pool() -> Iterator[SandboxPool]:
    """Give a pool with the strongest isolation that works here."""
    with SandboxPool(most=3, spares=1) as pool:
        yield pool
