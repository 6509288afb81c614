"""The index folder: which generation is live, who may touch one, and the live one opened for search.

The index is a cache of corpus/. `CURRENT`, a pointer of ours, names the live generation, so a build that is killed
leaves the old index or the new one. Who may touch a generation: one writer, while nobody reads it; afterwards readers,
any number of them.
"""

import fcntl
import os
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from whosaid.errors import IndexUnusableError
from whosaid.generation import REMEDY, Manifest, fsync, read_generation, read_manifest

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection


class Index:
    """The open live generation. It lets go of it when it is closed or nobody holds it any longer."""

    def __init__(
        self,
        manifest: Manifest,
        client: "Client",
        collections: Mapping[str, "Collection"],
        arrays: "Mapping[str, np.ndarray]",
        lock: int,
    ) -> None:
        self.manifest = manifest
        self.arrays = arrays  # of the models that were trained with it
        self._collections = collections
        self._let_go = weakref.finalize(self, _let_go, client, lock)
        self._let_go.atexit = False  # the end of the process does it, and faster

    def nearest(
        self, collection: str, vector: Sequence[float], k: int, where: Mapping[str, Any] | None = None
    ) -> list[tuple[str, float]]:
        """Return the ids of the `k` records nearest to a unit vector with their cosine similarity, nearest first."""
        found = self._collections[collection].query(
            query_embeddings=cast(Any, [list(vector)]),
            n_results=max(1, min(k, self.manifest.counts[collection])),
            where=dict(where) if where else None,
            include=["distances"],
        )
        distances = found["distances"] or [[]]
        return [(id_, 1.0 - distance) for id_, distance in zip(found["ids"][0], distances[0], strict=True)]

    def close(self) -> None:
        """Let go of the generation, so that the next ingest may remove it."""
        self._let_go()


def _let_go(client: "Client", lock: int) -> None:
    client.close()
    os.close(lock)


def open_index(index_dir: Path, corpus_sha256: str, model_fingerprint: str) -> Index:
    """Open the live generation. Raises `IndexUnusableError` where it is missing, stale, foreign or broken."""
    generation = current(index_dir)
    if generation is None:
        raise IndexUnusableError(f"there is no index at {index_dir}: {REMEDY}")
    manifest = read_manifest(generation)
    if manifest.corpus_sha256 != corpus_sha256:
        raise IndexUnusableError(f"the index at {index_dir} was built from another corpus: {REMEDY}")
    if manifest.model_fingerprint != model_fingerprint:
        raise IndexUnusableError(f"the index at {index_dir} was built with another model ({manifest.model}): {REMEDY}")
    try:
        lock = _lock(generation / "lock", fcntl.LOCK_SH, f"the index at {generation} is being removed: try again")
    except OSError as error:  # an ingest may have put another generation in its place just now
        raise IndexUnusableError(f"cannot open the index at {generation} ({error.strerror}): try again") from error
    try:
        client, collections, arrays = read_generation(generation, manifest)
    except BaseException:
        os.close(lock)
        raise
    return Index(manifest, client, collections, arrays, lock)


def current(index_dir: Path) -> Path | None:
    """Return the folder of the live generation, `None` where nothing was ever built."""
    try:
        name = (index_dir / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnusableError(f"cannot read {index_dir / 'CURRENT'} ({error}): {REMEDY}") from error
    if not name or "/" in name or not (index_dir / name).is_dir():
        raise IndexUnusableError(f"{index_dir / 'CURRENT'} names no generation ({name[:40]!r}): {REMEDY}")
    return index_dir / name


def switch(index_dir: Path, generation: Path) -> None:
    """Make a generation the live one, in one step that survives a crash."""
    beside = index_dir / "CURRENT.new"
    with telling_of_the_disk(index_dir):
        with beside.open("w", encoding="utf-8") as file:
            file.write(generation.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(index_dir / "CURRENT")
        fsync(index_dir)


@contextmanager
def telling_of_the_disk(index_dir: Path) -> Iterator[None]:
    """Say what to do where a file of the index folder cannot be written. Raises `IndexUnusableError`."""
    try:
        yield
    except OSError as error:
        raise IndexUnusableError(
            f"cannot write the index at {index_dir} ({error.strerror}): "
            "free some space, make the folder writable or set WHOSAID_INDEX_DIR; the old index is untouched"
        ) from error


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Be the one process that builds under `index_dir`; a second one is told at once."""
    with telling_of_the_disk(index_dir):
        index_dir.mkdir(parents=True, exist_ok=True)
        lock = _lock(
            index_dir / "ingest.lock", fcntl.LOCK_EX, f"another ingest is writing {index_dir}: wait for it to end"
        )
    try:
        yield
    finally:
        os.close(lock)


def removable(generation: Path) -> bool:
    """Whether no process reads a generation."""
    try:
        lock = _lock(generation / "lock", fcntl.LOCK_EX, "in use")
    except (IndexUnusableError, OSError):
        return False
    os.close(lock)
    return True


def _lock(path: Path, kind: int, refusal: str) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT if kind == fcntl.LOCK_EX else os.O_RDONLY, 0o666)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise IndexUnusableError(refusal) from error
    return handle
