"""Votes are kept whole, without the question unless it is wanted, and what comes out of them is harmless."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.gate import TRIES, WINDOW_S, Gate
from whosaid.errors import FeedbackError
from whosaid.feedback import MAX_NOTE_CHARS, Feedback, Reason, Vote, as_csv, keep, load, matching
from whosaid.library import Library
from whosaid.types import Answer, Shown, Status


def feedback(note: str = "", vote: Vote = Vote.DID_NOT_HELP, *reasons: Reason, question: str = "") -> Feedback:
    return Feedback("2026-01-02T03:04:05+00:00", vote, reasons, note, "answered", ("a:1", "a:2"), question, question)


@pytest.fixture
def answer(library: Library) -> Answer:
    return Answer(Status.PARTIAL, "what it was read as", "Lead.", (Shown(library.statements[3], 0.5),))


def test_the_question_is_kept_only_where_it_is_wanted(tmp_path: Path, answer: Answer) -> None:
    path = tmp_path / "data" / "feedback.jsonl"
    keep(Feedback.of(answer, Vote.HELPED), path)
    assert "read as" not in path.read_text()
    keep(Feedback.of(answer, Vote.DID_NOT_HELP, [Reason.WRONG_PERSON], "hm", "the question"), path)
    (newest, first), unreadable = load(path)
    assert unreadable == 0
    assert (first.vote, first.reasons, first.question, first.read_as) == (Vote.HELPED, (), "", "")
    assert first.statements == (answer.statements[0].statement.id,)
    assert (newest.reasons, newest.note, newest.status) == ((Reason.WRONG_PERSON,), "hm", "partial")
    assert (newest.question, newest.read_as) == ("the question", "what it was read as")


def test_a_note_has_an_end(answer: Answer) -> None:
    assert len(Feedback.of(answer, Vote.HELPED, note="a" * 5000).note) == MAX_NOTE_CHARS


def test_lines_that_cannot_be_read_are_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    keep(feedback("one"), path)
    with path.open("a") as file:
        file.write('{"time": "x", "vote": "maybe"}\n[]\nnonsense\n{"time"')
    keep(feedback("two"), path)
    rows, unreadable = load(path)
    assert [row.note for row in rows] == ["two", "one"]
    assert unreadable == 4


def test_no_file_is_no_feedback_yet(tmp_path: Path) -> None:
    assert load(tmp_path / "none.jsonl") == ([], 0)


def test_a_file_that_cannot_be_written_or_read_is_a_clear_error_without_the_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "feedback.jsonl", Path("/proc/no-such-folder/feedback.jsonl")):
        with pytest.raises(FeedbackError, match="WHOSAID_FEEDBACK_FILE") as raised:
            keep(feedback("secret"), path)
        assert str(path) in str(raised.value)
        assert "secret" not in str(raised.value)
    with pytest.raises(FeedbackError, match="cannot be read"):
        load(tmp_path)


def test_strangers_cannot_fill_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(FeedbackError, match="over 50 MB: move it away"):
        keep(feedback(), path)


def test_rows_are_found_by_vote_reason_words_and_question() -> None:
    rows = [
        feedback("Not about sleep", Vote.DID_NOT_HELP, Reason.NOT_ASKED, Reason.WRONG_PERSON),
        feedback("fine", Vote.HELPED, question="How do I SLEEP on it?"),
        feedback("", Vote.DID_NOT_HELP),
    ]
    assert matching(rows, None, (), "", False) == rows
    assert matching(rows, Vote.HELPED, (), "", False) == [rows[1]]
    assert matching(rows, None, [Reason.WRONG_PERSON, Reason.HARD_TO_READ], "", False) == [rows[0]]
    assert matching(rows, None, (), "sleep", False) == rows[:2]
    assert matching(rows, None, (), "sleep not", False) == [rows[0]]
    assert matching(rows, None, (), "", True) == [rows[1]]


@pytest.mark.parametrize(
    "note", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\r=1", "\n1", "＝1", '=HYPERLINK("http://x")']
)
def test_a_cell_that_a_spreadsheet_would_run_is_defused(note: str) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv([feedback(note, question=note)]), newline="")))
    assert rows[0]["note"] == rows[0]["question"] == f"'{note}"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_csv_gives_back_every_other_cell_to_the_letter(note: str) -> None:
    row = feedback(note, Vote.HELPED, Reason.HARD_TO_READ, Reason.NOT_ASKED)
    (read,) = csv.DictReader(io.StringIO(as_csv([row]), newline=""))
    assert read["note"].removeprefix("'") == note.removeprefix("'")
    assert read["note"].lstrip()[:1] not in {"=", "+", "-", "@"}
    assert (read["vote"], read["reasons"]) == ("helped", "hard to read; not what I asked")
    assert read["statements"] == "a:1; a:2"


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_only_the_whole_key_opens() -> None:
    gate = Gate(Clock())
    assert gate.admits("correct horse", "correct horse")
    for wrong in ("", "correct hors", "correct horse ", "Correct horse"):
        assert not gate.admits(wrong, "correct horse")


def test_after_wrong_keys_even_the_right_one_has_to_wait() -> None:
    clock = Clock()
    gate = Gate(clock)
    for _ in range(TRIES):
        assert gate.waits_s() == 0
        assert not gate.admits("wrong", "right")
        clock.now_s += 1
    assert gate.waits_s() == pytest.approx(WINDOW_S - TRIES)
    assert not gate.admits("right", "right")
    clock.now_s += WINDOW_S - TRIES
    assert gate.waits_s() == 0
    assert gate.admits("right", "right")


def test_right_keys_use_up_no_tries() -> None:
    gate = Gate(Clock())
    assert all(gate.admits("right", "right") for _ in range(3 * TRIES))
