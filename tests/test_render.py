"""Cards and article pages: every character of a text is text, and the mark is the statement and no more."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.render import article_page, card, element_id, lead, notices
from ui.shell import to_the_letter
from whosaid.caption import kind
from whosaid.library import Library, load_library
from whosaid.types import NARRATOR, Answer, Article, Mode, Notice, Person, Span, Statement, Status

HOSTILE = '</p></article><script>alert("1")</script> & &amp; <b>b</b> \' **c** $d$ [e](javascript:f) ![g](//h/i.png)'
TAGS = {"article", "p", "h3", "blockquote", "mark"}
ATTRIBUTES = {"class", "id", "lang", "aria-label", "tabindex"}


class Parsed(HTMLParser):
    """HTML as a browser reads it: `texts` holds (class or tag, text) for each innermost block, `marks` (id, text)."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.marks: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._open.append(tag)
        named = {name: value or "" for name, value in attrs}
        if tag == "mark":
            self.marks.append((named["id"], ""))
        else:
            self.texts.append((named.get("class", tag), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts[-1] = (self.texts[-1][0], self.texts[-1][1] + data)
        if "mark" in self._open:
            self.marks[-1] = (self.marks[-1][0], self.marks[-1][1] + data)

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        pytest.fail(f"an instruction: {data}")

    def text(self, name: str) -> str:
        """The text of the one block of this class or tag."""
        found = [text for block, text in self.texts if block == name]
        assert len(found) == 1
        return found[0]

    @property
    def lines(self) -> list[str]:
        """The article's own lines."""
        return [text for block, text in self.texts if block in {"p", "h3"}]

    def assert_ours(self) -> None:
        """Nothing but the few tags and attributes that render.py writes."""
        assert set(self.tags) <= TAGS
        assert {name for name, _ in self.attributes} <= ATTRIBUTES


def statement_of(text: str, start: int = 0, end: int | None = None, **changes: str) -> Statement:
    """A statement of an article that says nothing but `text`, and is called and signed with it too."""
    article = Article(
        id="boll",
        title=text,
        site=text,
        author=text,
        published="not stated",
        rights=text,
        sha256="",
        text=text,
        people=(Person("Ada Boll", text, "physician"),),
        main_speaker="Ada Boll",
    )
    quote = article.quote(Span(start, len(text) if end is None else end))
    statement = Statement("boll:00000000", quote, text, "Ada Boll", Mode.REPORTED, text, text, text)
    statement = replace(statement, **changes)  # type: ignore[arg-type]
    object.__setattr__(article, "statements", (statement,))
    return statement


@pytest.fixture
def boll(make_corpus: Callable[..., Path]) -> Library:
    return load_library(make_corpus())


def test_a_card_shows_who_then_the_words_then_where(boll: Library) -> None:
    parsed = Parsed(card(boll.statements[1]))
    assert parsed.texts == [
        ("ws-card ws-reported", ""),
        ("ws-badge", "Dr. Boll, as the article reports"),
        ("ws-words", boll.statements[1].text),
        ("ws-where", "Section: Walking"),
    ]


def test_a_card_says_channel_and_date_where_the_article_does(boll: Library) -> None:
    statement = replace(boll.statements[0], channel="book", when="in 2019")
    assert Parsed(card(statement)).text("ws-where") == "Opening of the article · Said in: book · When: in 2019"


def test_a_card_of_an_attribution_that_nobody_read_says_so(boll: Library) -> None:
    assert "unreviewed" not in card(boll.statements[1])
    where = Parsed(card(replace(boll.statements[1], reviewed_by=""))).text("ws-where")
    assert where.endswith(" · Attribution unreviewed")


def test_a_note_stands_before_everything_else_in_a_card(boll: Library) -> None:
    parsed = Parsed(card(boll.statements[1], "Shown <because>:"))
    assert parsed.texts[1] == ("ws-note", "Shown <because>:")


def test_every_card_that_ships_holds_the_whole_statement_and_only_our_tags(library: Library) -> None:
    for statement in library.statements:
        parsed = Parsed(card(statement))
        parsed.assert_ours()
        assert parsed.text("ws-words") == statement.text


def test_a_hostile_article_is_text_everywhere_in_its_card() -> None:
    parsed = Parsed(card(statement_of(HOSTILE), HOSTILE))
    parsed.assert_ours()
    assert parsed.text("ws-note") == parsed.text("ws-words") == HOSTILE
    assert parsed.text("ws-badge").endswith(f"as the article reports, citing {HOSTILE}")
    assert parsed.text("ws-where").startswith(f"Section: {HOSTILE} · Said in: {HOSTILE} · When: {HOSTILE}")


def test_a_hostile_article_is_text_everywhere_in_its_page() -> None:
    marked = statement_of(HOSTILE, 5, 40, section="")
    parsed = Parsed(article_page(marked.quote.article, marked))
    parsed.assert_ours()
    assert parsed.lines == [HOSTILE]
    assert parsed.marks == [(element_id(marked), HOSTILE[5:40])]
    assert ("aria-label", HOSTILE) in parsed.attributes
    assert [text for block, text in parsed.texts if block == "ws-where"] == [f"{HOSTILE} · author {HOSTILE}", HOSTILE]


@given(st.data())
def test_any_text_is_shown_to_the_letter_with_exactly_the_statement_marked(data: st.DataObject) -> None:
    line = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)
    lines = data.draw(st.lists(line | st.sampled_from(["<i>", "&lt;", HOSTILE]), min_size=1, max_size=4))
    number = data.draw(st.integers(0, len(lines) - 1))
    first = data.draw(st.integers(0, len(lines[number]) - 1))
    last = data.draw(st.integers(first + 1, len(lines[number])))
    offset = sum(len(line) + 2 for line in lines[:number])
    marked = statement_of("\n\n".join(lines), offset + first, offset + last, section="")
    assert Parsed(card(marked)).text("ws-words") == marked.text
    parsed = Parsed(article_page(marked.quote.article, marked))
    parsed.assert_ours()
    assert parsed.lines == lines
    assert parsed.marks == [(element_id(marked), marked.text)]


def test_the_mark_covers_exactly_the_statement_whichever_it_is(library: Library) -> None:
    for article in library.articles:
        lines = [line for line in article.text.split("\n") if line.strip()]
        for statement in article.statements:
            parsed = Parsed(article_page(article, statement))
            assert parsed.marks == [(element_id(statement), statement.text)]
            assert parsed.lines == lines


def test_the_mark_can_take_the_focus_and_its_id_is_a_plain_word(boll: Library) -> None:
    statement = boll.statements[3]
    page = article_page(boll.articles[0], statement)
    assert f'<mark id="{element_id(statement)}" tabindex="-1">' in page
    assert re.fullmatch(r"[a-z][a-z0-9-]+", element_id(statement))
    assert len({element_id(each) for each in boll.statements}) == len(boll.statements)


def test_a_sections_name_is_a_heading_and_a_sentence_is_not(boll: Library) -> None:
    parsed = Parsed(article_page(boll.articles[0], boll.statements[0]))
    assert [text for block, text in parsed.texts if block == "h3"] == ["Walking", "Pills"]


@pytest.mark.parametrize(
    ("speaker", "mode", "expected"),
    [
        ("Ada Boll", Mode.DIRECT, "own"),
        ("Ada Boll", Mode.PARTIAL, "own"),
        ("Ada Boll", Mode.REPORTED, "reported"),
        ("Ada Boll", Mode.PRACTICE, "reported"),
        ("Ada Boll", Mode.CONTINUATION, "probably"),
        ("Jan Moor", Mode.DIRECT, "other"),
        ("Jan Moor", Mode.REPORTED, "other"),
        ("Jan Moor", Mode.CONTINUATION, "other"),
        (NARRATOR, Mode.NARRATOR, "author"),
    ],
)
def test_a_card_looks_like_whose_words_it_holds(boll: Library, speaker: str, mode: Mode, expected: str) -> None:
    statement = replace(boll.statements[1], speaker=speaker, mode=mode)
    assert kind(statement) == expected
    assert Parsed(card(statement)).texts[0][0] == f"ws-card ws-{expected}"


def test_every_mode_of_every_speaker_has_a_look_in_the_stylesheet(boll: Library) -> None:
    css = (Path(__file__).parent.parent / "ui" / "page.css").read_text(encoding="utf-8")
    for speaker in ("Ada Boll", "Jan Moor", NARRATOR):
        for mode in Mode:
            assert f".ws-{kind(replace(boll.statements[1], speaker=speaker, mode=mode))} {{" in css


def test_of_the_addresses_in_a_first_line_only_the_articles_are_links() -> None:
    article, other = "https://example.org/a?b=1&c='2'", "https://evil.example/x"
    line = lead(Answer(Status.REFUSED, "", f"<b>Read</b> it on Back Pages ({article}), not {other}."), {article, ""})
    assert line.count("<a ") == 1
    assert 'href="https://example.org/a?b=1&amp;c=&#x27;2&#x27;" rel="noreferrer"' in line
    assert "&lt;b&gt;Read&lt;/b&gt;" in line


@pytest.mark.parametrize(
    "text",
    [
        ":smile:",
        ":material/home:",
        ":red[x]",
        "https://x.y",
        "www.x.y",
        "a@b.c",
        "a -> b",
        "a <- b",
        "a -- b",
        "a >= b",
    ],
)
def test_what_streamlit_looks_for_after_markdown_is_broken_by_a_joiner(text: str) -> None:
    shown = to_the_letter(text)
    assert "\u2060" in shown
    assert shown.replace("\u2060", "").replace("\\", "") == text


def test_an_ordinary_question_has_no_joiner() -> None:
    assert to_the_letter("Is low-dose naltrexone (LDN) safe: yes or no?") == (
        "Is low\\-dose naltrexone \\(LDN\\) safe\\: yes or no?"
    )


def test_a_number_to_call_is_dialled_at_a_tap() -> None:
    shown = notices([Notice("crisis", "In the UK call 116 123, elsewhere 911 or 1-800-222-1222.")])
    assert re.findall('href="tel:([^"]+)"', shown) == ["116123", "911", "1-800-222-1222"]
