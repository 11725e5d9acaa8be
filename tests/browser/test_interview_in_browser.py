"""Interviews in the browser: a whole loop by a set clock, time that runs out, a crash."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import toy_room
from caseroom.questions.bank import find_question
from caseroom.service.interview_views import InterviewView
from caseroom.service.interviews import interview
from set_clock import START, FileClock, SetClock

from .conftest import TOKEN, Server, Watch
from .test_accessibility import Inspector, unfold
from .test_typing import answer_toy

pytestmark = pytest.mark.browser

ANSWER = "Your answer, as you would say it"


@dataclass
class Loop:
    """A person in an interview whose server's clock is set by the test."""

    page: Page
    server: Server
    clock: SetClock
    id: str

    @property
    def now(self) -> InterviewView:
        """Give where the interview stands."""
        return interview(self.server.room, self.id)

    def answer(self, text: str = "") -> None:
        """Answer by keyboard what is asked; the strong answer unless told otherwise."""
        asked = self.now
        self.clock.move(seconds=45)
        self.page.goto(f"/interviews/{self.id}")
        area = self.page.locator("#turn-text")
        expect(area).to_be_focused()
        strong = asked.status.question and find_question(asked.status.question).anchor("strong")
        self.page.keyboard.insert_text(text or (strong.text if strong else "No, thank you."))
        self.page.keyboard.press("Tab")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture
def timed(server: Server) -> Iterator[tuple[Server, SetClock]]:
    """Give a second server over the same data with a set clock and toy cases only."""
    clock = SetClock()
    running = Server(replace(server.room, clock=clock, kinds=toy_room.kinds()))
    yield running, clock
    running.stop()


@pytest.fixture
def context(
    chrome: Browser,
    watch: Watch,
    timed: tuple[Server, SetClock],
    request: pytest.FixtureRequest,
) -> Iterator[BrowserContext]:
    """Give a browser; nothing may leave the machine and no page may complain.

    A parameter is the theme with the width of the window.
    """
    theme, width = getattr(request, "param", ("light", 1280))
    opened = chrome.new_context(
        base_url=timed[0].address,
        color_scheme=theme,
        viewport={"width": width, "height": 900},
    )
    opened.set_default_timeout(60_000)
    watch.follow(opened)
    yield opened
    opened.close()
    assert watch.strangers == []
    assert watch.complaints == []


def begin(
    context: BrowserContext, timed: tuple[Server, SetClock], choose: Callable[[Page], None]
) -> Loop:
    """Start an interview with these settings and say that one is ready."""
    server, clock = timed
    page = context.new_page()
    page.goto(f"/interviews/new?token={TOKEN}")
    choose(page)
    page.get_by_role("button", name="Start the interview").click()
    interview_id = page.url.rpartition("/")[2]
    expect(page.get_by_role("button", name="I am ready")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#turn-text")).to_be_focused()
    return Loop(page, server, clock, interview_id)


def own_rounds(**minutes: int) -> Callable[[Page], None]:
    """Give a function that chooses these rounds."""

    def choose(page: Page) -> None:
        page.locator('input[value="own"]').check()
        page.get_by_text("Rounds of your own: minutes per round").click()
        for kind, number in minutes.items():
            page.locator(f"#minutes-{kind}").fill(str(number))

    return choose


def test_a_whole_loop_in_45_minutes(
    context: BrowserContext, timed: tuple[Server, SetClock]
) -> None:
    """Four rounds, a case in the case room, own questions, close: in time, then the scorecard."""
    loop = begin(context, timed, lambda page: page.locator('input[value="loop-45"]').check())
    started = loop.clock.now()
    rounds: list[str] = []
    while loop.now.status.phase != "closed":
        status = loop.now.status
        if status.kind and status.kind not in rounds:
            rounds.append(status.kind)
        if status.phase == "case":
            work_on_the_case(loop)
        else:
            loop.answer()
    page = loop.page
    assert rounds == ["screen", "analytical", "tech", "behavioral"]
    assert (loop.clock.now() - started).total_seconds() <= 45 * 60
    assert loop.now.status.ended == "complete"

    page.goto(f"/interviews/{loop.id}")
    page.get_by_role("link", name="Read the scorecard").press("Enter")
    expect(page.locator("#verdict-title")).to_contain_text("Verdict: ")
    expect(page.locator("#questions article")).to_have_count(len(asked_in(loop)))
    expect(page.get_by_role("link", name="Read its debrief")).to_be_visible()
    page.get_by_role("button", name="Answer it again").first.press("Enter")
    expect(page.get_by_label(ANSWER)).to_be_visible()


def asked_in(loop: Loop) -> set[str]:
    """Give the questions that the interviewer asked."""
    return {line.about for line in loop.now.status.transcript if line.kind == "ask"}


def work_on_the_case(loop: Loop) -> None:
    """Open the case room from the interview, look at data, hand in, come back."""
    page, given = loop.page, loop.now.status.case
    assert given is not None
    page.goto(f"/interviews/{loop.id}")
    page.get_by_role("button", name="Open the case room").press("Enter")
    page.get_by_role("link", name="Open the case").or_(page.locator("#facts")).first.wait_for()
    case = page.url.rpartition("/")[2]
    loop.server.room.builds.wait(case, 30)
    page.goto(f"/case/{case}")
    expect(page.locator(".interview-banner")).to_contain_text("left for it")
    page.locator(".cm-content").click()
    page.keyboard.insert_text("select count(*) as sold from sales")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#result td")).to_have_count(1)
    loop.clock.move(minutes=4)
    page.goto(f"/case/{case}/submit")
    answer_toy(page, seed=given.seed)
    page.get_by_role("button", name="Review and submit").click()
    page.get_by_role("button", name="Submit for good").click()
    expect(page.locator("#truth")).to_be_visible()
    page.get_by_role("link", name="Back to the interview").press("Enter")
    expect(page.locator("#turn-text")).to_be_focused()


def test_time_that_runs_out(context: BrowserContext, timed: tuple[Server, SetClock]) -> None:
    """First a reminder, without touching the text; then the interviewer takes what stands there."""
    loop = begin(context, timed, own_rounds(screen=10))
    page = loop.page
    page.clock.install()
    page.reload()
    minutes = find_question(loop.now.status.question).minutes
    page.get_by_label(ANSWER).fill("What I could say so far is this.")
    page.clock.run_for(2_000)
    expect(page.locator("[data-draft-status]")).to_have_text("Saved")
    loop.clock.move(minutes=minutes)
    page.clock.run_for(11_000)
    expect(page.locator("#nudge")).to_contain_text("bring your thought to an end")
    expect(page.get_by_label(ANSWER)).to_have_value("What I could say so far is this.")

    before = page.locator("#prompt").inner_text()
    loop.clock.move(minutes=minutes)
    with page.expect_navigation():
        page.clock.run_for(11_000)
    expect(page.locator("#prompt")).not_to_have_text(before)
    expect(page.locator("#transcript")).to_contain_text("What I could say so far is this.")
    expect(page.locator("#turn-text")).to_have_value("")


def test_the_clock_counts_down_and_pauses(
    context: BrowserContext, timed: tuple[Server, SetClock]
) -> None:
    """Between looks the page counts; paused it stands still."""
    loop = begin(context, timed, own_rounds(screen=10))
    page = loop.page
    page.clock.install()
    page.reload()
    whole = page.locator('[data-clock="interview"]')
    expect(whole).to_have_text(re.compile(r"^1[34]:"))
    first = whole.inner_text()
    page.clock.run_for(3_000)
    expect(whole).not_to_have_text(first)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    stood = whole.inner_text()
    page.clock.run_for(30_000)
    assert whole.inner_text() == stood


@pytest.mark.parametrize(
    "context",
    [("dark", 1440), ("light", 320)],
    indirect=True,
    ids=lambda choice: f"{choice[0]}-{choice[1]}",
)
def test_no_page_has_a_barrier(
    context: BrowserContext, timed: tuple[Server, SetClock], watch: Watch
) -> None:
    """axe finds nothing on the list, settings, turns, pause, a case inside, end and scorecard."""
    inspector = Inspector(watch)
    loop = begin(context, timed, own_rounds(screen=5, tech=15, stakeholder=5))
    page = loop.page
    inspector.check(page)
    loop.answer()
    page.get_by_role("button", name="Pause").click()
    inspector.check(page)
    page.get_by_role("button", name="Go on").click()
    while loop.now.status.phase != "closed":
        if loop.now.status.phase == "case":
            look_into_the_case(loop, inspector)
        else:
            loop.answer("I guarantee it." if loop.now.status.phase == "stakeholder" else "")
    page.goto(f"/interviews/{loop.id}")
    unfold(page)
    inspector.check(page)
    for path in (f"/interviews/{loop.id}/scorecard", "/interviews", "/interviews/new"):
        page.goto(path)
        unfold(page)
        page.wait_for_timeout(300)
        inspector.check(page)


def look_into_the_case(loop: Loop, inspector: Inspector) -> None:
    """Check the page that offers the case, its room, and the page while it is open; skip it."""
    page = loop.page
    page.goto(f"/interviews/{loop.id}")
    inspector.check(page)
    page.get_by_role("button", name="Open the case room").click()
    case = page.url.rpartition("/")[2]
    loop.server.room.builds.wait(case, 30)
    page.goto(f"/case/{case}")
    expect(page.locator(".interview-banner")).to_be_visible()
    inspector.check(page)
    page.goto(f"/interviews/{loop.id}")
    inspector.check(page)
    page.get_by_role("button", name="Leave the case and go on").click()


class Process:
    """A server in a process of its own, which can be killed."""

    def __init__(self, folder: Path) -> None:
        self.clock = FileClock(folder / "clock")
        self.clock.set(START)
        self.folder = folder / "data"
        self.folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start it and wait until it listens."""
        program = Path(__file__).parent / "launcher.py"
        words = [str(self.folder), str(self.port), str(self.clock.path), TOKEN]
        self.running = subprocess.Popen(
            [sys.executable, str(program), *words], stdout=subprocess.DEVNULL
        )
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("the server does not listen")

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.running.kill()
        self.running.wait()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    """Give such a server."""
    running = Process(tmp_path)
    yield running
    running.kill()


@pytest.mark.parametrize("hours", [0, 3])
def test_a_crash_in_mid_turn(chrome: Browser, process: Process, watch: Watch, hours: int) -> None:
    """After a kill the same turn is there with its text; a long gap is nobody's time."""
    context = chrome.new_context(base_url=f"http://127.0.0.1:{process.port}")
    context.on("request", lambda request: watch.requests.append(request.url))
    page = context.new_page()
    page.goto(f"/interviews/new?token={TOKEN}")
    page.locator('input[value="screen"]').check()
    page.get_by_role("button", name="Start the interview").click()
    page.get_by_role("button", name="I am ready").click()
    process.clock.move(seconds=20)
    page.get_by_label(ANSWER).fill("I began with the question who decides")
    expect(page.locator("[data-draft-status]")).to_have_text("Saved")
    prompt, left = page.locator("#prompt").inner_text(), clock_of(page)
    process.kill()
    page.get_by_label(ANSWER).fill("I began with the question who decides what by when.")
    expect(page.locator("[data-draft-status]")).to_contain_text("Not saved", timeout=20_000)

    process.clock.move(hours=hours)
    process.start()
    expect(page.locator("[data-draft-status]")).to_have_text("Saved", timeout=20_000)
    page.reload()
    if hours:
        expect(
            page.get_by_text("The clocks stand still, and what you typed is kept.")
        ).to_be_visible()
        assert abs(clock_of(page) - left) <= 21
        page.get_by_role("button", name="Go on").click()
    expect(page.locator("#prompt")).to_have_text(prompt)
    expect(page.get_by_label(ANSWER)).to_have_value(
        "I began with the question who decides what by when."
    )
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator("#prompt")).not_to_have_text(prompt)
    page.locator("#transcript summary").click()
    expect(page.locator("#transcript")).to_contain_text("who decides what by when.")
    context.close()
    assert watch.strangers == []


def clock_of(page: Page) -> int:
    """Give the seconds that the interview has left, as the server wrote them into the page."""
    return int(page.locator('[data-clock="interview"]').get_attribute("data-left") or 0)
