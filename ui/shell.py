"""What every page has: its head, the line at the top, and the pages' list."""

from pathlib import Path

import streamlit as st

from ui.warm import WARM
from whosaid.errors import WhoSaidError
from whosaid.library import Library, load_library
from whosaid.settings import load_settings

ADVICE = "One doctor’s view in one article. Not medical advice."
_FIRST_PAGE_S = 1.0  # loading waits this long, so that the page is there first
_CSS = Path(__file__).with_name("page.css")
_ICON = Path(__file__).with_name("icon.svg")


def head(title: str) -> None:
    """Set a page's title and style, and start loading the model."""
    st.set_page_config(page_title=title, page_icon=str(_ICON), initial_sidebar_state="collapsed")
    st.html(_CSS)
    if not WARM.ready:
        WARM.start(delay_s=_FIRST_PAGE_S)  # after an error the next question tries again


def masthead() -> None:
    """Draw the line that is always there, with the other pages."""
    with st.container(key="masthead"):
        st.html(
            f'<p class="ws-masthead"><span class="ws-name">WhoSaid</span><span class="ws-advice">{ADVICE}</span></p>'
        )
        with st.container(horizontal=True, gap="small", key="pages"):
            for page in st.session_state.get("pages", ()):
                st.page_link(page)


def library() -> Library:
    """Return the corpus that answers come from; where it cannot be read, say why and end the page there."""
    if assistant := WARM.loaded:
        return assistant.library
    try:
        return _library()
    except WhoSaidError as error:
        st.error(str(error))
        st.stop()


@st.cache_resource(show_spinner=False)
def _library() -> Library:
    return load_library(load_settings().corpus_dir)
