"""Bad input: what was wrong, what is allowed, what to do, and the documented exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import toy_kind
import toy_shop
from caseroom.cli import run
from caseroom.cli.root import COMMANDS

TOY = Path(toy_kind.__file__).with_name("toy_cli.py")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["new", "toy-kiosc"], 3, ["no case kind 'toy-kiosc'", "toy-kiosk"]),
        (["new", "toy-kiosk", "--seed", "-4"], 2, ["-4 is not a seed", "from 0 to"]),
        (["new", "toy-kiosk", "--seed", "many"], 2, ["'many' is not a valid integer"]),
        (["new", "toy-kiosk", "--level", "boss"], 2, ["no level 'boss'", "associate, senior"]),
        (["new", "toy-kiosk", "--vertical", "x"], 2, ["no vertical 'x'", "saas, finance"]),
        (["new", "toy-kiosk", "--data", "x.csv"], 2, ["takes no data file"]),
        (["new"], 2, ["Missing argument 'KIND'", "caseroom new --help"]),
        (["brief", "zz"], 3, ["No case 'zz'", "last", "caseroom list"]),
        (["sql", "last", "SELEC 1"], 2, ["near SELEC"]),
        (["sql", "last", "DROP TABLE shops"], 2, ["DROP does not run here"]),
        (["sql", "last", "SELECT 1", "--rows", "0"], 2, ["0 is not in the range 1<=x<=10000"]),
        (["sql", "last", "SELECT 1", "--format", "xml"], 2, ["'xml' is not one of"]),
        (["pin", "last", "7", "x"], 3, ["no query number 7"]),
        (["pin", "last", "x", "x"], 2, ["'x' is no query", "or last"]),
        (["pin", "last", "last", "x"], 2, ["No query ran"]),
        (["buy", "last", "moon"], 2, ["Nobody offers 'moon'", "survey"]),
        (["buy", "last", "survey", "--param", "people"], 2, ["NAME=VALUE"]),
        (["buy", "last", "survey", "--param", "people=5"], 2, ["outside", "10 to 400"]),
        (["debrief", "last"], 2, ["not submitted yet"]),
        (["submit", "last", "none.yaml"], 3, ["none.yaml cannot be read: No such file"]),
        (["export", "last", "xlsx"], 2, ["Nothing is exported as 'xlsx'", "csv, parquet, duckdb"]),
        (["export", "last", "csv", "--query", "9"], 3, ["no query number 9"]),
        (["export", "last", "csv", "--out", "none/x.zip"], 4, ["cannot be written"]),
        (["check", "toy-kiosk", "--seeds", "0"], 2, ["0 is not in the range"]),
        (["check", "toy-kiosk", "--level", "boss"], 2, ["no level 'boss'"]),
        (["open", "--port", "99999"], 2, ["99999 is not in the range"]),
        (["open", "--host", "0.0.0.0", "--no-browser"], 2, ["does not listen on '0.0.0.0'"]),
        (["histroy"], 2, ["no command 'histroy'", "Did you mean `caseroom history`?"]),
        (["world", "bild"], 2, ["Did you mean `caseroom world build`?"]),
        (["list", "--jsn"], 2, ["No such option", "--json"]),
    ],
)
def test_a_refusal_says_what_was_wrong_and_what_to_do(
    caseroom: Any, case_id: str, arguments: list[str], code: int, words: list[str]
) -> None:
    """Nothing on standard output, a few sentences on standard error, the documented code."""
    ran = caseroom(*arguments)

    assert (ran.code, ran.out) == (code, "")
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err


def test_a_refusal_is_json_for_programs(caseroom: Any) -> None:
    """The same parts, by name."""
    ran = caseroom("new", "toy-kiosk", "--level", "boss", "--json")

    error = json.loads(ran.err)["error"]
    assert error == {
        "problem": "toy-kiosk has no level 'boss'.",
        "allowed": "associate, senior",
        "next_step": "choose one of these levels.",
        "exit_code": 2,
    }
    assert "no command" in json.loads(caseroom("lst", "--json").err)["error"]["problem"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("causes: [", "line 1, column 10"),
        ("causes: {demand: 0.5}\ncauses: {}", "line 2, column 1: 'causes' stands there twice"),
        ("- a\n- b", "it holds list"),
        ("", "it holds NoneType"),
        ("just words", "it holds str"),
        ("a: &a [*a]", "'causes', 'segment'"),
        ("memo: !!python/object/apply:os.system ['true']", "could not determine a constructor"),
        ("onset: 2025-13-45", "month must be in 1..12"),
        ("\tcauses: 1", "line 1, column 1"),
        ("memo: " + "x" * 1_000_001, "more than 1,000,000 bytes"),
        ("causes: {demand: 1.5}", "demand"),
        ("causes: {demand: .nan}", "demand"),
        ("causes: demand", "causes"),
        ("onset: soon", "onset"),
        ("effect: {value: 50, low: 60, high: 40}", "not in order"),
        ("decision: {option: campaign, params: {weeks: 99}}", "weeks 99 is outside"),
        ("verdict: maybe", "verdict"),
        ("nonsense: 1", "no field 'nonsense'"),
    ],
)
def test_a_malformed_submission_costs_nothing(
    caseroom: Any, case_id: str, tmp_path: Path, text: str, words: str
) -> None:
    """The place or the field is named, and the case can still be submitted."""
    path = tmp_path / "answer.yaml"
    path.write_text(text)

    ran = caseroom("submit", "last", path)

    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert words.replace("'causes', 'segment'", "nested too deeply") in ran.err
    assert caseroom("list", "--json").json["cases"][0]["state"] == "open"


def test_bytes_that_are_no_text_are_named(caseroom: Any, case_id: str, tmp_path: Path) -> None:
    """A word processor's file is told from a text file."""
    (tmp_path / "answer.docx").write_bytes(b"PK\x03\x04\xff\xfe")

    assert "byte 4 is not UTF-8" in caseroom("submit", "last", tmp_path / "answer.docx").err


@pytest.mark.parametrize("score", ["-1", "101", "nan"])
def test_a_self_score_out_of_range_is_refused(
    caseroom: Any, case_id: str, tmp_path: Path, score: str
) -> None:
    """It is a total, from 0 to 100."""
    case = toy_kind.draw(toy_kind.spec(3))
    (tmp_path / "answer.json").write_text(json.dumps(toy_kind.perfect(case), default=str))

    ran = caseroom("submit", "last", tmp_path / "answer.json", "--self-score", score)

    assert (ran.code, "from 0 to 100" in ran.err) == (2, True)


def test_an_unexpected_error_is_one_line_and_a_log(
    data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 70; the trace is in the log that the line names."""
    monkeypatch.setenv("CASEROOM_HOME", str(data_dir))

    def broken(*_: object) -> Mapping[str, int]:
        raise ZeroDivisionError("a bug")

    code = run(["new", "toy-kiosk", "--seed", "1"], kinds=toy_shop.kinds(build=broken))

    printed = capsys.readouterr()
    log = data_dir / "logs" / "caseroom.log"
    assert (code, printed.out, len(printed.err.splitlines())) == (70, "", 1)
    assert str(log) in printed.err
    assert "ZeroDivisionError: a bug" in log.read_text()
    assert "Traceback" in log.read_text()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(caseroom: Any, command: str) -> None:
    """Help comes without opening a data folder."""
    ran = caseroom(command, "--help")

    assert ran.code == 0
    assert ran.out.startswith(f"Usage: caseroom {command}")


def test_without_arguments_help_is_shown(caseroom: Any) -> None:
    """A newcomer sees all commands, and no error."""
    ran = caseroom()

    assert ran.code == 0
    assert all(f"\n  {command} " in ran.out for command in COMMANDS)


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the toy's command line as a process of its own."""
    return subprocess.run(
        [sys.executable, str(TOY), *arguments], capture_output=True, text=True, **options
    )


def test_a_folder_that_is_not_writable_is_named(tmp_path: Path) -> None:
    """Exit code 4, and the two ways to choose another folder."""
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    for above in [tmp_path, *tmp_path.parents]:
        if above.stat().st_uid == os.geteuid() and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o011)
    code = (
        "import os, sys\nfrom caseroom.cli import run; import caseroom.bootstrap\n"
        "from caseroom.cli import starting\n"
        "if os.geteuid() == 0: os.setuid(65534)  # root may write everywhere, nobody may not\n"
        "sys.exit(run(['list', '--data-dir', sys.argv[1]]))"
    )

    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True)

    assert done.returncode == 4
    assert f"The data folder {folder} cannot be used: Permission denied." in done.stderr
    assert "--data-dir or CASEROOM_HOME" in done.stderr


def test_a_corrupt_store_is_named(data_dir: Path, caseroom: Any) -> None:
    """Exit code 5; the file stays as it is."""
    (data_dir / "progress.sqlite").write_bytes(b"garbage" * 1000)

    ran = caseroom("list")

    assert (ran.code, "is damaged" in ran.err) == (5, True)


def test_a_corrupt_case_folder_is_named(caseroom: Any, case_id: str, data_dir: Path) -> None:
    """Exit code 5, with the command that repairs it; the other commands go on."""
    path = data_dir / "cases" / case_id / "company.duckdb"
    path.write_bytes(path.read_bytes()[:1000])

    ran = caseroom("sql", "last", "SELECT 1")

    assert ran.code == 5
    assert f"caseroom rebuild {case_id}" in ran.err
    assert caseroom("list").code == 0


def test_pipes_stay_quiet(tmp_path: Path) -> None:
    """Without a terminal no progress is drawn."""
    done = process("new", "toy-kiosk", "--seed", "1", "--data-dir", str(tmp_path / "d"))

    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    """`caseroom ... | head` ends quietly."""
    home = str(tmp_path / "d")
    process("new", "toy-kiosk", "--seed", "1", "--data-dir", home)
    query = "SELECT repeat('x', 1000) FROM range(9000)"
    with subprocess.Popen(
        [sys.executable, str(TOY), "sql", "last", query, "--format", "csv", "--data-dir", home],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        errors = running.stderr.read()

    assert (errors, running.returncode) == (b"", 0)
