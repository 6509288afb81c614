"""Texts → vectors, remembering what was embedded before, so that an index is rebuilt in seconds.

The memory is one file a model beside the index. It is a cache: one that cannot be read is made anew.
"""

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from whosaid.embedder import Embedder
from whosaid.store import telling_of_the_disk

_BATCH = 64


def embed(
    texts: Sequence[str],
    load: Callable[[], Embedder],
    memory: Path,
    progress: Callable[[int], None] = lambda count: None,
) -> np.ndarray:
    """Return unit vectors of shape (texts, dimensions), float32.

    Only texts that `memory` lacks are embedded; the model is loaded only where there are some. `progress` is
    told how many texts each step settled.
    """
    known = _read(memory)
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in known}.items())
    progress(len(texts) - len(missing))
    embedder = load() if missing else None
    for first in range(0, len(missing), _BATCH):
        batch = missing[first : first + _BATCH]
        assert embedder is not None
        vectors = np.asarray(embedder.embed_documents([text for _, text in batch]), dtype=np.float32)
        known.update(zip((key for key, _ in batch), vectors, strict=True))
        progress(len(batch))
    if missing:
        _write(memory, {key: known[key] for key in keys})
    return np.stack([known[key] for key in keys]) if keys else np.zeros((0, 0), dtype=np.float32)


def _read(memory: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(memory, allow_pickle=False) as file:
            keys, vectors = file["keys"], file["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if vectors.ndim != 2 or len(keys) != len(vectors) or not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3):
        return {}
    return dict(zip(keys.tolist(), vectors, strict=True))


def _write(memory: Path, known: dict[str, np.ndarray]) -> None:
    beside = memory.with_suffix(".new.npz")
    with telling_of_the_disk(memory.parent):
        try:
            np.savez(beside, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
            beside.replace(memory)
        except OSError:
            beside.unlink(missing_ok=True)  # half of it would only fill the disk
            raise
