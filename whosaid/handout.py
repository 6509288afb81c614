"""A conversation → the page that somebody takes to their doctor, as a PDF.

All that it says is in prompts/handout.toml, in the conversation, or cut from an article. handout.typ lays it out; texts
reach it as data, so nothing that was typed or quoted is ever markup there. Typst tags what it writes for screen readers
(PDF/UA-1) and needs no browser and no network.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from whosaid.answer import badge, unsaid
from whosaid.caption import kind, where
from whosaid.followup import in_words
from whosaid.order import reading_order
from whosaid.safety import is_urgent, opening
from whosaid.settings import ROOT
from whosaid.types import Answer, Article, Shown
from whosaid.wording import Wording, answer_wording, load_wording

if TYPE_CHECKING:
    from typst import Fonts

Paper = Literal["a4", "us-letter"]
_LAYOUT = Path(__file__).with_name("handout.typ")
_SHA_CHARS = 12
_NONE: frozenset[str] = frozenset()
_VARIABLES: Mapping[str, frozenset[str]] = {
    "page.title": _NONE,
    "page.subtitle": frozenset({"day"}),
    "question.read_as": frozenset({"question"}),
    "silent.heading": _NONE,
    "source.heading": _NONE,
    "source.by": frozenset({"site", "author", "published"}),
    "source.no_link": _NONE,
    "source.text": frozenset({"sha"}),
    "source.whole": _NONE,
    "notes.heading": _NONE,
}


@dataclass(frozen=True)
class Asked:
    """A question as it was typed, and its answer."""

    question: str
    answer: Answer


@cache
def handout_wording() -> Wording:
    """Return the wording of the page, prompts/handout.toml."""
    return load_wording(ROOT / "prompts" / "handout.toml", _VARIABLES)


def paper_of(region: str) -> Paper:
    """Return the paper of a region, as `WHOSAID_REGION` names it: US Letter or A4."""
    return "us-letter" if region == "us" else "a4"


def contents(conversation: Sequence[Asked], articles: Sequence[Article], day: date) -> dict[str, Any]:
    """Return what the page says, as the layout takes it.

    `articles` are those that were asked: where no statement is shown, they are the sources.
    """
    say = handout_wording().say
    conversation = shareable(conversation)
    return {
        "title": say("page.title"),
        "subtitle": say("page.subtitle", day=day_words(day)),
        "day": [day.year, day.month, day.day],
        "advice": answer_wording().say("advice.line"),
        "notices": _notices(conversation),
        "questions": [_question(asked) for asked in conversation if asked.answer.statements],
        "silent": {"heading": say("silent.heading"), "items": _silences(conversation)},
        "sources": {
            "heading": say("source.heading"),
            "whole": say("source.whole"),
            "items": sources(conversation, articles),
        },
        "notes": say("notes.heading"),
    }


def shareable(conversation: Sequence[Asked]) -> list[Asked]:
    """Return a conversation without the turns that tell of a crisis: those go to nobody unasked."""
    return [asked for asked in conversation if all(notice.kind != "crisis" for notice in asked.answer.notices)]


def day_words(day: date) -> str:
    """Return a date so that no reader takes the month for the day."""
    return f"{day.day} {day:%B %Y}"


def sources(conversation: Sequence[Asked], articles: Sequence[Article]) -> list[dict[str, Any]]:
    """Return how the articles that statements are from are named, `articles` where none is shown."""
    cited = [shown.statement.quote.article for asked in conversation for shown in asked.answer.statements]
    return [_source(article) for article in dict.fromkeys(cited or articles)]


def _source(article: Article) -> dict[str, Any]:
    """Return an article's title, lines about it, and its address, "" where that is not known."""
    say = handout_wording().say
    lines = [
        say("source.by", site=article.site, author=article.author, published=article.published),
        *([] if article.url else [say("source.no_link")]),
        say("source.text", sha=article.sha256[:_SHA_CHARS]),
    ]
    return {"title": article.title, "lines": lines, "url": article.url}


def pdf(conversation: Sequence[Asked], articles: Sequence[Article], day: date, paper: Paper = "a4") -> bytes:
    """Return the page as a PDF: tagged, with its fonts, as many pages as it takes."""
    import typst

    data = {"paper": paper, **contents(conversation, articles, day)}
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        return typst.compile(_LAYOUT, font_paths=_fonts(), sys_inputs=inputs, pdf_standards="ua-1")
    except typst.TypstError:
        # PDF/UA has no place for a character that no font here has; a tagged PDF shows a box for it
        return typst.compile(_LAYOUT, font_paths=_fonts(), sys_inputs=inputs)


@cache
def _fonts() -> "Fonts":
    import fontpkg_source_sans_3
    from typst import Fonts

    return Fonts(font_paths=[str(fontpkg_source_sans_3.ROOT / "files")])


def _question(asked: Asked) -> dict[str, Any]:
    answer = asked.answer
    statements = [_statement(shown) for shown in reading_order(answer.statements)]
    return _head(asked) | {"lead": answer.lead, "remarks": list(answer.remarks), "statements": statements}


def _silences(conversation: Sequence[Asked]) -> list[dict[str, Any]]:
    """Return the questions that the article does not answer, or in part only, with what is said of that."""
    near = answer_wording().say("silent.near")  # said of statements that do not go on this page
    found = []
    for asked in conversation:
        answer = asked.answer
        if says := unsaid(answer) if answer.statements else answer.lead.removesuffix(near).rstrip():
            found.append(_head(asked) | {"says": says})
    return found


def _notices(conversation: Sequence[Asked]) -> list[dict[str, Any]]:
    """Return the notices of all answers, the urgent first, each once."""
    notices = dict.fromkeys(notice for asked in conversation for notice in asked.answer.notices)
    ordered = sorted(notices, key=lambda notice: not is_urgent(notice))
    return [{"urgent": is_urgent(n), "opening": opening(n), "text": n.text} for n in ordered]


def _head(asked: Asked) -> dict[str, str]:
    typed, read_as = asked.question.strip(), asked.answer.read_as
    shown = in_words(read_as, asked.answer.read_after)
    return {
        "asked": typed,
        "read_as": "" if read_as == typed else handout_wording().say("question.read_as", question=shown),
    }


def _statement(shown: Shown) -> dict[str, str]:
    statement = shown.statement
    return {
        "kind": kind(statement),
        "note": answer_wording().say("remark.needed") if shown.needed_by else "",
        "badge": badge(statement),
        "text": statement.text,
        "where": where(statement),
    }
