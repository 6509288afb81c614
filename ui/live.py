"""What the page's own elements cannot do: say once that an answer is there, and scroll to a statement.

Streamlit announces nothing to a screen reader and cannot move the focus. This component holds the page's one live
region; it draws nothing. It runs again only when its data change, hence the counters.
"""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_HTML = '<p class="ws-unseen" role="status" aria-live="polite" aria-atomic="true"></p>'
_JS = """
// Streamlit scrolls a chat to its end while it grows; an answer is read from its start. So keep the start in view until
// the page has stopped growing, or the reader does something.
function hold(element) {
  const scroller = element.closest('.stMain');
  const stay = () => element.scrollIntoView({ block: 'start' });
  const last = performance.now() + 8000;
  let height = 0, until = 0, left = false;
  const leave = () => { left = true; };
  const acts = ['wheel', 'touchstart', 'pointerdown', 'keydown'];
  acts.forEach(act => addEventListener(act, leave, { once: true }));
  scroller.addEventListener('scroll', stay);
  const frame = now => {
    if (scroller.scrollHeight !== height) { height = scroller.scrollHeight; until = now + 2000; }
    if (!left && element.isConnected && now < until && now < last) { stay(); requestAnimationFrame(frame); return; }
    scroller.removeEventListener('scroll', stay);
    acts.forEach(act => removeEventListener(act, leave));
  };
  frame(performance.now());
}
export default function ({ data, parentElement }) {
  const seen = (parentElement.__seen ??= {});
  const style = getComputedStyle(parentElement);
  document.documentElement.style.setProperty('--ws-background', style.getPropertyValue('--st-background-color'));
  document.documentElement.style.setProperty('--ws-text', style.getPropertyValue('--st-text-color'));
  if (data.said && seen.said !== data.said) {
    seen.said = data.said;
    const status = parentElement.querySelector('[role=status]');
    status.textContent = '';
    setTimeout(() => { status.textContent = data.announcement; }, 60);
    const until = performance.now() + 3000;
    const find = () => {
      const answer = document.getElementById(data.answer);
      if (answer) hold(answer);
      else if (performance.now() < until) requestAnimationFrame(find);
    };
    find();
  }
  if (data.moved && seen.moved !== data.moved && data.target) {
    seen.moved = data.moved;
    const until = performance.now() + 3000;
    const go = () => {
      const element = document.getElementById(data.target)
        || document.querySelector('.st-key-' + CSS.escape(data.target) + ' button');
      if (!element) { if (performance.now() < until) setTimeout(go, 50); return; }
      const pane = element.closest('.st-key-article');
      if (pane) {
        const place = element.getBoundingClientRect(), frame = pane.getBoundingClientRect();
        pane.scrollTo({ top: pane.scrollTop + place.top - frame.top - (frame.height - place.height) / 2 });
      } else element.scrollIntoView({ block: 'center' });
      element.focus({ preventScroll: true });
    };
    go();
  }
}
"""
_component = st.components.v2.component("whosaid_live", html=_HTML, js=_JS, isolate_styles=False)


def live(slot: DeltaGenerator, said: "Said", moved: "Moved") -> None:
    """Announce an answer and show its start, and move the focus, each once a count.

    `slot` is a container made before anything that comes and goes: a component whose place on the page moves is made
    anew, and would announce again. Call it always.
    """
    data = {"said": said.count, "announcement": said.announcement, "answer": said.answer}
    with slot:
        _component(key="live_component", data=data | {"moved": moved.count, "target": moved.target})


@dataclass(frozen=True)
class Said:
    """The last answer: what to announce, and the id of the element that it starts with."""

    count: int
    announcement: str
    answer: str


@dataclass(frozen=True)
class Moved:
    """Where the focus goes: an element's id, or the key of a button."""

    count: int
    target: str
