"""The model's background loading, with loaders that do as their script says."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ui.ready import report
from ui.warm import Warm
from whosaid.chat import Assistant
from whosaid.errors import IndexUnusableError, WhoSaidError

SOON_S = 5.0  # far longer than anything here takes, far shorter than LATER_S
LATER_S = 60.0


class Ready(Assistant):
    """An assistant that came from nothing and answers nothing."""

    def __init__(self) -> None:
        pass


class Loader:
    """Returns or raises what its script says, call after call, and notes when it was called and by which thread.

    With `held`, each call waits for `release`.
    """

    def __init__(self, *script: Assistant | Exception, held: bool = False) -> None:
        self.called_s: list[float] = []
        self.threads: list[threading.Thread] = []
        self.release = threading.Event()
        if not held:
            self.release.set()
        self._script = list(script)

    def __call__(self) -> Assistant:
        self.called_s.append(time.monotonic())
        self.threads.append(threading.current_thread())
        assert self.release.wait(SOON_S)
        outcome = self._script.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@contextmanager
def taking(at_least_s: float, less_than_s: float) -> Iterator[None]:
    started_s = time.monotonic()
    yield
    assert at_least_s <= time.monotonic() - started_s < less_than_s


def eventually(holds: Callable[[], bool]) -> bool:
    until_s = time.monotonic() + SOON_S
    while not holds() and time.monotonic() < until_s:
        time.sleep(0.005)
    return holds()


def test_nothing_is_loaded_before_it_is_started() -> None:
    loader = Loader(Ready())
    warm = Warm(loader)
    assert not warm.ready
    assert not warm.wait(timeout_s=0.05)
    with pytest.raises(WhoSaidError, match="still loading: ask again"):
        _ = warm.assistant
    assert loader.called_s == []


def test_a_start_without_delay_loads_at_once_and_does_not_block() -> None:
    assistant = Ready()
    loader = Loader(assistant, held=True)
    warm = Warm(loader)
    with taking(0, 1):
        warm.start()
    assert eventually(lambda: len(loader.called_s) == 1)
    assert not warm.ready
    with pytest.raises(WhoSaidError, match="still loading"):
        _ = warm.assistant
    loader.release.set()
    assert warm.wait(SOON_S)
    assert warm.ready
    assert warm.assistant is assistant


def test_a_start_waits_as_long_as_it_was_told() -> None:
    loader = Loader(Ready())
    warm = Warm(loader)
    with taking(0.3, SOON_S):
        warm.start(delay_s=0.3)
        assert not warm.wait(timeout_s=0.1)
        assert loader.called_s == []
        assert warm.wait(SOON_S)


def test_the_earliest_start_wins_when_it_comes_last() -> None:
    loader = Loader(Ready())
    warm = Warm(loader)
    with taking(0, SOON_S):
        warm.start(delay_s=LATER_S)
        warm.start(delay_s=LATER_S / 2)
        assert not warm.wait(timeout_s=0.05)
        warm.start()
        assert warm.wait(SOON_S)
    assert len(loader.called_s) == 1


def test_the_earliest_start_wins_when_it_came_first() -> None:
    loader = Loader(Ready())
    warm = Warm(loader)
    with taking(0.2, SOON_S):
        warm.start(delay_s=0.2)
        warm.start(delay_s=LATER_S)
        assert warm.wait(SOON_S)
    assert len(loader.called_s) == 1


def test_however_many_start_it_it_is_loaded_once() -> None:
    loader = Loader(Ready(), held=True)
    warm = Warm(loader)
    visitors = [threading.Thread(target=warm.start, args=(delay_s,)) for delay_s in [0.05, 0.0] * 20]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(SOON_S)
    loader.release.set()
    assert warm.wait(SOON_S)
    warm.start()
    time.sleep(0.1)
    assert len(loader.called_s) == 1


def test_a_start_after_it_is_loaded_changes_nothing() -> None:
    assistant = Ready()
    loader = Loader(assistant)
    warm = Warm(loader)
    warm.start()
    assert warm.wait(SOON_S)
    warm.start()
    assert warm.ready
    assert warm.assistant is assistant
    assert len(loader.called_s) == 1


def test_an_error_is_kept_and_raised_for_everybody_who_asks() -> None:
    error = IndexUnusableError("there is no index: run `python -m ingest`")
    warm = Warm(Loader(error))
    warm.start()
    assert warm.wait(SOON_S)
    assert warm.ready
    for _ in range(2):
        with pytest.raises(IndexUnusableError) as raised:
            _ = warm.assistant
        assert raised.value is error


def test_an_error_nobody_thought_of_is_raised_in_words_instead_of_lost() -> None:
    warm = Warm(Loader(MemoryError("no room")))
    warm.start()
    assert warm.wait(SOON_S)
    with pytest.raises(WhoSaidError, match=r"could not be loaded \(MemoryError: no room\)"):
        _ = warm.assistant


def test_the_next_start_after_an_error_tries_again() -> None:
    assistant = Ready()
    loader = Loader(IndexUnusableError("no index"), IndexUnusableError("no index yet"), assistant)
    warm = Warm(loader)
    for _ in range(2):
        warm.start()
        assert warm.wait(SOON_S)
        with pytest.raises(IndexUnusableError):
            _ = warm.assistant
    warm.start()
    assert warm.wait(SOON_S)
    assert warm.assistant is assistant
    assert len(loader.called_s) == 3


def test_a_retry_waits_for_its_own_delay_not_for_the_first_ones() -> None:
    loader = Loader(IndexUnusableError("no index"), Ready())
    warm = Warm(loader)
    warm.start()
    assert warm.wait(SOON_S)
    with taking(0.2, SOON_S):
        warm.start(delay_s=0.2)
        assert not warm.wait(timeout_s=0.05)
        assert warm.wait(SOON_S)
    assert isinstance(warm.assistant, Ready)


def test_waiting_ends_for_everybody_when_it_is_loaded() -> None:
    loader = Loader(Ready(), held=True)
    warm = Warm(loader)
    warm.start()
    results: list[bool] = []
    visitors = [threading.Thread(target=lambda: results.append(warm.wait(SOON_S))) for _ in range(5)]
    for visitor in visitors:
        visitor.start()
    with taking(0, 1):
        loader.release.set()
        for visitor in visitors:
            visitor.join(SOON_S)
    assert results == [True] * 5


def test_waiting_gives_up_in_time() -> None:
    loader = Loader(Ready(), held=True)
    warm = Warm(loader)
    warm.start()
    with taking(0.1, 1):
        assert not warm.wait(timeout_s=0.1)
    loader.release.set()
    assert warm.wait(SOON_S)


def test_loading_does_not_keep_the_process_alive() -> None:
    loader = Loader(Ready())
    warm = Warm(loader)
    warm.start()
    assert warm.wait(SOON_S)
    assert [thread.daemon for thread in loader.threads] == [True]


class Live:
    """Which index is live, as a test says."""

    def __init__(self) -> None:
        self.name = "first"

    def __call__(self) -> str:
        return self.name


def test_another_index_is_loaded_beside_the_old_assistant_and_then_swapped() -> None:
    old, new, live = Ready(), Ready(), Live()
    loader = Loader(old, new)
    warm = Warm(loader, live, look_s=0.01)
    warm.start()
    assert eventually(lambda: warm.loaded is old)
    loader.release.clear()
    live.name = "second"
    assert eventually(lambda: len(loader.called_s) == 2)
    assert warm.ready
    assert warm.assistant is old  # whoever asks meanwhile is answered
    loader.release.set()
    assert eventually(lambda: warm.loaded is new)
    time.sleep(0.1)
    assert len(loader.called_s) == 2


def test_the_same_index_is_not_loaded_again() -> None:
    loader = Loader(Ready())
    warm = Warm(loader, Live(), look_s=0.01)
    warm.start()
    assert warm.wait(SOON_S)
    time.sleep(0.1)
    assert len(loader.called_s) == 1


def test_an_index_that_cannot_be_loaded_leaves_the_old_assistant_and_is_tried_again() -> None:
    old, new, live = Ready(), Ready(), Live()
    loader = Loader(old, IndexUnusableError("built from another corpus"), new)
    warm = Warm(loader, live, look_s=0.01, retry_s=0.3)
    warm.start()
    assert eventually(lambda: warm.loaded is old)
    live.name = "second"
    assert eventually(lambda: len(loader.called_s) == 2)
    assert warm.assistant is old
    assert eventually(lambda: warm.loaded is new)
    assert loader.called_s[2] - loader.called_s[1] >= 0.3


def test_what_could_not_be_loaded_is_tried_again_with_nobody_asking() -> None:
    assistant = Ready()
    warm = Warm(Loader(IndexUnusableError("no index"), assistant), retry_s=0.05)
    warm.start()
    assert eventually(lambda: warm.loaded is assistant)


def test_readyz_starts_the_loading_and_says_so() -> None:
    warm = Warm(Loader(IndexUnusableError("the index is broken: run `python -m ingest`")))
    assert report(warm) == (
        503,
        {"ready": False, "reason": "the language model is loading: ask again in some seconds"},
    )
    assert warm.wait(SOON_S)
    assert report(warm) == (503, {"ready": False, "reason": "the index is broken: run `python -m ingest`"})


def test_readyz_does_not_take_a_search_that_fails_for_readiness() -> None:
    warm = Warm(Loader(Ready()))  # it has no index to search
    warm.start()
    assert warm.wait(SOON_S)
    status, body = report(warm)
    assert status == 503
    assert "a search failed (AttributeError): run `python -m ingest`" in str(body["reason"])
