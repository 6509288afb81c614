"""BibTeX and RIS, whatever an article says, read back by the parsers that people use."""

import dataclasses
import re
from datetime import date

import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from whosaid.bibliography import bibtex, ris
from whosaid.citation import Citation
from whosaid.library import Library
from whosaid.types import Article, Mode, Person, Span, Statement

DAY = date(2026, 9, 3)
_BREAKERS = [
    "ER  - ",
    "TY  - JOUR",
    "\n",
    "\r\n",
    "\u2028",
    "{",
    "}",
    "\\",
    "}\n}\n@misc{x,",
    '"',
    "%",
    "--",
    "''",
    "@",
]
HOSTILE = st.lists(st.sampled_from(_BREAKERS) | st.text(st.characters(exclude_categories=["Cs"])), max_size=6).map(
    "".join
)
WORDS = HOSTILE.filter(lambda text: bool(one_line(text)))
COMMANDS = {r"{\textbackslash}": "\\", r"{\textbraceleft}": "{", r"{\textbraceright}": "}"} | {
    r"{\textasciitilde}": "~",
    r"{\textasciicircum}": "^",
    **{f"\\{char}": char for char in "&%$#_"},
    "{}": "",
}


def one_line(text: str) -> str:
    """What is left of a text where line ends and control characters cannot be."""
    return " ".join("".join(c for c in text if c.isspace() or not re.match(r"[\x00-\x1f\x7f-\x9f]", c)).split())


def read_latex(text: str) -> str:
    """What LaTeX prints for a field."""
    return re.sub("|".join(map(re.escape, COMMANDS)), lambda command: COMMANDS[command.group()], text)


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    text, title, site, speaker, section, question, channel = (draw(WORDS) for _ in range(7))
    person = Person(speaker, draw(WORDS), "")
    id_ = draw(st.sampled_from(["a", "a,b", "{a}", "ä_b"]))
    author = draw(st.just("not stated") | WORDS)
    article = Article(
        id_, title, site, author, draw(HOSTILE), "", "0" * 64, text, (person,), speaker, url=draw(HOSTILE)
    )
    quote = article.quote(Span(0, len(text)))
    reviewed_by = draw(st.sampled_from(["", "somebody"]))
    statement = Statement(
        f"{id_}:12345678", quote, section, speaker, draw(st.sampled_from(Mode)), channel, reviewed_by=reviewed_by
    )
    return Citation(statement, f"http://localhost/{draw(HOSTILE)}", DAY, question)


@settings(max_examples=60, deadline=None)
@given(st.lists(citations(), min_size=1, max_size=3, unique_by=lambda citation: citation.article.id))
def test_nothing_breaks_a_bibtex_entry(cited: list[Citation]) -> None:
    entries = parse_string(bibtex(cited), "bibtex").entries
    assert len(entries) == len(cited)
    for entry, citation in zip(entries.values(), cited, strict=True):
        fields = entry.fields
        assert read_latex(fields["title"]) == f"{{{one_line(citation.title)}}}"
        assert read_latex(fields["abstract"]) == one_line(citation.statement.text)
        assert read_latex(fields["speaker"]) == one_line(citation.statement.speaker)
        assert read_latex(fields["question"]) == one_line(citation.question)
        assert read_latex(fields["channel"]) == one_line(citation.statement.channel)
        assert fields["mode"] == citation.statement.mode
        assert fields["offsets"] == f"0-{len(citation.statement.text)}"
        assert fields["urldate"] == "2026-09-03"
        assert fields["review"] == ("reviewed" if citation.statement.reviewed_by else "unreviewed")
        assert ("unreviewed" in fields["note"]) or citation.statement.reviewed_by


@settings(max_examples=60, deadline=None)
@given(st.lists(citations(), min_size=1, max_size=3))
def test_nothing_breaks_a_ris_record(cited: list[Citation]) -> None:
    records = rispy.loads(ris(cited))
    assert len(records) == len(cited)
    for record, citation in zip(records, cited, strict=True):
        assert record["type_of_reference"] == "ELEC"
        assert record["title"] == one_line(citation.title)
        assert record["abstract"] == one_line(citation.statement.text)
        assert f"Speaker: {one_line(citation.statement.speaker)}" in record["notes"]
        assert f"Question: {one_line(citation.question)}" in record["notes"]
        assert f"Review: {citation.review}" in record["notes"]
        assert record["access_date"] == "2026/09/03"
        assert len(record["urls"]) == 1
        assert record.keys() <= {
            "type_of_reference", "id", "title", "authors", "publisher", "year", "abstract", "notes", "urls",
            "access_date",
        }  # fmt: skip


def test_what_ships_comes_back_word_for_word(library: Library) -> None:
    cited = [Citation(s, f"http://localhost:8501/?s={s.id}", DAY) for s in library.statements]
    entries = parse_string(bibtex(cited), "bibtex").entries
    records = rispy.loads(ris(cited))
    words = [one_line(s.text) for s in library.statements]
    assert [read_latex(entry.fields["abstract"]) for entry in entries.values()] == words
    assert [record["abstract"] for record in records] == words
    assert list(entries) == [record["id"] for record in records] == [s.id for s in library.statements]
    assert all(entry.fields["sha256"] == library.articles[0].sha256 for entry in entries.values())
    assert [record["urls"] for record in records] == [[citation.link] for citation in cited]


def test_keys_are_ascii_and_differ_where_ids_do(library: Library) -> None:
    ids = ["ä:1", "a:1", "a_e4_:1", "a b:1", "a,b:1"]
    cited = [Citation(dataclasses.replace(library.statements[0], id=id_), "http://a.org", DAY) for id_ in ids]
    keys = list(parse_string(bibtex(cited), "bibtex").entries)
    assert len(set(keys)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9:_-]+", key) for key in keys)
