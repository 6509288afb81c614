"""Every page by keyboard, at 200 % zoom, and with targets that a trembling finger hits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Server, Visit, Visitor
from whosaid.library import Library

ANSWERED = "Can I take Norco with LDN?"
POST = 'Dr. Liptan says "side effects are minimal when the dosage is increased quickly". LDN cures cancer, she says.'
SMALLEST_TARGET_PX = 24  # WCAG 2.5.8; links within a line of text may be smaller
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const around = [e];  // a field's frame is some elements around it
  while (around.length < 5 && around.at(-1).parentElement) around.push(around.at(-1).parentElement);
  const box = e.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + Math.min(box.width / 2, 12), box.top + box.height / 2);
  return {
    name: e.getAttribute('aria-label') || (e.labels?.[0]?.innerText || e.innerText).slice(0, 40) || e.tagName,
    region: ['.st-key-article', '.st-key-masthead', '.stBottom', '.stMain'].find(r => e.parentElement.closest(r)) ?? '',
    top: box.top + document.querySelector('.stMain').scrollTop,
    is_framed: around.map(x => getComputedStyle(x))
      .some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
    is_in_view: at !== null && (e.contains(at) || at.contains(e)),
  };
}"""
# ui/live.py shows an answer's start, from when it is announced
AT_REST = """() => !Object.hasOwn(document.querySelector('.stMain'), 'scrollTop')
  && (!document.querySelector('.ws-lead') || document.querySelector('.st-key-live [role=status]')?.textContent)"""
SMALL_TARGETS = """smallest => [...document.querySelectorAll('button, summary, input, textarea, [role=tab], a[href]')]
  .filter(e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.disabled)
  .filter(e => getComputedStyle(e).display !== 'inline' && !e.closest('[data-testid=stSkipToContent]'))
  .map(e => [e, (e.matches('input') && e.closest('label') || e).getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < smallest || box.height < smallest))
  .map(([e, box]) => `${e.tagName} ${e.innerText || e.getAttribute('aria-label')}: ${box.width} x ${box.height}`)"""


@dataclass(frozen=True)
class Stop:
    """Where the tab key stops: its name, the part of the page and how far down that, and whether it can be seen."""

    name: str
    region: str
    top: float
    is_framed: bool
    is_in_view: bool


def stops(page: Page, most: int = 80) -> Iterator[Stop]:
    """Press the tab key until the focus leaves the page."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            return
        yield Stop(**found)


def ask(visitor: Visitor) -> None:
    visitor.go(f"/?q={quote(ANSWERED)}")
    expect(visitor.leads).to_have_count(1)


def check(visitor: Visitor) -> None:
    visitor.go("/check")
    visitor.page.get_by_label("Quote or post").fill(POST)
    visitor.page.get_by_role("button", name="Check", exact=True).click()
    expect(visitor.page.locator("#ws-verdicts")).to_contain_text("2 claims checked")


def statements(visitor: Visitor) -> None:
    visitor.go("/statements?mode=direct")


PAGES = pytest.mark.parametrize("open_page", [ask, check, statements], ids=lambda opener: opener.__name__)


def test_the_first_screen_is_walked_from_top_to_bottom(visitor: Visitor, library: Library) -> None:
    visitor.go()
    walked = list(stops(visitor.page))
    names = [stop.name for stop in walked]
    assert [names[0], *names[2:6]] == ["Skip to main content", "Ask", "Check a quote", "Statements", "Reading"]
    assert names[1].startswith("WhoSaid")  # the page itself, which the arrow keys then scroll
    assert names[6:11] == [question[:40] for question in library.articles[0].examples]
    assert walked[11].region == ".stBottom"
    assert [stop for stop in walked if not (stop.is_framed and stop.is_in_view)] == []


@PAGES
def test_the_focus_is_always_seen_and_goes_down_the_page(
    visit: Visit, warm_server: Server, size: tuple[int, int], open_page: Callable[[Visitor], None]
) -> None:
    visitor = visit(warm_server, size)
    open_page(visitor)
    visitor.page.wait_for_function(AT_REST)
    visitor.page.get_by_role("link", name="Skip to main content").focus()
    walked = list(stops(visitor.page))
    assert len(walked) > 10
    assert [stop for stop in walked if not (stop.is_framed and stop.is_in_view)] == []
    rows = [stop for stop in walked if stop.region == ".stMain"]
    ups = [(one.name, other.name) for one, other in pairwise(rows) if other.top < one.top - 30]
    assert ups == []


@PAGES
def test_nothing_scrolls_sideways_at_200_percent(
    visit: Visit,
    warm_server: Server,
    size: tuple[int, int],
    open_page: Callable[[Visitor], None],
    overflowing: Callable[[Page], list[str]],
) -> None:
    visitor = visit(warm_server, size, zoom=2)
    open_page(visitor)
    assert overflowing(visitor.page) == []
    visitor.page.get_by_role("button", name="Reading").click()
    panel = visitor.page.get_by_role("group", name="Reading").bounding_box()
    assert panel is not None
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= size[0] / 2
    visitor.page.keyboard.press("Escape")
    if open_page is ask:
        visitor.show(0)
        assert overflowing(visitor.page) == []


@PAGES
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_target_is_large_enough(
    visit: Visit, warm_server: Server, size: tuple[int, int], open_page: Callable[[Visitor], None]
) -> None:
    visitor = visit(warm_server, size)
    open_page(visitor)
    assert visitor.page.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX) == []
    if open_page is ask:
        visitor.show(0)
        assert visitor.page.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX) == []
