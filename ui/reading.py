"""How a follow-up was read, and the field in which its reader puts that right."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from ui.live import focus_on
from ui.shell import to_the_letter
from whosaid.followup import in_words
from whosaid.question import MAX_CHARS, clean
from whosaid.safety import is_urgent
from whosaid.types import Answer

Correct = Callable[[int, str], None]


def reading(number: int, answer: Answer, typed: str, correct: Correct) -> None:
    """Draw how turn `number` was read; `correct` is called with it and another reading where its reader has one."""
    if is_open(number):
        _field(number, answer.read_as, correct)
        return
    read_as = in_words(answer.read_as, answer.read_after)
    st.html(f'<p class="ws-print">(Read as: {escape(read_as)})</p>')  # paper has no buttons
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Read as: {to_the_letter(read_as)}",
            key=f"read-as-{number}",
            icon=":material/edit:",
            on_click=_open,
            args=(number,),
            type="tertiary",
            wrap=True,
        )
        if 0 < number == len(st.session_state.turns) - 1:
            key, alone = f"alone-{number}", (number, typed)
            st.button("Ask it alone instead", key=key, on_click=correct, args=alone, type="tertiary")


def is_open(number: int | None = None) -> bool:
    """Whether the reading of a turn, or of any, is being changed."""
    changing: int | None = st.session_state.get("changing")
    return changing is not None and number in {None, changing}


def close() -> None:
    """Leave the reading as it was."""
    st.session_state.changing = None


def with_urgent(answer: Answer, before: Answer | None) -> Answer:
    """Return an answer with the urgent notices of the one it replaces: another reading does not end a danger."""
    kinds = {notice.kind for notice in answer.notices}
    kept = [notice for notice in (before.notices if before else ()) if is_urgent(notice) and notice.kind not in kinds]
    return replace(answer, notices=(*kept, *answer.notices))


def _field(number: int, read_as: str, correct: Correct) -> None:
    with st.form(f"reading-form-{number}"):
        st.text_input("Your question should be read as", read_as, MAX_CHARS, key=f"reading-{number}")
        with st.container(horizontal=True):
            st.form_submit_button("Ask this instead", type="primary", on_click=_submit, args=(number, read_as, correct))
            st.form_submit_button("Leave it", shortcut="escape", on_click=_leave, args=(number,))


def _open(number: int) -> None:
    st.session_state.changing = number
    focus_on(f"reading-{number}")


def _leave(number: int) -> None:
    close()
    focus_on(f"read-as-{number}")


def _submit(number: int, read_as: str, correct: Correct) -> None:
    _leave(number)
    meant = clean(st.session_state.get(f"reading-{number}") or "")
    if meant and meant != read_as:
        correct(number, meant)
