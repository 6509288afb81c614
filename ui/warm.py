"""The assistant, loaded once a process by a background thread, so that the page is usable at once.

Importing the model's packages slows the first page down, so loading waits a moment for it: it starts some seconds
after the server, a second after the first visit, or with the first question, whichever comes first. Afterwards the
thread looks now and then whether an ingest put another index in place, loads that beside the old one and swaps them.
Whoever is being answered keeps the assistant that they began with.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache

from whosaid.chat import Assistant, load_assistant
from whosaid.embedder import Embedder, fingerprint, load_embedder
from whosaid.errors import WhoSaidError
from whosaid.settings import load_settings
from whosaid.store import current

_LOOK_S = 5.0  # between two looks at which index is live: one small file is read
_RETRY_S = 20.0  # after an index could not be loaded: somebody may be mending it, or editing the corpus


class Warm:
    """Loads an assistant in the background, and again whenever `live` names another index than before."""

    def __init__(
        self,
        load: Callable[[], Assistant],
        live: Callable[[], str] = str,
        *,
        look_s: float = _LOOK_S,
        retry_s: float = _RETRY_S,
    ) -> None:
        self._load = load
        self._live = live
        self._look_s, self._retry_s = look_s, retry_s
        self._condition = threading.Condition()
        self._due = float("inf")  # when somebody asked for it
        self._loading = False
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
            self._result = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="warm")
                self._thread.start()
            if not self._loading:
                self._due = min(self._due, time.monotonic() + delay_s)
                self._condition.notify_all()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it is ready; return whether it is."""
        with self._condition:
            return self._condition.wait_for(lambda: self._result is not None, timeout_s)

    @property
    def assistant(self) -> Assistant:
        """The assistant. Raises the `WhoSaidError` that loading met."""
        if isinstance(result := self._result, Assistant):
            return result
        raise result or WhoSaidError("the assistant is still loading: ask again in a moment")

    @property
    def loaded(self) -> Assistant | None:
        """The assistant where there is one."""
        return result if isinstance(result := self._result, Assistant) else None

    def _run(self) -> None:
        seen, look_at = "", float("inf")
        while True:
            with self._condition:
                while (left := min(self._due, look_at) - time.monotonic()) > 0:
                    self._condition.wait(None if left == float("inf") else left)
            live = self._live()  # before loading: one that comes meanwhile is seen at the next look
            if self._due == float("inf") and self.loaded and live == seen:
                look_at = time.monotonic() + self._look_s
                continue
            with self._condition:
                self._loading, self._due = True, float("inf")
            result = self._outcome()
            with self._condition:
                self._loading = False
                if isinstance(result, Assistant) or not self.loaded:
                    self._result, seen = result, live
                    self._condition.notify_all()
                else:
                    logging.getLogger(__name__).warning("still answering from the index before: %s", result)
                look_at = time.monotonic() + (self._look_s if isinstance(result, Assistant) else self._retry_s)

    def _outcome(self) -> Assistant | WhoSaidError:
        try:
            return self._load()
        except WhoSaidError as error:
            return error
        except Exception as error:  # a thread's error would be lost, and the page would wait for ever
            return WhoSaidError(f"the assistant could not be loaded ({type(error).__name__}: {error})")


@lru_cache(maxsize=1)
def _embedder(model: str, fingerprint: str) -> Embedder:
    """Return the model that is loaded already, unless it is another one now: an index alone loads in a second."""
    del fingerprint
    return load_embedder(model)


def _load() -> Assistant:
    assistant = load_assistant(load_settings(), lambda model: _embedder(model, fingerprint(model)))
    # What stays for good is no longer looked through by the garbage collector, which holds all sessions up meanwhile
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return assistant


def _live() -> str:
    try:
        return str(current(load_settings().index_dir) or "")
    except WhoSaidError as error:
        return str(error)


WARM = Warm(_load, _live)
