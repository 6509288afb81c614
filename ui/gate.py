"""The operator's key: compared in constant time, and after some wrong ones nobody is let in for a while."""

import threading
import time
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest

TRIES = 5
WINDOW_S = 300.0


class Gate:
    """Lets in who knows the key. One for all visitors of a process: a new session is no new chance."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong_s: deque[float] = deque()
        self._lock = threading.Lock()

    def waits_s(self) -> float:
        """Return how long nobody is let in, 0 where a key is looked at now."""
        with self._lock:
            return self._waits_s()

    def admits(self, given: str, key: str) -> bool:
        """Return whether the key is right; never, while the gate waits."""
        with self._lock:
            if self._waits_s():
                return False
            # digests are of one length, so that the time taken does not tell the key's
            is_right = compare_digest(*(sha256(text.encode("utf-8", "replace")).digest() for text in (given, key)))
            if not is_right:
                self._wrong_s.append(self._clock())
            return is_right

    def _waits_s(self) -> float:
        now = self._clock()
        while self._wrong_s and now - self._wrong_s[0] >= WINDOW_S:
            self._wrong_s.popleft()
        return WINDOW_S - (now - self._wrong_s[0]) if len(self._wrong_s) >= TRIES else 0.0


GATE = Gate()
