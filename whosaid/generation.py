"""EDGE: Chroma. One built index is a generation: a folder that is written once and then only read.

Before it goes live a generation is probed with vectors whose neighbours are known, in a child process, since a torn
HNSW file can end the process that opens it, and `count()` stays right over a broken one. What passed is sealed by a
hash, so that an open touches no file that changed since, and is probed again. Chroma is only ever given vectors: a
stored embedding configuration is refused before Chroma sees it, because the client would build whatever model it names.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from whosaid.errors import IndexUnusableError
from whosaid.settings import ROOT

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from langchain_core.embeddings import Embeddings

FORMAT = 4
REMEDY = "run `python -m ingest`"
_PROBES_FILE, _ARRAYS = "probes.npz", "arrays.npz"
_BATCH = 1000  # Chroma takes at most 5,461 records at once
_PROBES = 24
_PROBE_TIMEOUT_S = 60
_CHANGES_AT_AN_OPEN = "acquire_write"  # the table in which Chroma notes that it may write
_FULL_TEXT = "embedding_fulltext_search"  # tables that are never searched, in SQLite's own format
_NO_MODEL = {"legacy", "unknown"}  # what Chroma stores as the embedding function where it was given none
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
    seal: str = ""  # of this manifest and the files that passed the probe
    format: int = FORMAT
    chroma: str = field(default_factory=lambda: version("chromadb"))


@dataclass(frozen=True)
class Record:
    """One text to be found by its vector, with the metadata that filters need."""

    id: str
    text: str
    metadata: Mapping[str, str]


def read_manifest(generation: Path) -> Manifest:
    """Return how a generation was built. Raises `IndexUnusableError` where that cannot be read."""
    try:
        manifest = Manifest(**json.loads((generation / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexUnusableError(f"the index at {generation} is broken (manifest: {error}): {REMEDY}") from error
    if manifest.format != FORMAT or manifest.chroma != version("chromadb"):
        raise IndexUnusableError(f"the index at {generation} was built by another version: {REMEDY}")
    return manifest


def read_generation(
    generation: Path, manifest: Manifest
) -> "tuple[Client, dict[str, Collection], dict[str, np.ndarray]]":
    """Open a generation that is as it was sealed: its client, its probed collections, the arrays kept with it.

    Raises `IndexUnusableError`; unless it says that Chroma or a probe failed, nothing was written.
    """
    if _seal(generation, manifest) != manifest.seal:
        raise IndexUnusableError(f"the index at {generation} is broken (its files changed): {REMEDY}")
    _refuse_models(generation)
    client = _client(generation)
    try:
        return client, _probed_collections(client, generation, manifest), _load_arrays(generation / _ARRAYS)
    except BaseException:
        client.close()
        raise


def write_generation(
    generation: Path,
    manifest: Manifest,
    collections: Mapping[str, tuple[Sequence[Record], "np.ndarray"]],
    arrays: "Mapping[str, np.ndarray] | None" = None,
    progress: Callable[[int], None] = lambda count: None,
) -> None:
    """Build a generation in a new folder, from records and unit vectors of shape (records, dimensions).

    `arrays` are kept with it. It is not live before `switch`. `progress` is told how many records each step added.
    Raises `IndexUnusableError` where Chroma or the disk cannot take it, or the result fails its probe; nothing of it
    is left then.
    """
    try:
        generation.mkdir()
        (generation / "lock").touch()
        _fill(generation, collections, progress)
        _write_probes(generation, collections)
        _save_arrays(generation / _ARRAYS, arrays or {})
        _write_manifest(generation, manifest)
        _probe_in_child(generation)
        _write_manifest(generation, replace(manifest, seal=_seal(generation, manifest)))
        for path in (*generation.rglob("*"), generation):
            fsync(path)
    except Exception as error:  # Chroma's errors, SQLite's and the disk's share no base class
        shutil.rmtree(
            generation, ignore_errors=True
        )  # what is left of it would fill the disk that the next build needs
        raise IndexUnusableError(
            f"cannot write the index at {generation} ({_first_line(error)}): "
            "free some space or mend the folder and run `python -m ingest` again; the old index is untouched"
        ) from error


def fsync(path: Path) -> None:
    """Have a file or folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(
    generation: Path,
    manifest: Manifest,
    collections: Mapping[str, tuple[Sequence[Record], "np.ndarray"]],
    arrays: "Mapping[str, np.ndarray]",
    progress: Callable[[int], None],
) -> None:
    (generation / "lock").touch()
    _fill(generation, collections, progress)
    _write_probes(generation, collections)
    _save_arrays(generation / _ARRAYS, arrays)
    _write_manifest(generation, manifest)
    _probe_in_child(generation)
    _write_manifest(generation, replace(manifest, seal=_seal(generation, manifest)))
    for path in (*generation.rglob("*"), generation):
        fsync(path)


def _fill(
    generation: Path,
    collections: Mapping[str, tuple[Sequence[Record], "np.ndarray"]],
    progress: Callable[[int], None],
) -> None:
    from langchain_chroma import Chroma

    with closing(_client(generation)) as client:
        for name, (records, vectors) in collections.items():
            # langchain-chroma asks this for the vectors itself and gives Chroma no embedding function
            given = cast("Embeddings", _Given(records, vectors))
            chroma = Chroma(name, given, client=client, collection_configuration={"hnsw": _HNSW})
            for first in range(0, len(records), _BATCH):
                batch = records[first : first + _BATCH]
                chroma.add_texts([r.text for r in batch], [dict(r.metadata) for r in batch], ids=[r.id for r in batch])
                progress(len(batch))


def _probed_collections(client: "Client", generation: Path, manifest: Manifest) -> "dict[str, Collection]":
    """Open each collection and query it with known vectors. Raises `IndexUnusableError` where one is not found."""
    import numpy as np

    probes = _load_arrays(generation / _PROBES_FILE)
    collections = {}
    for name, count in manifest.counts.items():
        collections[name] = collection = _collection(client, name, count)
        if not count:
            continue
        found = collection.query(query_embeddings=probes[name], n_results=1, include=["distances"])
        distances = np.array(found["distances"])
        if distances.shape != (len(probes[name]), 1) or not (np.abs(distances) < _SAME).all():
            raise IndexUnusableError(f"the index is broken ({name}: a known vector does not find itself): {REMEDY}")
    return collections


def _probe_in_child(generation: Path) -> None:
    command = [sys.executable, "-m", "whosaid.generation", str(generation)]
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


def _client(generation: Path) -> "Client":
    from chromadb import PersistentClient
    from chromadb.config import Settings

    try:
        return cast("Client", PersistentClient(str(generation), Settings(anonymized_telemetry=False)))
    except Exception as error:  # Chroma's errors share no base class with SQLite's
        raise IndexUnusableError(
            f"cannot open the index at {generation} ({_first_line(error)}): "
            "the folder must be writable for Chroma, or set WHOSAID_INDEX_DIR"
        ) from error


def _collection(client: "Client", name: str, count: int) -> "Collection":
    try:
        collection = client.get_collection(name, embedding_function=None)
        found = collection.count()
    except Exception as error:  # Chroma's errors share no base class with SQLite's
        raise IndexUnusableError(f"the index is broken ({_first_line(error)}): {REMEDY}") from error
    if found != count:
        raise IndexUnusableError(f"collection {name} has {found} records, not {count}: {REMEDY}")
    return collection


def _refuse_models(generation: Path) -> None:
    """Raise `IndexUnusableError` where a collection names an embedding function, before any client sees it."""
    with closing(_database(generation)) as database:
        rows = database.execute("SELECT name, config_json_str, schema_str FROM collections").fetchall()
    for name, *stored in rows:
        for text in filter(None, stored):
            if _models_in(json.loads(text)) - _NO_MODEL:
                raise IndexUnusableError(
                    f"collection {name} stores an embedding configuration: it is not ours; {REMEDY}"
                )


def _models_in(stored: object) -> set[str]:
    """Return the types of all embedding functions in a collection's stored configuration."""
    if isinstance(stored, list):
        return set().union(*map(_models_in, stored))
    if not isinstance(stored, dict):
        return set()
    function = stored.get("embedding_function") or {"type": "legacy"}
    here = str(function.get("type")) if isinstance(function, dict) else str(function)
    return {here}.union(*map(_models_in, stored.values()))


def _database(generation: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{(generation / 'chroma.sqlite3').as_uri()}?mode=ro", uri=True)


def _seal(generation: Path, manifest: Manifest) -> str:
    """Hash what a search reads: manifest, HNSW files and arrays byte by byte, of SQLite the tables and their rows.

    SQLite's file itself changes with each opening: Chroma notes there that it may write.
    """
    digest = hashlib.sha256(json.dumps(asdict(replace(manifest, seal="")), sort_keys=True).encode())
    try:
        for path in sorted(p for p in generation.rglob("*") if p.suffix in {".bin", ".pickle", ".npz"}):
            digest.update(f"{path.relative_to(generation)}\0".encode() + path.read_bytes())
        with closing(_database(generation)) as database:
            digest.update(repr(database.execute("PRAGMA integrity_check").fetchall()).encode())
            for name, sql in database.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall():
                digest.update(f"{name}\0{sql}".encode())
                if str(sql).startswith("CREATE TABLE") and not name.startswith((_CHANGES_AT_AN_OPEN, _FULL_TEXT)):
                    for row in database.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):  # noqa: S608
                        digest.update(repr(row).encode())
    except (OSError, sqlite3.Error) as error:
        raise IndexUnusableError(f"the index at {generation} is broken ({error}): {REMEDY}") from error
    return digest.hexdigest()


def _write_manifest(generation: Path, manifest: Manifest) -> None:
    (generation / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


if __name__ == "__main__":
    try:
        found = read_manifest(Path(sys.argv[1]))
        _probed_collections(_client(Path(sys.argv[1])), Path(sys.argv[1]), found)
    except Exception as error:
        sys.exit(_first_line(error))
