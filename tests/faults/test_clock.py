"""The clock set back or far ahead: what is up to date is told by hashes, so no answer and no build depends on it."""

import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from ingest.build import build
from tests.conftest import WordHashEmbedder
from tests.faults.conftest import FULL
from tests.faults.worlds import FEW, Worlds

FAKETIME = shutil.which("faketime")


@pytest.mark.parametrize("year", [1970, 2038])
def test_file_times_of_another_age_change_nothing(tmp_path: Path, year: int) -> None:
    worlds = Worlds(tmp_path, questions=FEW)
    build(worlds.settings(0), lambda _: WordHashEmbedder())
    then = datetime(year, 1, 2).timestamp()
    for path in [*worlds.index_dir.rglob("*"), *worlds.corpora[1].rglob("*"), worlds.index_dir]:
        os.utime(path, (then, then))
    assert build(worlds.settings(0), lambda _: WordHashEmbedder()).reason == ""
    assert "another corpus" in build(worlds.settings(1), lambda _: WordHashEmbedder()).reason  # its files look older
    assert worlds.wrong(1) == []


@pytest.mark.skipif(FAKETIME is None, reason="faketime gives a process another clock: install the package faketime")
def test_an_ingest_whose_clock_was_set_back_builds_and_sees_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")  # as of a machine whose clock is set: that one goes on
    worlds = Worlds(tmp_path, questions=FEW)
    assert worlds.built(0)[:2] == (0, "there was none")
    for moment in ("1970-01-02 00:00:00", "2005-06-01 12:00:00")[: 2 if FULL else 1]:
        back = (str(FAKETIME), moment)
        run = worlds.ingest(0, *back)
        assert (run.communicate()[0].strip(), run.returncode) == ("", 0)  # up to date
        run = worlds.ingest(1, *back)
        output, error = run.communicate()
        assert "another corpus" in output, error
        assert worlds.wrong(1) == []
        assert "another corpus" in worlds.built(0)[1]
        assert worlds.wrong(0) == []
