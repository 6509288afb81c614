"""Callers who wait at the same time share a run, and each gets what is theirs."""

import threading
from concurrent.futures import wait

import pytest

from whosaid.batched import Batched


class Held:
    """Measures texts, once it is let go, and keeps what each run was given."""

    def __init__(self) -> None:
        self.runs: list[list[str]] = []
        self.began, self.go = threading.Event(), threading.Event()

    def __call__(self, texts: list[str]) -> list[int]:
        self.runs.append(texts)
        self.began.set()
        assert self.go.wait(10)
        if "bad" in texts:
            raise ValueError("cannot measure bad")
        return [len(text) for text in texts]


def test_those_who_wait_share_a_run_and_each_gets_what_is_theirs() -> None:
    measure = Held()
    batched = Batched(measure)
    first = batched.submit(["a"])
    assert measure.began.wait(10)
    others = [batched.submit(texts) for texts in (["bb", "ccc"], [], ["dddd"])]
    measure.go.set()
    assert [list(future.result(10)) for future in (first, *others)] == [[1], [2, 3], [], [4]]
    assert measure.runs == [["a"], ["bb", "ccc", "dddd"]]


def test_more_than_share_a_run_are_all_answered() -> None:
    measure = Held()
    batched = Batched(measure)
    futures = [batched.submit(["x" * number]) for number in range(100)]
    measure.go.set()
    assert [list(future.result(10)) for future in futures] == [[number] for number in range(100)]
    assert max(map(len, measure.runs)) <= 32


def test_an_error_reaches_all_who_shared_the_run_and_nobody_after() -> None:
    measure = Held()
    batched = Batched(measure)
    first = batched.submit(["a"])
    assert measure.began.wait(10)
    shared = [batched.submit(["bad"]), batched.submit(["good"])]
    measure.go.set()
    wait(shared, 10)
    assert list(first.result(10)) == [1]
    for future in shared:
        with pytest.raises(ValueError, match="cannot measure bad"):
            future.result(10)
    assert list(batched.submit(["good"]).result(10)) == [4]


def test_a_run_that_returns_too_few_results_is_an_error_and_keeps_nobody_waiting() -> None:
    batched: Batched[int] = Batched(lambda texts: [1] * (len(texts) - 1))
    with pytest.raises(ValueError, match="results"):
        batched.submit(["a", "b"]).result(10)
