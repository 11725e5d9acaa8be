"""A person's own table: copied into the data folder once, under the name of its content.

In: the path of a CSV or Parquet file. Out: `SourceData`; the original is only ever read.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from caseroom.case.contract import SourceData
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["keep"]

SUFFIXES = (".csv", ".parquet")


def keep(path: Path, folder: Path) -> SourceData:
    """Copy a file into `folder` unless it is there already.

    Raises:
        CaseroomError: For a file that is missing, empty, unreadable or of another format.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise _refused(f"{path} is no table that a case can be built on.")
    try:
        with path.open("rb") as original:
            digest = hashlib.file_digest(original, "sha256").hexdigest()
        if path.stat().st_size == 0:
            raise _refused(f"{path} is empty.")
        kept = folder / f"{digest}{suffix}"
        if not kept.exists():
            _copy(path, kept)
    except OSError as error:
        raise CaseroomError(
            f"{path} cannot be read: {error.strerror or error}.",
            allowed="a CSV or Parquet file that this user may read",
            next_step="check the path and its permissions.",
            code=ExitCode.NOT_FOUND if isinstance(error, FileNotFoundError) else ExitCode.BAD_INPUT,
        ) from error
    return SourceData(path=kept, name=path.name, sha256=digest)


def _copy(path: Path, kept: Path) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=kept.parent)
    os.close(descriptor)
    try:
        shutil.copyfile(path, temporary)
        os.replace(temporary, kept)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _refused(problem: str) -> CaseroomError:
    return CaseroomError(
        problem,
        allowed="a file that ends in " + " or ".join(SUFFIXES) + " and holds rows",
        next_step="export your table as CSV (with a header line) or Parquet.",
    )
