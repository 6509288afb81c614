"""PURE: a function over many texts, for callers who each have a few: those who wait at the same time share a run.

One run over thirty texts takes a model a few times as long as a run over one, and thirty runs beside each other would
stand in each other's way.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Generic, TypeVar

ResultT = TypeVar("ResultT")
_AT_ONCE = 32  # callers who share a run: more would only make the first of them wait


class Batched(Generic[ResultT]):
    """Runs `run` in a thread of its own; it takes texts and returns a result for each."""

    def __init__(self, run: Callable[[list[str]], Sequence[ResultT]]) -> None:
        self._run = run
        self._waiting: deque[tuple[list[str], Future[Sequence[ResultT]]]] = deque()
        self._thread = ThreadPoolExecutor(1, "batched")

    def submit(self, texts: Sequence[str]) -> "Future[Sequence[ResultT]]":
        """Return what will be the result for each text, or the error that the run ended with."""
        future: Future[Sequence[ResultT]] = Future()
        self._waiting.append((list(texts), future))
        self._thread.submit(self._run_waiting)
        return future

    def _run_waiting(self) -> None:
        shared = [self._waiting.popleft() for _ in range(min(len(self._waiting), _AT_ONCE))]
        if not shared:
            return  # an earlier run took them along
        texts = [text for asked, _ in shared for text in asked]
        try:
            results = self._run(texts)
            if len(results) != len(texts):
                raise ValueError(f"{len(results)} results for {len(texts)} texts")
        except BaseException as error:
            for _, future in shared:
                future.set_exception(error)
            return
        rest = iter(results)
        for asked, future in shared:
            future.set_result(list(islice(rest, len(asked))))
