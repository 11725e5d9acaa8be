"""The command line with the toy kind, as a process of its own: python toy_cli.py ARGUMENTS.

In: arguments; TOY_SLOW holds seconds that a build waits half-way. Out: what `caseroom` would print.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import toy_shop
from caseroom.case.contract import Case, Progress, Purchase
from caseroom.cli import run


def slow_build(
    case: Case, purchases: tuple[Purchase, ...], path: Path, progress: Progress
) -> Mapping[str, int]:
    """Write half a file, wait, then build."""
    path.write_bytes(b"half a file")
    time.sleep(float(os.environ.get("TOY_SLOW", "0")))
    path.unlink()
    return toy_shop.build(case, purchases, path, progress)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], kinds=toy_shop.kinds(build=slow_build)))
