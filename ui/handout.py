"""What somebody takes to their doctor: the conversation as a PDF, and what its print has besides the chat."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from ui.shell import to_the_letter
from whosaid.handout import Asked, day_words, handout_wording, paper_of, pdf, shareable, sources
from whosaid.settings import load_settings
from whosaid.types import Article

_NOTE_LINES = 8


def take_away(conversation: Sequence[Asked], articles: Sequence[Article]) -> None:
    """Draw the button that downloads the conversation, or what is chosen of it; the PDF is made when it is pressed."""
    fit = shareable(conversation)
    if not fit:
        return
    day, paper = _today(), paper_of(load_settings().region)
    chosen = _chosen(fit)
    st.download_button(
        "For my doctor (PDF)",
        lambda: pdf(chosen, articles, day, paper),
        disabled=not chosen,
        file_name=f"questions-for-my-doctor-{day.isoformat()}.pdf",
        mime="application/pdf",
        key="for_my_doctor",
        on_click="ignore",
        icon=":material/description:",
    )
    if len(fit) < len(conversation):
        st.caption("What you wrote about not being safe is left out of it.")


def _chosen(conversation: Sequence[Asked]) -> list[Asked]:
    """Draw a box for each question, where there are several, and return those that are ticked: at first all."""
    if len(conversation) == 1:
        return list(conversation)
    with st.expander("Choose the questions for my doctor", key="take"):
        return [
            asked
            for number, asked in enumerate(conversation)
            if st.checkbox(to_the_letter(asked.question), value=True, key=f"take-{number}")
        ]


def print_head() -> None:
    """Draw what stands above the conversation on paper only."""
    say = handout_wording().say
    st.html(
        f'<div class="ws-print"><p class="ws-print-title">{escape(say("page.title"))}</p>'
        f"<p>{escape(say('page.subtitle', day=day_words(_today())))}</p></div>"
    )


def print_foot(conversation: Sequence[Asked], articles: Sequence[Article]) -> None:
    """Draw what stands below the conversation on paper only: the sources and room for notes."""
    say = handout_wording().say
    named = "".join(
        f"<p><b>{escape(item['title'])}</b></p>"
        + "".join(f"<p>{escape(line)}</p>" for line in [*item["lines"], item["url"]] if line)
        for item in sources(conversation, articles)
    )
    st.html(
        f'<div class="ws-print"><h2>{escape(say("source.heading"))}</h2>{named}<p>{escape(say("source.whole"))}</p>'
        f"<h2>{escape(say('notes.heading'))}</h2>{'<hr>' * _NOTE_LINES}</div>"
    )


def _today() -> date:
    """Return the date where the visitor is, as far as the browser tells."""
    try:
        return datetime.now(ZoneInfo(st.context.timezone or "UTC")).date()
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now(ZoneInfo("UTC")).date()
