"""PURE: what a user types → what the classifier of turns makes of it: likely statements, and dangers.

The classifier was trained on the question bank and on messages of people in danger at once (`ingest.classifier`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whosaid.classifier import DANGER, Classifies
from whosaid.ranker import softmax
from whosaid.types import Danger

_IN_REACH = -5.0  # a logit from which a danger is listened for once more: it is in one of four ordinary questions
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
    """Reads texts with a classifier, the statements in the order of `ids`; a `listener` is a second one for dangers."""

    def __init__(self, classifier: Classifies, ids: Sequence[str], listener: Classifies | None = None) -> None:
        self._classifier = classifier
        self._listener = listener
        columns = {label: column for column, label in enumerate(classifier.labels)}
        self._statements = np.array([columns.get(id_, -1) for id_ in ids], dtype=int)
        self._dangers = [column for label, column in columns.items() if label.startswith(DANGER)]
        self._listened_for = [columns[label] for label in listener.labels] if listener else []
        self._answers = np.setdiff1d(np.arange(len(columns)), self._dangers)

    def read(self, texts: Sequence[str]) -> list[Turn]:
        """Read each text."""
        logits = self._classifier.logits(texts)
        likely = np.zeros_like(logits)
        likely[:, self._answers] = softmax(logits[:, self._answers])
        above = logits - self._classifier.thresholds
        if self._listener:
            self._listen_again(self._listener, texts, logits, above)
        return [self._turn(*row) for row in zip(likely, above >= 0, above < -_UNHEARD, strict=True)]

    def _listen_again(self, listener: Classifies, texts: Sequence[str], logits: np.ndarray, above: np.ndarray) -> None:
        """Put into `above` how far the average of both is above its threshold, where a danger is in reach."""
        first = logits[:, self._listened_for]
        near = [row for row, danger in enumerate(first) if danger.max() > _IN_REACH]
        if near:
            both = (first[near] + listener.logits([texts[row] for row in near])) / 2
            above[np.ix_(np.array(near), np.array(self._listened_for))] = both - listener.thresholds

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
