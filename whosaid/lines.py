"""A file of JSON lines that any number of processes append to: a line is written whole or not at all."""

import errno
import fcntl
import os
import stat
import time
from pathlib import Path

_LOCK_TIMEOUT_S = 2.0
_LOCK_RETRY_S = 0.02


def append_line(path: Path, line: str) -> None:
    """Append one line. Raises `OSError` where that cannot be done; the file is then as it was.

    A file that is not there yet is made, with its folder, for its owner's eyes only.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not blocking: a pipe in the file's place would hold the answer up for ever
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        _lock(handle, path)
        size_bytes = os.fstat(handle).st_size
        is_torn = size_bytes > 0 and os.pread(handle, 1, size_bytes - 1) != b"\n"  # by a machine that lost its power
        # half of a surrogate pair becomes \udxxx, which is how JSON writes it
        data = ("\n" * is_torn + line + "\n").encode("utf-8", "backslashreplace")
        if os.write(handle, data) != len(data):
            os.ftruncate(handle, size_bytes)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    finally:
        os.close(handle)


def read_lines(path: Path) -> list[str]:
    """Return a file's lines, empty ones left out, [] where there is no file. Raises `OSError`."""
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    return [line for line in text.split("\n") if line.strip()]


def _lock(handle: int, path: Path) -> None:
    until_s = time.monotonic() + _LOCK_TIMEOUT_S
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until_s:
                raise OSError(errno.EBUSY, "another process holds it", str(path)) from error
            time.sleep(_LOCK_RETRY_S)
