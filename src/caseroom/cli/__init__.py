"""The command line: every use case without a browser.

In: arguments. Out: text on a terminal, JSON with --json, and an exit code
(`caseroom.vocabulary.errors.ExitCode`). Read next: `run`, then one module per command group.
"""

from caseroom.cli.run import main, run

__all__ = ["main", "run"]
