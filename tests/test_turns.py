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
