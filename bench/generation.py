"""Generation speed against two limits in the same run: plain NumPy columns, a plain DuckDB table.

`python bench/generation.py [--accounts N]` prints JSON: event rows per CPU-second of the world in
memory and written as Parquet, of NumPy filling the same columns with nothing but copies, of Parquet
encoding alone, and of DuckDB making as many rows by `range` and `hash`; plus the time of a
counterfactual at KPI level for 20,000 accounts and of a case built from nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from caseroom.case.contract import CaseSpec
from caseroom.case.registry import load_kind
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.world.build import build_world
from caseroom.world.saas.blueprint import TODAY, WEEKS
from caseroom.world.saas.company import blocks
from caseroom.world.saas.draw import draw_blueprint
from caseroom.world.saas.lives import live
from caseroom.world.saas.people import draw_people
from caseroom.world.saas.policy import NOTHING, Action, Policy
from caseroom.world.saas.sheets import block_sheets, simulate_block
from caseroom.world.saas.value import worth

REPEATS = 3


def cpu(work: Callable[[], object]) -> float:
    """Give the median CPU seconds of a piece of work."""
    spent = []
    for _ in range(REPEATS):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return statistics.median(spent)


def simulate(accounts: int) -> int:
    """Simulate all tables of a world in memory; give the number of events."""
    blueprint = draw_blueprint(7, accounts=accounts)
    rows = 0
    for ids in blocks(accounts):
        block = simulate_block(blueprint, NOTHING, TODAY, ids)
        rows += len(block_sheets(blueprint, NOTHING, block)["events"]["account_id"])
    return rows


def numpy_copies(rows: int) -> list[np.ndarray]:
    """Fill columns of the same types by copying: the memory limit of NumPy."""
    kinds = (np.int32, np.int64, np.uint8, np.int64, np.uint8)
    sources = [np.arange(65_536).astype(kind) for kind in kinds]
    return [np.resize(source, rows) for source in sources]


def encode(columns: list[np.ndarray], folder: Path) -> None:
    """Write the columns as Parquet the way worlds do: the encoding limit."""
    words = pa.array([str(k) for k in range(256)])
    arrays = [
        pa.DictionaryArray.from_arrays(column, words) if column.dtype == np.uint8 else column
        for column in columns
    ]
    names = [f"c{k}" for k in range(len(arrays))]
    pq.write_table(
        pa.table(dict(zip(names, arrays, strict=True))),
        folder / "limit.parquet",
        compression="zstd",
        compression_level=1,
        use_dictionary=["c2", "c4"],
        column_encoding=dict.fromkeys(("c0", "c1", "c3"), "DELTA_BINARY_PACKED"),
        write_statistics=False,
    )


def duckdb_rows(rows: int) -> None:
    """Make as many rows of five hashed columns in plain DuckDB."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT (hash(i) % 24000)::INT a, hash(i + 1) % 999999 b, "
            "(hash(i + 2) % 6)::UTINYINT c, to_timestamp(hash(i + 3) % 99999999) d, "
            f"(hash(i + 4) % 8)::UTINYINT e FROM range({rows}) r(i)"
        )


def counterfactual() -> float:
    """Give the median milliseconds (wall) of living 20,000 accounts through another policy."""
    blueprint = draw_blueprint(7, accounts=20_000)
    ids = np.arange(20_000)
    before = live(blueprint, draw_people(blueprint, ids, NOTHING), NOTHING, TODAY)
    policy = Policy((Action(lever="retry_payments", start=TODAY + 1),))
    spent = []
    for _ in range(9):
        start = time.perf_counter()
        people = draw_people(blueprint, ids, policy)
        lives = live(blueprint, people, policy, WEEKS, since=TODAY, before=before)
        worth(blueprint, people, lives, policy, 0)
        spent.append(1000 * (time.perf_counter() - start))
    return statistics.median(spent)


def case_ready() -> tuple[float, int]:
    """Give seconds (wall) from a seed to a case that can be queried, and its event rows."""
    kind = load_kind("saas-churn")
    spec = CaseSpec(kind=kind.id, version=1, seed=11, level=Level.MID, vertical=Vertical.SAAS)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        counts = kind.build(kind.draw(spec), (), Path(folder) / "c.duckdb", lambda _w, _s: None)
        return time.perf_counter() - start, counts["events"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=200_000)
    accounts = parser.parse_args().accounts
    rows = simulate(accounts)
    columns = numpy_copies(rows)
    with tempfile.TemporaryDirectory() as folder:
        seconds = {
            "world_in_memory": cpu(lambda: simulate(accounts)),
            "numpy_copies": cpu(lambda: numpy_copies(rows)),
            "parquet_encoding": cpu(lambda: encode(columns, Path(folder))),
            "duckdb_hash": cpu(lambda: duckdb_rows(rows)),
        }
        built = build_world(
            "saas-churn", seed=7, accounts=accounts, partitions=1, out=Path(folder) / "w"
        )
    speed = {name: round(rows / spent) for name, spent in seconds.items()}
    speed["world_as_parquet"] = built["rows_per_cpu_second"]
    ready, events = case_ready()
    print(
        json.dumps(
            {
                "event_rows": rows,
                "rows_per_cpu_second": speed,
                "world_over_duckdb": round(speed["world_in_memory"] / speed["duckdb_hash"], 2),
                "world_over_parquet_limit": round(
                    speed["world_as_parquet"] / speed["parquet_encoding"], 2
                ),
                "counterfactual_ms_20000_accounts": round(counterfactual(), 1),
                "case_ready_seconds": round(ready, 2),
                "case_event_rows": events,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
