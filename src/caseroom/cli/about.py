"""What is installed, and where the data are.

In: nothing. Out: versions and places, for a person who asks for help.
"""

from __future__ import annotations

import platform

import click

from caseroom import __version__
from caseroom.cli.output import print_json
from caseroom.cli.settings import Settings, data_dir_option, json_option, pass_settings

__all__ = ["version_command"]


@click.command("version")
@data_dir_option
@json_option
@pass_settings
def version_command(settings: Settings) -> None:
    """Show the versions in use and the data folder."""
    import duckdb

    found = {
        "caseroom": __version__,
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "data_dir": str(settings.folder()),
        "log": str(settings.log_file()),
    }
    if settings.json:
        print_json(found)
        return
    for name, value in found.items():
        click.echo(f"{name}: {value}")
