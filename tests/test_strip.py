"""The strip of who speaks where."""

import dataclasses
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from tests.conftest import TEXT
from ui.strip import strip
from whosaid.library import Library, load_library
from whosaid.types import Statement


def marks(chart: str) -> list[tuple[str, str]]:
    """Each mark's address and letters, in order."""
    return re.findall(r'<li><a [^>]*href="([^"]*)"[^>]*>([^<]*)</a></li>', chart)


def test_each_statement_has_a_mark_that_opens_it_in_reading_order(library: Library) -> None:
    article = library.articles[0]
    found = marks(strip(article, {s.id for s in article.statements}, link))
    assert [address for address, _ in found] == [f"?s={s.id}" for s in article.statements]


def link(statement: Statement) -> str:
    return f"?s={statement.id}"


def test_speakers_differ_by_letters_and_not_only_by_colour(library: Library) -> None:
    article = library.articles[0]
    found = marks(strip(article, (), link))
    letters = {s.speaker: letter for s, (_, letter) in zip(article.statements, found, strict=True)}
    assert letters["Ginevra Liptan"] == "L"
    assert letters["narrator"] == "A"
    assert letters["Leavitt"] == "Le"
    assert len(set(letters.values())) == len(letters) == 5


def test_what_is_filtered_out_is_hollow(library: Library) -> None:
    article = library.articles[0]
    chart = strip(article, {article.statements[3].id}, link)
    assert chart.count("ws-hollow") == len(article.statements) - 1


def test_the_chart_is_one_stop_of_the_tab_key(library: Library) -> None:
    assert strip(library.articles[0], (), link).count('tabindex="0"') == 1


def test_the_tab_key_stops_at_the_first_mark_that_is_chosen(library: Library) -> None:
    article = library.articles[0]
    chart = strip(article, {article.statements[3].id, article.statements[7].id}, link)
    assert re.findall(r'href="\?s=([^"]+)" tabindex="0"', chart) == [article.statements[3].id]


def test_the_same_is_said_in_words(make_corpus: Callable[..., Path]) -> None:
    article = load_library(make_corpus()).articles[0]
    words = re.sub(r"<[^>]+>", "\n", strip(article, (), link).partition("<details>")[2])
    assert [line for line in words.split("\n") if line] == [
        "The same in words",
        "Opening of the article: the article’s author 1",
        "Walking: Dr. Boll 2 to 3; Jan Moor 4; the article’s author 5; Dr. Boll 6",
        "Pills: the article’s author 7; Dr. Boll 8",
    ]


def test_an_articles_words_are_never_markup(make_corpus: Callable[..., Path]) -> None:
    text = TEXT.replace("Boll says that ten", '<img src=x onerror="alert(1)"> says that ten')
    article = load_library(make_corpus(text=text)).articles[0]
    people = (dataclasses.replace(article.people[0], label="<b>Boll</b>"), *article.people[1:])
    tags: set[str] = set()

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            assert not any(name.startswith("on") for name, _ in attrs)

    Parser().feed(strip(dataclasses.replace(article, people=people), (), link))
    assert tags <= {"figure", "figcaption", "ol", "ul", "li", "a", "span", "details", "summary"}
