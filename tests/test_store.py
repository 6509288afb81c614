"""The index on disk: found, refused, probed and owned."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from whosaid import generation as generations
from whosaid import store
from whosaid.errors import IndexUnusableError
from whosaid.generation import FORMAT, Manifest, Record
from whosaid.settings import ROOT


def vectors(count: int, seed: int = 0) -> np.ndarray:
    made = np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32)
    unit: np.ndarray = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


def write(index_dir: Path, count: int = 40, *, name: str = "generation", live: bool = True) -> Path:
    index_dir.mkdir(parents=True, exist_ok=True)
    records = [Record(f"r{n}", f"text {n}", {"article": "a", "even": str(n % 2 == 0)}) for n in range(count)]
    manifest = Manifest("corpus", "model", "fingerprint", {"records": count})
    generations.write_generation(index_dir / name, manifest, {"records": (records, vectors(count))})
    if live:
        store.switch(index_dir, index_dir / name)
    return index_dir / name


def reseal(generation: Path) -> None:
    """Put a seal on files that were tampered with, as somebody would who knows of it."""
    manifest = generations.read_manifest(generation)
    generations._write_manifest(generation, replace(manifest, seal=generations._seal(generation, manifest)))


def open_index(index_dir: Path) -> store.Index:
    return store.open_index(index_dir, "corpus", "fingerprint")


def test_every_record_finds_itself_and_filters_hold(tmp_path: Path) -> None:
    write(tmp_path, 300)
    index = open_index(tmp_path)
    for number, vector in enumerate(vectors(300)):
        (id_, similarity), *_ = index.nearest("records", vector.tolist(), 3)
        assert id_ == f"r{number}"
        assert similarity == pytest.approx(1, abs=1e-4)
    found = index.nearest("records", vectors(300)[1].tolist(), 300, where={"even": "True"})
    assert len(found) == 150
    assert all(int(id_[1:]) % 2 == 0 for id_, _ in found)
    index.close()


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusableError, match=r"there is no index at .*run `python -m ingest`"):
        open_index(tmp_path)


def test_an_index_of_another_corpus_or_model_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(IndexUnusableError, match="another corpus"):
        store.open_index(tmp_path, "edited", "fingerprint")
    with pytest.raises(IndexUnusableError, match=r"another model \(model\)"):
        store.open_index(tmp_path, "corpus", "other")


def test_an_index_of_another_format_is_refused(tmp_path: Path) -> None:
    manifest = write(tmp_path) / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {FORMAT}', '"format": 1'))
    with pytest.raises(IndexUnusableError, match="another version"):
        open_index(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"corpus_sha256": 1}', "\x00" * 50])
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (write(tmp_path) / "manifest.json").write_text(text)
    with pytest.raises(IndexUnusableError, match="run `python -m ingest`"):
        open_index(tmp_path)


@pytest.mark.parametrize("text", ["", "nowhere\n", "../elsewhere\n", "\xff\xfe"])
def test_a_broken_pointer_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path)
    (tmp_path / "CURRENT").write_bytes(text.encode("latin-1"))
    with pytest.raises(IndexUnusableError, match="run `python -m ingest`"):
        open_index(tmp_path)


@pytest.mark.parametrize("kept", [0, 0.5])
def test_a_truncated_file_is_found_out(tmp_path: Path, kept: float) -> None:
    generation = write(tmp_path, 1200)  # over 1,000 records, so that HNSW files are on disk
    files = [path for path in generation.rglob("*") if path.suffix in {".bin", ".pickle", ".sqlite3"}]
    assert len(files) >= 5
    for path in files:
        whole = path.read_bytes()
        if not whole:
            continue
        path.write_bytes(whole[: int(len(whole) * kept)])
        with pytest.raises(IndexUnusableError, match="run `python -m ingest`"):
            open_index(tmp_path)
        path.write_bytes(whole)
    open_index(tmp_path).close()


def test_vectors_that_were_swapped_are_found_out_though_the_count_is_right(tmp_path: Path) -> None:
    generation = write(tmp_path)
    np.savez(generation / "probes.npz", records=vectors(24, seed=1))
    reseal(generation)
    with pytest.raises(IndexUnusableError, match="does not find itself"):
        open_index(tmp_path)


@pytest.mark.parametrize("column", ["config_json_str", "schema_str"])
def test_a_planted_collection_with_an_embedding_configuration_is_refused_before_any_write(
    tmp_path: Path, column: str
) -> None:
    from chromadb.utils.embedding_functions import DefaultEmbeddingFunction

    generation = write(tmp_path)
    with closing(generations._client(generation)) as client:
        client.delete_collection("records")
        planted = client.create_collection("records", embedding_function=DefaultEmbeddingFunction())  # type: ignore[arg-type]
        planted.add(ids=[f"r{n}" for n in range(40)], embeddings=vectors(40))
    with closing(sqlite3.connect(generation / "chroma.sqlite3")) as database, database:  # Chroma stores it in either
        both = database.execute("SELECT config_json_str, schema_str FROM collections").fetchone()
        stored = next(text for text in both if text and "embedding_function" in text)
        database.execute(f"UPDATE collections SET config_json_str = '{{}}', schema_str = NULL, {column} = ?", [stored])
    reseal(generation)
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in generation.rglob("*") if path.is_file()}
    with pytest.raises(IndexUnusableError, match="stores an embedding configuration"):
        open_index(tmp_path)
    assert before == {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in generation.rglob("*") if path.is_file()
    }


def test_a_manifest_that_was_changed_is_found_out(tmp_path: Path) -> None:
    generation = write(tmp_path)
    generations._write_manifest(generation, replace(generations.read_manifest(generation), calibration={"sure": 0}))
    with pytest.raises(IndexUnusableError, match="its files changed"):
        open_index(tmp_path)


def test_an_index_that_nobody_holds_any_longer_lets_go_by_itself(tmp_path: Path) -> None:
    generation = write(tmp_path)
    index = open_index(tmp_path)
    assert not store.removable(generation)
    del index
    assert store.removable(generation)


def test_a_second_writer_is_told_at_once(tmp_path: Path) -> None:
    with (
        store.writing(tmp_path),
        pytest.raises(IndexUnusableError, match="another ingest"),
        store.writing(tmp_path),
    ):
        pass
    with store.writing(tmp_path):
        pass  # free again


def test_readers_share_a_generation_and_keep_it_from_being_removed(tmp_path: Path) -> None:
    generation = write(tmp_path)
    first, second = open_index(tmp_path), open_index(tmp_path)
    assert not store.removable(generation)
    first.close()
    assert not store.removable(generation)
    second.close()
    assert store.removable(generation)


def test_processes_that_read_at_once_never_miss(tmp_path: Path) -> None:
    write(tmp_path, 1500)
    open_index(tmp_path).close()
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.test_store import open_index, vectors\n"
        "index = open_index(Path(sys.argv[1]))\n"
        "rows = list(enumerate(vectors(1500)))[::5]\n"
        "print(sum(index.nearest('records', v.tolist(), 1)[0][0] != f'r{n}' for n, v in rows))"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [run.communicate(timeout=60)[0].strip() for run in runs] == ["0", "0", "0"]


def test_a_build_that_fails_leaves_the_live_generation(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(IndexUnusableError, match="old index is untouched"):
        write(tmp_path, name="no/such/folder")
    open_index(tmp_path).close()


def test_a_place_that_cannot_be_written_says_so() -> None:
    with pytest.raises(IndexUnusableError, match="WHOSAID_INDEX_DIR"), store.writing(Path("/proc/whosaid")):
        pass


def test_a_read_only_index_says_what_to_do(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    write(disk)
    if subprocess.run(["mount", "--bind", str(disk), str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("only root can make a file system that cannot be written")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(disk)], check=True)
        code = (
            "import sys; from pathlib import Path; from tests.test_store import open_index\n"
            "from whosaid.errors import WhoSaidError\n"
            "try: open_index(Path(sys.argv[1])).close()\n"
            "except WhoSaidError as error: print(error)"
        )
        run = subprocess.run(
            [sys.executable, "-c", code, str(disk)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert "the folder must be writable for Chroma, or set WHOSAID_INDEX_DIR" in run.stdout
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_flipped_bit_is_found_out(tmp_path: Path, place: float) -> None:
    generation = write(tmp_path, 1200)
    for path in generation.rglob("data_level0.bin"):
        whole = bytearray(path.read_bytes())
        whole[int(len(whole) * place)] ^= 1
        path.write_bytes(whole)
    with pytest.raises(IndexUnusableError, match="its files changed"):
        open_index(tmp_path)


def test_the_manifest_tells_how_it_was_built(tmp_path: Path) -> None:
    manifest = json.loads((write(tmp_path) / "manifest.json").read_text())
    assert manifest["counts"] == {"records": 40}
    assert manifest["chroma"]
