"""What is made of a classifier's logits: statements and dangers, each where it belongs."""

from collections.abc import Sequence

import numpy as np
import pytest

from whosaid.classifier import DANGER, Text
from whosaid.turns import Turns
from whosaid.types import Danger

LABELS = ("a:1", "a:2", "prices", "travel", f"{DANGER}crisis", f"{DANGER}child")


class Scripted:
    labels: tuple[str, ...] = LABELS
    thresholds = np.array([0.0, 0.0, 0.0, 0.0, 1.0, -1.0])

    def __init__(self, *logits: float) -> None:
        self._logits = logits

    def logits(self, texts: Sequence[Text]) -> np.ndarray:
        return np.array([self._logits] * len(texts), dtype=np.float32)


def test_statements_share_what_topics_leave() -> None:
    (turn,) = Turns(Scripted(2.0, 1.0, 0.0, 0.0, 0.0, -2.0), ["a:2", "a:3", "a:1"]).read(["how much?"])
    e = np.exp([2.0, 1.0, 0.0, 0.0])
    assert turn.covered == pytest.approx(e[:2].sum() / e.sum(), abs=1e-6)
    assert turn.shares == pytest.approx([e[1] / e[:2].sum(), 0.0, e[0] / e[:2].sum()], abs=1e-6)
    assert turn.heard == ()


@pytest.mark.parametrize(
    ("crisis", "child", "heard"),
    [(1.0, -1.1, (Danger.CRISIS,)), (0.9, -1.0, (Danger.CHILD,)), (5.0, 5.0, (Danger.CRISIS, Danger.CHILD))],
)
def test_a_danger_is_heard_from_its_own_threshold(crisis: float, child: float, heard: tuple[Danger, ...]) -> None:
    for turn in Turns(Scripted(0.0, 0.0, 0.0, 0.0, crisis, child), ["a:1"]).read(["x", "y"]):
        assert turn.heard == heard


def test_a_danger_far_from_a_text_is_said_to_be_so() -> None:
    (turn,) = Turns(Scripted(0.0, 0.0, 0.0, 0.0, -2.1, -3.9), []).read(["x"])
    assert turn.unheard == (Danger.CRISIS,)


class Listener:
    """Hears a crisis in every text, and remembers which it was given."""

    labels: tuple[str, ...] = (f"{DANGER}crisis",)
    thresholds = np.array([0.5])

    def __init__(self, logit: float) -> None:
        self._logit = logit
        self.given: list[Text] = []

    def logits(self, texts: Sequence[Text]) -> np.ndarray:
        self.given += texts
        return np.full((len(texts), 1), self._logit, dtype=np.float32)


@pytest.mark.parametrize(
    ("first", "second", "is_heard", "is_unheard"),
    [(0.0, 1.1, True, False), (2.0, -1.1, False, False), (0.0, -5.2, False, True)],
)
def test_what_is_near_a_danger_is_listened_to_again_and_the_average_counts(
    first: float, second: float, is_heard: bool, is_unheard: bool
) -> None:
    (turn,) = Turns(Scripted(0.0, 0.0, 0.0, 0.0, first, -1.0), [], Listener(second)).read(["x"])
    assert (Danger.CRISIS in turn.heard) == is_heard
    assert (Danger.CRISIS in turn.unheard) == is_unheard
    assert Danger.CHILD in turn.heard  # for which nobody listens again


def test_what_is_far_from_every_danger_is_not_listened_to_again() -> None:
    class Several(Scripted):
        def logits(self, texts: Sequence[Text]) -> np.ndarray:
            return np.array([[0, 0, 0, 0, crisis, -9] for crisis in (-6.0, 1.2, -7.0)], dtype=np.float32)

    listener = Listener(3.0)
    turns = Turns(Several(), [], listener).read(["far", "near", "farther"])
    assert listener.given == ["near"]
    assert [turn.heard for turn in turns] == [(), (Danger.CRISIS,), ()]
