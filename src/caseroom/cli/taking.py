"""Taking a case to other tools: tables as CSV, Parquet or DuckDB, or the whole as a notebook.

In: a case and a format. Out: a new file.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from caseroom.cli.output import print_json
from caseroom.cli.settings import CaseId, Settings, case_of, room_command
from caseroom.service.app import Caseroom
from caseroom.service.exports import export_notebook, export_query, export_tables
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["export_command", "require_free", "target_of", "write_file"]


@click.command("export")
@click.argument("case", type=CaseId())
@click.argument("fmt", metavar="{csv,parquet,duckdb,notebook}", required=True)
@click.option("--query", type=int, help="Export this query's result (csv or parquet) only.")
@click.option("--out", type=click.Path(path_type=Path), help="A new file, or a folder for it.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@room_command
def export_command(
    settings: Settings, case: str, fmt: str, query: int | None, out: Path | None, force: bool
) -> None:
    """Take CASE to other tools.

    Write all its tables, one query's result, or the case as a notebook. A notebook opens the DuckDB
    file beside it, so that one is written too.
    """
    app, case_id = settings.app(), case_of(settings, case)
    name, content = _content(app, case_id, fmt, query)
    target = target_of(out, name)
    files = [target, *([target.with_name(f"{case_id}.duckdb")] if fmt == "notebook" else [])]
    if not force:
        require_free(files)
    write_file(target, content)
    if fmt == "notebook":
        write_file(files[1], export_tables(app, case_id, "duckdb")[1])
    if settings.json:
        print_json({"files": files})
        return
    for path in files:
        click.echo(f"Wrote {path}")


def _content(app: Caseroom, case_id: str, fmt: str, query: int | None) -> tuple[str, bytes | Path]:
    if query is not None:
        return export_query(app, case_id, query, fmt)
    if fmt == "notebook":
        return export_notebook(app, case_id)
    return export_tables(app, case_id, fmt)


def target_of(out: Path | None, name: str) -> Path:
    """Give where a file goes: a path of one's own, a folder, or here."""
    if out is None:
        return Path(name)
    return out / name if out.is_dir() else out


def require_free(files: list[Path]) -> None:
    """Raise CaseroomError when one of the files is there."""
    for path in files:
        if path.exists():
            raise CaseroomError(
                f"{path} is there already.", next_step="choose another name, or add --force."
            )


def write_file(path: Path, content: bytes | Path) -> None:
    """Write bytes, or a copy of a file. Raises CaseroomError where that can't be done."""
    try:
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            shutil.copyfile(content, path)
    except OSError as error:
        raise CaseroomError(
            f"{path} cannot be written: {error.strerror or error}.",
            next_step="choose a folder that you may write to.",
            code=ExitCode.ENVIRONMENT,
        ) from error
