"""A statement as somebody cites it: its exact words and a line that says whose they are and where they stand.

The words are never touched. APA and MLA would turn quotation marks inside a quotation into single ones; here words
that have quotation marks of their own stand as a block without marks around them, which both styles allow.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import quote

from whosaid.answer import badge
from whosaid.fragment import is_web_address, text_fragment
from whosaid.types import NOT_STATED, Article, Statement

UNREVIEWED, REVIEWED = "unreviewed", "reviewed"
_MONTHS = "January February March April May June July August September October November December".split()
_MLA_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
_YEAR = re.compile(r"\b(1[5-9]|20)\d\d\b")
_QUOTATION_MARKS = re.compile(r"[\"“”„«»]")
_IN_AN_ADDRESS = ":/?#[]@!$&'()*+,=%~"  # all that may stand as it is, but `;`: RIS readers part addresses there


class QuoteStyle(StrEnum):
    """How a source line is written."""

    PLAIN = "plain"
    APA = "apa"
    MLA = "mla"

    @property
    def label(self) -> str:
        """Its name to read."""
        return "Plain" if self is QuoteStyle.PLAIN else self.upper()


@dataclass(frozen=True)
class Citation:
    """A statement with `link`, which opens it in WhoSaid, and the day of access.

    `question` is one that it answers, "" where there is none.
    """

    statement: Statement
    link: str
    accessed: date
    question: str = ""

    @property
    def article(self) -> Article:
        """Where the statement stands."""
        return self.statement.quote.article

    @property
    def title(self) -> str:
        """The article's title, in brackets where it is not the publisher's, as APA has it."""
        return f"[{self.article.title}]" if self.article.title_note else self.article.title

    @property
    def author(self) -> str:
        """The article's author; the site where it names none."""
        return self.article.site if self.article.author == NOT_STATED else self.article.author

    @property
    def published(self) -> str:
        """When the article came out, as it says so; "" where it does not."""
        return "" if self.article.published == NOT_STATED else self.article.published

    @property
    def year(self) -> str:
        """The year in which it came out, "" where the article does not say."""
        year = _YEAR.search(self.published)
        return year.group() if year else ""

    @property
    def address(self) -> str:
        """The statement on the publisher's page; in WhoSaid where that page is not known."""
        return web_address(text_fragment(self.statement) or self.link)

    @property
    def review(self) -> str:
        """Whether somebody has read the attribution."""
        return REVIEWED if self.statement.reviewed_by else UNREVIEWED


def as_quote(citation: Citation, style: QuoteStyle) -> str:
    """Return a statement's exact words with a source line, and after it what it must not stand without."""
    said = badge(citation.statement) + ("" if citation.statement.reviewed_by else ", attribution unreviewed")
    source = {QuoteStyle.PLAIN: _plain, QuoteStyle.APA: _apa, QuoteStyle.MLA: _mla}[style](citation, said)
    needed = [f"Must be read with: {_marked(other.text)} ({badge(other)})" for other in citation.statement.needed]
    return "\n\n".join([f"{_marked(citation.statement.text)}\n{source}", *needed])


def web_address(link: str) -> str:
    """Return an address with nothing in it that could end a field of a file; "" where it is no web address."""
    return quote(link, safe=_IN_AN_ADDRESS) if is_web_address(link) else ""


def _marked(words: str) -> str:
    return words if _QUOTATION_MARKS.search(words) else f"“{words}”"


def _plain(citation: Citation, said: str) -> str:
    article = citation.article
    by = () if article.author == NOT_STATED else (article.author,)
    where = ", ".join([*by, citation.title, article.site, *filter(None, (citation.published,))])
    links = dict.fromkeys(filter(None, (citation.address, web_address(citation.link))))
    return "\n".join([f"{said}. {where}. Read on {_day_month(citation.accessed, _MONTHS)}.", *links])


def _apa(citation: Citation, said: str) -> str:
    when = _apa_date(citation.published) or "n.d."
    in_text = f"({said}; {citation.author}, {citation.year or 'n.d.'})"
    site = () if citation.author == citation.article.site else (f"{citation.article.site}.",)
    accessed = f"{_MONTHS[citation.accessed.month - 1]} {citation.accessed.day}, {citation.accessed.year}"
    parts = [f"{_stopped(citation.author)} ({when}). {_stopped(citation.title)}", *site]
    return f"{in_text}\n\n{' '.join([*parts, f'Retrieved {accessed}, from {citation.address}'])}"


def _mla(citation: Citation, said: str) -> str:
    article = citation.article
    title = _stopped(article.title) if article.title_note else f"“{_stopped(article.title)}”"
    by = "" if citation.author == article.site else f"{_stopped(citation.author)} "
    published = _parsed(citation.published)
    when = _day_month(published, _MLA_MONTHS) if published else citation.published
    where = ", ".join(filter(None, (article.site, when, citation.address)))
    accessed = _day_month(citation.accessed, _MLA_MONTHS)
    return f"({said}; in {by.strip(' .') or article.site})\n\n{by}{title} {where}. Accessed {accessed}."


def _stopped(text: str) -> str:
    return text if text[-1:] in ".?!" else f"{text}."


def _parsed(published: str) -> date | None:
    try:
        return date.fromisoformat(published)
    except ValueError:
        return None


def _apa_date(published: str) -> str:
    day = _parsed(published)
    return f"{day.year}, {_MONTHS[day.month - 1]} {day.day}" if day else published


def _day_month(day: date, months: Sequence[str]) -> str:
    return f"{day.day} {months[day.month - 1]} {day.year}"
