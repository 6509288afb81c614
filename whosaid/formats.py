"""Statements → a file that other programs read: CSV, JSON, Markdown, BibTeX, RIS.

The command line and the Statements page write the same.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from whosaid.answer import badge
from whosaid.bibliography import bibtex, ris
from whosaid.citation import UNREVIEWED, Citation, web_address
from whosaid.export import statement_json
from whosaid.fragment import text_fragment
from whosaid.library import Library
from whosaid.markdown import escape
from whosaid.types import NOT_STATED, Statement

_BOM = "\ufeff"  # so that a spreadsheet reads UTF-8
_FORMULA = "=+-@＝＋－＠"  # a cell that starts so is a formula, in some languages also in full width
COLUMNS = (
    "id article start end text speaker mode channel section needs reviewed_by needs_text review question when source"
    " title title_note author site published sha256 accessed link publisher_link"
).split()


class Format(StrEnum):
    """A kind of file; `suffix` and `mime` are how it is named and sent."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    BIBTEX = "bibtex"
    RIS = "ris"

    @property
    def suffix(self) -> str:
        """The end of its files' names."""
        return {Format.MARKDOWN: ".md", Format.BIBTEX: ".bib"}.get(self, f".{self}")

    @property
    def mime(self) -> str:
        """Its media type."""
        return {
            Format.CSV: "text/csv",
            Format.JSON: "application/json",
            Format.MARKDOWN: "text/markdown",
            Format.BIBTEX: "application/x-bibtex",
            Format.RIS: "application/x-research-info-systems",
        }[self]

    @property
    def label(self) -> str:
        """Its name to read."""
        return {Format.MARKDOWN: "Markdown", Format.BIBTEX: "BibTeX"}.get(self, self.upper())


def cited(statements: Iterable[Statement], library: Library, address: str) -> list[Citation]:
    """Return statements as citations of today, each with a bank question that it answers best.

    `address` is where this WhoSaid is reached, without a slash at its end.
    """
    today, questions = date.today(), library.example_questions
    return [Citation(s, f"{address}/?s={s.id}", today, questions.get(s.id, "")) for s in statements]


def write(citations: Sequence[Citation], to: Format) -> str:
    """Return a file's content."""
    writers = {Format.CSV: _csv, Format.JSON: _json, Format.MARKDOWN: _markdown, Format.BIBTEX: bibtex, Format.RIS: ris}
    return writers[to](citations)


def _row(citation: Citation) -> dict[str, Any]:
    """Return what CSV and JSON carry: the shape of `statements --json`, and what a citation adds."""
    statement, article = citation.statement, citation.article
    return statement_json(statement) | {
        "needs_text": [other.text for other in statement.needed],
        "review": citation.review,
        "question": citation.question,
        "when": statement.when,
        "source": statement.source,
        "title": article.title,
        "title_note": article.title_note,
        "author": article.author,
        "site": article.site,
        "published": article.published,
        "sha256": article.sha256,
        "accessed": citation.accessed.isoformat(),
        "link": web_address(citation.link),
        "publisher_link": text_fragment(statement),
    }


def _json(citations: Sequence[Citation]) -> str:
    return json.dumps([_row(citation) for citation in citations], ensure_ascii=False, indent=1) + "\n"


def _csv(citations: Sequence[Citation]) -> str:
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in _row(citation).items()} for citation in citations)
    return _BOM + table.getvalue()


def _cell(value: str | int | list[str]) -> str | int:
    """Return a value that no spreadsheet runs: an apostrophe before it makes a formula a text."""
    if isinstance(value, int):
        return value
    text = " ".join(value) if isinstance(value, list) else value
    return f"'{text}" if text[:1] in {"\t", "\r", "\n"} or text.lstrip()[:1] in {*_FORMULA} else text


def _markdown(citations: Sequence[Citation]) -> str:
    parts: list[str] = []
    for article, group in groupby(citations, key=lambda citation: citation.article):
        about = [article.site, f"author {article.author}", f"text sha256 {article.sha256}"]
        parts.append(f"# {_line(article.title)}\n\n{_line(' · '.join(about))}")
        if article.title_note:
            parts.append(_line(article.title_note))
        parts += [_markdown_statement(citation) for citation in group]
    return "\n\n".join(parts) + "\n"


def _markdown_statement(citation: Citation) -> str:
    statement, span = citation.statement, citation.statement.quote.span
    channel = "where it was said: not stated" if statement.channel == NOT_STATED else statement.channel
    facts = [
        badge(statement),
        f"speaker: {statement.speaker}",
        f"mode: {statement.mode}",
        channel,
        statement.when,
        statement.section,
        f"characters {span.start}–{span.end}",
        f"accessed {citation.accessed.isoformat()}",
        UNREVIEWED if citation.review == UNREVIEWED else "",
    ]
    words = "\n".join(f"> {escape(line)}" for line in statement.text.splitlines())
    lines = [
        f"A question it answers, not from the article: {_line(citation.question)}" if citation.question else "",
        words,
        _line(" · ".join(filter(None, facts))) + f" · <{web_address(citation.link)}>",
        *(f"Must be read with: {_line(other.text)} ({_line(badge(other))})" for other in statement.needed),
    ]
    return "\n\n".join(filter(None, lines))


def _line(text: str) -> str:
    return escape(" ".join(text.split()))
