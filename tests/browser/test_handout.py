"""What a patient takes away: the PDF, the print of the page; and hard words explained where they stand."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import DESK, PHONE, Server, Visit, Visitor
from whosaid.library import Library
from whosaid.wording import answer_wording

LONG = "How long until LDN helps?"
UNANSWERABLE = "Can I drink alcohol on LDN?"
IN_PART = "Can I take Norco with LDN?"
GLIAL = "What does she say about glial cells?"


def squeezed(text: str) -> str:
    return "".join(text.split())


def read(data: bytes) -> str:
    return squeezed("\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages))


def test_the_first_screen_is_one_sentence_five_questions_and_one_box(visitor: Visitor) -> None:
    visitor.go()
    page = visitor.page
    said = page.get_by_test_id("stText")
    expect(said).to_have_count(1)
    assert len(re.findall(r"[.!?](?=\s|$)", said.inner_text().replace("Dr.", "Dr"))) == 1
    expect(page.locator("[class*=st-key-example-] button")).to_have_count(5)
    expect(page.get_by_role("textbox")).to_have_count(1)
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    expect(page.get_by_role("button", name="For my doctor")).to_have_count(0)


def test_an_answer_reads_notice_sentence_best_statements_the_rest_what_is_not_said_what_to_ask(
    visit: Visit, warm_server: Server
) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    visitor.ask(IN_PART)
    places = [
        visitor.page.locator(".ws-notice").last,
        visitor.leads.first,
        visitor.cards.first,
        visitor.page.locator(".ws-fold > summary"),
        visitor.page.get_by_role("heading", name="What the article does not say"),
        visitor.page.get_by_role("heading", name="You could ask"),
    ]
    tops = [(place.bounding_box() or {"y": -1.0})["y"] for place in places]
    assert tops == sorted(tops)
    assert len(set(tops)) == len(places)
    expect(visitor.page.get_by_text("The article does not mention “norco”. Your doctor")).to_be_visible()


def test_what_to_ask_next_stands_below_the_last_answer_only(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    visitor.ask(LONG)
    visitor.ask("How does LDN work on glial cells?")
    heading = visitor.page.get_by_role("heading", name="You could ask")
    expect(heading).to_have_count(1)
    assert (heading.bounding_box() or {"y": -1.0})["y"] > (visitor.leads.nth(1).bounding_box() or {"y": 0.0})["y"]


def test_the_rest_of_a_long_answer_is_folded_and_can_be_unfolded_by_keyboard(
    visitor: Visitor, is_readable: Callable[[Locator], bool]
) -> None:
    visitor.go()
    visitor.ask(LONG)
    assert visitor.cards.count() > 3
    expect(visitor.cards.nth(2)).to_be_visible()
    expect(visitor.cards.last).not_to_be_visible()
    fold = visitor.page.locator(".ws-fold > summary")
    expect(fold).to_have_text(re.compile(rf"{visitor.cards.count() - 3} more statements?$"))
    fold.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.cards.last).to_be_visible()
    visitor.show(-1)
    assert is_readable(visitor.mark)


def test_the_conversation_downloads_as_a_pdf_with_every_question_and_statement(visitor: Visitor) -> None:
    visitor.go()
    visitor.ask(LONG)
    visitor.ask(UNANSWERABLE)
    visitor.ask("and gabapentin?")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="For my doctor (PDF)").click()
    assert re.fullmatch(r"questions-for-my-doctor-\d{4}-\d\d-\d\d\.pdf", download.value.suggested_filename)
    text = read(Path(download.value.path()).read_bytes())
    read_as = visitor.page.get_by_text(re.compile("^Read as: ")).inner_text()
    for question in (LONG, UNANSWERABLE, "and gabapentin?", read_as):
        assert squeezed(question) in text
    answered = visitor.page.get_by_test_id("stChatMessage").filter(has_text=re.compile("Here is what|This comes first"))
    shown = [words for message in answered.all() for words in message.locator(".ws-words").all_text_contents()]
    assert len(shown) > 4
    for words in shown:
        assert squeezed(words) in text
    near = visitor.page.get_by_test_id("stChatMessage").filter(has_text="does not discuss alcohol")
    only_near = set(near.locator(".ws-words").all_text_contents()) - set(shown)
    assert only_near
    for words in only_near:
        assert squeezed(words) not in text


def test_what_goes_to_the_doctor_is_chosen_question_by_question(visitor: Visitor) -> None:
    visitor.go()
    visitor.ask(LONG)
    expect(visitor.page.get_by_text("Choose the questions for my doctor")).not_to_be_visible()
    visitor.ask(UNANSWERABLE)
    visitor.page.get_by_text("Choose the questions for my doctor").click()
    visitor.page.locator(".st-key-take-0 label").click()
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="For my doctor (PDF)").click()
    text = read(Path(download.value.path()).read_bytes())
    assert squeezed(UNANSWERABLE) in text
    assert squeezed(LONG) not in text
    visitor.page.locator(".st-key-take-1 label").click()
    expect(visitor.page.get_by_role("button", name="For my doctor (PDF)")).to_be_disabled()


def test_the_print_of_the_page_has_the_conversation_and_nothing_to_press(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, DESK)
    visitor.go()
    visitor.ask(LONG)
    visitor.ask(IN_PART)
    visitor.ask("does it cost much in the evening")
    visitor.ask("what does Dr. Liptan say on shingles?")
    expect(visitor.page.locator(".ws-print").first).not_to_be_visible()
    near = visitor.page.locator(".ws-fold.ws-near .ws-words").all_text_contents()
    assert near
    shown = [words for words in visitor.words.all_text_contents() if words not in near]
    text = read(visitor.page.pdf(format="A4"))
    assert squeezed(answer_wording().say("silent.near")) not in text
    for words in (LONG, IN_PART, *shown, "Questions for my doctor", "Room for notes", "25bddf35b8c9"):
        assert squeezed(words) in text, words
    assert squeezed(answer_wording().say("advice.line")) in text
    for words in (
        "Show in the article",
        "Why this?",
        "Words explained",
        "For my doctor",
        "Choose the questions",
        "Ask about the article",
        "Copy the link",
        "Reading",
        "Near, but not an answer",
        *set(near) - set(shown),
    ):
        assert squeezed(words) not in text.replace(squeezed("Questions for my doctor"), ""), words
    for words in ("You could ask", "more statement", "Start over", "Check a quote"):
        assert squeezed(words) not in text, words


def test_hard_words_are_explained_below_their_statement_by_keyboard_and_marked_as_ours(
    visitor: Visitor, library: Library, overflowing: Callable[[Page], list[str]]
) -> None:
    visitor.go()
    visitor.ask(GLIAL)
    button = visitor.page.locator("summary", has_text="Words explained").first
    explained = visitor.page.locator(".ws-explained").first
    expect(explained).not_to_be_visible()
    button.focus()
    visitor.page.keyboard.press("Enter")
    expect(explained).to_be_visible()
    expect(visitor.page.get_by_text("Explanation, not from the article").first).to_be_visible()
    expect(explained.locator("dt", has_text=re.compile("glial", re.IGNORECASE)).first).to_be_visible()
    assert overflowing(visitor.page) == []
    box = explained.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= (visitor.page.viewport_size or {"width": 0})["width"]
    text = explained.inner_text()
    assert not any(line in article.text for line in text.split("\n") if len(line) > 30 for article in library.articles)
    assert visitor.page.locator(".ws-words .ws-explained, .ws-words dt, .ws-card dl").count() == 0
    visitor.page.keyboard.press("Enter")
    expect(explained).not_to_be_visible()
    expect(button).to_be_focused()


@pytest.mark.parametrize("broken", ["[[word]", '[[word]]\nterm = "a"'])
def test_explanations_that_cannot_be_read_are_an_error_that_says_where(
    visit: Visit, serve: Callable[..., Server], make_corpus: Callable[..., Path], broken: str
) -> None:
    corpus = make_corpus()
    (corpus / "hard_words.toml").write_text(broken, encoding="utf-8")
    visitor = visit(serve(WHOSAID_CORPUS_DIR=str(corpus), WHOSAID_INDEX_DIR=str(corpus / "none")), PHONE)
    visitor.page.goto(f"http://{visitor.host}/")
    expect(visitor.page.get_by_test_id("stAlert")).to_contain_text("hard_words.toml")
