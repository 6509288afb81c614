"""What readers think of an answer: kept in a file on this machine, listed for its operator, and never read elsewhere.

Nothing that is shown to anybody depends on it. A question is kept only where its reader said so.
"""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from whosaid.errors import FeedbackError
from whosaid.lines import append_line, read_lines
from whosaid.types import Answer

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MAX_NOTE_CHARS = 1000
_MAX_FILE_BYTES = 50_000_000  # strangers can write to it: it must not fill the disk
_FORMULA_STARTS = "=+-@＝＋－＠"  # a spreadsheet runs a cell that starts so


class Vote(StrEnum):
    """Whether an answer helped."""

    HELPED = "helped"
    DID_NOT_HELP = "did not help"


class Reason(StrEnum):
    """Why an answer did not help."""

    NOT_ASKED = "not what I asked"
    WRONG_STATEMENT = "wrong statement"
    WRONG_PERSON = "wrong person"
    HARD_TO_READ = "hard to read"
    SHOULD_HAVE_ANSWERED = "it should have answered"


@dataclass(frozen=True)
class Feedback:
    """What one reader thinks of one answer.

    `time` is UTC, to the second. `status` and `statements` (ids) tell what was shown. `question` and `read_as` are ""
    unless the reader wanted them kept.
    """

    time: str
    vote: Vote
    reasons: tuple[Reason, ...]
    note: str
    status: str
    statements: tuple[str, ...]
    question: str = ""
    read_as: str = ""

    @staticmethod
    def of(
        answer: Answer, vote: Vote, reasons: Iterable[Reason] = (), note: str = "", question: str = ""
    ) -> "Feedback":
        """Return what is kept of an answer that was voted on now; `question` only where its reader ticks so."""
        return Feedback(
            datetime.now(UTC).isoformat(timespec="seconds"),
            vote,
            tuple(reasons),
            note[:MAX_NOTE_CHARS],
            str(answer.status),
            tuple(item.statement.id for item in answer.statements),
            question,
            answer.read_as if question else "",
        )


def keep(feedback: Feedback, path: Path) -> None:
    """Append feedback to the file at `path`. Raises `FeedbackError` where it cannot be written, or is full."""
    try:
        if path.exists() and path.stat().st_size > _MAX_FILE_BYTES:
            raise FeedbackError(f"{path} has over {_MAX_FILE_BYTES // 1_000_000} MB: move it away, a new one is begun")
        append_line(path, _adapter().dump_json(feedback).decode())
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise FeedbackError(f"{path} cannot be written ({why}): name another file in WHOSAID_FEEDBACK_FILE") from error


def load(path: Path) -> tuple[list[Feedback], int]:
    """Return all that was kept, the newest first, and how many lines cannot be read. Raises `FeedbackError`."""
    from pydantic import ValidationError

    try:
        lines = read_lines(path)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise FeedbackError(f"{path} cannot be read ({why}): let the server's user read it") from error
    rows, unreadable = [], 0
    for line in reversed(lines):
        try:
            rows.append(_adapter().validate_json(line))
        except ValidationError:
            unreadable += 1
    return rows, unreadable


def matching(
    rows: Iterable[Feedback], vote: Vote | None, reasons: Collection[Reason], words: str, with_question: bool
) -> list[Feedback]:
    """Return the rows with a vote (`None` for either), one of the reasons (none for any) and all of the words."""
    wanted = words.casefold().split()
    return [
        row
        for row in rows
        if vote in {None, row.vote}
        and (not reasons or set(reasons) & set(row.reasons))
        and (row.question or not with_question)
        and all(word in f"{row.note} {row.question} {row.read_as}".casefold() for word in wanted)
    ]


def as_csv(rows: Sequence[Feedback]) -> str:
    """Return rows as CSV with a head; what a spreadsheet would run as a formula starts with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([field.name for field in fields(Feedback)])
    for row in rows:
        cells = ("; ".join(value) if isinstance(value, tuple) else value for value in asdict(row).values())
        writer.writerow([_defused(cell) for cell in cells])
    return out.getvalue()


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.lstrip()[:1] in set(_FORMULA_STARTS) or cell[:1] in {"\t", "\r", "\n"} else cell


@cache
def _adapter() -> "TypeAdapter[Feedback]":
    from pydantic import TypeAdapter

    return TypeAdapter(Feedback)
