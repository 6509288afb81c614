"""The one rule: a quote shows words of its article and cannot be given any others."""

from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whosaid.types import NARRATOR, Article, Mode, NoticeKind, Person, Quote, Span, Statement, Status

TEXT = "Rest hurts. “Walking – ten minutes – helps”, says Dr. Boll 🚶."


def article(text: str = TEXT) -> Article:
    return Article(
        id="boll",
        title="Ada Boll on walking",
        site="Back Pages",
        author="not stated",
        published="not stated",
        rights="Made up for tests.",
        sha256="",
        text=text,
        people=(Person("Ada Boll", "Dr. Boll", "physician", ("Boll",)), Person("Jan Moor", "a walker", "walker")),
        main_speaker="Ada Boll",
    )


@settings(derandomize=True, database=None)
@given(st.data())
def test_a_quote_shows_exactly_the_characters_of_its_span(data: st.DataObject) -> None:
    text = data.draw(st.text(min_size=1))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert article(text).quote(Span(start, end)).text == text[start:end]


def test_offsets_count_characters_and_not_bytes() -> None:
    start = TEXT.index("🚶")
    assert article().quote(Span(start, start + 1)).text == "🚶"


def test_the_whole_text_and_its_last_character_can_be_quoted() -> None:
    assert article().quote(Span(0, len(TEXT))).text == TEXT
    assert article().quote(Span(len(TEXT) - 1, len(TEXT))).text == "."


@pytest.mark.parametrize(
    ("start", "end"),
    [(-1, 3), (-5, -1), (3, 3), (4, 2), (0, len(TEXT) + 1), (len(TEXT), len(TEXT)), (len(TEXT), len(TEXT) + 1)],
)
def test_a_span_that_is_empty_or_leaves_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"span {start}:{end} is not inside the {len(TEXT)} characters of boll"):
        article().quote(Span(start, end))


@pytest.mark.parametrize(("start", "end"), [(-5, -1), (3, 3), (0, len(TEXT) + 1)])
def test_a_quote_cannot_be_made_around_the_check_of_its_span(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="span"):
        Quote(article(), Span(start, end))


def test_a_quote_holds_an_article_and_a_span_and_no_words() -> None:
    assert [field.name for field in fields(Quote)] == ["article", "span"]
    with pytest.raises(TypeError):
        Quote(article(), Span(0, 4), "Run")  # type: ignore[call-arg]


def test_a_quote_cannot_be_changed() -> None:
    quote = article().quote(Span(0, 11))
    with pytest.raises(FrozenInstanceError):
        quote.text = "Rest helps."  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        quote.span = Span(0, 4)  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        quote.article.text = "Rest helps."  # type: ignore[misc]
    assert quote.text == "Rest hurts."


def test_a_statement_shows_its_quotes_words_and_claims_nothing_by_default() -> None:
    statement = Statement("boll:00000000", article().quote(Span(0, 11)), "", NARRATOR, Mode.NARRATOR)
    assert statement.text == "Rest hurts."
    assert statement.channel == "not stated"
    assert (statement.cue, statement.quoted, statement.needs, statement.reviewed_by) == (None, (), (), "")


@pytest.mark.parametrize(
    ("speaker", "label"),
    [
        ("narrator", "the article’s author"),
        ("Ada Boll", "Dr. Boll"),
        ("Jan Moor", "a walker"),
        ("Boll", "Boll"),  # an alias is not a name: only names are spelled out
        ("the Ghent study", "the Ghent study"),
    ],
)
def test_a_speaker_is_shown_by_label_and_else_by_name(speaker: str, label: str) -> None:
    assert article().label(speaker) == label


def test_modes_statuses_and_notices_are_those_of_the_contract() -> None:
    assert {str(mode) for mode in Mode} == {"direct", "partial", "reported", "continuation", "practice", "narrator"}
    assert {str(status) for status in Status} == {"answered", "partial", "not_in_article", "refused"}
    kinds = {"emergency", "crisis", "withdrawal", "overdose", "pregnancy", "child", "prescriber"}
    assert set(NoticeKind.__args__) == kinds  # type: ignore[attr-defined]


def test_spans_sort_in_reading_order() -> None:
    assert sorted([Span(5, 6), Span(0, 9), Span(0, 2)]) == [Span(0, 2), Span(0, 9), Span(5, 6)]
