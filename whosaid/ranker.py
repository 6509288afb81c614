"""PURE: a question's vector and words → how likely each statement answers it, or each topic that is not discussed.

The ranker, trained by `ingest` on the question bank, is a softmax, linear in the embedding and in the words and pairs
of words that the bank knows. An odd word may mislead it, as it does not mislead the classifier of turns (`turns.py`),
which reads the whole text; that one may overlook a rare word. `Mix` weighs what both, the nearest questions and the
shared words say of the statements; `Judge` weighs other signs into one probability that the article answers.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from whosaid.glossary import Mention

VECTOR_SCALE, WORD_SCALE = 8.0, 4.0  # of the two kinds of features, whose rows are unit vectors
SIGNS = (
    "covered", "covered_by_reading", "votes", "nearest_covered", "nearest_not_covered", "absent", "named", "length"
)  # fmt: skip
OPINIONS = ("words and meaning", "reading", "nearest questions", "shared words")
_FLOORS = {"words and meaning": 1e-4, "reading": 1e-4, "nearest questions": 1e-3}  # of the shares: no opinion is a veto
_WORD = re.compile(r"[a-z0-9']+(?:\.[0-9]+)?")


@dataclass(frozen=True, eq=False)
class Ranker:
    """The softmax model.

    `labels` are the statement ids and, after `statements` of them, topics. Shapes: `from_vector` (dimensions, labels),
    `from_words` (words, labels), `bias` (labels,), `rarity` (words,).
    """

    labels: tuple[str, ...]
    statements: int
    words: Mapping[str, int]
    rarity: np.ndarray
    from_vector: np.ndarray
    from_words: np.ndarray
    bias: np.ndarray

    def likely(self, vector: Sequence[float], text: str) -> np.ndarray:
        """Return the probability of each label, shape (labels,), for a unit vector and its text."""
        columns, weights = word_features(text, self.words, self.rarity)
        logits = np.asarray(vector, dtype=np.float32) * VECTOR_SCALE @ self.from_vector + self.bias
        if columns:
            logits = logits + np.asarray(weights, dtype=np.float32) @ self.from_words[columns]
        return softmax(logits)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what `from_arrays` makes it from again."""
        return {
            "labels": np.array(self.labels),
            "statements": np.array(self.statements),
            "words": np.array(list(self.words)),
            **{name: getattr(self, name) for name in _WEIGHTS},
        }

    @staticmethod
    def from_arrays(arrays: Mapping[str, np.ndarray]) -> "Ranker":
        """Return the ranker that `arrays` were taken from."""
        return Ranker(
            tuple(arrays["labels"].tolist()),
            int(arrays["statements"]),
            {word: column for column, word in enumerate(arrays["words"].tolist())},
            *(arrays[name] for name in _WEIGHTS),
        )


_WEIGHTS = ("rarity", "from_vector", "from_words", "bias")


@dataclass(frozen=True)
class Mix:
    """A weight for each of `OPINIONS`."""

    weights: tuple[float, ...]

    def scores(self, shares: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the score of each statement, shape (statements,), summing to 1, for what each opinion gives it."""
        return softmax(np.stack([opinion(name, shares[name]) for name in OPINIONS], -1) @ np.array(self.weights))


@dataclass(frozen=True)
class Judge:
    """A logistic model over `SIGNS`: each is centred, scaled and weighed."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, signs: Mapping[str, float]) -> float:
        """Return how likely it is that the article answers."""
        logit = self.bias + sum(
            weight * (signs[name] - mean) / scale
            for name, mean, scale, weight in zip(SIGNS, self.mean, self.scale, self.weights, strict=True)
        )
        return 1 / (1 + math.exp(-logit))


def opinion(name: str, shares: np.ndarray) -> np.ndarray:
    """Return one of `OPINIONS` as it is weighed: the logarithm of a share, but shared words as they are."""
    floor = _FLOORS.get(name)
    return shares if floor is None else np.log(shares + floor)


def signs(
    covered: tuple[float, float],
    votes: float,
    nearest: Mapping[bool, float],
    mentions: Sequence[Mention],
    text: str,
) -> dict[str, float]:
    """Return the signs for one question.

    `covered` are the ranker's and the reading's probability of all statements, `votes` the share of the nearest bank
    questions that are covered, `nearest` the similarity of the nearest covered (True) and not covered (False) one.
    """
    absent = sum(not mention.term.in_article for mention in mentions)
    return {
        "covered": _logit(covered[0], 1e-5),
        "covered_by_reading": _logit(covered[1], 1e-3),
        "votes": _logit(votes, 1e-3),
        "nearest_covered": nearest.get(True, 0.0),
        "nearest_not_covered": nearest.get(False, 0.0),
        "absent": min(absent, 2),
        "named": min(len(mentions) - absent, 3),
        "length": math.log(max(1, len(text.split()))),
    }


def word_features(text: str, words: Mapping[str, int], rarity: np.ndarray) -> tuple[list[int], list[float]]:
    """Return the columns of a text's known words and pairs of words with their weights, a vector of `WORD_SCALE`."""
    counts: dict[int, int] = {}
    for word in words_and_pairs(text):
        if (column := words.get(word)) is not None:
            counts[column] = counts.get(column, 0) + 1
    weights = [(1 + math.log(count)) * float(rarity[column]) for column, count in counts.items()]
    length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
    return list(counts), [WORD_SCALE * weight / length for weight in weights]


def words_and_pairs(text: str) -> list[str]:
    """Return a text's words and each pair of neighbours, in lower case."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return logits as probabilities, over the last axis."""
    exponents = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(-1, keepdims=True))


def _logit(share: float, margin: float) -> float:
    share = min(max(share, margin), 1 - margin)
    return math.log(share / (1 - share))
