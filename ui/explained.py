"""Hard words below a statement: what they mean, on tap, set apart from what is quoted."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from whosaid.errors import WhoSaidError
from whosaid.hard_words import HardWord, HardWords, load_hard_words
from whosaid.settings import load_settings
from whosaid.types import Statement


def words_explained(statement: Statement, key: str) -> None:
    """Draw a button that explains the hard words of a statement; nothing where it has none."""
    if found := _hard_words().find(statement.text):
        with st.popover("Words explained", key=f"words-{key}"):
            st.html(explanations(found))


def explanations(found: Sequence[HardWord]) -> str:
    """Return hard words with their explanations, marked as ours."""
    rows = "".join(f"<dt>{escape(word.name)}</dt><dd>{escape(word.says)}</dd>" for word in found)
    return f'<p class="ws-where">Explanation, not from the article</p><dl class="ws-explained">{rows}</dl>'


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
