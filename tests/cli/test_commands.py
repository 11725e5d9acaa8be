"""Every command does what it says, as text and as JSON."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

import toy_kind
from caseroom.case.contract import CaseSpec
from caseroom.vocabulary.levels import Level, Vertical

BY_DAY = "SELECT day, count(*) AS n FROM sales GROUP BY day ORDER BY day"


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    """Give the file of a perfect answer to case seed 3."""
    spec = CaseSpec(
        kind="toy-kiosk", version=1, seed=3, level=Level.ASSOCIATE, vertical=Vertical.SAAS
    )
    path = tmp_path / "answer.yaml"
    path.write_text(yaml.safe_dump(toy_kind.perfect(toy_kind.draw(spec))))
    return path


class TestStarting:
    def test_kinds_are_listed(self, caseroom: Any) -> None:
        """Each with what it trains and how long it takes."""
        assert "trains diagnosis; 10 minutes" in caseroom("cases").out
        assert caseroom("cases", "--json").json["kinds"][0]["id"] == "toy-kiosk"

    def test_a_case_is_started(self, caseroom: Any) -> None:
        """Level and vertical have defaults; the id is told."""
        ran = caseroom("new", "toy-kiosk", "--seed", "3")

        assert ran.code == 0
        assert "(associate, saas, seed 3)" in ran.out

    def test_every_choice_can_be_made(self, caseroom: Any) -> None:
        """Seed, level and vertical as the browser offers them."""
        card = caseroom(
            "new",
            "toy-kiosk",
            "--seed",
            "5",
            "--level",
            "senior",
            "--vertical",
            "finance",
            "--json",
        ).json

        assert (card["seed"], card["level"], card["vertical"], card["state"]) == (
            5,
            "senior",
            "finance",
            "open",
        )

    def test_started_cases_are_listed(self, caseroom: Any, case_id: str) -> None:
        """`list` and `mine` are the same."""
        assert case_id in caseroom("list").out
        assert caseroom("mine", "--json").json == caseroom("list", "--json").json

    def test_an_empty_list_says_what_to_do(self, caseroom: Any) -> None:
        """A newcomer is led on."""
        assert "caseroom cases" in caseroom("list").out

    def test_a_deleted_case_is_gone(self, caseroom: Any, case_id: str) -> None:
        """With --yes nobody is asked."""
        assert caseroom("delete", case_id, "--yes").code == 0
        assert caseroom("list", "--json").json == {"cases": []}

    def test_deleting_asks_first(self, caseroom: Any, case_id: str) -> None:
        """Anything but yes keeps the case."""
        ran = caseroom("delete", case_id, stdin="n\n")

        assert ran.code == 130
        assert len(caseroom("list", "--json").json["cases"]) == 1

    def test_a_rebuilt_case_works(self, caseroom: Any, case_id: str, data_dir: Path) -> None:
        """The damage is named with the command that repairs it, and that command does."""
        (data_dir / "cases" / case_id / "company.duckdb").unlink()
        damaged = caseroom("schema", case_id)
        assert (damaged.code, f"caseroom rebuild {case_id}" in damaged.err) == (5, True)

        assert caseroom("rebuild", "last").code == 0

        assert caseroom("schema", case_id).code == 0


class TestInvestigating:
    def test_the_brief_is_shown(self, caseroom: Any, case_id: str) -> None:
        """Question, budget and change log."""
        text = caseroom("brief", "last").out

        assert "Why did the sales table fall this spring" in text
        assert "$1,000 and 2 weeks" in text
        assert caseroom("brief", "last", "--json").json["cents_left"] == 100_000

    def test_tables_are_shown(self, caseroom: Any, case_id: str) -> None:
        """With rows, types and the documentation's words."""
        assert "shops  (12 rows)" in caseroom("schema", "last").out
        tables = caseroom("schema", "last", "--json").json["tables"]
        assert [table["name"] for table in tables] == ["payments", "sales", "shops"]

    def test_a_result_is_a_table(self, caseroom: Any, case_id: str) -> None:
        """Rows go to standard output, what is said about them to standard error."""
        ran = caseroom("sql", "last", BY_DAY, "--rows", "2")

        assert ran.out.splitlines()[0].split() == ["day", "n"]
        assert len(ran.out.splitlines()) == 4
        assert "120 rows, 2 shown" in ran.err

    def test_a_result_is_csv(self, caseroom: Any, case_id: str) -> None:
        """All rows, where a table shows some."""
        ran = caseroom("sql", "last", "SELECT * FROM range(2500) t(i)", "--format", "csv")

        assert ran.out.splitlines() == ["i", *map(str, range(2500))]

    @pytest.mark.parametrize("flag", [["--json"], ["--format", "json"]])
    def test_a_result_is_json(self, caseroom: Any, case_id: str, flag: list[str]) -> None:
        """Both ways to ask give the same."""
        view = caseroom("sql", "last", "SELECT 1 AS n", *flag).json

        assert (view["columns"], view["rows"]) == (["n"], [[1]])

    def test_a_query_comes_from_standard_input(self, caseroom: Any, case_id: str) -> None:
        """A dash stands for it."""
        ran = caseroom("sql", "last", "-", "--format", "csv", stdin="SELECT 7\nAS n")

        assert ran.out == "n\n7\n"

    def test_history_and_pins_are_listed(self, caseroom: Any, case_id: str) -> None:
        """Errors too; pins name their query by number or as the last one that ran."""
        caseroom("sql", "last", "SELECT 1 AS n")
        caseroom("sql", "last", "SELECT nothing")
        caseroom("pin", "last", "1", "one by number")
        caseroom("pin", "last", "last", "one by name")

        ran = caseroom("history", "last")

        assert [line.split()[0] for line in ran.out.splitlines()] == [
            "query",
            "-----",
            "1",
            "2",
            "Pin",
            "Pin",
        ]
        assert "error" in ran.out
        pins = caseroom("history", "last", "--json").json["pins"]
        assert [(pin["query_id"], pin["note"]) for pin in pins] == [
            (1, "one by number"),
            (1, "one by name"),
        ]

    def test_evidence_is_offered_and_bought(self, caseroom: Any, case_id: str) -> None:
        """Offers, a quote, a purchase, and what is left."""
        assert "--param people=...  10 to 400, default 100" in caseroom("buy", "last").out
        quoted = caseroom("buy", "last", "survey", "--param", "people=50", "--quote")
        assert "Costs $100 and 1 week." in quoted.out

        bought = caseroom("buy", "last", "survey", "--param", "people=50", "--json").json

        assert bought["purchase"]["params"] == {"people": 50, "region": "north"}
        assert bought["quote"]["cents_left"] == 90_000
        counted = caseroom("sql", "last", "SELECT count(*) FROM survey", "--format", "csv")
        assert counted.out == "count_star()\n50\n"

    def test_hints_are_given(self, caseroom: Any, case_id: str) -> None:
        """One after the other; then there are no more."""
        assert caseroom("hint", "last").out == "Count the payments.\n"
        assert caseroom("hint", "last", "--json").json == {"hint": "Split by region."}
        assert caseroom("hint", "last").code == 2


class TestHandingIn:
    def test_the_form_is_a_template(self, caseroom: Any, case_id: str, tmp_path: Path) -> None:
        """On standard output, or in a new file; a file that is there is not replaced."""
        text = caseroom("form", "last").out
        path = tmp_path / "form.yaml"

        assert caseroom("form", "last", "--out", path).code == 0
        assert path.read_text() == text
        assert "is there already" in caseroom("form", "last", "--out", path).err
        fields = caseroom("form", "last", "--json").json["fields"]
        assert [field["id"] for field in fields] == list(yaml.safe_load(text))

    def test_a_check_costs_nothing(
        self, caseroom: Any, case_id: str, answer: Path, tmp_path: Path
    ) -> None:
        """A good file is fine; a bad one gives all its problems, and exit code 2."""
        (tmp_path / "bad.yaml").write_text("causes: {demand: 80}\nonset: soon\n")

        good = caseroom("submit", "last", answer, "--check-only")
        bad = caseroom("submit", "last", tmp_path / "bad.yaml", "--check-only", "--json")

        assert (good.code, good.out) == (0, "The format is fine.\n")
        assert bad.code == 2
        assert {"causes", "onset"} <= {problem["field"] for problem in bad.json["problems"]}
        assert caseroom("list", "--json").json["cases"][0]["state"] == "open"

    def test_a_submission_gives_the_debrief(
        self, caseroom: Any, case_id: str, answer: Path
    ) -> None:
        """Score, truth, consequence, timeline and next steps for people."""
        caseroom("sql", "last", BY_DAY)

        text = caseroom("submit", "last", answer, "--self-score", "80").out

        for words in (
            "of 100, passed",
            "You expected 80",
            "What was true",
            "your decision",
            "What you did",
            BY_DAY[:30],
            "caseroom solution",
        ):
            assert words in text
        assert caseroom("debrief", "last").out == text

    def test_a_debrief_is_json(self, caseroom: Any, case_id: str, answer: Path) -> None:
        """Programs get all of it, and regrading adds a report."""
        view = caseroom("submit", "last", answer, "--json").json

        assert view["report"]["passed"]
        assert view == caseroom("debrief", "last", "--json").json
        assert len(caseroom("regrade", "last", "--json").json["reports"]) == 2

    def test_a_submission_comes_from_standard_input(
        self, caseroom: Any, case_id: str, answer: Path
    ) -> None:
        """JSON is taken like YAML."""
        text = json.dumps(yaml.safe_load(answer.read_text()), default=str)

        assert caseroom("submit", "last", "-", stdin=text).code == 0

    def test_the_solution_runs(self, caseroom: Any, case_id: str, answer: Path) -> None:
        """Only after the submission, and step by step."""
        assert "give the truth away" in caseroom("solution", "last").err
        caseroom("submit", "last", answer)

        assert "1. Are payments unique?" in caseroom("solution", "last").out
        assert len(caseroom("solution", "last", "--json").json["steps"]) == 4


class TestTaking:
    def test_tables_are_exported(self, caseroom: Any, case_id: str, tmp_path: Path) -> None:
        """As a zip of CSV or Parquet files, or as the DuckDB file."""
        for fmt, name in (
            ("csv", f"{case_id}.csv.zip"),
            ("parquet", f"{case_id}.parquet.zip"),
            ("duckdb", f"{case_id}.duckdb"),
        ):
            ran = caseroom("export", "last", fmt, "--out", tmp_path, "--json")
            assert ran.json == {"files": [str(tmp_path / name)]}
        with zipfile.ZipFile(tmp_path / f"{case_id}.csv.zip") as archive:
            assert archive.namelist() == ["payments.csv", "sales.csv", "shops.csv"]

    def test_a_result_is_exported(self, caseroom: Any, case_id: str, tmp_path: Path) -> None:
        """By the number of its query."""
        caseroom("sql", "last", "SELECT 1 AS n")
        out = tmp_path / "one.csv"

        assert caseroom("export", "last", "csv", "--query", "1", "--out", out).code == 0

        assert out.read_text() == "n\n1\n"

    def test_a_notebook_comes_with_its_database(
        self, caseroom: Any, case_id: str, tmp_path: Path
    ) -> None:
        """It opens the file that was written beside it."""
        caseroom("sql", "last", "SELECT 1 AS n")
        caseroom("export", "last", "notebook", "--out", tmp_path)

        notebook = nbformat.read(tmp_path / f"{case_id}.ipynb", as_version=4)

        assert (tmp_path / f"{case_id}.duckdb").exists()
        assert f"'{case_id}.duckdb'" in notebook.cells[1].source
        assert "SELECT 1 AS n" in notebook.cells[-1].source

    def test_a_file_is_not_replaced_unless_forced(
        self, caseroom: Any, case_id: str, tmp_path: Path
    ) -> None:
        """The person decides."""
        out = tmp_path / "x.duckdb"
        out.write_text("mine")

        assert caseroom("export", "last", "duckdb", "--out", out).code == 2
        assert out.read_text() == "mine"
        assert caseroom("export", "last", "duckdb", "--out", out, "--force").code == 0
        assert out.read_bytes() != b"mine"


class TestAbout:
    def test_the_version_names_the_places(self, caseroom: Any, data_dir: Path) -> None:
        """Where data and log are, for a person who asks for help."""
        found = caseroom("version", "--json").json

        assert found["data_dir"] == str(data_dir)
        assert found["log"].startswith(str(data_dir))

    def test_the_data_folder_can_be_chosen(self, caseroom: Any, tmp_path: Path) -> None:
        """Before the command or after it; an option wins over the environment."""
        other = tmp_path / "other"

        first = caseroom("--data-dir", other, "version", "--json").json
        second = caseroom("version", "--data-dir", other, "--json").json

        assert first["data_dir"] == second["data_dir"] == str(other)

    def test_the_demo_says_who_plays(self, caseroom: Any, data_dir: Path) -> None:
        """Every step is shown, up to the consequence, and nothing is kept."""
        text = caseroom("demo").out

        assert "This is the reference solver at work, not a person." in text
        for words in ("1. Are payments unique?", "hands in", "What was true", "your decision"):
            assert words in text
        assert caseroom("list", "--json").json == {"cases": []}

    def test_the_demo_is_json(self, caseroom: Any) -> None:
        """Steps and debrief, labelled as the reference solver's."""
        played = caseroom("demo", "--json", "--kind", "toy-kiosk", "--seed", "4").json

        assert played["solver"] == "reference"
        (play,) = played["plays"]
        assert (play["kind"], play["seed"], len(play["steps"])) == ("toy-kiosk", 4, 4)
        assert play["debrief"]["report"]["passed"]

    def test_a_kind_is_checked(self, caseroom: Any) -> None:
        """The measures of `grading.check` are printed."""
        found = caseroom(
            "check", "toy-kiosk", "--seeds", "1", "--level", "associate", "--json"
        ).json

        assert {"kind", "seeds", "reference_pass", "naive_regret", "leaks"} <= set(found)
