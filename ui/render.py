"""Statements and articles → HTML, with every character of theirs escaped: article text is never markup."""

import re
from collections.abc import Collection, Mapping, Sequence
from html import escape

from whosaid.answer import badge
from whosaid.caption import kind, where
from whosaid.order import reading_order
from whosaid.reply import again, label, numbered, sentence
from whosaid.safety import is_urgent, opening
from whosaid.types import Answer, Article, Notice, Ruling, Statement, Verdict
from whosaid.wording import answer_wording

_NUMBER = re.compile(r"\b(?:1-\d{3}-\d{3}-\d{4}|\d{3} \d{3}|\d{3})\b")  # to call, of prompts/notices.toml


def card(statement: Statement, note: str = "", number: int = 0) -> str:
    """Return a statement as a card: who and how, then its words, then where; numbered where prose refers to it."""
    noted = f'<p class="ws-note">{escape(note)}</p>' if note else ""
    return (
        f'<article class="ws-card ws-{kind(statement)}">{noted}'
        f'<p class="ws-badge">{f"{number}. " if number else ""}{escape(badge(statement))}</p>'
        f'<blockquote class="ws-words">{escape(statement.text)}</blockquote>'
        f'<p class="ws-where">{escape(where(statement))}</p></article>'
    )


def below_card(button: str, contents: Mapping[str, str]) -> str:
    """Return, in one line, a card's button and what is told on tap, by the words to tap.

    One piece, since each element costs Streamlit a message.
    """
    folds = "".join(
        f"<details><summary>{escape(name)}</summary>{told}</details>" for name, told in contents.items() if told
    )
    return f'<div class="ws-more">{button}{folds}</div>'


def reasons(lines: Sequence[str]) -> str:
    """Return why a statement is shown: a sentence, and its figures small."""
    told, figures = lines[:1], lines[1:]
    return "".join(f"<p>{escape(line)}</p>" for line in told) + "".join(
        f'<p class="ws-where">{escape(line)}</p>' for line in figures
    )


def lead(answer: Answer, addresses: Collection[str]) -> str:
    """Return an answer's first line; of the addresses in it only those of `addresses`, the articles', are links."""
    line = escape(answer.lead)
    for address in filter(None, addresses):
        line = line.replace(escape(address), f'<a href="{escape(address)}" rel="noreferrer">{escape(address)}</a>')
    near = escape(answer_wording().say("silent.near"))
    if line.endswith(near):
        line = f'{line.removesuffix(near)}<span class="ws-near">{near}</span>'  # on paper it does not follow
    return f'<p class="ws-lead">{line}</p>'


def notices(above: Sequence[Notice]) -> str:
    """Return the notices above an answer, each told by a word and a shape."""
    return "".join(map(_notice, above))


def _notice(notice: Notice) -> str:
    style = "ws-notice ws-urgent" if is_urgent(notice) else "ws-notice"
    return (
        f'<div class="{style}" role="note"><p><span class="ws-badge"><span aria-hidden="true">⚠</span> '
        f"{opening(notice)}</span> {_with_calls(escape(notice.text))}</p></div>"
    )


def _with_calls(text: str) -> str:
    """Return a notice with each number to call as a link that a phone dials."""
    return _NUMBER.sub(lambda found: f'<a href="tel:{found[0].replace(" ", "")}">{found[0]}</a>', text)


def prose(answer: Answer) -> str:
    """Return a chat model's sentences, set apart from all that is quoted, each with the numbers of its statements."""
    numbers = {item.statement.id: str(number) for number, item in enumerate(reading_order(answer.statements), 1)}
    sentences = " ".join(
        f'{escape(said.text)} <span class="ws-rests">[{", ".join(numbers[id_] for id_ in said.ids)}]</span>'
        for said in answer.prose
    )
    made_by = answer_wording().say("model.prose", model=answer.model or "")
    return f'<div class="ws-prose"><p>{sentences}</p><p class="ws-where">{escape(made_by)}</p></div>'


# A verdict's style and shape: it differs by word and shape, not only by colour
_RULINGS = {
    Ruling.EXACT: ("good", "●"),
    Ruling.REPORTED: ("good", "○"),
    Ruling.PARAPHRASE: ("good", "≈"),
    Ruling.CLIPPED: ("bad", "✂"),
    Ruling.ALTERED: ("bad", "≠"),
    Ruling.STITCHED: ("bad", "+"),
    Ruling.SOMEONE_ELSE: ("bad", "↔"),
    Ruling.NOT_IN_ARTICLE: ("bad", "∅"),
    Ruling.TOO_SHORT: ("open", "?"),
}


def checked_post(post: str, verdicts: Sequence[Verdict]) -> str:
    """Return a post with each of its claims marked, in place, with the number that it goes by."""
    parts, at = [], 0
    for number, verdict in zip(numbered(verdicts), verdicts, strict=True):
        span, (style, shape) = verdict.claim.span, _RULINGS[verdict.ruling]
        if span.start < at:
            continue
        parts.append(escape(post[at : span.start]))
        parts.append(
            f'<mark class="ws-claim ws-{style}">{escape(post[span.start : span.end])}'
            f'<a href="#ws-verdict-{number}">{shape} {number}: {escape(label(verdict))}</a></mark>'
        )
        at = span.end
    return f'<div class="ws-post">{"".join(parts)}{escape(post[at:])}</div>'


def verdict_head(number: int, verdict: Verdict, times: int = 1) -> str:
    """Return a claim with what became of it, and how often the post makes it."""
    style, shape = _RULINGS[verdict.ruling]
    speaker = verdict.claim.speaker
    credited = f'<p class="ws-where">Credited to: {escape(speaker)}</p>' if speaker else ""
    return (
        f'<article class="ws-verdict ws-{style}" id="ws-verdict-{number}">'
        f'<h2 class="ws-group"><span aria-hidden="true">{shape}</span> {number}. {escape(label(verdict))}</h2>'
        f'<p class="ws-claimed">“{escape(verdict.claim.text)}”{escape(again(times))}</p>{credited}'
        f'<p class="ws-lead">{escape(sentence(verdict))}</p></article>'
    )


def word_by_word(statement: Statement, verdict: Verdict) -> str:
    """Return a statement, changed words struck out and the quoter's beside them; "" where nothing was changed."""
    span = statement.quote.span
    changes = [change for change in verdict.changes if span.start <= change.of.start <= span.end]
    cut = [place for place in verdict.cut if span.start <= place.start < span.end]
    if not changes and not cut:
        return ""
    article = statement.quote.article.text
    marks = [(change.of.start, change.of.end, change.theirs, change.what) for change in changes if change.article]
    marks += [(place.start, place.end, "", "left out") for place in cut]
    parts, at = [], span.start
    for start, end, theirs, what in sorted(marks):
        if start < at:
            continue
        parts.append(escape(article[at:start]))
        parts.append(f"<del>{escape(article[start:end])}</del>")
        parts.append(f" <ins>{escape(theirs)}</ins>" if theirs else "")
        parts.append(f' <span class="ws-what">({escape(what)})</span>' if what else "")
        at = end
    added = "".join(f"<li>added: <ins>{escape(c.theirs)}</ins></li>" for c in changes if not c.article)
    extra = f'<ul class="ws-where">{added}</ul>' if added else ""
    return (
        '<p class="ws-where">Word by word: struck out is the article, underlined the post.</p>'
        f'<p class="ws-diff">{"".join(parts)}{escape(article[at : span.end])}</p>{extra}'
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
            f'{escape(line[:first])}<mark id="{escape(element_id(marked))}" tabindex="-1">'
            f"{escape(line[first:last])}</mark>{escape(line[last:])}"
        )
    else:
        inner = escape(line)
    return f"<h3>{inner}</h3>" if is_heading else f"<p>{inner}</p>"
