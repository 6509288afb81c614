"""The operator's page: what readers thought of the answers, filtered and as CSV. There only where a key is set."""

import math
from collections.abc import Sequence
from html import escape

import streamlit as st

from ui.gate import GATE
from ui.live import Moved, Said, live
from ui.shell import head, masthead
from whosaid.errors import FeedbackError, WhoSaidError
from whosaid.feedback import Feedback, Reason, Vote, as_csv, load, matching
from whosaid.settings import load_settings

_SHOWN = 100


def has_operator() -> bool:
    """Whether the settings name an operator's key."""
    try:
        return bool(load_settings().operator_key)
    except WhoSaidError:
        return False  # the other pages say what is wrong


def page() -> None:
    """Draw the page."""
    head("Feedback · WhoSaid")
    live_slot = st.container(key="live")
    masthead()
    st.title("Feedback", anchor=False)
    state = st.session_state
    state.setdefault("is_operator", False)
    said = _listed() if state.is_operator else _locked()
    if said != state.setdefault("feedback_said", ""):
        state.feedback_said = said
        state.feedback_count = state.get("feedback_count", 0) + 1
    live(live_slot, Said(state.get("feedback_count", 0), said, ""), Moved(0, ""))


def _locked() -> str:
    st.text("For those who run this site. The key is the setting WHOSAID_OPERATOR_KEY.")
    with st.form("operator", clear_on_submit=True, border=False):
        st.text_input("Operator’s key", type="password", key="operator_key", autocomplete="current-password")
        st.form_submit_button("Open", type="primary", on_click=_try_key)
    refused: str = st.session_state.get("refused", "")
    if waits_s := GATE.waits_s():
        minutes = math.ceil(waits_s / 60)
        refused = f"Too many wrong keys. Try again in {minutes} minute{'s' if minutes > 1 else ''}."
    if refused:
        st.error(refused)
    return refused


def _try_key() -> None:
    state = st.session_state
    state.is_operator = GATE.admits(state.get("operator_key") or "", load_settings().operator_key)
    state.refused = "" if state.is_operator else "That is not the key."


def _close() -> None:
    st.session_state.is_operator = False


def _listed() -> str:
    path = load_settings().feedback_file
    try:
        rows, unreadable = load(path)
    except FeedbackError as error:
        st.error(str(error))
        return str(error)
    if unreadable:
        st.warning(f"Lines of {path} that cannot be read and are left out: {unreadable}.")
    helped = sum(row.vote is Vote.HELPED for row in rows)
    st.text(f"{len(rows)} in all: {helped} helped, {len(rows) - helped} did not. Votes change no answer.")
    found = _filtered(rows)
    count = f"{len(found)} of {len(rows)} shown" if len(found) <= _SHOWN else f"The newest {_SHOWN} of {len(found)}"
    st.html(f'<h2 class="ws-group">{count}</h2>')
    with st.container(horizontal=True):
        st.download_button(
            "Download these as CSV",
            as_csv(found).encode("utf-8-sig"),  # spreadsheets take a text without the mark for another encoding
            "feedback.csv",
            "text/csv",
            on_click="ignore",
            disabled=not found,
        )
        st.button("Lock this page", on_click=_close)
    st.html("".join(map(_card, found[:_SHOWN])) or "<p>Nothing here yet.</p>")
    return count


def _filtered(rows: Sequence[Feedback]) -> list[Feedback]:
    votes = {"All": None, "Helped": Vote.HELPED, "Did not help": Vote.DID_NOT_HELP}
    vote = st.radio("Vote", list(votes), horizontal=True)
    reasons = st.multiselect("Reasons", list(Reason), placeholder="Any reason")
    words = st.text_input("Words in it")
    with_question = st.checkbox("Only with a question")
    return matching(rows, votes[vote], reasons, words, with_question)


def _card(row: Feedback) -> str:
    lines = [
        ("Reasons", ", ".join(row.reasons)),
        ("Note", row.note),
        ("Question", row.question),
        ("Read as", row.read_as if row.read_as != row.question else ""),
        ("Answer", row.status.replace("_", " ")),
    ]
    told = "".join(f"<p><strong>{name}:</strong> {escape(text)}</p>" for name, text in lines if text)
    links = " ".join(
        f'<a class="ws-target" href="./?s={escape(id_)}">{number}</a>' for number, id_ in enumerate(row.statements, 1)
    )
    shown = f"<p><strong>Statements shown:</strong> {links}</p>" if links else ""
    style = "own" if row.vote is Vote.HELPED else "other"
    when = row.time.replace("T", " ").removesuffix("+00:00")
    return (
        f'<article class="ws-card ws-{style}"><p class="ws-badge">{row.vote.capitalize()}'
        f' <span class="ws-where">{escape(when)} UTC</span></p>{told}{shown}</article>'
    )
