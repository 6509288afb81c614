"""What the page's own elements cannot do: say once that an answer is there, and scroll to a statement.

Streamlit announces nothing to a screen reader and cannot move the focus. This component holds the page's one live
region; it draws nothing. It runs again only when its data change, hence the counters.
"""

import streamlit as st

_HTML = '<p class="ws-unseen" role="status" aria-live="polite" aria-atomic="true"></p>'
_JS = """
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
  }
  if (data.moved && seen.moved !== data.moved && data.target) {
    seen.moved = data.moved;
    const now = performance.now();
    const isAnswer = data.target.startsWith('ws-answer');
    // Streamlit scrolls a chat to its end while it grows; an answer is read from its start, so hold on to that a moment
    const until = now + (isAnswer ? 1500 : 3000);
    let left = false;
    for (const act of ['wheel', 'touchstart', 'keydown']) addEventListener(act, () => { left = true; }, { once: true });
    const go = () => {
      const element = document.getElementById(data.target)
        || document.querySelector('.st-key-' + CSS.escape(data.target) + ' button');
      const again = !left && performance.now() < until;
      if (!element) { if (again) setTimeout(go, 50); return; }
      if (isAnswer) {
        element.scrollIntoView({ block: 'start' });
        if (again) setTimeout(go, 50);
        return;
      }
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


def live(*, said: int, announcement: str, moved: int, target: str) -> None:
    """Announce `announcement` when the counter `said` changes; focus the element `target` when `moved` does.

    `target` is an element's id or the key of a button. Call it last in the page, always.
    """
    with st.container(key="live"):
        _component(
            key="live_component", data={"said": said, "announcement": announcement, "moved": moved, "target": target}
        )
