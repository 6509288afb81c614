"""The Ask page for somebody in danger: the notice stands above the answer, is announced first, and nothing is cut."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor


def test_somebody_in_danger_reads_whom_to_call_first(
    visitor: Visitor, overflowing: Callable[[Page], list[str]], is_readable: Callable[[Locator], bool]
) -> None:
    visitor.go()
    visitor.ask("I accidently took 45mg naltrexone instead of 4.5, is that dangerous")
    visitor.rest()
    notice = visitor.page.locator(".ws-notice").first
    assert "Urgent" in notice.inner_text()
    assert "poison" in notice.inner_text().lower()
    box, lead = notice.bounding_box(), visitor.leads.first.bounding_box()
    assert box is not None
    assert lead is not None
    assert box["y"] + box["height"] <= lead["y"]
    assert is_readable(notice)
    expect(visitor.status).to_have_text(re.compile("^Somebody may have taken too much"))
    assert overflowing(visitor.page) == []


def test_a_harmless_question_has_no_notice(visitor: Visitor) -> None:
    visitor.go()
    visitor.ask("How long until LDN helps?")
    assert visitor.page.locator(".ws-notice").count() == 0
