"""PURE: where a quote and the article differ → the change in words, by kind: number, negation, word, dropped, added."""

from collections.abc import Sequence

from whosaid.align import Block
from whosaid.reference import Reference
from whosaid.sense import kinds
from whosaid.tokens import Token
from whosaid.types import Change, ChangeKind, Claim, Span


def change_of(claim: Claim, words: Sequence[Token], block: Block, reference: Reference) -> Change:
    """Return what a quoter changed where a block of their words differs from the source's."""
    source = reference.source
    theirs, ours = words[block.begin : block.end], source.tokens[block.first : block.last]
    begin = theirs[0].start if theirs else words[block.begin - 1].end if block.begin else 0
    end = theirs[-1].end if theirs else begin
    text, article = claim.text[begin:end], source.words(block.first, block.last)
    at = Span(claim.span.start + begin, claim.span.start + end)
    what = _what_words(theirs, ours) or _what_names(text, article, reference)
    return Change(_kind(theirs, ours), text, article, at, source.span(block.first, block.last), what)


def _kind(theirs: Sequence[Token], ours: Sequence[Token]) -> ChangeKind:
    if ("negation" in kinds(theirs)) != ("negation" in kinds(ours)):
        return "negation"
    if [token.form for token in theirs if token.is_number] != [token.form for token in ours if token.is_number]:
        return "number"
    if not theirs:
        return "dropped"
    return "word" if ours else "added"


def _what_words(theirs: Sequence[Token], ours: Sequence[Token]) -> str:
    units = [token.unit for token in theirs if token.is_number], [token.unit for token in ours if token.is_number]
    if all(units) and units[0] != units[1]:
        return "unit"
    for mark in ("hedge", "condition", "bound"):
        if (mark in kinds(theirs)) != (mark in kinds(ours)):
            return "limit" if mark == "bound" else mark
    return ""


def _what_names(theirs: str, article: str, reference: Reference) -> str:
    named = reference.article.speaker_named if reference.article else None
    if named and named(theirs) != named(article):
        return "person"
    terms = [mention.term for text in (theirs, article) for mention in reference.named(text)]
    return "drug" if any(term.kind in ("drug", "class") for term in terms) else ""
