"""CAsT 2020 topics (daltonj/treccastweb) → how well the words that a follow-up lacks are brought along from before.

A turn lacks the content words of its rewrite by hand that it does not have itself and an earlier turn has; the words
that a reading adds are held against them. Turns that lack none and get none do not count.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evals.cases import CaseError
from whosaid.followup import stand_alone
from whosaid.glossary import Glossary
from whosaid.words import word_bag

_Reading = Callable[[str, list[str]], str]


def measure(path: Path, glossary: Glossary) -> dict[str, Any]:
    """Return precision, recall and F1 over all turns: WhoSaid, the first turn as context, and the track's rewriter."""
    try:
        topics = json.loads(path.read_text(encoding="utf-8"))
        turns = [
            ([turn["raw_utterance"] for turn in topic["turn"][:n]], topic["turn"][n])
            for topic in topics
            for n in range(1, len(topic["turn"]))
        ]
        rewritten = {turn["raw_utterance"]: turn["automatic_rewritten_utterance"] for _, turn in turns}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(f"cannot read the CAsT topics at {path}: {error!r}") from error
    readings: dict[str, _Reading] = {
        "whosaid": lambda last, before: stand_alone(last, before, glossary).text,
        "first_turn": lambda last, before: f"{last} {before[0]}",
        "organisers": lambda last, _: rewritten[last],
    }
    return {"turns": len(turns), **{name: _score(turns, reading) for name, reading in readings.items()}}


def _score(turns: list[tuple[list[str], dict[str, str]]], reading: _Reading) -> dict[str, float]:
    right = added = wanted = 0
    for before, turn in turns:
        own, history = word_bag(turn["raw_utterance"]), word_bag(" ".join(before))
        lacks = (word_bag(turn["manual_rewritten_utterance"]) - own) & history
        gets = (word_bag(re.sub(r"[()]", " ", reading(turn["raw_utterance"], before))) - own) & history
        right, added, wanted = right + len(lacks & gets), added + len(gets), wanted + len(lacks)
    precision, recall = right / max(added, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}
