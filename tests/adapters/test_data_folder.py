"""The data folder: files are whole or not there, and damage is named."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from caseroom.adapters.files import DataFolder
from caseroom.adapters.locks import hold
from caseroom.adapters.place import default_data_dir
from caseroom.service.records import BuiltFile, ColumnInfo, TableInfo
from caseroom.vocabulary.errors import CaseroomError, ExitCode


@pytest.fixture
def files(data_dir: Path) -> DataFolder:
    """Give an empty data folder."""
    return DataFolder(data_dir)


def company(path: Path, rows: int = 3) -> None:
    """Write a small company."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE t AS SELECT i AS n, 'x' AS s FROM range({rows}) r(i)")


def names(folder: Path) -> list[str]:
    """Give the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


class TestPlace:
    def test_the_home_variable_chooses_the_folder(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """CASEROOM_HOME wins over the platform's own place, with ~ spelled out."""
        monkeypatch.setenv("CASEROOM_HOME", "~/somewhere")

        assert default_data_dir() == Path.home() / "somewhere"

    def test_without_it_the_platform_chooses(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """On Linux that is $XDG_DATA_HOME/caseroom."""
        monkeypatch.delenv("CASEROOM_HOME", raising=False)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

        assert default_data_dir().name == "caseroom"

    def test_a_file_in_the_way_is_named(self, tmp_path: Path) -> None:
        """A data folder that can't be made gives what was wrong, what is allowed, what to do."""
        (tmp_path / "file").write_text("")

        with pytest.raises(CaseroomError, match="cannot be used: Not a directory") as refusal:
            DataFolder(tmp_path / "file" / "data")

        assert refusal.value.code == ExitCode.ENVIRONMENT
        assert "CASEROOM_HOME" in refusal.value.next_step

    def test_a_folder_without_write_permission_is_named(self, tmp_path: Path) -> None:
        """The folder is tried at the start, as the user who will need it."""
        folder = tmp_path / "closed"
        DataFolder(folder)
        folder.chmod(0o555)
        tmp_path.chmod(0o755)
        code = (
            "import os, sys; from pathlib import Path\n"
            "from caseroom.adapters.files import DataFolder\n"
            "if os.geteuid() == 0: os.setuid(65534)  # root may write everywhere, nobody may not\n"
            "try: DataFolder(Path(sys.argv[1]))\n"
            "except Exception as error: print(error)"
        )
        open_up(tmp_path)
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True
        )

        assert "cannot be used: Permission denied" in done.stdout, done.stderr


def open_up(path: Path) -> None:
    """Let every user pass through the folders above a test's folder."""
    for folder in [path, *path.parents]:
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)


class TestBuild:
    def test_a_built_file_is_in_its_place(self, files: DataFolder) -> None:
        """The case's folder holds the database and nothing else."""
        built = files.build("a1", "company.duckdb", 0, company)

        path = files.database("a1", built)
        assert built == BuiltFile(
            name="company.duckdb", size_bytes=path.stat().st_size, purchases=0
        )
        assert names(files.root / "cases") == ["a1"]
        assert names(files.root / "cases" / "a1") == ["company.duckdb"]

    def test_a_build_that_fails_leaves_nothing(self, files: DataFolder) -> None:
        """The error goes on, and neither a half file nor a building folder stays."""

        def half(path: Path) -> None:
            path.write_bytes(b"half")
            raise RuntimeError("no more")

        with pytest.raises(RuntimeError, match="no more"):
            files.build("a1", "company.duckdb", 0, half)

        assert names(files.root / "cases") == []

    def test_a_full_disk_is_named(self, files: DataFolder) -> None:
        """What the system says of the disk reaches the person."""

        def full(path: Path) -> None:
            raise OSError(28, "No space left on device")

        with pytest.raises(CaseroomError, match="No space left on device"):
            files.build("a1", "company.duckdb", 0, full)

    def test_a_rebuild_replaces_the_file(self, files: DataFolder) -> None:
        """The same name is replaced in one step."""
        files.build("a1", "company.duckdb", 0, lambda path: company(path, 3))

        built = files.build("a1", "company.duckdb", 0, lambda path: company(path, 50_000))

        assert files.tables("a1", built)[0].row_count == 50_000

    def test_tables_are_read_with_types_and_counts(self, files: DataFolder) -> None:
        """Tables come by name, columns in their order."""
        built = files.build("a1", "company.duckdb", 0, company)

        columns = (ColumnInfo("n", "BIGINT"), ColumnInfo("s", "VARCHAR"))
        assert files.tables("a1", built) == (TableInfo("t", 3, columns),)


class TestDamage:
    def test_a_missing_file_is_named(self, files: DataFolder) -> None:
        """The message says how to make the same rows again."""
        built = files.build("a1", "company.duckdb", 0, company)
        files.database("a1", built).unlink()

        with pytest.raises(CaseroomError, match="is missing") as refusal:
            files.database("a1", built)

        assert refusal.value.code == ExitCode.DAMAGED
        assert "caseroom rebuild a1" in refusal.value.next_step

    def test_a_cut_file_is_named(self, files: DataFolder) -> None:
        """A file of another size than was built is not opened."""
        built = files.build("a1", "company.duckdb", 0, company)
        path = files.database("a1", built)
        path.write_bytes(path.read_bytes()[:5000])

        with pytest.raises(CaseroomError, match="has 5000 bytes"):
            files.database("a1", built)

    def test_a_file_of_noise_is_named(self, files: DataFolder) -> None:
        """A file of the right size that is no database is found when its tables are read."""
        built = files.build("a1", "company.duckdb", 0, company)
        path = files.database("a1", built)
        path.write_bytes(b"\xff" * built.size_bytes)

        with pytest.raises(CaseroomError, match="not a readable database") as refusal:
            files.tables("a1", built)

        assert refusal.value.code == ExitCode.DAMAGED

    def test_a_database_that_is_open_for_writing_is_named(self, files: DataFolder) -> None:
        """DuckDB lets nobody read a file that another process may write."""
        built = files.build("a1", "company.duckdb", 0, company)
        path = files.database("a1", built)
        code = (
            "import duckdb, sys; company = duckdb.connect(sys.argv[1])\n"
            "print('open', flush=True); input()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other:
            assert other.stdout is not None
            other.stdout.readline()
            with pytest.raises(CaseroomError, match="open for writing") as refusal:
                files.tables("a1", built)
            other.communicate(b"\n")

        assert refusal.value.code == ExitCode.ENVIRONMENT


class TestSweeping:
    def test_a_half_build_is_a_leftover(self, files: DataFolder) -> None:
        """What a killed build left behind is found by its case and removed."""
        building = files.root / "cases" / ".building-a1"
        building.mkdir()
        (building / "company.duckdb").write_bytes(b"half")

        assert files.leftovers() == ("a1",)
        files.prune("a1", frozenset())
        assert names(files.root / "cases") == []

    def test_older_databases_are_leftovers(self, files: DataFolder) -> None:
        """After a switch the old file is removed, the new one stays."""
        files.build("a1", "company.duckdb", 0, company)
        files.build("a1", "company-1.duckdb", 1, company)

        assert files.leftovers() == ("a1",)
        files.prune("a1", frozenset({"company-1.duckdb"}))
        assert names(files.root / "cases" / "a1") == ["company-1.duckdb"]

    def test_a_tidy_folder_has_none(self, files: DataFolder) -> None:
        """Nothing is swept at an ordinary start."""
        files.build("a1", "company.duckdb", 0, company)

        assert files.leftovers() == ()

    def test_deleting_removes_folder_and_exports(self, files: DataFolder) -> None:
        """Nothing of a deleted case stays."""
        files.build("a1", "company.duckdb", 0, company)
        files.export("a1", "x.zip", lambda path: path.write_bytes(b"zip"))

        files.delete("a1")

        assert (names(files.root / "cases"), names(files.root / "exports")) == ([], [])

    def test_deleting_twice_is_harmless(self, files: DataFolder) -> None:
        """A deletion that was cut short can be repeated."""
        files.delete("a1")
        files.delete("a1")


class TestExport:
    def test_an_export_is_made_once(self, files: DataFolder) -> None:
        """The second request gets the file that is there."""
        made: list[Path] = []

        def write(path: Path) -> None:
            made.append(path)
            path.write_bytes(b"zip")

        first = files.export("a1", "x.zip", write)
        second = files.export("a1", "x.zip", write)

        assert (first, len(made), second.read_bytes()) == (second, 1, b"zip")

    def test_an_export_that_fails_leaves_nothing(self, files: DataFolder) -> None:
        """No half archive is ever handed out."""

        def half(path: Path) -> None:
            path.write_bytes(b"half")
            raise RuntimeError("no more")

        with pytest.raises(RuntimeError, match="no more"):
            files.export("a1", "x.zip", half)

        assert not (files.root / "exports" / "a1" / "x.zip").exists()
        assert names(files.root / "scratch") == []


class TestLocks:
    def test_only_one_holds_a_lock(self, tmp_path: Path) -> None:
        """The second holder is told at once, and the lock is free afterwards."""
        path = tmp_path / "x.lock"
        with hold(path) as first, hold(path) as second:
            assert (first, second) == (True, False)
        with hold(path) as third:
            assert third

    def test_a_killed_process_lets_go(self, tmp_path: Path) -> None:
        """The operating system frees the lock of a process that was killed."""
        path = tmp_path / "x.lock"
        code = (
            "import sys; from pathlib import Path; from caseroom.adapters.locks import hold\n"
            "with hold(Path(sys.argv[1])) as mine: print(mine, flush=True); input()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == b"True\n"
            with hold(path) as mine:
                assert not mine
            other.kill()
        with hold(path) as mine:
            assert mine


class TestSources:
    def test_a_table_is_copied_under_its_content(self, files: DataFolder, tmp_path: Path) -> None:
        """The original is only read; the copy has the digest as its name."""
        original = tmp_path / "My table.CSV"
        original.write_bytes(b"a,b\n1,2\n")
        digest = hashlib.sha256(original.read_bytes()).hexdigest()

        source = files.keep_source(original)

        assert (source.name, source.sha256) == ("My table.CSV", digest)
        assert source.path == files.sources / f"{digest}.csv"
        assert source.path.read_bytes() == original.read_bytes()

    def test_equal_content_is_kept_once(self, files: DataFolder, tmp_path: Path) -> None:
        """A second case on the same table needs no second copy."""
        for name in ("one.csv", "two.csv"):
            (tmp_path / name).write_bytes(b"a\n1\n")
            files.keep_source(tmp_path / name)

        assert len(names(files.sources)) == 1

    @pytest.mark.parametrize(
        ("name", "content", "problem", "code"),
        [
            ("table.xlsx", b"x", "no table", ExitCode.BAD_INPUT),
            ("table", b"x", "no table", ExitCode.BAD_INPUT),
            ("table.csv", b"", "is empty", ExitCode.BAD_INPUT),
            ("table.csv", None, "cannot be read: No such file", ExitCode.NOT_FOUND),
        ],
    )
    def test_what_is_no_table_is_refused(
        self,
        files: DataFolder,
        tmp_path: Path,
        name: str,
        content: bytes | None,
        problem: str,
        code: ExitCode,
    ) -> None:
        """Other formats, empty and missing files each get their own message."""
        if content is not None:
            (tmp_path / name).write_bytes(content)

        with pytest.raises(CaseroomError, match=problem) as refusal:
            files.keep_source(tmp_path / name)

        assert refusal.value.code == code
        assert names(files.sources) == []

    def test_a_folder_is_no_table(self, files: DataFolder, tmp_path: Path) -> None:
        """A folder whose name ends in .csv is refused like any other unreadable file."""
        (tmp_path / "folder.csv").mkdir()

        with pytest.raises(CaseroomError, match="cannot be read: Is a directory"):
            files.keep_source(tmp_path / "folder.csv")
