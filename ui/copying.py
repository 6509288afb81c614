"""Buttons that copy a statement as a quote, and what the page's own elements cannot do for them.

Streamlit's elements cannot sit inside a list of cards that is one element, so this component listens for the whole
page: it copies what a button carries, says so to eye and ear, says how many statements are shown, and lets the arrow
keys move through the strip, which is one stop of the tab key. It draws nothing.
"""

from collections.abc import Sequence
from datetime import date
from html import escape
from urllib.parse import quote, urlencode

import streamlit as st

from ui import shell
from whosaid.citation import Citation, QuoteStyle, as_quote
from whosaid.fragment import text_fragment
from whosaid.types import Statement

_HTML = '<p class="ws-unseen" aria-live="polite" aria-atomic="true"></p>'
_JS = """
const KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
async function copied(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* not on plain http: the old way */ }
  const field = document.createElement('textarea');
  field.value = text;
  field.style.cssText = 'position:fixed;opacity:0';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
export default function ({ data, parentElement }) {
  const live = parentElement.querySelector('[aria-live]');
  const say = text => { live.textContent = ''; setTimeout(() => { live.textContent = text; }, 60); };
  if (data.said && parentElement.__said !== undefined && parentElement.__said !== data.said) say(data.said);
  parentElement.__said = data.said;
  const click = async event => {
    const button = event.target.closest('[data-ws-copy]');
    if (!button) return;
    const done = await copied(button.dataset.wsCopy);
    button.focus();
    const label = button.textContent;
    if (done && !button.classList.contains('ws-copied')) {
      button.textContent = 'Copied';
      button.classList.add('ws-copied');
      setTimeout(() => { button.textContent = label; button.classList.remove('ws-copied'); }, 2000);
    }
    say(done ? `${button.dataset.wsWhat} copied.` : 'Your browser does not let pages copy.');
  };
  const key = event => {
    const mark = event.target.closest?.('.ws-strip a');
    if (!mark || event.altKey || event.ctrlKey || event.metaKey) return;
    const marks = [...mark.closest('.ws-strip').querySelectorAll('a')]
      .filter(other => other === mark || !other.classList.contains('ws-hollow'));
    const at = event.key === 'Home' ? 0 : event.key === 'End' ? marks.length - 1
      : marks.indexOf(mark) + (KEYS[event.key] ?? 0);
    const next = marks[at];
    if (!next || next === mark) return;
    event.preventDefault();
    marks.forEach(other => { other.tabIndex = other === next ? 0 : -1; });
    next.focus();
  };
  document.addEventListener('click', click);
  document.addEventListener('keydown', key);
  document.documentElement.dataset.wsHearsCopy = '';  // see pressing.py
  return () => {
    document.removeEventListener('click', click);
    document.removeEventListener('keydown', key);
    delete document.documentElement.dataset.wsHearsCopy;
  };
}
"""
_component = st.components.v2.component("whosaid_copying", html=_HTML, js=_JS, isolate_styles=False)


def copying(said: str = "") -> None:
    """Make the page's copy buttons work, and say `said` to a screen reader whenever it has changed.

    To be called where nothing comes and goes before it: a component whose place moves is made anew.
    """
    with st.container(key="copying"):
        _component(key="copying_component", data={"said": said})


def tools(statement: Statement) -> str:
    """Return the copy buttons of a single statement, with its place on the publisher's page where that is known."""
    citation = Citation(statement, f"{shell.address()}/?s={statement.id}", date.today())
    buttons = " ".join(copy_button(citation, style, style.label) for style in QuoteStyle)
    return f'<p class="ws-tools">Copy as quote: {buttons} {publisher_link(statement)}</p>'


def copy_link_button(statement: Statement) -> str:
    """Return a button that copies the link which opens a statement for anybody."""
    return _copies(f"{shell.address()}/?s={statement.id}", "Copy the link")


def copy_answer_button(turns: Sequence[str]) -> str:
    """Return a button that copies the link which asks a question anew for anybody, after the turns it leans on."""
    asked = urlencode([("q", turn) for turn in turns], quote_via=quote)
    return _copies(f"{shell.address()}/?{asked}", "Copy the link to this answer")


def copy_text_button(text: str, label: str) -> str:
    """Return a button that copies a text."""
    return _copies(text, label, "Text")


def _copies(text: str, label: str, what: str = "Link") -> str:
    carried = f'data-ws-copy="{escape(text)}" data-ws-what="{what}"'
    return f'<button type="button" class="ws-button" {carried}>{label}</button>'


def publisher_link(statement: Statement) -> str:
    """Return a link to a statement on the publisher's page, "" where that is not known."""
    address = text_fragment(statement)
    if not address:
        return ""
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">On the publisher’s page</a>'


def copy_button(citation: Citation, style: QuoteStyle, label: str) -> str:
    """Return a button that copies a statement's exact words with a source line."""
    words = " ".join(citation.statement.text.split()[:6])
    carried = f'data-ws-copy="{escape(as_quote(citation, style))}" data-ws-what="Quote"'
    return (
        f'<button type="button" class="ws-button" {carried} '
        f'aria-label="{escape(label)}: {escape(words)} …">{escape(label)}</button>'
    )
