"""What the adapter has learnt of messages and of the bank → the head that hears dangers, and its thresholds.

The head is fitted after the adapter and on the whole bank: during the adapter's training the bank's many harmless
questions would take from what it learns of statements, and without them ordinary questions raise alarms. It sees lower
layers too: the last keeps what tells statements apart, and loses some of how somebody says that they are in danger.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from ingest.train import is_left_out
from whosaid.library import Library
from whosaid.rows import MessageRow
from whosaid.safety import dangers_in
from whosaid.types import Danger

URGENT = (Danger.EMERGENCY, Danger.CRISIS, Danger.OVERDOSE, Danger.WITHDRAWAL)
WEIGHT_OF_DANGER = 3.0
_NAMED = (Danger.PREGNANCY, Danger.CHILD, Danger.SURGERY)  # told by their very words
# How surely a bank question in which rules find nothing is harmless
_DOUBT = [0.7 if danger in URGENT else 0.9 if danger in _NAMED else 0.2 for danger in Danger]
LISTENED_FOR = {*URGENT, Danger.PREGNANCY}  # by both models: the others are told by what is named
LAYERS = (2, 3, 4, 5)  # that the head sees besides the last, the sixth
_DECAY = 3e-3
_STEPS = 400
# Of harmless messages, most of them with the very words of danger, the share for which each notice may show
_FALSE_ALARMS = {Danger.EMERGENCY: 0.02, Danger.CRISIS: 0.11, Danger.PRESCRIBER: 0.03}
_OTHER_FALSE_ALARMS = 0.012
# The same of bank questions in which rules do not find it; whether to decide alone is in most of them anyway
_ORDINARY_FALSE_ALARMS = {Danger.CRISIS: 0.005, Danger.PRESCRIBER: 0.14}
_OTHER_ORDINARY_FALSE_ALARMS = 0.01

Head = tuple[np.ndarray, np.ndarray]


def fit_heads(
    reads: Sequence[np.ndarray], messages: Sequence[MessageRow], library: Library, unseen: Collection[str]
) -> tuple[list[Head], list[float]]:
    """Return for each model that reads weights of shape (dangers, features) and constants of shape (dangers,).

    Also returns a threshold for each danger, of what all these heads find on the average. What each model has read has
    shape (messages + bank questions, features). `unseen` are the authors from whom no adapter has learnt: the
    thresholds are set on what heads that have not learnt from them either make of their harmless messages, and on the
    parts of the bank that nothing is trained on. The heads themselves learn from all authors.
    """
    questions, count = library.questions, len(messages)
    goals = np.array([[danger in message.dangers for danger in Danger] for message in messages], dtype=np.float32)
    authors = np.array([message.author for message in messages])
    out_of_bank = np.array([is_left_out(place, len(questions)) for place in range(len(questions))])
    found = [dangers_in(question.text, library.glossary) for question in questions]
    ruled = np.array([[danger in dangers for danger in Danger] for dangers in found])
    # what rules find in a question says nothing here; of the other dangers it is as harmless as any
    doubt = np.where(ruled, 0.0, np.array(_DOUBT)).astype(np.float32)[~out_of_bank]

    def learnt_from(taught: np.ndarray) -> list[Head]:
        goal = np.concatenate([goals[taught], np.zeros_like(doubt)])
        weight = np.concatenate([np.ones_like(goals[taught]), doubt])
        return [
            _fit(np.concatenate([read[:count][taught], read[count:][~out_of_bank]]), goal, weight) for read in reads
        ]

    def heard_by(heads: Sequence[Head], rows: np.ndarray) -> np.ndarray:
        logits = [read[rows] @ weights.T + constants for read, (weights, constants) in zip(reads, heads, strict=True)]
        return np.asarray(np.mean(logits, axis=0))

    heard = []
    for half in (sorted(unseen)[::2], sorted(unseen)[1::2]):
        is_theirs = np.isin(authors, half)
        heard.append(heard_by(learnt_from(~is_theirs), np.flatnonzero(is_theirs & (goals.sum(1) == 0))))
    harmless = np.concatenate(heard)
    heads = learnt_from(np.ones(count, dtype=bool))
    ordinary = heard_by(heads, np.arange(count, count + len(questions)))
    thresholds = [
        max(
            float(np.quantile(harmless[:, n], 1 - _FALSE_ALARMS.get(danger, _OTHER_FALSE_ALARMS))),
            float(
                np.quantile(
                    ordinary[out_of_bank & ~ruled[:, n], n],
                    1 - _ORDINARY_FALSE_ALARMS.get(danger, _OTHER_ORDINARY_FALSE_ALARMS),
                )
            ),
        )
        for n, danger in enumerate(Danger)
    ]
    return heads, thresholds


def _fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Head:
    """Fit a logistic model of each column of `y`; `weight`, shape as `y`, counts how much each of its entries matters.

    scikit-learn takes one weight a row, here each danger doubts a row differently.
    """
    import torch

    middle, spread = x.mean(0), x.std(0) + 1e-6
    inputs, goal, weighed = torch.tensor((x - middle) / spread), torch.tensor(y), torch.tensor(weight)
    head = torch.nn.Linear(x.shape[1], y.shape[1])
    torch.nn.init.zeros_(head.weight)
    torch.nn.init.zeros_(head.bias)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=_STEPS, history_size=20, line_search_fn="strong_wolfe")
    more = torch.full((y.shape[1],), WEIGHT_OF_DANGER)

    def step() -> Any:
        optimizer.zero_grad()
        missed = torch.nn.functional.binary_cross_entropy_with_logits(
            head(inputs), goal, weight=weighed, pos_weight=more, reduction="sum"
        )
        loss = missed / len(x) + _DECAY * head.weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(step)  # type: ignore[no-untyped-call]
    weights = head.weight.detach().numpy() / spread
    return weights, head.bias.detach().numpy() - weights @ middle
