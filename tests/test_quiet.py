"""What is logged of an error: where it was, and nothing of what it says."""

import logging
import subprocess
import sys

from whosaid.settings import ROOT

SCRIPT = """
import asyncio, logging
from streamlit.logger import get_logger
from ui.quiet import quiet_log
quiet_log()
quiet_log()

def inner():
    raise ValueError("tok3n")

def outer():
    try:
        inner()
    except ValueError as error:
        raise KeyError("tok3n again") from error

try:
    outer()
except KeyError as error:
    get_logger("streamlit.error_util").error("Uncaught app execution", exc_info=error)
    logging.getLogger("any").exception("any logger")
get_logger("x").error("without an error %s", "stays")
"""


def test_an_error_is_logged_with_its_place_and_without_its_message() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    told = done.stdout + done.stderr
    assert "tok3n" not in told
    for words in ("Uncaught app execution", "any logger", "in inner", "in outer"):
        assert words in told
    assert told.index("ValueError (its message is left out") < told.index("KeyError (its message")
    assert "without an error stays" in told


def test_this_process_is_left_alone() -> None:
    assert logging.getLogRecordFactory() is logging.LogRecord
