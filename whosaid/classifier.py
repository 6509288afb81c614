"""EDGE: texts, or pairs of texts read together → how likely each label is, by the packaged model with an adapter.

A classifier is the packaged embedding model with a low-rank adapter (LoRA, Hu et al. 2021) on its linear layers and a
head, which sees the last layer and, where it asks for them, layers below it. `python -m ingest.classifier` trains it;
its adapter, head, labels and thresholds are one small file that ships.
Three are used: `retellings` reads a claim beside a statement, `turns` what a user asks and what danger that shows, and
`dangers`, a head without an adapter, listens once more to what may be one.
torch is imported when one is really loaded.
"""

import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from whosaid.embedder import fingerprint, packaged_folder
from whosaid.errors import ModelError
from whosaid.settings import PACKAGED_MODEL

RETELLINGS, TURNS, DANGERS = "retellings", "turns", "dangers"  # the files of corpus/, without their endings
DANGER = "danger: "  # begins the label of a danger
ADAPTED = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip
SCALE = 2.0  # of the adapter's product
MAX_TOKENS = 160  # of a text, or of both texts of a pair together
_BATCH = 64

Text = str | tuple[str, str]
LayersOf = Callable[[Any], Sequence[Any]]


@dataclass(frozen=True, eq=False)
class Trained:
    """What makes a classifier: weights of adapter and head by name, and a threshold, a logit, for each label.

    `layers` are those that the head sees besides the last.
    """

    weights: Mapping[str, np.ndarray]
    labels: tuple[str, ...]
    thresholds: np.ndarray
    layers: tuple[int, ...] = ()


class Classifies(Protocol):
    """What the rest of WhoSaid needs of a classifier."""

    labels: tuple[str, ...]
    thresholds: np.ndarray

    def logits(self, texts: Sequence[Text]) -> np.ndarray:
        """Return a logit for each label, shape (texts, labels)."""
        ...


class Classifier:
    """The packaged model with an adapter merged into its weights. `thresholds` are logits, shape (labels,)."""

    def __init__(self, path: Path, *, takes_all_cores: bool = False) -> None:
        """Load it: about 2 s. Raises `ModelError` where the file or the packaged model is missing or damaged.

        One that reads many texts and waits for nothing else may take all cores, whatever else this process has set.
        """
        self._tokenizer, base = load_base()
        import torch

        try:
            with np.load(path, allow_pickle=False) as file:
                self.labels = tuple(file["labels"].tolist())
                self.thresholds = np.asarray(file["thresholds"], dtype=np.float32)
                weights = {n: torch.tensor(file[n].astype(np.float32)) for n in file.files if n.endswith((".a", ".b"))}
                head = [torch.tensor(file[f"head.{part}"].astype(np.float32)) for part in ("weight", "bias")]
                self._layers = tuple(file["layers"].tolist())
            with torch.no_grad():
                for name in [name.removesuffix(".a") for name in weights if name.endswith(".a")]:
                    base.get_submodule(name).weight += SCALE * weights[f"{name}.b"] @ weights[f"{name}.a"]
        except (OSError, EOFError, ValueError, KeyError, AttributeError, RuntimeError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"cannot read {path} ({error}): restore it, or run `python -m ingest.classifier {path.stem}`"
            ) from error
        self._head = head
        self._layers_of = fused(base)
        self._cores = (os.cpu_count() or 1) if takes_all_cores else 0

    def logits(self, texts: Sequence[Text]) -> np.ndarray:
        """Return a logit for each label, shape (texts, labels)."""
        import torch  # numpy's own threads would wait in the way of torch's

        if not texts:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        return torch.nn.functional.linear(torch.from_numpy(self.pooled(texts)), *self._head).numpy()

    def pooled(self, texts: Sequence[Text]) -> np.ndarray:
        """Return what the head sees of each text, shape (texts, features)."""
        with _taking(self._cores):
            return pool_all(self._tokenizer, self._layers_of, texts, self._layers)


@contextmanager
def _taking(cores: int) -> Iterator[None]:
    """Let models take so many cores meanwhile in this thread; 0 is as many as before."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(cores or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)  # threads that come later take this over


def load_base() -> tuple[Any, Any]:
    """Return the packaged model's tokenizer and its transformer, as published. Raises `ModelError`."""
    fingerprint(PACKAGED_MODEL)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = str(packaged_folder())
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        return tokenizer, AutoModel.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot load the model at {folder} ({error}): remove .venv and run `make setup`") from error


def pool(tokenizer: Any, layers_of: LayersOf, texts: Sequence[Text], layers: Sequence[int] = ()) -> Any:
    """Return the first token's vector, the mean of all, and that mean in each of `layers`, which are below the last.

    Shape (texts, (2 + layers) × dimensions).
    """
    import torch

    encoded = tokenizer(list(texts), padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    read = layers_of(encoded)
    mask = encoded["attention_mask"][..., None].to(read[-1].dtype)
    means = [(layer * mask).sum(1) / mask.sum(1) for layer in (read[-1], *(read[n] for n in layers))]
    return torch.cat([read[-1][:, 0], *means], 1)


def pool_all(tokenizer: Any, layers_of: LayersOf, texts: Sequence[Text], layers: Sequence[int] = ()) -> np.ndarray:
    """Return what `pool` makes of any number of texts where nothing is learnt."""
    import torch

    by_length = sorted(range(len(texts)), key=lambda n: length(texts[n]))  # so that little is padding
    batches = [by_length[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    with torch.inference_mode():
        read = [pool(tokenizer, layers_of, [texts[n] for n in rows], layers).numpy() for rows in batches]
    found = np.zeros((len(texts), read[0].shape[1] if read else 0), dtype=np.float32)
    for rows, part in zip(batches, read, strict=True):
        found[rows] = part
    return found


def published(base: Any) -> LayersOf:
    """Return what a transformer makes of tokens, as its library computes it: the embeddings, then every layer."""
    return lambda encoded: base(**encoded, output_hidden_states=True).hidden_states


def fused(base: Any) -> LayersOf:
    """Return the same to read with only: torch runs each of its own layers as one step where nothing is learnt.

    The library's many small steps take half as long again for one question, and keep other threads waiting.
    """
    import torch

    config, own = base.config, base.embeddings
    layers = []
    with torch.no_grad():
        for layer in base.encoder.layer:
            attention = layer.attention.self
            parts = {
                "self_attn.out_proj": layer.attention.output.dense, "norm1": layer.attention.output.LayerNorm,
                "linear1": layer.intermediate.dense, "linear2": layer.output.dense, "norm2": layer.output.LayerNorm,
            }  # fmt: skip
            weights = {f"{name}.{of}": getattr(part, of) for name, part in parts.items() for of in ("weight", "bias")}
            for of in ("weight", "bias"):
                projections = [getattr(part, of) for part in (attention.query, attention.key, attention.value)]
                weights[f"self_attn.in_proj_{of}"] = torch.cat(projections)
            one = torch.nn.TransformerEncoderLayer(
                config.hidden_size,
                config.num_attention_heads,
                config.intermediate_size,
                activation=config.hidden_act,
                layer_norm_eps=config.layer_norm_eps,
                batch_first=True,
            )
            one.load_state_dict(weights)
            layers.append(one.eval())

    def layers_of(encoded: Any) -> list[Any]:
        read = [own(input_ids=encoded["input_ids"], token_type_ids=encoded["token_type_ids"])]
        padding = encoded["attention_mask"] == 0
        hidden = padding if padding.any() else None
        for layer in layers:
            read.append(layer(read[-1], src_key_padding_mask=hidden))
        return read

    return layers_of


def trained_on(path: Path) -> str:
    """Return the sha256 of the examples that a classifier was trained on. Raises `ModelError`."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return str(file["examples"])
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"cannot read {path} ({error}): run `python -m ingest.classifier {path.stem}`") from error


def save(path: Path, trained: Trained, examples: str) -> None:
    """Write a classifier, its weights in half precision; `examples` is the sha256 of what it was trained on."""
    arrays: dict[str, Any] = {name: array.astype(np.float16) for name, array in trained.weights.items()}
    arrays |= {"labels": np.array(trained.labels), "thresholds": trained.thresholds, "examples": np.array(examples)}
    np.savez_compressed(path, **arrays, layers=np.array(trained.layers, dtype=int))


def length(text: Text) -> int:
    """Return how many characters a text, or a pair, has."""
    return len(text) if isinstance(text, str) else len(text[0]) + len(text[1])
