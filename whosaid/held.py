"""PURE: a sentence of prose beside the statements that it cites, cut into clauses that can be held against theirs.

`verify` judges; this file only says which words of the statements each clause of the sentence rests on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from whosaid.glossary import Glossary, Mention, Term
from whosaid.tokens import tokenize
from whosaid.types import Article, Statement
from whosaid.words import word_bag

_THINGS = {"drug", "class", "supplement", "treatment", "source"}
_ABSENT_THINGS = _THINGS | {"condition", "symptom"}  # of what the article never mentions
_CREDITING = word_bag(
    "according article author says said say tells notes noted reports reported adds recommends recommended advises "
    "advised"
)
_PLAIN = _CREDITING | word_bag(
    "also because way make makes made get gets help helps thing things people person patients patient work works use "
    "used uses using take takes taking taken need needed however instead rather such well part still about after "
    "before when while then than more less most one ones own like just even up down into over out again first last "
    "other others both each same sort kind lot bit"
)
_MUCH_LIKER = 2  # words in common
# a comma before "by …", "actually …" parts no clause: what governs the words before it governs those after it too
_CLAUSE = re.compile(
    r"[;:–—()]|, so\b|,(?!\W+(?:by|actually|in|with|to|as)\b)|"
    r"\b(?:and|but|while|whereas|although|though|because|since|yet|however|which|who)\b"
)


@dataclass(frozen=True)
class Rests:
    """A clause of a sentence, the statement that it is most like, and the clauses of statements that have its words."""

    clause: str
    statement: Statement
    sources: tuple[str, ...]


class Held:
    """A sentence beside the statements that it cites, clause by clause."""

    def __init__(self, text: str, cited: Sequence[Statement], glossary: Glossary) -> None:
        self.text = text
        self.cited = cited
        self.glossary = glossary
        self.article: Article = cited[0].quote.article
        self.source = " . ".join(f"{statement.section} . {statement.text}" for statement in cited)
        self.words = self._bag(self.source)
        self.own_words = word_bag(" ".join(statement.text for statement in cited))
        self._people = self._bag(" . ".join(_names_of(self.article)))
        theirs = [(part, statement) for statement in cited for part in self._clauses(statement.text)]
        self.clauses = [self._rests(clause, theirs) for clause in self._clauses(text)]

    @property
    def rested_on(self) -> list[str]:
        """The clauses of statements that the sentence rests on."""
        return list(dict.fromkeys(source for rests in self.clauses for source in rests.sources))

    def _rests(self, clause: str, theirs: Sequence[tuple[str, Statement]]) -> Rests:
        """Take the likest clause, then whichever has most of the words that are left, until none has any."""
        left = self._bag(clause) - self._people - _CREDITING
        best = max(theirs, key=lambda pair: (len(left & self._bag(pair[0])), -len(self._bag(pair[0]))))
        sources = [best[0]] if left else []
        left -= self._bag(best[0])
        while left:
            part = max((part for part, _ in theirs), key=lambda part: len(left & self._bag(part)))
            if not left & self._bag(part):
                break
            sources.append(part)
            left -= self._bag(part)
        return Rests(clause, best[1], tuple(sources))

    def is_from(self, clause: str, speaker: str) -> bool:
        """Whether a clause is about as like a statement of this speaker as like anybody's."""
        words = self._bag(clause) - self._people - _CREDITING
        shared = [(len(words & self._bag(s.text)), s.speaker == speaker) for s in self.cited]
        theirs = max((count for count, is_theirs in shared if is_theirs), default=-_MUCH_LIKER)
        return max(count for count, _ in shared) - theirs < _MUCH_LIKER

    def _clauses(self, text: str) -> list[str]:
        """Return a text's clauses; what is too short to say anything belongs to the one before it."""
        clauses: list[str] = []
        for part in _CLAUSE.split(text):
            if clauses and (len(self._bag(part)) < 2 or len(self._bag(clauses[-1])) < 2):
                clauses[-1] += f" , {part}"
            elif part.strip():
                clauses.append(part)
        return clauses or [text]

    def _bag(self, text: str) -> set[str]:
        return word_bag(text) | {mention.term.name for mention in self.glossary.find(text)}

    def names(self, text: str) -> set[str]:
        """Return the things that a text names, with the classes that the article itself puts them in."""
        terms = [m.term for m in self._things(text)]
        return {name for term in terms for name in (term.name, *term.is_a)}

    def names_else(self, allowed: set[str]) -> bool:
        """Whether the sentence names a thing beside those allowed, in words that the cited statements do not have."""
        return any(
            mention.term.name not in allowed
            and not word_bag(mention.alias) <= self.own_words
            and not (_is_general(mention.term) and allowed & set(mention.term.is_a_outside))
            for mention in self._things(self.text)
        )

    def _things(self, text: str) -> list[Mention]:
        return [
            mention
            for mention in self.glossary.find(text)
            if mention.term.kind in (_THINGS if mention.term.in_article else _ABSENT_THINGS)
        ]

    def new_words(self) -> set[str]:
        """Return the sentence's content words that the cited statements do not have, by any of their names."""
        aliases = {w for m in self.glossary.find(self.text) if m.term.name in self.words for w in word_bag(m.alias)}
        known = self.words | aliases | _PLAIN | self._people
        return {word for word in word_bag(self.text) - known if not word[:1].isdigit()}


def _is_general(term: Term) -> bool:
    """Whether a term may stand for another: a class that the article speaks of itself."""
    return term.kind == "class" and term.in_article


def _names_of(article: Article) -> list[str]:
    return [name for person in article.people for name in (person.name, person.label, *person.aliases)]


def forms(text: str) -> set[str]:
    """Return the forms of a text's tokens."""
    return {token.form for token in tokenize(text)}
