"""The server: ports, hosts, the printed address, the kept secret."""

from __future__ import annotations

import io
import socket
import stat
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from caseroom.service.app import Caseroom
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.web import serve as serving
from caseroom.web.serve import bind, kept_secret


def test_any_free_port_can_be_had() -> None:
    """Port 0 takes one that is free, on this machine only."""
    with bind("127.0.0.1", 0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert listening.getsockname()[1] > 0


def test_a_port_in_use_is_told() -> None:
    """The error names the port and another one to try."""
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CaseroomError) as refused:
            bind("127.0.0.1", port)

    assert refused.value.problem == f"Port {port} is in use."
    assert "--port" in refused.value.next_step
    assert refused.value.code == ExitCode.ENVIRONMENT


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "elsewhere.example", ""])
def test_other_machines_cannot_be_let_in(host: str) -> None:
    """Local mode has no accounts, so it listens on loopback names only."""
    with pytest.raises(CaseroomError, match="no accounts"):
        bind(host, 0)


@pytest.mark.parametrize("port", [-1, 70_000])
def test_impossible_ports_are_told(port: int) -> None:
    """A number that is no port gives words."""
    with pytest.raises(CaseroomError, match="cannot be used"):
        bind("127.0.0.1", port)


def test_the_secret_lasts_and_is_private(tmp_path: Path) -> None:
    """The secret survives a restart and only this user can read it."""
    path = tmp_path / "web-secret"
    first = kept_secret(path)

    assert kept_secret(path) == first
    assert len(first) >= 24
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "short", "no spaces are allowed in a secret"])
def test_a_damaged_secret_is_drawn_again(tmp_path: Path, content: str) -> None:
    """A file that holds no secret is replaced."""
    path = tmp_path / "web-secret"
    path.write_text(content)

    assert kept_secret(path) != content
    assert kept_secret(path) == path.read_text()


def test_the_printed_address_opens_the_pages(tmp_path: Path) -> None:
    """A server in a process of its own prints an address that lets in, and ends when asked to."""
    program = (
        "import sys; from pathlib import Path; import toy_room\n"
        "from caseroom.web.serve import serve\n"
        "serve(toy_room.open_toy_room(Path(sys.argv[1])), port=0, open_browser=False)"
    )
    tests = Path(__file__).parents[1]
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, cwd=tests, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().rpartition(" ")[2].strip()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(address, timeout=30) as answer:
            page = answer.read().decode()
        process.terminate()
        rest = process.stdout.read()

    assert "Choose a case" in page
    assert rest == ""


def test_the_browser_is_opened_once_requests_are_answered(
    room: Caseroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address that is opened in the browser answers at that moment."""
    seen: list[int] = []
    opened = threading.Event()
    servers: list[serving._Server] = []
    start = serving._Server.startup

    async def remember(self: serving._Server, sockets: list[socket.socket] | None = None) -> None:
        servers.append(self)
        await start(self, sockets)

    def open_browser(address: str) -> bool:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(address, timeout=30) as answer:
            seen.append(answer.status)
        opened.set()
        return True

    monkeypatch.setattr(serving, "webbrowser", SimpleNamespace(open=open_browser))
    monkeypatch.setattr(serving._Server, "startup", remember)
    out = io.StringIO()
    thread = threading.Thread(target=lambda: serving.serve(room, port=0, out=out))
    thread.start()
    assert opened.wait(30)
    servers[0].should_exit = True
    thread.join(30)

    assert seen == [200]
    assert out.getvalue().startswith("Caseroom is open at http://127.0.0.1:")
