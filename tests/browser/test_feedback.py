"""Votes on answers as a reader and as the operator meet them; nothing typed is kept unless somebody wants it."""

import csv
import io
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Server, Visit, Visitor, serving
from ui.gate import TRIES
from ui.vote import SORRY, THANKS
from whosaid.settings import ROOT

QUESTION = "How long until LDN helps?"
KEY = "correct-horse-battery"
LOADED_MS = 60_000
NOTED = '=HYPERLINK("http://example.invalid") <img src=x onerror=alert(1)> **b**'


@dataclass(frozen=True)
class Place:
    """A server whose home, temporary folder and files are a test's own."""

    server: Server
    folder: Path

    @property
    def feedback(self) -> Path:
        return self.folder / "data" / "feedback.jsonl"

    @property
    def questions(self) -> Path:
        return self.folder / "questions.jsonl"

    def rows(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.feedback.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Place]]:
    """Start a server with the settings of an operator."""
    with ExitStack() as running:

        def start(**environment: str) -> Place:
            folder = tmp_path_factory.mktemp("place")
            (folder / "home").mkdir()
            (folder / "tmp").mkdir()
            own = {
                "HOME": str(folder / "home"),
                "TMPDIR": str(folder / "tmp"),
                "WHOSAID_FEEDBACK_FILE": str(folder / "data" / "feedback.jsonl"),
            }
            environment = {name: value.format(folder=folder) for name, value in environment.items()}
            log = folder / "server.log"
            return Place(
                running.enter_context(serving(log, script=ROOT / "app.py", environment=own | environment)), folder
            )

        yield start


@pytest.fixture(scope="module")
def operated(make: Callable[..., Place]) -> Place:
    return make(WHOSAID_OPERATOR_KEY=KEY, WHOSAID_QUESTION_LOG="{folder}/questions.jsonl")


@pytest.fixture(scope="module")
def default(make: Callable[..., Place]) -> Place:
    return make()


def ask(visitor: Visitor, question: str = QUESTION) -> None:
    visitor.page.set_default_timeout(LOADED_MS)
    visitor.page.goto(f"http://{visitor.host}/?q={quote(question)}")
    visitor.leads.first.wait_for()
    visitor.settle()


def named(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("button", name=name, exact=True)


def tick(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_text(name, exact=True).click()
    expect(visitor.page.get_by_label(name, exact=True)).to_be_checked()


def send(visitor: Visitor) -> None:
    named(visitor, "Send").click()
    expect(visitor.page.get_by_text(THANKS)).to_be_focused()


def test_a_vote_with_a_reason_is_kept_without_the_question_unless_it_is_ticked(
    operated: Place, visit: Visit, size: tuple[int, int], overflowing: Callable[[Page], list[str]]
) -> None:
    visitor = visit(operated.server, size)
    operated.feedback.unlink(missing_ok=True)
    ask(visitor)
    shown = visitor.words.all_text_contents()
    for name in ("This helped", "This did not help"):
        box = named(visitor, name).bounding_box()
        assert box and min(box["width"], box["height"]) >= 24
    named(visitor, "This did not help").click()
    expect(visitor.page.get_by_label("Not what I asked")).to_be_focused()
    assert overflowing(visitor.page) == []
    boxes = visitor.page.locator(".stChatMessage .stCheckbox label")
    assert boxes.count() == 6
    for label in boxes.all():
        assert (box := label.bounding_box()) and box["height"] >= 24
    expect(visitor.page.get_by_label("Keep my question with it")).not_to_be_checked()
    tick(visitor, "Wrong person")
    tick(visitor, "Hard to read")
    visitor.page.get_by_label("More, if you like").fill(NOTED)
    send(visitor)
    (row,) = operated.rows()
    assert row["reasons"] == ["wrong person", "hard to read"]
    assert (row["vote"], row["note"], row["question"], row["read_as"]) == ("did not help", NOTED, "", "")
    assert visitor.words.all_text_contents() == shown

    ask(visitor)
    assert visitor.words.all_text_contents() == shown  # votes change nothing
    named(visitor, "This helped").click()
    expect(visitor.page.get_by_label("More, if you like")).to_be_focused()
    expect(visitor.page.get_by_label("Not what I asked")).to_have_count(0)
    tick(visitor, "Keep my question with it")
    send(visitor)
    assert [row["question"] for row in operated.rows()] == ["", QUESTION]


def test_a_vote_by_keyboard_can_be_given_up_and_then_nothing_is_kept(operated: Place, visit: Visit) -> None:
    visitor = visit(operated.server, DESK)
    operated.feedback.unlink(missing_ok=True)
    ask(visitor)
    keyboard = visitor.page.keyboard
    named(visitor, "This did not help").focus()
    keyboard.press("Enter")
    expect(visitor.page.get_by_label("Not what I asked")).to_be_focused()
    keyboard.press("Space")
    expect(visitor.page.get_by_label("Not what I asked")).to_be_checked()
    named(visitor, "Cancel").focus()
    keyboard.press("Enter")
    expect(named(visitor, "This did not help")).to_be_focused()
    assert not operated.feedback.exists()


_PRESS_AT_FIRST_SIGHT = """
requestAnimationFrame(function look() {
  const button = [...document.querySelectorAll('.ws-button')].find(one => one.textContent === 'LABEL');
  if (button?.checkVisibility({ visibilityProperty: true })) button.click();
  else requestAnimationFrame(look);
});"""


@pytest.mark.parametrize(
    ("label", "then"), [("This did not help", "Not what I asked"), ("Copy the link to this answer", "Copied")]
)
def test_a_button_pressed_at_first_sight_on_a_slow_phone_is_heard(
    operated: Place, visit: Visit, label: str, then: str
) -> None:
    visitor = visit(operated.server, PHONE)
    ask(visitor)  # a server whose models are loaded draws all at once
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.context.new_cdp_session(visitor.page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    visitor.page.add_init_script(_PRESS_AT_FIRST_SIGHT.replace("LABEL", label))
    visitor.page.goto(f"http://{visitor.host}/?q={quote(QUESTION)}")
    visitor.page.get_by_text(then, exact=True).first.wait_for(timeout=LOADED_MS)


def test_a_disk_that_cannot_be_written_is_a_kind_message_and_the_words_stay(operated: Place, visit: Visit) -> None:
    visitor = visit(operated.server, PHONE)
    ask(visitor)
    operated.feedback.unlink(missing_ok=True)
    operated.feedback.mkdir(parents=True)  # nobody can write there, not even root
    try:
        named(visitor, "This helped").click()
        visitor.page.get_by_label("More, if you like").fill("n0te")
        named(visitor, "Send").click()
        expect(visitor.page.get_by_test_id("stAlert")).to_have_text(SORRY)
        expect(visitor.page.get_by_label("More, if you like")).to_have_value("n0te")
    finally:
        operated.feedback.rmdir()
    log = operated.server.log.read_text(encoding="utf-8")
    assert "feedback was not kept" in log
    assert "n0te" not in log
    send(visitor)
    assert [row["note"] for row in operated.rows()] == ["n0te"]


def test_who_may_be_in_danger_is_not_asked_for_a_vote(operated: Place, visit: Visit) -> None:
    visitor = visit(operated.server, PHONE)
    ask(visitor, "I want to die")
    expect(visitor.page.locator(".ws-urgent")).to_have_count(1)
    expect(named(visitor, "This helped")).to_have_count(0)


def test_the_operator_lists_filters_and_downloads(
    operated: Place, visit: Visit, size: tuple[int, int], overflowing: Callable[[Page], list[str]]
) -> None:
    operated.feedback.parent.mkdir(exist_ok=True)
    about = {"time": "2026-01-02T03:04:05+00:00", "status": "answered", "statements": ["liptan-ldn:10ef4d37"]}
    rows = [
        about | {"vote": "helped", "reasons": [], "note": "fine", "question": "on sleep?", "read_as": "on sleep?"},
        about | {"vote": "did not help", "reasons": ["wrong person"], "note": NOTED},
    ]
    operated.feedback.write_text("".join(json.dumps(row) + "\n" for row in rows) + "torn\n")
    visitor = visit(operated.server, size)
    visitor.page.set_default_timeout(LOADED_MS)
    visitor.page.goto(f"http://{operated.server.host}/feedback")
    expect(visitor.page.get_by_role("link", name="Feedback")).to_have_count(0)  # nobody is led here
    key = visitor.page.get_by_label("Operator’s key")
    key.fill("wrong")
    key.press("Enter")
    expect(visitor.page.get_by_test_id("stAlert")).to_have_text("That is not the key.")
    assert "fine" not in visitor.page.content()
    key.fill(KEY)
    key.press("Enter")
    expect(visitor.cards).to_have_count(2)
    expect(visitor.cards.first).to_contain_text(NOTED)
    expect(visitor.page.get_by_test_id("stAlert")).to_contain_text("cannot be read and are left out: 1")
    assert visitor.page.locator(".ws-card :is(img, strong strong, script)").count() == 0
    assert overflowing(visitor.page) == []
    visitor.page.get_by_text("Helped", exact=True).click()
    expect(visitor.cards).to_have_count(1)
    expect(visitor.status).to_have_text("1 of 2 shown")
    visitor.page.get_by_text("All", exact=True).click()
    expect(visitor.cards).to_have_count(2)
    words = visitor.page.get_by_label("Words in it")
    words.fill("hyperlink")
    words.press("Enter")
    expect(visitor.cards).to_have_count(1)
    with visitor.page.expect_download() as download:
        named(visitor, "Download these as CSV").click()
    (row,) = csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"), newline=""))
    assert download.value.suggested_filename == "feedback.csv"
    assert (row["note"], row["vote"], row["reasons"]) == (f"'{NOTED}", "did not help", "wrong person")
    named(visitor, "Lock this page").click()
    expect(key).to_be_visible()
    expect(visitor.cards).to_have_count(0)


def test_after_wrong_keys_the_right_one_does_not_open_from_another_browser_either(
    make: Callable[..., Place], visit: Visit
) -> None:
    server = make(WHOSAID_OPERATOR_KEY=KEY).server
    for number in range(TRIES + 1):
        if number in {0, TRIES}:
            visitor = visit(server, DESK)
            visitor.page.goto(f"http://{server.host}/feedback")
        key = visitor.page.get_by_label("Operator’s key")
        key.fill(KEY if number == TRIES else f"wrong {number}")
        key.press("Enter")
        expect(visitor.page.get_by_test_id("stAlert")).to_be_visible()
        expect(key).to_have_value("")
        visitor.settle()
    expect(visitor.page.get_by_test_id("stAlert")).to_contain_text("Too many wrong keys. Try again in 5 minutes.")
    expect(visitor.page.get_by_role("button", name="Lock this page")).to_have_count(0)


def test_without_a_key_there_is_no_such_page(default: Place, visit: Visit) -> None:
    visitor = visit(default.server, DESK)
    visitor.page.goto(f"http://{default.server.host}/feedback")
    expect(visitor.input).to_be_editable(timeout=LOADED_MS)  # the first page stands in for what is not there
    expect(visitor.page.get_by_label("Operator’s key")).to_have_count(0)
    visitor.settle()
    visitor.failures = [told for told in visitor.failures if "does not seem to exist" not in told]


def holding(token: str, place: Place, since_s: float) -> list[str]:
    """The files that somebody wrote since then, anywhere that the server may write, and that hold the token."""
    found = []
    for top in (ROOT, (ROOT / ".index").resolve(), place.folder, Path.home() / ".streamlit"):
        for folder, folders, names in os.walk(top):
            folders[:] = [name for name in folders if name != ".git"]
            for path in (Path(folder) / name for name in names):
                try:
                    if path.is_file() and path.stat().st_mtime >= since_s and token.encode() in path.read_bytes():
                        found.append(str(path.relative_to(top)))
                except FileNotFoundError:
                    continue
    return found


def type_everywhere(visitor: Visitor, token: str) -> None:
    """Type a token wherever something can be typed, and use what can be used."""
    page = visitor.page
    ask(visitor, f"How long until LDN helps {token}1?")
    visitor.ask(f"and {token}2?")
    page.get_by_role("button", name="Read as:").first.click()
    field = page.get_by_label("Your question should be read as")
    field.fill(f"Can I take LDN with {token}3?")
    field.press("Enter")
    expect(page.get_by_role("button", name="Read as: Can I take LDN with").first).to_be_focused()
    named(visitor, "This did not help").first.click()
    page.get_by_label("More, if you like").fill(f"{token}4")
    named(visitor, "Cancel").click()
    expect(named(visitor, "This did not help").first).to_be_focused()
    named(visitor, "This helped").first.click()
    send(visitor)
    page.goto(f"http://{visitor.host}/check")
    page.get_by_label("Quote or post").fill(f"LDN helps with {token}5, and sleep is {token}6 better.")
    page.get_by_label("Who is said to have said it?").fill(f"{token}7")
    named(visitor, "Check").click()
    page.locator("#ws-verdicts").wait_for()
    visitor.settle()


def test_by_default_nothing_that_is_typed_is_on_disk_or_in_the_log(default: Place, visit: Visit) -> None:
    token, since_s = f"z{secrets.token_hex(8)}", time.time() - 2
    visitor = visit(default.server, DESK)
    type_everywhere(visitor, token)
    expect(visitor.page.locator(".ws-kept")).to_have_count(0)
    assert len(default.rows()) == 1  # a vote, without what was typed
    assert holding(token, default, since_s) == []


def test_a_log_of_questions_is_told_above_the_box_and_holds_each_turn(operated: Place, visit: Visit) -> None:
    token, since_s = f"z{secrets.token_hex(8)}", time.time() - 2
    operated.questions.unlink(missing_ok=True)
    visitor = visit(operated.server, PHONE)
    ask(visitor, f"Does LDN help with sleep {token}?")
    note = visitor.page.locator(".ws-kept")
    expect(note).to_contain_text("What you ask here is kept")
    expect(note).to_be_in_viewport(ratio=1)
    above, box = note.bounding_box(), visitor.input.bounding_box()
    assert above and box and above["y"] + above["height"] <= box["y"]
    visitor.ask("and why?")
    rows = [json.loads(line) for line in operated.questions.read_text(encoding="utf-8").splitlines()]
    assert [row["question"] for row in rows] == [f"Does LDN help with sleep {token}?", "and why?"]
    assert all(list(row) == ["time", "question", "read_as", "status", "statements", "notices"] for row in rows)
    assert holding(token, operated, since_s) == ["questions.jsonl"]  # so the search finds what there is


def test_a_log_that_cannot_be_written_disturbs_no_answer(make: Callable[..., Place], visit: Visit) -> None:
    place = make(WHOSAID_QUESTION_LOG="{folder}")
    visitor = visit(place.server, PHONE)
    ask(visitor, "How long until LDN helps t0ken?")
    expect(visitor.leads).to_have_count(1)
    expect(visitor.page.get_by_test_id("stAlert")).to_have_count(0)
    log = place.server.log.read_text(encoding="utf-8")
    assert "question log" in log
    assert "t0ken" not in log
