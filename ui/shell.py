"""What every page has: its head, the line at the top, and the pages' list."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from ui.display import display
from ui.warm import WARM
from whosaid.errors import WhoSaidError
from whosaid.library import Library, load_library
from whosaid.settings import load_settings
from whosaid.wording import answer_wording

_FIRST_PAGE_S = 1.0  # loading waits this long, so that the page is there first
_MARKUP = re.compile(r"[\\`*_{}\[\]()#+.!$~:<>|&-]")
_LATER = re.compile(r"(?<=:)(?=[\w/])|(?<=@)|(?<=www)(?=\.)|(?<=-)(?=[->])|(?<=[<>~])(?=[-=])", re.IGNORECASE)
_HERE = {"localhost", "127.0.0.1", "::1"}
_JOINER = "\u2060"  # has no width
_CSS = Path(__file__).with_name("page.css")
_ICON = Path(__file__).with_name("icon.svg")


def head(title: str) -> None:
    """Set a page's title and style, and start loading the model."""
    st.set_page_config(page_title=title, page_icon=str(_ICON), initial_sidebar_state="collapsed")
    st.html(_CSS)
    if not WARM.ready:
        WARM.start(delay_s=_FIRST_PAGE_S)  # after an error the next question tries again


def masthead(name_tag: str = "span") -> None:
    """Draw the line that is always there, with the other pages; the name is "h1" where a page has no other title."""
    advice = answer_wording().say("advice.line")
    with st.container(key="masthead"):
        st.html(
            f'<div class="ws-masthead"><{name_tag} class="ws-name">WhoSaid</{name_tag}>'
            f'<span class="ws-advice">{advice}</span></div>'
        )
        with st.container(horizontal=True, gap="small", key="pages"):
            for page in st.session_state.get("pages", ()):
                st.page_link(page)
        with st.container(key="reading", width="content"):
            display()


def address() -> str:
    """Return where this WhoSaid is reached, for links that somebody else opens; "." where that is not known."""
    if not st.context.url:
        return "."
    address = st.context.url.rstrip("/")
    for page in st.session_state.get("pages", ()):
        if page.url_path and address.endswith(f"/{page.url_path}"):
            return address.removesuffix(f"/{page.url_path}")
    return address


def say_if_local() -> None:
    """Say above what has links that nobody else can open them, where that is so."""
    if urlsplit(address()).hostname in _HERE:
        st.caption("Its links work on this computer alone: this WhoSaid has no public address.")


def to_the_letter(text: str) -> str:
    """Return text as Streamlit shows it to the letter in labels and boxes, which are markdown.

    A backslash is not enough: Streamlit looks for emoji, icons, arrows and bare addresses in what markdown has left,
    hence a joiner within each.
    """
    return _MARKUP.sub(r"\\\g<0>", _LATER.sub(_JOINER, text))


def library() -> Library:
    """Return the corpus that answers come from; where it cannot be read, say why and end the page there."""
    if assistant := WARM.loaded:
        return assistant.library
    try:
        return _library()
    except WhoSaidError as error:
        st.error(to_the_letter(str(error)))
        st.stop()


@st.cache_resource(show_spinner=False)
def _library() -> Library:
    return load_library(load_settings().corpus_dir)
