"""A small table of sales that looks like a person's own: 20 weeks, four stores, two channels.

In: a seed. Out: Arrow tables and files for tests; the same for the same seed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

FIRST = date(2024, 1, 1)
DAYS = 140
STORES = ("harbor", "hill", "mill", "market")
PER_DAY = (30, 26, 22, 34)


def sales(seed: int = 1, days: int = DAYS) -> pa.Table:
    """Give one row per sale: sale, sold_at, store, channel, amount, minutes, customer."""
    rng = np.random.default_rng(seed)
    stamps: list[datetime] = []
    stores: list[str] = []
    for day in range(days):
        for store, usual in zip(STORES, PER_DAY, strict=True):
            count = int(rng.poisson(usual * (0.8 if day % 7 >= 5 else 1.0)))
            hours = 9 + 9 * rng.beta(2, 2, count)
            start = datetime(FIRST.year, FIRST.month, FIRST.day) + timedelta(days=day)
            stamps += [start + timedelta(seconds=int(3600 * hour)) for hour in hours]
            stores += [store] * count
    n = len(stamps)
    order = np.argsort(np.array(stamps, dtype="datetime64[s]"), kind="stable")
    return pa.table(
        {
            "sale": pa.array(range(10_001, 10_001 + n), pa.int64()),
            "sold_at": pa.array([stamps[at] for at in order], pa.timestamp("us")),
            "store": pa.array([stores[at] for at in order]),
            "channel": pa.array(np.where(rng.random(n) < 0.4, "web", "desk")),
            "amount": pa.array(np.round(np.exp(rng.normal(3.2, 0.5, n)), 2)),
            "minutes": pa.array(np.round(rng.gamma(6.0, 1.5, n) + 1, 1)),
            "customer": pa.array([f"c{value}" for value in rng.integers(100, 900, n)]),
        }
    )


def write_csv(table: pa.Table, path: Path) -> Path:
    """Write a table as CSV with a header line."""
    pa_csv.write_csv(table, path)
    return path


def write_parquet(table: pa.Table, path: Path) -> Path:
    """Write a table as Parquet."""
    pq.write_table(table, path)
    return path
