"""Question bank → the threshold from which a question counts as answered, with the figures that it gave.

Each bank question is judged by all the others but its neighbours in the file, which the same author
wrote for the same statement. Nothing here has seen an evaluation case.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from whosaid.retrieve import NEIGHBOURS, vote
from whosaid.types import BankQuestion

KEEP = 0.95  # of the answerable questions
_SAME_AUTHOR = 10  # rows on either side
_ENOUGH = 100  # questions of each kind, under which the bank is no measure
_WITHOUT_BANK = 0.45  # cosine similarity to the nearest statement


def calibrate(questions: Sequence[BankQuestion], vectors: np.ndarray) -> dict[str, Any]:
    """Return `threshold` and how it divides the bank: `kept` of the answerable, `refused` of the others.

    `by` says whether the threshold is one of the nearest questions' votes or of the nearest statement's likeness.

    `vectors` are the questions' unit vectors, shape (questions, dimensions).
    """
    covered = np.array([bool(question.statements) for question in questions], dtype=bool)
    if min(covered.sum(), (~covered).sum()) < _ENOUGH:
        return {
            "by": "statements",
            "threshold": _WITHOUT_BANK,
            "kept": None,
            "refused": None,
            "questions": len(questions),
        }
    scores = np.empty(len(questions))
    for row, vector in enumerate(vectors):
        similarity = vectors @ vector
        similarity[max(0, row - _SAME_AUTHOR) : row + _SAME_AUTHOR + 1] = -1
        near = np.argpartition(-similarity, NEIGHBOURS)[:NEIGHBOURS]
        scores[row] = vote([(questions[i], float(similarity[i])) for i in near]).covered
    threshold = float(np.quantile(scores[covered], 1 - KEEP))
    return {
        "by": "questions",
        "threshold": round(threshold, 4),
        "kept": round(float((scores[covered] >= threshold).mean()), 3),
        "refused": round(float((scores[~covered] < threshold).mean()), 3),
        "questions": len(questions),
    }
