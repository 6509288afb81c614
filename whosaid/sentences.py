"""PURE: a text that nobody edited → its sentences."""

import re
from collections.abc import Sequence

from whosaid.types import Span

_SENTENCE_END = re.compile(r"[.!?]+[)\]”’\"'»]*(?=\s)|…(?=\s+[A-Z])|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|prof|mr|mrs|ms|st|vs|approx|etc|e\.g|i\.e|jr|sr|fig)|^\s*\d{1,2})\.$", re.IGNORECASE
)
_ELLIPSIS = re.compile(r"\.{2,}$")
ASKING = re.compile(r"\?\s*[\"'”’)]*$")


def sentences(text: str, whole: Sequence[Span] = ()) -> list[Span]:
    """Return the sentences of a text that nobody edited: line breaks end them too, capital letters do not matter.

    None ends inside one of the `whole` spans.
    """
    found, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        is_inside = any(span.start <= match.start() and match.end() < span.end for span in whole)
        end = match.group()
        follows = text[match.end() :].lstrip()[:1]
        goes_on = (_ELLIPSIS.search(end) or end[-1] in "”\"’'»") and follows.islower()
        if is_inside or goes_on or (end[0] == "." and _ABBREVIATION.search(text[start : match.start() + 1])):
            continue
        found.append(Span(start, match.end()))
        start = match.end()
    found.append(Span(start, len(text)))
    return [part for part in found if stripped(text, part) is not None]


def stripped(text: str, span: Span) -> Span | None:
    """Return a span without white space, list marks and quotation marks around it."""
    inner = text[span.start : span.end]
    left = re.match(r"[\s>*•\-–—_]*(?:\d{1,2}[.)]\s+)?[\s*_]*", inner)
    start = span.start + (left.end() if left else 0)
    end = span.start + len(inner.rstrip(" \t\n\r*_"))
    return Span(start, end) if start < end else None
