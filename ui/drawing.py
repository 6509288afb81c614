"""One page is drawn at a time, which is faster for everybody than all of them at once.

Python runs on one core, and Streamlit reads its settings behind one lock for each element that is drawn
(`streamlit.config.get_option`): pages that are drawn beside each other wait for that lock at every element, each time
for as long as Python lets another thread run. This is a courtesy, not a guard: a page that has waited too long is drawn
all the same, so that one which hangs stops nobody else.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_MOST_WAIT_S = 5.0
_turn = threading.Lock()
_here = threading.local()


@contextmanager
def one_page_at_a_time() -> Iterator[None]:
    """Draw a page while no other is drawn."""
    _begin()
    try:
        yield
    finally:
        _end()


@contextmanager
def others_may_draw() -> Iterator[None]:
    """Compute or wait in the middle of a page, while other pages are drawn."""
    was_alone = _end()
    try:
        yield
    finally:
        if was_alone:
            _begin()


def _begin() -> None:
    _here.alone = _turn.acquire(timeout=_MOST_WAIT_S)


def _end() -> bool:
    """Let the next page be drawn, and return whether this one had kept it waiting."""
    was_alone: bool = getattr(_here, "alone", False)
    _here.alone = False
    if was_alone:
        _turn.release()
    return was_alone
