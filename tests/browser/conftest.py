"""A real server and a real Chromium. Every visit notes what it asks for and what goes wrong, and is held to it."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Playwright, sync_playwright

from whosaid.settings import ROOT

DESK, PHONE = (1280, 800), (390, 844)
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_CHROMIUM_ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
).split()
_START_TIMEOUT_S, _STOP_TIMEOUT_S = 30.0, 10.0
_STREAMLIT_SCROLLS_MS = 4500  # it pulls a chat to its end for a while; what counts is where the page comes to rest
_LOADED_TIMEOUT_MS = 60_000  # the model takes about 6 s on two free cores
_NOTE_VIOLATIONS = """
addEventListener('securitypolicyviolation', event =>
  window.noteViolation(`${event.effectiveDirective} forbids ${event.blockedURI} (${event.sourceFile})`));
"""
_IS_UNCOVERED = """element => {
  const rectangles = [...element.getClientRects()];
  return rectangles.length > 0 && [rectangles[0], rectangles.at(-1)].every(r => {
    const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
    return top !== null && (element === top || element.contains(top));
  });
}"""

_ARE_HEARD = """['press', 'copy'].every(
  way => !document.querySelector(`[data-ws-${way}]`) || document.documentElement.matches(`[data-ws-hears-${way}]`))"""

_OVERFLOWING = """() => [document.documentElement, ...document.querySelectorAll('.stApp, .stMain, .st-key-article')]
  .filter(element => element.scrollWidth > element.clientWidth + 1)
  .map(element => `${element.className || element.tagName}: ${element.scrollWidth} in ${element.clientWidth}`)"""


@dataclass(frozen=True)
class Server:
    """A running server. `started_s` is `time.monotonic()` before its process started, `answered_s` when it answered."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    started_s: float
    answered_s: float

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"


Serve = Callable[..., Server]


@contextmanager
def serving(log: Path, *, script: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run `streamlit run` in the repository root, as `make run` does, from the moment its port answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("WHOSAID_", "STREAMLIT_"))}
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with log.open("wb") as output:
        started_s = time.monotonic()
        process = subprocess.Popen(
            command, cwd=ROOT, env={**inherited, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_for_health(process, port, log)
        yield Server(process, port, log, started_s, time.monotonic())
    finally:
        process.terminate()
        try:
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _wait_for_health(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until_s = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < until_s and process.poll() is None:
        connection = http.client.HTTPConnection("localhost", port, timeout=_START_TIMEOUT_S)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    pytest.fail(f"no healthy server on port {port}:\n{log.read_text(encoding='utf-8')[-2000:]}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a browser test again that waited in vain, as on busy cores one in some hundred does; the report names it.

    What came out wrong fails at once: a second try would hide what goes wrong now and then.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun="^TimeoutError"))


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a server of this test's own: `serve(script=…, WHOSAID_CORPUS_DIR=…)`."""
    with ExitStack() as running:

        def start(*, script: Path = ROOT / "app.py", **environment: str) -> Server:
            log = tmp_path / "server.log"
            return running.enter_context(serving(log, script=script, environment=environment))

        yield start


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that the tests share, over the corpus that ships. Its model may still be loading."""
    if not (ROOT / ".index" / "CURRENT").is_file():
        pytest.fail("there is no index at .index: run `make test`, which builds it")
    log = tmp_path_factory.mktemp("server") / "server.log"
    with serving(log, script=ROOT / "app.py", environment={}) as running:
        yield running


def _executable() -> str | None:
    return next(filter(None, map(shutil.which, _CHROMIUM)), None)


def launch(playwright: Playwright) -> Browser:
    """Start the Chromium of this machine."""
    return playwright.chromium.launch(executable_path=_executable(), args=_CHROMIUM_ARGUMENTS)


@pytest.fixture(scope="module")  # Playwright keeps an event loop running in this thread: not under the unit tests
def browser() -> Iterator[Browser]:
    """A Chromium that is open already. Without one the test is skipped, but in CI it fails."""
    if _executable() is None:
        how = f"no {', '.join(_CHROMIUM)} on the PATH: run `make browser` as root, or install the package chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(how)
        pytest.skip(how)
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        with chromium.new_page() as page:  # the first page of a browser is slow
            page.goto("data:text/html,<p>ready")
        yield chromium
        chromium.close()


class Visitor:
    """Somebody with a browser of their own (a new context), and all that their page did."""

    def __init__(self, browser: Browser, size: tuple[int, int], host: str = "", zoom: int = 1) -> None:
        """`size` is the window's; at a `zoom` of 2 the page has half of it, in pixels twice as large."""
        width, height = (length // zoom for length in size)
        self.host = host
        self.requests: list[str] = []
        self.failures: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=zoom, locale="en-US"
        )
        self.context.expose_function("noteViolation", self._note_violation)
        self.context.add_init_script(_NOTE_VIOLATIONS)
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.failures.append(f"uncaught: {error}"))
        self.page.on("console", self._note_console)
        self.page.on("dialog", self._note_dialog)

    @property
    def input(self) -> Locator:
        return self.page.get_by_test_id("stChatInputTextArea")

    @property
    def leads(self) -> Locator:
        return self.page.locator(".ws-lead")

    @property
    def cards(self) -> Locator:
        return self.page.locator(".ws-card")

    @property
    def words(self) -> Locator:
        return self.page.locator(".ws-card .ws-words")

    @property
    def show_buttons(self) -> Locator:
        return self.page.get_by_role("button", name="Show in the article")

    @property
    def pane(self) -> Locator:
        return self.page.locator(".st-key-article")

    @property
    def mark(self) -> Locator:
        return self.pane.locator("mark")

    @property
    def status(self) -> Locator:
        """The live region that a screen reader reads out."""
        return self.page.locator("[role=status][aria-live=polite]")

    def go(self, path: str = "/") -> None:
        """Open an address and wait until the page is drawn."""
        self.page.goto(f"http://{self.host}{path}")
        typed = self.input.or_(self.page.get_by_role("textbox").first).first
        typed.wait_for(state="attached")  # on a phone the open article hides it
        self.settle()

    def ask(self, question: str) -> None:
        """Type a question and wait until its answer is drawn."""
        before = self.leads.count()
        self.input.fill(question)
        self.input.press("Enter")
        self.leads.nth(before).wait_for(timeout=_LOADED_TIMEOUT_MS)
        self.settle()

    def unfold(self) -> None:
        """Open what is folded away of the answers."""
        folds = self.page.locator(".ws-fold:not([open]) > summary")
        while folds.count():
            folds.first.click()

    def show(self, number: int) -> None:
        """Press the button below a card and wait until the statement has the focus."""
        if not self.show_buttons.nth(number).is_visible():
            self.unfold()
        self.show_buttons.nth(number).click()
        self.pane.locator("mark:focus").wait_for()

    def settle(self) -> None:
        """Wait until the server has no more to say about this page, and its buttons are heard."""
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        self.page.wait_for_function(_ARE_HEARD)

    def rest(self) -> None:
        """Wait until nothing scrolls the page any more."""
        self.page.wait_for_timeout(_STREAMLIT_SCROLLS_MS)

    def assert_well_behaved(self) -> None:
        """Nothing was asked of anybody but the server, and nothing went wrong."""
        assert [url for url in self.requests if self._is_foreign(url)] == []
        assert self.failures == []

    def _is_foreign(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme not in {"blob", "data"} and parts.netloc != self.host

    def _note_violation(self, violation: str) -> None:
        self.failures.append(f"policy: {violation}")

    def _note_console(self, message: ConsoleMessage) -> None:
        # Streamlit tries each level of the address
        looks_for_base_path = re.search(r"/(check|statements|feedback)/_stcore/", message.location["url"]) is not None
        if message.type == "error" and not looks_for_base_path:
            self.failures.append(f"console: {message.text}")

    def _note_dialog(self, dialog: Dialog) -> None:
        self.failures.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@dataclass(frozen=True)
class FirstVisit:
    """What the first visitor of the shared server saw, who typed a question at once and then did nothing."""

    was_loading: bool
    notes: list[str]
    lead: str
    cards: int
    announced: str


@pytest.fixture(scope="module")
def first_visit(server: Server, browser: Browser) -> FirstVisit:
    visitor = Visitor(browser, PHONE, server.host)
    visitor.go()
    notes = [
        visitor.page.get_by_text(re.compile(text)) for text in ("^The language model is load.*", "^Loading the.* once")
    ]
    seen: list[str] = []
    was_loading = notes[0].count() > 0
    if was_loading:
        seen.append(notes[0].inner_text())
    visitor.input.fill("How long until LDN helps?")
    visitor.input.press("Enter")
    if was_loading:
        notes[1].wait_for()
        seen.append(notes[1].inner_text().partition(" …")[0])
    visitor.page.locator(".ws-lead, [data-testid=stAlert]").first.wait_for(timeout=_LOADED_TIMEOUT_MS)
    if (failure := visitor.page.get_by_test_id("stAlert")).count():
        pytest.fail(f"the server cannot answer: {failure.first.inner_text()}")
    visitor.settle()
    visitor.page.wait_for_timeout(200)  # the live region speaks a moment after the answer is there
    announced = visitor.status.inner_text()
    found = FirstVisit(was_loading, seen, visitor.leads.inner_text(), visitor.cards.count(), announced)
    visitor.context.close()
    visitor.assert_well_behaved()
    return found


@pytest.fixture(scope="module")
def warm_server(server: Server, first_visit: FirstVisit) -> Server:
    """The shared server with its model loaded."""
    assert first_visit.lead
    return server


Visit = Callable[..., Visitor]


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Both sizes of window, for each test that has no size of its own."""
    width, height = request.param
    return width, height


@pytest.fixture
def visit(browser: Browser, serve: Serve) -> Iterator[Visit]:
    """Send somebody to a server: `visit(server, size)`. All of them have to have behaved well in the end."""
    del serve  # it stops its servers after the visitors have left
    visitors: list[Visitor] = []

    def start(server: Server | None = None, size: tuple[int, int] = DESK, zoom: int = 1) -> Visitor:
        visitors.append(Visitor(browser, size, server.host if server else "", zoom))
        return visitors[-1]

    yield start
    for visitor in visitors:
        visitor.page.wait_for_timeout(50)  # what is under way may still be reported
        visitor.context.close()
    for visitor in visitors:
        visitor.assert_well_behaved()


@pytest.fixture
def visitor(visit: Visit, warm_server: Server, size: tuple[int, int]) -> Visitor:
    """A visitor of the shared server who has not opened anything yet."""
    return visit(warm_server, size)


@pytest.fixture
def other_visitor(visit: Visit, warm_server: Server, size: tuple[int, int]) -> Visitor:
    """Somebody else, with nothing of the first visitor's but what they are told."""
    return visit(warm_server, size)


@pytest.fixture
def is_readable() -> Callable[[Locator], bool]:
    """Whether an element's first and last line lie in the window with nothing over them."""

    def check(locator: Locator) -> bool:
        return bool(locator.evaluate(_IS_UNCOVERED))

    return check


@pytest.fixture
def overflowing() -> Callable[[Page], list[str]]:
    """What on a page is wider than its window, so that it scrolls sideways."""

    def check(page: Page) -> list[str]:
        found: list[str] = page.evaluate(_OVERFLOWING)
        return found

    return check
