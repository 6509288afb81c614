"""How a follow-up was read, put right by its reader: with the mouse, with the keyboard, on a phone."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Server, Visit, Visitor

FIRST = "Can I take LDN with opioid painkillers?"
READ_AS = "Read as: Can I take LDN with gabapentin?"
MEANT = "How long until LDN helps?"
LOADED_MS = 60_000


def button(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("button", name="Read as:")


def reading(visitor: Visitor) -> Locator:
    return button(visitor).locator("p")  # without the icon, whose name is a text too


def field(visitor: Visitor) -> Locator:
    return visitor.page.get_by_label("Your question should be read as")


@pytest.fixture
def follow_up(visitor: Visitor) -> Visitor:
    """Somebody whose follow-up was read with the question before it."""
    visitor.go(f"/?q={quote(FIRST)}")
    visitor.leads.first.wait_for(timeout=LOADED_MS)
    visitor.ask("and gabapentin?")
    expect(reading(visitor)).to_have_text(READ_AS, use_inner_text=False)
    return visitor


def test_another_reading_is_asked_in_its_place_and_the_next_turn_leans_on_it(
    follow_up: Visitor,
    other_visitor: Visitor,
    overflowing: Callable[[Page], list[str]],
    is_readable: Callable[[Locator], bool],
) -> None:
    visitor = follow_up
    before = visitor.words.all_text_contents()
    button(visitor).click()
    expect(field(visitor)).to_be_focused()
    expect(field(visitor)).to_have_value(READ_AS.removeprefix("Read as: "))
    assert overflowing(visitor.page) == []
    assert (box := field(visitor).bounding_box()) and box["height"] >= 24
    field(visitor).fill(MEANT)
    visitor.page.get_by_role("button", name="Ask this instead").click()
    expect(visitor.page.get_by_role("button", name=f"Read as: {MEANT}")).to_be_focused(timeout=LOADED_MS)
    expect(visitor.leads).to_have_count(2)
    expect(field(visitor)).to_have_count(0)
    expect(visitor.page.get_by_test_id("stText").filter(has_text="and gabapentin?")).to_have_count(1)
    assert visitor.words.all_text_contents() != before
    expect(visitor.status).to_contain_text(visitor.leads.nth(1).inner_text())
    visitor.rest()
    assert is_readable(visitor.leads.nth(1))
    assert overflowing(visitor.page) == []

    # as a conversation that asked it outright
    visitor.ask("and why?")
    expect(reading(visitor).last).to_have_text(f"Read as: why? – after “{MEANT}”", use_inner_text=False)
    corrected = visitor.page.get_by_test_id("stChatMessage").nth(3).locator(".ws-words").all_text_contents()
    other_visitor.go(f"/?q={quote(MEANT)}")
    expect(other_visitor.leads).to_have_count(1, timeout=LOADED_MS)
    expect(other_visitor.words).to_have_text(corrected)


def test_it_all_works_by_keyboard_and_escape_or_an_empty_field_leave_all_as_it_was(follow_up: Visitor) -> None:
    visitor, keyboard = follow_up, follow_up.page.keyboard
    words, address = visitor.words.all_text_contents(), visitor.page.url

    def open_by_keyboard() -> None:
        button(visitor).focus()
        keyboard.press("Enter")
        expect(field(visitor)).to_be_focused()

    def is_as_it_was() -> None:
        expect(button(visitor)).to_be_focused()
        expect(reading(visitor)).to_have_text(READ_AS, use_inner_text=False)
        expect(field(visitor)).to_have_count(0)
        assert visitor.words.all_text_contents() == words
        assert visitor.page.url == address

    open_by_keyboard()
    keyboard.type(" nonsense")
    keyboard.press("Escape")
    is_as_it_was()
    for typed in ("", " \u200b "):
        open_by_keyboard()
        expect(field(visitor)).to_have_value(READ_AS.removeprefix("Read as: "))
        field(visitor).fill(typed)
        keyboard.press("Enter")
        is_as_it_was()
    open_by_keyboard()
    keyboard.press("Enter")  # the reading as it is
    is_as_it_was()
    open_by_keyboard()
    keyboard.press("Control+A")
    keyboard.type(MEANT)
    keyboard.press("Enter")
    expect(visitor.page.get_by_role("button", name=f"Read as: {MEANT}")).to_be_focused(timeout=LOADED_MS)
    expect(visitor.leads).to_have_count(2)


def test_escape_first_leaves_the_reading_and_only_then_closes_the_article(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, DESK)
    visitor.go(f"/?q={quote(FIRST)}")
    visitor.leads.first.wait_for(timeout=LOADED_MS)
    visitor.ask("and gabapentin?")
    visitor.show(0)
    button(visitor).click()
    expect(field(visitor)).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(field(visitor)).to_have_count(0)
    expect(button(visitor)).to_be_focused()
    expect(visitor.pane).to_have_count(1)
    visitor.page.keyboard.press("Escape")
    expect(visitor.pane).to_have_count(0)


def test_an_earlier_reading_is_corrected_where_it_stands_and_a_typed_question_still_goes_to_the_end(
    visit: Visit, warm_server: Server
) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go(f"/?q={quote(FIRST)}")
    visitor.leads.first.wait_for(timeout=LOADED_MS)
    visitor.ask("and gabapentin?")
    visitor.ask(MEANT)
    button(visitor).click()
    expect(field(visitor)).to_be_focused()  # it is drawn to the end: what is typed before may be added to what is there
    field(visitor).fill("Does LDN help with sleep?")
    field(visitor).press("Enter")
    expect(visitor.page.get_by_role("button", name="Read as: Does LDN help with sleep?")).to_be_focused(
        timeout=LOADED_MS
    )
    asked = visitor.page.locator(".stChatMessage [data-testid=stText]")
    expect(asked).to_have_text([FIRST, "and gabapentin?", MEANT])
    button(visitor).click()
    expect(field(visitor)).to_be_focused()
    visitor.ask("Can I drink alcohol on LDN?")
    expect(asked).to_have_text([FIRST, "and gabapentin?", MEANT, "Can I drink alcohol on LDN?"])
    visitor.page.go_back()
    visitor.settle()
    expect(asked).to_have_count(4)


def test_a_question_that_was_read_with_another_can_be_asked_alone_in_its_place(follow_up: Visitor) -> None:
    visitor = follow_up
    visitor.rest()  # a press on a page that is still moving may miss
    visitor.page.get_by_role("button", name="Ask it alone instead").click()
    expect(button(visitor)).to_have_count(0, timeout=LOADED_MS)
    visitor.settle()
    expect(visitor.leads).to_have_count(2)


def test_another_reading_does_not_end_a_danger(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go(f"/?q={quote(FIRST)}")
    visitor.leads.first.wait_for(timeout=LOADED_MS)
    visitor.ask("and I have crushing chest pain now, what about that?")
    urgent = visitor.page.locator(".ws-urgent")
    expect(urgent).to_have_count(1)
    button(visitor).click()
    expect(field(visitor)).to_be_focused()  # it is drawn to the end: what is typed before may be added to what is there
    field(visitor).fill(MEANT)
    field(visitor).press("Enter")
    expect(visitor.page.get_by_role("button", name=f"Read as: {MEANT}")).to_be_focused(timeout=LOADED_MS)
    expect(urgent).to_have_count(1)
    visitor.page.wait_for_timeout(100)
    expect(visitor.status).to_contain_text(urgent.inner_text().partition(". ")[2][:40])


def test_a_crisis_is_not_read_with_what_was_asked_before_and_stays_out_of_the_address(
    visit: Visit, warm_server: Server
) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go(f"/?q={quote(FIRST)}")
    visitor.leads.first.wait_for(timeout=LOADED_MS)
    before = visitor.page.url
    visitor.ask("and I want to die, what about that?")
    expect(visitor.page.locator(".ws-urgent")).to_have_count(1)
    expect(button(visitor)).to_have_count(0)
    assert visitor.page.url == before
    visitor.ask("does it help sleep")
    assert visitor.page.url != before


def test_a_reading_full_of_markup_is_shown_to_the_letter(follow_up: Visitor) -> None:
    visitor = follow_up
    hostile = "<img src=x onerror=alert(1)> **b** $x$ [a](javascript:alert(1)) ![b](http://x.invalid/i.png) :red[c]"
    button(visitor).click()
    expect(field(visitor)).to_be_focused()  # it is drawn to the end: what is typed before may be added to what is there
    field(visitor).fill(hostile)
    field(visitor).press("Enter")
    letters = "\u2060?".join(map(re.escape, f"Read as: {hostile}"))  # joiners keep Streamlit from reading markup
    expect(reading(visitor)).to_have_text(re.compile(letters), timeout=LOADED_MS)
    assert visitor.page.locator(".stChatMessage :is(img:not([src^=data]), strong, .katex, a)").count() == 0


def test_a_misspelt_first_question_says_how_it_was_read_and_its_reader_may_insist(
    visit: Visit, warm_server: Server, overflowing: Callable[[Page], list[str]]
) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go(f"/?q={quote('does it help sleap')}")
    visitor.leads.first.wait_for(timeout=LOADED_MS)
    expect(reading(visitor)).to_have_text("Read as: does it help sleep", use_inner_text=False)
    expect(visitor.page.get_by_role("button", name="Ask it alone instead")).to_have_count(0)  # it is alone
    assert overflowing(visitor.page) == []
    button(visitor).click()
    expect(field(visitor)).to_be_focused()  # it is drawn to the end: what is typed before may be added to what is there
    field(visitor).fill("does it help sleap")
    field(visitor).press("Enter")
    expect(button(visitor)).to_have_count(0, timeout=LOADED_MS)
    expect(visitor.leads).to_have_count(1)
