"""`python -m ingest.classifier retellings|turns`: train a classifier on labelled examples of corpus/.

Not part of building an index, since it takes minutes to half an hour on two cores: what it makes ships beside the
examples, and carries their hash. `python -m evals retellings` and `evals safety` say what it is worth, on authors whom
it was not trained on.
"""

import argparse
import hashlib
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ingest.dangers import LAYERS, LISTENED_FOR, URGENT, WEIGHT_OF_DANGER, fit_heads
from ingest.train import goal_of, is_left_out, labels_of
from whosaid.classifier import (
    ADAPTED,
    DANGER,
    DANGERS,
    RETELLINGS,
    SCALE,
    TURNS,
    Classifier,
    Text,
    Trained,
    fused,
    length,
    load_base,
    pool,
    pool_all,
    published,
    save,
)
from whosaid.embedder import load_embedder
from whosaid.errors import CorpusError, WhoSaidError
from whosaid.library import Library, load_library
from whosaid.retelling import LABELS
from whosaid.rows import MessageRow, RetellingRow, RowT, read
from whosaid.safety import dangers_in
from whosaid.settings import load_settings
from whosaid.types import Danger

MESSAGES = "messages"  # the file of corpus/ from which dangers are learnt
_RANK = 16
_RATE = 1e-3
_BATCH = 32
_WARM_UP = 0.06  # of all steps
_EPOCHS = {RETELLINGS: 3, TURNS: 3}

# retellings
_LABEL_OF = {"not_in_article": 0, "paraphrase": 1, "altered": 2}
_SMOOTHING = 0.03
_WEIGHTS = (1.0, 1.5, 1.0)  # of the labels
_NEAR = 3  # other statements from which a claim's unrelated one is taken

# turns
_DANGER_SHARE = 0.5  # of the loss
# How surely a bank question in which rules find nothing is harmless: it may ask for a decision in words that they miss.
# While the adapter learns, all that is not urgent is doubted; `ingest.dangers` then fits the head anew
_DOUBT = [0.7 if danger in URGENT else 0.2 for danger in Danger]
# Whose messages teach the head alone: with more of them in the adapter's training, it found fewer statements
HEAD_ONLY_AUTHORS = ("2", "5", "9", "10", "11", "12", "13", "14", "15", "16")


@dataclass(frozen=True, eq=False)
class Examples:
    """Texts, or pairs of texts, with their labels: a column number each, or one row of 0 and 1 each.

    `weights` count how much each label of each row matters, shape as `labels` for rows of 0 and 1.
    """

    texts: tuple[Text, ...]
    labels: np.ndarray
    weights: np.ndarray | None = None

    def of(self, rows: Sequence[int] | np.ndarray) -> "Examples":
        """Return some of the examples."""
        chosen = np.asarray(rows)
        weights = None if self.weights is None else self.weights[chosen]
        return Examples(tuple(self.texts[int(row)] for row in chosen), self.labels[chosen], weights)


Loss = Callable[[Any, Examples], Any]  # of logits, shape (texts, labels), and the examples that they are of


def fit(examples: Examples, labels: int, loss: Loss, epochs: int) -> dict[str, np.ndarray]:
    """Train an adapter and a head of `labels` outputs; return their weights by name."""
    return Training(labels).run(examples, loss, epochs)


class Training:
    """The model while it learns: base weights frozen, an adapter beside each linear layer, a head."""

    def __init__(self, labels: int) -> None:
        import torch

        torch.manual_seed(0)
        self._tokenizer, self._base = load_base()
        for parameter in self._base.parameters():
            parameter.requires_grad = False
        self._adapters: dict[str, Any] = {}
        for name, module in list(self._base.named_modules()):
            if ".layer." in name and any(name.endswith(f".{adapted}") for adapted in ADAPTED):
                down = torch.nn.Parameter(torch.randn(_RANK, module.in_features) / math.sqrt(module.in_features))
                up = torch.nn.Parameter(torch.zeros(module.out_features, _RANK))
                self._adapters |= {f"{name}.a": down, f"{name}.b": up}
                module.register_forward_hook(_adapt(down, up))
        self._head = torch.nn.Linear(2 * self._base.config.hidden_size, labels)

    def run(self, examples: Examples, loss_of: Loss, epochs: int) -> dict[str, np.ndarray]:
        """Train; return the weights by name."""
        import torch

        adapters = list(self._adapters.values())
        optimizer = torch.optim.AdamW([*adapters, *self._head.parameters()], lr=_RATE, weight_decay=0.01)
        steps = epochs * math.ceil(len(examples.texts) / _BATCH)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1.0, (step + 1) / (_WARM_UP * steps)) * max(0.02, 1 - step / steps)
        )
        order = np.random.default_rng(0)
        self._base.train()
        with tqdm(total=steps, unit="step", file=sys.stderr, mininterval=10) as bar:
            for _ in range(epochs):
                for batch in _batches(examples, order):
                    with torch.autocast("cpu", dtype=torch.bfloat16):
                        logits = self.logits(batch.texts)
                    loss = loss_of(logits.float(), batch)
                    optimizer.zero_grad()
                    loss.backward()
                    torch.nn.utils.clip_grad_norm_(adapters, 1.0)
                    optimizer.step()
                    schedule.step()
                    bar.update()
        self._base.eval()
        named = self._adapters | {f"head.{name}": weight for name, weight in self._head.named_parameters()}
        return {name: weight.detach().numpy().copy() for name, weight in named.items()}

    def pooled(self, texts: Sequence[Text], layers: Sequence[int]) -> np.ndarray:
        """Return what `pool` makes of each text once all is learnt."""
        return pool_all(self._tokenizer, published(self._base), texts, layers)

    def logits(self, texts: Sequence[Text]) -> Any:
        """Return a logit for each label, shape (texts, labels)."""
        return self._head(pool(self._tokenizer, published(self._base), texts))


def _adapt(down: Any, up: Any) -> Any:
    return lambda _module, inputs, output: output + (inputs[0] @ down.T) @ up.T * SCALE


def _batches(examples: Examples, order: np.random.Generator) -> list[Examples]:
    """Return shuffled batches of texts of like length, so that little is padding."""
    rows = order.permutation(len(examples.texts)).tolist()
    batches = []
    for start in range(0, len(rows), _BATCH * 20):
        part = sorted(rows[start : start + _BATCH * 20], key=lambda row: length(examples.texts[row]))
        batches += [examples.of(part[n : n + _BATCH]) for n in range(0, len(part), _BATCH)]
    return [batches[n] for n in order.permutation(len(batches))]


def train_retellings(corpus: Path, library: Library) -> Trained:
    """Train what reads a claim beside a statement."""
    import torch

    rows = _read(corpus / f"{RETELLINGS}.jsonl", RetellingRow)
    texts = {statement.id: statement.text for statement in library.statements}
    ids = list(texts)
    embedder = load_embedder(load_settings().embedding_model)
    claims = np.array(embedder.embed_documents([row.claim for row in rows]))
    nearest = np.argsort(-(claims @ np.array(embedder.embed_documents(list(texts.values()))).T), axis=1)
    pairs: list[tuple[Text, int]] = []
    for number, row in enumerate(rows):
        others = [ids[n] for n in nearest[number, : _NEAR + 1] if ids[n] != row.statement][:_NEAR]
        pairs.append(((row.claim, texts[row.statement]), _LABEL_OF[row.verdict]))
        pairs.append(((row.claim, texts[others[number % len(others)]]), 0))
    weights = torch.tensor(_WEIGHTS)

    def loss(logits: Any, examples: Examples) -> Any:
        return torch.nn.functional.cross_entropy(
            logits, torch.tensor(examples.labels), weight=weights, label_smoothing=_SMOOTHING
        )

    examples = Examples(tuple(text for text, _ in pairs), np.array([label for _, label in pairs]))
    return Trained(fit(examples, len(LABELS), loss, _EPOCHS[RETELLINGS]), LABELS, np.zeros(len(LABELS)))


def train_turns(corpus: Path, library: Library) -> Trained:
    """Train what reads a user's turn: which statement answers it, or which topic it is about, and what danger it shows.

    Some blocks of the bank are left out (`is_left_out`): the mix and the judge are set on them. Most authors' messages
    teach the head that hears dangers alone (`HEAD_ONLY_AUTHORS`).
    """
    messages = _read(corpus / f"{MESSAGES}.jsonl", MessageRow)
    questions = [q for n, q in enumerate(library.questions) if not is_left_out(n, len(library.questions))]
    labels = labels_of(library.questions)
    columns = {label: column for column, label in enumerate(labels)}
    goals = np.zeros((len(questions) + len(messages), len(labels) + len(Danger)), dtype=np.float32)
    weights = np.ones_like(goals)
    for row, question in enumerate(questions):
        goals[row, : len(labels)] = goal_of(question, columns)
        weights[row, len(labels) :] = 0.0 if dangers_in(question.text, library.glossary) else _DOUBT
    for row, message in enumerate(messages, len(questions)):
        goals[row, len(labels) :] = [danger in message.dangers for danger in Danger]
        weights[row, : len(labels)] = 0.0
    every = Examples((*(q.text for q in questions), *(m.text for m in messages)), goals, weights)
    adapts = np.array([message.author not in HEAD_ONLY_AUTHORS for message in messages])
    kept = np.concatenate([np.ones(len(questions), dtype=bool), adapts])
    training = Training(goals.shape[1])

    def loss(logits: Any, examples: Examples) -> Any:
        import torch

        goal, weight = torch.tensor(examples.labels), torch.tensor(examples.weights)
        split = len(labels)
        missed = -(goal[:, :split] * torch.log_softmax(logits[:, :split], 1)).sum(1).mean()
        heard = torch.nn.functional.binary_cross_entropy_with_logits(
            logits[:, split:],
            goal[:, split:],
            weight=weight[:, split:],
            pos_weight=torch.full((len(Danger),), WEIGHT_OF_DANGER),
            reduction="none",
        )
        return missed + _DANGER_SHARE * heard.sum(1).mean()

    weights_by_name = training.run(every.of(np.flatnonzero(kept)), loss, _EPOCHS[TURNS])
    every_text = [*(m.text for m in messages), *(q.text for q in library.questions)]
    read = training.pooled(every_text, LAYERS)
    [(of_dangers, constants)], thresholds = fit_heads([read], messages, library, HEAD_ONLY_AUTHORS)
    of_answers = weights_by_name["head.weight"][: len(labels)]
    unseen = np.zeros((len(labels), of_dangers.shape[1] - of_answers.shape[1]), dtype=np.float32)
    weights_by_name["head.weight"] = np.concatenate([np.concatenate([of_answers, unseen], 1), of_dangers])
    weights_by_name["head.bias"][len(labels) :] = constants
    names = (*labels, *(f"{DANGER}{danger}" for danger in Danger))
    return Trained(weights_by_name, names, np.array([*np.zeros(len(labels)), *thresholds]), LAYERS)


def train_dangers(corpus: Path, library: Library) -> Trained:
    """Train what listens to a turn once more: a head on the model as published, beside that of `turns`.

    What the adapter has learnt of the bank costs it some of how somebody says that they are in danger.
    """
    messages = _read(corpus / f"{MESSAGES}.jsonl", MessageRow)
    every_text = [*(m.text for m in messages), *(q.text for q in library.questions)]
    tokenizer, base = load_base()
    reads = [
        Classifier(corpus / f"{TURNS}.npz").pooled(every_text),
        pool_all(tokenizer, fused(base), every_text, LAYERS),
    ]
    (_, (weights, constants)), thresholds = fit_heads(reads, messages, library, HEAD_ONLY_AUTHORS)
    places = [place for place, danger in enumerate(Danger) if danger in LISTENED_FOR]
    head = {"head.weight": weights[places], "head.bias": constants[places]}
    labels = tuple(f"{DANGER}{danger}" for danger in Danger if danger in LISTENED_FOR)
    return Trained(head, labels, np.array(thresholds)[places], LAYERS)


def _read(path: Path, row_type: type[RowT]) -> list[RowT]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"cannot read {path}: {error}") from error
    return [row for _, row in read(text, path, row_type)]


def examples_of(corpus: Path, which: str) -> str:
    """Return the sha256 of what a classifier is trained on."""
    files = [corpus / f"{RETELLINGS}.jsonl"] if which == RETELLINGS else [corpus / f"{MESSAGES}.jsonl"]
    if which != RETELLINGS:
        files += sorted(corpus.glob("*/questions.jsonl"))
    if which == DANGERS:
        files.append(corpus / f"{TURNS}.npz")
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def main(argv: Sequence[str] | None = None) -> int:
    """Train and write. Returns 0 done, 1 a clear error on stderr."""
    parser = argparse.ArgumentParser(prog="python -m ingest.classifier", description="Train a classifier that ships.")
    parser.add_argument("which", choices=[RETELLINGS, TURNS, DANGERS])
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it (corpus/WHICH.npz)")
    arguments = parser.parse_args(argv)
    train = {RETELLINGS: train_retellings, TURNS: train_turns, DANGERS: train_dangers}[arguments.which]
    try:
        corpus = load_settings().corpus_dir
        trained = train(corpus, load_library(corpus))
        out = arguments.out or corpus / f"{arguments.which}.npz"
        save(out, trained, examples_of(corpus, arguments.which))
    except WhoSaidError as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
