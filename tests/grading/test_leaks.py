"""Searching built files for words of the truth."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from caseroom.grading.leaks import find_leaks

WORDS = ("price_change", "Onboarding_Marker", "sso")


def database(path: Path, *statements: str) -> Path:
    """Write a database file."""
    with duckdb.connect(str(path)) as db:
        for statement in ("CREATE TABLE plain (id INT, day DATE, name VARCHAR)", *statements):
            db.execute(statement)
    return path


def test_a_clean_file_has_no_leaks(tmp_path: Path) -> None:
    """Ordinary words, also parts of the secret ones, are no leak."""
    path = database(
        tmp_path / "a.duckdb", "INSERT INTO plain VALUES (1, DATE '2025-01-01', 'price change')"
    )

    assert find_leaks(path, WORDS) == ()
    assert find_leaks(path, ()) == ()
    assert find_leaks(path, ("", " ")) == ()


@pytest.mark.parametrize(
    ("statement", "leak"),
    [
        ("CREATE TABLE price_change_seen (x INT)", "'price_change' in table price_change_seen"),
        ("CREATE TABLE t (onboarding_marker INT)", "'onboarding_marker' in column t.onb"),
        ("COMMENT ON COLUMN plain.id IS 'see Price_Change'", "'price_change' in column plain.id"),
        ("COMMENT ON TABLE plain IS 'price_change'", "'price_change' in table plain"),
        ("CREATE VIEW v AS SELECT 'price_change' AS x", "'price_change' in view v"),
        ("INSERT INTO plain VALUES (1, NULL, 'an SSO user')", "'sso' in values of plain.name"),
        (
            "CREATE TABLE t AS SELECT 'price_change' || (i % 7) AS tag FROM range(50000) r(i)",
            "'price_change' in values of t.tag",
        ),
        (
            "CREATE TABLE t AS SELECT {'flags': ['x', 'PRICE_CHANGE']} AS nested",
            "'price_change' in values of t.nested",
        ),
        (
            "CREATE TABLE t (mood ENUM ('fine', 'price_change'))",
            "'price_change' in column t.mood",
        ),
        (
            "CREATE TABLE t AS SELECT 'price_change'::BLOB AS raw",
            "'price_change' in values of t.raw",
        ),
        ("CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 'price_change' AS x", "values of t.x"),
    ],
)
def test_a_word_is_found_wherever_it_stands(tmp_path: Path, statement: str, leak: str) -> None:
    """Names, comments, views, texts, nested values and enumerations are searched."""
    found = find_leaks(database(tmp_path / "a.duckdb", statement), WORDS)

    assert any(leak in each for each in found), found


def test_bytes_that_no_table_shows_are_searched(tmp_path: Path) -> None:
    """What a dropped table left in the file, or somebody appended to it, is found."""
    path = database(tmp_path / "a.duckdb")
    with path.open("ab") as file:
        file.write(b"...PRICE_change...sso...")

    assert find_leaks(path, WORDS) == ("'price_change' in the bytes of the file",)
