"""Statements and articles → HTML, with every character of theirs escaped: article text is never markup."""

from html import escape

from whosaid.answer import badge
from whosaid.types import NOT_STATED, Article, Mode, Statement

_KINDS = {
    Mode.DIRECT: "own",
    Mode.PARTIAL: "own",
    Mode.REPORTED: "reported",
    Mode.PRACTICE: "reported",
    Mode.CONTINUATION: "probably",
    Mode.NARRATOR: "author",
}


def kind(statement: Statement) -> str:
    """Return the style of a statement: own, reported, probably, other or author."""
    if statement.speaker == statement.quote.article.main_speaker:
        return _KINDS[statement.mode]
    return "author" if statement.mode is Mode.NARRATOR else "other"


def card(statement: Statement, note: str = "") -> str:
    """Return a statement as a card: who and how, then its words, then where."""
    where = [f"Section: {statement.section}" if statement.section else "Opening of the article"]
    where.append(
        f"Said in: {statement.channel}" if statement.channel != NOT_STATED else "Where it was said: not stated"
    )
    if statement.when:
        where.append(f"When: {statement.when}")
    if not statement.reviewed_by:
        where.append("Attribution unreviewed")
    noted = f'<p class="ws-note">{escape(note)}</p>' if note else ""
    return (
        f'<article class="ws-card ws-{kind(statement)}">{noted}'
        f'<p class="ws-badge">{escape(badge(statement))}</p>'
        f'<blockquote class="ws-words">{escape(statement.text)}</blockquote>'
        f'<p class="ws-where">{escape(" · ".join(where))}</p></article>'
    )


def article_page(article: Article, marked: Statement) -> str:
    """Return the whole article with one statement marked; the mark's id is `element_id(marked)`."""
    sections = {statement.section for statement in article.statements}
    blocks, offset = [], 0
    for line in article.text.split("\n"):
        if line.strip():
            blocks.append(_block(line, offset, line.strip() in sections, marked))
        offset += len(line) + 1
    return (
        f'<article class="ws-article" lang="en" aria-label="{escape(article.title)}">'
        f'<p class="ws-where">{escape(article.site)} · author {escape(article.author)}</p>{"".join(blocks)}'
        f'<p class="ws-where">{escape(article.rights)}</p></article>'
    )


def element_id(statement: Statement) -> str:
    """Return the id of a statement's element in the article."""
    return f"ws-{statement.id.replace(':', '-')}"


def _block(line: str, offset: int, is_heading: bool, marked: Statement) -> str:
    span = marked.quote.span
    first, last = max(span.start - offset, 0), min(span.end - offset, len(line))
    if first < last:
        inner = (
            f'{escape(line[:first])}<mark id="{element_id(marked)}" tabindex="-1">'
            f"{escape(line[first:last])}</mark>{escape(line[last:])}"
        )
    else:
        inner = escape(line)
    return f"<h3>{inner}</h3>" if is_heading else f"<p>{inner}</p>"
