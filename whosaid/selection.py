"""Which statements of the articles somebody wants to see, on the Statements page and on the command line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from whosaid.glossary import Glossary
from whosaid.types import Mode, Statement

OR = "|"
OWN_WORDS = "own"  # as a mode: a speaker's own words, all of the statement or a part of it
_MODES = {OWN_WORDS: {Mode.DIRECT, Mode.PARTIAL}}
_WORD = re.compile(r'"([^"]+)"|([^\s"]+)')
_STRAIGHT = str.maketrans("’‘“”", "''\"\"")


@dataclass(frozen=True)
class Selection:
    """What to select by; "" or `None` selects by nothing.

    `speaker` is any name of a speaker, in any case, or "narrator"; `section` is "" for an article's opening; `words`
    must all stand in the statement, or all on one side of a "|", in any order and case; those between quotation marks
    stand together, and typewriter apostrophes match the printer's.
    """

    article: str = ""
    speaker: str = ""
    mode: str = ""
    channel: str = ""
    section: str | None = None
    reviewed: bool | None = None
    words: str = ""

    def of(self, statements: Iterable[Statement]) -> list[Statement]:
        """Return those that fit, in their order."""
        return [statement for statement in statements if self._fits(statement)]

    def _fits(self, statement: Statement) -> bool:
        text = _plain(statement.text)
        return (
            self.article in {"", statement.quote.article.id}
            and (not self.speaker or self.speaker.casefold() in _names(statement))
            and (not self.mode or statement.mode in _MODES.get(self.mode, {self.mode}))
            and self.channel in {"", statement.channel}
            and self.section in {None, statement.section}
            and self.reviewed in {None, bool(statement.reviewed_by)}
            and (not self.words or any(_all_in(text, either) for either in _plain(self.words).split(OR)))
        )


def other_words(words: str, statements: Sequence[Statement], glossary: Glossary) -> dict[str, int]:
    """Return other words of the statements for the one thing that `words` name, and how many more each finds."""
    named = {mention.term for part in words.split(OR) for mention in glossary.find(part) if part.split()}
    found = {statement.id for statement in Selection(words=words).of(statements)}
    others: dict[str, int] = {}
    if len(named) != 1:
        return others
    (thing,) = named
    for alias in sorted({thing.name, *thing.aliases}, key=len):  # "opiate" finds "opiates" too
        more = {statement.id for statement in Selection(words=alias).of(statements)} - found
        if more:
            others[alias] = len(more)
            found |= more
    return others


def _all_in(text: str, words: str) -> bool:
    parts = [" ".join((phrase or word).split()) for phrase, word in _WORD.findall(words)]
    return bool(parts) and all(part in text for part in parts)


def _names(statement: Statement) -> set[str]:
    people = [person for person in statement.quote.article.people if person.name == statement.speaker]
    names = {statement.speaker, *(name for person in people for name in (person.label, *person.aliases))}
    return {name.casefold() for name in names}


def _plain(text: str) -> str:
    return text.translate(_STRAIGHT).casefold()
