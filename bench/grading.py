"""Time of grading one submission with 60 queries, against parsing the same queries and JSON.

In: `--repeat` times. Out: one JSON object on standard output: percentiles in milliseconds (by the
clock, which a busy machine stretches, and of the processor) and ratios of the same run. Every
repetition starts with an empty cache of read queries, as in a process that grades once. The
consequence is worked out before: it belongs to the world.

Peers: parsing each query once by sqlglot is the least that a grader which reads SQL can do; writing
and reading the submission and the log as JSON is the least that any grader with a store does.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from time import perf_counter, process_time

import sqlglot

from caseroom.case.contract import CaseSpec
from caseroom.case.parse import parse_submission
from caseroom.case.registry import load_kind
from caseroom.grading.report import grade
from caseroom.grading.sql_reading import read_sql
from caseroom.investigation.log import InvestigationLog, QueryRecord
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.vocabulary.plain import plain

TARGET_MS = 100.0
QUERIES = 60

TEMPLATES = (
    "SELECT count(*), count(DISTINCT account_id) FROM accounts WHERE seats >= {n}",
    "SELECT min(occurred_at), max(occurred_at), count(*) FROM events WHERE account_id > {n}",
    "SELECT plan, country, count(*) AS n, avg(seats) AS seats FROM accounts WHERE NOT is_internal "
    "AND seats > {n} GROUP BY ALL HAVING count(*) > 5 ORDER BY n DESC",
    "SELECT date_trunc('week', started_on) AS week, count(*) FROM subscriptions "
    "WHERE seats > {n} GROUP BY 1 ORDER BY 1",
    "WITH lost AS (SELECT account_id, min(ended_on) AS lost_on FROM subscriptions WHERE ended_on "
    "IS NOT NULL GROUP BY account_id) SELECT a.plan, date_trunc('month', a.created_at) AS month, "
    "count(*) AS accounts, count(lost.account_id) AS lost, 1.0 * count(lost.account_id) / count(*) "
    "AS share FROM accounts a LEFT JOIN lost USING (account_id) WHERE a.seats > {n} GROUP BY ALL",
    "SELECT i.status, s.plan, sum(i.amount_cents) / 100 AS amount FROM invoices i JOIN "
    "subscriptions s ON s.account_id = i.account_id AND i.issued_on BETWEEN s.started_on AND "
    "coalesce(s.ended_on, DATE '2099-01-01') WHERE i.amount_cents > {n} GROUP BY ALL",
    "SELECT client_version, event, count(*) AS n, count(DISTINCT user_id) AS users FROM events "
    "WHERE occurred_at >= DATE '2025-01-01' AND user_id % {n} = 0 GROUP BY ALL",
    "SELECT account_id, event, occurred_at, lag(occurred_at) OVER (PARTITION BY account_id, event "
    "ORDER BY occurred_at) AS before FROM events QUALIFY date_diff('day', before, occurred_at) > "
    "{n} ORDER BY account_id LIMIT 100",
    "SELECT channel, width_bucket(seats, 0, 100, {n}) AS size, quantile_cont(seats, 0.5) FROM "
    "accounts GROUP BY channel, size",
    "SELECT * FROM change_log WHERE team ILIKE '%data%' OR id = {n} -- who changed events?",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=200)
    repeat = parser.parse_args().repeat
    run, sql, payload = prepared()
    graded, graded_cpu = times(run, repeat)
    parsed, parsed_cpu = times(lambda: [sqlglot.parse(text, read="duckdb") for text in sql], repeat)
    stored, stored_cpu = times(lambda: json.loads(json.dumps(payload)), repeat)
    result = {
        "queries": len(sql),
        "payload_bytes": len(json.dumps(payload)),
        "repeat": repeat,
        "grading_ms": percentiles(graded),
        "grading_cpu_ms": percentiles(graded_cpu),
        "sqlglot_parse_ms": percentiles(parsed),
        "json_ms": percentiles(stored),
        "cpu_ratio_to_parse": round(median(graded_cpu) / median(parsed_cpu), 2),
        "cpu_ratio_to_json": round(median(graded_cpu) / median(stored_cpu), 1),
        "target_p95_ms": TARGET_MS,
        "within_target": percentiles(graded)["p95"] < TARGET_MS,
    }
    print(json.dumps(result, indent=2))


def prepared() -> tuple[Callable[[], object], list[str], object]:
    """Give the grading of one perfect submission, its queries, and all of it as plain values."""
    kind = load_kind("saas-churn")
    case = kind.draw(
        CaseSpec(
            kind=kind.id,
            version=kind.version,
            seed=7,
            level=Level.SENIOR,
            vertical=Vertical.SAAS,
        )
    )
    submission, problems = parse_submission(case.form, kind.samples(case).perfect)
    if submission is None:
        raise SystemExit(f"the perfect sample can't be read: {problems}")
    sql = [TEMPLATES[n % len(TEMPLATES)].format(n=n + 2) for n in range(QUERIES)]
    log = log_of(sql)
    consequence = kind.consequence(case, (), submission)

    def run() -> object:
        read_sql.cache_clear()
        return grade(case, kind, log, submission, consequence)

    return run, sql, plain((submission.raw, log))


def log_of(sql: list[str]) -> InvestigationLog:
    """Give the log of queries that ran one a minute."""
    start = datetime(2025, 6, 2, 9, tzinfo=UTC)
    queries = tuple(
        QueryRecord(
            id=number,
            sql=text,
            at=start + timedelta(minutes=number),
            milliseconds=12.0,
            row_count=100,
        )
        for number, text in enumerate(sql, 1)
    )
    return InvestigationLog(queries=queries)


def times(run: Callable[[], object], repeat: int) -> tuple[list[float], list[float]]:
    """Give milliseconds by the clock and of the processor, per repetition, after one to warm up."""
    run()
    wall, cpu = [], []
    for _ in range(repeat):
        start, start_cpu = perf_counter(), process_time()
        run()
        wall.append(1000 * (perf_counter() - start))
        cpu.append(1000 * (process_time() - start_cpu))
    return wall, cpu


def percentiles(values: list[float]) -> dict[str, float]:
    """Give median and 95th percentile, to three digits."""
    cuts = quantiles(values, n=20, method="inclusive")
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3)}


if __name__ == "__main__":
    main()
