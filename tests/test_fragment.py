"""Links to a statement on its publisher's page; tests/browser/test_statements.py follows them in Chromium."""

import dataclasses
from urllib.parse import unquote

import pytest

from tests.conftest import TEXT
from whosaid.fragment import text_fragment
from whosaid.library import Library
from whosaid.types import Article, Mode, Span, Statement

URL = "https://example.org/ldn/"


def statement(text: str, words: str, url: str = URL, occurrence: int = 1) -> Statement:
    article = Article("a", "T", "S", "A", "", "", "", text, (), "", url=url)
    at = -1
    for _ in range(occurrence):
        at = text.index(words, at + 1)
    return Statement("a:1", article.quote(Span(at, at + len(words))), "", "narrator", Mode.NARRATOR)


def looked_up(of: Statement) -> list[str]:
    return [unquote(part) for part in text_fragment(of).partition(":~:text=")[2].split(",")]


def test_a_short_statement_is_looked_up_whole_without_the_marks_at_its_edges() -> None:
    assert looked_up(statement("Before. “Rest hurts more, she says.” After.", "“Rest hurts more, she says.”")) == [
        "Rest hurts more, she says"
    ]


def test_a_long_statement_is_looked_up_by_a_start_and_an_end_that_are_nowhere_else() -> None:
    words = "She says that rest hurts " + "more and more " * 9 + "than it helps most people."
    found = looked_up(statement(f"She says that rest helps. {words} It helps most people.", words))
    assert found == ["She says that rest hurts", "helps most people"]


def test_a_no_break_space_is_never_looked_up() -> None:
    words = "Better sleep via massage,\xa0 rest and gentle\xa0 stretching"
    assert looked_up(statement(words, words)) == ["Better sleep via", "stretching"]


def test_words_that_come_twice_are_told_apart_by_those_before_them() -> None:
    text = "He came home at noon. It rained. She left the house early. It rained."
    assert looked_up(statement(text, "It rained.")) == ["home at noon.-", "It rained"]
    assert looked_up(statement(text, "It rained.", occurrence=2)) == ["the house early.-", "It rained"]


def test_what_a_directive_takes_for_its_own_is_encoded() -> None:
    fragment = text_fragment(statement("A low-dose, 50% & more? #1", "A low-dose, 50% & more? #1"))
    assert fragment == f"{URL}#:~:text=A%20low%2Ddose%2C%2050%25%20%26%20more%3F%20%231"


def test_an_address_that_has_a_fragment_keeps_it() -> None:
    assert text_fragment(statement("It rained.", "It rained.", f"{URL}#part")) == f"{URL}#part:~:text=It%20rained"


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.org"])
def test_only_a_web_address_makes_a_link(url: str) -> None:
    assert text_fragment(statement(TEXT, "Pills", url)) == ""


def test_every_statement_that_ships_gets_a_link_of_its_own(library: Library) -> None:
    article = dataclasses.replace(library.articles[0], url=URL)
    links = [text_fragment(dataclasses.replace(s, quote=article.quote(s.quote.span))) for s in library.statements]
    assert len(set(links)) == len(links)
    assert all(link.isascii() and len(link) < 300 for link in links)
