"""Claims in other words, labelled, → the model that tells paraphrases, fitted and measured on held-out statements."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from evals.cases import CaseError
from whosaid.embedder import Embedder
from whosaid.library import Library
from whosaid.retelling import FAITHFUL, SIGNS, Retellings
from whosaid.types import Ruling

LABELS = (Ruling.PARAPHRASE, Ruling.ALTERED, Ruling.NOT_IN_ARTICLE)
_FOLDS = 10


def load_rows(path: Path) -> list[dict[str, Any]]:
    """Return rows `{"claim", "statement", "verdict"}`. Raises `CaseError`."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise CaseError(f"cannot read the retellings at {path}: {error}") from error


def measure(rows: list[dict[str, Any]], library: Library, embedder: Embedder) -> dict[str, Any]:
    """Fit on nine tenths of the statements, judge the claims about the others, ten times; then fit on all."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]

    retellings = Retellings(library.statements, embedder, library.glossary)
    signs = []
    for row in rows:
        best, likeness = retellings.nearest(row["claim"])[0]
        found = retellings.signs(row["claim"], best, likeness)
        signs.append([found[name] for name in SIGNS])
    observed, verdicts = np.array(signs), np.array([row["verdict"] for row in rows])
    faithful = verdicts == Ruling.PARAPHRASE
    mean, scale = observed.mean(0), observed.std(0) + 1e-9
    held_out = np.zeros(len(rows))
    groups = [row["statement"] for row in rows]
    for train, test in GroupKFold(_FOLDS).split(observed, faithful, groups):
        model = LogisticRegression(C=0.3, max_iter=2000).fit((observed[train] - mean) / scale, faithful[train])
        held_out[test] = model.predict_proba((observed[test] - mean) / scale)[:, 1]
    passed = {label: round(float((held_out[verdicts == label] >= FAITHFUL).mean()), 3) for label in LABELS}
    model = LogisticRegression(C=0.3, max_iter=2000).fit((observed - mean) / scale, faithful)
    weights = model.coef_[0] / scale
    return {
        "rows": len(rows),
        "paraphrases_found": passed[Ruling.PARAPHRASE],
        "altered_passed": passed[Ruling.ALTERED],
        "invented_passed": passed[Ruling.NOT_IN_ARTICLE],
        "weights": {name: round(float(weight), 3) for name, weight in zip(SIGNS, weights, strict=True)},
        "bias": round(float(model.intercept_[0] - weights @ mean), 3),
    }
