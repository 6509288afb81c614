"""Buttons inside a page's own HTML: Streamlit's are an element each, and every element is sent at each of its redraws.

A conversation has dozens of buttons. Here one component listens for all of them; it draws nothing. It may come to
listen some time after they are drawn, and what nobody hears would be lost: until then they keep their place unseen.
"""

from collections.abc import Callable, Mapping
from html import escape

import streamlit as st

_JS = """
export default function ({ setTriggerValue }) {
  const click = event => {
    const button = event.target.closest('[data-ws-press]');
    if (button) setTriggerValue('pressed', [button.dataset.wsPress, button.dataset.wsWith, button.id]);
  };
  document.addEventListener('click', click);
  document.documentElement.dataset.wsHearsPress = '';
  return () => {
    document.removeEventListener('click', click);
    delete document.documentElement.dataset.wsHearsPress;
  };
}
"""
_KEY = "pressing_component"
_component = st.components.v2.component("whosaid_pressing", js=_JS, isolate_styles=False)

Pressed = Callable[[str, str], None]  # of what a button carries, and its id


def pressing(actions: Mapping[str, Pressed]) -> None:
    """Make the page's buttons work: each calls one of `actions`, by its name. The browser may send anything.

    To be called where nothing comes and goes before it: a component whose place moves is made anew.
    """
    with st.container(key="pressing"):
        _component(key=_KEY, on_pressed_change=lambda: _call(actions, st.session_state[_KEY]["pressed"]))


def _call(actions: Mapping[str, Pressed], sent: object) -> None:
    if isinstance(sent, list) and len(sent) == 3 and all(isinstance(part, str) for part in sent) and sent[0] in actions:
        actions[sent[0]](*sent[1:])


def press_button(label: str, id_: str, action: str, carried: str) -> str:
    """Return a button that calls an action with what it carries and with its id, to which the focus may return."""
    return (
        f'<button type="button" class="ws-button" id="{escape(id_)}" '
        f'data-ws-press="{escape(action)}" data-ws-with="{escape(carried)}">{escape(label)}</button>'
    )
