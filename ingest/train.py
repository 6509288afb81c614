"""Question bank → the ranker and the judge, seeded: the same corpus gives the same models.

What they are worth is measured on questions that they were not trained on: the bank is cut into blocks, neighbours
in the file (which one author wrote for one statement) staying together, and each quarter is judged by models of the
other three. The judge and its thresholds come from these answers alone, never from an evaluation case.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from whosaid.glossary import Glossary
from whosaid.ranker import SIGNS, VECTOR_SCALE, Judge, Ranker, signs, word_features, words_and_pairs
from whosaid.retrieve import NEIGHBOURS, RANK_WEIGHTS, vote
from whosaid.types import BankQuestion

KEEP = 0.95  # of the answerable questions are to be answered …
SURE = 0.98  # … and this share of the others is to stay under what counts as a sure answer
ENOUGH = 100  # questions of each kind, under which the bank teaches nothing
_BLOCKS, _FOLDS = 12, 4
_EPOCHS, _BATCH, _RATE, _DECAY, _SEED = 12, 256, 0.01, 0.01, 0
_MIN_QUESTIONS = 3  # that a word must stand in


@dataclass(frozen=True, eq=False)
class Trained:
    """The ranker, and `figures`: the judge, the thresholds and what they gave on questions that were held out."""

    ranker: Ranker
    figures: dict[str, Any]


def train(questions: Sequence[BankQuestion], vectors: np.ndarray, glossary: Glossary) -> Trained | None:
    """Return the models of a bank, `None` where it is too small. `vectors` has shape (questions, dimensions)."""
    covered = np.array([bool(question.statements) for question in questions], dtype=bool)
    if min(covered.sum(), (~covered).sum()) < ENOUGH:
        return None
    fold = np.arange(len(questions)) * _BLOCKS // len(questions) % _FOLDS
    observed = np.zeros((len(questions), len(SIGNS)))
    for number in range(_FOLDS):
        others = [questions[int(i)] for i in np.flatnonzero(fold != number)]
        of_others = vectors[fold != number]
        ranker = fit(others, of_others)
        for row in np.flatnonzero(fold == number):
            question, similarity = questions[int(row)], of_others @ vectors[row]
            near = [
                (others[int(i)], float(similarity[i])) for i in np.argpartition(-similarity, NEIGHBOURS)[:NEIGHBOURS]
            ]
            likely = ranker.probabilities(vectors[row].tolist(), question.text)[: ranker.statements]
            observed[row] = _observe(question, near, float(likely.sum()), glossary)
    judge, scores = _judge(observed, covered)
    threshold = float(np.quantile(scores[covered], 1 - KEEP))
    sure = max(threshold, float(np.quantile(scores[~covered], SURE)))
    figures = {
        "threshold": round(threshold, 4),
        "sure": round(sure, 4),
        "kept": round(float((scores[covered] >= threshold).mean()), 3),
        "refused": round(float((scores[~covered] < threshold).mean()), 3),
        "questions": len(questions),
        "judge": asdict(judge),
    }
    return Trained(fit(questions, vectors), figures)


def fit(questions: Sequence[BankQuestion], vectors: np.ndarray) -> Ranker:
    """Return a ranker trained on all of `questions`."""
    import torch

    statements = list(dict.fromkeys(id_ for question in questions for id_ in question.statements))
    topics = list(dict.fromkeys(question.topic for question in questions if question.topic))
    labels = {label: column for column, label in enumerate([*statements, *topics])}
    words, rarity = _vocabulary([question.text for question in questions])
    features = [word_features(question.text, words, rarity) for question in questions]
    goals = torch.tensor(np.stack([_goal(question, labels) for question in questions]))
    dense = torch.tensor(vectors * VECTOR_SCALE, dtype=torch.float32)
    torch.manual_seed(_SEED)
    shapes = [(dense.shape[1], len(labels)), (len(words), len(labels)), (len(labels),)]
    from_vector, from_words, bias = weights = [torch.zeros(shape, requires_grad=True) for shape in shapes]
    steps = _EPOCHS * -(-len(questions) // _BATCH)
    optimizer = torch.optim.AdamW(weights, lr=_RATE, weight_decay=_DECAY, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    order = np.random.default_rng(_SEED)
    for _ in range(_EPOCHS):
        shuffled = order.permutation(len(questions))
        for first in range(0, len(questions), _BATCH):
            rows = shuffled[first : first + _BATCH]
            logits = dense[rows] @ from_vector + torch.sparse.mm(
                _sparse([features[i] for i in rows], len(words)), from_words
            )
            loss = -(goals[rows] * torch.log_softmax(logits + bias, 1)).sum(1).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    return Ranker(tuple(labels), len(statements), words, rarity, *(weight.detach().numpy() for weight in weights))


def _vocabulary(texts: Sequence[str]) -> tuple[dict[str, int], np.ndarray]:
    counts = Counter(word for text in texts for word in set(words_and_pairs(text)))
    known = sorted(word for word, count in counts.items() if count >= _MIN_QUESTIONS)
    rarity = [np.log((1 + len(texts)) / (1 + counts[word])) + 1 for word in known]
    return {word: column for column, word in enumerate(known)}, np.array(rarity, dtype=np.float32)


def _goal(question: BankQuestion, labels: dict[str, int]) -> np.ndarray:
    goal = np.zeros(len(labels), dtype=np.float32)
    if question.topic:
        goal[labels[question.topic]] = 1
        return goal
    for id_, weight in zip(question.statements, RANK_WEIGHTS, strict=False):
        goal[labels[id_]] = weight
    return np.asarray(goal / goal.sum())


def _sparse(features: Sequence[tuple[list[int], list[float]]], width: int) -> Any:
    import torch

    rows = [row for row, (columns, _) in enumerate(features) for _ in columns]
    columns = [column for columns, _ in features for column in columns]
    values = [weight for _, weights in features for weight in weights]
    places = torch.tensor([rows, columns], dtype=torch.long)
    return torch.sparse_coo_tensor(places, torch.tensor(values), (len(features), width), check_invariants=False)


def _observe(
    question: BankQuestion, near: Sequence[tuple[BankQuestion, float]], covered: float, glossary: Glossary
) -> list[float]:
    """Return the signs for a question, in the order of `SIGNS`."""
    votes = vote(near)
    found = signs(covered, votes.covered, votes.nearest, glossary.find(question.text), question.text)
    return [found[name] for name in SIGNS]


def _judge(observed: np.ndarray, covered: np.ndarray) -> tuple[Judge, np.ndarray]:
    """Fit the logistic model; return it with the probabilities that it gives the observed signs."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    mean, scale = observed.mean(0), observed.std(0) + 1e-9
    model = LogisticRegression(max_iter=1000).fit((observed - mean) / scale, covered)
    mean_of, scale_of, weights = (tuple(map(float, row)) for row in (mean, scale, model.coef_[0]))
    judge = Judge(mean_of, scale_of, weights, float(model.intercept_[0]))
    return judge, model.predict_proba((observed - mean) / scale)[:, 1]
