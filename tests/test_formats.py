"""Files of statements: what they carry, and that no cell runs and no line breaks out."""

import csv
import dataclasses
import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.test_bibliography import citations
from whosaid.__main__ import main
from whosaid.citation import Citation
from whosaid.export import statement_json
from whosaid.formats import COLUMNS, Format, cited, write
from whosaid.library import Library, load_library

ADDRESS = "http://localhost:8501"


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")  # so that a spreadsheet reads UTF-8
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def test_csv_carries_every_statement_with_all_that_a_citation_needs(library: Library) -> None:
    found = rows(write(cited(library.statements, library, ADDRESS), Format.CSV))
    assert [row["text"] for row in found] == [s.text for s in library.statements]
    assert list(found[0]) == COLUMNS
    text = library.articles[0].text
    for row in found:
        assert text[int(row["start"]) : int(row["end"])] == row["text"]
        assert row["link"] == f"{ADDRESS}/?s={row['id']}"
        assert row["sha256"] == library.articles[0].sha256
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["accessed"])
        needed = next(s for s in library.statements if s.id == row["id"]).needed
        assert row["needs_text"] == " ".join(other.text for other in needed)
        assert (row["site"], row["review"]) == ("Health Rising", "reviewed")
    assert {row["question"] for row in found} <= {"", *(question.text for question in library.questions)}
    assert sum(bool(row["question"]) for row in found) > 50


def test_json_is_the_contracts_shape_and_more(library: Library) -> None:
    citations_ = cited(library.statements, library, ADDRESS)
    found = json.loads(write(citations_, Format.JSON))
    for row, citation in zip(found, citations_, strict=True):
        assert row.items() >= statement_json(citation.statement).items()
        assert list(row) == COLUMNS


@settings(max_examples=60, deadline=None)
@given(st.lists(citations(), min_size=1, max_size=3))
def test_no_cell_of_a_csv_is_a_formula_and_none_breaks_out(cited_: list[Citation]) -> None:
    found = rows(write(cited_, Format.CSV))
    assert len(found) == len(cited_)
    for row, citation in zip(found, cited_, strict=True):
        assert row["text"].removeprefix("'") == citation.statement.text.removeprefix("'")
        assert row["title"].removeprefix("'") == citation.article.title.removeprefix("'")
        assert not any(cell.lstrip()[:1] in {*"=+-@"} and cell for cell in row.values() if cell.strip())
        assert not any(cell.startswith(("\t", "\r", "\n")) for cell in row.values())
        assert row["review"] == ("reviewed" if citation.statement.reviewed_by else "unreviewed")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1"])
def test_what_a_spreadsheet_would_run_is_defused(library: Library, start: str) -> None:
    statement = dataclasses.replace(library.statements[0], section=start)
    found = rows(write(cited([statement], library, ADDRESS), Format.CSV))
    assert found[0]["section"] == f"'{start}"


@settings(max_examples=60, deadline=None)
@given(citations())
def test_markdown_shows_the_words_and_makes_no_markup_of_them(citation: Citation) -> None:
    rendered = MarkdownIt("commonmark").render(write([citation], Format.MARKDOWN))
    quoted = rendered.partition("<blockquote>")[2].partition("</blockquote>")[0]
    assert set(re.findall(r"<(\w+)", rendered)) <= {"h1", "p", "blockquote", "a"}
    shown = html.unescape(re.sub(r"</?p>", " ", quoted))
    assert shown.replace("\ufffd", "\0").split() == citation.statement.text.split()


@pytest.mark.parametrize("to", Format)
def test_every_format_says_what_nobody_has_reviewed(library: Library, to: Format) -> None:
    unread = dataclasses.replace(library.statements[0], reviewed_by="")
    assert "unreviewed" in write(cited([unread], library, ADDRESS), to)
    assert "unreviewed" not in write(cited([library.statements[0]], library, ADDRESS), to)


@pytest.mark.parametrize("to", Format)
def test_statements_of_several_articles_each_name_theirs(
    library: Library, to: Format, make_corpus: Callable[..., Path]
) -> None:
    other = load_library(make_corpus())
    written = write(cited([library.statements[0], other.statements[0]], library, ADDRESS), to)
    assert "Health Rising" in written
    assert "Back Pages" in written


@pytest.mark.parametrize("to", Format)
def test_the_command_line_writes_the_same(library: Library, to: Format, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", "--speaker", "Leavitt", "--format", to]) == 0
    leavitt = [s for s in library.statements if s.speaker == "Leavitt"]
    assert capsys.readouterr().out == write(cited(leavitt, library, ADDRESS), to)


def test_links_lead_where_the_command_line_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", "--mode", "direct", "--format", "json", "--address", "https://who.example"]) == 0
    assert all(row["link"].startswith("https://who.example/?s=") for row in json.loads(capsys.readouterr().out))


def test_json_and_format_do_not_go_together() -> None:
    with pytest.raises(SystemExit) as left:
        main(["statements", "--json", "--format", "csv"])
    assert left.value.code == 2
