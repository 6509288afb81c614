"""A full disk, a corpus that cannot be written, and index files that were truncated, zeroed, lost or bit-flipped."""

import hashlib
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.build import build
from tests.conftest import WordHashEmbedder
from tests.faults.conftest import FULL, mounted, times
from tests.faults.worlds import FEW, Worlds
from whosaid import store
from whosaid.errors import IndexUnusableError

KIB = 1024
DISK_KIB = 16 * KIB


def fill(disk: Path, left_kib: int) -> Path:
    """Take all of a disk but some."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    free = os.statvfs(disk)
    with filler.open("wb") as file:
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - left_kib * KIB)))
    return filler


def test_on_a_full_disk_an_ingest_says_so_and_the_old_index_goes_on(tmp_path: Path) -> None:
    with mounted("-t", "tmpfs", "-o", f"size={DISK_KIB}k", "tmpfs", at=tmp_path / "disk") as disk:
        worlds = Worlds(tmp_path, disk / "index", FEW)
        assert worlds.built(0)[0] == 0
        for left_kib in (0, 40, 300) if FULL else (40,):  # nothing, the vectors but no index, a part of the index
            filler = fill(disk, left_kib)
            status, _, error = worlds.built(1)
            assert status == 1, left_kib
            assert error.startswith("ingest: cannot write the index at")
            assert "free some space" in error and "the old index is untouched" in error
            assert error.count("\n") == 0
            live = store.current(worlds.index_dir)
            assert [path for path in worlds.index_dir.iterdir() if path.is_dir()] == [live]  # nothing takes room
            filler.unlink()
            assert worlds.wrong(0) == []
        assert worlds.built(1)[0] == 0
        assert worlds.wrong(1) == []


def test_an_index_on_a_full_disk_is_read(tmp_path: Path) -> None:
    with mounted("-t", "tmpfs", "-o", f"size={DISK_KIB}k", "tmpfs", at=tmp_path / "disk") as disk:
        worlds = Worlds(tmp_path, disk / "index", FEW)
        assert worlds.built(0)[0] == 0
        fill(disk, 0)
        try:
            assert worlds.wrong(0) == []
        except IndexUnusableError as error:  # Chroma notes in SQLite that it may write, which may need a page
            assert "WHOSAID_INDEX_DIR" in str(error)


def test_a_read_only_corpus_is_enough(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, questions=FEW)
    corpus = worlds.corpora[0]
    with mounted("--bind", "-o", "ro", str(corpus), at=corpus):
        with pytest.raises(OSError, match="Read-only"):
            (corpus / "probe").touch()
        assert worlds.built(0)[0] == 0
        assert worlds.wrong(0) == []


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda whole: b"",
    "halved": lambda whole: whole[: len(whole) // 2],
    "cut by a byte": lambda whole: whole[:-1],
    "zeroed": lambda whole: bytes(len(whole)),
    "overwritten": lambda whole: random.Random(6).randbytes(len(whole)),
}


@pytest.mark.parametrize("way", WAYS if FULL else ("halved", "zeroed"))
def test_each_damaged_file_is_found_out_and_one_ingest_mends_all(tmp_path: Path, way: str) -> None:
    worlds = Worlds(tmp_path, questions=FEW)
    build(worlds.settings(0), lambda _: WordHashEmbedder())
    files = [path for path in worlds.index_dir.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) >= 14
    for path in files:
        whole = path.read_bytes()
        path.write_bytes(WAYS[way](whole))
        if path.read_bytes().strip() == whole.strip():  # zeroes that were zeroed, CURRENT without its line's end
            continue
        if path.parent != worlds.index_dir or path.name == "CURRENT":  # the memory of vectors is read by ingest alone
            with pytest.raises(IndexUnusableError, match="run `python -m ingest`"):
                worlds.wrong(0)
            path.write_bytes(whole)
    assert worlds.wrong(0) == []
    for path in files:
        path.write_bytes(WAYS[way](path.read_bytes()))
    reason = build(worlds.settings(0), lambda _: WordHashEmbedder()).reason
    assert "broken" in reason or "names no generation" in reason or "cannot read" in reason
    assert worlds.wrong(0) == []


def test_a_lost_file_is_found_out(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, questions=FEW)
    build(worlds.settings(0), lambda _: WordHashEmbedder())
    live = store.current(worlds.index_dir)
    assert live
    for path in [path for path in live.rglob("*") if path.is_file()]:
        hidden = path.rename(tmp_path / "hidden")
        with pytest.raises(IndexUnusableError, match=r"run `python -m ingest`|try again"):
            worlds.wrong(0)
        hidden.rename(path)
    assert worlds.wrong(0) == []


def test_a_flipped_bit_anywhere_is_found_out_or_changes_no_neighbour(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, questions=FEW)
    build(worlds.settings(0), lambda _: WordHashEmbedder())
    live = store.current(worlds.index_dir)
    assert live
    files = [path for path in live.rglob("*") if path.is_file() and path.stat().st_size]
    places, found_out = random.Random(6), 0
    for _ in times(40, 1000):
        path = places.choice(files)
        whole = path.read_bytes()
        flipped = bytearray(whole)
        flipped[places.randrange(len(whole))] ^= 1 << places.randrange(8)
        path.write_bytes(flipped)
        try:
            assert worlds.wrong(0) == []
        except IndexUnusableError as error:
            found_out += 1
            assert "run `python -m ingest`" in str(error) or "WHOSAID_INDEX_DIR" in str(error)
        path.write_bytes(whole)
    print(f"\n{found_out} of {len(times(40, 1000))} flipped bits were found out, the others changed nothing")
    assert found_out


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_flipped_bit_in_the_memory_of_vectors_is_found_out(tmp_path: Path, place: float) -> None:
    worlds = Worlds(tmp_path, questions=FEW)
    build(worlds.settings(0), lambda _: WordHashEmbedder())
    (memory,) = worlds.index_dir.glob("vectors-*.npz")
    flipped = bytearray(memory.read_bytes())
    flipped[int(len(flipped) * place)] ^= 1
    memory.write_bytes(flipped)
    current = worlds.index_dir / "CURRENT"
    current.unlink()
    embedder = WordHashEmbedder()
    assert build(worlds.settings(0), lambda _: embedder).reason == "there was none"
    assert embedder.texts > FEW  # none was taken from the memory
    assert worlds.wrong(0) == []


def hashes(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def test_an_ingest_changes_no_file_of_the_corpus(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, questions=FEW)
    before = hashes(worlds.corpora[0])
    build(worlds.settings(0), lambda _: WordHashEmbedder())
    assert hashes(worlds.corpora[0]) == before
