"""Question bank → the ranker, the mix and the judge, seeded: the same corpus gives the same models.

What they are worth is measured on questions that they were not trained on, nor the classifier of turns: the bank is cut
into blocks, neighbours in the file (which one author wrote for one statement) staying together, and some blocks are
left out. The mix, the judge and its thresholds come from these alone, never from an evaluation case.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from whosaid.glossary import Glossary
from whosaid.ranker import OPINIONS, SIGNS, VECTOR_SCALE, Judge, Mix, Ranker, opinion, signs, word_features
from whosaid.ranker import words_and_pairs as words_of
from whosaid.retrieve import NEIGHBOURS, RANK_WEIGHTS, Asked, shares_of, vote
from whosaid.turns import Turns
from whosaid.types import BankQuestion
from whosaid.words import WordIndex

KEEP = 0.98  # of the answerable questions are to be answered: real wording is farther off than parts of the bank …
SURE = 0.98  # … and this share of the others is to stay under what counts as a sure answer
ENOUGH = 100  # questions of each kind, under which the bank teaches nothing
_BLOCKS, _EACH = 42, 7  # each seventh block of the bank is left out, to judge what the others teach
_BATCH, _DECAY, _SEED = 512, 0.01, 0
_LINEAR = {"epochs": 10, "rate": 0.015}
_MIN_QUESTIONS = 3  # that a word must stand in


@dataclass(frozen=True, eq=False)
class Trained:
    """The ranker, and `figures`: mix, judge, thresholds and what they gave on questions that were held out."""

    ranker: Ranker
    figures: dict[str, Any]


def train(
    questions: Sequence[BankQuestion],
    vectors: np.ndarray,
    glossary: Glossary,
    words: WordIndex,
    reader: Turns | None = None,
) -> Trained | None:
    """Return the models of a bank, `None` where it is too small. `vectors` has shape (questions, dimensions)."""
    covered = np.array([bool(question.statements) for question in questions], dtype=bool)
    if min(covered.sum(), (~covered).sum()) < ENOUGH:
        return None
    ids = list(words.ids)
    left_out = np.array([is_left_out(place, len(questions)) for place in range(len(questions))])
    others = [question for question, out in zip(questions, left_out, strict=True) if not out]
    judged = [question for question, out in zip(questions, left_out, strict=True) if out]
    ranker = fit(others, vectors[~left_out])
    turns = reader.read([question.text for question in judged]) if reader else [None] * len(judged)
    observed = np.zeros((len(judged), len(SIGNS)))
    opinions = np.zeros((len(judged), len(ids), len(OPINIONS)), dtype=np.float32)
    of_judged = vectors[left_out]
    for row, (nearest, similarity) in enumerate(_nearest(of_judged, vectors[~left_out])):
        votes = vote([(others[int(i)], float(s)) for i, s in zip(nearest, similarity, strict=True)])
        text = judged[row].text
        shares, of_all, _ = shares_of(ranker, Asked(text, of_judged[row].tolist(), votes, turns[row]), words)
        found = signs(of_all, votes.covered, votes.nearest, glossary.find(text), text)
        observed[row] = [found[name] for name in SIGNS]
        opinions[row] = np.stack([opinion(name, shares[name]) for name in OPINIONS], -1)
    covered = covered[left_out]
    mix = _mix(opinions[covered], [question for question in judged if question.statements], ids)
    judge, scores = _judge(observed, covered)
    threshold = float(np.quantile(scores[covered], 1 - KEEP))
    sure = max(threshold, float(np.quantile(scores[~covered], SURE)))
    figures = {
        "threshold": round(threshold, 4),
        "sure": round(sure, 4),
        "kept": round(float((scores[covered] >= threshold).mean()), 3),
        "refused": round(float((scores[~covered] < threshold).mean()), 3),
        "questions": len(questions),
        "mix": asdict(mix),
        "judge": asdict(judge),
    }
    return Trained(fit(questions, vectors), figures)


def _nearest(vectors: np.ndarray, others: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the places of each vector's `NEIGHBOURS` nearest, and their similarity."""
    for first in range(0, len(vectors), _BATCH):
        similarity = vectors[first : first + _BATCH] @ others.T
        nearest = np.argpartition(-similarity, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        yield from zip(nearest, np.take_along_axis(similarity, nearest, axis=1), strict=True)


def fit(questions: Sequence[BankQuestion], vectors: np.ndarray) -> Ranker:
    """Return a ranker trained on all of `questions`."""
    import torch

    labels = {label: column for column, label in enumerate(labels_of(questions))}
    statements = {id_ for question in questions for id_ in question.statements}
    words, rarity = vocabulary([question.text for question in questions])
    features = [word_features(question.text, words, rarity) for question in questions]
    goals = torch.tensor(np.stack([goal_of(question, labels) for question in questions]))
    dense = torch.tensor(vectors * VECTOR_SCALE, dtype=torch.float32)
    torch.manual_seed(_SEED)
    shapes = [(dense.shape[1], len(labels)), (len(words), len(labels)), (len(labels),)]
    from_vector, from_words, bias = linear = [torch.zeros(shape, requires_grad=True) for shape in shapes]

    def missed(logits: Any, rows: np.ndarray) -> Any:
        return -(goals[rows] * torch.log_softmax(logits, 1)).sum(1).mean()

    def linear_loss(rows: np.ndarray) -> Any:
        of_words = sparse_logits([features[i] for i in rows], from_words)
        return missed(dense[rows] @ from_vector + of_words + bias, rows)

    descend(linear, linear_loss, len(goals), **_LINEAR)
    weights = (np.ascontiguousarray(weight.detach().numpy()) for weight in linear)
    return Ranker(tuple(labels), len(statements), words, rarity, *weights)


def descend(
    weights: Sequence[Any], loss_of: Callable[[np.ndarray], Any], rows: int, *, epochs: float, rate: float
) -> None:
    """Fit weights to `rows` examples; `loss_of` gives the loss of some of them, by their places."""
    import torch

    steps = int(epochs) * -(-rows // _BATCH)
    optimizer = torch.optim.AdamW(weights, lr=rate, weight_decay=_DECAY, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    order = np.random.default_rng(_SEED)
    for _ in range(int(epochs)):
        shuffled = order.permutation(rows)
        for first in range(0, rows, _BATCH):
            loss = loss_of(shuffled[first : first + _BATCH])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


def sparse_logits(features: Sequence[tuple[list[int], list[float]]], weights: Any) -> Any:
    """Return what rows of sparse features, columns and values, give each label: shape (rows, labels)."""
    import torch

    starts = torch.tensor(np.cumsum([0, *(len(columns) for columns, _ in features[:-1])]))
    columns = torch.tensor([column for columns, _ in features for column in columns], dtype=torch.long)
    values = torch.tensor([value for _, row in features for value in row], dtype=torch.float32)
    return torch.nn.functional.embedding_bag(columns, weights, starts, mode="sum", per_sample_weights=values)


def vocabulary(texts: Sequence[str]) -> tuple[dict[str, int], np.ndarray]:
    """Return the words and pairs of words that several texts have, each with its column, and their rarity."""
    counts = Counter(word for text in texts for word in set(words_of(text)))
    known = sorted(word for word, count in counts.items() if count >= _MIN_QUESTIONS)
    rarity = [np.log((1 + len(texts)) / (1 + counts[word])) + 1 for word in known]
    return {word: column for column, word in enumerate(known)}, np.array(rarity, dtype=np.float32)


def labels_of(questions: Sequence[BankQuestion]) -> list[str]:
    """Return the labels of a bank: every statement that answers a question, then every topic."""
    statements = dict.fromkeys(id_ for question in questions for id_ in question.statements)
    return [*statements, *dict.fromkeys(question.topic for question in questions if question.topic)]


def is_left_out(place: int, questions: int) -> bool:
    """Whether a bank's question is one of those that classifiers are not trained on, by its place among `questions`."""
    return place * _BLOCKS // questions % _EACH == 0


def goal_of(question: BankQuestion, labels: dict[str, int]) -> np.ndarray:
    """Return what a model should make of a question: a share for each label, shape (labels,), summing to 1."""
    goal = np.zeros(len(labels), dtype=np.float32)
    if question.topic:
        goal[labels[question.topic]] = 1
        return goal
    for id_, weight in zip(question.statements, RANK_WEIGHTS, strict=False):
        goal[labels[id_]] = weight
    return np.asarray(goal / goal.sum())


def _mix(opinions: np.ndarray, questions: Sequence[BankQuestion], ids: Sequence[str]) -> Mix:
    """Fit the weights of the opinions, `opinions` of shape (questions, statements, opinions), all questions covered."""
    import torch

    columns = {id_: column for column, id_ in enumerate(ids)}
    goals = torch.tensor(np.stack([goal_of(question, columns) for question in questions]))
    values, weights = torch.tensor(opinions), torch.full((opinions.shape[-1],), 0.25, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=60)

    def loss() -> Any:
        optimizer.zero_grad()
        missed = -(goals * torch.log_softmax(values @ weights, 1)).sum(1).mean()
        missed.backward()  # type: ignore[no-untyped-call]
        return missed

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return Mix(tuple(round(weight, 4) for weight in weights.detach().tolist()))


def _judge(observed: np.ndarray, covered: np.ndarray) -> tuple[Judge, np.ndarray]:
    """Fit the logistic model; return it with the probabilities that it gives the observed signs."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    mean, scale = observed.mean(0), observed.std(0) + 1e-9
    model = LogisticRegression(max_iter=1000).fit((observed - mean) / scale, covered)
    mean_of, scale_of, weights = (tuple(map(float, row)) for row in (mean, scale, model.coef_[0]))
    judge = Judge(mean_of, scale_of, weights, float(model.intercept_[0]))
    return judge, model.predict_proba((observed - mean) / scale)[:, 1]
