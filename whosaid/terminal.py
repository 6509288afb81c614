"""PURE: text of others → text that a terminal only shows.

A terminal obeys what is printed: colours, window titles, links (OSC 8), the cursor's way back over a line, and the
marks that turn the direction of writing around. Whoever wrote a question, a post, a file's name or an article could so
make one thing look like another. Each such character is printed as its JSON escape instead ("\\u001b"), which shows
what was there and, inside JSON, still means it.
"""

import argparse
import json
import re
from typing import Any, NoReturn, TextIO

# Control characters but tab and line ends, line and paragraph separators, marks and overrides of direction, tags,
# and halves of surrogate pairs, which no encoding can write.
_OBEYED = re.compile(
    r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\U000e0000-\U000e007f]"
)


def shown(text: str) -> str:
    """Return a text with each character that a terminal would obey as its JSON escape."""
    return _OBEYED.sub(lambda found: json.dumps(found[0])[1:-1], text)


class Shown:
    """A text stream through which nothing is printed that a terminal would obey; all else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text as `shown`."""
        return self._stream.write(shown(text))

    def __getattr__(self, name: str) -> Any:
        """Return what else the stream has: its encoding, whether it is a terminal."""
        return getattr(self._stream, name)


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors repeat an argument as `shown`."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and exit with 2."""
        super().error(shown(message))
