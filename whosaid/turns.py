"""PURE: what a user types → what the classifier of turns makes of it: likely statements, and dangers.

The classifier was trained on the question bank and on messages of people in danger at once (`ingest.classifier`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whosaid.classifier import DANGER, Classifies
from whosaid.ranker import softmax
from whosaid.types import Danger

_UNHEARD = 3.0  # below its threshold, as a logit, a danger surely is none: twenty times less likely


@dataclass(frozen=True, eq=False)
class Turn:
    """A text as it was read.

    `shares` is what each statement has of the probability of all statements, shape (statements,), `covered` that
    probability, `heard` the dangers that the text sounds like, `unheard` those that it surely is not about.
    """

    shares: np.ndarray
    covered: float
    heard: tuple[Danger, ...]
    unheard: tuple[Danger, ...]


class Turns:
    """Reads texts with a classifier, the statements in the order of `ids`."""

    def __init__(self, classifier: Classifies, ids: Sequence[str]) -> None:
        self._classifier = classifier
        columns = {label: column for column, label in enumerate(classifier.labels)}
        self._statements = np.array([columns.get(id_, -1) for id_ in ids], dtype=int)
        self._dangers = [column for label, column in columns.items() if label.startswith(DANGER)]
        self._answers = np.setdiff1d(np.arange(len(columns)), self._dangers)

    def read(self, texts: Sequence[str]) -> list[Turn]:
        """Read each text."""
        logits = self._classifier.logits(texts)
        likely = np.zeros_like(logits)
        likely[:, self._answers] = softmax(logits[:, self._answers])
        thresholds = self._classifier.thresholds
        is_heard, is_unheard = logits >= thresholds, logits < thresholds - _UNHEARD
        return [self._turn(*row) for row in zip(likely, is_heard, is_unheard, strict=True)]

    def _turn(self, likely: np.ndarray, is_heard: np.ndarray, is_unheard: np.ndarray) -> Turn:
        of_statements = np.where(self._statements >= 0, likely[self._statements], 0.0)
        covered = float(of_statements.sum())
        labels = self._classifier.labels
        return Turn(
            of_statements / max(covered, 1e-9),
            covered,
            *(
                tuple(Danger(labels[column].removeprefix(DANGER)) for column in self._dangers if among[column])
                for among in (is_heard, is_unheard)
            ),
        )
