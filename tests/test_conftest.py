"""The rules that tests run under."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = """
import pytest

def test_needs_a_browser():
    pytest.skip("no Chromium here")

@pytest.mark.xfail(reason="known gap")
def test_known_gap():
    assert False
"""


def run_pytest(folder: Path, source: str, *, ci: bool) -> str:
    """Give the output of pytest on one test module under this suite's conftest."""
    conftest = Path(__file__).with_name("conftest.py")
    (folder / "conftest.py").write_text(conftest.read_text())
    (folder / "test_sample.py").write_text(source)
    env = {key: value for key, value in os.environ.items() if key != "CI"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(
        command,
        cwd=folder,
        env=env | ({"CI": "true"} if ci else {}),
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_a_skip_fails_where_ci_is_set(tmp_path: Path) -> None:
    """A test that skips for want of a tool fails in CI; a known gap stays a known gap."""
    assert "1 failed, 1 xfailed" in run_pytest(tmp_path, SKIPPING, ci=True)


def test_a_skip_is_allowed_elsewhere(tmp_path: Path) -> None:
    """On a person's machine a missing tool skips the test."""
    assert "1 skipped, 1 xfailed" in run_pytest(tmp_path, SKIPPING, ci=False)


def test_a_module_that_skips_fails_where_ci_is_set(tmp_path: Path) -> None:
    """A module-level skip can't hide a folder of tests in CI."""
    source = "import pytest\npytest.skip('no server', allow_module_level=True)\n"

    assert "1 error" in run_pytest(tmp_path, source, ci=True)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.invalid", 443)])
def test_connections_off_this_machine_are_refused(address: tuple[str, int]) -> None:
    """A test can't reach another machine, by address or by name."""
    with socket.socket() as sock, pytest.raises(PermissionError, match="only to loopback"):
        sock.connect(address)


def test_loopback_stays_reachable() -> None:
    """A test can talk to a server that it started itself."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
