"""A real browser and a real server: Debian's Chromium on pages of this machine.

In: /usr/bin/chromium (or CASEROOM_CHROMIUM). Out: pages whose requests and complaints are watched.
A missing browser skips, and where CI is set that is a failure (see tests/conftest.py).
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

import toy_room
from caseroom.case.contract import CaseKind
from caseroom.case.registry import load_kind
from caseroom.service.app import Caseroom, Kinds
from caseroom.service.cases import build_case, create_case
from caseroom.web.app import create_app
from caseroom.web.serve import bind

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BREACHES = """
document.addEventListener("securitypolicyviolation", (event) => {
  if (!event.target.closest?.(".cm-content")) console.error("breach", event.violatedDirective);
});
"""
TOKEN = "secret-of-the-browser-tests"


def chromium() -> str | None:
    """Give the browser's program, None where there is none."""
    return os.environ.get("CASEROOM_CHROMIUM") or shutil.which("chromium")


class Server:
    """Pages on a port of this machine, in a thread."""

    def __init__(self, room: Caseroom) -> None:
        self.room = room
        self.port = 0
        self.start()

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        listening = bind("127.0.0.1", self.port)
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            create_app(self.room, token=TOKEN), log_level="error", lifespan="off"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listening]})
        self.thread.start()
        self.listening = listening

    def stop(self) -> None:
        """Stop answering."""
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(20)
        self.listening.close()

    @property
    def address(self) -> str:
        """Give where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def new_case(self, seed: int = 7) -> str:
        """Give the path of a fresh toy case."""
        card = create_case(self.room, "toy-kiosk", seed=seed, level="associate", vertical="saas")
        build_case(self.room, card.id)
        return f"/case/{card.id}"


def kinds() -> Kinds:
    """Give the toy kind and the real churn kind."""
    toys = toy_room.kinds()

    def load(kind_id: str) -> CaseKind:
        return toys.load(kind_id) if kind_id in toys.ids() else load_kind(kind_id)

    return Kinds(ids=lambda: (*toys.ids(), "saas-churn"), load=load)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a running server."""
    room = toy_room.open_toy_room(tmp_path_factory.mktemp("data"), kinds())
    running = Server(room)
    yield running
    running.stop()
    room.close()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """Give a browser."""
    program = chromium()
    if program is None or not Path(program).exists():
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What the pages of a test asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Write down every request, every error in the console, every exception.

        Typing over colored text makes the browser itself try a style attribute inside the editor,
        which the policy refuses to good effect; all other breaches of the policy are complaints.
        """
        context.add_init_script(BREACHES)
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _heard(self, message: ConsoleMessage) -> None:
        expected = ("Failed to load resource", "Applying inline style violates")
        if message.type in ("error", "warning") and not message.text.startswith(expected):
            self.complaints.append(message.text)

    @property
    def strangers(self) -> list[str]:
        """Give requests that left this machine."""
        inside = ("127.0.0.1", None)
        return [url for url in self.requests if urlsplit(url).hostname not in inside]


@pytest.fixture
def watch() -> Watch:
    """Give the record of this test."""
    return Watch()


@pytest.fixture
def visit(chrome: Browser, server: Server, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page in a browser of its own, let in.

    At the end nothing may have left the machine and no page may have complained.
    """
    contexts: list[BrowserContext] = []

    def open_page(path: str = "/", **options: object) -> Page:
        settings: dict[str, object] = {"viewport": {"width": 1280, "height": 900}} | options
        context = chrome.new_context(base_url=server.address, **settings)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        watch.follow(context)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/?token={TOKEN}")
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert watch.strangers == []
    assert watch.complaints == []
