"""`kill -9` at the worst moments: after the next start nothing is lost, nothing is half-built."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

import toy_kind

TOY = Path(toy_kind.__file__).with_name("toy_cli.py")
PATIENCE = 60.0


class Machine:
    """A data folder, and processes that work on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[str]] = []

    def end(self) -> None:
        """End what still runs."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def start(self, *arguments: str, **slow: int) -> subprocess.Popen[str]:
        """Start a command; `build` and `grade` give seconds that these wait."""
        waits = {f"TOY_SLOW_{name.upper()}": str(seconds) for name, seconds in slow.items()}
        process = subprocess.Popen(
            [sys.executable, str(TOY), "--data-dir", str(self.folder), *arguments],
            env=os.environ | waits,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def run(self, *arguments: str) -> Any:
        """Run a command to its end and give its JSON."""
        with self.start(*arguments, "--json") as process:
            out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
        return json.loads(out)

    def state(self, case_id: str) -> str:
        """Read a case's state straight from the store."""
        with closing(sqlite3.connect(self.folder / "progress.sqlite")) as store:
            found = store.execute("SELECT state FROM cases WHERE id = ?", [case_id]).fetchone()
        return found[0] if found else ""

    def only_case(self) -> str:
        """Give the id of the one case there is, from the store."""
        with closing(sqlite3.connect(self.folder / "progress.sqlite")) as store:
            (found,) = store.execute("SELECT id FROM cases").fetchall()
        return found[0]

    def half_files(self) -> list[Path]:
        """Give the files of builds that are under way."""
        return list((self.folder / "cases").glob(".building-*/*"))

    def databases(self) -> list[str]:
        """Give the names of all databases in the case folders."""
        return sorted(path.name for path in (self.folder / "cases").rglob("*.duckdb"))


@pytest.fixture
def machine(data_dir: Path) -> Iterator[Machine]:
    """Give a machine with an empty data folder."""
    made = Machine(data_dir)
    yield made
    made.end()


@pytest.fixture
def case_id(machine: Machine) -> str:
    """Give a case that is built."""
    return machine.run("new", "toy-kiosk", "--seed", "3")["id"]


@pytest.fixture
def answer(machine: Machine) -> str:
    """Give the path of a perfect answer to the case."""
    path = machine.folder / "answer.yaml"
    path.write_text(yaml.safe_dump(toy_kind.perfect(toy_kind.draw(toy_kind.spec(3)))))
    return str(path)


def wait_for(happened: Callable[[], Any]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a process as the system would when memory is short: it can't do anything about it."""
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


class TestBuilds:
    def test_a_build_that_was_killed_is_done_at_the_next_start(self, machine: Machine) -> None:
        """The case is in the list, its database is whole, the half file is gone."""
        process = machine.start("new", "toy-kiosk", "--seed", "3", build=60)
        wait_for(machine.half_files)
        kill(process)
        assert len(machine.half_files()) == 1

        (card,) = machine.run("list")["cases"]

        assert (card["seed"], card["state"]) == (3, "open")
        assert (machine.half_files(), machine.databases()) == ([], ["company.duckdb"])
        counted = machine.run("sql", "last", "SELECT count(*) FROM shops")
        assert counted["rows"] == [[12]]

    def test_the_same_rows_come_out_as_without_the_crash(self, machine: Machine) -> None:
        """A case that was interrupted is the case that the seed names."""
        process = machine.start("new", "toy-kiosk", "--seed", "3", build=60)
        wait_for(machine.half_files)
        kill(process)
        interrupted = machine.run("sql", machine.run("list")["cases"][0]["id"], DIGEST)

        smooth = machine.run("sql", machine.run("new", "toy-kiosk", "--seed", "3")["id"], DIGEST)

        assert interrupted["rows"] == smooth["rows"]

    def test_a_paid_purchase_is_delivered_after_a_kill(
        self, machine: Machine, case_id: str
    ) -> None:
        """The money is spent once, and the rows are there."""
        process = machine.start("buy", case_id, "survey", "--param", "people=50", build=60)
        wait_for(machine.half_files)
        kill(process)

        counted = machine.run("sql", case_id, "SELECT count(*) FROM survey")

        assert counted["rows"] == [[50]]
        assert machine.run("brief", case_id)["cents_left"] == 90_000
        assert machine.databases() == ["company-1.duckdb"]

    def test_another_process_does_not_touch_a_running_build(self, machine: Machine) -> None:
        """A second Caseroom that starts meanwhile leaves the half file to the first one."""
        process = machine.start("new", "toy-kiosk", "--seed", "3", build=4)
        wait_for(machine.half_files)

        (card,) = machine.run("list")["cases"]

        assert card["state"] == "building"
        assert process.wait(PATIENCE) == 0
        process.communicate()
        assert machine.run("list")["cases"][0]["state"] == "open"


DIGEST = "SELECT count(*), sum(cents), sum(hash(sale_id, day)::HUGEINT)::VARCHAR FROM sales"


class TestSubmissions:
    def test_a_submission_that_was_killed_is_graded_at_the_next_start(
        self, machine: Machine, case_id: str, answer: str
    ) -> None:
        """It was saved first, so neither the answer nor the attempt is lost."""
        process = machine.start("submit", case_id, answer, "--self-score", "80", grade=60)
        wait_for(lambda: machine.state(case_id) == "submitted")
        kill(process)

        (card,) = machine.run("list")["cases"]

        assert card["state"] == "graded"
        debrief = machine.run("debrief", case_id)
        assert (debrief["self_score"], debrief["report"]["passed"]) == (80, True)
        assert len(debrief["reports"]) == 1

    @pytest.mark.parametrize("share", [0.6, 0.8, 0.95])
    def test_killed_at_any_moment_it_is_all_or_nothing(
        self, machine: Machine, case_id: str, answer: str, share: float
    ) -> None:
        """After the next start the case is either open with nothing saved, or graded once."""
        begun = time.monotonic()
        machine.run("submit", case_id, answer, "--check-only")
        usual = time.monotonic() - begun
        process = machine.start("submit", case_id, answer)
        time.sleep(usual * share)
        process.kill()
        process.communicate()

        (card,) = machine.run("list")["cases"]

        assert card["state"] in ("open", "graded")
        if card["state"] == "open":
            machine.run("submit", case_id, answer)
        assert len(machine.run("debrief", case_id)["reports"]) == 1


class Browser:
    """What a browser does, against a server that may die."""

    def __init__(self, address: str) -> None:
        origin = address.partition("/?")[0]
        self.client = httpx2.Client(base_url=origin, follow_redirects=True, timeout=PATIENCE)
        self.csrf = ""

    def open(self, path: str) -> str:
        """Open a page and remember its token."""
        text = self.client.get(path).raise_for_status().text
        (self.csrf,) = re.findall(r'<meta name="csrf-token" content="(\w+)"', text)
        return text

    def type(self, case_id: str, text: str, version: int) -> int:
        """Save a memo as the page does a moment after a key is pressed; gives its version."""
        typed = {"field": "memo", "text": text, "version": version, "csrf_token": self.csrf}
        saved = self.client.post(f"/case/{case_id}/drafts", data=typed).raise_for_status()
        return saved.json()["version"]


@contextmanager
def server(machine: Machine, **slow: int) -> Iterator[tuple[subprocess.Popen[str], Browser]]:
    """Start the server as a person would and open it."""
    process = machine.start("open", "--no-browser", "--port", "0", **slow)
    try:
        assert process.stdout is not None
        address = re.findall(r"http://\S+", process.stdout.readline())[0]
        browser = Browser(address)
        with closing(browser.client):
            browser.open(address)
            yield process, browser
    finally:
        process.kill()
        process.communicate()


def test_ctrl_c_is_the_way_to_stop(machine: Machine) -> None:
    """The server says that all is saved, and it is no error."""
    with server(machine) as (process, _):
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)

    assert (process.returncode, said) == (0, "Caseroom is closed; everything is saved.\n")


class TestServer:
    def test_what_was_typed_before_a_kill_is_there(self, machine: Machine, case_id: str) -> None:
        """Every text that the page was told is saved is saved."""
        with server(machine) as (process, browser):
            browser.open(f"/case/{case_id}/submit")
            version = 0
            for words in ("Dear", "Dear Ada", "Dear Ada, sales — not demand — fell."):
                version = browser.type(case_id, words, version)
            kill(process)

        with server(machine) as (process, browser):
            assert "Dear Ada, sales — not demand — fell." in browser.open(f"/case/{case_id}/submit")

    def test_a_build_of_the_server_that_was_killed_goes_on(self, machine: Machine) -> None:
        """The next server builds it in the background and shows the room."""
        with server(machine, build=60) as (process, browser):
            chosen = {"kind": "toy-kiosk", "seed": "5", "level": "senior", "vertical": "saas"}
            posted = chosen | {"csrf_token": browser.csrf}
            browser.client.post("/cases", data=posted).raise_for_status()
            wait_for(machine.half_files)
            kill(process)

        with server(machine) as (process, browser):
            wait_for(lambda: machine.state(machine.only_case()) == "open")
            assert "kiosks that sold less" in browser.open("/")
        assert machine.half_files() == []

    def test_a_submission_to_the_server_that_was_killed_is_graded(
        self, machine: Machine, case_id: str, answer: str
    ) -> None:
        """A second process submits while the server runs; both are killed; nothing is lost."""
        with server(machine) as (served, _):
            process = machine.start("submit", case_id, answer, grade=60)
            wait_for(lambda: machine.state(case_id) == "submitted")
            kill(process)
            kill(served)

        with server(machine) as (_, browser):
            assert "of 100" in browser.open(f"/case/{case_id}/debrief")
        assert machine.state(case_id) == "graded"
