"""Question bank → the ranker, the mix and the judge, seeded: the same corpus gives the same models.

What they are worth is measured on questions that they were not trained on: the bank is cut into blocks, neighbours
in the file (which one author wrote for one statement) staying together, and each part is judged by models of the
others. The mix, the judge and its thresholds come from these answers alone, never from an evaluation case.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from whosaid.glossary import Glossary
from whosaid.ranker import OPINIONS, SIGNS, VECTOR_SCALE, Judge, Mix, Ranker, opinion, signs, word_features
from whosaid.ranker import words_and_pairs as words_of
from whosaid.retrieve import NEIGHBOURS, RANK_WEIGHTS, shares_of, vote
from whosaid.types import BankQuestion
from whosaid.words import WordIndex

KEEP = 0.95  # of the answerable questions are to be answered …
SURE = 0.98  # … and this share of the others is to stay under what counts as a sure answer
ENOUGH = 100  # questions of each kind, under which the bank teaches nothing
_BLOCKS, _FOLDS = 12, 3
_BATCH, _DECAY, _SEED = 256, 0.01, 0
_LINEAR = {"epochs": 12, "rate": 0.01}
_NETWORK = {"epochs": 15, "rate": 0.002}
_HIDDEN, _DROPOUT = 512, 0.3
_MIN_QUESTIONS = 3  # that a word must stand in


@dataclass(frozen=True, eq=False)
class Trained:
    """The ranker, and `figures`: mix, judge, thresholds and what they gave on questions that were held out."""

    ranker: Ranker
    figures: dict[str, Any]


def train(
    questions: Sequence[BankQuestion], vectors: np.ndarray, glossary: Glossary, words: WordIndex
) -> Trained | None:
    """Return the models of a bank, `None` where it is too small. `vectors` has shape (questions, dimensions)."""
    covered = np.array([bool(question.statements) for question in questions], dtype=bool)
    if min(covered.sum(), (~covered).sum()) < ENOUGH:
        return None
    ids = list(words.ids)
    fold = np.arange(len(questions)) * _BLOCKS // len(questions) % _FOLDS
    observed = np.zeros((len(questions), len(SIGNS)))
    opinions = np.zeros((len(questions), len(ids), len(OPINIONS)), dtype=np.float32)
    for number in range(_FOLDS):
        others = [questions[int(i)] for i in np.flatnonzero(fold != number)]
        of_others = vectors[fold != number]
        ranker = fit(others, of_others)
        for row in np.flatnonzero(fold == number):
            question, similarity = questions[int(row)], of_others @ vectors[row]
            nearest = np.argpartition(-similarity, NEIGHBOURS)[:NEIGHBOURS]
            votes = vote([(others[int(i)], float(similarity[i])) for i in nearest])
            vector, text = vectors[row].tolist(), question.text
            shares, of_all, _ = shares_of(ranker, vector, text, votes, words)
            found = signs(of_all, votes.covered, votes.nearest, glossary.find(text), text)
            observed[row] = [found[name] for name in SIGNS]
            opinions[row] = np.stack([opinion(name, shares[name]) for name in OPINIONS], -1)
    mix = _mix(opinions[covered], [question for question in questions if question.statements], ids)
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
    from_vector, from_words, bias = linear = [torch.zeros(shape, requires_grad=True) for shape in shapes]

    def linear_logits(rows: np.ndarray) -> Any:
        picked = [features[i] for i in rows]
        starts = torch.tensor(np.cumsum([0, *(len(columns) for columns, _ in picked[:-1])]))
        columns = torch.tensor([column for columns, _ in picked for column in columns], dtype=torch.long)
        weights = torch.tensor([weight for _, row in picked for weight in row], dtype=torch.float32)
        bag = torch.nn.functional.embedding_bag(columns, from_words, starts, mode="sum", per_sample_weights=weights)
        return dense[rows] @ from_vector + bag + bias

    _descend(linear, linear_logits, goals, **_LINEAR)
    inward, outward = torch.nn.Linear(dense.shape[1], _HIDDEN), torch.nn.Linear(_HIDDEN, len(labels))
    torch.nn.init.zeros_(outward.weight)

    def network_logits(rows: np.ndarray) -> Any:
        return outward(torch.nn.functional.dropout(torch.relu(inward(dense[rows])), _DROPOUT))

    _descend([*inward.parameters(), *outward.parameters()], network_logits, goals, **_NETWORK)
    network = [inward.weight.T, inward.bias, outward.weight.T, outward.bias]
    weights = (np.ascontiguousarray(weight.detach().numpy()) for weight in (*linear, *network))
    return Ranker(tuple(labels), len(statements), words, rarity, *weights)


def _descend(
    weights: Sequence[Any], logits: Callable[[np.ndarray], Any], goals: Any, *, epochs: float, rate: float
) -> None:
    """Fit weights so that the softmax of `logits` of some rows meets their `goals`."""
    import torch

    optimizer = torch.optim.AdamW(weights, lr=rate, weight_decay=_DECAY, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, int(epochs) * -(-len(goals) // _BATCH))
    order = np.random.default_rng(_SEED)
    for _ in range(int(epochs)):
        shuffled = order.permutation(len(goals))
        for first in range(0, len(goals), _BATCH):
            rows = shuffled[first : first + _BATCH]
            loss = -(goals[rows] * torch.log_softmax(logits(rows), 1)).sum(1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


def _vocabulary(texts: Sequence[str]) -> tuple[dict[str, int], np.ndarray]:
    counts = Counter(word for text in texts for word in set(words_of(text)))
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


def _mix(opinions: np.ndarray, questions: Sequence[BankQuestion], ids: Sequence[str]) -> Mix:
    """Fit the weights of the opinions, `opinions` of shape (questions, statements, opinions), all questions covered."""
    import torch

    columns = {id_: column for column, id_ in enumerate(ids)}
    goals = torch.tensor(np.stack([_goal(question, columns) for question in questions]))
    values, weights = torch.tensor(opinions), torch.full((opinions.shape[-1],), 0.25, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=60)

    def loss() -> Any:
        optimizer.zero_grad()
        missed = -(goals * torch.log_softmax(values @ weights, 1)).sum(1).mean()
        missed.backward()  # type: ignore[no-untyped-call]
        return missed

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return Mix(tuple(round(float(weight), 4) for weight in weights))


def _judge(observed: np.ndarray, covered: np.ndarray) -> tuple[Judge, np.ndarray]:
    """Fit the logistic model; return it with the probabilities that it gives the observed signs."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    mean, scale = observed.mean(0), observed.std(0) + 1e-9
    model = LogisticRegression(max_iter=1000).fit((observed - mean) / scale, covered)
    mean_of, scale_of, weights = (tuple(map(float, row)) for row in (mean, scale, model.coef_[0]))
    judge = Judge(mean_of, scale_of, weights, float(model.intercept_[0]))
    return judge, model.predict_proba((observed - mean) / scale)[:, 1]
