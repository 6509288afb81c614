"""The assistant, loaded once a process by a background thread, so that the page is usable at once.

Importing the model's packages slows the first page down, so loading waits a moment for it: it starts some seconds
after the server, a second after the first visit, or with the first question, whichever comes first.
"""

import threading
import time
from collections.abc import Callable

from whosaid.chat import Assistant, load_assistant
from whosaid.errors import WhoSaidError
from whosaid.settings import load_settings


class Warm:
    """Loads an assistant in the background."""

    def __init__(self, load: Callable[[], Assistant]) -> None:
        self._load = load
        self._condition = threading.Condition()
        self._due = float("inf")
        self._thread: threading.Thread | None = None
        self._result: Assistant | WhoSaidError | None = None

    @property
    def ready(self) -> bool:
        """Whether `assistant` answers or raises at once."""
        return self._result is not None

    def start(self, delay_s: float = 0.0) -> None:
        """Load in `delay_s` seconds, or earlier where an earlier call said so. Tries again after an error."""
        with self._condition:
            if isinstance(self._result, Assistant):
                return
            if self._thread is None or not self._thread.is_alive():
                self._result, self._due = None, float("inf")
                self._thread = threading.Thread(target=self._run, daemon=True, name="warm")
                self._thread.start()
            self._due = min(self._due, time.monotonic() + delay_s)
            self._condition.notify_all()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it is ready; return whether it is."""
        with self._condition:
            return self._condition.wait_for(lambda: self._result is not None, timeout_s)

    @property
    def assistant(self) -> Assistant:
        """The assistant. Raises the `WhoSaidError` that loading met."""
        if isinstance(self._result, Assistant):
            return self._result
        raise self._result or WhoSaidError("the assistant is still loading: ask again in a moment")

    def _run(self) -> None:
        with self._condition:
            while (left := self._due - time.monotonic()) > 0:
                self._condition.wait(None if left == float("inf") else left)
        result: Assistant | WhoSaidError
        try:
            result = self._load()
        except WhoSaidError as error:
            result = error
        except Exception as error:  # a thread's error would be lost, and the page would wait for ever
            result = WhoSaidError(f"the assistant could not be loaded ({type(error).__name__}: {error})")
        with self._condition:
            self._result = result
            self._condition.notify_all()


WARM = Warm(lambda: load_assistant(load_settings()))
