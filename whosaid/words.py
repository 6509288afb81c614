"""PURE: the words of texts: which statements share a question's words, and whether a text can be read at all."""

import math
import re
from collections import Counter
from collections.abc import Iterable

import numpy as np

from whosaid.types import Statement

_FOREIGN_SHARE, _FOREIGN_MIN_WORDS = 0.5, 3  # of a question's words unknown; English ones reach 0.33
_ENOUGH_WORDS = 1000  # under which a corpus knows too few words to judge by

_STOPWORDS = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he her his how i if in "
    "is it its me my no not of on or she should so some that the their them there they this to was we were what when "
    "where which who why will with would you your".split()
)


class Vocabulary:
    """The words that a corpus knows, to tell a question from one in another language or from no words at all."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._known = {word for text in texts for word in _letters(text)}

    def can_read(self, text: str) -> bool:
        """Whether there are words in a text and enough of them are known; a small corpus takes any words."""
        words = _letters(text)
        unknown = sum(word not in self._known for word in words)
        is_foreign = unknown >= _FOREIGN_MIN_WORDS and unknown > _FOREIGN_SHARE * len(words)
        return bool(words) and not (is_foreign and len(self._known) >= _ENOUGH_WORDS)


def _letters(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


class WordIndex:
    """Which share of a question's words, weighted by their rarity among the statements, each statement has."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        bags = {s.id: word_bag(f"{s.section} {s.text}") for s in statements}
        self.ids = tuple(bags)  # in the order of `shares`
        counts = Counter(word for bag in bags.values() for word in bag)
        self._rarity = {word: math.log((len(bags) + 1) / (n + 0.5)) for word, n in counts.items()}
        self._unseen = math.log(len(bags) + 1)
        self._having = {
            word: np.array([place for place, bag in enumerate(bags.values()) if word in bag]) for word in counts
        }

    def shares(self, text: str) -> np.ndarray:
        """Return each statement's share in [0, 1], shape (statements,)."""
        asked = word_bag(text)
        total = sum(self._rarity.get(word, self._unseen) for word in asked)
        found = np.zeros(len(self.ids))
        for word in asked & self._having.keys():
            found[self._having[word]] += self._rarity[word]
        return found / total if total else found


def word_bag(text: str) -> set[str]:
    """Return the content words of a text, cut to a stem."""
    words = (word.strip(".") for word in re.findall(r"[a-z0-9.]+", text.lower().replace("’s", "").replace("'s", "")))
    return {re.sub(r"(?:ing|ed|es|s)$", "", w) if len(w) > 4 else w for w in words if w and w not in _STOPWORDS}
