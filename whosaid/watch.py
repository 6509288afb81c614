"""PURE: a message's vector and words → the dangers that it sounds like, beside what rules can see.

A linear model for each danger, trained by `ingest` on messages that several authors wrote, half of them harmless with
the words of danger in them. Each has a threshold of its own, set on authors that it was not trained on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from whosaid.ranker import VECTOR_SCALE, word_features

_PREFIX = "watch_"
_WEIGHTS = ("rarity", "from_vector", "from_words", "bias", "thresholds")


@dataclass(frozen=True, eq=False)
class Watch:
    """The models. Shapes as in `Ranker`, one label a danger; `thresholds` are logits, shape (dangers,)."""

    dangers: tuple[str, ...]
    words: Mapping[str, int]
    rarity: np.ndarray
    from_vector: np.ndarray
    from_words: np.ndarray
    bias: np.ndarray
    thresholds: np.ndarray

    def hears(self, vector: Sequence[float], text: str) -> list[str]:
        """Return the dangers that a message sounds like."""
        heard = self.logits(vector, text) >= self.thresholds
        return [danger for danger, is_heard in zip(self.dangers, heard, strict=True) if is_heard]

    def logits(self, vector: Sequence[float], text: str) -> np.ndarray:
        """Return one logit a danger, shape (dangers,)."""
        columns, weights = word_features(text, self.words, self.rarity)
        logits = np.asarray(vector, dtype=np.float32) * VECTOR_SCALE @ self.from_vector + self.bias
        return np.asarray(
            logits + np.asarray(weights, dtype=np.float32) @ self.from_words[columns] if columns else logits
        )

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what `from_arrays` makes it from again."""
        named = {"dangers": np.array(self.dangers), "words": np.array(list(self.words))}
        return {_PREFIX + name: array for name, array in (named | {n: getattr(self, n) for n in _WEIGHTS}).items()}

    @staticmethod
    def from_arrays(arrays: Mapping[str, np.ndarray]) -> "Watch | None":
        """Return the watch that is among `arrays`, `None` where there is none."""
        if f"{_PREFIX}dangers" not in arrays:
            return None
        words = arrays[f"{_PREFIX}words"].tolist()
        return Watch(
            tuple(arrays[f"{_PREFIX}dangers"].tolist()),
            {word: column for column, word in enumerate(words)},
            *(arrays[_PREFIX + name] for name in _WEIGHTS),
        )
