"""What the fault tests share: how often to try, and disks that are made for them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FULL = os.environ.get("FAULTS") == "full"  # `make faults`; `make test` tries less often


def times(quick: int, full: int) -> range:
    """How often to try something that luck decides."""
    return range(full if FULL else quick)


@contextmanager
def mounted(*arguments: str, at: Path) -> Iterator[Path]:
    """Mount something as `mount` is told; without the right to, the test is skipped."""
    at.mkdir(exist_ok=True)
    run = subprocess.run(["mount", *arguments, str(at)], capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip(f"this machine lets nobody mount here: {run.stderr.strip()}")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)
