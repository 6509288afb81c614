"""One visitor's conversation: its turns, and how each becomes an answer. It lives in the browser session alone.

The server forgets it with the session, which a reload ends; the browser's own session keeps what was asked, and asks it
again (`ui.live`).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import reading, shell
from ui.drawing import others_may_draw
from ui.render import notices
from ui.vote import forget_vote
from ui.warm import WARM
from whosaid.chat import Step
from whosaid.errors import WhoSaidError
from whosaid.handout import Asked, shareable
from whosaid.question import MAX_CHARS, clean, needed
from whosaid.question_log import log_turn
from whosaid.safety import dangers_in
from whosaid.safety import notices as safety_notices
from whosaid.settings import load_settings
from whosaid.types import Answer

_MAX_RESTORED = 50  # turns


@dataclass(frozen=True)
class Turn:
    """A question and what became of it: an answer, the words of an error, or nothing yet.

    `meant` is its reader's own reading, `replaced` what was answered before they gave it, `leans_on` the turns before
    it that somebody else has to ask first to be answered alike.
    """

    question: str
    meant: str = ""
    answer: Answer | None = None
    error: str = ""
    replaced: Answer | None = None
    leans_on: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it is still to be answered."""
        return self.answer is None and not self.error

    @property
    def asked(self) -> str:
        """The question as the turns after it are read with it."""
        return self.meant or self.question


def ask(question: str) -> None:
    """Ask next, read with the turns before it; whoever goes on asking does not start over."""
    st.session_state.ending = False
    st.session_state.turns = [*st.session_state.turns, Turn(question)]


def correct(number: int, meant: str) -> None:
    """Ask what a turn was meant to be, as it stands, in its place."""
    turn: Turn = st.session_state.turns[number]
    _put(number, Turn(turn.question, meant, replaced=turn.answer or turn.replaced))


def restore(returned: Any) -> None:
    """Ask again what the browser kept over a reload: pairs of a question and its reader's reading, else nothing."""
    pairs = returned if isinstance(returned, list) else []
    is_ours = all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(p, str) and len(p) <= MAX_CHARS for p in pair)
        for pair in pairs
    )
    turns = [Turn(*pair) for pair in pairs[-_MAX_RESTORED:] if clean(pair[0])] if is_ours else []
    if turns:
        st.session_state.turns = turns


def kept() -> list[list[str]]:
    """Return what the browser is to keep, as `restore` takes it."""
    return [[turn.question, turn.meant] for turn in st.session_state.turns]


def answer_turn(number: int, step: DeltaGenerator) -> None:
    """Answer a turn that waits; `step` is where it says what it does meanwhile."""
    state = st.session_state
    turn: Turn = state.turns[number]
    if not WARM.ready:
        with step.container():
            _warn_at_once(turn.asked)
            with others_may_draw():
                _wait_until_loaded()
    before = [] if turn.meant else [earlier for earlier in state.turns[:number] if earlier.answer]
    asked = [earlier.asked for earlier in [*before, turn]]
    found, error = None, ""
    leans_on: tuple[str, ...] = ()
    try:
        with others_may_draw():
            found = WARM.assistant.ask(asked, lambda doing: _say_step(step, doing), as_typed=bool(turn.meant))
    except WhoSaidError as failed:
        error = str(failed)
    step.empty()
    if found:
        found = reading.with_urgent(found, turn.replaced) if turn.replaced else found
        found, leans_on = _passed_on(found, before, asked)
    log_turn(load_settings().question_log, turn.question, found)
    _put(number, replace(turn, answer=found, error=error, leans_on=leans_on))
    state.answered = number
    state.said += 1
    forget_vote(number)


def _passed_on(found: Answer, before: Sequence[Turn], asked: Sequence[str]) -> tuple[Answer, tuple[str, ...]]:
    """Return an answer and what has to be asked before its question, without a cry for help, which goes to nobody."""
    count = len(needed(asked, shell.library().glossary)) - 1
    leaned_on = [Asked(turn.question, turn.answer) for turn in before[len(before) - count :] if turn.answer]
    if shareable(leaned_on) == leaned_on:
        return found, tuple(asked[-1 - count : -1])
    return replace(found, read_as=clean(asked[-1]), read_after=""), ()


def _put(number: int, turn: Turn) -> None:
    turns: Sequence[Turn] = st.session_state.turns
    st.session_state.turns = [*turns[:number], turn, *turns[number + 1 :]]


def _warn_at_once(question: str) -> None:
    """Show what the rules find before the model is there: somebody in danger does not wait for it."""
    found = dangers_in(question, shell.library().glossary)
    if above := safety_notices(found, load_settings().region):
        st.html(notices(above))


def _say_step(slot: DeltaGenerator, step: Step) -> None:
    """Say what is being done; nothing that a model writes is shown before it is checked."""
    slot.caption(f"{str(step).capitalize()} …")


def _wait_until_loaded() -> None:
    WARM.start()
    if WARM.ready:
        return
    with st.status("Loading the language model; this happens once …") as status:
        started = time.monotonic()
        while not WARM.wait(timeout_s=0.5):
            status.update(label=f"Loading the language model; this happens once … {time.monotonic() - started:.0f} s")
