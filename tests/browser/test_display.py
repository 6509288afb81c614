"""The Reading menu: theme and text size as a reader chooses them, kept by the browser alone."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Server, Visit, Visitor
from ui.display import SIZES, THEMES
from whosaid.library import Library

QUESTION = "Can I take LDN with gabapentin?"
LIGHT, DARK, CALM = "rgb(251, 250, 247)", "rgb(21, 25, 27)", "rgb(233, 228, 217)"
MOVING = """() => document.getAnimations().filter(a => a.effect.getComputedTiming().duration > 1).length
  + [...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > .001).length"""


def choose(page: Page, *labels: str) -> None:
    page.get_by_role("button", name="Reading").click()
    for label in labels:
        page.get_by_role("radio", name=label, exact=True).check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("radio")).to_have_count(0)


def expect_background(page: Page, colour: str) -> None:
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", colour)


def text_px(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))


def test_a_choice_holds_on_every_page_and_at_the_next_visit_and_stays_in_the_browser(
    visit: Visit, server: Server, size: tuple[int, int], overflowing: Callable[[Page], list[str]]
) -> None:
    visitor = visit(server, size)
    sent: list[str] = []
    visitor.page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(str(data))))
    visitor.go()
    expect_background(visitor.page, LIGHT)
    before_px = text_px(visitor.page)
    choose(visitor.page, THEMES["dark"], SIZES["larger"])
    expect_background(visitor.page, DARK)
    assert text_px(visitor.page) > 1.3 * before_px
    for path in ("/check", "/statements", "/"):
        visitor.go(path)
        expect_background(visitor.page, DARK)
        assert text_px(visitor.page) > 1.3 * before_px
        assert overflowing(visitor.page) == []
    kept = json.loads(visitor.page.evaluate("localStorage.getItem('whosaid-reading')"))
    assert kept == {"theme": "dark", "size": "larger"}
    assert not [data for data in sent if "larger" in data]
    assert {cookie.get("name") for cookie in visitor.context.cookies()} <= {"_streamlit_xsrf"}


def test_the_theme_is_the_devices_until_one_is_chosen_and_again_afterwards(visit: Visit, server: Server) -> None:
    visitor = visit(server, DESK)
    page = visitor.page
    page.emulate_media(color_scheme="dark")
    visitor.go()
    expect_background(page, DARK)
    page.emulate_media(color_scheme="light")
    expect_background(page, LIGHT)
    choose(page, THEMES["dark"])
    expect_background(page, DARK)
    choose(page, THEMES["device"])
    expect_background(page, LIGHT)
    page.emulate_media(color_scheme="dark")
    expect_background(page, DARK)


@pytest.mark.parametrize(("size", "stays"), [("standard", True), ("large", False), ("larger", False)])
def test_on_a_phone_larger_text_has_the_window_for_the_answer(
    visit: Visit, warm_server: Server, size: str, stays: bool
) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    choose(visitor.page, SIZES[size])
    visitor.ask(QUESTION)
    visitor.cards.last.scroll_into_view_if_needed()
    masthead = visitor.page.locator(".ws-masthead")
    (expect(masthead).to_be_in_viewport if stays else expect(masthead).not_to_be_in_viewport)()


def test_whoever_makes_text_larger_still_sees_the_menu(
    visit: Visit, warm_server: Server, size: tuple[int, int]
) -> None:
    visitor = visit(warm_server, size)
    visitor.go()
    visitor.ask("How long until LDN helps?")
    visitor.page.get_by_role("button", name="Reading").click()
    visitor.page.get_by_role("radio", name=SIZES["larger"], exact=True).check()
    visitor.page.wait_for_timeout(300)
    expect(visitor.page.get_by_role("radio", name=SIZES["standard"], exact=True)).to_be_in_viewport()


def test_larger_text_leaves_what_is_read_where_it_is(visit: Visit, warm_server: Server, size: tuple[int, int]) -> None:
    visitor = visit(warm_server, size)
    page = visitor.page
    visitor.go()
    visitor.ask("How long until LDN helps?")
    visitor.ask(QUESTION)
    page.get_by_role("button", name="Reading").click()
    visitor.rest()
    page.mouse.move(size[0] - 20, size[1] / 2)
    read = visitor.leads.last
    top = "read => read.getBoundingClientRect().top"
    page.mouse.wheel(0, read.evaluate(top) - size[1] / 3)
    page.wait_for_timeout(500)
    assert abs(read.evaluate(top) - size[1] / 3) < 5
    for chosen in ("larger", "standard"):
        before = read.evaluate(top)
        page.get_by_role("radio", name=SIZES[chosen], exact=True).check()
        page.wait_for_timeout(1000)
        assert abs(read.evaluate(top) - before) < size[1] / 8, chosen


def test_a_tap_that_closes_the_menu_presses_nothing_below_it(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    example = visitor.page.get_by_test_id("stButton").get_by_role("button").first
    visitor.page.get_by_role("button", name="Reading").click()
    menu = visitor.page.get_by_role("group", name="Reading")
    covered = menu.bounding_box()
    assert covered is not None
    beside = visitor.page.get_by_test_id("stButton").get_by_role("button").last.bounding_box()
    assert beside is not None
    x, y = beside["x"] + 10, beside["y"] + beside["height"] / 2
    assert y > covered["y"] + covered["height"], "the example lies below the menu"
    visitor.page.mouse.click(x, y)
    expect(menu).to_be_hidden()
    visitor.settle()
    expect(example).to_be_visible()
    expect(visitor.leads).to_have_count(0)
    visitor.page.mouse.click(x, y)
    expect(visitor.leads).to_have_count(1)


def test_another_theme_leaves_the_conversation_as_it_is(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go(f"/?q={quote(QUESTION)}")
    expect(visitor.leads).to_have_count(1)
    shown = visitor.words.all_text_contents()
    choose(visitor.page, THEMES["calm"])
    expect_background(visitor.page, CALM)
    visitor.settle()
    assert visitor.words.all_text_contents() == shown
    visitor.ask("and Norco?")
    expect_background(visitor.page, CALM)


@pytest.mark.parametrize("calm_by", ["menu", "device"])
def test_nothing_moves_where_no_motion_is_wanted(visit: Visit, server: Server, calm_by: str) -> None:
    visitor = visit(server, DESK)
    if calm_by == "device":
        visitor.page.emulate_media(reduced_motion="reduce")
    visitor.go("/check")
    if calm_by == "menu":
        assert visitor.page.evaluate(MOVING) > 0
        choose(visitor.page, THEMES["calm"])
    assert visitor.page.evaluate(MOVING) == 0


def test_the_menu_is_used_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.go("/check")
    page = visitor.page
    button = page.get_by_role("button", name="Reading")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Reading")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name=THEMES["device"])).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=THEMES["dark"])).to_be_checked()
    expect_background(page, DARK)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=SIZES["large"], exact=True)).to_be_checked()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.get_by_role("group", name="Reading")).to_have_count(0)


def test_a_browser_that_keeps_nothing_still_shows_what_is_chosen(visit: Visit, server: Server) -> None:
    visitor = visit(server, DESK)
    visitor.context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error(); } })")
    visitor.go("/check")
    choose(visitor.page, THEMES["calm"])
    expect_background(visitor.page, CALM)


@pytest.mark.parametrize(("size", "text"), [((640, 360), "standard"), (PHONE, "larger")], ids=["zoomed", "larger"])
def test_a_link_to_a_long_statement_shows_all_of_it_below_the_bar(
    visit: Visit,
    warm_server: Server,
    library: Library,
    is_readable: Callable[[Locator], bool],
    *,
    size: tuple[int, int],
    text: str,
) -> None:
    visitor = visit(warm_server, size)
    visitor.go("/check")
    choose(visitor.page, SIZES[text])
    statement = sorted(library.statements, key=lambda statement: len(statement.text))[-4]
    visitor.go(f"/?s={statement.id}")
    expect(visitor.mark).to_have_text(statement.text, use_inner_text=False)
    expect(visitor.mark).to_be_focused()
    assert is_readable(visitor.mark)
