"""Whether an answer helped, and if not, why: asked below it, kept only when sent, and of no effect on any answer."""

import logging
import re
from html import escape

import streamlit as st

from ui.live import focus_on
from ui.pressing import press_button
from whosaid.errors import FeedbackError
from whosaid.feedback import MAX_NOTE_CHARS, Feedback, Reason, Vote, keep
from whosaid.question import clean
from whosaid.safety import is_urgent
from whosaid.settings import load_settings
from whosaid.types import Answer

THANKS = "Thank you. Your feedback is kept; it does not change the answers."
SORRY = "Sorry, this cannot be saved just now. Nothing was kept, and your answer is not affected."
KEPT = "Kept on this server: what you enter here, and which statements you were shown. No name or address."
VOTE = "vote"  # the action of its buttons
_CARRIED = re.compile(rf"(\d{{1,4}}) ({'|'.join(Vote.__members__)})")
_LOGGER = logging.getLogger("whosaid")


def vote(number: int, question: str, answer: Answer) -> None:
    """Draw what turn `number` is voted with; who may be in danger is not asked."""
    if any(map(is_urgent, answer.notices)):
        return
    state = st.session_state
    if number in state.setdefault("voted", set()):
        st.html(f'<p class="ws-where" id="ws-voted-{number}" tabindex="-1">{escape(THANKS)}</p>')
    elif state.setdefault("voting", None) and state.voting[0] == number:
        _form(number, state.voting[1], question, answer)
    else:
        buttons = "".join(
            press_button(label, _key(number, cast), VOTE, f"{number} {cast.name}")
            for label, cast in (("This helped", Vote.HELPED), ("This did not help", Vote.DID_NOT_HELP))
        )
        st.html(f'<p class="ws-tools">{buttons}</p>')


def pressed(carried: str, _button: str) -> None:
    """Open the form of what a vote's button carries, its turn's number and the vote, until the next answer."""
    if found := _CARRIED.fullmatch(carried):
        _open(int(found[1]), Vote[found[2]])


def forget_vote(number: int | None = None) -> None:
    """Let turn `number`, or all of them, be voted on anew."""
    state = st.session_state
    state.voted = state.get("voted", set()) - {number} if number is not None else set()
    state.voting = None


def _form(number: int, cast: Vote, question: str, answer: Answer) -> None:
    asks_why = cast is Vote.DID_NOT_HELP
    with st.form(f"vote-form-{number}"):
        if asks_why:
            st.html('<p class="ws-group">What was wrong? Tick all that fits.</p>')
            for place, reason in enumerate(Reason):
                st.checkbox(reason[0].upper() + reason[1:], key=f"vote-{number}-reason-{place}")
        st.text_area("More, if you like", key=f"vote-{number}-note", max_chars=MAX_NOTE_CHARS, height=80)
        st.checkbox("Keep my question with it", key=f"vote-{number}-with-question")
        st.html(f'<p class="ws-where">{escape(KEPT)}</p>')
        if st.session_state.get("vote_failed"):
            st.error(SORRY)
        with st.container(horizontal=True):
            send = (number, cast, question, answer)
            st.form_submit_button("Send", key=f"vote-{number}-send", type="primary", on_click=_send, args=send)
            st.form_submit_button("Cancel", key=f"vote-{number}-cancel", on_click=_cancel, args=(number, cast))


def _open(number: int, cast: Vote) -> None:
    st.session_state.voting, st.session_state.vote_failed = (number, cast), False
    focus_on(f"vote-{number}-reason-0" if cast is Vote.DID_NOT_HELP else f"vote-{number}-note")


def _cancel(number: int, cast: Vote) -> None:
    st.session_state.voting = None
    focus_on(_key(number, cast))


def _send(number: int, cast: Vote, question: str, answer: Answer) -> None:
    state = st.session_state
    reasons = [reason for place, reason in enumerate(Reason) if state.get(f"vote-{number}-reason-{place}")]
    note = clean(state.get(f"vote-{number}-note") or "")
    asked = question if state.get(f"vote-{number}-with-question") else ""
    try:
        keep(Feedback.of(answer, cast, reasons, note, asked), load_settings().feedback_file)
    except FeedbackError as error:
        _LOGGER.warning("feedback was not kept: %s", error)
        state.vote_failed = True
        return
    state.voted, state.voting = state.voted | {number}, None
    focus_on(f"ws-voted-{number}")


def _key(number: int, cast: Vote) -> str:
    return f"vote-{number}-{cast.name.lower()}"
