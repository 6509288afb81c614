"""What was asked, one JSON line a turn, for operators who turn it on. Off by default: then nothing is written.

No address and nothing of the session is kept. An answer never depends on it: what goes wrong is a line in the server's
log, without the question.
"""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

from whosaid.lines import append_line
from whosaid.types import Answer

_LOGGER = logging.getLogger("whosaid")


def log_turn(path: Path | None, question: str, answer: Answer | None) -> None:
    """Append a turn to the log at `path`, `None` for no log; `answer` is `None` where there was an error."""
    if path is None:
        return
    row = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "question": question,
        "read_as": answer.read_as if answer else "",
        "status": str(answer.status) if answer else "error",
        "statements": [item.statement.id for item in answer.statements] if answer else [],
        "notices": [notice.kind for notice in answer.notices] if answer else [],
    }
    try:
        append_line(path, json.dumps(row, ensure_ascii=False))
    except OSError as error:
        _LOGGER.warning("the question log %s cannot be written: %s", path, error.strerror or type(error).__name__)
