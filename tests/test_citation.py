"""A statement as a quote: the exact words, and a source line in the style asked for."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from whosaid.citation import Citation, QuoteStyle, as_quote, web_address
from whosaid.library import Library
from whosaid.types import Article, Statement

LINK = "http://localhost:8501/?s=liptan-ldn:1"
DAY = date(2026, 9, 3)


def cite(library: Library, start: str, **changes: Any) -> Citation:
    """Cite the statement that starts so, the article changed as told."""
    article: Article = dataclasses.replace(library.articles[0], **changes)
    found = next(s for s in library.statements if s.text.startswith(start))
    return Citation(dataclasses.replace(found, quote=article.quote(found.quote.span)), LINK, DAY)


@pytest.mark.parametrize("style", QuoteStyle)
def test_the_words_are_exact_in_every_style(library: Library, style: QuoteStyle) -> None:
    for statement in library.statements:
        copied = as_quote(Citation(statement, LINK, DAY), style)
        assert copied.startswith((f"“{statement.text}”\n", f"{statement.text}\n"))
        assert LINK in copied


def test_words_with_quotation_marks_of_their_own_stand_without_marks_around_them(library: Library) -> None:
    assert as_quote(cite(library, "She employs"), QuoteStyle.APA).startswith("She employs an integrative")
    assert as_quote(cite(library, "LDN can occasionally"), QuoteStyle.APA).startswith("“LDN can occasionally")


def test_plain_names_speaker_article_and_day(library: Library) -> None:
    assert as_quote(cite(library, "LDN can occasionally"), QuoteStyle.PLAIN).split("\n")[1:] == [
        "The article’s author. [Dr. Ginevra Liptan on low-dose naltrexone (LDN) in fibromyalgia], "
        "Health Rising. Read on 3 September 2026.",
        LINK,
    ]


def test_apa_and_mla_of_an_article_without_author_date_and_title(library: Library) -> None:
    citation = cite(library, "LDN can occasionally")
    assert as_quote(citation, QuoteStyle.APA).split("\n")[1:] == [
        "(The article’s author; Health Rising, n.d.)",
        "",
        "Health Rising. (n.d.). [Dr. Ginevra Liptan on low-dose naltrexone (LDN) in fibromyalgia]. "
        f"Retrieved September 3, 2026, from {LINK}",
    ]
    assert as_quote(citation, QuoteStyle.MLA).split("\n")[1:] == [
        "(The article’s author; in Health Rising)",
        "",
        "Dr. Ginevra Liptan on low-dose naltrexone (LDN) in fibromyalgia. "
        f"Health Rising, {LINK}. Accessed 3 Sept. 2026.",
    ]


def test_apa_and_mla_of_an_article_with_author_date_title_and_address(library: Library) -> None:
    known = {"author": "Jo Doe", "published": "2016-04-21", "title": "Does LDN help?", "title_note": ""}
    citation = cite(library, "LDN can occasionally", url="https://example.org/ldn/", **known)
    address = citation.address
    assert address.startswith("https://example.org/ldn/#:~:text=LDN%20can%20occasionally")
    assert as_quote(citation, QuoteStyle.APA).split("\n")[1:] == [
        "(The article’s author; Jo Doe, 2016)",
        "",
        f"Jo Doe. (2016, April 21). Does LDN help? Health Rising. Retrieved September 3, 2026, from {address}",
    ]
    assert as_quote(citation, QuoteStyle.MLA).split("\n")[1:] == [
        "(The article’s author; in Jo Doe)",
        "",
        f"Jo Doe. “Does LDN help?” Health Rising, 21 Apr. 2016, {address}. Accessed 3 Sept. 2026.",
    ]
    assert as_quote(citation, QuoteStyle.PLAIN).split("\n")[2:] == [address, LINK]


@pytest.mark.parametrize("style", QuoteStyle)
def test_what_a_statement_must_not_stand_without_comes_along(library: Library, style: QuoteStyle) -> None:
    copied = as_quote(cite(library, "Theoretically, FM patients"), style)
    assert copied.count("Must be read with: ") == 3
    assert "at least six hours apart" in copied


@pytest.mark.parametrize("style", QuoteStyle)
def test_an_unreviewed_attribution_says_so(library: Library, style: QuoteStyle) -> None:
    statement: Statement = dataclasses.replace(library.statements[0], reviewed_by="")
    assert "attribution unreviewed" in as_quote(Citation(statement, LINK, DAY), style)
    assert "unreviewed" not in as_quote(Citation(library.statements[0], LINK, DAY), style)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("http://a.org/?s=x:1", "http://a.org/?s=x:1"),
        ("http://a.org/}{\\;\nER  - ", "http://a.org/%7D%7B%5C%3B%0AER%20%20-%20"),
        ("javascript:alert(1)", ""),
        ("./?s=x:1", ""),
    ],
)
def test_an_address_cannot_end_a_field(link: str, address: str) -> None:
    assert web_address(link) == address
