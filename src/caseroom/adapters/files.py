"""The data folder: progress, one folder per case with nothing in it but the company's database.

In: a folder. Out: database files that are either whole or not there:

    progress.sqlite           cases, events, results (caseroom.adapters.sqlstore)
    cases/<id>/company.duckdb the company as it stands; company-<n>.duckdb after purchase n
    cases/.building-<id>/     a build that is under way
    exports/<id>/             archives that were asked for; may be deleted at any time
    sources/                  copies of people's own tables, named by content
    locks/, scratch/, logs/   what the program itself needs

A case's seed, level and truth are in none of these files.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from caseroom.adapters.company import read_tables
from caseroom.adapters.locks import hold
from caseroom.adapters.sources import keep
from caseroom.case.contract import SourceData
from caseroom.service.records import BuiltFile, TableInfo
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["DataFolder"]

BUILDING = ".building-"
DELETED = ".deleted-"


class DataFolder:
    """Implements `caseroom.service.ports.CaseFiles` on one folder.

    Raises:
        CaseroomError: When the folder can't be made or written to.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        with _our_errors(self.root):
            for name in ("cases", "exports", "sources", "locks", "scratch", "logs"):
                (self.root / name).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root):
                pass  # the folder may be there and still not be writable

    @property
    def progress(self) -> Path:
        """The SQLite file of the progress store."""
        return self.root / "progress.sqlite"

    @property
    def sources(self) -> Path:
        """The folder of copies of people's tables."""
        return self.root / "sources"

    @property
    def log_file(self) -> Path:
        """Where unexpected errors are written."""
        return self.root / "logs" / "caseroom.log"

    def database(self, case_id: str, built: BuiltFile) -> Path:
        """Give the path of a built database. Raises CaseroomError (DAMAGED) if it is not whole."""
        path = self._case(case_id) / built.name
        if not path.is_file():
            raise _damaged(case_id, f"{path} is missing")
        size = path.stat().st_size
        if size != built.size_bytes:
            raise _damaged(case_id, f"{path} has {size} bytes, not {built.size_bytes} as built")
        return path

    def tables(self, case_id: str, built: BuiltFile) -> tuple[TableInfo, ...]:
        """Read tables, columns and row counts of a built database."""
        path = self.database(case_id, built)
        try:
            return read_tables(path, path.stat().st_mtime_ns)
        except OSError as error:
            raise _damaged(case_id, str(error)) from error

    def build(
        self, case_id: str, name: str, purchases: int, write: Callable[[Path], object]
    ) -> BuiltFile:
        """Let `write` make the file in a building folder, then move it into place in one step.

        Nothing is left behind when `write` fails; after a crash `prune` removes what is.
        """
        building = self.root / "cases" / f"{BUILDING}{case_id}"
        with _our_errors(self.root):
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir(parents=True)
            try:
                write(building / name)
                return self._into_place(case_id, building / name, purchases)
            finally:
                shutil.rmtree(building, ignore_errors=True)

    def leftovers(self) -> tuple[str, ...]:
        """Name the cases whose folders hold half-built, older or deleted files."""
        found: set[str] = set()
        for folder in (self.root / "cases").iterdir():
            if folder.name.startswith((BUILDING, DELETED)):
                found.add(folder.name.split("-", 1)[1])
            elif folder.is_dir() and len(list(folder.iterdir())) != 1:
                found.add(folder.name)
        return tuple(sorted(found))

    def prune(self, case_id: str, keep: frozenset[str]) -> None:
        """Remove half-built files of a case and all databases but those named in `keep`."""
        for prefix in (BUILDING, DELETED):
            shutil.rmtree(self.root / "cases" / f"{prefix}{case_id}", ignore_errors=True)
        folder = self._case(case_id)
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        elif folder.is_dir():
            for path in folder.iterdir():
                if path.name not in keep:
                    path.unlink(missing_ok=True)

    def lock(self, case_id: str) -> AbstractContextManager[bool]:
        """Hold a case against other processes; gives False at once when another holds it."""
        return hold(self.root / "locks" / f"{case_id}.lock")

    def keep_source(self, path: Path) -> SourceData:
        """Copy a person's table into the data folder (once per content)."""
        return keep(path, self.sources)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give an empty folder that is removed afterwards."""
        with _our_errors(self.root):
            folder = Path(tempfile.mkdtemp(dir=self.root / "scratch"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def export(self, case_id: str, name: str, write: Callable[[Path], object]) -> Path:
        """Give the path of an export; `write` makes it when it is not there yet."""
        path = self.root / "exports" / case_id / name
        if not path.exists():
            with self.scratch() as folder, _our_errors(self.root):
                write(folder / name)
                path.parent.mkdir(parents=True, exist_ok=True)
                os.replace(folder / name, path)
        return path

    def delete(self, case_id: str) -> None:
        """Remove everything of a case; the case's folder disappears in one step."""
        deleted = self.root / "cases" / f"{DELETED}{case_id}"
        with _our_errors(self.root):
            if self._case(case_id).exists():
                os.replace(self._case(case_id), deleted)
        shutil.rmtree(self.root / "exports" / case_id, ignore_errors=True)
        self.prune(case_id, frozenset())

    def _case(self, case_id: str) -> Path:
        return self.root / "cases" / case_id

    def _into_place(self, case_id: str, made: Path, purchases: int) -> BuiltFile:
        folder = self._case(case_id)
        folder.mkdir(exist_ok=True)
        _sync(made)
        os.replace(made, folder / made.name)
        _sync(folder)
        _sync(folder.parent)
        size = (folder / made.name).stat().st_size
        return BuiltFile(name=made.name, size_bytes=size, purchases=purchases)


def _sync(path: Path) -> None:
    """Push a file or folder to the disk, where the platform can."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _our_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CaseroomError(
            f"The data folder {root} cannot be used: {error.strerror or error}.",
            allowed="a folder on a disk with free space that this user may write to",
            next_step="make it writable, or choose another with --data-dir or CASEROOM_HOME.",
            code=ExitCode.ENVIRONMENT,
        ) from error


def _damaged(case_id: str, problem: str) -> CaseroomError:
    return CaseroomError(
        f"The folder of case {case_id} is damaged: {problem}.",
        next_step=f"run `caseroom rebuild {case_id}`: it makes the same rows again, "
        "and your queries, pins and texts are kept.",
        code=ExitCode.DAMAGED,
    )
