"""The Check page as a moderator meets it: a real Chromium, the real server, the corpus that ships."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

POST = (
    'Hi all! Dr. Liptan says "side effects are minimal when the dosage is increased quickly". '
    'She also said "<img src=x onerror=alert(1)> most people have to take it <b>indefinitely</b>".\n\n'
    "> LDN can occasionally cause sleep issues.\n\nWhat did yours cost?"
)


def check(visitor: Visitor, text: str, path: str = "/check") -> Page:
    visitor.go(path)
    page = visitor.page
    page.get_by_label("Quote or post").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()
    return page


def test_a_posts_claims_are_marked_in_place_with_their_verdicts(
    visitor: Visitor, overflowing: Callable[[Page], list[str]]
) -> None:
    page = check(visitor, POST)
    expect(page.locator("#ws-verdicts")).to_have_text("3 claims checked: 1 as the article has it, 2 to look at")
    expect(page.locator(".ws-post .ws-claim")).to_have_count(3)
    expect(page.locator(".ws-post")).to_contain_text("What did yours cost?")
    expect(page.locator(".ws-verdict h2").first).to_contain_text("Changed")
    expect(page.locator(".ws-diff del").first).to_have_text("slowly")
    expect(page.locator(".ws-diff ins").first).to_have_text("quickly")
    expect(visitor.status).to_contain_text("3 claims checked")
    assert overflowing(page) == []


def test_the_article_opens_beside_a_check_and_closing_it_leaves_all_as_it_was(visitor: Visitor) -> None:
    page = check(visitor, POST)
    show = visitor.show_buttons.first
    show.click()
    expect(visitor.mark).to_be_focused()
    page.keyboard.press("Escape")
    expect(visitor.pane).to_have_count(0)
    expect(show).to_be_focused()
    expect(page.locator(".ws-post .ws-claim")).to_have_count(3)
    expect(page.get_by_label("Quote or post")).to_have_value(POST)


def test_whoever_comes_back_from_another_page_finds_post_and_verdicts(visitor: Visitor) -> None:
    page = check(visitor, POST)
    expect(page.locator(".ws-post .ws-claim")).to_have_count(3)
    for name in ("Statements", "Check a quote"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator(".ws-post .ws-claim")).to_have_count(3)
    expect(page.get_by_label("Quote or post")).to_have_value(POST)


def test_a_reply_whose_links_work_here_alone_says_so(visitor: Visitor) -> None:
    page = check(visitor, POST)
    expect(page.get_by_text("Its links work on this computer alone")).to_be_visible()


def test_a_claim_can_be_left_out_of_the_reply_and_one_made_again_is_listed_once(visitor: Visitor) -> None:
    page = check(visitor, f"{POST}\n\n> LDN can occasionally cause sleep issues.")
    expect(page.locator("#ws-verdicts")).to_have_text("3 claims checked: 1 as the article has it, 2 to look at")
    expect(page.locator(".ws-post .ws-claim")).to_have_count(4)
    expect(page.locator(".ws-verdict")).to_have_count(3)
    written = page.get_by_test_id("stCode").first
    expect(written).to_contain_text("(the post says it 2 times)")
    expect(written).to_contain_text("increased quickly")
    page.get_by_text("In the reply").first.click()
    expect(written).not_to_contain_text("increased quickly")
    expect(written).to_contain_text("(the post says it 2 times)")


def test_a_post_is_never_markup(visitor: Visitor) -> None:
    page = check(visitor, POST)
    expect(page.locator(".ws-post")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".ws-post :is(img, b)").count() == 0
    assert page.locator(".ws-verdict :is(img, b)").count() == 0


def test_the_reply_opens_its_statements_for_anybody(visitor: Visitor, other_visitor: Visitor) -> None:
    page = check(visitor, "She uses diet and antibiotics to treat candida.")
    reply = page.get_by_test_id("stCode").first
    expect(reply).to_contain_text("the article says “probiotics”, the post says “antibiotics”")
    address = next(word for word in reply.inner_text().split() if "?s=" in word)
    assert address.startswith(f"http://{visitor.host}/?s=liptan-ldn:")
    other_visitor.go(address.removeprefix(f"http://{visitor.host}"))
    expect(other_visitor.mark).to_have_text("She uses diet and probiotics to treat candida.")


def test_the_reply_is_copied_by_keyboard(visitor: Visitor) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = check(visitor, POST)
    page.get_by_role("button", name="Copy the reply").first.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    written = page.get_by_test_id("stCode").first.inner_text()
    assert page.evaluate("navigator.clipboard.readText()").split() == written.split()


def test_what_is_too_long_is_not_left_out_in_silence(visitor: Visitor) -> None:
    page = check(visitor, "LDN helps. " * 5000)
    expect(page.get_by_role("alert")).to_contain_text("check at most 50,000")


def test_nothing_to_check_says_what_to_do(visitor: Visitor) -> None:
    page = check(visitor, "   ")
    expect(page.get_by_role("alert")).to_contain_text("give a quote or a post")


def test_both_pages_are_one_tap_apart_and_the_conversation_stays(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.ask("Can I take LDN with gabapentin?")
    expect(visitor.leads).to_have_count(1)
    page = visitor.page
    page.get_by_role("link", name="Check a quote").click()
    expect(page.get_by_label("Quote or post")).to_be_visible()
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(visitor.leads).to_have_count(1)
