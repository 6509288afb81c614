"""The article beside a page, opened at one of its statements; on a narrow screen, over it."""

from collections.abc import Callable
from html import escape

import streamlit as st

from ui.copying import copy_link_button, tools
from ui.render import article_page
from whosaid.answer import badge
from whosaid.types import Statement


def article_pane(statement: Statement, close: Callable[[], None], *, on_escape: bool = True) -> None:
    """Draw the article with a statement marked; `close` is called by its button and, where `on_escape`, by that key."""
    with st.container(key="article"):
        with st.container(key="article_bar"):
            st.button(
                "Close the article",
                key="close",
                icon=":material/close:",
                shortcut="escape" if on_escape else None,
                on_click=close,
            )
            link = f'<a href="./?s={escape(statement.id)}" target="_blank">Link to this statement</a>'
            st.html(
                f'<p class="ws-badge">{escape(badge(statement))}</p>'
                f'<p class="ws-where">{link} {copy_link_button(statement)}</p>'
                f"{tools(statement)}"
            )
        st.html(article_page(statement.quote.article, statement))
