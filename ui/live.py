"""What the page's own elements cannot do: say once that an answer is there, scroll to it, keep what was asked.

Streamlit announces nothing to a screen reader and cannot move the focus. This component holds the page's one live
region; it draws nothing. It runs again only when its data change, hence the counters. A reload ends Streamlit's
session, not the browser's: what was asked is in the tab's sessionStorage, which ends with the tab, and is asked again.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_HTML = '<p class="ws-unseen" role="status" aria-live="polite" aria-atomic="true"></p>'
_JS = """
// An answer is read from its start, but Streamlit moves a chat to its end, by an animation that it starts again for as
// long as it believes that the reader is at the end. So its writes go nowhere until a wheel event, which ends the
// animation, and a scroll event after it have told it that the reader is elsewhere, and it has stopped trying.
function hold(find, block) {
  const scroller = document.querySelector('.stMain');
  const place = Object.getOwnPropertyDescriptor(Element.prototype, 'scrollTop');
  const started = performance.now();
  let tried = started, top, rests = false, acted = false, over = false;
  const act = event => { acted ||= event.isTrusted; };
  const ways = ['wheel', 'touchstart', 'pointerdown', 'keydown'];
  ways.forEach(way => addEventListener(way, act));
  Object.defineProperty(scroller, 'scrollTop', {
    configurable: true, get: () => place.get.call(scroller), set: () => { tried = performance.now(); },
  });
  const release = () => {
    over = true;
    delete scroller.scrollTop;
    ways.forEach(way => removeEventListener(way, act));
  };
  const settle = () => {
    const now = performance.now(), element = find();  // a rerun may replace it
    const left = acted && rests;  // whoever does something is where they want to be, but not before they saw the start
    if (over) return;
    if (now > started + 8000 || ((left || element) && now > Math.max(started + 500, tried + 400))) return release();
    if (element && !left) {
      element.scrollIntoView({ block });
      rests ||= top === (top = scroller.scrollTop);  // what stands above it comes and goes while an answer appears
    }
    scroller.dispatchEvent(new WheelEvent('wheel'));
    setTimeout(() => scroller.dispatchEvent(new Event('scroll')), 15);
    setTimeout(settle, 120);  // Streamlit looks at scroll events every 100 ms
  };
  settle();
  return release;
}
function find(target) {
  return document.getElementById(target)
    || document.querySelector('.st-key-' + CSS.escape(target) + ' :is(button, input, textarea)');
}
const KEY = 'whosaid-turns';
function turns() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return Array.isArray(kept) && kept.every(turn => Array.isArray(turn)) ? kept : [];
  } catch { return []; }
}
// Of a page that has just been loaded with a question in its address: the conversation in which it was asked before.
function earlier(now) {
  const isLoaded = !window.whosaidLoaded;
  window.whosaidLoaded = true;
  const kept = turns(), asked = ([question, meant]) => meant || question;
  return isLoaded && now.length === 1 && kept.length > 1 && kept.some(turn => asked(turn) === asked(now[0])) && kept;
}
export default function ({ data, parentElement, setTriggerValue }) {
  const seen = (parentElement.__seen ??= {});
  const before = data.turns && earlier(data.turns);
  if (before && data.mayReturn) setTriggerValue('returned', before);
  else if (data.turns) try { sessionStorage.setItem(KEY, JSON.stringify(data.turns)); } catch { /* then not */ }
  // The first screen is read from its start, too, where it is longer than the window
  if (data.turns?.length === 0 && !seen.opened) {
    seen.opened = true;
    seen.release = hold(() => document.querySelector('.stMainBlockContainer'), 'start');
  }
  if (data.said && seen.said !== data.said) {
    seen.said = data.said;
    const status = parentElement.querySelector('[role=status]');
    status.textContent = '';
    setTimeout(() => { status.textContent = data.announcement; }, 60);
    seen.release?.();  // two holds would each draw the page to their own answer
    seen.release = data.answer ? hold(() => find(data.answer), 'start') : null;
  }
  if (data.moved && seen.moved !== data.moved && data.target) {
    seen.moved = data.moved;
    const until = performance.now() + 3000;
    const go = () => {
      const element = find(data.target);
      const again = () => { if (performance.now() < until) setTimeout(go, 50); };
      if (!element?.checkVisibility({ visibilityProperty: true })) return again();  // a phone's article covers it still
      if (!document.documentElement.dataset.wsSize) return again();  // the text has not got its reader's size yet
      const pane = element.closest('.st-key-article');
      if (pane) {
        const place = element.getBoundingClientRect(), frame = pane.getBoundingClientRect();
        const bar = pane.querySelector('.st-key-article_bar').parentElement;  // lies over what is scrolled below it
        const over = getComputedStyle(bar).position === 'sticky' ? bar.offsetHeight : 0;
        const above = over + Math.max(12, (frame.height - over - place.height) / 2);
        pane.scrollTo({ top: pane.scrollTop + place.top - frame.top - above });
      } else {
        seen.release?.();
        seen.release = hold(() => find(data.target), 'center');  // the page is laid out anew as the article closes
      }
      element.focus({ preventScroll: true });
      if (element.matches('input[type=text]')) element.setSelectionRange(element.value.length, element.value.length);
    };
    go();
  }
}
"""
_KEY = "live_component"
_component = st.components.v2.component("whosaid_live", html=_HTML, js=_JS, isolate_styles=False)


def live(slot: DeltaGenerator, said: "Said", moved: "Moved", kept: "Kept | None" = None) -> None:
    """Announce an answer and show its start, and move the focus, each once a count; keep what was asked.

    `slot` is a container made before anything that comes and goes: a component whose place on the page moves is made
    anew, and would announce again. Call it always.
    """
    data: dict[str, object] = {"said": said.count, "announcement": said.announcement, "answer": said.answer}
    data |= {"moved": moved.count, "target": moved.target}
    if kept:
        data |= {"turns": kept.turns, "mayReturn": kept.may_return}
    with slot:
        _component(key=_KEY, data=data, on_returned_change=lambda: _return(kept) if kept else None)


def _return(kept: "Kept") -> None:
    kept.restore(st.session_state[_KEY]["returned"])


def focus_on(target: str) -> None:
    """Move the focus with the next run: `target` as in `Moved`, "" for nowhere."""
    st.session_state.target = target
    st.session_state.moved += 1


@dataclass(frozen=True)
class Said:
    """The last answer: what to announce, and the id of the element that it starts with, "" not to scroll."""

    count: int
    announcement: str
    answer: str


@dataclass(frozen=True)
class Moved:
    """Where the focus goes: an element's id, or the key of a button or a field."""

    count: int
    target: str


@dataclass(frozen=True)
class Kept:
    """A conversation as the browser keeps it, and what takes it over where it comes back after a reload."""

    turns: list[list[str]]
    restore: Callable[[object], None]
    may_return: bool
