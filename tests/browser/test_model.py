"""The Ask page with a chat model: a real server for it on loopback, scripted with good and bad replies."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests import openai_server
from tests.browser.conftest import DESK, Serve, Visit, Visitor
from tests.openai_server import Script, breaks_off, says
from whosaid.library import Library

ASKED = "Can I take LDN with gabapentin?"
GOOD = "Dr. Liptan sees no reason why somebody cannot be on both drugs at the same time."


@pytest.fixture(scope="module")
def script() -> Iterator[Script]:
    with openai_server.running() as running:
        yield running


@pytest.fixture
def with_model(serve: Serve, visit: Visit, script: Script) -> Visitor:
    server = serve(WHOSAID_MODEL="openai:scripted", WHOSAID_MODEL_URL=script.url, WHOSAID_MODEL_KEY="k")
    visitor = visit(server, DESK)
    visitor.go()
    return visitor


def test_prose_is_set_apart_only_what_is_supported_shows_and_a_failure_is_a_quiet_note(
    with_model: Visitor, script: Script, library: Library
) -> None:
    visitor, page = with_model, with_model.page
    assert "openai:scripted" in page.get_by_text("A chat model is on").inner_text().replace("\u2060", "")
    statement = next(s for s in library.statements if "no reason she can’t" in s.text)
    hostile = "<img src=x onerror=alert(1)> “Take 50 mg”, says Dr. Liptan. [click](http://example.org)"
    rows = [{"text": text, "ids": [statement.id]} for text in (GOOD, "She says to take 50 mg.", hostile)]
    script(says({"sentences": rows}))
    visitor.ask(ASKED)
    prose = page.locator(".ws-prose")
    assert GOOD in prose.inner_text()
    assert "50 mg" not in page.locator(".stMain").inner_text()
    assert prose.locator("img, a, blockquote").count() == 0
    number = re.search(r"\[(\d+)\]", prose.inner_text())
    assert number is not None
    assert visitor.cards.nth(int(number[1]) - 1).locator(".ws-words").inner_text() == statement.text
    assert ASKED in script.asked[0]["messages"][1]["content"]

    script(breaks_off)
    visitor.ask("How long until LDN helps?")
    assert page.get_by_text("The chat model gave no usable reply.").count() == 1
    assert visitor.cards.count() > 1

    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="Forget it").click()
    expect(visitor.leads).to_have_count(0)
    assert page.url.rstrip("/").endswith(visitor.host)
