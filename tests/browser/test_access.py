"""WCAG 2.2 A and AA as far as axe-core sees it, on every page in every theme, on a desk and on a phone.

axe finds about half of what can be wrong; test_keyboard.py and the pages' own tests look for more.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve, Server, Visit, Visitor
from whosaid.feedback import Feedback, Reason, Vote, keep

DANGEROUS = "Can I take Norco with LDN?"  # answered, with a notice above
POST = (
    'Dr. Liptan says "side effects are minimal when the dosage is increased quickly". '
    'She also said "most people have to take it indefinitely".\n\nLDN cures cancer, she says.'
)
KEY = "correct-horse-battery"
RULES = {
    "runOnly": "wcag2a wcag2aa wcag21a wcag21aa wcag22a wcag22aa best-practice".split(),
    "resultTypes": ["violations", "incomplete"],
}
WEAR = """theme => {
  localStorage.setItem('whosaid-reading', JSON.stringify({ theme }));
  dispatchEvent(new Event('storage'));
}"""
THEMES = {"light": "rgb(251, 250, 247)", "dark": "rgb(21, 25, 27)", "calm": "rgb(233, 228, 217)"}


def found(page: Page) -> list[str]:
    """What axe objects to on a page as it stands, and texts whose contrast it cannot tell."""
    response: dict[str, Any] = Axe().run(page, options=RULES).response
    problems = [_told(rule, node) for rule in response["violations"] for node in rule["nodes"]]
    unsure = [rule for rule in response["incomplete"] if rule["id"] == "color-contrast"]
    return problems + [
        _told(rule, node) for rule in unsure for node in rule["nodes"] if not _is_ours_to_judge(page, node)
    ]


def _told(rule: dict[str, Any], node: dict[str, Any]) -> str:
    messages = "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
    return f"{rule['id']}: {node['html'][:120]}: {messages}"


def _is_ours_to_judge(page: Page, node: dict[str, Any]) -> bool:
    """Shapes beside their names, and the article's pane: axe thinks it cut off by the chat, outside of which it lies.

    The pane's texts have the colours of the chat's, whose contrast axe can tell.
    """
    is_shape = any("non-text characters" in check["message"] for check in node["any"])
    return is_shape or bool(page.locator(node["target"][0]).first.evaluate("e => !!e.closest('.st-key-article')"))


@pytest.fixture
def hold(size: tuple[int, int]) -> Callable[[Visitor], None]:
    """Hold a page as it stands to the rules, in one theme after the other."""

    def check(visitor: Visitor) -> None:
        objections = {}
        for theme, colour in THEMES.items():
            visitor.page.evaluate(WEAR, theme)
            expect(visitor.page.get_by_test_id("stApp")).to_have_css("background-color", colour)
            visitor.settle()
            visitor.page.wait_for_timeout(350)  # Streamlit fades colours over
            objections[theme] = found(visitor.page)
        assert objections == {theme: [] for theme in THEMES}, size

    return check


def test_the_first_screen(visitor: Visitor, hold: Callable[[Visitor], None]) -> None:
    visitor.go()
    hold(visitor)
    visitor.page.get_by_role("button", name="Reading").click()
    expect(visitor.page.get_by_role("group", name="Reading")).to_be_visible()
    hold(visitor)


def test_an_answer_with_a_notice_and_the_article_beside_it(visitor: Visitor, hold: Callable[[Visitor], None]) -> None:
    visitor.go(f"/?q={quote(DANGEROUS)}")
    expect(visitor.page.locator(".ws-notice").first).to_be_visible()
    visitor.unfold()
    visitor.page.locator("summary", has_text="Words explained").first.click()
    hold(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.page.get_by_role("button", name="This did not help").click()
    visitor.show(0)
    visitor.pane.evaluate("pane => pane.scrollTo(0, 0)")  # axe does not see that the bar covers what is below it
    hold(visitor)


def test_a_check_before_and_with_its_verdicts(visitor: Visitor, hold: Callable[[Visitor], None]) -> None:
    visitor.go("/check")
    hold(visitor)
    visitor.page.get_by_label("Quote or post").fill(POST)
    visitor.page.get_by_role("button", name="Check", exact=True).click()
    expect(visitor.page.locator("#ws-verdicts")).to_contain_text("3 claims checked")
    hold(visitor)


def test_the_statements(visitor: Visitor, hold: Callable[[Visitor], None]) -> None:
    visitor.go("/statements?speaker=Ginevra+Liptan")
    visitor.page.get_by_text("The same in words").click()
    hold(visitor)


def test_the_operators_page_locked_and_open(
    visit: Visit, serve: Serve, size: tuple[int, int], tmp_path: Path, hold: Callable[[Visitor], None]
) -> None:
    votes = tmp_path / "votes.jsonl"
    said = (Vote.DID_NOT_HELP, (Reason.WRONG_PERSON,), "a note", "answered", ("liptan-ldn:f6309f4f",))
    keep(Feedback("2026-03-01T10:00:00+00:00", *said, "How long until LDN helps?"), votes)
    server: Server = serve(WHOSAID_OPERATOR_KEY=KEY, WHOSAID_FEEDBACK_FILE=str(votes))
    visitor = visit(server, size)
    visitor.go("/feedback")
    hold(visitor)
    visitor.page.get_by_label("Operator’s key").fill(KEY)
    visitor.page.get_by_role("button", name="Open").click()
    expect(visitor.page.get_by_text("in all:")).to_be_visible()
    hold(visitor)
