"""Pages are drawn one after the other; whoever computes lets the others draw, and nobody waits for one that hangs."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from ui import drawing
from ui.drawing import one_page_at_a_time, others_may_draw

PATIENCE_S = 10.0


def together(*pages: Callable[[], object]) -> None:
    """Draw pages in threads of their own, and raise what any of them raises."""
    with ThreadPoolExecutor(len(pages)) as threads:
        for done in [threads.submit(page) for page in pages]:
            done.result(PATIENCE_S)


def test_no_page_is_drawn_while_another_is() -> None:
    drawn, most = 0, 0
    counting = threading.Lock()

    def page() -> None:
        nonlocal drawn, most
        with one_page_at_a_time():
            with counting:
                drawn += 1
                most = max(most, drawn)
            threading.Event().wait(0.01)
            with counting:
                drawn -= 1

    together(*[page] * 8)
    assert most == 1


def test_a_page_that_computes_lets_another_be_drawn_and_then_goes_on_alone() -> None:
    computes, drawn = threading.Event(), threading.Event()

    def slow() -> None:
        with one_page_at_a_time():
            with others_may_draw():
                computes.set()
                assert drawn.wait(PATIENCE_S)
            assert not drawing._turn.acquire(blocking=False)

    def quick() -> None:
        assert computes.wait(PATIENCE_S)
        with one_page_at_a_time():
            drawn.set()

    together(slow, quick)
    assert not drawing._turn.locked()


def test_an_error_on_a_page_or_in_what_it_computes_lets_the_next_be_drawn() -> None:
    with pytest.raises(ValueError, match="computed"), one_page_at_a_time(), others_may_draw():
        raise ValueError("computed")
    with pytest.raises(ValueError, match="drawn"), one_page_at_a_time():
        raise ValueError("drawn")
    assert not drawing._turn.locked()


def test_what_computes_outside_of_a_page_takes_no_turn_of_another() -> None:
    def outside() -> None:
        with others_may_draw():
            assert drawing._turn.locked()

    with one_page_at_a_time():
        together(outside)
        assert drawing._turn.locked()


def test_a_page_that_hangs_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_MOST_WAIT_S", 0.05)
    hangs, over = threading.Event(), threading.Event()

    def hanging() -> None:
        with one_page_at_a_time():
            hangs.set()
            assert over.wait(PATIENCE_S)

    def another() -> None:
        assert hangs.wait(PATIENCE_S)
        with one_page_at_a_time(), others_may_draw():
            over.set()

    together(hanging, another)
    assert not drawing._turn.locked()
