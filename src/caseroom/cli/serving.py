"""Opening Caseroom in the browser.

In: an address on this machine. Out: a server until it is stopped.
"""

from __future__ import annotations

import click

from caseroom.cli.logfile import log_to
from caseroom.cli.settings import Settings, data_dir_option, pass_settings

__all__ = ["open_command"]


@click.command("open")
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="0: any free one.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@data_dir_option
@pass_settings
def open_command(settings: Settings, host: str, port: int, no_browser: bool) -> None:
    """Open Caseroom in the browser.

    Ctrl-C stops it. Everything typed is saved as you go."""
    from caseroom.web.serve import serve

    app = settings.app(serving=True)
    log_to(settings.log_file())
    try:
        serve(app, host=host, port=port, open_browser=not no_browser)
    except KeyboardInterrupt:
        click.echo("Caseroom is closed; everything is saved.", err=True)
