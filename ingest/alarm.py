"""Labelled messages → the watch, seeded. Thresholds come from authors that each model was not trained on.

Questions of the bank in which the rules find nothing stand in for what people mostly write.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ingest.train import descend, sparse_logits, vocabulary
from whosaid.glossary import Glossary
from whosaid.ranker import VECTOR_SCALE, word_features
from whosaid.safety import dangers_in
from whosaid.types import Danger, Message
from whosaid.watch import Watch

MIN_AUTHORS = 3
MAX_BANK = 3000  # questions that are added as harmless
FALSE_ALARMS = {
    Danger.SURGERY: 0.003,
    Danger.EMERGENCY: 0.02,
    Danger.CRISIS: 0.025,
    Danger.OVERDOSE: 0.015,
    Danger.WITHDRAWAL: 0.015,
}
_OTHER_FALSE_ALARMS = 0.02  # of harmless messages, for each other danger
_URGENT = (Danger.EMERGENCY, Danger.CRISIS, Danger.OVERDOSE, Danger.WITHDRAWAL)
_LEAST_THRESHOLD = -3.0  # a logit: what is less likely than one in 20 raises no alarm, however mild the rest is
_WEIGHT_OF_DANGER = 4.0
_DOUBTED = 0.3  # of a bank question: it may ask for a decision in words that rules do not see
_TRAINING = {"epochs": 20, "rate": 0.012}


@dataclass(frozen=True, eq=False)
class _Examples:
    """Texts with their vectors, shape (texts, dimensions), and which dangers each is an example of."""

    texts: tuple[str, ...]
    vectors: np.ndarray
    labels: np.ndarray

    def of(self, rows: np.ndarray) -> "_Examples":
        """Return some of the examples."""
        return _Examples(tuple(self.texts[int(row)] for row in rows), self.vectors[rows], self.labels[rows])


def train_watch(
    messages: Sequence[Message],
    vectors: np.ndarray,
    bank: Sequence[str],
    bank_vectors: np.ndarray,
    glossary: Glossary,
) -> Watch | None:
    """Return the watch, `None` where too few people wrote messages. `vectors` has shape (messages, dimensions)."""
    by = np.array([message.author for message in messages])
    if len(set(by.tolist())) < MIN_AUTHORS:
        return None
    step = max(1, len(bank) // MAX_BANK)
    plain = [n for n in range(0, len(bank), step) if not dangers_in(bank[n], glossary)]
    harmless = _Examples(
        tuple(bank[n] for n in plain), bank_vectors[plain], np.zeros((len(plain), len(Danger)), dtype=bool)
    )
    labels = np.array([[danger in message.dangers for danger in Danger] for message in messages])
    examples = _Examples(tuple(message.text for message in messages), vectors, labels)
    logits = np.zeros(labels.shape)
    for author in sorted(set(by.tolist())):
        watch = _fit(examples.of(np.flatnonzero(by != author)), harmless)
        for row in np.flatnonzero(by == author):
            logits[row] = watch.logits(vectors[row].tolist(), examples.texts[row])
    shares = [1 - FALSE_ALARMS.get(danger, _OTHER_FALSE_ALARMS) for danger in Danger]
    is_harmless = ~labels.any(1)
    thresholds = np.array([np.quantile(logits[is_harmless, n], share) for n, share in enumerate(shares)])
    thresholds = np.where(labels.any(0), np.maximum(thresholds, _LEAST_THRESHOLD), np.inf)  # never, without an example
    return replace(_fit(examples, harmless), thresholds=thresholds.astype(np.float32))


def _fit(examples: _Examples, harmless: _Examples) -> Watch:
    """Return a watch whose thresholds are not set yet."""
    import torch

    texts = (*examples.texts, *harmless.texts)
    words, rarity = vocabulary(texts)
    features = [word_features(text, words, rarity) for text in texts]
    dense = torch.tensor(np.concatenate([examples.vectors, harmless.vectors]) * VECTOR_SCALE, dtype=torch.float32)
    wanted = torch.tensor(np.concatenate([examples.labels, harmless.labels]), dtype=torch.float32)
    counts = torch.ones_like(wanted)
    counts[len(examples.texts) :] = torch.tensor([1.0 if danger in _URGENT else _DOUBTED for danger in Danger])
    torch.manual_seed(0)
    shapes = [(dense.shape[1], len(Danger)), (len(words), len(Danger)), (len(Danger),)]
    from_vector, from_words, bias = weights = [torch.zeros(shape, requires_grad=True) for shape in shapes]
    weight_of_danger = torch.full((len(Danger),), _WEIGHT_OF_DANGER)

    def loss(rows: np.ndarray) -> Any:
        found = dense[rows] @ from_vector + sparse_logits([features[i] for i in rows], from_words) + bias
        return torch.nn.functional.binary_cross_entropy_with_logits(
            found, wanted[rows], weight=counts[rows], pos_weight=weight_of_danger
        )

    descend(weights, loss, len(features), **_TRAINING)
    vector_weights, word_weights, biases = (weight.detach().numpy() for weight in weights)
    unset = np.zeros(len(Danger), dtype=np.float32)
    return Watch(tuple(map(str, Danger)), words, rarity, vector_weights, word_weights, biases, unset)
