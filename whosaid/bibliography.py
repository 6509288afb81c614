"""Citations → BibTeX and RIS, an entry a statement, for Zotero, JabRef, EndNote and LaTeX.

A value is one line without control characters, so that none can start a field of its own or end an entry. CSV and
JSON keep line ends as they are.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from whosaid.answer import badge
from whosaid.citation import UNREVIEWED, Citation, web_address
from whosaid.types import Span

# Braces are written as commands: BibTeX counts them even behind a backslash
_LATEX = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{char: f"\\{char}" for char in "&%$#_"},
}
_LIGATURE = re.compile(r"(?<=[-'`,<>?!])(?=[-'`,<>])")  # LaTeX would print -- or '' as one sign


def bibtex(citations: Sequence[Citation]) -> str:
    """Return a BibTeX file; an entry's key is its statement's id."""
    return "\n".join(_bibtex_entry(citation) for citation in citations)


def ris(citations: Sequence[Citation]) -> str:
    """Return a RIS file, its lines ending in CR LF as the format asks."""
    lines = [f"{tag}  - {value}" for citation in citations for tag, value in _ris_lines(citation)]
    return "".join(f"{line}\r\n" for line in lines)


def _bibtex_entry(citation: Citation) -> str:
    span = citation.statement.quote.span
    text = {
        "title": f"{{{_latex(citation.title)}}}",
        "author": f"{{{_latex(citation.author)}}}",  # a name in braces is never taken apart
        "howpublished": _latex(citation.article.site),
        "year": citation.year,
        "abstract": _latex(citation.statement.text),
        "note": _latex(_note(citation)),
        **{name: _latex(value) for name, value in _facts(citation).items()},
    }
    fields = text | {
        "offsets": _offsets(span),
        "sha256": citation.article.sha256,
        "url": citation.address,
        "link": web_address(citation.link),
        "urldate": citation.accessed.isoformat(),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value not in {"", "{}"})
    return f"@misc{{{_key(citation.statement.id)},\n{lines}}}\n"


def _ris_lines(citation: Citation) -> Iterator[tuple[str, str]]:
    statement, article = citation.statement, citation.article
    notes = {
        **{name.capitalize(): value for name, value in _facts(citation).items()},
        "Characters": f"{_offsets(statement.quote.span)} of the text with sha256 {article.sha256}",
        "Opens in WhoSaid": web_address(citation.link),
    }
    values = [
        ("ID", statement.id),
        ("TI", citation.title),
        ("AU", citation.author),
        ("PB", article.site),
        ("PY", citation.year),
        ("AB", statement.text),
        ("N1", _note(citation)),
        *(("N1", f"{name}: {value}") for name, value in notes.items() if value),
        ("UR", citation.address),
        ("Y2", citation.accessed.strftime("%Y/%m/%d")),
    ]
    yield "TY", "ELEC"
    for tag, value in values:
        if line := _line(value):
            yield tag, line
    yield "ER", ""


def _facts(citation: Citation) -> dict[str, str]:
    statement = citation.statement
    return {
        "question": citation.question,
        "speaker": statement.speaker,
        "mode": str(statement.mode),
        "channel": statement.channel,
        "when": statement.when,
        "section": statement.section,
        "needs": " ".join(statement.needs),
        "review": citation.review,
    }


def _note(citation: Citation) -> str:
    """Return what nobody should overlook who sees an entry in a list of literature."""
    note = badge(citation.statement)
    note += f". Attribution {UNREVIEWED}" if citation.review == UNREVIEWED else ""
    needs = ". Misleads without the statements that it needs" if citation.statement.needs else ""
    return f"{note}{needs}. {citation.article.title_note}".strip()


def _offsets(span: Span) -> str:
    return f"{span.start}-{span.end}"


def _line(text: str) -> str:
    """Return a text as one line without control characters."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in spaced if unicodedata.category(char) != "Cc").split())


def _latex(text: str) -> str:
    return _LIGATURE.sub("{}", "".join(_LATEX.get(char, char) for char in _line(text)))


def _key(statement_id: str) -> str:
    """Return an id as a key: ASCII letters, digits, `-` and `:` stand as they are, nothing else does."""
    return re.sub(r"[^A-Za-z0-9:-]", lambda char: f"_{ord(char.group()):x}_", statement_id)
