"""Statement → its place on the publisher's page: a link that a browser scrolls to the very words and marks.

Browsers look the words up (https://wicg.github.io/scroll-to-text-fragment/), so a link is as short as is still
unambiguous in the article: the whole statement where it is short, else how it starts and ends. Quotation marks and
brackets at the edges are left out: they are what a page most likely prints otherwise.
"""

import re
from urllib.parse import quote, urlsplit

from whosaid.types import Statement

_WHOLE_CHARS = 100  # up to here a statement is looked up whole
_FEWEST_WORDS = 3
_HARD_GAP = "\xa0"  # beside a space it makes two, and pages differ in where they have it
_WEB = {"http", "https"}


def text_fragment(statement: Statement) -> str:
    """Return the address of a statement on the publisher's page, "" where the article's address is not known."""
    article = statement.quote.article
    if not is_web_address(article.url):
        return ""
    words = _edges_off(statement.text)
    page = _spaced(article.text)
    if len(words) <= _WHOLE_CHARS and "\n" not in words and _HARD_GAP not in words:
        start, end = _spaced(words), ""
    else:
        start, end = _start_and_end(_spaced(words), page)
    prefix = ""
    if _count(start, page) > 1:
        before = article.text[: statement.quote.span.start + statement.text.index(words)]
        prefix = _prefix(before, start, page)
    looked_up = (f"{_encoded(prefix)}-" if prefix else "", _encoded(start), _encoded(end))
    return f"{article.url}{':' if '#' in article.url else '#:'}~:text={','.join(filter(None, looked_up))}"


def is_web_address(url: str) -> bool:
    """Whether an address may stand in a link: only the web's, so that no article.toml can smuggle in a script."""
    return urlsplit(url).scheme in _WEB


def _start_and_end(words: str, page: str) -> tuple[str, str]:
    """Return the shortest start that is nowhere else on the page, and an end that comes after it only there."""
    gaps = [gap.start() for gap in re.finditer(f"[ {_HARD_GAP}]", words)]
    for start_gap in gaps[_FEWEST_WORDS - 1 :] + gaps[: _FEWEST_WORDS - 1]:
        start, rest = _edges_off(words[:start_gap]), words[start_gap + 1 :]
        if _HARD_GAP in start or _count(start, page) > 1:
            continue
        ends = [words[gap + 1 :] for gap in reversed(gaps) if gap >= start_gap]
        for end in map(_edges_off, ends[_FEWEST_WORDS - 1 :] + ends[: _FEWEST_WORDS - 1]):
            if _HARD_GAP not in end and _count(end, rest) == 1:
                return start, end
    return words, ""


def _prefix(before: str, start: str, page: str) -> str:
    """Return the fewest words before a start that make it the only one on the page."""
    gap = " " if before[-1:].isspace() else ""
    each = _spaced(before).rpartition(_HARD_GAP)[2].split(" ")
    candidates = (" ".join(each[-length:]) for length in range(_FEWEST_WORDS, len(each) + 1))
    return next((words for words in candidates if _count(f"{words}{gap}{start}", page) == 1), "")


def _count(words: str, page: str) -> int:
    """Return how often a browser would find words: it knows no case."""
    return page.casefold().count(words.casefold())


def _spaced(text: str) -> str:
    """Return a text with its gaps as a browser shows them: a no-break space stays, and is not looked up."""
    return re.sub(r"\s+", lambda gap: _HARD_GAP if _HARD_GAP in gap.group() else " ", text).strip()


def _edges_off(text: str) -> str:
    return re.sub(r"^\W+|\W+$", "", text) or text


def _encoded(words: str) -> str:
    """Percent-encode also what a text directive takes for its own: `-`, `,` and `&`."""
    return quote(words, safe="").replace("-", "%2D")
