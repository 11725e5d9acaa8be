"""What a crash cut short is found and finished at the next start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import toy_kind
import toy_shop
from caseroom.case.contract import Purchase, Quote
from caseroom.service.app import Caseroom
from caseroom.service.cases import build_case, build_state, create_case, list_cases
from caseroom.service.evidence import buy
from caseroom.service.loading import load_case
from caseroom.service.room import open_room, run_query
from caseroom.service.submitting import debrief
from caseroom.service.texts import plain_raw
from caseroom.vocabulary.errors import CaseroomError

Open = Callable[..., Caseroom]


def names(folder: Path) -> list[str]:
    """Give the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_an_interrupted_build_is_done_again(opened: Open, data_dir: Path) -> None:
    """The half file is swept and the case is open after the next start."""
    app = opened()
    card = create_case(app, "toy-kiosk", seed=1, level="associate", vertical="saas")
    half = data_dir / "cases" / f".building-{card.id}"
    half.mkdir()
    (half / "company.duckdb").write_bytes(b"half")

    again = opened()

    assert [case.state for case in list_cases(again)] == ["open"]
    assert names(data_dir / "cases") == [card.id]
    assert names(data_dir / "cases" / card.id) == ["company.duckdb"]


def test_a_server_builds_again_in_the_background(opened: Open) -> None:
    """Pages answer at once; the build goes on behind them."""
    card = create_case(opened(), "toy-kiosk", seed=1, level="associate", vertical="saas")
    gate = toy_shop.Gate()

    server = opened(toy_shop.kinds(build=gate.build), serving=True)

    assert gate.started.wait(10)
    assert build_state(server, card.id).message == "Waiting at the gate"
    gate.open.set()
    server.builds.wait(card.id, 10)
    assert build_state(server, card.id).state == "ready"


def test_a_paid_purchase_is_delivered(opened: Open) -> None:
    """A crash between payment and delivery costs nothing."""
    app = opened()
    card = create_case(app, "toy-kiosk", seed=1, level="associate", vertical="saas")
    build_case(app, card.id)
    purchase = Purchase(offer="survey", params={"people": 50, "region": "north"})
    app.store.add_purchase(card.id, purchase, Quote(cost_cents=10_000, weeks=1), app.clock.now())

    again = opened()

    assert run_query(again, card.id, "SELECT count(*) FROM survey").rows == ((50,),)
    assert open_room(again, card.id).cents_left == 90_000


def test_older_databases_are_swept(opened: Open, data_dir: Path) -> None:
    """A start leaves each case the one file that counts."""
    app = opened()
    card = create_case(app, "toy-kiosk", seed=1, level="associate", vertical="saas")
    build_case(app, card.id)
    buy(app, card.id, Purchase(offer="survey"))
    assert len(names(data_dir / "cases" / card.id)) == 2

    opened()

    assert names(data_dir / "cases" / card.id) == ["company-1.duckdb"]


def test_folders_of_unknown_cases_are_swept(opened: Open, data_dir: Path) -> None:
    """What a deletion left behind goes at the next start."""
    opened()
    (data_dir / "cases" / ".deleted-feedbeef").mkdir()
    (data_dir / "cases" / ".building-feedbeef").mkdir()

    opened()

    assert names(data_dir / "cases") == []


def test_a_case_that_another_process_holds_is_left_alone(opened: Open, data_dir: Path) -> None:
    """A second Caseroom does not sweep away what the first one is building."""
    app = opened()
    card = create_case(app, "toy-kiosk", seed=1, level="associate", vertical="saas")
    half = data_dir / "cases" / f".building-{card.id}"
    half.mkdir()

    with app.files.lock(card.id) as mine:
        assert mine
        opened()

        assert half.exists()
        assert app.store.case(card.id).state == "building"


def test_a_saved_submission_is_graded(opened: Open) -> None:
    """A crash between saving and grading costs nothing."""
    app = opened()
    card = create_case(app, "toy-kiosk", seed=1, level="associate", vertical="saas")
    build_case(app, card.id)
    raw = plain_raw(toy_kind.perfect(load_case(app, card.id).case))
    app.store.add_submission(card.id, raw=raw, sha256="00", self_score=80, at=app.clock.now())

    again = opened()

    assert list_cases(again)[0].state == "graded"
    assert debrief(again, card.id).report.passed


def test_one_hopeless_case_does_not_keep_the_rest_from_starting(opened: Open) -> None:
    """The build of one case fails; the other one is built."""
    app = opened()
    first = create_case(app, "toy-kiosk", seed=1, level="associate", vertical="saas")
    second = create_case(app, "toy-kiosk", seed=2, level="associate", vertical="saas")

    def build(case, purchases, path, progress):  # type: ignore[no-untyped-def]
        if case.spec.seed == 1:
            raise CaseroomError("This seed is cursed.")
        return toy_shop.build(case, purchases, path, progress)

    again = opened(toy_shop.kinds(build=build))

    states = {card.id: card.state for card in list_cases(again)}
    assert states == {first.id: "failed", second.id: "open"}


def test_a_case_of_another_version_is_named(opened: Open) -> None:
    """A case that this program would draw differently is not opened, and can be deleted."""
    app = opened()
    card = create_case(app, "toy-kiosk", seed=1, level="associate", vertical="saas")
    build_case(app, card.id)
    newer = replace(toy_shop.kinds().load("toy-kiosk"), version=2)
    kinds = replace(toy_shop.kinds(), load=lambda kind_id: newer)

    again = opened(kinds)

    with pytest.raises(CaseroomError, match="made by toy-kiosk-v1, and this Caseroom has"):
        open_room(again, card.id)
    assert len(list_cases(again)) == 1
