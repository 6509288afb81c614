"""PURE: a text → the things that it names, by the names that corpus/glossary.toml knows.

Names match as whole words, the longest first, so that "ultra-low dose naltrexone" is never "low dose naltrexone".
A name that only general knowledge links to its thing is marked `outside`: an answer that rests on it says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W_]+(?:[.'-][^\W_]+)*|\d+(?:\.\d+)?")
REMEDIES = frozenset({"drug", "class", "supplement"})  # kinds of terms: what is taken


@dataclass(frozen=True)
class Term:
    """One thing and its names: `aliases` as an article uses them, `outside` by general knowledge.

    `is_a` and `is_a_outside` name the classes that it belongs to, by the same distinction.
    """

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    is_a_outside: tuple[str, ...] = ()
    in_article: bool = True


@dataclass(frozen=True)
class Mention:
    """A term that a text names with the words `alias`; `outside` where only general knowledge links the two."""

    term: Term
    alias: str
    outside: bool


@dataclass(frozen=True)
class Distinct:
    """Things easily taken for one another; the bare word `general` is taken for the first of `names`."""

    general: str
    names: tuple[str, ...]

    def named(self, mentions: Iterable[Mention]) -> frozenset[str]:
        """Return which of them are named."""
        mentioned = {mention.term.name for mention in mentions}
        named = mentioned & set(self.names)
        return frozenset(named or ({self.names[0]} if self.general in mentioned else ()))


class Glossary:
    """All terms, and which of them must be kept apart."""

    def __init__(self, terms: Iterable[Term], distinct: Iterable[Distinct] = ()) -> None:
        self.terms = {term.name: term for term in terms}
        self.distinct = tuple(distinct)
        self.told_apart = frozenset(name for group in self.distinct for name in (*group.names, group.general))
        self._by_tokens: dict[tuple[str, ...], Mention] = {}
        for term in self.terms.values():
            for alias in (term.name, *term.aliases):
                self._by_tokens[tokens(alias)] = Mention(term, alias, outside=False)
            for alias in term.outside:
                self._by_tokens.setdefault(tokens(alias), Mention(term, alias, outside=True))
        self._by_tokens.pop((), None)
        self._longest = max(map(len, self._by_tokens), default=0)

    def names_another_remedy(self, text: str) -> bool:
        """Whether a text names a medicine or supplement that is none of those told apart, which an article is about."""
        return any(m.term.kind in REMEDIES and m.term.name not in self.told_apart for m in self.find(text))

    def find(self, text: str) -> list[Mention]:
        """Return the terms that a text names, in order, each once."""
        words = tokens(text)
        found: dict[str, Mention] = {}
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                if mention := self._by_tokens.get(words[at : at + length]):
                    found.setdefault(mention.term.name, mention)
                    at += length
                    break
            else:
                at += 1
        return list(found.values())


def tokens(text: str) -> tuple[str, ...]:
    """Return a text's words in lower case, hyphens and possessives split off, numbers whole."""
    plain = text.lower().replace("’", "'")
    words = (part for token in _TOKEN.findall(plain) for part in re.split(r"-|'(?=s\b)", token))
    return tuple(word for word in words if word and word != "s")
