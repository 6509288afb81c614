"""Two ingests at once, and readers beside them."""

import time
from pathlib import Path

from tests.faults.conftest import times
from tests.faults.worlds import FEW, Worlds
from whosaid import store

REFUSED = "another ingest is writing"


def test_of_two_ingests_at_once_one_builds_and_the_other_is_told_to_wait(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path)
    first = worlds.ingest(0)
    until_s = time.monotonic() + 60
    while not worlds.index_dir.is_dir() or not list(worlds.index_dir.glob("vectors-*")):
        assert time.monotonic() < until_s
        time.sleep(0.01)
    started_s = time.monotonic()
    second = worlds.ingest(1)
    _, error = second.communicate()
    if first.poll() is None:
        assert second.returncode == 1
        assert error.strip() == f"ingest: {REFUSED} {worlds.index_dir}: wait for it to end"
        print(f"\nrefused {time.monotonic() - started_s:.1f} s after its start")
    assert first.communicate()[1] == ""
    assert worlds.wrong(0 if second.returncode else 1) == []


def test_ingests_that_start_together_never_leave_a_wrong_neighbour(tmp_path: Path) -> None:
    worlds = Worlds(tmp_path, questions=FEW)
    refused = 0
    for _ in times(1, 30):
        runs = [worlds.ingest(number) for number in (0, 1, 0)]
        ends = [(run.communicate()[1], run.returncode) for run in runs]
        assert all(code == 0 or (code == 1 and REFUSED in error) for error, code in ends), ends
        assert any(code == 0 for _, code in ends)
        refused += sum(code for _, code in ends)
        live = store.current(worlds.index_dir)
        assert live
        number = 0 if live.name.startswith(next(iter(worlds.libraries))[:12]) else 1
        assert worlds.wrong(number) == []
    print(f"\n{refused} of {len(times(1, 30)) * 3} ingests were told to wait")
