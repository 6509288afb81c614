"""What is asked is kept only where the operator says so, and never at the cost of an answer."""

import json
import logging
from pathlib import Path

import pytest

from whosaid.library import Library
from whosaid.question_log import log_turn
from whosaid.types import Answer, Notice, Shown, Status

QUESTION = "Can I take LDN with köpek?"


@pytest.fixture
def answer(library: Library) -> Answer:
    shown = Shown(library.statements[3], 0.5)
    return Answer(Status.ANSWERED, "read so", "Lead.", (shown,), notices=(Notice("emergency", "Call."),))


def test_a_turn_is_one_line_with_nothing_of_who_asked(tmp_path: Path, answer: Answer) -> None:
    log_turn(tmp_path / "log", QUESTION, answer)
    log_turn(tmp_path / "log", "other\nline", None)
    rows = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert [list(row) for row in rows] == [["time", "question", "read_as", "status", "statements", "notices"]] * 2
    assert rows[0]["time"].endswith("+00:00")
    del rows[0]["time"], rows[1]["time"]
    assert rows[0] == {
        "question": QUESTION,
        "read_as": "read so",
        "status": "answered",
        "statements": [answer.statements[0].statement.id],
        "notices": ["emergency"],
    }
    assert rows[1] == {"question": "other\nline", "read_as": "", "status": "error", "statements": [], "notices": []}


def test_without_a_file_nothing_is_written(
    tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    log_turn(None, QUESTION, answer)
    assert list(tmp_path.iterdir()) == []
    assert caplog.records == []


def test_what_goes_wrong_is_a_quiet_line_without_the_question(
    tmp_path: Path, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "log", Path("/proc/no-such-folder/log")):
        caplog.clear()
        log_turn(path, QUESTION, answer)
        (record,) = caplog.records
        assert record.levelno == logging.WARNING
        assert str(path) in caplog.text
        assert "köpek" not in caplog.text
        assert record.exc_info is None
