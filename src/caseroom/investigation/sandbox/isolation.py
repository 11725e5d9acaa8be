"""How a worker process is walled in, and the command line that starts one.

In: what this machine offers, looked at once. Out: an argument list for `subprocess`.

With bubblewrap the process has its own user, process, network and mount namespaces: the Python
runtime and the engine are mounted read-only, nothing else of the machine is there. Where
namespaces are forbidden (many containers), process limits and the locked engine remain.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import files
from pathlib import Path
from typing import Literal

__all__ = ["Isolation", "Limits", "bubblewrap_works", "choose", "wall_arguments", "worker_command"]

Isolation = Literal["bubblewrap", "process limits"]

_HERE = Path(__file__).resolve().parent
_BOOT = (
    "import sys; settings, *folders = sys.argv[1:]; sys.argv[1:] = [settings]; "
    "sys.path += folders; from inside.worker import main; main()"
)
_FLAGS = ("-I", "-S", "-B", "-c")
_ROOMS = ("/caseroom/engine", "/caseroom/worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one worker may use.

    `memory_limit` bounds the engine's buffers (its own notation), `address_space` the whole
    process in bytes, `threads` the engine's threads. `optimizer` off is for the one query that
    the engine's optimizer fails on.
    """

    memory_limit: str = "1GB"
    address_space: int = 3 * 2**30
    threads: int = 2
    optimizer: bool = True


def choose(wanted: Isolation | None = None) -> Isolation:
    """Give the strongest isolation that works here, or the one that is asked for."""
    return wanted or ("bubblewrap" if bubblewrap_works() else "process limits")


@functools.cache
def bubblewrap_works() -> bool:
    """Tell whether bubblewrap can start Python here with all its walls; tried once."""
    if shutil.which("bwrap") is None or not sys.platform.startswith("linux"):
        return False
    command = [*wall_arguments(), _python(), *_FLAGS, "import os; os.stat('/proc/self/fd/0')"]
    try:
        done = subprocess.run(command, env={}, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def worker_command(isolation: Isolation, limits: Limits) -> list[str]:
    """Give the command line of a worker."""
    settings = json.dumps(asdict(limits))
    if isolation == "bubblewrap":
        return [*wall_arguments(), _python(), *_FLAGS, _BOOT, settings, *_ROOMS]
    folders = (str(_engine_files()[0].parent), str(_HERE))
    return [_python(), *_FLAGS, _BOOT, settings, *folders]


def _python() -> str:
    return os.path.realpath(sys.executable)


@functools.cache
def wall_arguments() -> tuple[str, ...]:
    """Give bubblewrap's arguments: fresh namespaces, and the few folders that a worker reads."""
    walls = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--cap-drop", "ALL"]
    for folder in _runtime_folders():
        walls += _mount(folder)
    for source in _engine_files():
        walls += ["--ro-bind", str(source), f"{_ROOMS[0]}/{source.name}"]
    walls += ["--ro-bind", str(_HERE / "inside"), f"{_ROOMS[1]}/inside"]
    walls += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/tmp"]
    walls += ["--remount-ro", "/"]
    return tuple(walls)


def _mount(folder: Path) -> list[str]:
    if folder.is_symlink():
        return ["--symlink", os.readlink(folder), str(folder)]
    return ["--ro-bind", str(folder), str(folder)] if folder.is_dir() else []


def _runtime_folders() -> list[Path]:
    """Give the folders of the system's libraries and of this Python, outermost first."""
    prefix = Path(sys.base_prefix).resolve()
    system = [Path("/usr"), Path("/lib"), Path("/lib64"), Path("/lib32")]
    return system if prefix.is_relative_to("/usr") else [*system, prefix]


@functools.cache
def _engine_files() -> tuple[Path, ...]:
    """Give what the engine's package has put beside other packages: folders and modules."""
    found = {
        Path(str(entry.locate())).parents[len(entry.parts) - 2]
        if len(entry.parts) > 1
        else Path(str(entry.locate()))
        for entry in files("duckdb") or ()
        if entry.parts[0] != ".."
    }
    return tuple(sorted(path for path in found if "duckdb" in path.name))
