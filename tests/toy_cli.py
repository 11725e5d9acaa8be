"""The command line with the toy kind, as a process of its own: python toy_cli.py ARGUMENTS.

In: arguments; TOY_SLOW_BUILD and TOY_SLOW_GRADE hold seconds that a build waits half-way, and that
a grade waits after the answer was saved. Out: what `caseroom` would print.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import toy_kind
import toy_shop
from caseroom.case.contract import Case, Consequence, Progress, Purchase
from caseroom.case.form import Submission
from caseroom.cli import run


def slow_build(
    case: Case, purchases: tuple[Purchase, ...], path: Path, progress: Progress
) -> Mapping[str, int]:
    """Write half a file, wait, then build."""
    path.write_bytes(b"half a file")
    time.sleep(float(os.environ.get("TOY_SLOW_BUILD", "0")))
    path.unlink()
    return toy_shop.build(case, purchases, path, progress)


def slow_consequence(
    case: Case, purchases: tuple[Purchase, ...], submission: Submission
) -> Consequence:
    """Wait, then replay."""
    time.sleep(float(os.environ.get("TOY_SLOW_GRADE", "0")))
    return toy_kind.consequence(case, purchases, submission)


if __name__ == "__main__":
    kinds = toy_shop.kinds(build=slow_build, consequence=slow_consequence)
    sys.exit(run(sys.argv[1:], kinds=kinds))
