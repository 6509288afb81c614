"""Hard words below a statement: what they mean, on tap, set apart from what is quoted."""

from functools import lru_cache
from html import escape

import streamlit as st

from whosaid.errors import WhoSaidError
from whosaid.hard_words import HardWords, load_hard_words
from whosaid.settings import load_settings


@lru_cache(maxsize=1024)
def explanations(text: str) -> str:
    """Return the hard words of a statement's text with what they mean, marked as ours; "" where it has none."""
    rows = "".join(f"<dt>{escape(word.name)}</dt><dd>{escape(word.says)}</dd>" for word in _hard_words().find(text))
    return rows and f'<p class="ws-where">Explanation, not from the article</p><dl class="ws-explained">{rows}</dl>'


def check_hard_words() -> None:
    """Where the explanations cannot be read, say why and end the page there."""
    try:
        _hard_words()
    except WhoSaidError as error:
        st.error(str(error))
        st.stop()


@st.cache_resource(show_spinner=False)
def _hard_words() -> HardWords:
    return load_hard_words(load_settings().corpus_dir)
