"""The Statements page as a researcher meets it: a real Chromium, the real server, the corpus that ships."""

import csv
import dataclasses
import io
import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rispy
from playwright.sync_api import Browser, Page, expect
from pybtex.database import parse_string

from tests.browser.conftest import DESK, PHONE, Serve, Server, Visit, Visitor
from whosaid.citation import QuoteStyle, as_quote
from whosaid.formats import Format, cited
from whosaid.fragment import text_fragment
from whosaid.library import Library
from whosaid.selection import Selection
from whosaid.types import Statement

OWN = "/statements?speaker=Ginevra+Liptan&mode=direct"
SMALLEST_TARGET_PX = 24
_SMALL_TARGETS = """smallest => [...document.querySelectorAll('.ws-strip a, .ws-tools a, .ws-button, summary')]
  .filter(e => e.getClientRects().length)
  .map(e => [e.textContent, e.getBoundingClientRect()])
  .filter(([, box]) => box.width < smallest || box.height < smallest)
  .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""


@pytest.fixture
def reader(visit: Visit, server: Server, size: tuple[int, int]) -> Visitor:
    """Somebody who has not opened anything; no test here waits for the model."""
    return visit(server, size)


def count(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=re.compile(r"\d+ of \d+ statements"))).to_have_text(words)


def test_every_statement_is_there_with_its_speaker(
    reader: Visitor, library: Library, overflowing: Callable[[Page], list[str]]
) -> None:
    reader.go("/statements")
    count(reader.page, "91 of 91 statements")
    assert reader.words.all_text_contents() == [statement.text for statement in library.statements]
    assert reader.page.locator(".ws-card .ws-badge").count() == 91
    assert overflowing(reader.page) == []
    assert reader.page.evaluate(_SMALL_TARGETS, SMALLEST_TARGET_PX) == []


def test_a_statement_opens_beside_the_list_and_closing_it_leads_back_to_it(visit: Visit, server: Server) -> None:
    reader = visit(server, DESK)
    reader.go(OWN)
    words = reader.words.all_text_contents()
    reader.page.get_by_role("link", name="Show in the article").nth(1).click()
    expect(reader.mark).to_be_focused()
    assert (reader.mark.text_content() or "") == words[1]
    assert reader.words.all_text_contents() == words
    reader.page.keyboard.press("Escape")
    expect(reader.pane).to_have_count(0)
    expect(reader.page.locator(".ws-entry").nth(1)).to_be_focused()
    expect(reader.page).to_have_url(re.compile(re.escape(OWN) + "$"))


def test_it_says_how_it_was_decided_who_said_what(visit: Visit, server: Server) -> None:
    reader = visit(server, PHONE)
    reader.go("/statements")
    reader.page.get_by_text("How was it decided who said what?").click()
    expect(reader.page.get_by_text("neither reading saw the other")).to_be_visible()


def test_a_filtered_view_is_a_link_for_somebody_else_and_back_undoes_it(
    reader: Visitor, visit: Visit, server: Server, library: Library
) -> None:
    reader.go("/statements")
    page = reader.page
    page.get_by_role("textbox", name="Words").fill("opioids")
    page.get_by_role("textbox", name="Words").press("Enter")
    wanted = Selection(words="opioids").of(library.statements)
    count(page, f"{len(wanted)} of 91 statements")
    page.get_by_role("combobox", name="Speaker").click()
    page.get_by_role("option", name=re.compile("Dr. Liptan")).click()
    both = Selection(words="opioids", speaker="Ginevra Liptan").of(library.statements)
    assert 0 < len(both) < len(wanted)
    count(page, f"{len(both)} of 91 statements")
    expect(page).to_have_url(re.compile(r"\?words=opioids&speaker=Ginevra\+Liptan$"))
    address = urlsplit(page.url)
    other = visit(server, DESK)
    other.go(f"{address.path}?{address.query}")
    count(other.page, f"{len(both)} of 91 statements")
    assert other.words.all_text_contents() == [statement.text for statement in both]
    page.go_back()
    count(page, f"{len(wanted)} of 91 statements")
    expect(page.get_by_role("combobox", name="Speaker")).to_have_value("Anybody")
    page.get_by_role("button", name="Take all filters away").click()
    count(page, "91 of 91 statements")
    expect(page).to_have_url(re.compile("/statements$"))


def test_the_articles_other_word_for_a_thing_is_one_tap_away(visit: Visit, server: Server, library: Library) -> None:
    reader = visit(server, PHONE)
    reader.go("/statements?words=opioid")
    reader.page.get_by_role("button", name="Or “opiate”").click()
    count(reader.page, f"{len(Selection(words='opioid | opiate').of(library.statements))} of 91 statements")
    expect(reader.page.get_by_role("textbox", name="Words")).to_have_value("opioid | opiate")
    expect(reader.page.get_by_role("button", name="Or “")).to_have_count(0)


def test_each_filter_of_a_link_is_taken_over(visit: Visit, server: Server, library: Library) -> None:
    reader = visit(server, DESK)
    for address, chosen in {
        "channel=book": Selection(channel="book"),
        "section=opening": Selection(section=""),
        "section=LDN+and+Candida&mode=narrator": Selection(section="LDN and Candida", mode="narrator"),
        "review=reviewed": Selection(reviewed=True),
    }.items():
        reader.go(f"/statements?{address}")
        count(reader.page, f"{len(chosen.of(library.statements))} of 91 statements")


def test_a_link_that_asks_for_what_is_not_there_says_so_and_shows_all(visit: Visit, server: Server) -> None:
    reader = visit(server, DESK)
    reader.go("/statements?speaker=Nobody+Ever")
    expect(reader.page.get_by_role("alert")).to_contain_text("Nobody Ever")
    count(reader.page, "91 of 91 statements")


def test_nothing_found_says_what_to_do(visit: Visit, server: Server) -> None:
    reader = visit(server, PHONE)
    reader.go("/statements?words=metformin")
    count(reader.page, "0 of 91 statements")
    expect(reader.page.get_by_text("No statement fits. Take a filter away.")).to_be_visible()
    expect(reader.page.get_by_role("button", name="CSV")).to_have_count(0)


def test_the_strip_is_one_tab_stop_that_the_arrows_move_along_and_enter_opens(
    reader: Visitor, library: Library
) -> None:
    reader.go("/statements")
    page = reader.page
    marks = page.locator(".ws-strip a")
    expect(marks).to_have_count(91)
    marks.first.focus()
    for key, place in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 90), ("Home", 0), ("End", 90)):
        page.keyboard.press(key)
        expect(marks.nth(place)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.ws-strip')") is None
    page.keyboard.press("Shift+Tab")
    expect(marks.nth(90)).to_be_focused()
    page.keyboard.press("Enter")
    expect(reader.mark).to_have_text(library.statements[90].text, use_inner_text=False)


def test_the_strip_says_who_speaks_where_also_in_words(visit: Visit, server: Server) -> None:
    reader = visit(server, PHONE)
    reader.go("/statements?speaker=Jared+Younger")
    chart = reader.page.get_by_role("figure", name=re.compile("Who speaks where"))
    expect(chart.locator("a:not(.ws-hollow)")).to_have_text("Y")
    expect(chart.locator("a.ws-hollow")).to_have_count(90)
    expect(chart.get_by_role("link", name=re.compile(r"^1\. Dr. Liptan, in own words: “The most"))).to_be_visible()
    chart.get_by_text("The same in words").click()
    expect(chart.get_by_text("Side Effects and Dosing: ")).to_be_visible()


@pytest.mark.parametrize("style", QuoteStyle)
def test_copy_as_quote_takes_the_exact_words_and_a_source_line(
    visit: Visit, server: Server, library: Library, style: QuoteStyle
) -> None:
    reader = visit(server, PHONE)
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.go(OWN)
    page = reader.page
    statement = Selection(mode="direct").of(library.statements)[0]
    quote = as_quote(cited([statement], library, f"http://{server.host}")[0], style)
    page.get_by_role("radio", name=style.label).click()
    expect(page.locator(".ws-button").first).to_have_attribute("data-ws-copy", quote)
    page.locator(".ws-button").first.click()
    expect(page.locator(".ws-button").first).to_have_text("Copied")
    expect(page.locator(".st-key-copying [aria-live]")).to_have_text("Quote copied.")
    assert page.evaluate("navigator.clipboard.readText()") == quote


def test_a_statement_that_is_open_in_the_article_can_be_copied_too(
    visit: Visit, server: Server, library: Library
) -> None:
    reader = visit(server, PHONE)
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    statement = library.statements[10]
    reader.page.goto(f"http://{server.host}/?s={statement.id}")
    reader.pane.get_by_role("button", name=re.compile("^MLA")).click()
    expect(reader.pane.get_by_role("button", name=re.compile("^MLA"))).to_have_text("Copied")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied == as_quote(cited([statement], library, f"http://{server.host}")[0], QuoteStyle.MLA)


def test_the_downloads_hold_what_is_shown(visit: Visit, server: Server, library: Library) -> None:
    reader = visit(server, DESK)
    reader.go(OWN)
    wanted = Selection(speaker="Ginevra Liptan", mode="direct").of(library.statements)
    ids = [statement.id for statement in wanted]

    def downloaded(to: Format) -> str:
        with reader.page.expect_download() as started:
            reader.page.get_by_role("button", name=to.label, exact=True).click()
        assert started.value.suggested_filename.endswith(to.suffix)
        return Path(started.value.path()).read_text(encoding="utf-8")

    rows = list(csv.DictReader(io.StringIO(downloaded(Format.CSV).removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == ids
    assert rows[0]["link"] == f"http://{server.host}/?s={ids[0]}"
    assert [row["id"] for row in json.loads(downloaded(Format.JSON))] == ids
    assert list(parse_string(downloaded(Format.BIBTEX), "bibtex").entries) == ids
    assert [record["id"] for record in rispy.loads(downloaded(Format.RIS))] == ids
    assert downloaded(Format.MARKDOWN).count("\n> ") == len(ids)


def test_the_page_needs_neither_model_nor_index(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    server = serve(WHOSAID_INDEX_DIR=str(tmp_path / "none"), WHOSAID_EMBEDDING_MODEL=str(tmp_path / "nothing"))
    reader = visit(server, PHONE)
    reader.go("/statements")
    count(reader.page, "91 of 91 statements")
    reader.page.goto(f"http://{server.host}/?s=liptan-ldn:f6309f4f")
    expect(reader.mark).to_have_text("“The most effective way to reduce spinal cord inflammation”")


def test_text_fragments_lead_to_their_statements_on_a_publishers_page(browser: Browser, library: Library) -> None:
    """A page of the article's blocks, far apart: the browser has to scroll to the very block that a link is about."""
    article = dataclasses.replace(library.articles[0], url="http://publisher.test/ldn/")
    blocks = [line for line in article.text.split("\n") if line.strip()]
    body = "".join(f'<p style="margin:1500px 0">{escape(block)}</p>' for block in blocks)
    html = f"<!doctype html><meta charset=utf-8><title>x</title>{body}"
    astray = []
    with browser.new_page() as page:
        page.route("http://publisher.test/**", lambda route: route.fulfill(body=html, content_type="text/html"))
        for statement in library.statements:
            moved: Statement = dataclasses.replace(statement, quote=article.quote(statement.quote.span))
            page.goto("about:blank")
            page.goto(text_fragment(moved))
            first_line = statement.text.split("\n")[0]
            seen = page.evaluate(
                "[...document.querySelectorAll('p')].filter(p => { const box = p.getBoundingClientRect();"
                " return box.bottom > 0 && box.top < innerHeight; }).map(p => p.textContent)"
            )
            if not any(first_line in text for text in seen):
                astray.append((text_fragment(moved), seen))
    assert astray == []
