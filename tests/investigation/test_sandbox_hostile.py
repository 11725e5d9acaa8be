"""Hostile and clumsy SQL: each is refused in our words, and the pool goes on answering."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from caseroom.investigation.sandbox import Isolation, QueryRefused, SandboxPool

REFUSED = {
    # files, through functions and through names in FROM
    "SELECT * FROM read_csv('/etc/passwd')": "name",
    "SELECT * FROM read_csv_auto(['/etc/passwd', '/etc/hosts'])": "name",
    "SELECT content FROM read_text('/etc/hostname')": "name",
    "SELECT content FROM read_blob('{case}')": "name",
    "SELECT content FROM read_blob('{case}.wal')": "name",
    "SELECT * FROM read_duckdb('{other}')": "name",
    "SELECT * FROM read_json_objects('/proc/self/status')": "name",
    "SELECT * FROM parquet_metadata('/tmp/x.parquet')": "name",
    "SELECT * FROM sniff_csv('/etc/passwd')": "name",
    "SELECT * FROM glob('/*')": "name",
    "SELECT * FROM \"read_text\"('/etc/hostname')": "name",
    "SELECT * FROM system.main.read_text('/etc/hostname')": "name",
    "SELECT (SELECT max(content) FROM read_text('/etc/hostname'))": "name",
    "WITH a AS (SELECT * FROM glob('/*')) SELECT * FROM a": "name",
    "EXPLAIN ANALYZE SELECT * FROM read_text('/etc/hostname')": "name",
    "FROM '/etc/passwd'": "files",
    "FROM '/proc/self/environ'": "files",
    "FROM '{other}'": "files",
    "SELECT * FROM 'https://example.com/x.csv'": "files",
    "SELECT * FROM 's3://bucket/x.parquet'": "files",
    "DESCRIBE '/tmp/x.parquet'": "files",
    "SELECT * FROM read_parquet('https://example.com/x.parquet')": "name",
    # another case, by name
    "SELECT * FROM secrets": "table",
    "SELECT * FROM other.secrets": "table",
    "ATTACH '{other}' AS other (READ_ONLY)": "statement",
    # writing
    "COPY accounts TO '/tmp/out.csv'": "statement",
    "COPY (SELECT 1) TO '{case}.wal'": "statement",
    "COPY accounts FROM '/etc/passwd'": "statement",
    "EXPORT DATABASE '/tmp/out'": "statement",
    "IMPORT DATABASE '/tmp/out'": "statement",
    "CREATE TABLE x AS SELECT 1": "statement",
    "CREATE TEMP TABLE x AS SELECT 1": "statement",
    "CREATE TABLE memory.main.x AS PIVOT accounts ON plan USING count(*)": "statement",
    "CREATE MACRO f() AS 1": "statement",
    "CREATE SECRET (TYPE s3)": "statement",
    "INSERT INTO accounts SELECT * FROM accounts": "statement",
    "UPDATE accounts SET plan = 'x'": "statement",
    "DELETE FROM accounts": "statement",
    "TRUNCATE accounts": "statement",
    "DROP TABLE accounts": "statement",
    "ALTER TABLE accounts ADD COLUMN x INT": "statement",
    "COMMENT ON TABLE accounts IS 'x'": "statement",
    "MERGE INTO accounts USING accounts AS s ON (true) WHEN MATCHED THEN DELETE": "statement",
    "WITH gone AS (DELETE FROM accounts RETURNING *) SELECT * FROM gone": "statement",
    "EXPLAIN ANALYZE DELETE FROM accounts": "statement",
    "EXPLAIN ANALYZE COPY accounts TO '/tmp/out.csv'": "statement",
    "CHECKPOINT": "statement",
    "VACUUM": "statement",
    "BEGIN": "statement",
    # settings and extensions
    "INSTALL httpfs": "statement",
    "LOAD httpfs": "statement",
    "LOAD json": "statement",
    "SET memory_limit = '100GB'": "statement",
    "SET enable_external_access = true": "statement",
    "SET VARIABLE x = 1": "statement",
    "RESET disabled_filesystems": "statement",
    "PRAGMA threads = 64": "statement",
    "PRAGMA database_list": "statement",
    "CALL pragma_version()": "statement",
    "USE memory": "statement",
    "DETACH company": "statement",
    "PREPARE p AS SELECT 1": "statement",
    "EXECUTE p": "statement",
    "SELECT * FROM duckdb_settings()": "name",
    "SELECT * FROM duckdb_databases()": "name",
    "SELECT path FROM duckdb_databases": "name",
    "SUMMARIZE duckdb_databases": "name",
    "FROM pg_settings": "name",
    "SELECT current_setting('allowed_paths')": "name",
    "SELECT * FROM duckdb_secrets()": "name",
    "SELECT * FROM duckdb_extensions()": "name",
    "SELECT * FROM duckdb_temporary_files()": "name",
    "SELECT getenv('HOME')": "name",
    "SELECT * FROM enable_logging()": "name",
    "SELECT * FROM checkpoint()": "name",
    # text that runs as SQL
    "SELECT * FROM query('FROM duckdb_' || 'settings()')": "name",
    "SELECT * FROM query_table('duckdb_' || 'databases')": "name",
    "PIVOT (FROM query('SELECT 1 AS a, 2 AS b')) ON a USING sum(b)": "name",
    "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))": "name",
    # several statements, and comments that hide one
    "SELECT 1; DROP TABLE accounts": "several",
    "SELECT 1 -- ;\n; DROP TABLE accounts": "several",
    "/* ; */ SELECT 1; /* */ COPY accounts TO '/tmp/x'": "several",
    "-- only a comment": "empty",
    " ;; ": "empty",
    "/* SELECT 1 */ DROP TABLE accounts": "statement",
    "SELECT $1": "statement",
    # deep nesting
    "SELECT " + "(" * 5_000 + "1" + ")" * 5_000: "syntax",
    "SELECT " + " + ".join(["1"] * 20_000): "syntax",
    # memory
    "SELECT len(range(1000000000))": "memory",
    "SELECT sum(len(x)) FROM (SELECT list(repeat('x', 1000)) AS x FROM range(50000000))": "memory",
}

ENDLESS = (
    "SELECT count(*) FROM events a, events b, events c, events d",
    "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT max(i) FROM r",
    "SELECT max(levenshtein(repeat('ab', 20000), repeat('ba', 20000)))",
    "SELECT a.i, b.i FROM range(3000000) a(i), range(1000) b(i) ORDER BY hash(a.i + b.i)",
    "SELECT repeat('x', 2000000000)",
)


@pytest.fixture(scope="session", params=["bubblewrap", "process limits"])
def walled(request: pytest.FixtureRequest) -> Iterator[SandboxPool]:
    """Give a pool for each kind of isolation that works here."""
    with SandboxPool(most=1, spares=1) as best:
        works = best.isolation
    wanted: Isolation = request.param
    if wanted == "bubblewrap" and works != wanted:
        pytest.skip("bubblewrap does not work here")
    with SandboxPool(most=2, spares=1, isolation=wanted) as pool:
        yield pool


def refusal(pool: SandboxPool, database: Path, sql: str, seconds: float = 8.0) -> QueryRefused:
    """Run a statement that must be refused."""
    with pytest.raises(QueryRefused) as caught:
        pool.query(database, sql, limit=10, seconds=seconds)
    return caught.value


def test_the_list_is_long_enough() -> None:
    """The list of hostile statements holds well over forty."""
    assert len(REFUSED) + len(ENDLESS) > 80


@pytest.mark.parametrize(("template", "reason"), REFUSED.items(), ids=lambda text: str(text)[:60])
def test_hostile_statement_is_refused(
    walled: SandboxPool, company: Path, other_case: Path, template: str, reason: str
) -> None:
    """A hostile statement is refused with its reason, words of ours and no path of this machine."""
    sql = template.replace("{case}", str(company)).replace("{other}", str(other_case))

    error = refusal(walled, company, sql)

    assert error.reason == reason
    assert error.problem
    assert error.next_step
    # The person's own text may come back, so it is taken out before looking for paths.
    said = str(error).replace(str(company), "").replace(str(other_case), "")
    assert str(company.parent) not in said
    assert "Error:" not in said
    assert walled.query(company, "SELECT count(*) FROM accounts", limit=1).rows == ((1000,),)


@pytest.mark.parametrize("sql", ENDLESS, ids=lambda text: str(text)[:40])
def test_endless_statement_is_stopped(walled: SandboxPool, company: Path, sql: str) -> None:
    """A statement without an end is stopped at its time limit, and the next one runs."""
    error = refusal(walled, company, sql, seconds=0.4)

    assert error.reason in ("timeout", "memory")
    assert walled.query(company, "SELECT 1", limit=1).rows == ((1,),)


def test_no_reading_statement_shows_a_path(
    walled: SandboxPool, company: Path, other_case: Path
) -> None:
    """The views that stay open show neither where the case lies nor other databases."""
    for sql in (
        "SHOW ALL TABLES",
        "SHOW DATABASES",
        "FROM duckdb_tables()",
        "FROM duckdb_views()",
        "FROM duckdb_columns()",
        "FROM information_schema.schemata",
        "FROM sqlite_master",
        "EXPLAIN ANALYZE SELECT * FROM accounts",
    ):
        shown = str(walled.query(company, sql, limit=10_000).rows)

        assert str(company.parent) not in shown
        assert "secrets'" not in shown
        assert str(other_case.parent) not in shown


def test_statement_after_statement_leaves_nothing_behind(
    walled: SandboxPool, company: Path
) -> None:
    """A statement that was refused leaves no table, setting or file for the next one."""
    for sql in ("CREATE TABLE memory.main.kept AS SELECT 1", "SET threads = 1"):
        refusal(walled, company, sql)

    assert walled.query(company, "SHOW TABLES", limit=10).rows == (("accounts",), ("events",))
    assert sorted(path.name for path in company.parent.iterdir()) == ["company.duckdb"]


def test_text_that_is_too_long_is_refused(pool: SandboxPool, company: Path) -> None:
    """A text beyond the limit is refused before it is parsed."""
    assert refusal(pool, company, "SELECT 1 -- " + "x" * 200_000).reason == "length"
