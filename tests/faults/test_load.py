"""Many who ask at once: no error, and memory that stays."""

import json
from pathlib import Path

import pytest

from tests.browser.conftest import serving
from tests.faults.conftest import FULL
from tests.faults.load import measure
from whosaid.settings import ROOT

# What the server is to hold on two cores with nothing else to do; the load of a busy machine is in what is printed.
ANSWER_P95_MS, RERUN_P99_MS, GROWTH = 1000, 100, 0.10


def test_under_load_nobody_sees_an_error_and_memory_stays(tmp_path: Path) -> None:
    if not (ROOT / ".index" / "CURRENT").is_file():
        pytest.fail("there is no index at .index: run `make test`, which builds it")
    with serving(tmp_path / "log", script=ROOT / "app.py", environment={}) as server:
        if not FULL:
            found = measure(server, users=10, seconds=8, every_s=2, count=20)
            assert found["answers"] >= 10
        else:
            found = measure(server, users=100, seconds=60, every_s=5, count=2000)
            print("\n" + json.dumps(found, indent=1))
            assert found["memory_growth"] < GROWTH
            if found["load_before"] < 0.2:
                assert found["answer"]["p95_ms"] < ANSWER_P95_MS
                assert found["rerun"]["p99_ms"] < RERUN_P99_MS
    assert found["errors"] == 0, found["first_errors"]
