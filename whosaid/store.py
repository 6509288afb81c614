"""EDGE: Chroma. One built index is a generation: a folder that is written once and then only read.

The index is a cache of corpus/. `CURRENT`, a pointer of ours, names the live generation, so a build that is
killed leaves the old index or the new one. Before it goes live a generation is probed with vectors whose
neighbours are known, in a child process, since a torn HNSW file can end the process that opens it, and
`count()` stays right over a broken one. What passed is sealed by a hash, so that an open touches no file that
changed since, and is probed again. Chroma is only ever given vectors: a stored embedding configuration is
refused, because the client would build whatever model it names.

Who may touch a generation: one writer, while nobody reads it; afterwards readers, any number of them.
"""

import fcntl
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from whosaid.errors import IndexUnusableError
from whosaid.settings import ROOT

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from langchain_core.embeddings import Embeddings

FORMAT = 2
_REMEDY = "run `python -m ingest`"
_PROBES_FILE, _ARRAYS = "probes.npz", "arrays.npz"
_BATCH = 1000  # Chroma takes at most 5,461 records at once
_PROBES = 24
_PROBE_TIMEOUT_S = 60
_TABLES = ("collections", "segments", "embeddings", "embedding_metadata")
_SAME = 1e-3  # cosine distance under which two stored vectors are the same text
# Wide enough that search over some thousand records is exact in practice; all of it on disk once a build ends,
# not in SQLite's queue, since the seal covers the files (FORMAT changes with it).
_HNSW: Any = {
    "space": "cosine",
    "ef_construction": 200,
    "ef_search": 400,
    "max_neighbors": 32,
    "batch_size": 2,
    "sync_threshold": 2,
}


@dataclass(frozen=True)
class Manifest:
    """How a generation was built: what it is a cache of, and what its build measured."""

    corpus_sha256: str
    model: str
    model_fingerprint: str
    counts: Mapping[str, int]
    calibration: Mapping[str, Any] = field(default_factory=dict)
    seal: str = ""  # of the files that passed the probe
    format: int = FORMAT
    chroma: str = field(default_factory=lambda: version("chromadb"))


@dataclass(frozen=True)
class Record:
    """One text to be found by its vector, with the metadata that filters need."""

    id: str
    text: str
    metadata: Mapping[str, str]


class Index:
    """The open live generation."""

    def __init__(
        self,
        manifest: Manifest,
        collections: Mapping[str, "Collection"],
        arrays: "Mapping[str, np.ndarray]",
        lock: int,
    ) -> None:
        self.manifest = manifest
        self.arrays = arrays  # of the models that were trained with it
        self._collections = collections
        self._lock = lock  # held, shared, as long as this object lives

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
        os.close(self._lock)


def open_index(index_dir: Path, corpus_sha256: str, model_fingerprint: str) -> Index:
    """Open the live generation. Raises `IndexUnusableError` where it is missing, stale, foreign or broken."""
    generation = current(index_dir)
    if generation is None:
        raise IndexUnusableError(f"there is no index at {index_dir}: {_REMEDY}")
    manifest = read_manifest(generation)
    if manifest.corpus_sha256 != corpus_sha256:
        raise IndexUnusableError(f"the index at {index_dir} was built from another corpus: {_REMEDY}")
    if manifest.model_fingerprint != model_fingerprint:
        raise IndexUnusableError(f"the index at {index_dir} was built with another model ({manifest.model}): {_REMEDY}")
    try:
        lock = _lock(generation / "lock", fcntl.LOCK_SH, f"the index at {generation} is being removed: try again")
    except OSError as error:  # an ingest may have put another generation in its place just now
        raise IndexUnusableError(f"cannot open the index at {generation} ({error.strerror}): try again") from error
    try:
        if _seal(generation) != manifest.seal:
            raise IndexUnusableError(f"the index at {generation} is broken (its files changed): {_REMEDY}")
        return Index(manifest, _probed_collections(generation, manifest), _load_arrays(generation / _ARRAYS), lock)
    except BaseException:
        os.close(lock)
        raise


def current(index_dir: Path) -> Path | None:
    """Return the folder of the live generation, `None` where nothing was ever built."""
    try:
        name = (index_dir / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnusableError(f"cannot read {index_dir / 'CURRENT'} ({error}): {_REMEDY}") from error
    if not name or "/" in name or not (index_dir / name).is_dir():
        raise IndexUnusableError(f"{index_dir / 'CURRENT'} names no generation ({name[:40]!r}): {_REMEDY}")
    return index_dir / name


def switch(index_dir: Path, generation: Path) -> None:
    """Make a generation the live one, in one step that survives a crash."""
    beside = index_dir / "CURRENT.new"
    with beside.open("w", encoding="utf-8") as file:
        file.write(generation.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(index_dir / "CURRENT")
    _fsync(index_dir)


def read_manifest(generation: Path) -> Manifest:
    """Return how a generation was built. Raises `IndexUnusableError` where that cannot be read."""
    try:
        manifest = Manifest(**json.loads((generation / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexUnusableError(f"the index at {generation} is broken (manifest: {error}): {_REMEDY}") from error
    if manifest.format != FORMAT or manifest.chroma != version("chromadb"):
        raise IndexUnusableError(f"the index at {generation} was built by another version: {_REMEDY}")
    return manifest


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Be the one process that builds under `index_dir`; a second one is told at once."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock = _lock(
            index_dir / "ingest.lock", fcntl.LOCK_EX, f"another ingest is writing {index_dir}: wait for it to end"
        )
    except OSError as error:
        raise IndexUnusableError(
            f"cannot write the index at {index_dir} ({error.strerror}): "
            "make the folder writable or set WHOSAID_INDEX_DIR"
        ) from error
    try:
        yield
    finally:
        os.close(lock)


def write_generation(
    generation: Path,
    manifest: Manifest,
    collections: Mapping[str, tuple[Sequence[Record], "np.ndarray"]],
    arrays: "Mapping[str, np.ndarray] | None" = None,
    progress: Callable[[int], None] = lambda count: None,
) -> None:
    """Build a generation in a new folder, from records and unit vectors of shape (records, dimensions).

    `arrays` are kept with it. It is not live before `switch`. `progress` is told how many records each step added.
    Raises `IndexUnusableError` where Chroma or the disk cannot take it, or the result fails its probe.
    """
    from langchain_chroma import Chroma

    try:
        generation.mkdir()
        (generation / "lock").touch()
        client = _client(generation)
        for name, (records, vectors) in collections.items():
            # langchain-chroma asks this for the vectors itself and gives Chroma no embedding function
            given = cast("Embeddings", _Given(records, vectors))
            chroma = Chroma(name, given, client=client, collection_configuration={"hnsw": _HNSW})
            for first in range(0, len(records), _BATCH):
                batch = records[first : first + _BATCH]
                chroma.add_texts([r.text for r in batch], [dict(r.metadata) for r in batch], ids=[r.id for r in batch])
                progress(len(batch))
        _write_probes(generation, collections)
        _save_arrays(generation / _ARRAYS, arrays or {})
        _write_manifest(generation, manifest)
        _probe_in_child(generation)
        _write_manifest(generation, replace(manifest, seal=_seal(generation)))
        for path in generation.rglob("*"):
            _fsync(path)
    except Exception as error:  # Chroma's errors, SQLite's and the disk's share no base class
        raise IndexUnusableError(
            f"cannot write the index at {generation} ({_first_line(error)}): "
            "free some space or mend the folder and run `python -m ingest` again; the old index is untouched"
        ) from error


def removable(generation: Path) -> bool:
    """Whether no process reads a generation."""
    try:
        lock = _lock(generation / "lock", fcntl.LOCK_EX, "in use")
    except (IndexUnusableError, OSError):
        return False
    os.close(lock)
    return True


def _probed_collections(generation: Path, manifest: Manifest) -> "dict[str, Collection]":
    """Open each collection and query it with known vectors. Raises `IndexUnusableError` where one is not found."""
    import numpy as np

    try:
        client = _client(generation)
    except Exception as error:  # Chroma's errors share no base class with SQLite's
        raise IndexUnusableError(
            f"cannot read the index at {generation} ({_first_line(error)}): "
            "the folder must be writable for Chroma, or set WHOSAID_INDEX_DIR"
        ) from error
    probes = _load_arrays(generation / _PROBES_FILE)
    collections = {}
    for name, count in manifest.counts.items():
        collections[name] = collection = _collection(client, name, count)
        if not count:
            continue
        found = collection.query(query_embeddings=probes[name], n_results=1, include=["distances"])
        distances = np.array(found["distances"])
        if distances.shape != (len(probes[name]), 1) or not (np.abs(distances) < _SAME).all():
            raise IndexUnusableError(f"the index is broken ({name}: a known vector does not find itself): {_REMEDY}")
    return collections


def _probe_in_child(generation: Path) -> None:
    command = [sys.executable, "-m", "whosaid.store", str(generation)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_PROBE_TIMEOUT_S, check=False)
    if run.returncode:
        raise IndexUnusableError((run.stderr.strip().splitlines() or [f"the probe ended with {run.returncode}"])[-1])


def _write_probes(generation: Path, collections: Mapping[str, tuple[Sequence[Record], "np.ndarray"]]) -> None:
    import numpy as np

    probes = {}
    for name, (_, vectors) in collections.items():
        rows = np.linspace(0, len(vectors) - 1, min(_PROBES, len(vectors))).astype(int)
        probes[name] = vectors[rows]
    _save_arrays(generation / _PROBES_FILE, probes)


def _save_arrays(path: Path, arrays: "Mapping[str, np.ndarray]") -> None:
    import numpy as np

    np.savez(path, **cast(Any, arrays))


def _load_arrays(path: Path) -> "dict[str, np.ndarray]":
    import numpy as np

    with np.load(path, allow_pickle=False) as file:
        return dict(file)


class _Given:
    """Hands langchain-chroma vectors that were made before."""

    def __init__(self, records: Sequence[Record], vectors: "np.ndarray") -> None:
        self._vectors = {record.text: vector for record, vector in zip(records, vectors, strict=True)}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vectors[text].tolist() for text in texts]


def _client(generation: Path) -> "ClientAPI":
    from chromadb import PersistentClient
    from chromadb.config import Settings

    return PersistentClient(str(generation), Settings(anonymized_telemetry=False))


def _collection(client: "ClientAPI", name: str, count: int) -> "Collection":
    try:
        collection = client.get_collection(name, embedding_function=None)
        stored = (collection.configuration_json.get("embedding_function") or {}).get("type", "legacy")
        if stored != "legacy":
            raise IndexUnusableError(f"collection {name} stores an embedding configuration: it is not ours; {_REMEDY}")
        if collection.count() != count:
            raise IndexUnusableError(f"collection {name} has {collection.count()} records, not {count}: {_REMEDY}")
    except IndexUnusableError:
        raise
    except Exception as error:  # Chroma's errors share no base class with SQLite's
        raise IndexUnusableError(f"the index is broken ({_first_line(error)}): {_REMEDY}") from error
    return collection


def _seal(generation: Path) -> str:
    """Hash what a search reads: the HNSW files and the probes byte by byte, of SQLite the rows.

    SQLite's file itself changes with each opening: Chroma notes there that it may write.
    """
    digest = hashlib.sha256()
    try:
        for path in sorted(p for p in generation.rglob("*") if p.suffix in {".bin", ".pickle", ".npz"}):
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
        with closing(sqlite3.connect(f"{(generation / 'chroma.sqlite3').as_uri()}?mode=ro", uri=True)) as database:
            for table in _TABLES:
                for row in database.execute(f"SELECT * FROM {table} ORDER BY rowid"):  # noqa: S608 - names of ours
                    digest.update(repr(row).encode())
    except (OSError, sqlite3.Error) as error:
        raise IndexUnusableError(f"the index at {generation} is broken ({error}): {_REMEDY}") from error
    return digest.hexdigest()


def _write_manifest(generation: Path, manifest: Manifest) -> None:
    (generation / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


def _lock(path: Path, kind: int, refusal: str) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT if kind == fcntl.LOCK_EX else os.O_RDONLY, 0o666)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise IndexUnusableError(refusal) from error
    return handle


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


if __name__ == "__main__":
    try:
        _probed_collections(Path(sys.argv[1]), read_manifest(Path(sys.argv[1])))
    except Exception as error:
        sys.exit(_first_line(error))
