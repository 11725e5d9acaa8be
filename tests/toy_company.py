"""A small company for tests that only need some tables to query.

In: a path. Out: a DuckDB file with accounts and events.
"""

from __future__ import annotations

from pathlib import Path

import duckdb


def write_company(path: Path, *, accounts: int = 1_000) -> Path:
    """Write a company of accounts and events; `accounts` tells versions of it apart."""
    with duckdb.connect(str(path)) as db:
        db.execute(
            "CREATE TABLE accounts AS SELECT i::INT AS account_id, "
            "['solo', 'team', 'firm'][(i % 3 + 1)::INT] AS plan, "
            "DATE '2025-01-06' + (i % 90)::INT AS opened, (i * 1.5)::DECIMAL(10, 2) AS revenue "
            f"FROM range({accounts}) t(i)"
        )
        db.execute(
            "CREATE TABLE events AS SELECT i AS event_id, (i % 1000)::INT AS account_id, "
            "TIMESTAMP '2025-01-06' + to_seconds(i * 60) AS at FROM range(30000) t(i)"
        )
    return path
