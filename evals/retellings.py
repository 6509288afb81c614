"""Claims in other words, labelled → how many faithful ones are found, and how many others are taken for faithful."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from evals.cases import CaseError
from whosaid.retelling import Retellings, ruling_of
from whosaid.types import Ruling

LABELS = (Ruling.PARAPHRASE, Ruling.ALTERED, Ruling.NOT_IN_ARTICLE)


def load_rows(path: Path) -> list[dict[str, Any]]:
    """Return rows `{"claim", "statement", "verdict"}`. Raises `CaseError`."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        if any({"claim", "statement", "verdict"} - row.keys() for row in rows):
            raise ValueError("each line takes claim, statement and verdict")
    except (OSError, ValueError, AttributeError) as error:
        raise CaseError(f"cannot read the retellings at {path}: {error}") from error
    return rows


def measure(rows: list[dict[str, Any]], retellings: Retellings) -> dict[str, Any]:
    """Return which share of the claims of each label counts as faithful, as changed, and as neither."""
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

    found = retellings.find([row["claim"] for row in rows])
    verdicts = [row["verdict"] for row in rows]
    faithful = [max((one.faithful for one in retold), default=0.0) for retold in found]
    related = [n for n, verdict in enumerate(verdicts) if verdict != Ruling.NOT_IN_ARTICLE]
    best = [max(retold, key=lambda one: one.faithful) for retold in found]
    right = [one.statement.id == row["statement"] for one, row in zip(best, rows, strict=True)]
    return {
        "claims": len(rows),
        "auc": round(float(roc_auc_score([v == Ruling.PARAPHRASE for v in verdicts], faithful)), 3),
        "auc_against_altered": round(
            float(roc_auc_score([verdicts[n] == Ruling.PARAPHRASE for n in related], [faithful[n] for n in related])),
            3,
        ),
        "statement_right": round(sum(right[n] for n in related) / max(len(related), 1), 3),
        **{
            label: _shares(
                [ruling_of(one)[0] for one, verdict in zip(found, verdicts, strict=True) if verdict == label]
            )
            for label in LABELS
        },
    }


def _shares(rulings: list[Ruling]) -> dict[str, float]:
    counts = Counter(rulings)
    return {label: round(counts[label] / max(len(rulings), 1), 3) for label in LABELS}
