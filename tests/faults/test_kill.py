"""kill -9 at any moment leaves the old index or the new one, whole, and the next ingest cleans up and says why."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.conftest import times
from tests.faults.worlds import Worlds, wrong_neighbours
from tests.test_store import open_index, vectors, write
from whosaid import store
from whosaid.generation import read_manifest
from whosaid.settings import ROOT

RECORDS = 2500  # Chroma persists its HNSW files in place, three times


def kill(run: "subprocess.Popen[str]") -> bool:
    """Kill a process and its children; return whether it was still running."""
    running = run.poll() is None
    if running:
        os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    return running


def live_sha256(index_dir: Path) -> str:
    current = store.current(index_dir)
    assert current is not None
    return read_manifest(current).corpus_sha256


def folders(index_dir: Path) -> list[Path]:
    return [path for path in index_dir.iterdir() if path.is_dir()]


def test_killed_at_random_moments_of_an_ingest_the_index_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path)
    first = worlds.ingest(0)
    started_s = time.monotonic()
    assert first.communicate()[0].strip() == "there was none"
    whole_s = time.monotonic() - started_s
    moments, killed, switched = random.Random(6), 0, 0
    for _ in times(4, 100):
        before = live_sha256(worlds.index_dir)
        other = next(number for number, sha256 in enumerate(worlds.libraries) if sha256 != before)
        if moments.random() < 0.3:  # with all to embed again
            for memory in worlds.index_dir.glob("vectors-*.npz"):
                memory.unlink()
        run = worlds.ingest(other)
        started_s = time.monotonic()
        time.sleep(moments.uniform(0, whole_s))
        if kill(run):
            killed += 1
        else:
            whole_s = min(whole_s, time.monotonic() - started_s)
        after = live_sha256(worlds.index_dir)
        switched += after != before
        index = worlds.open(after)
        assert wrong_neighbours(index, worlds.libraries[after]) == []
        index.close()
    assert killed
    print(f"\nkilled {killed} times in ingests of {whole_s:.1f} s, {switched} times the index was the new one")
    last = worlds.ingest(0)
    assert last.communicate()[1].count("Traceback") == 0
    assert folders(worlds.index_dir) == [store.current(worlds.index_dir)]


WAITING = """
import sys
from pathlib import Path
import langchain_chroma
from tests.test_store import open_index, vectors, write
print("ready", flush=True)
sys.stdin.readline()
"""
PERSISTING = f"{WAITING}write(Path(sys.argv[1]), {RECORDS}, name='new', live=False)"
READING = f"{WAITING}\nwhile True: open_index(Path(sys.argv[1])).close()"


@contextmanager
def started(code: str, index_dir: Path) -> "Iterator[subprocess.Popen[str]]":
    """A process that has imported what it needs and now begins; it is killed at the end of the block."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code, str(index_dir)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as run:
        assert run.stdin is not None and run.stdout is not None
        assert run.stdout.readline() == "ready\n"
        run.stdin.write("go\n")
        run.stdin.flush()
        try:
            yield run
        finally:
            kill(run)


def bytes_of(generation: Path) -> tuple[int, int]:
    """The sizes of two HNSW files that grow record by record, one a fixed multiple of the other when both are whole."""
    sizes = [sum(path.stat().st_size for path in generation.rglob(name)) for name in ("data_level0.bin", "length.bin")]
    return sizes[0], sizes[1]


def assert_whole(index_dir: Path) -> None:
    index = open_index(index_dir)
    rows = list(enumerate(vectors(RECORDS)))[::25]
    assert [n for n, vector in rows if index.nearest("records", vector.tolist(), 1)[0][0] != f"r{n}"] == []
    index.close()


def stopped_within_a_persist(run: "subprocess.Popen[str]", generation: Path, whole: tuple[int, int], nth: int) -> bool:
    """Let a process run a slice at a time until, for the `nth` time, its HNSW files do not fit each other."""
    while run.poll() is None:
        run.send_signal(signal.SIGSTOP)
        found = bytes_of(generation)
        if found[0] * whole[1] != found[1] * whole[0]:
            nth -= 1
            if not nth:
                return True
        run.send_signal(signal.SIGCONT)
        time.sleep(0.0005)
    return False


def test_killed_within_an_hnsw_persist_the_old_index_stays(tmp_path: Path) -> None:
    old = write(tmp_path, RECORDS, name="old")
    whole = bytes_of(old)
    chance, torn, tried = random.Random(6), 0, times(3, 100)
    for _ in tried:
        with started(PERSISTING, tmp_path) as run:
            torn += stopped_within_a_persist(run, tmp_path / "new", whole, chance.randint(1, 12))
        assert store.current(tmp_path) == old
        assert_whole(tmp_path)
        assert store.removable(tmp_path / "new")  # so that the next ingest does
        shutil.rmtree(tmp_path / "new")
    print(f"\n{torn} of {len(tried)} kills left HNSW files that do not fit each other")
    assert torn


def test_killed_while_it_opens_the_index_a_reader_breaks_nothing(tmp_path: Path) -> None:
    write(tmp_path, RECORDS)
    delays = random.Random(6)
    for _ in times(2, 50):  # Chroma writes to SQLite at each opening
        with started(READING, tmp_path) as reader:
            time.sleep(delays.uniform(0, 1))
            assert reader.poll() is None
        assert_whole(tmp_path)
