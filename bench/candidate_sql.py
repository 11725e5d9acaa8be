"""How much the sandbox costs: ordinary aggregates over a million rows, against plain DuckDB.

In: nothing (`--rounds N`, `--rows N`). Out: JSON with milliseconds in the sandbox and in this
process, measured in turn in the same run with the same number of threads. `seconds_to_first` is a
new pool's time to its first answer, `seconds_to_warm` that of a case whose worker was kept ready.

Run: python bench/candidate_sql.py
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

from caseroom.investigation.sandbox import Limits, SandboxPool

QUERIES = {
    "count": "SELECT count(*) FROM events",
    "by plan": "SELECT plan, count(*), avg(seconds) FROM events JOIN accounts USING (account_id) "
    "GROUP BY plan ORDER BY plan",
    "by week": "SELECT date_trunc('week', event_time) AS week, count(*), "
    "count(DISTINCT account_id) FROM events GROUP BY week ORDER BY week",
    "filter": "SELECT name, count(*) FROM events WHERE event_time >= TIMESTAMP '2025-06-01' "
    "AND seconds > 20 GROUP BY name ORDER BY 2 DESC",
    "funnel": "SELECT count(DISTINCT account_id) FILTER (WHERE name = 'signup') AS signups, "
    "count(DISTINCT account_id) FILTER (WHERE name = 'pay') AS payers FROM events",
    "quantiles": "SELECT plan, quantile_cont(seconds, [0.5, 0.9, 0.99]) FROM events "
    "JOIN accounts USING (account_id) GROUP BY plan ORDER BY plan",
    "window": "SELECT week, n, n - lag(n) OVER (ORDER BY week) AS change FROM (SELECT "
    "date_trunc('week', event_time) AS week, count(*) AS n FROM events GROUP BY week) "
    "ORDER BY week",
    "per account": "SELECT account_id, min(event_time), max(event_time), count(*) AS n FROM events "
    "GROUP BY account_id ORDER BY n DESC LIMIT 100",
    "rows": "SELECT * FROM events ORDER BY event_time DESC LIMIT 100",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="caseroom-bench-") as folder:
        database = Path(folder) / "company.duckdb"
        write_company(database, options.rows)
        print(json.dumps(measure(database, options.rounds) | {"rows": options.rows}, indent=2))


def write_company(path: Path, rows: int) -> None:
    """Write 20,000 accounts and their events, about a year of them."""
    with duckdb.connect(str(path)) as db:
        db.execute(
            "CREATE TABLE accounts AS SELECT i::INT AS account_id, "
            "['solo', 'team', 'firm'][(hash(i) % 3 + 1)::INT] AS plan FROM range(20000) t(i)"
        )
        db.execute(
            "CREATE TABLE events AS SELECT i AS event_id, (hash(i) % 20000)::INT AS account_id, "
            "TIMESTAMP '2025-01-06' + to_seconds((i * 31_000_000 // $rows)::BIGINT) AS event_time, "
            "['signup', 'open', 'edit', 'share', 'pay'][(hash(i, 1) % 5 + 1)::INT] AS name, "
            "(hash(i, 2) % 6000) / 100 AS seconds FROM range($rows) t(i)",
            {"rows": rows},
        )


def measure(database: Path, rounds: int) -> dict[str, object]:
    """Run every query in turn in the sandbox and in this process."""
    limits = Limits()
    start = time.perf_counter()
    with (
        SandboxPool(most=2, spares=1, limits=limits) as pool,
        duckdb.connect(str(database), read_only=True, config={"threads": limits.threads}) as plain,
    ):
        pool.query(database, "SELECT 1", limit=1)
        first = time.perf_counter() - start
        time.sleep(1.0)  # the spare gets ready meanwhile
        copy = database.with_name("other.duckdb")
        copy.write_bytes(database.read_bytes())
        warm = milliseconds(lambda: pool.query(copy, "SELECT 1", limit=1)) / 1000

        found = {
            name: compare(
                rounds,
                lambda sql=sql: pool.query(database, sql, limit=100),
                lambda sql=sql: plain.execute(sql).fetchmany(100),
            )
            for name, sql in QUERIES.items()
        }
        return summary(found) | {
            "isolation": pool.isolation,
            "threads": limits.threads,
            "seconds_to_first": round(first, 3),
            "seconds_to_warm": round(warm, 3),
        }


def compare(
    rounds: int, sandbox: Callable[[], object], plain: Callable[[], object]
) -> tuple[list[float], list[float]]:
    """Give the times of both, taken in turn; the first round warms up and does not count."""
    times = [(milliseconds(sandbox), milliseconds(plain)) for _ in range(rounds + 1)][1:]
    return [each[0] for each in times], [each[1] for each in times]


def milliseconds(run: Callable[[], object]) -> float:
    """Give the time of one call."""
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def summary(found: dict[str, tuple[list[float], list[float]]]) -> dict[str, object]:
    """Give medians, 95th percentiles and ratios, for each query and for all."""
    sandbox = [each for times, _ in found.values() for each in times]
    plain = [each for _, times in found.values() for each in times]
    ratios = {name: statistics.median(a) / statistics.median(b) for name, (a, b) in found.items()}
    return {
        "sandbox_ms": {"median": round(statistics.median(sandbox), 2), "p95": p95(sandbox)},
        "plain_ms": {"median": round(statistics.median(plain), 2), "p95": p95(plain)},
        "ratio_of_sums": round(sum(sandbox) / sum(plain), 3),
        "queries": {
            name: {
                "sandbox_median_ms": round(statistics.median(a), 2),
                "sandbox_p95_ms": p95(a),
                "plain_median_ms": round(statistics.median(b), 2),
                "plain_p95_ms": p95(b),
                "ratio": round(ratios[name], 3),
            }
            for name, (a, b) in found.items()
        },
    }


def p95(times: list[float]) -> float:
    """Give the 95th percentile."""
    return round(statistics.quantiles(times, n=20)[-1], 2)


if __name__ == "__main__":
    main()
