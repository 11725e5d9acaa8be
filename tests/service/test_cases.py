"""Starting, building, finding and deleting cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import toy_shop
from caseroom.service.app import Caseroom
from caseroom.service.cases import (
    LARGEST_SEED,
    build_case,
    build_state,
    create_case,
    delete_case,
    find_case,
    list_cases,
    list_kinds,
    rebuild_case,
    start_build,
)
from caseroom.service.room import open_room
from caseroom.vocabulary.errors import CaseroomError, ExitCode

Open = Callable[..., Caseroom]


def new(app: Caseroom, seed: int | None = 3, level: str = "associate", **given: object) -> str:
    """Start a toy case and give its id."""
    return create_case(app, "toy-kiosk", seed=seed, level=level, vertical="saas", **given).id  # pyright: ignore[reportArgumentType]


def database(app: Caseroom, case_id: str) -> Path:
    """Give the path of a case's database."""
    built = app.store.case(case_id).built
    assert built is not None
    return app.files.database(case_id, built)


class TestKinds:
    def test_a_card_tells_what_a_kind_is(self, app: Caseroom) -> None:
        """Levels, verticals and minutes are on the card."""
        (kind,) = list_kinds(app.kinds)

        assert (kind.id, kind.takes_data) == ("toy-kiosk", False)
        assert kind.minutes[kind.levels[0]] == 10

    def test_all_registered_kinds_are_offered_by_default(self) -> None:
        """Without a choice of kinds, those of the product are listed."""
        assert {"saas-churn", "data-audit"} <= {kind.id for kind in list_kinds()}


class TestStarting:
    def test_a_started_case_waits_for_its_build(self, app: Caseroom) -> None:
        """The case is saved before anything is built, so that a crash can't lose it."""
        case_id = new(app)

        (card,) = list_cases(app)
        assert (card.id, card.state, card.seed) == (case_id, "building", 3)
        assert card.title == "The kiosks that sold less"
        assert build_state(app, case_id).state == "building"

    def test_a_surprise_draws_a_seed(self, app: Caseroom) -> None:
        """Two surprises differ, and the seed is told."""
        seeds = {create_surprise(app) for _ in range(3)}

        assert len(seeds) > 1

    @pytest.mark.parametrize(
        ("chosen", "problem", "allowed", "next_step"),
        [
            ({"seed": -1}, "-1 is not a seed", "from 0 to", "another number"),
            ({"seed": LARGEST_SEED + 1}, "is not a seed", "from 0 to", "another number"),
            ({"level": "seniorr"}, "no level 'seniorr'", "associate, senior", "mean senior"),
            ({"level": "lead"}, "no level 'lead'", "associate, senior", "choose one"),
            ({"vertical": "retail"}, "no vertical 'retail'", "saas, finance", "choose one"),
            ({"kind": "toy"}, "no case kind 'toy'", "toy-kiosk", ""),
        ],
    )
    def test_a_choice_that_there_is_not_is_refused(
        self, app: Caseroom, chosen: dict[str, object], problem: str, allowed: str, next_step: str
    ) -> None:
        """The refusal names the value, what is allowed and what to do; nothing is saved."""
        choice = {"kind": "toy-kiosk", "seed": 1, "level": "associate", "vertical": "saas"} | chosen

        with pytest.raises(CaseroomError) as refusal:
            create_case(app, choice.pop("kind"), **choice)  # pyright: ignore[reportArgumentType]

        assert problem in refusal.value.problem
        assert allowed in refusal.value.allowed
        assert next_step in refusal.value.next_step
        assert list_cases(app) == ()

    def test_a_kind_that_makes_its_own_company_takes_no_table(
        self, app: Caseroom, tmp_path: Path
    ) -> None:
        """A data file for such a kind is a misunderstanding worth naming."""
        (tmp_path / "mine.csv").write_text("a\n1\n")

        with pytest.raises(CaseroomError, match="takes no data file"):
            new(app, data=tmp_path / "mine.csv")


def create_surprise(app: Caseroom) -> int:
    """Start a case without a seed and give the seed that was drawn."""
    return create_case(app, "toy-kiosk", seed=None, level="senior", vertical="finance").seed


class TestBuilding:
    def test_a_built_case_is_open(self, app: Caseroom) -> None:
        """Progress is told, and the case has its tables afterwards."""
        told: list[tuple[str, float]] = []
        case_id = new(app)

        build_case(app, case_id, lambda message, share: told.append((message, share)))

        assert told[0] == ("Building the company", 0.0)
        assert (list_cases(app)[0].state, build_state(app, case_id).state) == ("open", "ready")
        tables = {table.name: table.row_count for table in open_room(app, case_id).tables}
        assert tables["shops"] == 12

    def test_building_again_does_nothing_when_all_is_there(self, app: Caseroom) -> None:
        """A second request finds the case built."""
        case_id = new(app)
        build_case(app, case_id)
        before = database(app, case_id).stat().st_mtime_ns

        build_case(app, case_id)

        assert database(app, case_id).stat().st_mtime_ns == before

    def test_a_rebuild_makes_the_same_rows(self, app: Caseroom) -> None:
        """A damaged case is as it was after a rebuild."""
        case_id = new(app)
        build_case(app, case_id)
        tables = open_room(app, case_id).tables
        database(app, case_id).write_bytes(b"gone")
        with pytest.raises(CaseroomError, match="is damaged") as refusal:
            open_room(app, case_id)
        assert refusal.value.code == ExitCode.DAMAGED

        rebuild_case(app, case_id)

        assert open_room(app, case_id).tables == tables

    def test_a_background_build_tells_how_far_it_is(self, opened: Open) -> None:
        """A page can poll; the room opens before the tables are there."""
        gate = toy_shop.Gate()
        app = opened(toy_shop.kinds(build=gate.build))
        case_id = new(app)

        start_build(app, case_id)
        assert gate.started.wait(10)

        state = build_state(app, case_id)
        assert (state.state, state.message, state.share) == ("building", "Waiting at the gate", 0.4)
        assert open_room(app, case_id).tables == ()
        gate.open.set()
        app.builds.wait(case_id, 10)
        assert build_state(app, case_id).state == "ready"

    def test_two_starts_build_once(self, opened: Open) -> None:
        """A double click does not build twice."""
        gate = toy_shop.Gate()
        app = opened(toy_shop.kinds(build=gate.build))
        case_id = new(app)
        start_build(app, case_id)
        assert gate.started.wait(10)

        start_build(app, case_id)

        with pytest.raises(CaseroomError, match="being built right now"):
            build_case(app, case_id)
        gate.open.set()
        app.builds.wait(case_id, 10)
        assert build_state(app, case_id).state == "ready"

    def test_a_build_of_another_process_is_waited_for(self, app: Caseroom) -> None:
        """A page that finds the case taken goes on polling until it is there."""
        case_id = new(app)
        with app.files.lock(case_id):
            start_build(app, case_id)
            app.builds.wait(case_id, 10)

            assert build_state(app, case_id).state == "building"

        build_case(app, case_id)
        assert build_state(app, case_id).state == "ready"

    def test_a_failed_build_keeps_its_reason(self, opened: Open) -> None:
        """The reason is told by the state, by the room's use cases and after a restart."""
        gate = toy_shop.Gate(CaseroomError("The table has no rows."))
        gate.open.set()
        app = opened(toy_shop.kinds(build=gate.build))
        case_id = new(app)

        start_build(app, case_id)
        app.builds.wait(case_id, 10)

        assert build_state(app, case_id).state == "failed"
        again = opened()
        assert build_state(again, case_id).message == "The table has no rows."
        assert list_cases(again)[0].state == "failed"

    def test_a_failed_build_can_be_repeated(self, opened: Open) -> None:
        """With what was wrong out of the way, the same case is built."""
        gate = toy_shop.Gate(CaseroomError("The table has no rows."))
        gate.open.set()
        app = opened(toy_shop.kinds(build=gate.build))
        case_id = new(app)
        with pytest.raises(CaseroomError, match="no rows"):
            build_case(app, case_id)
        gate.failure = None

        rebuild_case(app, case_id)

        assert (list_cases(app)[0].state, build_state(app, case_id).state) == ("open", "ready")


class TestFinding:
    def test_a_beginning_is_enough(self, app: Caseroom) -> None:
        """An id may be cut as long as it names one case."""
        case_id = new(app)

        assert find_case(app, case_id[:3]) == case_id

    def test_last_is_the_newest(self, app: Caseroom) -> None:
        """The case that was started last has a name of its own."""
        new(app)
        newest = new(app)

        assert find_case(app, "last") == newest

    @pytest.mark.parametrize("text", ["last", "abc"])
    def test_without_cases_none_is_found(self, app: Caseroom, text: str) -> None:
        """The message says how to start one."""
        with pytest.raises(CaseroomError, match="none was started") as refusal:
            find_case(app, text)

        assert refusal.value.code == ExitCode.NOT_FOUND

    def test_an_ambiguous_beginning_is_refused(self, app: Caseroom) -> None:
        """The cases that fit are listed."""
        ids = {new(app), new(app)}

        with pytest.raises(CaseroomError, match="2 cases begin with ''") as refusal:
            find_case(app, "")

        assert all(case_id in refusal.value.allowed for case_id in ids)

    def test_an_unknown_case_is_refused(self, app: Caseroom) -> None:
        """The cases that there are are listed."""
        case_id = new(app)

        with pytest.raises(CaseroomError, match="No case 'zz'") as refusal:
            find_case(app, "zz")

        assert case_id in refusal.value.allowed


class TestDeleting:
    def test_nothing_of_a_deleted_case_stays(self, app: Caseroom, data_dir: Path) -> None:
        """Row, folder and exports are gone."""
        case_id = new(app)
        build_case(app, case_id)

        delete_case(app, case_id)

        assert list_cases(app) == ()
        assert list((data_dir / "cases").iterdir()) == []

    def test_a_case_that_is_being_built_is_not_deleted(self, opened: Open) -> None:
        """The builder would write into a folder that is gone."""
        gate = toy_shop.Gate()
        app = opened(toy_shop.kinds(build=gate.build))
        case_id = new(app)
        start_build(app, case_id)
        assert gate.started.wait(10)

        with pytest.raises(CaseroomError, match="being built right now"):
            delete_case(app, case_id)

        gate.open.set()
        app.builds.wait(case_id, 10)


def test_the_case_folder_says_nothing_of_the_choice(app: Caseroom, data_dir: Path) -> None:
    """Seed and level are in the store only: the folder holds one neutral file."""
    case_id = new(app, seed=987654321012345678)
    build_case(app, case_id)

    files = [path for path in (data_dir / "cases").rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["company.duckdb"]
    content = files[0].read_bytes()
    assert b"987654321012345678" not in content
    assert b"associate" not in content
