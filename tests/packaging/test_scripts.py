"""The two commands of the README, with a Python that only writes down what it is asked to do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "dirname", "cat", "cksum", "rm", "mkdir", "chmod")

RECORDER = """#!/bin/sh
case "$*" in
  "-m venv "*)
    mkdir -p "$3/bin"
    cat "$0" >"$3/bin/python"
    printf '#!/bin/sh\\necho "caseroom $*"\\n' >"$3/bin/caseroom"
    chmod +x "$3/bin/python" "$3/bin/caseroom" ;;
  *"pip install"*) echo "$*" >>"{log}" ;;
esac
"""
"""Stands in for Python: makes a .venv that has itself in it, and logs what pip is asked for."""


class Machine:
    """A folder with the scripts of the repository, and a PATH with little on it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.path, self.log = folder / "clone", folder / "bin", folder / "pip.log"
        self.path.mkdir(parents=True)
        shutil.copytree(ROOT / "scripts", self.root / "scripts")
        for name in ("start", "pyproject.toml", "requirements.lock"):
            shutil.copy(ROOT / name, self.root / name)
        for name in TOOLS:
            (self.path / name).symlink_to(shutil.which(name) or name)

    def add_python(self, source: str) -> None:
        """Put a program called python3 on the path."""
        program = self.path / "python3"
        program.write_text(source.replace("{log}", str(self.log)))
        program.chmod(0o755)

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ./start from another folder."""
        command = [str(self.root / "start"), *arguments]
        env = {"PATH": str(self.path)}
        return subprocess.run(command, cwd="/", env=env, capture_output=True, text=True)

    @property
    def installs(self) -> list[str]:
        """What pip was asked to install, one call per item."""
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Give a machine without Python."""
    return Machine(tmp_path)


def test_without_python_start_says_what_to_install(machine: Machine) -> None:
    """Nothing is made, and the message names the version and a way to get it."""
    done = machine.start()

    assert done.returncode == 4
    assert "Python 3.11 or newer was not found" in done.stderr
    assert "apt-get install python3" in done.stderr
    assert not (machine.root / ".venv").exists()


def test_an_old_python_is_not_used(machine: Machine) -> None:
    """A Python that fails the version check counts as none."""
    machine.add_python("#!/bin/sh\nexit 1\n")

    assert "was not found" in machine.start().stderr


def test_a_half_made_environment_is_removed(machine: Machine) -> None:
    """Where venv fails, the message says which package is missing and nothing is left behind."""
    machine.add_python('#!/bin/sh\ncase "$*" in *venv*) mkdir -p "$3/bin"; exit 1;; esac\n')

    done = machine.start()

    assert "python3-venv" in done.stderr
    assert not (machine.root / ".venv").exists()


def test_start_installs_the_pinned_versions_and_opens(machine: Machine) -> None:
    """The lock is used as constraints, and arguments go on to `caseroom open`."""
    machine.add_python(RECORDER)

    done = machine.start("--port", "8901")

    assert done.stdout == "caseroom open --port 8901\n"
    assert f"-c {machine.root}/requirements.lock -e {machine.root}" in machine.installs[-1]


def test_a_second_start_installs_nothing(machine: Machine) -> None:
    """The install is skipped while lock and project file are unchanged, and repeated after."""
    machine.add_python(RECORDER)
    machine.start()
    before = len(machine.installs)

    machine.start()
    assert len(machine.installs) == before

    with (machine.root / "requirements.lock").open("a") as lock:
        lock.write("another==1.0\n")
    machine.start()
    assert len(machine.installs) > before


def test_a_failed_install_is_tried_again(machine: Machine) -> None:
    """An install that broke off leaves no stamp, so the next start installs."""
    machine.add_python(RECORDER.replace('echo "$*" >>"{log}"', "exit 1"))

    assert "Installing failed" in machine.start().stderr

    (machine.root / ".venv/bin/python").write_text(RECORDER.replace("{log}", str(machine.log)))
    assert machine.start().returncode == 0
    assert machine.installs
