"""The server's log tells where an error was, never its message: that may hold what a visitor typed.

Streamlit logs a page's errors whole, and so do the server and asyncio, each with a logger of its own. What they have in
common is the record that is made of an error; there the message is left out.
"""

import logging
import traceback
from typing import Any

_LEFT_OUT = "(its message is left out: it may hold what somebody typed)"


def quiet_log() -> None:
    """Leave the messages of errors out of all that is logged from now on in this process."""
    made_before = logging.getLogRecordFactory()
    if getattr(made_before, "is_quiet", False):
        return

    def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = made_before(*args, **kwargs)
        if record.exc_info and record.exc_info[1]:
            record.exc_text, record.exc_info = _told(record.exc_info[1]), None
        return record

    make.is_quiet = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make)


def _told(error: BaseException) -> str:
    """Return where an error came from, and those that it came from, the first one first."""
    parts: list[str] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        kind = f"{type(at).__module__}.{type(at).__qualname__}".removeprefix("builtins.")
        frames = "".join(traceback.format_tb(at.__traceback__))
        parts.insert(0, f"Traceback (most recent call last):\n{frames}{kind} {_LEFT_OUT}")
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\n\nthen\n\n".join(parts)
