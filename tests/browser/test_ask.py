"""The Ask page as a visitor meets it: a real Chromium, the real server, the corpus that ships."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from ingest.split import split
from tests.browser.conftest import DESK, PHONE, FirstVisit, Serve, Server, Visit, Visitor, serving
from tests.conftest import write_corpus
from whosaid.library import Library, load_library, statement_id
from whosaid.settings import ROOT

LONG = "How long until LDN helps?"  # its answer is higher than either window
OTHER = "Can I take LDN with opioid painkillers?"
UNANSWERABLE = "Can I drink alcohol on LDN?"
ARTICLE = (ROOT / "corpus" / "liptan-ldn" / "article.txt").read_text(encoding="utf-8")
USABLE_WITHIN_S, STARTS = 2.0, 3
INPUT_IS_THERE = "() => document.querySelector('[data-testid=stChatInputTextArea]')?.checkVisibility()"
FOREIGN_ELEMENTS = ":is(img, a, b, i, u, em, strong, code, script, style, .katex)"

NOTE_PAINTED = """() => {  // an IntersectionObserver looks at each frame as it is painted
  window.painted = [];
  const observer = new IntersectionObserver(found => found.forEach(f =>
    window.painted.push([f.time, f.isIntersecting])));
  const watched = new WeakSet();
  setInterval(() => document.querySelectorAll('.ws-lead').forEach(lead => {
    if (!watched.has(lead)) { watched.add(lead); observer.observe(lead); }
  }), 5);
}"""


def test_the_input_is_usable_within_two_seconds_of_the_servers_start(
    warm_server: Server, visit: Visit, tmp_path: Path
) -> None:
    """Counted from when the port answers, half a second after the process starts.

    What else the machine does adds to both, and never takes away: the fastest of some starts is the app's own time.
    """
    del warm_server  # so that no other server of ours is loading its model on the same cores
    took_s: list[float] = []
    while len(took_s) < STARTS and min(took_s, default=USABLE_WITHIN_S) >= USABLE_WITHIN_S:
        visitor = visit()  # the browser stands open
        with serving(tmp_path / f"server-{len(took_s)}.log", script=ROOT / "app.py", environment={}) as server:
            visitor.host = server.host
            visitor.page.goto(f"http://{server.host}/", wait_until="commit")
            visitor.page.wait_for_function(INPUT_IS_THERE)  # it looks at each frame; a locator, now and then
            visitor.input.fill("How long")
            took_s.append(time.monotonic() - server.answered_s)
            assert visitor.input.input_value() == "How long"
            visitor.page.goto("data:text/html,")  # before its server goes
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    assert min(took_s) < USABLE_WITHIN_S, f"{took_s}, {load}"


def test_a_question_typed_while_the_model_loads_is_answered_without_another_click(first_visit: FirstVisit) -> None:
    if not first_visit.was_loading:
        pytest.skip("tests that ran before these have given the shared server time to load its model")
    assert first_visit.notes == [
        "The language model is loading. You can type your question now.",
        "Loading the language model; this happens once",
    ]
    assert first_visit.cards > 0
    assert first_visit.lead
    assert first_visit.announced.startswith(first_visit.lead)


def test_an_answer_is_cards_of_whole_statements_each_with_its_speaker(
    visit: Visit, warm_server: Server, library: Library
) -> None:
    visitor = visit(warm_server, PHONE)
    whole = {statement.text for statement in library.statements}
    labels = [re.escape(article.label(s.speaker)) for article in library.articles for s in article.statements]
    visitor.go()
    visitor.ask(LONG)
    assert 1 <= visitor.cards.count() <= 12
    for words in visitor.words.all_text_contents():
        assert words in ARTICLE
        assert words in whole
    for badge in visitor.cards.locator(".ws-badge:visible").all():
        expect(badge).to_be_visible()
        expect(badge).to_have_text(re.compile("|".join(labels), re.IGNORECASE))


def test_show_in_the_article_marks_the_very_statement_in_view_and_focused(
    visitor: Visitor, size: tuple[int, int], is_readable: Callable[[Locator], bool]
) -> None:
    visitor.go(f"/?q={quote(LONG)}")
    visitor.unfold()
    last = visitor.show_buttons.count() - 1
    for number in (0, last):
        visitor.show_buttons.nth(number).click()
        expect(visitor.mark).to_have_text(visitor.words.nth(number).text_content() or "", use_inner_text=False)
        expect(visitor.mark).to_be_focused()
        expect(visitor.mark).to_be_in_viewport(ratio=1)
        assert is_readable(visitor.mark)
        if size == PHONE:  # there the article covers the other buttons
            visitor.page.get_by_role("button", name="Close the article").click()
            expect(visitor.pane).to_have_count(0)


def test_what_was_unfolded_stays_so_when_something_else_is_asked(visitor: Visitor) -> None:
    visitor.go()
    visitor.ask(LONG)
    visitor.unfold()
    visitor.page.locator("summary", has_text="Why this?").first.click()
    before = visitor.page.locator("details[open]").count()
    visitor.ask(OTHER)
    expect(visitor.page.locator("details[open]")).to_have_count(before)


def test_escape_closes_the_article_and_the_focus_returns_to_its_button(
    visitor: Visitor, is_readable: Callable[[Locator], bool]
) -> None:
    visitor.go(f"/?q={quote(LONG)}")
    last = visitor.show_buttons.count() - 1
    visitor.show(last)
    visitor.page.keyboard.press("Escape")
    expect(visitor.pane).to_have_count(0)
    expect(visitor.show_buttons.nth(last)).to_be_focused()
    visitor.rest()
    assert is_readable(visitor.show_buttons.nth(last))
    top = visitor.show_buttons.nth(last).evaluate("button => button.getBoundingClientRect().top / innerHeight")
    assert 0.3 < top < 0.7, "the page left the button from which the article was opened"
    assert "s=" not in urlsplit(visitor.page.url).query


def test_a_link_to_a_statement_shows_somebody_else_the_same_mark(
    visitor: Visitor, other_visitor: Visitor, is_readable: Callable[[Locator], bool]
) -> None:
    visitor.go(f"/?q={quote(LONG)}")
    visitor.show(1)
    link = visitor.pane.get_by_role("link", name="Link to this statement").evaluate("link => link.href")
    other_visitor.go(link.removeprefix(f"http://{visitor.host}"))
    expect(other_visitor.mark).to_have_text(visitor.mark.text_content() or "", use_inner_text=False)
    expect(other_visitor.mark).to_be_focused()
    assert is_readable(other_visitor.mark)
    assert visitor.words.nth(1).text_content() == other_visitor.mark.text_content()


def test_an_address_with_a_question_answers_it_for_somebody_else(visit: Visit, warm_server: Server) -> None:
    visitor, other_visitor = visit(warm_server, PHONE), visit(warm_server, PHONE)
    visitor.go()
    visitor.ask(LONG)
    address = urlsplit(visitor.page.url)
    other_visitor.go(f"{address.path}?{address.query}")
    expect(other_visitor.leads).to_have_text(visitor.leads.inner_text())
    expect(other_visitor.words).to_have_text(visitor.words.all_text_contents())


def test_an_address_with_a_question_and_a_statement_opens_both(
    visit: Visit, warm_server: Server, library: Library, is_readable: Callable[[Locator], bool]
) -> None:
    visitor = visit(warm_server, PHONE)
    statement = library.statements[40]
    visitor.go(f"/?q={quote(LONG)}&s={statement.id}")
    expect(visitor.leads).to_have_count(1)
    expect(visitor.mark).to_have_text(statement.text, use_inner_text=False)
    expect(visitor.mark).to_be_focused()
    assert is_readable(visitor.mark)


def test_a_link_to_a_statement_that_is_not_there_says_so(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go("/?s=liptan-ldn:00000000")
    expect(visitor.page.get_by_text("That link names a statement that the article does not have.")).to_be_visible()
    expect(visitor.pane).to_have_count(0)
    expect(visitor.input).to_be_editable()


def test_what_the_article_does_not_answer_shows_only_what_is_near(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    visitor.ask(UNANSWERABLE)
    expect(visitor.leads).to_contain_text("The article does not ")
    near = visitor.page.locator(".ws-fold.ws-near").locator(".ws-card")
    assert 1 <= near.count() <= 3
    assert near.count() == visitor.cards.count()
    expect(near.first).not_to_be_visible()  # the honest line is enough for most
    visitor.unfold()
    expect(near.first).to_be_visible()
    assert set(visitor.page.locator(".ws-group").all_inner_texts()) <= {"You could ask"}


def test_the_disclaimer_can_be_read_before_during_and_after_scrolling(
    visitor: Visitor, is_readable: Callable[[Locator], bool]
) -> None:
    advice = visitor.page.get_by_text("Not medical advice.")
    visitor.go()
    expect(advice).to_have_count(1)
    assert is_readable(advice)
    visitor.ask(LONG)
    assert is_readable(advice)
    visitor.page.mouse.move(200, 400)
    main = visitor.page.locator(".stMain")
    for _ in range(4):
        visitor.page.mouse.wheel(0, 500)
        visitor.page.wait_for_timeout(60)
        assert is_readable(advice)
    assert main.evaluate("main => main.scrollTop") > 400
    visitor.page.mouse.wheel(0, -5000)
    visitor.page.wait_for_timeout(60)
    assert is_readable(advice)


def test_a_screen_reader_is_told_the_lead_once_the_answer_is_there(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    expect(visitor.status).to_have_text("")
    visitor.ask(LONG)
    expect(visitor.status).to_have_count(1)
    expect(visitor.status).to_contain_text(visitor.leads.inner_text())
    visitor.ask(UNANSWERABLE)
    expect(visitor.status).to_contain_text("The article does not ")


def test_opening_and_closing_the_article_does_not_announce_the_answer_again(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, DESK)
    visitor.go(f"/?q={quote(LONG)}")
    expect(visitor.status).to_contain_text(visitor.leads.inner_text())
    visitor.page.evaluate("""() => {
      window.announced = 0;
      const live = '[role=status][aria-live=polite]';
      const holdsLive = node => node.nodeType === 1 && (node.matches(live) || node.querySelector(live));
      new MutationObserver(changes => {
        for (const change of changes)
          if (change.target.closest?.(live) || [...change.addedNodes].some(holdsLive)) window.announced += 1;
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    }""")
    for _ in range(2):
        visitor.show(0)
        visitor.page.keyboard.press("Escape")
        expect(visitor.show_buttons.first).to_be_focused()
    visitor.page.wait_for_timeout(200)
    assert visitor.page.evaluate("window.announced") == 0


def test_nothing_scrolls_sideways_on_a_phone(
    visit: Visit, warm_server: Server, overflowing: Callable[[Page], list[str]]
) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    assert overflowing(visitor.page) == []
    visitor.ask("w" * 300)
    visitor.ask(LONG)
    assert overflowing(visitor.page) == []
    visitor.show(-1)
    assert overflowing(visitor.page) == []


def test_an_answer_rests_with_its_start_in_view_and_does_not_run_away_first(
    visitor: Visitor, is_readable: Callable[[Locator], bool]
) -> None:
    visitor.go()
    visitor.page.evaluate(NOTE_PAINTED)
    visitor.ask(LONG)
    visitor.rest()
    assert is_readable(visitor.leads)
    expect(visitor.cards.last).not_to_be_in_viewport()
    painted: list[tuple[float, bool]] = visitor.page.evaluate("window.painted")
    out_of_view_ms = sum(later - then for (then, is_in_view), (later, _) in pairwise(painted) if not is_in_view)
    assert out_of_view_ms < 300, painted


@pytest.mark.parametrize("after_ms", [0, 50, 150, 300])
def test_a_key_pressed_while_an_answer_appears_does_not_let_the_page_run_to_its_end(
    visit: Visit, warm_server: Server, is_readable: Callable[[Locator], bool], after_ms: int
) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    visitor.ask("What are the side effects?")
    visitor.input.fill("How long until LDN helps?")
    visitor.input.press("Enter")
    visitor.leads.nth(1).wait_for()
    visitor.page.wait_for_timeout(after_ms)
    visitor.page.keyboard.press("Shift")
    visitor.settle()
    visitor.rest()
    assert is_readable(visitor.leads.nth(1))


def start_over(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Start over").click()
    visitor.page.get_by_role("button", name="Forget it").click()
    expect(visitor.leads).to_have_count(0)


def test_the_first_answer_after_a_new_start_comes_to_rest_at_its_start(
    visit: Visit, warm_server: Server, is_readable: Callable[[Locator], bool]
) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    visitor.ask(LONG)
    start_over(visitor)
    expect(visitor.status).to_have_text("")
    visitor.ask("I took two by mistake, how long until that is out?")
    visitor.rest()
    assert is_readable(visitor.page.locator(".ws-notice").first)
    expect(visitor.status).to_contain_text(visitor.leads.inner_text())


def test_a_reload_keeps_the_conversation_and_a_new_start_ends_it(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    for question in (LONG, "and at night?", OTHER):
        visitor.ask(question)
    said = visitor.leads.all_inner_texts()
    visitor.page.reload()
    expect(visitor.leads).to_have_text(said)
    visitor.settle()
    start_over(visitor)
    visitor.page.reload()
    visitor.settle()
    expect(visitor.leads).to_have_count(0)


def test_a_link_that_is_opened_where_others_things_were_asked_answers_its_own_question_alone(
    visit: Visit, warm_server: Server
) -> None:
    visitor = visit(warm_server, DESK)
    visitor.go()
    for question in (LONG, OTHER):
        visitor.ask(question)
    visitor.go(f"/?q={quote(UNANSWERABLE)}")
    expect(visitor.leads).to_have_count(1)
    visitor.page.reload()
    visitor.settle()
    visitor.page.wait_for_timeout(500)
    expect(visitor.leads).to_have_count(1)


def test_what_is_kept_in_the_browser_is_taken_over_only_where_it_is_a_conversation(
    visit: Visit, warm_server: Server
) -> None:
    visitor = visit(warm_server, DESK)
    visitor.go(f"/?q={quote(OTHER)}")
    asked = f'["{OTHER}", ""]'
    for kept in ("{", "[1, 2]", '[["x"], 2]', f"[{asked}, [7, 7]]", f'[{asked}, ["{"w" * 6000}", ""]]'):
        visitor.page.evaluate("kept => sessionStorage.setItem('whosaid-turns', kept)", kept)
        visitor.page.reload()
        visitor.leads.wait_for()
        visitor.settle()
        visitor.page.wait_for_timeout(400)
        expect(visitor.leads).to_have_count(1)


@pytest.mark.parametrize(("last", "asked"), [("and gabapentin?", 2), ("Who is Leavitt?", 1)])
def test_an_answers_link_is_copied_at_a_tap_and_shows_the_same_to_anybody(
    visit: Visit, warm_server: Server, is_readable: Callable[[Locator], bool], last: str, asked: int
) -> None:
    visitor = visit(warm_server, DESK)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.go()
    for question in ("Does turmeric help?", OTHER, last):
        visitor.ask(question)
    visitor.page.get_by_role("button", name="Copy the link to this answer").last.click()
    expect(visitor.page.get_by_role("button", name="Copied")).to_be_visible()
    link = visitor.page.evaluate("navigator.clipboard.readText()")
    other = visit(warm_server, DESK)
    other.page.goto(link)
    expect(other.leads).to_have_count(asked)  # what it leans on goes before it, and nothing else
    expect(other.page.locator(".stChatMessage").last.locator(".ws-words")).to_have_text(
        visitor.page.locator(".stChatMessage").last.locator(".ws-words").all_text_contents()
    )
    other.rest()
    assert is_readable(other.leads.last)


def test_neither_link_nor_paper_passes_on_a_cry_for_help_that_a_question_leans_on(
    visit: Visit, warm_server: Server
) -> None:
    visitor = visit(warm_server, DESK)
    visitor.go()
    visitor.ask("I want to kill myself with my LDN capsules")
    visitor.ask("and how long until it works?")
    visitor.ask("does LDN help sleep?")
    links = visitor.page.locator("[data-ws-copy*='?q=']")
    expect(links).not_to_have_count(0)
    assert all("kill" not in (link.get_attribute("data-ws-copy") or "") for link in links.all())
    expect(visitor.page.locator(".ws-print").filter(has_text="kill")).to_have_count(0)


def test_an_answer_beside_the_open_article_comes_to_rest_with_its_start_in_view(
    visit: Visit, warm_server: Server, is_readable: Callable[[Locator], bool]
) -> None:
    visitor = visit(warm_server)
    visitor.go(f"/?q={quote(LONG)}")
    visitor.show(0)
    visitor.ask(OTHER)
    visitor.rest()
    expect(visitor.mark).to_be_visible()
    assert is_readable(visitor.leads.nth(1))


def test_going_back_closes_the_article_and_going_forward_opens_it_again(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, DESK)
    visitor.go()
    visitor.ask(LONG)
    visitor.show(1)
    marked = visitor.mark.text_content() or ""
    visitor.page.go_back()
    expect(visitor.pane).to_have_count(0)
    expect(visitor.leads).to_have_count(1)
    visitor.page.go_forward()
    expect(visitor.mark).to_have_text(marked, use_inner_text=False)
    visitor.page.go_back()
    visitor.page.go_back()
    expect(visitor.pane).to_have_count(0)
    assert urlsplit(visitor.page.url).query == ""
    visitor.settle()
    expect(visitor.leads).to_have_count(1)


HOSTILE_QUESTION = (
    "<img src=x onerror=alert(1)> **bold** $x^2$ [a](javascript:alert(1)) ![b](http://example.invalid/i.png)"
)


def test_a_question_full_of_markup_is_shown_to_the_letter_and_asks_nothing_of_anybody(
    visit: Visit, warm_server: Server
) -> None:
    visitor = visit(warm_server, PHONE)
    visitor.go()
    visitor.ask(HOSTILE_QUESTION)
    asked = visitor.page.get_by_test_id("stChatMessage").first
    expect(asked.get_by_test_id("stText")).to_have_text(HOSTILE_QUESTION, use_inner_text=True)
    assert visitor.page.locator(".stChatMessage :is(img:not([src^=data]), strong, .katex, a)").count() == 0
    assert not any("example.invalid" in url.partition("?")[0] or url.endswith("/x") for url in visitor.requests)


def test_a_follow_up_is_read_back_to_the_letter(visit: Visit, warm_server: Server) -> None:
    visitor = visit(warm_server, DESK)
    follow_up = (
        f"is that true of {HOSTILE_QUESTION} &lt;i&gt; a -> b -- c :red[d] `e` ~~f~~ <https://example.invalid/g> #h"
    )
    visitor.go(f"/?q={quote(OTHER)}")
    visitor.ask(follow_up)
    letters = "\u2060?".join(map(re.escape, f"Read as: {follow_up}"))  # joiners keep Streamlit from reading markup
    expect(visitor.page.get_by_role("button", name="Read as")).to_contain_text(re.compile(letters))
    assert visitor.page.locator(".stChatMessage :is(img:not([src^=data]), strong, .katex, code, del)").count() == 0


HOSTILE_ARTICLE = """\
Dr. Ada Boll treats back pain in Ghent & <b>Bruges</b>.

Walking <B>Daily</B> For $5

Boll says that walking for $5 or $6 a day *helps* **most** of her `patients` <script>alert('walk')</script>. \
She never prescribes bed rest <img src=http://example.invalid/a.png onerror=alert(2)> \
or ![ever](http://example.invalid/b.png). \
Jan Moor walks an hour in [the park](javascript:alert(3)) &amp; sleeps well.

Sleep is when muscles mend :red[slowly] :material/bed: </article></p><style>body { display: none }</style>.

"Rest hurts -> more -- than it helps <https://example.invalid/rest>." Dr. Ada Boll
"""
HOSTILE_TITLE = "Ada <b>Boll</b> on *walking* for $5 or $6"
HOSTILE_LABEL = "Dr. <u>*Boll*</u>"
HOSTILE_BANK = "Does *walking* for $5 or $6 <b>help</b> [most](http://example.invalid/most) of her patients"


@dataclass(frozen=True)
class Hostile:
    """A server over an article whose text, title, names and question bank are all markup."""

    server: Server
    library: Library


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    folder = tmp_path_factory.mktemp("hostile")
    ids = [statement_id("boll", HOSTILE_ARTICLE[unit.start : unit.end]) for unit in split(HOSTILE_ARTICLE)]
    bank = [{"question": f"{HOSTILE_BANK} ({number})?", "statements": [id_]} for number, id_ in enumerate(ids)]
    corpus = write_corpus(folder / "corpus", bank, HOSTILE_ARTICLE)
    about = corpus / "boll" / "article.toml"
    toml = about.read_text(encoding="utf-8").replace("Ada Boll on walking", HOSTILE_TITLE)
    about.write_text(toml.replace('label = "Dr. Boll"', f'label = "{HOSTILE_LABEL}"'), encoding="utf-8")
    environment = {"WHOSAID_CORPUS_DIR": str(corpus), "WHOSAID_INDEX_DIR": str(folder / "index")}
    ingest = [sys.executable, "-m", "ingest"]
    subprocess.run(ingest, cwd=ROOT, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)
    with serving(folder / "server.log", script=ROOT / "app.py", environment=environment) as server:
        yield Hostile(server, load_library(corpus))


def test_an_article_full_of_markup_is_shown_to_the_letter(
    visit: Visit, hostile: Hostile, is_readable: Callable[[Locator], bool]
) -> None:
    visitor = visit(hostile.server)
    visitor.go()
    expect(visitor.page.get_by_text(f"Ask about {HOSTILE_TITLE}, and get")).to_be_visible()
    visitor.ask("Does walking help most of her patients with back pain?")
    expect(visitor.leads).to_contain_text(HOSTILE_LABEL)
    expect(visitor.status).to_contain_text(HOSTILE_LABEL)
    shown = visitor.words.all_text_contents()
    assert any("<script>" in words and "$5 or $6" in words and "**most**" in words for words in shown)
    assert set(shown) <= {statement.text for statement in hostile.library.statements}
    visitor.show_buttons.first.click()
    expect(visitor.mark).to_have_text(shown[0], use_inner_text=False)
    expect(visitor.mark).to_be_focused()
    assert is_readable(visitor.mark)
    lines = visitor.pane.locator(".ws-article > :is(p:not(.ws-where), h3)").all_text_contents()
    assert lines == [line for line in HOSTILE_ARTICLE.split("\n") if line]
    assert visitor.page.locator(f":is(.ws-card, .ws-article, .ws-lead) {FOREIGN_ELEMENTS}").count() == 0
    assert not any("example.invalid" in url for url in visitor.requests)


def test_a_question_of_the_bank_full_of_markup_is_offered_to_the_letter(visit: Visit, hostile: Hostile) -> None:
    visitor = visit(hostile.server)
    visitor.go("/?q=Does+walking+help+most+of+her+patients%3F")
    offered = visitor.page.get_by_role("heading", name="You could ask").locator("xpath=following::button")
    expect(offered.first).to_contain_text(re.compile("\u2060?".join(map(re.escape, HOSTILE_BANK))))
    assert not any("example.invalid" in url for url in visitor.requests)


def test_a_server_without_an_index_says_how_to_build_it(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    visitor = visit(serve(WHOSAID_INDEX_DIR=str(tmp_path / "nothing")), PHONE)
    visitor.go(f"/?q={quote(LONG)}")
    expect(visitor.page.get_by_test_id("stAlert")).to_contain_text("python -m ingest")
    expect(visitor.cards).to_have_count(0)


@pytest.mark.parametrize("window", [(844, 390), (360, 640)], ids=["on its side", "small"])
def test_a_first_screen_that_is_longer_than_the_window_opens_at_its_start(
    visit: Visit, warm_server: Server, window: tuple[int, int]
) -> None:
    visitor = visit(warm_server, window)
    visitor.go()
    expect(visitor.page.get_by_role("button", name=LONG)).to_be_attached(timeout=60_000)
    visitor.page.wait_for_timeout(2500)  # in which it would be scrolled to its end
    scroller = visitor.page.locator(".stMain")
    assert scroller.evaluate("main => main.scrollHeight > main.clientHeight")
    assert scroller.evaluate("main => main.scrollTop") == 0
    visitor.page.mouse.move(100, 100)
    visitor.page.mouse.wheel(0, 200)
    visitor.page.wait_for_timeout(500)
    assert scroller.evaluate("main => main.scrollTop") > 0  # and goes where its reader goes
